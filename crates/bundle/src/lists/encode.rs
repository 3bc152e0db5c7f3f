//! Making a section of lists.

use alloc::vec::Vec;

use edgewise_core::WeightedItem;

use super::PER_CODE;
use super::code_book::{CodeBook, N_CODES, learn, nearest};
use super::prefix_code::{Counts, First, N_SYMBOLS, PrefixCode};
use super::scale;
use super::streams::StreamWriter;
use crate::error::FormatError;
use crate::varint;

/// Makes the section of lists that ascend by row. A list's scale is the smallest that no weight exceeds; a weight is the
/// nearest of the code book's multiples of scale/255.
pub(crate) fn encode(
    field: &'static str,
    lists: &[Vec<WeightedItem>],
) -> Result<Vec<u8>, FormatError> {
    // Cannot lose anything: a table refuses more entries.
    let n_items = u32::try_from(lists.len()).unwrap_or(u32::MAX);
    let scaled = (0..n_items)
        .zip(lists)
        .map(|(own, list)| {
            check(field, own, list, n_items)?;
            Ok(Scaled::of(list))
        })
        .collect::<Result<Vec<_>, _>>()?;
    let mut histogram = [0; 256];
    for (_, weight) in scaled.iter().flat_map(|list| &list.entries) {
        if let Some(count) = histogram.get_mut(*weight as usize) {
            *count += 1;
        }
    }
    let book = learn(&histogram);
    let walks: Vec<Walk> =
        (0..).zip(&scaled).map(|(own, list)| Walk::of(own, list, &book)).collect();
    let (exponents, codes) = following(&walks);
    let (distances, weights) = (CodesWriter::of(&exponents), CodesWriter::of(&codes));
    let entries: Vec<Vec<u8>> =
        walks.iter().map(|walk| walk.encode(&distances, &weights)).collect();
    let mut bytes = book.to_vec();
    distances.put_tables(&mut bytes, First::Lowest);
    weights.put_tables(&mut bytes, First::Highest);
    crate::table::put_table(&mut bytes, field, &entries)?;
    Ok(bytes)
}

/// Refuses weights outside `0.0..=1.0` without zero, rows past the last item, rows out of order, and the item's own.
fn check(
    field: &'static str,
    own: u32,
    list: &[WeightedItem],
    n_items: u32,
) -> Result<(), FormatError> {
    let mut above = None;
    for (at, &WeightedItem { item, weight }) in list.iter().enumerate() {
        if !(weight > 0.0 && weight <= 1.0) {
            return Err(FormatError::BadWeight { field, item: item.0, found: weight });
        }
        if item.0 >= n_items {
            let limit = n_items.saturating_sub(1);
            return Err(FormatError::TooMany { field, at, found: item.0, limit });
        }
        if above.is_some_and(|above| above >= item) || item.0 == own {
            return Err(FormatError::BadOrder { field, at });
        }
        above = Some(item);
    }
    Ok(())
}

/// A list with its weights in 255ths of its scale.
struct Scaled {
    scale: u8,
    entries: Vec<(u32, u32)>,
}

impl Scaled {
    fn of(list: &[WeightedItem]) -> Scaled {
        let largest = list.iter().map(|entry| entry.weight).fold(0.0, f64::max);
        let scale = scale::nearest(largest);
        let unit = 255.0 / largest;
        let entry = |entry: &WeightedItem| (entry.item.0, quantise(entry.weight * unit, 255));
        Scaled { scale, entries: list.iter().map(entry).collect() }
    }
}

/// The nearest integer in `1..=most`. Takes positive values.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range first"
)]
pub(crate) fn quantise(value: f64, most: u32) -> u32 {
    (value + 0.5).clamp(1.0, f64::from(most)) as u32
}

/// A list in the order in which it is written: down from the item's own row, then up from it.
struct Walk {
    scale: u8,
    n_before: u32,
    steps: Vec<Step>,
}

