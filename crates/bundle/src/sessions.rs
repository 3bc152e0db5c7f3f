//! Section `sessions`: past sessions, newest first, found by item and by number.
//!
//! The tables of the retriever, then the norms of the sessions and the weights of the items as arrays, then two tables
//! of byte strings: per item the numbers of its newest sessions as ascending varint distances, and per block of
//! [`SESSIONS_PER_BLOCK`] sessions their items, each as its distance from the one before: rows of related items are near
//! each other. A session is found by walking its block, which saves the four bytes
//! that an entry of its own would cost, a third of a short session.

#[cfg(feature = "write")]
use alloc::vec::Vec;

#[cfg(feature = "write")]
use edgewise_core::SessionValues;
use edgewise_core::{ItemIdx, ItemWeights, SessionIndex, SessionSimilarity, SessionTables};

use crate::cursor::Cursor;
use crate::error::FormatError;
use crate::limits::{
    MAX_BUNDLE_BYTES, MAX_SESSION_DISTANCES, MAX_SESSION_ITEMS, MAX_SESSION_PLACES, MAX_SESSIONS,
    MAX_SESSIONS_PER_ITEM,
};
use crate::table::{TABLE_ALIGNMENT, Table, U16s};
#[cfg(feature = "write")]
use crate::table::{pad, put_table};
use crate::varint;

const FIELD: &str = "sessions";
/// Sessions that one entry of the table of contents holds.
pub const SESSIONS_PER_BLOCK: u32 = 16;

/// View of the section.
#[derive(Clone, Debug)]
pub(crate) struct Sessions<'a> {
    n_items: u32,
    /// Number of sessions.
    n_rows: u32,
    tables: SessionTables,
    norms: U16s<'a>,
    item_weights: &'a [[u8; 2]],
    postings: Table<'a>,
    blocks: Table<'a>,
}

impl<'a> Sessions<'a> {
    /// Takes the sessions of a model of `n_items` items.
    pub(crate) fn take(mut cursor: Cursor<'a>, n_items: u32) -> Result<Sessions<'a>, FormatError> {
        let at = cursor.offset();
        let tables = take_tables(&mut cursor)?;
        let n_sessions = cursor.count(FIELD, MAX_SESSIONS)?;
        let norms = U16s::take(&mut cursor, FIELD, n_sessions)?;
        cursor.padding(TABLE_ALIGNMENT)?;
        let item_weights = cursor.bytes(FIELD, (n_items as usize).saturating_mul(2))?.as_chunks().0;
        cursor.padding(TABLE_ALIGNMENT)?;
        let postings = Table::take(&mut cursor, FIELD, n_items)?;
        let blocks = Table::take(&mut cursor, FIELD, MAX_BUNDLE_BYTES)?;
        cursor.end(FIELD)?;
        for (found, expected) in [
            (postings.n_entries(), n_items),
            (blocks.n_entries(), n_sessions.div_ceil(SESSIONS_PER_BLOCK)),
        ] {
            if found != expected {
                return Err(FormatError::Mismatch { field: FIELD, at, found, expected });
            }
        }
        Ok(Sessions { n_items, n_rows: n_sessions, tables, norms, item_weights, postings, blocks })
    }

    /// Looks at every entry.
    pub(crate) fn check(&self) -> Result<(), FormatError> {
        self.postings.check()?;
        self.blocks.check()?;
        for (at, entry) in self.postings.entries() {
            self.check_postings(at, entry)?;
        }
        let mut left = self.n_rows;
        for (at, entry) in self.blocks.entries() {
            let mut rest = entry;
            for _ in 0..left.min(SESSIONS_PER_BLOCK) {
                self.check_session(at + entry.len() - rest.len(), &mut rest)?;
            }
            left = left.saturating_sub(SESSIONS_PER_BLOCK);
            if !rest.is_empty() {
                let found = u32::try_from(rest.len()).unwrap_or(u32::MAX);
                return Err(FormatError::Mismatch { field: FIELD, at, found, expected: 0 });
            }
        }
        Ok(())
    }

    fn check_postings(&self, at: usize, entry: &[u8]) -> Result<(), FormatError> {
        let field = FIELD;
        let (mut rest, mut next, mut n_postings) = (entry, 0u32, 0);
        while !rest.is_empty() {
            let at = at + entry.len() - rest.len();
            let delta = varint::take(&mut rest).ok_or(FormatError::BadVarint { field, at })?;
            let session = next.saturating_add(delta);
            let limit = self.n_rows.saturating_sub(1);
            if session > limit || self.n_rows == 0 {
                return Err(FormatError::TooMany { field, at, found: session, limit });
            }
            next = session + 1;
            n_postings += 1;
        }
        if n_postings > MAX_SESSIONS_PER_ITEM {
            let limit = MAX_SESSIONS_PER_ITEM;
            return Err(FormatError::TooMany { field, at, found: n_postings, limit });
        }
        Ok(())
    }

    /// Takes one session off the front and looks at it.
    fn check_session(&self, at: usize, rest: &mut &[u8]) -> Result<(), FormatError> {
        let field = FIELD;
        let bad = FormatError::BadVarint { field, at };
        let n = varint::take(rest).ok_or(bad.clone())?;
        if n < 2 {
            return Err(FormatError::Mismatch { field, at, found: n, expected: 2 });
        }
        if n > MAX_SESSION_ITEMS {
            return Err(FormatError::TooMany { field, at, found: n, limit: MAX_SESSION_ITEMS });
        }
        let first = *rest;
        let mut items = Items { left: n, last: 0, rest: first };
        for taken in 0..n {
            let item = items.next().ok_or(bad.clone())?.0;
            *rest = items.rest;
            let limit = self.n_items.saturating_sub(1);
            if item > limit {
                return Err(FormatError::TooMany { field, at, found: item, limit });
            }
            let before = Items { left: taken, last: 0, rest: first };
            if before.into_iter().any(|before| before.0 == item) {
                return Err(FormatError::BadOrder { field, at });
            }
        }
        Ok(())
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
        let mut rest = self.postings.get(item.index()).unwrap_or(&[]);
        let mut next = 0u32;
        core::iter::from_fn(move || {
            let session = next.checked_add(varint::take(&mut rest)?)?;
            next = session.wrapping_add(1);
            Some(session)
        })
    }

    fn items_of(&self, session: u32) -> impl Iterator<Item = ItemIdx> {
        let block = self.blocks.get((session / SESSIONS_PER_BLOCK) as usize);
        let mut rest = block.filter(|_| session < self.n_rows).unwrap_or(&[]);
        for _ in 0..session % SESSIONS_PER_BLOCK {
            let left = varint::take(&mut rest).unwrap_or(0);
            let mut items = Items { left, last: 0, rest };
            items.by_ref().for_each(drop);
            rest = items.rest;
        }
        let left = varint::take(&mut rest).unwrap_or(0);
        Items { left, last: 0, rest }
    }

    fn norm(&self, session: u32) -> u16 {
        self.norms.get(session as usize).unwrap_or(0)
    }

    fn item_weights(&self, item: ItemIdx) -> ItemWeights {
        let [as_origin, as_candidate] =
            self.item_weights.get(item.index()).copied().unwrap_or_default();
        ItemWeights { as_origin, as_candidate }
    }

    fn n_items(&self) -> u32 {
        self.n_items
    }

    fn tables(&self) -> &SessionTables {
        &self.tables
    }
}

/// The items of one session. Ends early where the bytes are damaged.
struct Items<'a> {
    left: u32,
    /// The row before; 0 at the first one.
    last: u32,
    rest: &'a [u8],
}

