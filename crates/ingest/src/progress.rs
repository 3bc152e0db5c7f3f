//! How far the reading is: told to whoever shows it, printed by nobody here.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What the threads of the reading are busy with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// Getting bytes from the disk and decompressing them; decoding, where the format is Parquet.
    Load,
    /// Cutting bytes into cells, the time of [`Work::Load`] included.
    Parse,
    /// Judging rows, finding equal ones and numbering ids.
    Judge,
}

/// What reading a whole log is expected to need.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// Rows of all files.
    pub n_rows: u64,
    /// Bytes of memory, at the most.
    pub memory_bytes: u64,
}

/// Is told how far the reading is. Calls come from more than one thread.
pub trait Progress: Sync {
    /// A pass over the files begins, in which `total_bytes` (as stored, so compressed) are to be read.
    fn begin(&self, total_bytes: u64);
    /// A further `bytes` were read.
    fn bytes(&self, bytes: u64);
    /// A further `rows` were judged.
    fn rows(&self, rows: u64);
    /// A thread was busy for a time.
    fn busy(&self, _work: Work, _time: Duration) {}
    /// The first rows tell what all of them will need.
    fn forecast(&self, _forecast: Forecast) {}
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

/// Passes everything on, and knows which share of the bytes was read.
pub(crate) struct Consumed<'p> {
    told: &'p dyn Progress,
    total: AtomicU64,
    read: AtomicU64,
}

impl<'p> Consumed<'p> {
    pub(crate) fn new(told: &'p dyn Progress) -> Self {
        Self { told, total: AtomicU64::new(0), read: AtomicU64::new(0) }
    }

    /// Above 0.0, up to 1.0.
    #[expect(clippy::cast_precision_loss, reason = "a share")]
    pub(crate) fn share(&self) -> f64 {
        let [total, read] = [&self.total, &self.read].map(|it| it.load(Ordering::Relaxed).max(1));
        (read as f64 / total as f64).min(1.0)
    }
}

impl Progress for Consumed<'_> {
    fn begin(&self, total_bytes: u64) {
        self.total.store(total_bytes, Ordering::Relaxed);
        self.told.begin(total_bytes);
    }

    fn bytes(&self, bytes: u64) {
        self.read.fetch_add(bytes, Ordering::Relaxed);
        self.told.bytes(bytes);
    }

    fn rows(&self, rows: u64) {
        self.told.rows(rows);
    }

    fn busy(&self, work: Work, time: Duration) {
        self.told.busy(work, time);
    }

    fn forecast(&self, forecast: Forecast) {
        self.told.forecast(forecast);
    }

    fn all_read(&self) {
        self.told.all_read();
    }
}
