//! A shell and a bundle to a component.

use edgewise_bundle::Bundle;
use wasi_preview1_component_adapter_provider::{
    WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, WASI_SNAPSHOT_PREVIEW1_PROXY_ADAPTER,
};
use wasmparser::{BinaryReader, Parser, Payload};
use wit_component::ComponentEncoder;

use super::error::BakeError;
use super::module::append_bundle;

/// Magic and version in front of the first section.
const PREAMBLE_BYTES: usize = 8;
/// The id of a custom section.
const CUSTOM_SECTION: u8 = 0;

/// The component that answers from `bundle`: `shell_core_wasm` with the bundle in it. Same input, same bytes.
///
/// # Errors
///
/// [`BakeError`]: a bundle that does not verify, a module that is no shell, sizes over the limits.
pub(crate) fn bake(shell_core_wasm: &[u8], bundle: &[u8]) -> Result<Vec<u8>, BakeError> {
    let verified = Bundle::open(bundle).and_then(|bundle| bundle.check());
    verified.map_err(|source| BakeError::BundleRefused { source })?;
    let module = append_bundle(shell_core_wasm, bundle)?;
    componentize(&module).map_err(|reason| BakeError::NotComponentizable { reason })
}

/// Wraps a core module into the component that its embedded types describe, and validates the result.
fn componentize(module: &[u8]) -> Result<Vec<u8>, String> {
    let mut encoder = ComponentEncoder::default();
    encoder.validate(true).module(module).map_err(|error| format!("{error:#}"))?;
    if imports_preview1(module) {
        encoder
            .adapter(WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME, WASI_SNAPSHOT_PREVIEW1_PROXY_ADAPTER)
            .map_err(|error| format!("{error:#}"))?;
    }
    let component = encoder.encode().map_err(|error| format!("{error:#}"))?;
    without_names(&component).map_err(|error| error.to_string())
}

/// The component without its own `component-name` section: names for debuggers, 3.8 KB that every node would carry.
fn without_names(component: &[u8]) -> wasmparser::Result<Vec<u8>> {
    let mut reader = BinaryReader::new(component, 0);
    let mut kept = reader.read_bytes(PREAMBLE_BYTES)?.to_vec();
    while !reader.eof() {
        let section = &component[component.len() - reader.bytes_remaining()..];
        let id = reader.read_u8()?;
        let len = reader.read_var_u32()? as usize;
        let content = reader.read_bytes(len)?;
        let is_names = id == CUSTOM_SECTION
            && BinaryReader::new(content, 0).read_string()? == "component-name";
        if !is_names {
            kept.extend_from_slice(&section[..section.len() - reader.bytes_remaining()]);
        }
    }
    Ok(kept)
}

/// Whether the module was built against WASI preview 1, as the Spin SDK's are.
fn imports_preview1(module: &[u8]) -> bool {
    Parser::new(0).parse_all(module).flatten().any(|payload| match payload {
        Payload::ImportSection(section) => section
            .into_imports()
            .flatten()
            .any(|import| import.module == WASI_SNAPSHOT_PREVIEW1_ADAPTER_NAME),
        _ => false,
    })
}
