//! Section `popular`: the most popular items of everyone, of each category and of each region.
//!
//! A table with `1 + n_categories + n_regions` entries. An entry holds pairs of `step: varint, drop: varint`, best
//! first. `step` is the zigzag of the row less the row before, less one, from row -1; `drop` is what the weight falls
//! by, from 65,535. Equal weights ascend by row. The first ranking lists every item: items are numbered by
//! popularity, so it costs about two bytes an item.

#[cfg(feature = "write")]
use alloc::vec::Vec;

#[cfg(feature = "write")]
use edgewise_core::WeightedItem;
use edgewise_core::{ItemIdx, Weighted};

use crate::cursor::Cursor;
use crate::error::FormatError;
use crate::limits::{MAX_CATEGORIES, MAX_REGIONS};
use crate::table::Table;
use crate::varint;

/// The weight of an item as popular as the first of its ranking.
pub(crate) const TOP: u32 = 65_535;
const FIELD: &str = "popular";

/// View of the section.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rankings<'a> {
    table: Table<'a>,
}

impl<'a> Rankings<'a> {
    pub(crate) fn take(
        mut cursor: Cursor<'a>,
        n_rankings: u32,
    ) -> Result<Rankings<'a>, FormatError> {
        let at = cursor.offset();
        let table = Table::take(&mut cursor, FIELD, 1 + MAX_CATEGORIES + MAX_REGIONS)?;
        cursor.end(FIELD)?;
        let found = table.n_entries();
        if found != n_rankings {
            return Err(FormatError::Mismatch { field: FIELD, at, found, expected: n_rankings });
        }
        Ok(Rankings { table })
    }

    /// Looks at every entry. Strict order makes repeats within equal weights impossible; `seen` finds the others.
    pub(crate) fn check(&self, n_items: u32) -> Result<(), FormatError> {
        self.table.check()?;
        let mut seen = alloc::vec![0u32; n_items as usize];
        for (mark, (at, entry)) in (1..).zip(self.table.entries()) {
            let mut rest = entry;
            let mut last: Option<Weighted> = None;
            while !rest.is_empty() {
                let at = at + entry.len() - rest.len();
                let read =
                    next(&mut rest, last).ok_or(FormatError::BadVarint { field: FIELD, at })?;
                let limit = n_items.saturating_sub(1);
                let found = read.item.0;
                let Some(slot) = seen.get_mut(read.item.index()) else {
                    return Err(FormatError::TooMany { field: FIELD, at, found, limit });
                };
                let is_repeat = core::mem::replace(slot, mark) == mark;
                let is_late =
                    last.is_some_and(|last| last.weight == read.weight && last.item > read.item);
                if is_repeat || is_late {
                    return Err(FormatError::BadOrder { field: FIELD, at });
                }
                last = Some(read);
            }
        }
        Ok(())
    }

    /// A ranking by its number, best first. Ends early where the bytes are damaged; empty past the last one.
    pub(crate) fn ranking(&self, number: u32) -> Ranking<'a> {
        Ranking { rest: self.table.get(number as usize).unwrap_or(&[]), last: None }
    }
}

/// The entries of one ranking, best first. The default has none.
#[derive(Default)]
pub(crate) struct Ranking<'a> {
    rest: &'a [u8],
    last: Option<Weighted>,
}

impl Iterator for Ranking<'_> {
    type Item = Weighted;

    fn next(&mut self) -> Option<Weighted> {
        self.last = Some(next(&mut self.rest, self.last)?);
        self.last
    }
}

fn next(rest: &mut &[u8], last: Option<Weighted>) -> Option<Weighted> {
    let step = varint::unzigzag(varint::take(rest)?);
    let drop = varint::take(rest)?;
    let (after, weight) = last.map_or((0, TOP), |last| (last.item.0.wrapping_add(1), last.weight));
    let item = after.checked_add_signed(step)?;
    let weight = weight.checked_sub(drop).filter(|&weight| weight > 0)?;
    Some(Weighted { item: ItemIdx(item), weight })
}

/// Makes the section. Weights are relative to 1.0; order within a ranking is by quantised weight, then row.
#[cfg(feature = "write")]
pub(crate) fn encode(rankings: &[Vec<WeightedItem>]) -> Result<Vec<u8>, FormatError> {
    let entries =
        rankings.iter().map(|ranking| encode_ranking(ranking)).collect::<Result<Vec<_>, _>>()?;
    let mut bytes = Vec::new();
    crate::table::put_table(&mut bytes, FIELD, &entries)?;
    Ok(bytes)
}

#[cfg(feature = "write")]
fn encode_ranking(ranking: &[WeightedItem]) -> Result<Vec<u8>, FormatError> {
    let mut quantised = Vec::with_capacity(ranking.len());
    for WeightedItem { item, weight } in ranking {
        if !(*weight > 0.0 && *weight <= 1.0) {
            return Err(FormatError::BadWeight { field: FIELD, item: item.0, found: *weight });
        }
        quantised.push((crate::lists::quantise(weight * f64::from(TOP), TOP), *item));
    }
    quantised.sort_unstable_by_key(|&(weight, item)| (core::cmp::Reverse(weight), item));
    let mut entry = Vec::new();
    let (mut after, mut above) = (0i64, TOP);
    for (weight, item) in quantised {
        let step = i32::try_from(i64::from(item.0) - after).unwrap_or(i32::MAX);
        varint::put(&mut entry, varint::zigzag(step));
        varint::put(&mut entry, above - weight);
        (after, above) = (i64::from(item.0) + 1, weight);
    }
    Ok(entry)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(rankings: &[&[(u32, f64)]]) -> Vec<u8> {
        let values: Vec<Vec<WeightedItem>> = rankings
            .iter()
            .map(|ranking| {
                ranking
                    .iter()
                    .map(|&(row, weight)| WeightedItem { item: ItemIdx(row), weight })
                    .collect()
            })
            .collect();
        encode(&values).unwrap()
    }

    fn view(bytes: &[u8]) -> Result<Rankings<'_>, FormatError> {
        let n_rankings = u32::from_le_bytes(*bytes.first_chunk().unwrap());
        let rankings = Rankings::take(Cursor::new(bytes, 0), n_rankings)?;
        rankings.check(3).map(|()| rankings)
    }

    #[test]
    fn rankings_come_back_best_first_with_ties_by_row() {
        let bytes = encoded(&[&[(2, 1.0), (1, 0.5), (0, 0.5)], &[], &[(0, 0.25)]]);
        let rankings = view(&bytes).unwrap();
        let read = |number| -> Vec<(u32, u32)> {
            rankings.ranking(number).map(|weighted| (weighted.item.0, weighted.weight)).collect()
        };
        assert_eq!(read(0), [(2, 65_535), (0, 32_768), (1, 32_768)]);
        assert_eq!(read(1), []);
        assert_eq!(read(2), [(0, 16_384)]);
        assert_eq!(read(3), []);
    }

    #[test]
    fn rejects_a_repeated_item() {
        let bytes = encoded(&[&[(1, 1.0), (1, 0.5)]]);
        assert!(matches!(view(&bytes), Err(FormatError::BadOrder { .. })));
    }

    #[test]
    fn rejects_a_ranked_row_past_the_last_item() {
        let bytes = encoded(&[&[(3, 1.0)]]);
        assert!(matches!(view(&bytes), Err(FormatError::TooMany { found: 3, limit: 2, .. })));
    }
}
