//! Which files a list of paths, folders and globs means, in an order that does not depend on the file system.

use std::path::{Path, PathBuf};

use globset::GlobBuilder;
use walkdir::WalkDir;

use crate::error::IngestError;

/// The endings of files that are found in folders; each may be followed by `.gz` or `.zst`.
pub const KNOWN_ENDINGS: &str =
    "`.csv`, `.tsv`, `.jsonl`, `.ndjson` (each also `.gz` or `.zst`) and `.parquet`";

/// How rows are written in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// CSV and relatives.
    Delimited,
    /// One JSON object a line.
    JsonLines,
    /// Apache Parquet.
    Parquet,
    /// Not known from the name: the first bytes tell.
    Unknown,
}

/// A file to read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Where it is.
    pub path: PathBuf,
    /// How its rows are written.
    pub format: Format,
    /// Its length as stored.
    pub size_bytes: u64,
}

/// The files that `paths` mean: sorted by path, each once.
///
/// # Errors
/// A path that does not exist, a glob without a match, a folder without a known file.
pub fn discover(paths: &[PathBuf]) -> Result<Vec<SourceFile>, IngestError> {
    let mut found = Vec::new();
    for path in paths {
        let n_before = found.len();
        if path.is_dir() {
            walk(path, |_| true, &mut found)?;
            if found.len() == n_before {
                return Err(IngestError::EmptyFolder { path: path.clone() });
            }
        } else if path.exists() {
            found.push(source_file(path)?);
        } else if is_glob(path) {
            expand_glob(path, &mut found)?;
            if found.len() == n_before {
                return Err(IngestError::NoMatch { glob: path.display().to_string() });
            }
        } else {
            return Err(IngestError::NotFound { path: path.clone() });
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found.dedup_by(|a, b| a.path == b.path);
    Ok(found)
}

/// The format that the name of a file promises.
fn format_of(path: &Path) -> Format {
    let name =
        path.file_name().map(|name| name.to_string_lossy().to_lowercase()).unwrap_or_default();
    let name = name.strip_suffix(".gz").or_else(|| name.strip_suffix(".zst")).unwrap_or(&name);
    match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("csv" | "tsv") => Format::Delimited,
        Some("jsonl" | "ndjson") => Format::JsonLines,
        Some("parquet") => Format::Parquet,
        _ => Format::Unknown,
    }
}

fn source_file(path: &Path) -> Result<SourceFile, IngestError> {
    let metadata = std::fs::metadata(path)
        .map_err(|source| IngestError::Read { path: path.to_owned(), source })?;
    Ok(SourceFile { path: path.to_owned(), format: format_of(path), size_bytes: metadata.len() })
}

/// Adds the files below `root` that have a known ending and that `wanted` accepts. Names that start with `.` or `_`
/// are hidden: the latter are the marks that Spark leaves beside its output.
fn walk(
    root: &Path,
    wanted: impl Fn(&Path) -> bool,
    found: &mut Vec<SourceFile>,
) -> Result<(), IngestError> {
    let is_hidden = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with(['.', '_']);
    let entries = WalkDir::new(root)
        .follow_links(true)
        .into_iter()
        .filter_entry(|entry| entry.depth() == 0 || !is_hidden(entry.file_name()));
    for entry in entries {
        let entry = entry.map_err(|error| IngestError::Read {
            path: error.path().unwrap_or(root).to_owned(),
            source: error.into(),
        })?;
        let path = entry.path();
        if entry.file_type().is_file() && format_of(path) != Format::Unknown && wanted(path) {
            found.push(source_file(path)?);
        }
    }
    Ok(())
}

fn is_glob(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?', '[', '{'])
}

/// Adds the files that match a glob. A glob that names an ending which is not known finds such files too.
fn expand_glob(glob: &Path, found: &mut Vec<SourceFile>) -> Result<(), IngestError> {
    let text = glob.to_string_lossy();
    let matcher = GlobBuilder::new(&text)
        .literal_separator(true)
        .build()
        .map_err(|source| IngestError::BadGlob { glob: text.to_string(), source })?
        .compile_matcher();
    let root: PathBuf = glob.components().take_while(|part| !is_glob(part.as_ref())).collect();
    let root = if root.as_os_str().is_empty() { PathBuf::from(".") } else { root };
    if !root.is_dir() {
        return Err(IngestError::NoMatch { glob: text.to_string() });
    }
    for entry in WalkDir::new(&root).follow_links(true) {
        let entry = entry.map_err(|error| IngestError::Read {
            path: error.path().unwrap_or(&root).to_owned(),
            source: error.into(),
        })?;
        let path = entry.path();
        let path = path.strip_prefix(".").unwrap_or(path);
        let is_hidden =
            path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
        let is_match = matcher.is_match(path) || matcher.is_match(entry.path());
        if entry.file_type().is_file() && !is_hidden && is_match {
            found.push(source_file(path)?);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn names(paths: &[PathBuf], root: &Path) -> Vec<String> {
        discover(paths)
            .unwrap()
            .iter()
            .map(|file| file.path.strip_prefix(root).unwrap().display().to_string())
            .collect()
    }

    fn tree() -> tempfile::TempDir {
        let dir = tempfile::tempdir().unwrap();
        for name in [
            "b.csv",
            "a.CSV.gz",
            "notes.md",
            ".hidden.csv",
            "_SUCCESS",
            "sub/c.parquet",
            "sub/d.log",
            ".git/e.csv",
        ] {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "x").unwrap();
        }
        dir
    }

    #[test]
    fn folders_give_known_files_sorted_and_hide_hidden_ones() {
        let dir = tree();
        let root = dir.path();
        assert_eq!(names(&[root.to_owned()], root), ["a.CSV.gz", "b.csv", "sub/c.parquet"]);
        let twice = [root.join("b.csv"), root.to_owned()];
        assert_eq!(names(&twice, root), ["a.CSV.gz", "b.csv", "sub/c.parquet"]);
    }

    #[test]
    fn globs_stay_in_their_folder_unless_doubled_and_take_any_ending() {
        let dir = tree();
        let root = dir.path();
        assert_eq!(names(&[root.join("*.csv")], root), ["b.csv"]);
        assert_eq!(names(&[root.join("**/*.{log,parquet}")], root), ["sub/c.parquet", "sub/d.log"]);
    }

    #[test]
    fn what_is_not_there_is_named() {
        let dir = tree();
        let root = dir.path();
        let error = |path: PathBuf| discover(&[path]).unwrap_err();
        assert!(matches!(error(root.join("none.csv")), IngestError::NotFound { .. }));
        assert!(matches!(error(root.join("none*.csv")), IngestError::NoMatch { .. }));
        assert!(matches!(error(root.join("none/*.csv")), IngestError::NoMatch { .. }));
        assert!(matches!(error(root.join("b[.csv")), IngestError::BadGlob { .. }));
        fs::create_dir(root.join("empty")).unwrap();
        assert!(matches!(error(root.join("empty")), IngestError::EmptyFolder { .. }));
    }
}