impl Iterator for Items<'_> {
    type Item = ItemIdx;

    #[inline]
    fn next(&mut self) -> Option<ItemIdx> {
        self.left = self.left.checked_sub(1)?;
        let step = varint::unzigzag(varint::take(&mut self.rest)?);
        self.last = self.last.wrapping_add_signed(step);
        Some(ItemIdx(self.last))
    }
}

/// Makes the section. The bytes are checked when the whole bundle is opened again.
#[cfg(feature = "write")]
pub(crate) fn encode(values: &SessionValues) -> Result<Vec<u8>, FormatError> {
    let mut bytes = Vec::new();
    put_tables(&mut bytes, &values.tables)?;
    bytes.extend(count(values.sessions.len(), MAX_SESSIONS)?.to_le_bytes());
    bytes.extend(values.sessions.iter().flat_map(|row| row.norm.to_le_bytes()));
    pad(&mut bytes, TABLE_ALIGNMENT);
    let weights = values.item_weights.iter();
    bytes.extend(weights.flat_map(|weights| [weights.as_origin, weights.as_candidate]));
    pad(&mut bytes, TABLE_ALIGNMENT);
    let postings =
        values.postings.iter().map(|list| encode_postings(list)).collect::<Result<Vec<_>, _>>()?;
    put_table(&mut bytes, FIELD, &postings)?;
    let blocks = values.sessions.chunks(SESSIONS_PER_BLOCK as usize).map(|block| {
        let mut entry = Vec::new();
        for row in block {
            varint::put(&mut entry, count(row.items.len(), MAX_SESSION_ITEMS)?);
            let mut last = 0;
            for item in &row.items {
                varint::put(&mut entry, varint::zigzag(item.0.wrapping_sub(last).cast_signed()));
                last = item.0;
            }
        }
        Ok(entry)
    });
    let blocks = blocks.collect::<Result<Vec<_>, FormatError>>()?;
    put_table(&mut bytes, FIELD, &blocks)?;
    Ok(bytes)
}

#[cfg(feature = "write")]
fn put_tables(bytes: &mut Vec<u8>, tables: &SessionTables) -> Result<(), FormatError> {
    tables.check().map_err(FormatError::Scoring)?;
    let similarity: u32 = match tables.similarity {
        SessionSimilarity::Weighted => 0,
        SessionSimilarity::Jaccard => 1,
        SessionSimilarity::Pearson => 2,
    };
    for number in [
        similarity,
        tables.n_neighbours.into(),
        count(tables.similarity_by_place.len(), MAX_SESSION_PLACES)?,
        count(tables.after.len(), MAX_SESSION_DISTANCES)?,
    ] {
        bytes.extend(number.to_le_bytes());
    }
    for table in
        [&tables.similarity_by_place, &tables.credit_by_place, &tables.after, &tables.before]
    {
        bytes.extend(table.iter().flat_map(|weight| weight.to_le_bytes()));
    }
    Ok(())
}

#[cfg(feature = "write")]
fn encode_postings(sessions: &[u32]) -> Result<Vec<u8>, FormatError> {
    let mut entry = Vec::new();
    let mut next = 0u32;
    for &session in sessions {
        let delta = session.checked_sub(next);
        let at = entry.len();
        varint::put(&mut entry, delta.ok_or(FormatError::BadOrder { field: FIELD, at })?);
        next = session.saturating_add(1);
    }
    Ok(entry)
}

#[cfg(feature = "write")]
fn count(n: usize, limit: u32) -> Result<u32, FormatError> {
    let found = u32::try_from(n).unwrap_or(u32::MAX);
    if found <= limit {
        return Ok(found);
    }
    Err(FormatError::TooMany { field: FIELD, at: 0, found, limit })
}

#[cfg(test)]
mod tests;
