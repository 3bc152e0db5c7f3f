//! A shell and a bundle to a component.

use edgewise_bundle::Bundle;
use wasi_preview1_component_adapter_provider::{
    WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, WASI_SNAPSHOT_PREVIEW1_PROXY_ADAPTER,
};
use wasmparser::{Parser, Payload};
use wit_component::ComponentEncoder;

use super::error::BakeError;
use super::module::append_bundle;

/// The component that answers from `bundle`: `shell_core_wasm` with the bundle in it. Same input, same bytes.
///
/// # Errors
///
/// [`BakeError`]: a bundle that does not verify, a module that is no shell, sizes over the limits.
pub(crate) fn bake(shell_core_wasm: &[u8], bundle: &[u8]) -> Result<Vec<u8>, BakeError> {
    Bundle::open(bundle).map_err(|source| BakeError::BundleRefused { source })?;
    let module = append_bundle(shell_core_wasm, bundle)?;
    componentize(&module).map_err(|reason| BakeError::NotComponentizable { reason })
}

/// Wraps a core module into the component that its embedded types describe, and validates the result.
fn componentize(module: &[u8]) -> Result<Vec<u8>, String> {
    let mut encoder = ComponentEncoder::default();
    encoder
        .validate(true)
        .module(module)
        .map_err(|error| format!("{error:#}"))?;
    if imports_preview1(module) {
        encoder
            .adapter(
                WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME,
                WASI_SNAPSHOT_PREVIEW1_PROXY_ADAPTER,
            )
            .map_err(|error| format!("{error:#}"))?;
    }
    encoder.encode().map_err(|error| format!("{error:#}"))
}

/// Whether the module was built against WASI preview 1, as the Spin SDK's are.
fn imports_preview1(module: &[u8]) -> bool {
    Parser::new(0)
        .parse_all(module)
        .flatten()
        .any(|payload| match payload {
            Payload::ImportSection(section) => section
                .into_imports()
                .flatten()
                .any(|import| import.module == WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME),
            _ => false,
        })
}
