//! Appends a bundle to a finished core module.
//!
//! The module keeps every instruction and every segment it has. Its memory starts out larger by the bundle, which lies
//! in the pages above those the module was linked with; allocators only take pages above the minimum. Two segments are
//! added: the bundle, and its address and length in the slot.

use std::ops::Range;

use wasm_encoder::{
    ConstExpr, DataCountSection, DataSection, MemorySection, MemoryType, RawSection,
};
use wasmparser::{BinaryReaderError, ExternalKind, Operator, Parser, Payload, TypeRef, Validator};

use super::error::BakeError;

/// The global by which a shell exports the address of its slot: 8 bytes, the bundle's address and length as
/// little-endian `u32`.
pub(crate) const SLOT_EXPORT: &str = "EDGEWISE_BUNDLE_SLOT_V1";
/// Most bytes of a bundle. With either shell of ours, 0.13 MB at most, it stays under the 40 MB that edge platforms take.
pub(crate) const MAX_BUNDLE_BYTES: usize = 39_800_000;
/// Most bytes of a shell's core module.
pub(crate) const MAX_SHELL_BYTES: usize = 4_000_000;
/// Most bytes of memory that a component may start with: what edge platforms give an instance, less some for its heap.
pub(crate) const MAX_START_MEMORY_BYTES: u64 = 64 * 1024 * 1024;

const PAGE_BYTES: u64 = 64 * 1024;
const SLOT_BYTES: u64 = 8;

/// What the baker must know of a module.
#[derive(Default)]
struct Facts<'a> {
    memories: Vec<wasmparser::MemoryType>,
    n_imported_memories: u32,
    n_imported_globals: u32,
    /// For each global defined here, its value when it is a constant `i32`.
    globals: Vec<Option<i32>>,
    slot_global: Option<u32>,
    /// Segments as they are in the file.
    segments: Vec<&'a [u8]>,
}

/// The module with `bundle` in it. The bundle's bytes are not looked at here.
///
/// # Errors
///
/// Every [`BakeError`] that concerns the shell or sizes.
pub(crate) fn append_bundle(shell: &[u8], bundle: &[u8]) -> Result<Vec<u8>, BakeError> {
    within("shell", shell.len() as u64, MAX_SHELL_BYTES as u64)?;
    within("bundle", bundle.len() as u64, MAX_BUNDLE_BYTES as u64)?;
    if Parser::is_component(shell) {
        return Err(BakeError::ShellIsComponent);
    }
    let invalid = |source| BakeError::ShellInvalid { source };
    Validator::new().validate_all(shell).map_err(invalid)?;
    let facts = Facts::read(shell).map_err(invalid)?;
    let memory = facts.the_memory()?;
    let slot = facts.slot_address(memory.initial * PAGE_BYTES)?;
    let start = memory.initial * PAGE_BYTES;
    let added_pages = (bundle.len() as u64).div_ceil(PAGE_BYTES);
    within("memory with the bundle", start + added_pages * PAGE_BYTES, MAX_START_MEMORY_BYTES)?;
    // Cannot fail: `within` has just kept both far below 4 GiB.
    let address = u32::try_from(start).unwrap_or(u32::MAX);
    let length = u32::try_from(bundle.len()).unwrap_or(u32::MAX);

    let mut data = DataSection::new();
    for segment in &facts.segments {
        data.raw(segment);
    }
    let slot_bytes = [address.to_le_bytes(), length.to_le_bytes()].concat();
    data.active(0, &ConstExpr::i32_const(slot.cast_signed()), slot_bytes);
    data.active(0, &ConstExpr::i32_const(address.cast_signed()), bundle.iter().copied());
    rewrite(shell, memory, added_pages, &data).map_err(invalid)
}

fn within(what: &'static str, found_bytes: u64, limit_bytes: u64) -> Result<(), BakeError> {
    if found_bytes > limit_bytes {
        return Err(BakeError::TooLarge { what, found_bytes, limit_bytes });
    }
    Ok(())
}

