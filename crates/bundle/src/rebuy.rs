//! Section `rebuy`: how likely each item is taken again, one byte per item.

#[cfg(feature = "write")]
use alloc::vec::Vec;

use edgewise_core::ItemIdx;

use crate::cursor::Cursor;
use crate::error::FormatError;

/// View of the section.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rebuy<'a>(&'a [u8]);

impl<'a> Rebuy<'a> {
    /// Takes one byte for each of `n_items` items.
    pub(crate) fn take(mut cursor: Cursor<'a>, n_items: u32) -> Result<Rebuy<'a>, FormatError> {
        let bytes = cursor.bytes("rebuy", n_items as usize)?;
        cursor.end("rebuy")?;
        Ok(Rebuy(bytes))
    }

    /// From 0 to 255 for the likeliest.
    pub(crate) fn get(self, item: ItemIdx) -> u8 {
        self.0.get(item.index()).copied().unwrap_or(0)
    }
}

/// Makes the section.
#[cfg(feature = "write")]
pub(crate) fn encode(values: &[u8]) -> Vec<u8> {
    values.to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rejects_a_rebuy_table_of_another_length() {
        let bytes = encode(&[7, 255, 0]);
        let table = Rebuy::take(Cursor::new(&bytes, 0), 3).unwrap();
        assert_eq!([0, 1, 2, 3].map(|row| table.get(ItemIdx(row))), [7, 255, 0, 0]);
        for n_items in [2, 4] {
            assert!(Rebuy::take(Cursor::new(&bytes, 0), n_items).is_err());
        }
    }
}
