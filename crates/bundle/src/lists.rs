//! Sections `similar` and `together`: per item, a list of related items with 8-bit weights.
//!
//! A table with one entry per item. An empty entry is an empty list; any other is `scale: u16` and then pairs of
//! `delta: varint, q: u8`, ascending by row. The first `delta` is the row, a later one the distance to the row
//! before, less one. The weight is `q * scale`, and [`Weighted::ONE`] stands for 1.0.
//!
//! Eight bits with a scale per list follow the finding that even four bits per list cost no measurable recall.

#[cfg(feature = "write")]
use alloc::vec::Vec;

#[cfg(feature = "write")]
use edgewise_core::WeightedItem;
use edgewise_core::{ItemIdx, Weighted};

use crate::cursor::Cursor;
use crate::error::FormatError;
use crate::limits::{MAX_ITEMS, MAX_LIST_ENTRIES};
use crate::table::Table;
use crate::varint;

/// View of the section.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lists<'a> {
    field: &'static str,
    table: Table<'a>,
}

impl<'a> Lists<'a> {
    /// Takes the lists of `n_items` items.
    pub(crate) fn take(
        mut cursor: Cursor<'a>,
        field: &'static str,
        n_items: u32,
    ) -> Result<Lists<'a>, FormatError> {
        let at = cursor.offset();
        let table = Table::take(&mut cursor, field, MAX_ITEMS)?;
        cursor.end(field)?;
        let found = table.n_entries();
        if found != n_items {
            return Err(FormatError::Mismatch { field, at, found, expected: n_items });
        }
        Ok(Lists { field, table })
    }

    /// Looks at every entry.
    pub(crate) fn check(&self) -> Result<(), FormatError> {
        self.table.check()?;
        let n_items = self.table.n_entries();
        for (row, (at, entry)) in (0..).zip(self.table.entries()) {
            self.check_list(row, at, entry, n_items)?;
        }
        Ok(())
    }

    fn check_list(
        &self,
        row: u32,
        at: usize,
        entry: &[u8],
        n_items: u32,
    ) -> Result<(), FormatError> {
        let field = self.field;
        let Some((scale, mut rest)) = entry.split_first_chunk::<2>() else {
            let found = entry.len();
            return if found == 0 {
                Ok(())
            } else {
                Err(FormatError::TooShort { field, at, needed: 2, found })
            };
        };
        if *scale == [0, 0] || rest.is_empty() {
            return Err(FormatError::Mismatch { field, at, found: 0, expected: 1 });
        }
        let mut next = 0u32;
        let mut n_entries = 0u32;
        while !rest.is_empty() {
            let at = at + entry.len() - rest.len();
            let delta = varint::take(&mut rest).ok_or(FormatError::BadVarint { field, at })?;
            let item = next.saturating_add(delta);
            let limit = n_items.saturating_sub(1);
            if item > limit {
                return Err(FormatError::TooMany { field, at, found: item, limit });
            }
            if item == row {
                return Err(FormatError::BadOrder { field, at });
            }
            let (&q, behind) = rest.split_first().ok_or(FormatError::TooShort {
                field,
                at,
                needed: 1,
                found: 0,
            })?;
            if q == 0 {
                return Err(FormatError::Mismatch { field, at, found: 0, expected: 1 });
            }
            rest = behind;
            next = item + 1;
            n_entries += 1;
        }
        if n_entries > MAX_LIST_ENTRIES {
            return Err(FormatError::TooMany {
                field,
                at,
                found: n_entries,
                limit: MAX_LIST_ENTRIES,
            });
        }
        Ok(())
    }

    /// The list of an item. Ends early where the bytes are damaged.
    pub(crate) fn list(&self, of: ItemIdx) -> List<'a> {
        let entry = self.table.get(of.index()).unwrap_or(&[]);
        let (scale, rest) = entry.split_first_chunk::<2>().unwrap_or((&[0, 0], &[]));
        List { scale: u16::from_le_bytes(*scale).into(), next: 0, rest }
    }

    /// Number of entries of all lists.
    pub(crate) fn n_entries(&self) -> u64 {
        (0..self.table.n_entries()).map(|row| self.list(ItemIdx(row)).count() as u64).sum()
    }
}

/// The entries of one list, ascending by row. The default has none.
#[derive(Default)]
pub(crate) struct List<'a> {
    scale: u32,
    next: u32,
    rest: &'a [u8],
}

impl Iterator for List<'_> {
    type Item = Weighted;

    #[inline]
    fn next(&mut self) -> Option<Weighted> {
        let delta = varint::take(&mut self.rest)?;
        let (&q, rest) = self.rest.split_first()?;
        self.rest = rest;
        let item = self.next.checked_add(delta)?;
        self.next = item.wrapping_add(1);
        Some(Weighted { item: ItemIdx(item), weight: u32::from(q) * self.scale })
    }
}

