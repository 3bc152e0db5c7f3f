//! Node.js and the npm packages that a `package-lock.json` pins.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::failure::Failure;
use crate::program::Program;
use crate::workspace::Workspace;

/// Whether `node` and `npm` can be started.
pub(crate) fn is_present(workspace: &Workspace) -> bool {
    [node(workspace), npm(workspace)]
        .into_iter()
        .all(|program| program.words("--version").output().is_some())
}

/// Fails, saying how to get it, when Node.js is absent.
pub(crate) fn ensure(workspace: &Workspace) -> Result<()> {
    if is_present(workspace) {
        return Ok(());
    }
    Err(Failure::by_caller("`node` and `npm` are missing")
        .with_hint("install Node.js 20.11 or newer; `cargo xtask test --fast` does without")
        .into())
}

/// Runs `npm ci` in `folder` unless what is installed there is what its lock file names.
pub(crate) fn install(workspace: &Workspace, folder: &Path) -> Result<()> {
    let lock = folder.join("package-lock.json");
    let wanted = fs::read(&lock).with_context(|| format!("cannot read `{}`", lock.display()))?;
    // A copy of the lock file that the last install ran with.
    let stamp = folder.join("node_modules/.installed-lock.json");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    npm(workspace)
        .words("ci --no-audit --no-fund --loglevel=error --prefix")
        .argument(folder)
        .run()
        .context("cannot install the pinned npm packages")?;
    fs::write(&stamp, wanted).with_context(|| format!("cannot write `{}`", stamp.display()))
}

/// The version that an installed package says it is.
pub(crate) fn version_of(package: &Path) -> Result<String> {
    let manifest = package.join("package.json");
    let text = fs::read_to_string(&manifest)
        .with_context(|| format!("cannot read `{}`", manifest.display()))?;
    let parsed: serde_json::Value = serde_json::from_str(&text)
        .with_context(|| format!("`{}` is not JSON", manifest.display()))?;
    let version = parsed["version"].as_str();
    Ok(version.with_context(|| format!("`{}` has no version", manifest.display()))?.to_owned())
}

/// `node`, with the repository as working folder.
pub(crate) fn node(workspace: &Workspace) -> Program {
    Program::new(workspace, "node")
}

fn npm(workspace: &Workspace) -> Program {
    Program::new(workspace, if cfg!(windows) { "npm.cmd" } else { "npm" })
}