impl<'a> Facts<'a> {
    fn read(shell: &'a [u8]) -> Result<Self, BinaryReaderError> {
        let mut facts = Self::default();
        for payload in Parser::new(0).parse_all(shell) {
            match payload? {
                Payload::ImportSection(section) => {
                    for import in section.into_imports() {
                        match import?.ty {
                            TypeRef::Memory(_) => facts.n_imported_memories += 1,
                            TypeRef::Global(_) => facts.n_imported_globals += 1,
                            _ => {}
                        }
                    }
                }
                Payload::MemorySection(section) => {
                    facts.memories = section.into_iter().collect::<Result<_, _>>()?;
                }
                Payload::GlobalSection(section) => {
                    for global in section {
                        facts.globals.push(constant_i32(&global?)?);
                    }
                }
                Payload::ExportSection(section) => {
                    for export in section {
                        let export = export?;
                        if export.kind == ExternalKind::Global && export.name == SLOT_EXPORT {
                            facts.slot_global = Some(export.index);
                        }
                    }
                }
                Payload::DataSection(section) => {
                    for segment in section {
                        facts.segments.push(cut(shell, segment?.range));
                    }
                }
                _ => {}
            }
        }
        Ok(facts)
    }

    /// The one memory, defined here, of the plain kind.
    fn the_memory(&self) -> Result<wasmparser::MemoryType, BakeError> {
        let unsuitable = |found: String| BakeError::ShellUnsuitable {
            found,
            expected: "one 32-bit memory of its own, not shared, with pages of 64 KiB",
        };
        let [memory] = self.memories.as_slice() else {
            return Err(unsuitable(format!("{} memories of its own", self.memories.len())));
        };
        if self.n_imported_memories > 0 {
            return Err(unsuitable("an imported memory".into()));
        }
        if memory.memory64 || memory.shared || memory.page_size_log2.is_some() {
            return Err(unsuitable("a memory of another kind".into()));
        }
        Ok(*memory)
    }

    /// Where the slot is, inside the first `memory_bytes`.
    fn slot_address(&self, memory_bytes: u64) -> Result<u32, BakeError> {
        let export = self.slot_global.ok_or(BakeError::SlotMissing)?;
        let value = export
            .checked_sub(self.n_imported_globals)
            .and_then(|index| self.globals.get(index as usize).copied().flatten());
        let unsuitable = |found: String| BakeError::ShellUnsuitable {
            found,
            expected: "the address of 8 bytes in the memory",
        };
        let address = value
            .ok_or_else(|| unsuitable("a slot whose address is no constant".into()))?
            .cast_unsigned();
        if address == 0 || u64::from(address) + SLOT_BYTES > memory_bytes {
            return Err(unsuitable(format!(
                "a slot at {address} in a memory of {memory_bytes} bytes"
            )));
        }
        Ok(address)
    }
}

/// The bytes that the parser gave a range of. Cannot fail: the range comes from these bytes.
fn cut(shell: &[u8], range: Range<u64>) -> &[u8] {
    let start = usize::try_from(range.start).unwrap_or(usize::MAX);
    let end = usize::try_from(range.end).unwrap_or(usize::MAX);
    shell.get(start..end).unwrap_or_default()
}

/// The value of a global that is no variable and starts as a constant.
fn constant_i32(global: &wasmparser::Global<'_>) -> Result<Option<i32>, BinaryReaderError> {
    let mut operators = global.init_expr.get_operators_reader();
    Ok(match operators.read()? {
        Operator::I32Const { value } if !global.ty.mutable => Some(value),
        _ => None,
    })
}

/// The shell's sections in their order, with the memory, the data and their count replaced, and without the custom
/// sections that no host needs (names alone are as large as the code).
fn rewrite(
    shell: &[u8],
    memory: wasmparser::MemoryType,
    added_pages: u64,
    data: &DataSection,
) -> Result<Vec<u8>, BinaryReaderError> {
    let mut module = wasm_encoder::Module::new();
    for payload in Parser::new(0).parse_all(shell) {
        let payload = payload?;
        match &payload {
            Payload::MemorySection(_) => {
                module.section(MemorySection::new().memory(MemoryType {
                    minimum: memory.initial + added_pages,
                    maximum: memory.maximum.map(|pages| pages + added_pages),
                    memory64: false,
                    shared: false,
                    page_size_log2: None,
                }));
            }
            Payload::DataCountSection { .. } => {
                module.section(&DataCountSection { count: data.len() });
            }
            Payload::DataSection(_) => {}
            Payload::CustomSection(custom) if !custom.name().starts_with("component-type") => {}
            _ => {
                if let Some((id, range)) = payload.as_section() {
                    module.section(&RawSection { id, data: cut(shell, range) });
                }
            }
        }
    }
    // Data comes after code; custom sections may stand anywhere.
    module.section(data);
    Ok(module.finish())
}
