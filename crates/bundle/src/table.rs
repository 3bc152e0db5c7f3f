//! The shape that most sections share: many byte strings, found by number in constant time.
//!
//! `n: u32, body_len: u32, ends, body: [u8; body_len], padding to 4`. Entry `i` is `body[ends[i - 1]..ends[i]]`, and
//! `ends[-1]` is 0; the ends are [`Ends`].

use alloc::vec::Vec;

use edgewise_core::paths::{is_below, parent, push_shown, stored};

use crate::cursor::Cursor;
use crate::ends::Ends;
#[cfg(feature = "write")]
use crate::ends::put_ends;
use crate::error::FormatError;
use crate::limits::MAX_BUNDLE_BYTES;

/// Tables and arrays inside a section start at a multiple of this.
pub(crate) const TABLE_ALIGNMENT: usize = 4;

/// Little-endian `u16`s in place.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct U16s<'a>(&'a [[u8; 2]]);

impl<'a> U16s<'a> {
    pub(crate) fn take(
        cursor: &mut Cursor<'a>,
        field: &'static str,
        n: u32,
    ) -> Result<Self, FormatError> {
        let bytes = cursor.bytes(field, (n as usize).saturating_mul(2))?;
        Ok(U16s(bytes.as_chunks().0))
    }

    pub(crate) fn get(self, index: usize) -> Option<u16> {
        self.0.get(index).copied().map(u16::from_le_bytes)
    }

    pub(crate) fn len(self) -> u32 {
        // Cannot fail: they were taken by a number of this type.
        u32::try_from(self.0.len()).unwrap_or(u32::MAX)
    }

    pub(crate) fn iter(self) -> impl Iterator<Item = u16> + 'a {
        self.0.iter().copied().map(u16::from_le_bytes)
    }
}

/// Byte strings in place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table<'a> {
    field: &'static str,
    ends: Ends<'a>,
    body: &'a [u8],
}

impl<'a> Table<'a> {
    /// Takes a table of at most `limit` entries. Constant time: [`Table::check`] looks at the entries.
    pub(crate) fn take(
        cursor: &mut Cursor<'a>,
        field: &'static str,
        limit: u32,
    ) -> Result<Self, FormatError> {
        let n = cursor.count(field, limit)?;
        let body_len = cursor.count(field, MAX_BUNDLE_BYTES)?;
        let ends = Ends::take(cursor, field, n, body_len)?;
        let body = cursor.bytes(field, body_len as usize)?;
        cursor.padding(TABLE_ALIGNMENT)?;
        Ok(Table { field, ends, body })
    }

    pub(crate) fn n_entries(&self) -> u32 {
        self.ends.n()
    }

    pub(crate) fn field(&self) -> &'static str {
        self.field
    }

    /// Offset of the ends in the bundle.
    pub(crate) fn offset(&self) -> usize {
        self.ends.offset()
    }

    /// The rows of a node and of all that is below it; empty past the last row.
    pub(crate) fn subtree(&self, row: u32) -> core::ops::Range<u32> {
        let Some(node) = self.get(row as usize) else { return row..row };
        let (mut low, mut high) = (row + 1, self.n_entries());
        while low < high {
            let middle = low + (high - low) / 2;
            if self.get(middle as usize).is_some_and(|name| is_below(name, node)) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        row..low
    }

    /// The row of the node above.
    pub(crate) fn parent(&self, row: u32) -> Option<u32> {
        self.find_name(parent(self.text(row as usize)?)?.as_bytes())
    }

    /// Entry `index`; `None` past the last one, or when the table is damaged there.
    pub(crate) fn get(&self, index: usize) -> Option<&'a [u8]> {
        self.body.get(self.ends.range(index)?)
    }

    /// Entry `index` as text that [`Table::check_texts`] has seen.
    pub(crate) fn text(&self, index: usize) -> Option<&'a str> {
        core::str::from_utf8(self.get(index)?).ok()
    }

    /// Ends ascend and the last one is the body's length.
    pub(crate) fn check(&self) -> Result<(), FormatError> {
        self.ends.check(self.field)
    }

    /// Every entry with its offset in the bundle.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (usize, &'a [u8])> + '_ {
        let mut at = self.ends.offset_behind();
        (0..self.n_entries()).map_while(move |index| {
            let entry = self.get(index as usize)?;
            let here = at;
            at += entry.len();
            Some((here, entry))
        })
    }

    /// [`Table::check`], and every entry is UTF-8 of 1 to `limit` bytes.
    pub(crate) fn check_texts(&self, limit: u32) -> Result<(), FormatError> {
        self.check()?;
        for (at, entry) in self.entries() {
            check_text(self.field, at, entry, limit)?;
            if entry.is_empty() {
                return Err(FormatError::TooShort { field: self.field, at, needed: 1, found: 0 });
            }
        }
        Ok(())
    }

    /// [`Table::check_texts`], and the entries ascend without repeats.
    pub(crate) fn check_names(&self, limit: u32) -> Result<(), FormatError> {
        self.check_texts(limit)?;
        let mut last: Option<&[u8]> = None;
        for (at, entry) in self.entries() {
            if last.is_some_and(|last| last >= entry) {
                return Err(FormatError::BadOrder { field: self.field, at });
            }
            last = Some(entry);
        }
        Ok(())
    }

    /// Where a name stands in a table that passed [`Table::check_names`].
    pub(crate) fn find_name(&self, name: &[u8]) -> Option<u32> {
        search(self.n_entries(), |row| self.get(row as usize).map(|entry| entry.cmp(name)))
    }

    /// Where a path stands, as people write it, with ` > ` between its parts.
    pub(crate) fn find_path(&self, shown: &str) -> Option<u32> {
        self.find_name(stored(shown).as_bytes())
    }

    /// A path as people read it, written into `text`, which is emptied first.
    pub(crate) fn path<'t>(&self, row: u32, text: &'t mut Vec<u8>) -> Option<&'t str> {
        text.clear();
        push_shown(text, self.text(row as usize)?);
        core::str::from_utf8(text).ok()
    }
}

