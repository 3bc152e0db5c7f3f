//! Many strings of bits, found by number in constant time: what [`crate::table`] is for bytes.
//!
//! `n_bits: u32, ends, body, padding to 4`. String `i` is the bits `ends[i - 1]..ends[i]` of the body, and `ends[-1]` is 0.
//! Where strings are short, ends in bits cost as much as ends in bytes and the rest of each last byte, and say where a
//! string ends.

#[cfg(feature = "write")]
use alloc::vec::Vec;
use core::ops::Range;

#[cfg(feature = "write")]
use crate::bits::BitWriter;
use crate::bits::window;
use crate::cursor::Cursor;
use crate::ends::Ends;
#[cfg(feature = "write")]
use crate::ends::put_ends;
use crate::error::FormatError;
use crate::table::TABLE_ALIGNMENT;
#[cfg(feature = "write")]
use crate::table::pad;

/// Strings of bits in place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BitTable<'a> {
    field: &'static str,
    ends: Ends<'a>,
    n_bits: u32,
    body: &'a [u8],
}

impl<'a> BitTable<'a> {
    /// Takes `n` strings. Constant time.
    pub(crate) fn take(
        cursor: &mut Cursor<'a>,
        field: &'static str,
        n: u32,
    ) -> Result<BitTable<'a>, FormatError> {
        let n_bits = cursor.u32(field)?;
        let ends = Ends::take(cursor, field, n, n_bits)?;
        let body = cursor.bytes(field, n_bits.div_ceil(8) as usize)?;
        cursor.padding(TABLE_ALIGNMENT)?;
        Ok(BitTable { field, ends, n_bits, body })
    }

    /// The bytes that hold all strings.
    pub(crate) fn body(&self) -> &'a [u8] {
        self.body
    }

    /// Offset of the body in the bundle.
    pub(crate) fn at(&self) -> usize {
        self.ends.offset_behind()
    }

    /// Where string `index` is among the bits of the body; nowhere past the last one. Within the body, whatever the ends
    /// say.
    pub(crate) fn range(&self, index: usize) -> Range<usize> {
        let range = self.ends.range(index).unwrap_or(0..0);
        range.start..range.end.min(self.n_bits as usize)
    }

    /// Ends ascend, the last one is the body's length, and what is left of its last byte is zero.
    pub(crate) fn check(&self) -> Result<(), FormatError> {
        self.ends.check(self.field)?;
        let rest = window(self.body, self.n_bits as usize);
        if self.ends.n() == 0 && self.n_bits > 0 || rest != 0 {
            let (field, at, found) = (self.field, self.at(), self.n_bits);
            return Err(FormatError::Mismatch { field, at, found, expected: 0 });
        }
        Ok(())
    }
}

/// Appends strings that stand behind one another in `bits` and have these lengths.
#[cfg(feature = "write")]
pub(crate) fn put_bit_table(
    bytes: &mut Vec<u8>,
    field: &'static str,
    lengths: &[u32],
    bits: BitWriter,
) -> Result<(), FormatError> {
    let n_bits: u64 = lengths.iter().map(|&length| u64::from(length)).sum();
    let (at, limit) = (bytes.len(), u32::MAX);
    let too_many = FormatError::TooMany { field, at, found: limit, limit };
    bytes.extend(u32::try_from(n_bits).map_err(|_| too_many)?.to_le_bytes());
    put_ends(bytes, lengths.iter().copied());
    bytes.extend(bits.finish());
    pad(bytes, TABLE_ALIGNMENT);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded() -> Vec<u8> {
        let mut bits = BitWriter::default();
        bits.put(5, 3);
        bits.put(1_000, 10);
        let mut bytes = Vec::new();
        put_bit_table(&mut bytes, "strings", &[3, 0, 10], bits).unwrap();
        bytes
    }

    fn view(bytes: &[u8]) -> Result<BitTable<'_>, FormatError> {
        let mut cursor = Cursor::new(bytes, 0);
        let table = BitTable::take(&mut cursor, "strings", 3)?;
        assert_eq!(cursor.len(), 0);
        table.check().map(|()| table)
    }

    #[test]
    fn strings_are_found_by_number() {
        let bytes = encoded();
        let table = view(&bytes).unwrap();
        let ranges: Vec<Range<usize>> = (0..4).map(|index| table.range(index)).collect();
        assert_eq!(ranges, [0..3, 3..3, 3..13, 0..0]);
        assert_eq!(window(table.body(), 3) & 1_023, 1_000);
    }

    #[test]
    fn rejects_bits_behind_the_last_string() {
        let mut bytes = encoded();
        let last = table_end(&bytes);
        if let Some(byte) = bytes.get_mut(last) {
            *byte |= 0x80;
        }
        assert!(matches!(view(&bytes), Err(FormatError::Mismatch { field: "strings", .. })));
    }

    fn table_end(bytes: &[u8]) -> usize {
        let table = view(bytes).unwrap();
        table.at() + table.body().len() - 1
    }
}
