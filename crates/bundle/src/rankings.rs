//! Sections `popular` and `trending`: the best items of everyone, of each category, of each region and of each segment.
//!
//! A table with `1 + n_categories + n_regions + n_segments` entries. An empty entry is an empty ranking; any other is `n: varint`,
//! `rice: u8`, and bits, best first: the row in as many bits as the last row has, and by what the weight falls, from
//! 65,535, in Golomb-Rice code. Equal weights ascend by row.

#[cfg(feature = "write")]
use alloc::vec::Vec;

#[cfg(feature = "write")]
use edgewise_core::WeightedItem;
use edgewise_core::{ItemIdx, Weighted};

#[cfg(feature = "write")]
use crate::bits::BitWriter;
use crate::bits::Bits;
use crate::cursor::Cursor;
use crate::error::FormatError;
use crate::limits::{MAX_CATEGORIES, MAX_REGIONS, MAX_SEGMENTS};
use crate::table::Table;
use crate::varint;

/// The weight of an item as popular as the first of its ranking.
pub(crate) const TOP: u32 = 65_535;
const FIELD: &str = "ranking";
/// Largest parameter of the code of a fall: the bits of a weight.
const MAX_RICE: u32 = 16;

/// View of the section.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rankings<'a> {
    table: Table<'a>,
    n_items: u32,
}

impl<'a> Rankings<'a> {
    pub(crate) fn take(
        mut cursor: Cursor<'a>,
        n_rankings: u32,
        n_items: u32,
    ) -> Result<Rankings<'a>, FormatError> {
        let at = cursor.offset();
        let table =
            Table::take(&mut cursor, FIELD, 1 + MAX_CATEGORIES + MAX_REGIONS + MAX_SEGMENTS)?;
        cursor.end(FIELD)?;
        let found = table.n_entries();
        if found != n_rankings {
            return Err(FormatError::Mismatch { field: FIELD, at, found, expected: n_rankings });
        }
        Ok(Rankings { table, n_items })
    }

    /// Looks at every entry. Strict order makes repeats within equal weights impossible; `seen` finds the others.
    pub(crate) fn check(&self) -> Result<(), FormatError> {
        self.table.check()?;
        let mut seen = alloc::vec![0u32; self.n_items as usize];
        for (number, (at, entry)) in (0..).zip(self.table.entries()) {
            let mut ranking = self.ranking(number);
            let n = ranking.n_left;
            let mut last: Option<Weighted> = None;
            let mut n_read = 0;
            for read in ranking.by_ref() {
                let (limit, found) = (self.n_items.saturating_sub(1), read.item.0);
                let Some(slot) = seen.get_mut(read.item.index()) else {
                    return Err(FormatError::TooMany { field: FIELD, at, found, limit });
                };
                let is_repeat = core::mem::replace(slot, number + 1) == number + 1;
                let is_late =
                    last.is_some_and(|last| last.weight == read.weight && last.item > read.item);
                if is_repeat || is_late {
                    return Err(FormatError::BadOrder { field: FIELD, at });
                }
                last = Some(read);
                n_read += 1;
            }
            let is_whole = n > 0 && ranking.rice <= MAX_RICE && ranking.bits.is_at_end();
            if n_read != n || !(entry.is_empty() || is_whole) {
                return Err(FormatError::Mismatch { field: FIELD, at, found: n_read, expected: n });
            }
        }
        Ok(())
    }

    /// A ranking by its number, best first. Ends early where the bytes are damaged; empty past the last one.
    pub(crate) fn ranking(&self, number: u32) -> Ranking<'a> {
        let mut rest = self.table.get(number as usize).unwrap_or(&[]);
        let n_left = varint::take(&mut rest).unwrap_or(0);
        let (&rice, rest) = rest.split_first().unwrap_or((&0, &[]));
        let width = row_width(self.n_items);
        Ranking { n_left, width, rice: rice.into(), weight: TOP, bits: Bits::new(rest) }
    }
}

/// Bits of a row of `n_items`.
fn row_width(n_items: u32) -> u32 {
    u32::BITS - n_items.saturating_sub(1).leading_zeros()
}

/// The entries of one ranking, best first. The default has none.
#[derive(Default)]
pub(crate) struct Ranking<'a> {
    n_left: u32,
    width: u32,
    rice: u32,
    weight: u32,
    bits: Bits<'a>,
}

