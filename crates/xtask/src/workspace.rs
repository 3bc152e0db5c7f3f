//! Where things lie: the repository, cargo's target folder, and what the chores put into it.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// The repository and its target folder, both absolute.
#[derive(Clone, Debug)]
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
}

impl Workspace {
    /// Finds both: the repository by this package's place in it, the target folder as cargo does.
    pub(crate) fn locate() -> Result<Self> {
        // Set by `cargo run`; the compiled-in one is for a binary that is started by hand.
        let package = std::env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let root = package
            .ancestors()
            .nth(2)
            .with_context(|| format!("`{}` has no folder two levels up", package.display()))?
            .to_path_buf();
        let target = match std::env::var_os("CARGO_TARGET_DIR") {
            Some(folder) => std::path::absolute(folder)
                .context("cannot resolve the target folder of CARGO_TARGET_DIR")?,
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    /// The repository's root.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Cargo's target folder.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// The finished shells, and `browser/`.
    pub(crate) fn edge(&self) -> PathBuf {
        self.target.join("edge")
    }

    /// What a web server serves: the page, the scripts and the browser's module.
    pub(crate) fn site(&self) -> PathBuf {
        self.edge().join("browser")
    }

    /// What the demo makes: a bundle and a component.
    pub(crate) fn demo(&self) -> PathBuf {
        self.target.join("demo")
    }

    /// Programs that the chores installed for themselves.
    pub(crate) fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }

    /// The host's binary, built for release.
    pub(crate) fn edgewise(&self) -> PathBuf {
        self.target.join("release").join(format!("edgewise{}", std::env::consts::EXE_SUFFIX))
    }

    /// `path` as a person at the root would write it.
    pub(crate) fn shown<'a>(&self, path: &'a Path) -> &'a Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }
}