/// Makes the section of lists that ascend by row. A list's scale is its largest weight rounded up to a multiple of
/// 1/65,535; a weight is the nearest multiple of scale/255, and at least one.
#[cfg(feature = "write")]
pub(crate) fn encode(
    field: &'static str,
    lists: &[Vec<WeightedItem>],
) -> Result<Vec<u8>, FormatError> {
    let entries =
        lists.iter().map(|list| encode_list(field, list)).collect::<Result<Vec<_>, _>>()?;
    let mut bytes = Vec::new();
    crate::table::put_table(&mut bytes, field, &entries)?;
    Ok(bytes)
}

#[cfg(feature = "write")]
fn encode_list(field: &'static str, list: &[WeightedItem]) -> Result<Vec<u8>, FormatError> {
    for WeightedItem { item, weight } in list {
        if !(*weight > 0.0 && *weight <= 1.0) {
            return Err(FormatError::BadWeight { field, item: item.0, found: *weight });
        }
    }
    let Some(largest) = list.iter().map(|entry| entry.weight).reduce(f64::max) else {
        return Ok(Vec::new());
    };
    let scale = quantise(largest * 65_535.0 + 0.499_999, 65_535);
    let mut entry = Vec::with_capacity(2 + list.len() * 3);
    entry.extend(u16::try_from(scale).unwrap_or(u16::MAX).to_le_bytes());
    let mut next = 0u32;
    for WeightedItem { item, weight } in list {
        let Some(delta) = item.0.checked_sub(next) else {
            return Err(FormatError::BadOrder { field, at: entry.len() });
        };
        varint::put(&mut entry, delta);
        let q = quantise(weight * 65_535.0 * 255.0 / f64::from(scale), 255);
        entry.push(u8::try_from(q).unwrap_or(u8::MAX));
        next = item.0 + 1;
    }
    Ok(entry)
}

/// The nearest integer in `1..=most`. Takes positive values.
#[cfg(feature = "write")]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range first"
)]
pub(crate) fn quantise(value: f64, most: u32) -> u32 {
    (value + 0.5).clamp(1.0, f64::from(most)) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn weighted(entries: &[(u32, f64)]) -> Vec<WeightedItem> {
        entries.iter().map(|&(row, weight)| WeightedItem { item: ItemIdx(row), weight }).collect()
    }

    fn view(bytes: &[u8]) -> Result<Lists<'_>, FormatError> {
        let n_items = u32::from_le_bytes(*bytes.first_chunk().unwrap());
        let lists = Lists::take(Cursor::new(bytes, 0), "similar", n_items)?;
        lists.check().map(|()| lists)
    }

    #[test]
    fn lists_come_back_with_weights_within_half_a_step() {
        let values = [
            weighted(&[(1, 0.5), (2, 0.000_001), (300, 0.25)]),
            weighted(&[(0, 1.0)]),
            Vec::new(),
            weighted(&[(0, 0.123), (1, 0.087), (2, 0.086)]),
        ];
        let mut lists = values.to_vec();
        lists.resize(301, Vec::new());
        let bytes = encode("similar", &lists).unwrap();
        let view = view(&bytes).unwrap();
        assert_eq!(view.n_entries(), 7);
        for (row, list) in (0..).zip(&lists) {
            let largest = list.iter().map(|entry| entry.weight).fold(0.0, f64::max);
            let read: Vec<Weighted> = view.list(ItemIdx(row)).collect();
            assert_eq!(read.len(), list.len());
            for (found, expected) in read.iter().zip(list) {
                assert_eq!(found.item, expected.item);
                let value = f64::from(found.weight) / f64::from(Weighted::ONE);
                let step = (largest + 1.0 / 65_535.0) / 255.0;
                assert!((value - expected.weight).abs() <= step, "{value} {expected:?}");
            }
        }
    }

    #[test]
    fn rejects_a_list_that_holds_its_own_item() {
        let bytes = encode("similar", &[weighted(&[(0, 0.5)])]).unwrap();
        assert!(matches!(view(&bytes), Err(FormatError::BadOrder { .. })));
    }

    #[test]
    fn rejects_a_row_past_the_last_item() {
        let bytes = encode("similar", &[weighted(&[(1, 0.5)])]).unwrap();
        assert!(matches!(view(&bytes), Err(FormatError::TooMany { found: 1, limit: 0, .. })));
    }

    #[test]
    fn refuses_weights_that_are_none() {
        for weight in [0.0, -0.5, 1.5, f64::NAN] {
            let refused = encode("similar", &[weighted(&[(1, weight)])]);
            assert!(matches!(refused, Err(FormatError::BadWeight { item: 1, .. })));
        }
    }

    #[test]
    fn refuses_a_list_out_of_order() {
        let refused = encode("similar", &[weighted(&[(2, 0.5), (1, 0.5)])]);
        assert!(matches!(refused, Err(FormatError::BadOrder { .. })));
    }
}
