//! The standard library of a target.

use std::path::Path;

use anyhow::{Context as _, Result};

use crate::failure::Failure;
use crate::program::Program;
use crate::workspace::Workspace;

use super::toolchain;

/// Sees to it that the compiler in use can build for `target`.
pub(crate) fn ensure(workspace: &Workspace, target: &str) -> Result<()> {
    let sysroot = Program::new(workspace, "rustc")
        .words("--print sysroot")
        .output()
        .context("cannot ask `rustc` where its libraries are")?;
    if Path::new(sysroot.trim()).join("lib/rustlib").join(target).join("lib").exists() {
        return Ok(());
    }
    if !toolchain::has_rustup(workspace) {
        return Err(Failure::by_caller(format!("the standard library for `{target}` is missing"))
            .with_hint(format!(
                "install Rust with rustup, or your distribution's package of the `{target}` library"
            ))
            .into());
    }
    Program::new(workspace, "rustup").words("target add").argument(target).run()
}
