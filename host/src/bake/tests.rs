//! Baking into a shell of a few instructions: what is added, what is kept, what is refused.

use wasm_encoder::{
    CodeSection, ConstExpr, CustomSection, DataCountSection, DataSection, ExportKind,
    ExportSection, Function, FunctionSection, GlobalSection, GlobalType, Instruction,
    MemorySection, MemoryType, Module, TypeSection, ValType,
};
use wasmparser::{DataKind, Operator, Parser, Payload};
use wit_component::{StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

use super::module::{MAX_BUNDLE_BYTES, SLOT_EXPORT, append_bundle};
use super::{BakeError, bake};

/// The smallest bundle that is one.
const TOY_BUNDLE: &[u8] = include_bytes!("../../../tests/golden/v1/toy.bundle");

/// A shell to vary.
struct Shell {
    memory: MemoryType,
    slot_name: &'static str,
    slot_address: i32,
    slot_mutable: bool,
}

impl Default for Shell {
    fn default() -> Self {
        let memory = MemoryType {
            minimum: 2,
            maximum: None,
            memory64: false,
            shared: false,
            page_size_log2: None,
        };
        Self { memory, slot_name: SLOT_EXPORT, slot_address: 1_024, slot_mutable: false }
    }
}

impl Shell {
    /// A module with the slot and one segment of its own, of a world with the one function `ask`.
    fn encode(&self) -> Vec<u8> {
        let mut types = TypeSection::new();
        types.ty().function([], [ValType::I32]);
        let mut functions = FunctionSection::new();
        functions.function(0);
        let mut memories = MemorySection::new();
        memories.memory(self.memory);
        let mut globals = GlobalSection::new();
        let ty = GlobalType { val_type: ValType::I32, mutable: self.slot_mutable, shared: false };
        globals.global(ty, &ConstExpr::i32_const(self.slot_address));
        let mut exports = ExportSection::new();
        exports.export("memory", ExportKind::Memory, 0);
        exports.export(self.slot_name, ExportKind::Global, 0);
        exports.export("ask", ExportKind::Func, 0);
        let mut function = Function::new([]);
        function.instruction(&Instruction::I32Const(7)).instruction(&Instruction::End);
        let mut code = CodeSection::new();
        code.function(&function);
        let mut data = DataSection::new();
        data.active(0, &ConstExpr::i32_const(2_048), *b"constants");
        let mut module = Module::new();
        module
            .section(&types)
            .section(&functions)
            .section(&memories)
            .section(&globals)
            .section(&exports);
        module.section(&DataCountSection { count: 1 }).section(&code).section(&data);
        module.section(&CustomSection { name: "name".into(), data: b"\0".into() });
        let mut module = module.finish();
        let mut resolve = Resolve::default();
        let wit = "package shop:shell; world shell { export ask: func() -> u32; }";
        let package = resolve.push_str("shell.wit", wit).unwrap();
        let world = resolve.select_world(&[package], None).unwrap();
        embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false)
            .unwrap();
        module
    }
}

/// Segments of a module with their addresses.
fn segments(module: &[u8]) -> Vec<(i32, Vec<u8>)> {
    let mut found = Vec::new();
    for payload in Parser::new(0).parse_all(module) {
        if let Payload::DataSection(section) = payload.unwrap() {
            for segment in section {
                let segment = segment.unwrap();
                let DataKind::Active { offset_expr, .. } = segment.kind else { panic!("passive") };
                let Operator::I32Const { value } =
                    offset_expr.get_operators_reader().read().unwrap()
                else {
                    panic!("no constant")
                };
                found.push((value, segment.data.to_vec()));
            }
        }
    }
    found
}

#[track_caller]
fn check_refused(shell: &[u8], bundle: &[u8], is_expected: impl Fn(&BakeError) -> bool) {
    let error = append_bundle(shell, bundle).unwrap_err();
    assert!(is_expected(&error), "{error:?}");
}