impl Iterator for Ranking<'_> {
    type Item = Weighted;

    fn next(&mut self) -> Option<Weighted> {
        self.n_left = self.n_left.checked_sub(1)?;
        let item = ItemIdx(self.bits.take(self.width));
        let drop = self.bits.take_rice(self.rice.min(MAX_RICE));
        self.weight = self.weight.checked_sub(drop).filter(|&weight| weight > 0)?;
        (!self.bits.is_past_end()).then_some(Weighted { item, weight: self.weight })
    }
}

/// Makes the section. Weights are relative to 1.0; order within a ranking is by quantised weight, then row.
#[cfg(feature = "write")]
pub(crate) fn encode(
    rankings: &[Vec<WeightedItem>],
    n_items: usize,
) -> Result<Vec<u8>, FormatError> {
    let width = row_width(u32::try_from(n_items).unwrap_or(u32::MAX));
    let entries = rankings.iter().map(|ranking| encode_ranking(ranking, width));
    let entries = entries.collect::<Result<Vec<_>, _>>()?;
    let mut bytes = Vec::new();
    crate::table::put_table(&mut bytes, FIELD, &entries)?;
    Ok(bytes)
}

#[cfg(feature = "write")]
fn encode_ranking(ranking: &[WeightedItem], width: u32) -> Result<Vec<u8>, FormatError> {
    let mut quantised = Vec::with_capacity(ranking.len());
    for WeightedItem { item, weight } in ranking {
        if !(*weight > 0.0 && *weight <= 1.0) {
            return Err(FormatError::BadWeight { field: FIELD, item: item.0, found: *weight });
        }
        quantised.push((crate::lists::quantise(weight * f64::from(TOP), TOP), item.0));
    }
    quantised.sort_unstable_by_key(|&(weight, row)| (core::cmp::Reverse(weight), row));
    let mut entry = Vec::new();
    if quantised.is_empty() {
        return Ok(entry);
    }
    let above = [TOP].into_iter().chain(quantised.iter().map(|entry| entry.0));
    let drops: Vec<u32> = above.zip(&quantised).map(|(above, entry)| above - entry.0).collect();
    let n_bits = |rice: u32| -> u64 {
        drops.iter().map(|&drop| u64::from(drop >> rice) + u64::from(rice)).sum()
    };
    let rice = (0..=MAX_RICE).min_by_key(|&rice| n_bits(rice)).unwrap_or(0);
    varint::put(&mut entry, u32::try_from(quantised.len()).unwrap_or(u32::MAX));
    entry.push(u8::try_from(rice).unwrap_or(u8::MAX));
    let mut bits = BitWriter::default();
    for (&(_, row), &drop) in quantised.iter().zip(&drops) {
        bits.put(row, width);
        bits.put_rice(drop, rice);
    }
    entry.extend(bits.finish());
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
        encode(&values, 3).unwrap()
    }

    fn view(bytes: &[u8]) -> Result<Rankings<'_>, FormatError> {
        let n_rankings = u32::from_le_bytes(*bytes.first_chunk().unwrap());
        let rankings = Rankings::take(Cursor::new(bytes, 0), n_rankings, 3)?;
        rankings.check().map(|()| rankings)
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
    fn rejects_a_table_of_another_number_of_rankings() {
        let bytes = encoded(&[&[(1, 1.0)], &[]]);
        let taken = Rankings::take(Cursor::new(&bytes, 0), 3, 3);
        assert!(matches!(taken, Err(FormatError::Mismatch { found: 2, expected: 3, .. })));
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

    #[test]
    fn rejects_bits_behind_the_last_rank() {
        let with = |entry: &[u8]| {
            let mut bytes = Vec::new();
            crate::table::put_table(&mut bytes, FIELD, &[entry]).unwrap();
            view(&bytes).err()
        };
        // One item: row 2 in two bits, and a fall of none in one.
        assert_eq!(with(&[1, 0, 0b010]), None);
        for damaged in
            [&[1, 0, 0b1010][..], &[1, 0, 0b010, 0], &[1, 0], &[0, 0], &[1, 17, 0b010, 0, 0]]
        {
            let error = with(damaged);
            assert!(matches!(error, Some(FormatError::Mismatch { .. })), "{damaged:?} {error:?}");
        }
    }
}
