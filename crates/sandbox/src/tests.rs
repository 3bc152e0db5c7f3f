//! Guests that misbehave, each a few instructions, and what becomes of them.

use std::sync::Arc;

use bytes::Bytes;
use http::{Request, StatusCode};
use wasm_encoder::{
    BlockType, CodeSection, ExportKind, ExportSection, Function, FunctionSection, Instruction,
    MemorySection, MemoryType, Module, TypeSection, ValType,
};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

use crate::{Limits, Sandbox, SandboxError};

/// The part of `wasi:http` that a guest which never answers needs.
const PROXY: &str = "
    package wasi:http@0.2.0;
    interface types { resource incoming-request; resource response-outparam; }
    interface incoming-handler {
        use types.{incoming-request, response-outparam};
        handle: func(request: incoming-request, response-out: response-outparam);
    }
    world proxy { export incoming-handler; }
";

/// The same, asking for the network.
const PROXY_WITH_NETWORK: &str = "
    package wasi:http@0.2.0;
    interface types { resource incoming-request; resource response-outparam; }
    interface outgoing-handler { send: func(); }
    interface incoming-handler {
        use types.{incoming-request, response-outparam};
        handle: func(request: incoming-request, response-out: response-outparam);
    }
    world proxy { import outgoing-handler; export incoming-handler; }
";

/// A component whose handler is `body`; it calls what it imports first, so that nothing is pruned.
fn guest(wit: &str, body: &[Instruction<'_>]) -> Vec<u8> {
    let mut resolve = Resolve::default();
    let package = resolve.push_str("proxy.wit", wit).unwrap();
    let world = resolve.select_world(&[package], None).unwrap();
    let n_imports = u32::from(wit.contains("import outgoing-handler"));

    let mut types = TypeSection::new();
    types.ty().function([ValType::I32, ValType::I32], []);
    types.ty().function([], []);
    let mut imports = wasm_encoder::ImportSection::new();
    if n_imports > 0 {
        imports.import(
            "wasi:http/outgoing-handler@0.2.0",
            "send",
            wasm_encoder::EntityType::Function(1),
        );
    }
    let mut memories = MemorySection::new();
    let one_page = MemoryType {
        minimum: 1,
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    };
    memories.memory(one_page);
    let mut exports = ExportSection::new();
    exports.export("memory", ExportKind::Memory, 0);
    exports.export("wasi:http/incoming-handler@0.2.0#handle", ExportKind::Func, n_imports);
    let mut function = Function::new([]);
    for import in 0..n_imports {
        function.instruction(&Instruction::Call(import));
    }
    for instruction in body {
        function.instruction(instruction);
    }
    function.instruction(&Instruction::End);
    let mut functions = FunctionSection::new();
    functions.function(0);
    let mut code = CodeSection::new();
    code.function(&function);

    let mut module = Module::new();
    module
        .section(&types)
        .section(&imports)
        .section(&functions)
        .section(&memories)
        .section(&exports)
        .section(&code);
    let mut module = module.finish();
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8, false).unwrap();
    ComponentEncoder::default().validate(true).module(&module).unwrap().encode().unwrap()
}

fn looping() -> Vec<u8> {
    guest(PROXY, &[Instruction::Loop(BlockType::Empty), Instruction::Br(0), Instruction::End])
}

const TIGHT: Limits =
    Limits { deadline_ms: 50, memory_bytes: 2 * 1024 * 1024, instances: 1, queue_ms: 5_000 };

fn request() -> Request<Bytes> {
    Request::get("/recs").body(Bytes::new()).unwrap()
}

