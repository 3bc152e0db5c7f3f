//! Finding the shell that a bundle is baked into.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use edgewise_bundle::Bundle;

use super::error::BakeError;
use super::module::MAX_SHELL_BYTES;
use super::read_limited;

/// The shells that come with this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ShellKind {
    /// The smallest: any host of wasi:http 0.2.
    Http,
    /// Built with the Spin SDK, for Spin 2 and later.
    Spin,
}

impl ShellKind {
    /// The core module's file name in the folder of shells. Reading past sessions takes code that other bundles need not
    /// carry.
    fn file_name(self, is_private: bool) -> &'static str {
        match self {
            Self::Http if is_private => "http-private.core.wasm",
            Self::Http => "http.core.wasm",
            Self::Spin => "spin.core.wasm",
        }
    }
}

/// The core module of `own_file`, or else of the shell for the bundle that came with this program. Bytes that are no
/// bundle get any shell: baking refuses them.
pub(crate) fn read_shell(
    kind: ShellKind,
    bundle: &[u8],
    own_file: Option<&Path>,
) -> Result<Vec<u8>, BakeError> {
    if let Some(path) = own_file {
        return read_limited(path, MAX_SHELL_BYTES);
    }
    let is_private = Bundle::open_trusted(bundle).is_ok_and(|bundle| bundle.is_private());
    let name = kind.file_name(is_private);
    let folders = folders_beside_program();
    let looked: Vec<PathBuf> = folders.iter().map(|folder| folder.join(name)).collect();
    match looked.iter().find(|path| path.is_file()) {
        Some(path) => read_limited(path, MAX_SHELL_BYTES),
        None => Err(BakeError::ShellNotFound { looked }),
    }
}

/// Where the parts built for the edge lie: beside the program when installed, one folder up in a build tree
/// (`target/release/edgewise` and `target/edge`).
pub(crate) fn folders_beside_program() -> Vec<PathBuf> {
    let Ok(program) = std::env::current_exe() else {
        return Vec::new();
    };
    let Some(folder) = program.parent() else {
        return Vec::new();
    };
    let mut folders = vec![folder.join("edge")];
    folders.extend(folder.parent().map(|above| above.join("edge")));
    folders
}
