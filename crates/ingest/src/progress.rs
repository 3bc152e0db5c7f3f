//! How far the reading is: told to whoever shows it, printed by nobody here.

/// Is told how far the reading is. Calls come from more than one thread.
pub trait Progress: Sync {
    /// A pass over the files begins, in which `total_bytes` (as stored, so compressed) are to be read.
    fn begin(&self, total_bytes: u64);
    /// A further `bytes` were read.
    fn bytes(&self, bytes: u64);
    /// A further `rows` were judged.
    fn rows(&self, rows: u64);
    /// Every row was read and judged; what remains is to put the log together.
    fn all_read(&self) {}
}

/// Shows nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn begin(&self, _: u64) {}
    fn bytes(&self, _: u64) {}
    fn rows(&self, _: u64) {}
}
