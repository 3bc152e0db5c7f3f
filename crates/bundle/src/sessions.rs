//! Section `sessions`: past sessions, found by item and by number.
//!
//! Sessions stand in the order of their first items, the newest first among those of one item. So an item's own sessions,
//! those that begin with it, are a range and need no postings, a first item is a short distance from the one before, and
//! the others that hold an item are near its own, because rows of related items are near each other: both directions
//! together take what the postings alone took when sessions stood by age.
//!
//! Behind the tables of the retriever come books of norms and of weights of items, decoding tables, the ends of the
//! items' own sessions, and two tables of bits: per item its other sessions, down from its own and then up, and per block
//! of [`SESSIONS_PER_BLOCK`] sessions their items, each as its distance from the one before.

mod book;
mod check;
#[cfg(feature = "write")]
mod encode;
mod numbers;

use core::ops::Range;

use edgewise_core::{ItemIdx, ItemWeights, SessionIndex, SessionSimilarity, SessionTables};

use crate::bit_table::BitTable;
use crate::cursor::Cursor;
use crate::ends::Ends;
use crate::error::FormatError;
use crate::limits::{
    MAX_SESSION_DISTANCES, MAX_SESSION_PLACES, MAX_SESSIONS, MAX_SESSIONS_PER_ITEM,
};
use crate::lists::prefix_code::Symbol;
use crate::table::{TABLE_ALIGNMENT, U16s};
use crate::varint;
use book::Book;
use numbers::{BELOW, CODES_BYTES, FIRSTS, GAPS, LENGTHS, Numbers, STEPS};

#[cfg(feature = "write")]
pub(crate) use encode::encode;

const FIELD: &str = "sessions";
/// Sessions that are found together: those before one in its block are walked over.
pub const SESSIONS_PER_BLOCK: u32 = 4;

/// View of the section.
#[derive(Clone, Debug)]
pub(crate) struct Sessions<'a> {
    n_items: u32,
    /// Number of sessions.
    n_rows: u32,
    /// How many of the newest sessions that hold an item are found by it.
    n_newest: u32,
    tables: SessionTables,
    norms: Book<'a>,
    item_weights: Book<'a>,
    codes: &'a [u8; CODES_BYTES],
    codes_at: usize,
    /// Where the sessions end that begin with an item.
    groups: Ends<'a>,
    /// Per block, the first item of its first session.
    firsts: Ends<'a>,
    postings: BitTable<'a>,
    blocks: BitTable<'a>,
}

impl<'a> Sessions<'a> {
    /// Takes the sessions of a model of `n_items` items.
    pub(crate) fn take(mut cursor: Cursor<'a>, n_items: u32) -> Result<Sessions<'a>, FormatError> {
        let cursor = &mut cursor;
        let tables = take_tables(cursor)?;
        let n_newest = cursor.count(FIELD, MAX_SESSIONS_PER_ITEM)?;
        let n_rows = cursor.count(FIELD, MAX_SESSIONS)?;
        let norms = Book::take(cursor, n_rows)?;
        let item_weights = Book::take(cursor, n_items)?;
        let codes_at = cursor.offset();
        let [codes] = cursor.bytes(FIELD, CODES_BYTES)?.as_chunks().0 else {
            let (needed, found) = (CODES_BYTES, 0);
            return Err(FormatError::TooShort { field: FIELD, at: codes_at, needed, found });
        };
        let groups = Ends::take(cursor, FIELD, n_items, n_rows)?;
        cursor.padding(TABLE_ALIGNMENT)?;
        let n_blocks = n_rows.div_ceil(SESSIONS_PER_BLOCK);
        let last_first = cursor.count(FIELD, n_items.saturating_sub(1))?;
        let firsts = Ends::take(cursor, FIELD, n_blocks, last_first)?;
        cursor.padding(TABLE_ALIGNMENT)?;
        let postings = BitTable::take(cursor, FIELD, n_items)?;
        let blocks = BitTable::take(cursor, FIELD, n_blocks)?;
        cursor.end(FIELD)?;
        Ok(Sessions {
            n_items,
            n_rows,
            n_newest,
            tables,
            norms,
            item_weights,
            codes,
            codes_at,
            groups,
            firsts,
            postings,
            blocks,
        })
    }

    /// The sessions that hold an item and do not begin with it.
    fn others(&self, item: ItemIdx) -> Others<'a> {
        let own = self.groups.range(item.index()).unwrap_or(0..0);
        let row = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        let own = row(own.start)..row(own.end);
        let range = self.postings.range(item.index());
        let mut numbers = Numbers::new(self.codes, self.postings.body(), range);
        let n_below = numbers.take(BELOW).map_or(0, |(number, _)| number - 1);
        let at = if n_below > 0 { own.start } else { own.end };
        Others { numbers, before: Symbol::default(), n_below, at, own, n_rows: self.n_rows }
    }

    /// The items of a session; `None` past the last one, or where the bytes are damaged.
    #[inline]
    fn session(&self, session: u32) -> Option<Items<'a>> {
        let mut walk = self.block(session / SESSIONS_PER_BLOCK)?;
        let mut n_left = walk.next_session()?;
        for _ in 0..session % SESSIONS_PER_BLOCK {
            walk.skip_items(n_left)?;
            n_left = walk.next_session()?;
        }
        let Walk { numbers, first, .. } = walk;
        let next = (session < self.n_rows).then_some(first);
        Some(Items { numbers, before: Symbol::default(), next, n_left })
    }

    fn block(&self, block: u32) -> Option<Walk<'a>> {
        let range = self.blocks.range(block as usize);
        let numbers = Numbers::new(self.codes, self.blocks.body(), range);
        Some(Walk { numbers, first: self.firsts.end_of(block)?, is_first: true })
    }
}

