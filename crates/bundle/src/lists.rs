//! Sections of related items: per item, a list of rows with 4-bit weights.
//!
//! `codes: [u8; 16]`, the section's code book, and a table with one entry per item. An empty entry is an empty list; any
//! other is `scale: u16`, `n: varint`, and bits: for each of the `n` entries, ascending by row, the distance to the row
//! before, less one, in Golomb-Rice code, and the number of its weight in the code book. The weight is
//! `codes[number] * scale`, and [`Weighted::ONE`] stands for 1.0.
//!
//! The parameter of the code follows from `n` and the number of items, as for rows that are spread evenly, so that
//! nothing is stored and a list has one encoding.

#[cfg(feature = "write")]
use alloc::vec::Vec;

#[cfg(feature = "write")]
use edgewise_core::WeightedItem;
use edgewise_core::{ItemIdx, Weighted};

#[cfg(feature = "write")]
use crate::bits::BitWriter;
use crate::bits::Bits;
use crate::code_book::{CodeBook, N_CODES, is_code_book};
#[cfg(feature = "write")]
use crate::code_book::{learn, nearest};
use crate::cursor::Cursor;
use crate::error::FormatError;
use crate::limits::{MAX_ITEMS, MAX_LIST_ENTRIES};
use crate::table::Table;
use crate::varint;

/// Bits of a weight's number.
const CODE_BITS: u32 = N_CODES.ilog2();

/// View of the section.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lists<'a> {
    field: &'static str,
    codes: CodeBook,
    codes_at: usize,
    table: Table<'a>,
}

impl<'a> Lists<'a> {
    /// Takes the lists of `n_items` items.
    pub(crate) fn take(
        mut cursor: Cursor<'a>,
        field: &'static str,
        n_items: u32,
    ) -> Result<Lists<'a>, FormatError> {
        let codes_at = cursor.offset();
        let codes = cursor.array(field)?;
        let at = cursor.offset();
        let table = Table::take(&mut cursor, field, MAX_ITEMS)?;
        cursor.end(field)?;
        let found = table.n_entries();
        if found != n_items {
            return Err(FormatError::Mismatch { field, at, found, expected: n_items });
        }
        Ok(Lists { field, codes, codes_at, table })
    }

    /// Looks at every entry.
    pub(crate) fn check(&self) -> Result<(), FormatError> {
        if !is_code_book(&self.codes) {
            return Err(FormatError::BadOrder { field: self.field, at: self.codes_at });
        }
        self.table.check()?;
        for (row, (at, entry)) in (0..).zip(self.table.entries()) {
            if !entry.is_empty() {
                self.check_list(ItemIdx(row), at, entry)?;
            }
        }
        Ok(())
    }

    fn check_list(&self, of: ItemIdx, at: usize, entry: &[u8]) -> Result<(), FormatError> {
        let field = self.field;
        let mut list = self.list(of);
        let n_entries = list.n_left;
        if list.scale == 0 || n_entries == 0 {
            return Err(FormatError::Mismatch { field, at, found: 0, expected: 1 });
        }
        if n_entries > MAX_LIST_ENTRIES {
            let limit = MAX_LIST_ENTRIES;
            return Err(FormatError::TooMany { field, at, found: n_entries, limit });
        }
        let limit = self.table.n_entries().saturating_sub(1);
        let mut n_read = 0;
        for weighted in list.by_ref() {
            let found = weighted.item.0;
            if found > limit {
                return Err(FormatError::TooMany { field, at, found, limit });
            }
            if weighted.item == of {
                return Err(FormatError::BadOrder { field, at });
            }
            n_read += 1;
        }
        if n_read < n_entries {
            let (needed, found) = (n_entries as usize, n_read as usize);
            return Err(FormatError::TooShort { field, at, needed, found });
        }
        if list.bits.is_at_end() {
            return Ok(());
        }
        let found = u32::try_from(entry.len()).unwrap_or(u32::MAX);
        Err(FormatError::Mismatch { field, at, found, expected: 0 })
    }

    /// The list of an item. Ends early where the bytes are damaged.
    pub(crate) fn list(&self, of: ItemIdx) -> List<'a> {
        let entry = self.table.get(of.index()).unwrap_or(&[]);
        let (scale, mut rest) = entry.split_first_chunk::<2>().unwrap_or((&[0, 0], &[]));
        let n_left = varint::take(&mut rest).unwrap_or(0);
        List {
            codes: self.codes,
            scale: u16::from_le_bytes(*scale).into(),
            rice: rice(self.table.n_entries(), n_left),
            n_left,
            next: 0,
            bits: Bits::new(rest),
        }
    }

    /// Number of entries of all lists.
    pub(crate) fn n_entries(&self) -> u64 {
        (0..self.table.n_entries()).map(|row| self.list(ItemIdx(row)).count() as u64).sum()
    }
}

/// The parameter of the code of `n` gaps among `n_items`: the one that suits a geometric law of that mean, whose best
/// divisor is the mean times ln 2 = 0.69 (Gallager and van Voorhis, IEEE Transactions on Information Theory 21, 1975).
fn rice(n_items: u32, n: u32) -> u32 {
    (n_items.saturating_mul(11) / 16 / n.max(1)).max(1).ilog2()
}

/// The entries of one list, ascending by row. The default has none.
#[derive(Default)]
pub(crate) struct List<'a> {
    codes: CodeBook,
    scale: u32,
    rice: u32,
    n_left: u32,
    next: u32,
    bits: Bits<'a>,
}

