//! Section `items`: the shop's own ids, found by row and by id.
//!
//! Ids that are numbers as `u32` writes them are kept as numbers, all others as texts in the order of their bytes, 8
//! to a block, each as what it shares with the one before and the rest. The place of an id is its rank: numbers first.
//! A permutation leads from rows to places and back.

#[cfg(feature = "write")]
pub(crate) mod encode;

use alloc::vec::Vec;

use edgewise_core::ItemIdx;

use crate::bits::Bits;
use crate::cursor::Cursor;
use crate::ends::Ends;
use crate::error::FormatError;
use crate::limits::{MAX_ID_BYTES, MAX_ITEMS};
use crate::permutation::Permutation;
use crate::table::{TABLE_ALIGNMENT, Table, check_text, search};
use crate::text_code::TextCode;

const FIELD: &str = "item ids";
/// Texts of one block.
pub(crate) const IDS_PER_BLOCK: u32 = 4;
/// Parameter of the Rice code of what an id shares with the one before.
pub(crate) const SHARED_RICE: u32 = 2;

/// View of the section.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Items<'a> {
    n: u32,
    numbers: Ends<'a>,
    numbers_at: usize,
    /// When every id is a number, both are empty.
    code: TextCode<'a>,
    blocks: Table<'a>,
    places: Permutation<'a>,
}

impl<'a> Items<'a> {
    pub(crate) fn take(mut cursor: Cursor<'a>) -> Result<Items<'a>, FormatError> {
        let cursor = &mut cursor;
        let n = cursor.count(FIELD, MAX_ITEMS)?;
        let n_numbers = cursor.count(FIELD, n)?;
        let largest = cursor.u32(FIELD)?;
        let numbers_at = cursor.offset();
        let numbers = Ends::take(cursor, FIELD, n_numbers, largest)?;
        let places = Permutation::take(cursor, "places", n)?;
        let code = TextCode::take(cursor, FIELD)?;
        cursor.padding(TABLE_ALIGNMENT)?;
        let blocks = Table::take(cursor, FIELD, n)?;
        cursor.end("items")?;
        Ok(Items { n, numbers, numbers_at, code, blocks, places })
    }

    /// Looks at every entry.
    pub(crate) fn check(&self) -> Result<(), FormatError> {
        self.numbers.check(FIELD)?;
        let mut last = None;
        for index in 0..self.numbers.n() {
            let number = self.numbers.end_of(index);
            if number <= last {
                return Err(FormatError::BadOrder { field: FIELD, at: self.numbers_at });
            }
            last = number;
        }
        self.check_texts()?;
        self.places.check("places")
    }

    fn check_texts(&self) -> Result<(), FormatError> {
        let field = FIELD;
        self.blocks.check()?;
        let mut n_left = self.n - self.numbers.n();
        let (found, expected) = (self.blocks.n_entries(), n_left.div_ceil(IDS_PER_BLOCK));
        if found != expected {
            let at = self.numbers_at;
            return Err(FormatError::Mismatch { field, at, found, expected });
        }
        let mut last = Vec::new();
        for (at, block) in self.blocks.entries() {
            let mut walk = Walk::new(&self.code, block);
            for _ in 0..n_left.min(IDS_PER_BLOCK) {
                walk.next().ok_or(FormatError::BadText { field, at })?;
                check_text(field, at, &walk.id, MAX_ID_BYTES)?;
                if walk.id.is_empty() {
                    return Err(FormatError::TooShort { field, at, needed: 1, found: 0 });
                }
                if walk.id <= last {
                    return Err(FormatError::BadOrder { field, at });
                }
                if number_of(&walk.id).is_some() {
                    return Err(FormatError::BadText { field, at });
                }
                last.clone_from(&walk.id);
            }
            n_left = n_left.saturating_sub(IDS_PER_BLOCK);
            if !walk.bits.is_at_end() {
                let found = u32::try_from(block.len()).unwrap_or(u32::MAX);
                return Err(FormatError::Mismatch { field, at, found, expected: 0 });
            }
        }
        Ok(())
    }

    pub(crate) fn n_items(&self) -> u32 {
        self.n
    }

    /// The id of an item, written into `text`.
    pub(crate) fn id<'t>(&self, item: ItemIdx, text: &'t mut Vec<u8>) -> Option<&'t str> {
        text.clear();
        let place = self.places.get(item.0)?;
        if let Some(number) = self.numbers.end_of(place) {
            put_number(text, number);
        } else {
            let number = place.checked_sub(self.numbers.n())?;
            let block = self.blocks.get((number / IDS_PER_BLOCK) as usize)?;
            let mut walk = Walk::new(&self.code, block);
            core::mem::swap(&mut walk.id, text);
            let found = (0..=number % IDS_PER_BLOCK).try_for_each(|_| walk.next());
            *text = walk.id;
            found?;
        }
        core::str::from_utf8(text).ok()
    }

    pub(crate) fn find(&self, id: &str) -> Option<ItemIdx> {
        let place = match number_of(id.as_bytes()) {
            Some(number) => {
                search(self.numbers.n(), |index| Some(self.numbers.end_of(index)?.cmp(&number)))?
            }
            None => self.numbers.n() + self.find_text(id.as_bytes())?,
        };
        self.places.find(place).map(ItemIdx)
    }

    /// The rank of a text among the texts.
    fn find_text(&self, id: &[u8]) -> Option<u32> {
        let walk = |block: u32| Some(Walk::new(&self.code, self.blocks.get(block as usize)?));
        let (mut low, mut high) = (0, self.blocks.n_entries());
        while low < high {
            let middle = low + (high - low) / 2;
            let mut first = walk(middle)?;
            first.next()?;
            if first.id.as_slice() <= id {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        let block = low.checked_sub(1)?;
        let mut walk = walk(block)?;
        for number in 0..IDS_PER_BLOCK {
            walk.next()?;
            if walk.id == id {
                return Some(block * IDS_PER_BLOCK + number);
            }
        }
        None
    }
}

/// Walks the ids of a block.
struct Walk<'a> {
    code: &'a TextCode<'a>,
    bits: Bits<'a>,
    is_first: bool,
    id: Vec<u8>,
}

