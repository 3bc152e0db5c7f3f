//! Section `items`: the shop's own ids, found by row and by id.
//!
//! A table of ids in model order, then `by_id: [u32; n_items]`, the rows in ascending order of their ids' bytes.

#[cfg(feature = "write")]
use alloc::vec::Vec;

use edgewise_core::ItemIdx;

use crate::cursor::Cursor;
use crate::error::FormatError;
use crate::limits::{MAX_ID_BYTES, MAX_ITEMS};
use crate::table::{Table, U32s, search};

/// View of the section.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Items<'a> {
    ids: Table<'a>,
    by_id: U32s<'a>,
    by_id_at: usize,
}

impl<'a> Items<'a> {
    pub(crate) fn take(mut cursor: Cursor<'a>) -> Result<Items<'a>, FormatError> {
        let ids = Table::take(&mut cursor, "item ids", MAX_ITEMS)?;
        let by_id_at = cursor.offset();
        let by_id = U32s::take(&mut cursor, "by_id", ids.n_entries())?;
        cursor.end("items")?;
        Ok(Items { ids, by_id, by_id_at })
    }

    /// Looks at every entry. Ids that ascend strictly along `by_id` make it a permutation without repeats.
    pub(crate) fn check(&self) -> Result<(), FormatError> {
        self.ids.check_texts(MAX_ID_BYTES)?;
        let mut last: Option<&[u8]> = None;
        for (place, row) in self.by_id.iter().enumerate() {
            let at = self.by_id_at + place * 4;
            let Some(id) = self.ids.get(row as usize) else {
                let limit = self.n_items().saturating_sub(1);
                return Err(FormatError::TooMany { field: "by_id", at, found: row, limit });
            };
            if last.is_some_and(|last| last >= id) {
                return Err(FormatError::BadOrder { field: "by_id", at });
            }
            last = Some(id);
        }
        Ok(())
    }

    pub(crate) fn n_items(&self) -> u32 {
        self.ids.n_entries()
    }

    pub(crate) fn id(&self, item: ItemIdx) -> Option<&'a str> {
        self.ids.text(item.index())
    }

    pub(crate) fn find(&self, id: &str) -> Option<ItemIdx> {
        let place = search(self.n_items(), |place| {
            let row = self.by_id.get(place as usize)?;
            Some(self.ids.get(row as usize)?.cmp(id.as_bytes()))
        })?;
        self.by_id.get(place as usize).map(ItemIdx)
    }
}

/// Makes the section of `ids` in model order.
#[cfg(feature = "write")]
pub(crate) fn encode(ids: &[&str]) -> Result<Vec<u8>, FormatError> {
    let mut bytes = Vec::new();
    crate::table::put_table(&mut bytes, "item ids", ids)?;
    // Cannot fail: `put_table` refused more than `u32::MAX` entries.
    let mut by_id: Vec<u32> = (0..u32::try_from(ids.len()).unwrap_or(u32::MAX)).collect();
    by_id.sort_unstable_by_key(|&row| ids.get(row as usize));
    bytes.extend(by_id.iter().flat_map(|row| row.to_le_bytes()));
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(bytes: &[u8]) -> Result<Items<'_>, FormatError> {
        let items = Items::take(Cursor::new(bytes, 0))?;
        items.check().map(|()| items)
    }

    #[test]
    fn ids_come_back_both_ways() {
        let bytes = encode(&["teapot", "cup", "kettle"]).unwrap();
        let items = view(&bytes).unwrap();
        assert_eq!(items.n_items(), 3);
        for (row, id) in (0..).map(ItemIdx).zip(["teapot", "cup", "kettle"]) {
            assert_eq!(items.id(row), Some(id));
            assert_eq!(items.find(id), Some(row));
        }
        assert_eq!(items.find("saucer"), None);
        assert_eq!(items.id(ItemIdx(3)), None);
    }

    #[test]
    fn rejects_repeated_and_empty_ids() {
        let repeated = encode(&["cup", "cup"]).unwrap();
        assert!(matches!(view(&repeated), Err(FormatError::BadOrder { field: "by_id", .. })));
        let empty = encode(&["cup", ""]).unwrap();
        assert!(matches!(view(&empty), Err(FormatError::TooShort { field: "item ids", .. })));
    }

    #[test]
    fn rejects_by_id_past_the_last_row() {
        let mut bytes = encode(&["a", "b"]).unwrap();
        let last = bytes.len() - 4;
        bytes.splice(last.., 2u32.to_le_bytes());
        assert_eq!(
            view(&bytes).err(),
            Some(FormatError::TooMany { field: "by_id", at: last, found: 2, limit: 1 })
        );
    }
}
