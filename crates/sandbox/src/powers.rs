//! What a guest may call: HTTP's types, streams, and the few interfaces that a language's own library asks for, all
//! empty but for the clock. No network, no files, no environment, no arguments; standard streams lead nowhere.

use wasmtime::Engine;
use wasmtime::component::{Component, Linker};
use wasmtime_wasi::cli::{WasiCli, WasiCliView};
use wasmtime_wasi::p2::bindings::cli;

use crate::error::SandboxError;
use crate::guest::GuestState;

/// The interfaces given, without their versions. Everything else is refused by name before anything runs.
const GRANTED: [&str; 12] = [
    "wasi:http/types",
    "wasi:io/error",
    "wasi:io/poll",
    "wasi:io/streams",
    // For questions that do not say when they are asked.
    "wasi:clocks/wall-clock",
    // Asked for by the libraries of Rust, Go and JavaScript even when the program does not.
    "wasi:cli/environment",
    "wasi:cli/exit",
    "wasi:cli/stderr",
    "wasi:cli/stdin",
    "wasi:cli/stdout",
    "wasi:clocks/monotonic-clock",
    "wasi:random/random",
];

/// Refuses a component that imports what is not in [`GRANTED`].
pub(crate) fn check_imports(engine: &Engine, component: &Component) -> Result<(), SandboxError> {
    let ty = component.component_type();
    let denied = ty.imports(engine).map(|(name, _)| name).find(|name| {
        let interface = name.split_once('@').map_or(*name, |(interface, _version)| interface);
        !GRANTED.contains(&interface)
    });
    match denied {
        Some(name) => Err(SandboxError::Import { name: name.to_owned() }),
        None => Ok(()),
    }
}

/// A linker with the interfaces above.
pub(crate) fn linker(engine: &Engine) -> wasmtime::Result<Linker<GuestState>> {
    let mut linker = Linker::new(engine);
    wasmtime_wasi_http::p2::add_to_linker_async(&mut linker)?;
    cli::environment::add_to_linker::<GuestState, WasiCli>(&mut linker, GuestState::cli)?;
    cli::exit::add_to_linker::<GuestState, WasiCli>(&mut linker, GuestState::cli)?;
    Ok(linker)
}