impl<'a> Walk<'a> {
    fn new(code: &'a TextCode<'a>, block: &'a [u8]) -> Walk<'a> {
        Walk { code, bits: Bits::new(block), is_first: true, id: Vec::new() }
    }

    /// Makes `id` the next one. `None`: the bytes are damaged, or end.
    #[inline(never)]
    fn next(&mut self) -> Option<()> {
        let n_shared = if self.is_first { 0 } else { self.bits.take_rice(SHARED_RICE) };
        self.is_first = false;
        if n_shared as usize > self.id.len() {
            return None;
        }
        self.id.truncate(n_shared as usize);
        self.code.append(&mut self.bits, &mut self.id, MAX_ID_BYTES as usize)
    }
}

/// The number that is written like this: digits without a needless zero in front.
fn number_of(id: &[u8]) -> Option<u32> {
    if id.is_empty() || (id.len() > 1 && id.first() == Some(&b'0')) {
        return None;
    }
    id.iter().try_fold(0u32, |number, digit| {
        let digit = digit.checked_sub(b'0').filter(|&digit| digit < 10)?;
        number.checked_mul(10)?.checked_add(digit.into())
    })
}

fn put_number(text: &mut Vec<u8>, mut number: u32) {
    let start = text.len();
    loop {
        text.push(b'0' + (number % 10).to_le_bytes()[0]);
        number /= 10;
        if number == 0 {
            break;
        }
    }
    if let Some(digits) = text.get_mut(start..) {
        digits.reverse();
    }
}

#[cfg(test)]
mod tests;
