//! Chromium, for the browser tests.

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::failure::Failure;
use crate::program::Program;
use crate::workspace::Workspace;

/// Names that distributions give it.
const NAMES: [&str; 4] = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/// `$CHROMIUM`, else the one in `PATH`, else Debian's package where we may install it.
pub(crate) fn ensure(workspace: &Workspace) -> Result<PathBuf> {
    if let Some(named) = std::env::var_os("CHROMIUM").map(PathBuf::from) {
        if named.is_file() {
            return Ok(named);
        }
        let what = format!("CHROMIUM names `{}`, which is no file", named.display());
        return Err(Failure::by_caller(what).into());
    }
    if let Some(found) = in_path() {
        return Ok(found);
    }
    if may_install(workspace) {
        apt(workspace, "update --quiet=2").run()?;
        apt(workspace, "install --quiet=2 --yes --no-install-recommends chromium").run()?;
        if let Some(found) = in_path() {
            return Ok(found);
        }
    }
    Err(Failure::by_caller("the browser tests need Chromium")
        .with_hint("install it (Debian: `apt install chromium`) or name its binary by CHROMIUM")
        .into())
}

fn in_path() -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).find_map(|folder| {
        NAMES.iter().map(|name| folder.join(name)).find(|candidate| candidate.is_file())
    })
}

/// Only the superuser of a Debian: a machine made for tests, not somebody's desk.
fn may_install(workspace: &Workspace) -> bool {
    let user = Program::new(workspace, "id").words("-u").output();
    user.is_some_and(|id| id.trim() == "0") && Path::new("/usr/bin/apt-get").is_file()
}

fn apt(workspace: &Workspace, words: &str) -> Program {
    Program::new(workspace, "apt-get").words(words).variable("DEBIAN_FRONTEND", "noninteractive")
}
