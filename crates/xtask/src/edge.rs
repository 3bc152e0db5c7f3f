//! The shells: from their packages to `<target>/edge`.
//!
//! `<target>/edge/http.core.wasm`, `http-private.core.wasm` and `spin.core.wasm` are core modules; `edgewise bake` turns them into components.
//! `<target>/edge/browser/` is a folder to serve as it is: page, scripts and module.

mod optimizer;
mod page;
mod shell;
mod stamp;
mod tree;

use std::fs;

use anyhow::{Context as _, Result};

use crate::workspace::Workspace;

use self::optimizer::Optimizer;
pub(crate) use self::page::MODULE;
pub(crate) use self::shell::{PACKAGES, WASM_ONLY};

/// What happens to a module after the compiler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Optimization {
    /// Nothing.
    None,
    /// `wasm-opt` makes it smaller, when Node.js is there to run it.
    WasmOpt,
}

/// Builds every shell and the browser's folder; what is up to date is left alone.
pub(crate) fn build(workspace: &Workspace, optimization: Optimization) -> Result<()> {
    let folder = workspace.edge();
    fs::create_dir_all(&folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    let optimizer = match optimization {
        Optimization::None => None,
        Optimization::WasmOpt => Optimizer::find(workspace)?,
    };
    for (package, finished) in &shell::SHELLS {
        shell::build(workspace, package, finished, optimizer.as_ref())?;
    }
    page::build(workspace, optimizer.as_ref())
}
