//! How much memory a training may take, and where what does not fit goes.

use std::path::PathBuf;

use crate::params::TrainError;

/// What is told while a model is trained. Prints nothing by itself.
pub trait Watch: Sync {
    /// A stage of the work begins; the last one is over.
    fn stage(&self, name: &'static str);

    /// Something worth saying, as a sentence without a full stop.
    fn note(&self, text: &str);
}

/// Watches nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoWatch;

impl Watch for NoWatch {
    fn stage(&self, _: &'static str) {}
    fn note(&self, _: &str) {}
}

/// What a training may use of the machine. Nothing in it changes what is learnt.
#[derive(Clone)]
pub struct Room<'w> {
    /// Bytes that may be in use at once, the log that is learnt from included. `u64::MAX`: all there are.
    pub memory_bytes: u64,
    /// Where files go that are removed when they are no longer needed.
    pub folder: PathBuf,
    /// Is told what is done.
    pub watch: &'w dyn Watch,
}

impl Room<'static> {
    /// Without limits, and in silence.
    pub fn unlimited() -> Room<'static> {
        Room { memory_bytes: u64::MAX, folder: std::env::temp_dir(), watch: &NoWatch }
    }
}

impl Room<'_> {
    /// The same room when `bytes` of it are taken.
    pub(crate) fn without(&self, bytes: u64) -> Self {
        Room { memory_bytes: self.memory_bytes.saturating_sub(bytes), ..self.clone() }
    }

    /// What went wrong with a file of the folder.
    pub(crate) fn spill_error(&self, error: &std::io::Error) -> TrainError {
        TrainError::Spill { folder: self.folder.display().to_string(), reason: error.to_string() }
    }
}
