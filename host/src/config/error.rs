//! Why a configuration cannot be used, and what cures it.

use std::path::PathBuf;

use edgewise_ingest::IngestError;

use crate::rules::RulesError;

/// Why a configuration cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The file is no TOML, or has a key that does not exist or a value of another type.
    #[error("the configuration `{}` cannot be understood", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Where and what.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A value is none that the key can have.
    #[error("`{key}` in `{}` is `{found}`, expected {expected}", path.display())]
    BadValue {
        /// The file.
        path: PathBuf,
        /// The section and the key.
        key: String,
        /// The value.
        found: String,
        /// What it may be.
        expected: &'static str,
    },
    /// Neither the file nor the command line says where the log is.
    #[error("`paths` in `[source]` of `{}` names no file", path.display())]
    NoPaths {
        /// The file.
        path: PathBuf,
    },
    /// The shop's rules cannot be used.
    #[error("the shop's rules cannot be used")]
    Rules {
        /// Why not.
        #[source]
        source: Box<RulesError>,
    },
    /// What the file leaves open cannot be guessed from the log.
    #[error("the columns of the log cannot be guessed")]
    Guess {
        /// Why not.
        #[source]
        source: IngestError,
    },
}

impl ConfigError {
    /// What the user can do about it.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::Read { .. } => Some("`edgewise init PATH` writes one that fits your data".into()),
            Self::Syntax { .. } => {
                Some("`edgewise init PATH -o example.toml` writes every section and key".into())
            }
            Self::NoPaths { .. } => {
                Some("name the files there, for example `paths = [\"sales/*.csv\"]`".into())
            }
            Self::Guess { source } => source.hint(),
            Self::Rules { source } => source.hint(),
            Self::BadValue { .. } => None,
        }
    }
}
