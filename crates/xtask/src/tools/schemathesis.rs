//! Schemathesis, a tester of HTTP APIs by their description, in a Python environment of its own.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::failure::Failure;
use crate::program::Program;
use crate::workspace::Workspace;

/// Names every package with its version and digests. Made by
/// `uv pip compile --generate-hashes --universal --python-version 3.11` from `schemathesis==4.32.5`.
const LOCK: &str = "tests/api/requirements.lock";

/// Installs what the lock file names unless it is there.
pub(crate) fn ensure(workspace: &Workspace) -> Result<()> {
    let lock = workspace.root().join(LOCK);
    let wanted = fs::read(&lock).with_context(|| format!("cannot read `{}`", lock.display()))?;
    let folder = folder(workspace);
    // A copy of the lock file that the last installation ran with.
    let stamp = folder.join("installed.lock");
    if fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    let python = if cfg!(windows) { "python" } else { "python3" };
    let is_new = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";
    if Program::new(workspace, python).words("-c").argument(is_new).output().is_none() {
        return Err(Failure::by_caller("Python with `venv` is missing, or older than 3.11")
            .with_hint(
                "install Python 3.11 or newer (on Debian also `python3-venv`); `cargo xtask test --fast` does without",
            )
            .into());
    }
    Program::new(workspace, python).words("-m venv --clear").argument(&folder).run()?;
    Program::new(workspace, program_path(workspace, "python"))
        .words("-m pip install --quiet --disable-pip-version-check --require-hashes --requirement")
        .argument(&lock)
        .run()
        .context("cannot install the pinned Python packages")?;
    fs::write(&stamp, wanted).with_context(|| format!("cannot write `{}`", stamp.display()))
}

/// `schemathesis` with the given words.
pub(crate) fn program(workspace: &Workspace, words: &str) -> Program {
    Program::new(workspace, program_path(workspace, "schemathesis")).words(words)
}

fn folder(workspace: &Workspace) -> PathBuf {
    workspace.tools().join("schemathesis")
}

fn program_path(workspace: &Workspace, name: &str) -> PathBuf {
    let programs = if cfg!(windows) { "Scripts" } else { "bin" };
    folder(workspace).join(programs).join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
