//! Sections of related items: per item, a list of rows with weights.
//!
//! A section begins with its code book and the prefix codes of its distances and weights; then comes a table with one
//! entry per item. An empty entry is an empty list. Any other is `scale: u8`, `n: varint`, and two streams of bits that
//! meet: from the front `n_before`, in as many bits as `n` has, and the distances from row to row, from the item's own
//! row down over the `n_before` rows before it and up over the others; from the back the numbers of the weights in the
//! code book, in the same order.
//!
//! A distance `d` is the symbol `e = floor(log2(d))` in a prefix code and the lowest `e` bits of `d` (Elias, "Universal
//! codeword sets and representations of the integers", IEEE Transactions on Information Theory 21, 1975, with the code of
//! the exponent fitted to the section). Which code it is depends on the exponent before, and a weight's code on the weight
//! before: near rows follow near ones.

pub(crate) mod code_book;
#[cfg(feature = "write")]
mod encode;
pub(crate) mod prefix_code;
mod read;
mod scale;
#[cfg(feature = "write")]
mod sizes;
#[cfg(feature = "write")]
pub(crate) mod streams;

use edgewise_core::ItemIdx;

use crate::cursor::Cursor;
use crate::error::FormatError;
use crate::limits::{MAX_ITEMS, MAX_LIST_ENTRIES};
use crate::table::Table;
use code_book::{CodeBook, N_CODES, is_code_book};
use prefix_code::{First, N_SYMBOLS, TABLE_BYTES, first_fault};
use read::{BLOCK, NOTHING, Reader};

#[cfg(feature = "write")]
pub(crate) use encode::{encode, quantise};
pub(crate) use read::List;
#[cfg(feature = "write")]
pub use sizes::ListSizes;

/// Exponents that share the code of what follows them, and weights that do. A code for each took 1 % fewer bits on
/// check-ins and four times the tables, which small shops do not earn back.
const PER_CODE: usize = 4;
/// Bytes of the codes of distances.
const DISTANCES: usize = N_SYMBOLS / PER_CODE * TABLE_BYTES;
/// Bytes of the codes of weights.
const WEIGHTS: usize = N_CODES / PER_CODE * TABLE_BYTES;

/// View of the section.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lists<'a> {
    field: &'static str,
    book: CodeBook,
    book_at: usize,
    distances: &'a [u8; DISTANCES],
    weights: &'a [u8; WEIGHTS],
    table: Table<'a>,
}

impl<'a> Lists<'a> {
    /// Takes the lists of `n_items` items.
    pub(crate) fn take(
        mut cursor: Cursor<'a>,
        field: &'static str,
        n_items: u32,
    ) -> Result<Lists<'a>, FormatError> {
        let book_at = cursor.offset();
        let book = cursor.array(field)?;
        let distances = take_codes(&mut cursor, field)?;
        let weights = take_codes(&mut cursor, field)?;
        let at = cursor.offset();
        let table = Table::take(&mut cursor, field, MAX_ITEMS)?;
        cursor.end(field)?;
        let found = table.n_entries();
        if found != n_items {
            return Err(FormatError::Mismatch { field, at, found, expected: n_items });
        }
        Ok(Lists { field, book, book_at, distances, weights, table })
    }

    /// Looks at every entry.
    pub(crate) fn check(&self) -> Result<(), FormatError> {
        if !is_code_book(&self.book) {
            return Err(FormatError::BadOrder { field: self.field, at: self.book_at });
        }
        let distances_at = self.book_at + N_CODES;
        self.check_codes(distances_at, self.distances, First::Lowest)?;
        self.check_codes(distances_at + DISTANCES, self.weights, First::Highest)?;
        self.table.check()?;
        for (row, (at, entry)) in (0..).zip(self.table.entries()) {
            if !entry.is_empty() {
                self.check_list(ItemIdx(row), at, entry)?;
            }
        }
        Ok(())
    }

    fn check_codes(&self, at: usize, tables: &[u8], first: First) -> Result<(), FormatError> {
        for (number, table) in tables.chunks(TABLE_BYTES).enumerate() {
            if let Some(fault) = first_fault(table, first) {
                let at = at + number * TABLE_BYTES + fault;
                return Err(FormatError::BadOrder { field: self.field, at });
            }
        }
        Ok(())
    }

    /// Distances are at least one and go one way from the item's own row, so a list that ends where it should names
    /// neither its item nor another one twice.
    fn check_list(&self, of: ItemIdx, at: usize, entry: &[u8]) -> Result<(), FormatError> {
        let field = self.field;
        let mut list = Reader::new(self, of, entry);
        let n_entries = list.n_left();
        if n_entries == 0 || list.scale() == 0 {
            return Err(FormatError::Mismatch { field, at, found: 0, expected: 1 });
        }
        for (found, limit) in [(n_entries, MAX_LIST_ENTRIES), (list.n_before(), n_entries)] {
            if found > limit {
                return Err(FormatError::TooMany { field, at, found, limit });
            }
        }
        let limit = self.table.n_entries().saturating_sub(1);
        let mut block = [NOTHING; BLOCK];
        while list.n_left() > 0 {
            let (n_left, n_block) = (list.n_left() as usize, list.read(&mut block));
            if list.n_rest().is_none() {
                return Err(FormatError::TooShort { field, at, needed: n_left, found: 0 });
            }
            for weighted in block.iter().take(n_block) {
                let found = weighted.item.0;
                if found > limit {
                    return Err(FormatError::TooMany { field, at, found, limit });
                }
            }
        }
        if list.is_at_end() {
            return Ok(());
        }
        let found = u32::try_from(entry.len()).unwrap_or(u32::MAX);
        Err(FormatError::Mismatch { field, at, found, expected: 0 })
    }

    /// The list of an item. Where the bytes are damaged it may end early or name other rows, also past the last item.
    #[inline]
    pub(crate) fn list(&self, of: ItemIdx) -> List<'a> {
        List::of(self, of, self.table.get(of.index()).unwrap_or(&[]))
    }

    /// Number of entries of all lists.
    pub(crate) fn n_entries(&self) -> u64 {
        let n_of = |(row, (_, entry))| u64::from(Reader::new(self, ItemIdx(row), entry).n_left());
        (0..).zip(self.table.entries()).map(n_of).sum()
    }
}

fn take_codes<'a, const N: usize>(
    cursor: &mut Cursor<'a>,
    field: &'static str,
) -> Result<&'a [u8; N], FormatError> {
    let at = cursor.offset();
    let bytes = cursor.bytes(field, N)?;
    let short = FormatError::TooShort { field, at, needed: N, found: bytes.len() };
    bytes.first_chunk().ok_or(short)
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "a test may panic")]
mod tests;