/// One neighbour.
#[derive(Clone, Copy)]
struct Step {
    /// Rows from the one before; at least 1.
    distance: u32,
    /// The exponent before: 0 at an item's own row.
    exponent_before: u32,
    /// The number of its weight in the code book.
    code: u32,
    /// The number before: 0 at the first neighbour.
    code_before: u32,
}

impl Step {
    /// The exponent of the distance.
    fn exponent(self) -> u32 {
        self.distance.ilog2()
    }
}

impl Walk {
    fn of(own: u32, list: &Scaled, book: &CodeBook) -> Walk {
        let n_before = list.entries.partition_point(|&(row, _)| row < own);
        let (before, behind) = list.entries.split_at(n_before);
        let mut steps: Vec<Step> = Vec::with_capacity(list.entries.len());
        let mut code_before = 0;
        for part in [&mut before.iter().rev() as &mut dyn Iterator<Item = _>, &mut behind.iter()] {
            let (mut row_before, mut exponent_before) = (own, 0);
            for &(row, weight) in part {
                let code = nearest(book, weight);
                let step =
                    Step { distance: row.abs_diff(row_before), exponent_before, code, code_before };
                (row_before, exponent_before, code_before) = (row, step.exponent(), code);
                steps.push(step);
            }
        }
        // Cannot fail: a list is no longer than the items are many.
        let n_before = u32::try_from(n_before).unwrap_or(u32::MAX);
        Walk { scale: list.scale, n_before, steps }
    }

    fn encode(&self, distances: &CodesWriter, weights: &CodesWriter) -> Vec<u8> {
        if self.steps.is_empty() {
            return Vec::new();
        }
        let n = u32::try_from(self.steps.len()).unwrap_or(u32::MAX);
        let mut entry = alloc::vec![self.scale];
        varint::put(&mut entry, n);
        let mut streams = StreamWriter::default();
        streams.put_front(self.n_before, 32 - n.leading_zeros());
        for step in &self.steps {
            let exponent = step.exponent();
            let (code, n_bits) = distances.code(step.exponent_before, exponent, First::Lowest);
            streams.put_front(code, n_bits);
            streams.put_front(step.distance - (1 << exponent), exponent);
            let (code, n_bits) = weights.code(step.code_before, step.code, First::Highest);
            streams.put_back(code, n_bits);
        }
        entry.extend(streams.finish());
        entry
    }
}

/// How often each symbol follows each other one.
type Following = Vec<Counts>;

/// What follows what in all lists: exponents and weights.
fn following(walks: &[Walk]) -> (Following, Following) {
    let mut exponents = alloc::vec![[0; N_SYMBOLS]; N_SYMBOLS];
    let mut codes = alloc::vec![[0; N_SYMBOLS]; N_CODES];
    let count = |of: &mut Following, before: u32, symbol: u32| {
        let counts = of.get_mut(before as usize);
        if let Some(count) = counts.and_then(|counts| counts.get_mut(symbol as usize)) {
            *count += 1;
        }
    };
    for step in walks.iter().flat_map(|walk| &walk.steps) {
        count(&mut exponents, step.exponent_before, step.exponent());
        count(&mut codes, step.code_before, step.code);
    }
    (exponents, codes)
}

/// Prefix codes of one kind of symbol, chosen by the symbol before.
struct CodesWriter(Vec<PrefixCode>);

impl CodesWriter {
    /// The shortest codes for what follows each group of symbols.
    fn of(following: &Following) -> CodesWriter {
        let group = |group: &[Counts]| {
            let mut sum = [0; N_SYMBOLS];
            for counts in group {
                sum.iter_mut().zip(counts).for_each(|(to, from)| *to += from);
            }
            PrefixCode::of(&sum)
        };
        CodesWriter(following.chunks(PER_CODE).map(group).collect())
    }

    fn code(&self, before: u32, symbol: u32, first: First) -> (u32, u32) {
        let code = self.0.get(before as usize / PER_CODE);
        code.map_or((0, 0), |code| code.code(symbol, first))
    }

    fn put_tables(&self, bytes: &mut Vec<u8>, first: First) {
        self.0.iter().for_each(|code| bytes.extend(code.table(first)));
    }
}
