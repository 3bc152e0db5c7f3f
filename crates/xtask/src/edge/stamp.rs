//! How a finished module remembers what it was made from, so that nothing is made twice.

use std::fs;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// The recipe of a module that only the compiler has touched.
pub(crate) const PLAIN: &str = "plain";

/// Beside a finished file: which bytes it was made from, and how.
#[derive(Debug)]
pub(crate) struct Stamp {
    file: PathBuf,
    input: String,
}

impl Stamp {
    /// The stamp of `finished`, to be made from `input`.
    pub(crate) fn new(folder: &Path, finished: &str, input: &[u8]) -> Self {
        let mut hasher = DefaultHasher::new();
        input.hash(&mut hasher);
        Self {
            file: folder.join("stamps").join(format!("{finished}.txt")),
            input: format!("{:016x}", hasher.finish()),
        }
    }

    /// Whether the finished file was made from this input and is no worse than `recipe` would make it:
    /// an optimised one serves where a plain one is asked for.
    pub(crate) fn serves(&self, recipe: &str) -> bool {
        let Ok(text) = fs::read_to_string(&self.file) else {
            return false;
        };
        match text.trim_end().split_once('\n') {
            Some((input, made_by)) => input == self.input && (recipe == PLAIN || recipe == made_by),
            None => false,
        }
    }

    /// Forgets; called before the finished file is touched, so that a broken run is not taken for a whole one.
    pub(crate) fn clear(&self) -> Result<()> {
        match fs::remove_file(&self.file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(error).with_context(|| format!("cannot remove `{}`", self.file.display()))
            }
            _ => Ok(()),
        }
    }

    /// Remembers.
    pub(crate) fn set(&self, recipe: &str) -> Result<()> {
        let folder = self.file.parent().unwrap_or(Path::new("."));
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&self.file, format!("{}\n{recipe}\n", self.input)))
            .with_context(|| format!("cannot write `{}`", self.file.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_serves_the_same_input_and_no_better_recipe() {
        let folder = tempfile::tempdir().unwrap();
        let stamp = Stamp::new(folder.path(), "http", b"module");
        assert!(!stamp.serves(PLAIN), "nothing was made yet");
        stamp.set(PLAIN).unwrap();
        assert!(stamp.serves(PLAIN));
        assert!(!stamp.serves("wasm-opt -Oz"));
        stamp.set("wasm-opt -Oz").unwrap();
        assert!(stamp.serves("wasm-opt -Oz"));
        assert!(stamp.serves(PLAIN), "smaller than asked for is welcome");
        assert!(!stamp.serves("wasm-opt -O3"));
        assert!(!Stamp::new(folder.path(), "http", b"another").serves(PLAIN));
        stamp.clear().unwrap();
        stamp.clear().unwrap();
        assert!(!stamp.serves(PLAIN));
    }
}