/// Asks three times with a pool of one instance: a guest that failed leaves its slot free and clean.
#[track_caller]
fn check(component: &[u8], status: StatusCode, is_expected: impl Fn(&SandboxError) -> bool) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let sandbox = Sandbox::new(component, TIGHT).unwrap();
    for _ in 0..3 {
        let error = runtime.block_on(sandbox.answer(request())).unwrap_err();
        assert!(is_expected(&error), "{error:?}");
        let response = error.to_response();
        assert_eq!(response.status(), status);
        let body = String::from_utf8(response.body().to_vec()).unwrap();
        assert!(body.contains(&format!(r#""code":"{}""#, error.code())), "{body}");
    }
}

#[test]
fn a_guest_that_loops_is_stopped_at_its_deadline() {
    let expected = SandboxError::Deadline { deadline_ms: 50 };
    check(&looping(), StatusCode::GATEWAY_TIMEOUT, |error| *error == expected);
}

#[test]
fn a_guest_that_wants_too_much_memory_is_told_no() {
    // 100 pages are asked for and refused; the guest then does what an allocator does.
    let body = [
        Instruction::I32Const(100),
        Instruction::MemoryGrow(0),
        Instruction::I32Const(-1),
        Instruction::I32Eq,
        Instruction::If(BlockType::Empty),
        Instruction::Unreachable,
        Instruction::End,
    ];
    let expected = SandboxError::Memory { asked_bytes: 101 * 65_536, limit_bytes: 2 * 1024 * 1024 };
    check(&guest(PROXY, &body), StatusCode::INTERNAL_SERVER_ERROR, |error| *error == expected);
}

#[test]
fn a_guest_that_traps_fails_only_its_own_request() {
    check(
        &guest(PROXY, &[Instruction::Unreachable]),
        StatusCode::INTERNAL_SERVER_ERROR,
        |error| matches!(error, SandboxError::Trap { reason } if reason.contains("unreachable")),
    );
}

#[test]
fn a_guest_that_returns_without_an_answer_is_an_error() {
    check(&guest(PROXY, &[]), StatusCode::INTERNAL_SERVER_ERROR, |error| {
        matches!(error, SandboxError::NoAnswer { .. })
    });
}

#[test]
fn a_busy_pool_refuses_instead_of_waiting_without_end() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let limits = Limits { queue_ms: 0, deadline_ms: 500, ..TIGHT };
    let sandbox = Arc::new(Sandbox::new(&looping(), limits).unwrap());
    let (first, second) = runtime
        .block_on(async { tokio::join!(sandbox.answer(request()), sandbox.answer(request())) });
    assert_eq!(first.unwrap_err(), SandboxError::Deadline { deadline_ms: 500 });
    let busy = second.unwrap_err();
    assert_eq!(busy, SandboxError::Busy { waited_ms: 0 });
    assert_eq!(busy.to_response().status(), StatusCode::SERVICE_UNAVAILABLE);
}

#[test]
fn a_component_that_wants_the_network_is_refused_by_name() {
    let refused = Sandbox::new(&guest(PROXY_WITH_NETWORK, &[]), TIGHT).err();
    let name = String::from("wasi:http/outgoing-handler@0.2.0");
    assert_eq!(refused, Some(SandboxError::Import { name }));
}

#[test]
fn a_core_module_and_a_component_without_handler_are_refused() {
    let refused = Sandbox::new(&Module::new().finish(), TIGHT).err();
    assert!(matches!(refused, Some(SandboxError::NotComponent { .. })), "{refused:?}");
    let empty = wasm_encoder::Component::new().finish();
    let refused = Sandbox::new(&empty, TIGHT).err();
    assert!(matches!(refused, Some(SandboxError::NoHandler { .. })), "{refused:?}");
}

#[test]
fn limits_outside_their_range_are_moved_into_it() {
    let wild = Limits { deadline_ms: 0, memory_bytes: 0, instances: 0, queue_ms: u64::MAX };
    let expected =
        Limits { deadline_ms: 1, memory_bytes: 1024 * 1024, instances: 1, queue_ms: 60_000 };
    assert_eq!(wild.clamped(), expected);
    assert_eq!(Limits::default().clamped(), Limits::default());
}