fn take_tables(cursor: &mut Cursor<'_>) -> Result<SessionTables, FormatError> {
    let at = cursor.offset();
    let similarity = match cursor.u32(FIELD)? {
        0 => SessionSimilarity::Weighted,
        1 => SessionSimilarity::Jaccard,
        2 => SessionSimilarity::Pearson,
        found => return Err(FormatError::TooMany { field: FIELD, at, found, limit: 2 }),
    };
    let n_neighbours = cursor.count(FIELD, u16::MAX.into())?;
    let n_places = cursor.count(FIELD, MAX_SESSION_PLACES)?;
    let n_distances = cursor.count(FIELD, MAX_SESSION_DISTANCES)?;
    let mut table = |n| U16s::take(cursor, FIELD, n).map(|table| table.iter().collect());
    let tables = SessionTables {
        similarity,
        n_neighbours: u16::try_from(n_neighbours).unwrap_or(u16::MAX),
        similarity_by_place: table(n_places)?,
        credit_by_place: table(n_places)?,
        after: table(n_distances)?,
        before: table(n_distances)?,
    };
    // Scoring relies on the bounds, so that even trusted bytes are held to them. Pairs of tables of equal length end
    // at a multiple of four.
    tables.check().map_err(FormatError::Scoring)?;
    Ok(tables)
}

impl SessionIndex for Sessions<'_> {
    fn sessions_of(&self, item: ItemIdx) -> impl Iterator<Item = u32> {
        let mut others = self.others(item);
        let mut own = others.own.clone();
        let mut n_left = self.n_newest;
        core::iter::from_fn(move || {
            n_left = n_left.checked_sub(1)?;
            others.next().or_else(|| own.next())
        })
    }

    fn items_of(&self, session: u32) -> impl Iterator<Item = ItemIdx> {
        // An empty iterator in place of `flatten`, which is twice as large and moved as often.
        self.session(session).unwrap_or_else(|| {
            let numbers = Numbers::new(self.codes, &[], 0..0);
            Items { numbers, before: Symbol::default(), next: None, n_left: 0 }
        })
    }

    fn norm(&self, session: u32) -> u16 {
        self.norms.get(session)
    }

    fn item_weights(&self, item: ItemIdx) -> ItemWeights {
        let [as_origin, as_candidate] = self.item_weights.get(item.0).to_le_bytes();
        ItemWeights { as_origin, as_candidate }
    }

    fn n_items(&self) -> u32 {
        self.n_items
    }

    fn tables(&self) -> &SessionTables {
        &self.tables
    }
}

/// The other sessions of an item: down from its own, then up from them. Ends early where the bytes are damaged.
struct Others<'a> {
    numbers: Numbers<'a>,
    before: Symbol,
    /// How many are left on the way down.
    n_below: u32,
    /// The session before on the way down, the one behind it on the way up; a number past the last one when it was met.
    at: u32,
    own: Range<u32>,
    n_rows: u32,
}

impl Iterator for Others<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        if self.numbers.n_left() == 0 {
            return None;
        }
        let gap = self.numbers.follow(GAPS, &mut self.before)?;
        if self.n_below > 0 {
            let session = self.at.checked_sub(gap).unwrap_or(u32::MAX);
            self.at = session;
            self.n_below -= 1;
            if self.n_below == 0 {
                self.before = Symbol::default();
                self.at = if session < self.n_rows { self.own.end } else { session };
            }
            return (session < self.n_rows).then_some(session);
        }
        let session = self.at.saturating_add(gap - 1);
        self.at = if session < self.n_rows { session + 1 } else { session };
        (session < self.n_rows).then_some(session)
    }
}

/// Walks the sessions of a block.
struct Walk<'a> {
    numbers: Numbers<'a>,
    /// The first item of this session, or of the one that comes first.
    first: u32,
    is_first: bool,
}

impl Walk<'_> {
    /// Goes to the next session: the number of its items behind the first.
    #[inline]
    fn next_session(&mut self) -> Option<u32> {
        if !core::mem::take(&mut self.is_first) {
            self.first = self.first.saturating_add(self.numbers.take(FIRSTS)?.0 - 1);
        }
        Some(self.numbers.take(LENGTHS)?.0)
    }

    /// Leaves out the items behind the first.
    #[inline]
    fn skip_items(&mut self, n: u32) -> Option<()> {
        // A copy, so that it stays in registers.
        let mut numbers = self.numbers;
        let mut before = Symbol::default();
        for _ in 0..n {
            numbers.follow(STEPS, &mut before)?;
        }
        self.numbers = numbers;
        Some(())
    }
}

/// The items of one session. Ends early where the bytes are damaged.
struct Items<'a> {
    numbers: Numbers<'a>,
    before: Symbol,
    next: Option<u32>,
    /// Items behind the next one.
    n_left: u32,
}

impl Iterator for Items<'_> {
    type Item = ItemIdx;

    #[inline]
    fn next(&mut self) -> Option<ItemIdx> {
        let row = self.next?;
        self.next = self.n_left.checked_sub(1).and_then(|n_left| {
            self.n_left = n_left;
            let step = self.numbers.follow(STEPS, &mut self.before)?;
            Some(row.wrapping_add_signed(varint::unzigzag(step)))
        });
        Some(ItemIdx(row))
    }
}

#[cfg(test)]
mod tests;