impl Iterator for List<'_> {
    type Item = Weighted;

    #[inline]
    fn next(&mut self) -> Option<Weighted> {
        self.n_left = self.n_left.checked_sub(1)?;
        let gap = self.bits.take_rice(self.rice);
        let code = self.bits.take(CODE_BITS);
        let item = self.next.checked_add(gap)?;
        if self.bits.is_past_end() {
            return None;
        }
        self.next = item.wrapping_add(1);
        let code = self.codes.get(code as usize).copied().unwrap_or(0);
        Some(Weighted { item: ItemIdx(item), weight: u32::from(code) * self.scale })
    }
}

/// Makes the section of lists that ascend by row. A list's scale is its largest weight rounded up to a multiple of
/// 1/65,535; a weight is the nearest of the code book's multiples of scale/255.
#[cfg(feature = "write")]
pub(crate) fn encode(
    field: &'static str,
    lists: &[Vec<WeightedItem>],
) -> Result<Vec<u8>, FormatError> {
    let scaled = lists.iter().map(|list| scaled(field, list)).collect::<Result<Vec<_>, _>>()?;
    let mut histogram = [0; 256];
    for (_, weight) in scaled.iter().flat_map(|list| &list.entries) {
        if let Some(count) = histogram.get_mut(*weight as usize) {
            *count += 1;
        }
    }
    let codes = learn(&histogram);
    let n_items = u32::try_from(lists.len()).unwrap_or(u32::MAX);
    let entries: Vec<Vec<u8>> = scaled.iter().map(|list| list.encode(n_items, &codes)).collect();
    let mut bytes = codes.to_vec();
    crate::table::put_table(&mut bytes, field, &entries)?;
    Ok(bytes)
}

/// A list with its gaps, and its weights in 255ths of its scale.
#[cfg(feature = "write")]
struct Scaled {
    scale: u32,
    entries: Vec<(u32, u32)>,
}

#[cfg(feature = "write")]
fn scaled(field: &'static str, list: &[WeightedItem]) -> Result<Scaled, FormatError> {
    for WeightedItem { item, weight } in list {
        if !(*weight > 0.0 && *weight <= 1.0) {
            return Err(FormatError::BadWeight { field, item: item.0, found: *weight });
        }
    }
    let largest = list.iter().map(|entry| entry.weight).fold(0.0, f64::max);
    let scale = quantise(largest * 65_535.0 + 0.499_999, 65_535);
    let mut next = 0u32;
    let mut entries = Vec::with_capacity(list.len());
    for WeightedItem { item, weight } in list {
        let Some(gap) = item.0.checked_sub(next) else {
            return Err(FormatError::BadOrder { field, at: entries.len() });
        };
        entries.push((gap, quantise(weight * 65_535.0 * 255.0 / f64::from(scale), 255)));
        next = item.0 + 1;
    }
    Ok(Scaled { scale, entries })
}

#[cfg(feature = "write")]
impl Scaled {
    fn encode(&self, n_items: u32, codes: &CodeBook) -> Vec<u8> {
        if self.entries.is_empty() {
            return Vec::new();
        }
        let n = u32::try_from(self.entries.len()).unwrap_or(u32::MAX);
        let mut entry = Vec::new();
        entry.extend(u16::try_from(self.scale).unwrap_or(u16::MAX).to_le_bytes());
        varint::put(&mut entry, n);
        let mut bits = BitWriter::default();
        for &(gap, weight) in &self.entries {
            bits.put_rice(gap, rice(n_items, n));
            bits.put(nearest(codes, weight), CODE_BITS);
        }
        entry.extend(bits.finish());
        entry
    }
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
#[expect(clippy::indexing_slicing, reason = "a test may panic")]
mod tests {
    use super::*;

    fn weighted(entries: &[(u32, f64)]) -> Vec<WeightedItem> {
        entries.iter().map(|&(row, weight)| WeightedItem { item: ItemIdx(row), weight }).collect()
    }

    fn view(bytes: &[u8]) -> Result<Lists<'_>, FormatError> {
        let n_items = u32::from_le_bytes(*bytes[N_CODES..].first_chunk().unwrap());
        let lists = Lists::take(Cursor::new(bytes, 0), "similar", n_items)?;
        lists.check().map(|()| lists)
    }

    #[test]
    fn lists_come_back_with_weights_near_theirs() {
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
    fn rejects_a_code_book_out_of_order() {
        let mut bytes = encode("similar", &[weighted(&[(1, 0.5)]), Vec::new()]).unwrap();
        bytes[15] = 254;
        assert_eq!(view(&bytes).err(), Some(FormatError::BadOrder { field: "similar", at: 0 }));
    }

    #[test]
    fn rejects_bits_behind_the_last_entry() {
        let bytes = encode("similar", &[weighted(&[(1, 0.5)]), Vec::new()]).unwrap();
        // Behind the code book, two counts and two bytes of ends: the scale, the count, and a byte of one bit of gap's
        // quotient, none of its rest, and four of code.
        let at = 16 + 8 + 2 + 3;
        let mut padded = bytes.clone();
        padded[at] |= 0x80;
        assert!(matches!(view(&padded), Err(FormatError::Mismatch { field: "similar", .. })));
        let mut endless = bytes;
        endless[at] = 0xff;
        assert!(matches!(view(&endless), Err(FormatError::TooShort { field: "similar", .. })));
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
