//! Why a benchmark could not be read, and what cures it.

use std::path::PathBuf;

/// Why a benchmark could not be read. [`BenchmarkError::hint`] says what cures it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BenchmarkError {
    /// The operating system refused, or the file is no UTF-8 text.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// No form of benchmark is in the folder.
    #[error("the folder `{}` holds no benchmark of a known form", path.display())]
    NoBenchmark {
        /// The folder.
        path: PathBuf,
    },
    /// A line is not of the form.
    #[error("line {line} of `{file}` is `{found}`, expected {expected}")]
    Malformed {
        /// The file's name.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// What stands there, shortened.
        found: String,
        /// What should.
        expected: &'static str,
    },
    /// A file has nothing in it.
    #[error("`{file}` is empty, expected {expected}")]
    Empty {
        /// The file's name.
        file: String,
        /// What should be there.
        expected: &'static str,
    },
}

impl BenchmarkError {
    /// What cures it.
    pub fn hint(&self) -> &'static str {
        match self {
            BenchmarkError::Read { .. } => {
                "check the path, its permissions, and that it is UTF-8 text"
            }
            BenchmarkError::NoBenchmark { .. } => {
                "it may hold `train.txt` with `test.txt`, `test_novel.txt` or `valid.txt`; `train_sessions.txt` with \
                 `test_prefix_target.txt`; `basket_train.txt` with `basket_test.txt`; or a `*_merged.json`. \
                 Files of other names are chosen by name"
            }
            BenchmarkError::Malformed { .. } => {
                "correct the line, or check that the file is of the form that its name says"
            }
            BenchmarkError::Empty { .. } => "check that the file was copied whole",
        }
    }
}