#[test]
fn the_bundle_lies_above_the_linked_memory_and_the_slot_points_at_it() {
    let bundle = vec![0xAB; 70_000];
    let memory = MemoryType { maximum: Some(10), ..Shell::default().memory };
    let baked = append_bundle(&Shell { memory, ..Shell::default() }.encode(), &bundle).unwrap();
    let slot = [131_072_u32.to_le_bytes(), 70_000_u32.to_le_bytes()].concat();
    assert_eq!(
        segments(&baked),
        [(2_048, b"constants".to_vec()), (1_024, slot), (131_072, bundle)]
    );
    wasmparser::Validator::new().validate_all(&baked).unwrap();
    for payload in Parser::new(0).parse_all(&baked) {
        match payload.unwrap() {
            Payload::MemorySection(section) => {
                let memory = section.into_iter().next().unwrap().unwrap();
                assert_eq!((memory.initial, memory.maximum), (4, Some(12)));
            }
            Payload::DataCountSection { count, .. } => assert_eq!(count, 3),
            Payload::CustomSection(custom) => assert_eq!(custom.name(), "component-type"),
            _ => {}
        }
    }
}

#[test]
fn baking_twice_gives_the_same_component() {
    let shell = Shell::default().encode();
    let first = bake(&shell, TOY_BUNDLE).unwrap();
    assert!(Parser::is_component(&first));
    assert_eq!(first, bake(&shell, TOY_BUNDLE).unwrap());
    assert!(first.windows(TOY_BUNDLE.len()).any(|window| window == TOY_BUNDLE));
}

#[test]
fn a_damaged_bundle_is_refused_before_anything_is_made() {
    let mut damaged = TOY_BUNDLE.to_vec();
    *damaged.last_mut().unwrap() ^= 1;
    let error = bake(&Shell::default().encode(), &damaged).unwrap_err();
    assert!(matches!(error, BakeError::BundleRefused { .. }), "{error:?}");
}

#[test]
fn a_module_that_is_no_shell_is_refused() {
    let no_slot = Shell { slot_name: "something_else", ..Shell::default() };
    check_refused(&no_slot.encode(), b"x", |error| matches!(error, BakeError::SlotMissing));
    let unsuitable = |error: &BakeError| matches!(error, BakeError::ShellUnsuitable { .. });
    check_refused(&Shell { slot_mutable: true, ..Shell::default() }.encode(), b"x", unsuitable);
    for slot_address in [0, 2 * 65_536 - 7, -8] {
        check_refused(&Shell { slot_address, ..Shell::default() }.encode(), b"x", unsuitable);
    }
    let shared = MemoryType { shared: true, maximum: Some(4), ..Shell::default().memory };
    check_refused(&Shell { memory: shared, ..Shell::default() }.encode(), b"x", unsuitable);
    check_refused(&Module::new().finish(), b"x", unsuitable);
    check_refused(b"not wasm at all", b"x", |error| {
        matches!(error, BakeError::ShellInvalid { .. })
    });
    let component = wasm_encoder::Component::new().finish();
    check_refused(&component, b"x", |error| matches!(error, BakeError::ShellIsComponent));
}

#[test]
fn every_cut_of_a_shell_is_refused_and_none_panics() {
    let shell = Shell::default().encode();
    let whole_sections: Vec<usize> = Parser::new(0)
        .parse_all(&shell)
        .filter_map(|payload| payload.unwrap().as_section())
        .map(|(_id, range)| usize::try_from(range.end).unwrap())
        .collect();
    for length in 0..shell.len() {
        let baked = append_bundle(&shell[..length], b"bundle");
        // A module may end after any section; what is left may even be a shell.
        assert!(baked.is_err() || whole_sections.contains(&length), "cut at {length}");
    }
}

#[test]
fn what_no_edge_node_takes_is_refused() {
    let too_large = |error: &BakeError| matches!(error, BakeError::TooLarge { .. });
    check_refused(&Shell::default().encode(), &vec![0; MAX_BUNDLE_BYTES + 1], too_large);
    let vast = MemoryType { minimum: 1_024, ..Shell::default().memory };
    check_refused(&Shell { memory: vast, ..Shell::default() }.encode(), b"x", too_large);
}
