//! Why a bundle was not baked.

use std::io;
use std::path::PathBuf;

use edgewise_bundle::FormatError;

use super::module::SLOT_EXPORT;

/// Why a bundle was not baked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum BakeError {
    /// A file could not be read.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The component could not be written.
    #[error("cannot write `{}`", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// No shell came with this program.
    #[error("the shell is missing: none of {} exists", quoted(looked))]
    ShellNotFound {
        /// Where it was looked for.
        looked: Vec<PathBuf>,
    },
    /// The bundle is damaged or of another version.
    #[error("the bundle is refused")]
    BundleRefused {
        /// What is wrong with it.
        #[source]
        source: FormatError,
    },
    /// More bytes than an edge node takes.
    #[error("the {what} has {found_bytes} bytes, the limit is {limit_bytes}")]
    TooLarge {
        /// The bundle, the shell or the memory they need.
        what: &'static str,
        /// Its size.
        found_bytes: u64,
        /// The limit.
        limit_bytes: u64,
    },
    /// The shell's bytes are no valid core module.
    #[error("the shell is not a valid WebAssembly module")]
    ShellInvalid {
        /// Where and what.
        source: wasmparser::BinaryReaderError,
    },
    /// The shell is already a component.
    #[error("the shell is a component, and a core module is needed")]
    ShellIsComponent,
    /// The module has no place for a bundle.
    #[error("the shell exports no global `{SLOT_EXPORT}`")]
    SlotMissing,
    /// The module's slot or memory is not as this baker needs it.
    #[error("the shell cannot take a bundle: {found}, expected {expected}")]
    ShellUnsuitable {
        /// What it has.
        found: String,
        /// What it should have.
        expected: &'static str,
    },
    /// The module could not be made a component.
    #[error("the shell cannot be made a component: {reason}")]
    NotComponentizable {
        /// What the encoder said.
        reason: String,
    },
}

impl BakeError {
    /// What the user can do about it.
    pub(crate) fn hint(&self) -> Option<String> {
        let hint = match self {
            Self::ShellNotFound { .. } => {
                "build the shells with `cargo xtask edge`, or name one with `--shell-file`"
            }
            Self::BundleRefused { source } => source.hint(),
            Self::TooLarge { .. } => {
                "build a smaller bundle: fewer `neighbours`, or a higher `min_support`, in the `[model]` section"
            }
            Self::ShellInvalid { .. }
            | Self::SlotMissing
            | Self::ShellUnsuitable { .. }
            | Self::ShellIsComponent => {
                "use a shell that `cargo xtask edge` built, as `target/edge/http.core.wasm`"
            }
            Self::NotComponentizable { .. } => {
                "build the shells again with `cargo xtask edge`; they and this program must be of one version"
            }
            Self::Read { source, .. } if source.kind() == io::ErrorKind::FileTooLarge => {
                "edge platforms take components up to about 40 MB; check that this is the file you meant"
            }
            Self::Read { .. } | Self::Write { .. } => return None,
        };
        Some(hint.to_owned())
    }
}

fn quoted(paths: &[PathBuf]) -> String {
    paths.iter().map(|path| format!("`{}`", path.display())).collect::<Vec<_>>().join(", ")
}
