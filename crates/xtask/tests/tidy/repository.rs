//! The files of this repository: those that git tracks, or would add.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Whether the file at `path` has this extension, as written.
pub(crate) fn has_extension(path: &str, extension: &str) -> bool {
    Path::new(path).extension().is_some_and(|found| found == extension)
}

/// A listing, by path from the root with `/` between the parts.
#[derive(Debug)]
pub(crate) struct Repository {
    root: PathBuf,
    paths: Vec<String>,
}

impl Repository {
    /// Lists the files; an unpacked archive without `.git` is not judged by what lies around in it.
    pub(crate) fn open() -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../..")
            .canonicalize()
            .expect("this package is two folders below the root");
        let listing = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(&root)
            .output()
            .expect("the house rules are checked on what `git ls-files` lists");
        assert!(listing.status.success(), "{}", String::from_utf8_lossy(&listing.stderr));
        let listed = String::from_utf8(listing.stdout).expect("every path here is UTF-8");
        let mut paths: Vec<String> = listed
            .split_terminator('\0')
            // Removed from the folder, but not yet from git.
            .filter(|path| root.join(path).is_file())
            .map(str::to_owned)
            .collect();
        paths.sort();
        paths.dedup();
        Self { root, paths }
    }

    /// Every path.
    pub(crate) fn paths(&self) -> impl Iterator<Item = &str> {
        self.paths.iter().map(String::as_str)
    }

    /// Path and text of the wanted files.
    pub(crate) fn texts(&self, wanted: impl Fn(&str) -> bool) -> Vec<(String, String)> {
        let wanted = self.paths().filter(|path| wanted(path));
        wanted
            // A file that is removed at this very moment is no violation.
            .filter_map(|path| Some((path.to_owned(), self.text(path)?)))
            .collect()
    }

    /// The text of one file; `None` when there is no such file.
    pub(crate) fn text(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.root.join(path)).ok()
    }

    /// Path and size of every file.
    pub(crate) fn sizes(&self) -> Vec<(String, u64)> {
        let size = |path: &str| fs::metadata(self.root.join(path)).ok();
        self.paths().filter_map(|path| Some((path.to_owned(), size(path)?.len()))).collect()
    }

    /// Whether `path` is a listed file, or a folder that holds one.
    pub(crate) fn exists(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let below = format!("{path}/");
        path.is_empty() || self.paths().any(|listed| listed == path || listed.starts_with(&below))
    }
}
