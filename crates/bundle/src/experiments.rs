//! Section `experiments`: names, shares and times of experiments, and the ladders of their variants.
//!
//! A table of texts and a list of numbers. The texts are, for each experiment, its name, its salt and the names of its
//! variants. The numbers, of two bytes each to the end of the section: the number of experiments; for each, its placements
//! (bit `n` is placement `n`), its start and its end in seconds (four numbers each, the lowest first), and its number of
//! variants; for each of those its share, its rules and its number of ladders; for each of those the placement, the number
//! of rungs, and rungs as in `scoring`. Looked at as a whole when a bundle is opened: it does not grow with the catalogue.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use edgewise_core::{
    Experiment, Experiments, MAX_EXPERIMENTS, MAX_VARIANTS, Period, Placement, Placements, Rung,
    Scoring, Variant,
};

use crate::cursor::Cursor;
use crate::error::FormatError;
use crate::limits::MAX_EXPERIMENTS_BYTES;
use crate::table::{Table, U16s};

const FIELD: &str = "experiments";
/// A name and a salt per experiment, and a name per variant.
const MAX_TEXTS: usize = MAX_EXPERIMENTS * (2 + MAX_VARIANTS);

/// Decodes and checks the section of a bundle with these scoring tables.
pub(crate) fn decode(
    mut cursor: Cursor<'_>,
    scoring: &Scoring,
) -> Result<Experiments, FormatError> {
    let (at, len) = (cursor.offset(), cursor.len());
    if len > MAX_EXPERIMENTS_BYTES as usize {
        let found = u32::try_from(len).unwrap_or(u32::MAX);
        return Err(FormatError::TooMany { field: FIELD, at, found, limit: MAX_EXPERIMENTS_BYTES });
    }
    // Cannot fail: the constant is a small number.
    let texts = Table::take(&mut cursor, FIELD, u32::try_from(MAX_TEXTS).unwrap_or(u32::MAX))?;
    texts.check()?;
    let bad = |cause: &str| FormatError::BadTable { section: FIELD, at, cause: cause.to_string() };
    let n_numbers = u32::try_from(cursor.len() / 2).unwrap_or(u32::MAX);
    let numbers = U16s::take(&mut cursor, FIELD, n_numbers)?;
    cursor.end(FIELD)?;
    let mut reader = Reader { numbers: &mut numbers.iter(), texts, n_texts: 0 };
    let experiments = reader.experiments().ok_or_else(|| bad("not experiments of version 1"))?;
    if reader.numbers.next().is_some() || reader.n_texts != texts.n_entries() as usize {
        return Err(bad("numbers or texts behind the last experiment"));
    }
    if experiments.is_empty() {
        return Err(bad("no experiment"));
    }
    Experiments::new(experiments, scoring).map_err(FormatError::Experiments)
}

/// Reads one value after another. Allocates what the section itself proves.
struct Reader<'n, 'a> {
    numbers: &'n mut dyn Iterator<Item = u16>,
    texts: Table<'a>,
    n_texts: usize,
}

impl Reader<'_, '_> {
    fn experiments(&mut self) -> Option<Vec<Experiment>> {
        let mut experiments = Vec::new();
        for _ in 0..self.numbers.next()? {
            experiments.push(self.experiment()?);
        }
        Some(experiments)
    }

    fn experiment(&mut self) -> Option<Experiment> {
        let (name, salt) = (self.text()?, self.text()?);
        let placements = Placements::from_bits(self.numbers.next()?)?;
        let period = Period { start_s: self.time()?, end_s: self.time()? };
        let mut variants = Vec::new();
        for _ in 0..self.numbers.next()? {
            variants.push(self.variant()?);
        }
        Some(Experiment { name, salt, placements, period, variants })
    }

    fn variant(&mut self) -> Option<Variant> {
        let name = self.text()?;
        let (share, rules) = (self.numbers.next()?, self.numbers.next()?);
        let mut ladders = Vec::new();
        for _ in 0..self.numbers.next()? {
            let placement = *Placement::ALL.get(usize::from(self.numbers.next()?))?;
            let ladder: Vec<Rung> = crate::scoring::ladder(self.numbers)?;
            ladders.push((placement, ladder));
        }
        Some(Variant { name, share, rules, ladders })
    }

    fn time(&mut self) -> Option<u64> {
        let mut time_s = 0;
        for shift in [0, 16, 32, 48] {
            time_s |= u64::from(self.numbers.next()?) << shift;
        }
        Some(time_s)
    }

    fn text(&mut self) -> Option<String> {
        let text = self.texts.text(self.n_texts)?;
        self.n_texts += 1;
        Some(text.to_string())
    }
}

/// Makes the section.
#[cfg(feature = "write")]
pub(crate) fn encode(experiments: &Experiments) -> Result<Vec<u8>, FormatError> {
    // Cannot fail: `Experiments` has checked every count.
    let count = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    let mut texts: Vec<&[u8]> = Vec::new();
    let mut numbers = alloc::vec![count(experiments.as_slice().len())];
    for experiment in experiments.as_slice() {
        texts.extend([experiment.name.as_bytes(), experiment.salt.as_bytes()]);
        numbers.push(experiment.placements.bits());
        for time_s in [experiment.period.start_s, experiment.period.end_s] {
            let bytes = time_s.to_le_bytes();
            numbers.extend(bytes.as_chunks().0.iter().copied().map(u16::from_le_bytes));
        }
        numbers.push(count(experiment.variants.len()));
        for variant in &experiment.variants {
            texts.push(variant.name.as_bytes());
            numbers.extend([variant.share, variant.rules, count(variant.ladders.len())]);
            for (placement, ladder) in &variant.ladders {
                numbers.push(count(placement.index()));
                crate::scoring::put_ladder(ladder, &mut numbers);
            }
        }
    }
    let mut bytes = Vec::new();
    crate::table::put_table(&mut bytes, FIELD, &texts)?;
    bytes.extend(numbers.into_iter().flat_map(u16::to_le_bytes));
    Ok(bytes)
}

#[cfg(test)]
mod tests;
