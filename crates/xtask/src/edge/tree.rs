//! A folder's files in memory, and a folder made equal to them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

/// Files by their path inside the folder.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Tree {
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Tree {
    /// Adds a file; two of one name are refused.
    pub(crate) fn add(&mut self, path: PathBuf, bytes: Vec<u8>) -> Result<()> {
        if self.files.contains_key(&path) {
            bail!("two files want to be `{}`", path.display());
        }
        self.files.insert(path, bytes);
        Ok(())
    }

    /// Adds every file in `folder` and below for whose path inside it `wanted` holds.
    pub(crate) fn add_folder(
        &mut self,
        folder: &Path,
        wanted: impl Fn(&Path) -> bool,
    ) -> Result<()> {
        for path in files_below(folder)? {
            let inside = path.strip_prefix(folder)?.to_path_buf();
            if wanted(&inside) {
                let bytes =
                    fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
                self.add(inside, bytes)?;
            }
        }
        Ok(())
    }

    /// The bytes of one file.
    pub(crate) fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(Path::new(path)).map(Vec::as_slice)
    }

    /// Number of files.
    pub(crate) fn n_files(&self) -> usize {
        self.files.len()
    }

    /// Makes `folder` hold these files and no others; returns how many files that changed.
    pub(crate) fn write(&self, folder: &Path) -> Result<usize> {
        let mut n_changed = 0;
        for (inside, bytes) in &self.files {
            let path = folder.join(inside);
            if fs::read(&path).is_ok_and(|there| there == *bytes) {
                continue;
            }
            let parent = path.parent().unwrap_or(folder);
            fs::create_dir_all(parent)
                .and_then(|()| fs::write(&path, bytes))
                .with_context(|| format!("cannot write `{}`", path.display()))?;
            n_changed += 1;
        }
        for path in files_below(folder)? {
            if !self.files.contains_key(path.strip_prefix(folder)?) {
                fs::remove_file(&path)
                    .with_context(|| format!("cannot remove `{}`", path.display()))?;
                n_changed += 1;
            }
        }
        Ok(n_changed)
    }
}

/// Every file in `folder` and below, ascending; none when the folder is absent.
fn files_below(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        if !folder.exists() {
            continue;
        }
        let entries =
            fs::read_dir(&folder).with_context(|| format!("cannot list `{}`", folder.display()))?;
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(files: &[(&str, &str)]) -> Tree {
        let mut tree = Tree::default();
        for (path, text) in files {
            tree.add(PathBuf::from(path), text.as_bytes().to_vec()).unwrap();
        }
        tree
    }

    #[test]
    fn a_folder_becomes_the_tree_and_only_what_differs_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let first = tree(&[("index.html", "<p>"), ("snippets/a.js", "1")]);
        assert_eq!(first.write(folder.path()).unwrap(), 2);
        assert_eq!(first.write(folder.path()).unwrap(), 0);
        let second = tree(&[("index.html", "<p>"), ("shop.css", "p{}")]);
        assert_eq!(second.write(folder.path()).unwrap(), 2, "one new, one removed");
        let mut back = Tree::default();
        back.add_folder(folder.path(), |_| true).unwrap();
        assert_eq!(back, second);
    }

    #[test]
    fn two_files_of_one_name_are_refused() {
        let mut tree = tree(&[("sw.js", "1")]);
        let error = tree.add(PathBuf::from("sw.js"), Vec::new()).unwrap_err();
        assert_eq!(error.to_string(), "two files want to be `sw.js`");
    }
}
