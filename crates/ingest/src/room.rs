//! How much memory a reading may take.
//!
//! What a row costs is known, so after a part of the files it is known what all of them will. A reading that will not fit
//! ends then, and not when the machine has no more. Nothing is put aside: learning needs the rows in memory too.

use crate::error::IngestError;
use crate::progress::{Forecast, NoProgress, Progress};

/// What a reading may use, and who watches it. Nothing in it changes what is read.
#[derive(Clone, Copy)]
pub struct ReadRoom<'p> {
    /// Bytes that the rows and what is known of items and people may take. `u64::MAX`: all there are; zero refuses every
    /// log.
    pub memory_bytes: u64,
    /// Is told how far the reading is.
    pub progress: &'p dyn Progress,
}

impl ReadRoom<'static> {
    /// Without limits, and in silence.
    pub fn unlimited() -> ReadRoom<'static> {
        ReadRoom { memory_bytes: u64::MAX, progress: &NoProgress }
    }
}

/// Buffers of both threads: batches that wait, and what the reader of a format keeps.
pub(crate) const BUFFER_BYTES: u64 = 8 << 20;
/// Rows before a log is worth a forecast.
const FORECAST_ROWS: u64 = 100_000;
/// The shares of the files from which the forecast is made: less may be the first day alone.
const FORECAST_SHARES: [f64; 2] = [1.0 / 64.0, 1.0 / 16.0];

/// What is in use at a moment of the reading.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct InUse {
    pub(crate) n_rows: u64,
    /// What grows with the rows.
    pub(crate) of_rows: u64,
    /// What grows with distinct items, users and orders, and so more slowly.
    pub(crate) of_names: u64,
}

/// Compares what a reading takes with what it may.
pub(crate) struct Limit<'p> {
    room: ReadRoom<'p>,
    /// What was in use at the first share, which is told as well.
    early: Option<(InUse, f64)>,
    has_forecast: bool,
}

impl<'p> Limit<'p> {
    pub(crate) fn new(room: ReadRoom<'p>) -> Self {
        Self { room, early: None, has_forecast: false }
    }

    /// `share` is the part of the files that was read, above 0.0 up to 1.0.
    ///
    /// # Errors
    /// [`IngestError::NoRoom`] when more is in use than may be, or when the rows alone will be more.
    pub(crate) fn check(&mut self, in_use: InUse, share: f64) -> Result<(), IngestError> {
        let limit = self.room.memory_bytes;
        let InUse { n_rows, of_rows, of_names } = in_use;
        let now = of_rows + of_names + BUFFER_BYTES;
        if now > limit {
            return Err(IngestError::NoRoom { n_rows, needed_bytes: now, limit_bytes: limit });
        }
        if self.has_forecast || n_rows < FORECAST_ROWS || share >= 1.0 {
            return Ok(());
        }
        let early = match self.early {
            Some(early) => early,
            None if share >= FORECAST_SHARES[0] => *self.early.insert((in_use, share)),
            None => return Ok(()),
        };
        if share < FORECAST_SHARES[1] {
            return Ok(());
        }
        self.has_forecast = true;
        let (n_rows, of_rows) = (grown(n_rows, share, 1.0), grown(of_rows, share, 1.0));
        let of_names = grown(of_names, share, heaps_exponent(early, (in_use, share)));
        let memory_bytes = of_rows + of_names + BUFFER_BYTES;
        self.room.progress.forecast(Forecast { n_rows, memory_bytes });
        // A tenth more or less is what the compression of the files may make of it.
        let surely = of_rows - of_rows / 10;
        if surely > limit {
            return Err(IngestError::NoRoom { n_rows, needed_bytes: of_rows, limit_bytes: limit });
        }
        Ok(())
    }
}

/// Distinct names grow with a power of the rows (Heaps, "Information retrieval", 1978, section 7.5): its exponent, from
/// two shares of the files. One where they are too near each other.
#[expect(clippy::cast_precision_loss, reason = "an estimate")]
fn heaps_exponent(early: (InUse, f64), late: (InUse, f64)) -> f64 {
    let grown = late.0.of_names.max(1) as f64 / early.0.of_names.max(1) as f64;
    let longer = late.1 / early.1;
    if longer < 1.5 { 1.0 } else { (grown.ln() / longer.ln()).clamp(0.0, 1.0) }
}

/// What a part becomes when all files are read, where it grows with a power of the rows.
#[expect(clippy::cast_precision_loss, reason = "an estimate")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
fn grown(part: u64, share: f64, exponent: f64) -> u64 {
    (part as f64 / share.powf(exponent)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    #[track_caller]
    fn check(memory_bytes: u64, in_use: InUse, share: f64, expected: Option<u64>) {
        let mut limit = Limit::new(ReadRoom { memory_bytes, ..ReadRoom::unlimited() });
        let needed = match limit.check(in_use, share) {
            Err(IngestError::NoRoom { needed_bytes, .. }) => Some(needed_bytes),
            _ => None,
        };
        assert_eq!(needed, expected);
    }

    #[test]
    fn a_reading_that_will_not_fit_ends_when_that_is_known() {
        let tenth = InUse { n_rows: 100_000, of_rows: 10 * MIB, of_names: 10 * MIB };
        check(29 * MIB, tenth, 0.1, Some(100 * MIB));
        check(27 * MIB, tenth, 0.1, Some(28 * MIB));
        check(90 * MIB, tenth, 0.1, None);
        check(29 * MIB, InUse { n_rows: 99_999, ..tenth }, 0.1, None);
        check(29 * MIB, tenth, 0.05, None);
        check(29 * MIB, tenth, 1.0, None);
        check(u64::MAX, tenth, 0.1, None);
    }

    #[test]
    fn names_are_foreseen_to_grow_as_they_grew() {
        let names = |of_names| InUse { of_names, ..InUse::default() };
        let exponent = heaps_exponent((names(1_000), 0.1), (names(2_000), 0.4));
        assert!((exponent - 0.5).abs() < 1e-12, "{exponent}");
        assert_eq!(grown(2_000, 0.25, exponent), 4_000);
    }
}