/// Binary search over `0..n`; `compare` says where a row stands against what is sought, `None` ends the search.
pub(crate) fn search(n: u32, compare: impl Fn(u32) -> Option<core::cmp::Ordering>) -> Option<u32> {
    let (mut low, mut high) = (0, n);
    while low < high {
        let middle = low + (high - low) / 2;
        match compare(middle)? {
            core::cmp::Ordering::Less => low = middle + 1,
            core::cmp::Ordering::Equal => return Some(middle),
            core::cmp::Ordering::Greater => high = middle,
        }
    }
    None
}

/// Refuses text that is too long or not UTF-8.
pub(crate) fn check_text(
    field: &'static str,
    at: usize,
    text: &[u8],
    limit: u32,
) -> Result<(), FormatError> {
    let found = u32::try_from(text.len()).unwrap_or(u32::MAX);
    if found > limit {
        return Err(FormatError::TooMany { field, at, found, limit });
    }
    core::str::from_utf8(text).map(drop).map_err(|_| FormatError::BadText { field, at })
}

/// Appends a table.
#[cfg(feature = "write")]
pub(crate) fn put_table<E: AsRef<[u8]>>(
    bytes: &mut Vec<u8>,
    field: &'static str,
    entries: &[E],
) -> Result<(), FormatError> {
    let at = bytes.len();
    let too_many = |found: usize| FormatError::TooMany {
        field,
        at,
        found: u32::try_from(found).unwrap_or(u32::MAX),
        limit: MAX_BUNDLE_BYTES,
    };
    let body_len: usize = entries.iter().map(|entry| entry.as_ref().len()).sum();
    for count in [entries.len(), body_len] {
        let count = u32::try_from(count).map_err(|_| too_many(count))?;
        bytes.extend(count.to_le_bytes());
    }
    // Cannot fail: their sum fits.
    let len = |entry: &E| u32::try_from(entry.as_ref().len()).unwrap_or(u32::MAX);
    put_ends(bytes, entries.iter().map(len));
    for entry in entries {
        bytes.extend(entry.as_ref());
    }
    pad(bytes, TABLE_ALIGNMENT);
    Ok(())
}

/// Appends zeros up to a multiple of `alignment`.
#[cfg(feature = "write")]
pub(crate) fn pad(bytes: &mut Vec<u8>, alignment: usize) {
    bytes.resize(bytes.len().next_multiple_of(alignment), 0);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_back_by_number_and_by_name() {
        let mut bytes = Vec::new();
        put_table(&mut bytes, "names", &["apple", "pear", "plum"]).unwrap();
        let mut cursor = Cursor::new(&bytes, 0);
        let table = Table::take(&mut cursor, "names", 3).unwrap();
        assert_eq!(cursor.len(), 0);
        assert_eq!(table.check_names(5), Ok(()));
        assert_eq!(table.text(2), Some("plum"));
        assert_eq!(table.get(3), None);
        assert_eq!(table.find_name(b"pear"), Some(1));
        assert_eq!(table.find_name(b"quince"), None);
        assert!(matches!(table.check_names(4), Err(FormatError::TooMany { limit: 4, .. })));
    }

    #[test]
    fn rejects_names_out_of_order() {
        let mut bytes = Vec::new();
        put_table(&mut bytes, "names", &["pear", "apple"]).unwrap();
        let table = Table::take(&mut Cursor::new(&bytes, 0), "names", 9).unwrap();
        // Two counts are eight bytes, two ends of mean length 4 are two; `pear` takes four.
        assert_eq!(table.check_names(9), Err(FormatError::BadOrder { field: "names", at: 14 }));
    }
}
