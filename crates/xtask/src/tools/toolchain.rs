//! Parts of the Rust toolchain that a minimal install lacks.

use anyhow::Result;

use crate::failure::Failure;
use crate::program::Program;
use crate::workspace::Workspace;

/// Whether the toolchain is managed by rustup.
pub(crate) fn has_rustup(workspace: &Workspace) -> bool {
    Program::new(workspace, "rustup").words("--version").output().is_some()
}

/// Sees to it that `cargo <verb>` works; `component` is what rustup calls the part that brings it.
pub(crate) fn ensure(workspace: &Workspace, verb: &str, component: &str) -> Result<()> {
    if Program::cargo(workspace, verb).words("--version").output().is_some() {
        return Ok(());
    }
    if !has_rustup(workspace) {
        return Err(Failure::by_caller(format!("`cargo {verb}` is missing"))
            .with_hint("install Rust with rustup, or your distribution's package of it")
            .into());
    }
    Program::new(workspace, "rustup").words("component add").argument(component).run()
}
