//! cargo-deny: licences, sources and advisories of the dependencies.

use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::program::Program;
use crate::workspace::Workspace;

/// The one version whose rules `deny.toml` is written for.
const VERSION: &str = "0.20.2";

/// Installs it into the target folder unless it is there.
pub(crate) fn ensure(workspace: &Workspace) -> Result<()> {
    let found = Program::new(workspace, path(workspace)).words("--version").output();
    if found.is_some_and(|version| version.trim().ends_with(VERSION)) {
        return Ok(());
    }
    Program::cargo(workspace, "install --quiet --locked cargo-deny --version")
        .argument(format!("={VERSION}"))
        .argument("--root")
        .argument(workspace.tools())
        .argument("--target-dir")
        .argument(workspace.tools().join("build"))
        .run()
        .context("cannot install cargo-deny")
}

/// `cargo-deny` with the given words; the lock file stays as it is.
pub(crate) fn program(workspace: &Workspace, words: &str) -> Program {
    Program::new(workspace, path(workspace)).words(words)
}

fn path(workspace: &Workspace) -> PathBuf {
    workspace.tools().join("bin").join(format!("cargo-deny{}", std::env::consts::EXE_SUFFIX))
}
