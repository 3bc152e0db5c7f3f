//! Numbers that take few values: the values, and for each number which one it is, in as many bits as that needs.

#[cfg(feature = "write")]
use alloc::vec::Vec;

#[cfg(feature = "write")]
use crate::bits::BitWriter;
use crate::cursor::Cursor;
use crate::error::FormatError;
#[cfg(feature = "write")]
use crate::table::pad;
use crate::table::{TABLE_ALIGNMENT, U16s};

const FIELD: &str = "sessions";
/// Most values of a book: as many as there are.
const MAX_VALUES: u32 = 1 << 16;

/// View of the values and of which one each number is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Book<'a> {
    at: usize,
    n: u32,
    width: u32,
    values: U16s<'a>,
    packed: &'a [u8],
}

impl<'a> Book<'a> {
    /// Takes `n` numbers.
    pub(super) fn take(cursor: &mut Cursor<'a>, n: u32) -> Result<Book<'a>, FormatError> {
        let at = cursor.offset();
        let n_values = cursor.count(FIELD, MAX_VALUES)?;
        let values = U16s::take(cursor, FIELD, n_values)?;
        let width = width(n_values);
        let n_bits = n as usize * width as usize;
        let packed = cursor.bytes(FIELD, n_bits.div_ceil(8))?;
        cursor.padding(TABLE_ALIGNMENT)?;
        Ok(Book { at, n, width, values, packed })
    }

    /// Which value number `index` is: bits of one byte, or of two whole ones.
    #[inline]
    fn code(&self, index: u32) -> u32 {
        let at = index as usize * self.width as usize;
        let low = self.packed.get(at / 8).copied().unwrap_or(0);
        if self.width == 16 {
            let high = self.packed.get(at / 8 + 1).copied().unwrap_or(0);
            return u16::from_le_bytes([low, high]).into();
        }
        u32::from(low) >> (at % 8) & ((1 << self.width) - 1)
    }

    /// Number `index`; 0 past the last one.
    #[inline]
    pub(super) fn get(&self, index: u32) -> u16 {
        let value = (index < self.n).then(|| self.values.get(self.code(index) as usize));
        value.flatten().unwrap_or(0)
    }

    /// Values ascend, each number is one of them, and what is left of the last byte is zero.
    pub(super) fn check(&self) -> Result<(), FormatError> {
        let (field, at) = (FIELD, self.at);
        if !self.values.iter().zip(self.values.iter().skip(1)).all(|(low, high)| low < high) {
            return Err(FormatError::BadOrder { field, at });
        }
        let limit = self.values.len().saturating_sub(1);
        // Behind the last number, in its last byte, there are zeros.
        let n_per_byte = 8 / self.width.clamp(1, 8);
        for index in 0..self.n.next_multiple_of(n_per_byte) {
            let limit = if index < self.n { limit } else { 0 };
            let found = self.code(index);
            if found > limit {
                return Err(FormatError::TooMany { field, at, found, limit });
            }
        }
        Ok(())
    }
}

/// Bits that say which of so many values: none or a power of two, so that reading them is one load and a shift.
fn width(n_values: u32) -> u32 {
    match n_values {
        0..=1 => 0,
        2 => 1,
        3..=4 => 2,
        5..=16 => 4,
        17..=256 => 8,
        _ => 16,
    }
}

/// Appends numbers.
#[cfg(feature = "write")]
pub(super) fn put_book(bytes: &mut Vec<u8>, numbers: &[u16]) {
    let mut values = numbers.to_vec();
    values.sort_unstable();
    values.dedup();
    // Cannot fail: there are 2^16 at most.
    let n_values = u32::try_from(values.len()).unwrap_or(u32::MAX);
    bytes.extend(n_values.to_le_bytes());
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    let mut bits = BitWriter::default();
    for number in numbers {
        let value = values.partition_point(|value| value < number);
        bits.put(u32::try_from(value).unwrap_or(u32::MAX), width(n_values));
    }
    bytes.extend(bits.finish());
    pad(bytes, TABLE_ALIGNMENT);
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "a test may panic")]
mod tests {
    use alloc::vec;

    use super::*;

    fn view(bytes: &[u8], n: u32) -> Result<Book<'_>, FormatError> {
        let mut cursor = Cursor::new(bytes, 0);
        let book = Book::take(&mut cursor, n)?;
        assert_eq!(cursor.len(), 0);
        book.check().map(|()| book)
    }

    #[test]
    fn numbers_come_back() {
        for numbers in [vec![], vec![7], vec![9; 20], vec![3, 65_535, 0, 3, 12, 9, 9, 1]] {
            let mut bytes = Vec::new();
            put_book(&mut bytes, &numbers);
            let n = u32::try_from(numbers.len()).unwrap();
            let book = view(&bytes, n).unwrap();
            assert!((0..n).map(|index| book.get(index)).eq(numbers.iter().copied()));
            assert_eq!(book.get(n), 0);
        }
    }

    #[test]
    fn rejects_books_out_of_order() {
        let mut bytes = Vec::new();
        // Three values, two bits each number, in one byte behind them.
        put_book(&mut bytes, &[5, 7, 9]);
        for (at, byte, is_order) in [(4, 7, true), (10, 0b11_01_11, false), (10, 0x64, false)] {
            let mut changed = bytes.clone();
            changed[at] = byte;
            let error = view(&changed, 3).err();
            assert_eq!(matches!(error, Some(FormatError::BadOrder { .. })), is_order, "{error:?}");
            assert!(error.is_some(), "{at}");
        }
    }
}
