//! Makes the section `sessions`.

use alloc::vec;
use alloc::vec::Vec;
use core::iter::once;
use core::ops::Range;

use edgewise_core::{SessionRow, SessionSimilarity, SessionTables, SessionValues};

use super::book::put_book;
use super::numbers::{BELOW, CODES_BYTES, FIRSTS, GAPS, LENGTHS, PER_CODE, STEPS};
use super::{FIELD, SESSIONS_PER_BLOCK};
use crate::bit_table::put_bit_table;
use crate::bits::BitWriter;
use crate::ends::put_ends;
use crate::error::FormatError;
use crate::limits::{
    MAX_ITEMS, MAX_SESSION_DISTANCES, MAX_SESSION_ITEMS, MAX_SESSION_PLACES, MAX_SESSIONS,
    MAX_SESSIONS_PER_ITEM,
};
use crate::lists::code_book::{learn, nearest};
use crate::lists::prefix_code::{Counts, First, N_SYMBOLS, PrefixCode, TABLE_BYTES};
use crate::table::{TABLE_ALIGNMENT, pad};
use crate::varint::zigzag;

/// Norms of sessions that are compared by their weighted overlap, when there are more. Exact ones take 3.6 to 7.2 bits
/// more for each item taken; HR@20 on diginetica is .5387 with them and .5381 with 16 when sessions answer alone, and
/// .5444 either way when tables of what comes next answer too.
const MAX_NORMS: usize = 16;

/// Makes the section. Rows that the reader refuses are left to it, as the bytes are checked when the bundle is opened.
pub(crate) fn encode(values: &SessionValues) -> Result<Vec<u8>, FormatError> {
    Arranged::of(values)?.encode(values)
}

/// Sessions in the order in which they are kept: by their first items, the newest first among those of one item.
pub(super) struct Arranged<'v> {
    pub(super) sessions: Vec<&'v SessionRow>,
    /// Per item, how many sessions it is the first of.
    pub(super) groups: Vec<u32>,
    /// Per item, the other sessions among the newest that hold it, ascending.
    pub(super) others: Vec<Vec<u32>>,
    /// How many of the newest sessions that hold an item are found by it.
    n_newest: u32,
}

impl<'v> Arranged<'v> {
    pub(super) fn of(values: &'v SessionValues) -> Result<Arranged<'v>, FormatError> {
        let n_items = count(values.postings.len(), MAX_ITEMS)?;
        let n_newest = values.postings.iter().map(Vec::len).max().unwrap_or(0).max(1);
        let n_newest = count(n_newest, MAX_SESSIONS_PER_ITEM)?;
        count(values.sessions.len(), MAX_SESSIONS)?;
        let mut numbered: Vec<(u32, u32, &SessionRow)> = Vec::new();
        for (number, row) in (0..).zip(&values.sessions) {
            let n = count(row.items.len(), MAX_SESSION_ITEMS)?;
            let first = row.items.first().map_or(0, |first| first.0);
            if n < 2 {
                return Err(FormatError::Mismatch { field: FIELD, at: 0, found: n, expected: 2 });
            }
            if first >= n_items {
                let limit = n_items.saturating_sub(1);
                return Err(FormatError::TooMany { field: FIELD, at: 0, found: first, limit });
            }
            numbered.push((first, number, row));
        }
        check_postings(values, n_newest as usize)?;
        numbered.sort_unstable_by_key(|&(first, number, _)| (first, number));
        let mut groups = vec![0; values.postings.len()];
        let mut places = vec![(0, 0); values.sessions.len()];
        for (place, &(first, number, _)) in (0u32..).zip(&numbered) {
            groups.get_mut(first as usize).into_iter().for_each(|n| *n += 1);
            places.get_mut(number as usize).into_iter().for_each(|to| *to = (first, place));
        }
        let others = (0..).zip(&values.postings).map(|(item, list)| {
            let places = list.iter().filter_map(|&number| places.get(number as usize));
            let mut others: Vec<u32> =
                places.filter(|(first, _)| *first != item).map(|(_, place)| *place).collect();
            others.sort_unstable();
            others
        });
        let others = others.collect();
        let sessions = numbered.into_iter().map(|(_, _, row)| row).collect();
        Ok(Arranged { sessions, groups, others, n_newest })
    }

    pub(super) fn encode(&self, values: &SessionValues) -> Result<Vec<u8>, FormatError> {
        let mut bytes = Vec::new();
        put_tables(&mut bytes, &values.tables)?;
        let n_sessions = count(self.sessions.len(), MAX_SESSIONS)?;
        bytes.extend(self.n_newest.to_le_bytes());
        bytes.extend(n_sessions.to_le_bytes());
        let norms = self.sessions.iter().map(|row| row.norm).collect();
        put_book(&mut bytes, &few_norms(norms, values.tables.similarity));
        let weights = values.item_weights.iter();
        let weights =
            weights.map(|weights| u16::from_le_bytes([weights.as_origin, weights.as_candidate]));
        put_book(&mut bytes, &weights.collect::<Vec<_>>());
        let mut counted = vec![[0; N_SYMBOLS]; CODES_BYTES / TABLE_BYTES];
        self.put_blocks(&mut Counted(&mut counted));
        self.put_postings(&mut Counted(&mut counted));
        let codes: Vec<PrefixCode> = counted.iter().map(PrefixCode::of).collect();
        for code in &codes {
            bytes.extend(code.table(First::Lowest));
        }
        put_ends(&mut bytes, self.groups.iter().copied());
        pad(&mut bytes, TABLE_ALIGNMENT);
        self.put_firsts(&mut bytes);
        let mut written = Written::new(&codes);
        self.put_postings(&mut written);
        put_bit_table(&mut bytes, FIELD, &written.lengths, written.bits)?;
        let mut written = Written::new(&codes);
        self.put_blocks(&mut written);
        put_bit_table(&mut bytes, FIELD, &written.lengths, written.bits)?;
        Ok(bytes)
    }

    /// The first item of the first session of each block.
    fn put_firsts(&self, bytes: &mut Vec<u8>) {
        let firsts = self.sessions.iter().step_by(SESSIONS_PER_BLOCK as usize);
        let firsts: Vec<u32> = firsts.map(|row| first_item(row)).collect();
        bytes.extend(firsts.last().copied().unwrap_or(0).to_le_bytes());
        let before = once(0).chain(firsts.iter().copied());
        put_ends(bytes, firsts.iter().zip(before).map(|(first, before)| first - before));
        pad(bytes, TABLE_ALIGNMENT);
    }

    fn put_blocks(&self, to: &mut impl Put) {
        for block in self.sessions.chunks(SESSIONS_PER_BLOCK as usize) {
            let mut last = None;
            for row in block {
                let first = first_item(row);
                if let Some(last) = last {
                    to.number(FIRSTS, first.saturating_sub(last) + 1);
                }
                last = Some(first);
                to.number(LENGTHS, u32::try_from(row.items.len() - 1).unwrap_or(u32::MAX));
                let mut exponent = 0;
                for (before, item) in row.items.iter().zip(row.items.iter().skip(1)) {
                    let step = item.0.wrapping_sub(before.0).cast_signed();
                    exponent = to.number(following(STEPS, exponent), zigzag(step));
                }
            }
            to.end();
        }
    }

    /// Down from the item's own sessions, then up from them.
    fn put_postings(&self, to: &mut impl Put) {
        let mut start = 0;
        for (others, n_own) in self.others.iter().zip(&self.groups) {
            let Range { start: first, end } = start..start + n_own;
            let n_below = others.partition_point(|&session| session < first);
            let (below, above) = others.split_at_checked(n_below).unwrap_or_default();
            if !others.is_empty() {
                to.number(BELOW, u32::try_from(n_below + 1).unwrap_or(u32::MAX));
            }
            let mut exponent = 0;
            for (from, session) in once(&first).chain(below.iter().rev()).zip(below.iter().rev()) {
                exponent = to.number(following(GAPS, exponent), from - session);
            }
            let mut exponent = 0;
            let mut behind = end;
            for session in above {
                exponent = to.number(following(GAPS, exponent), session + 1 - behind);
                behind = session + 1;
            }
            to.end();
            start = end;
        }
    }
}

/// Refuses postings that are not, for each item, the newest sessions that hold it, ascending.
fn check_postings(values: &SessionValues, n_newest: usize) -> Result<(), FormatError> {
    let mut n_found = vec![0usize; values.postings.len()];
    for (number, row) in (0u32..).zip(&values.sessions) {
        for item in &row.items {
            let Some((n_found, list)) =
                n_found.get_mut(item.index()).zip(values.postings.get(item.index()))
            else {
                continue;
            };
            let is_again = n_found.checked_sub(1).is_some_and(|at| list.get(at) == Some(&number));
            if *n_found == n_newest || is_again {
                continue;
            }
            if list.get(*n_found) != Some(&number) {
                return Err(FormatError::BadOrder { field: FIELD, at: item.index() });
            }
            *n_found += 1;
        }
    }
    match values.postings.iter().zip(n_found).position(|(list, n_found)| list.len() > n_found) {
        Some(at) => Err(FormatError::BadOrder { field: FIELD, at }),
        None => Ok(()),
    }
}

/// Norms as they are kept: exactly, when they are lengths or few, or else the nearest of 16 that suit them best.
fn few_norms(norms: Vec<u16>, similarity: SessionSimilarity) -> Vec<u16> {
    let mut distinct = norms.clone();
    distinct.sort_unstable();
    distinct.dedup();
    if similarity != SessionSimilarity::Weighted || distinct.len() <= MAX_NORMS {
        return norms;
    }
    let largest = distinct.last().copied().map_or(1, u32::from).max(1);
    let scaled = |norm: u16| ((u32::from(norm) * 255 + largest / 2) / largest).max(1);
    let mut histogram = [0; 256];
    for &norm in &norms {
        histogram.get_mut(scaled(norm) as usize).into_iter().for_each(|n| *n += 1);
    }
    let book = learn(&histogram);
    let kept = |norm: u16| {
        let code = nearest(&book, scaled(norm)) as usize;
        let value = book.get(code).map_or(0, |&code| (u32::from(code) * largest + 127) / 255);
        u16::try_from(value).unwrap_or(u16::MAX)
    };
    norms.into_iter().map(kept).collect()
}

fn first_item(row: &SessionRow) -> u32 {
    row.items.first().map_or(0, |first| first.0)
}

/// The table of a number whose code depends on the exponent before.
fn following(kind: usize, exponent: u32) -> usize {
    kind + exponent as usize / PER_CODE * TABLE_BYTES
}

/// Where strings of numbers go: they are counted first, and then written with the codes that suit them.
trait Put {
    /// A number above zero, by the table that begins at `table`; its exponent.
    fn number(&mut self, table: usize, number: u32) -> u32;
    /// Ends a string.
    fn end(&mut self);
}

struct Counted<'c>(&'c mut [Counts]);

impl Put for Counted<'_> {
    fn number(&mut self, table: usize, number: u32) -> u32 {
        let exponent = number.checked_ilog2().unwrap_or(0);
        let counts = self.0.get_mut(table / TABLE_BYTES);
        let count = counts.and_then(|counts| counts.get_mut(exponent as usize));
        if let Some(count) = count {
            *count += 1;
        }
        exponent
    }

    fn end(&mut self) {}
}

struct Written<'c> {
    codes: &'c [PrefixCode],
    bits: BitWriter,
    lengths: Vec<u32>,
    n_bits: u32,
}

impl Written<'_> {
    fn new(codes: &[PrefixCode]) -> Written<'_> {
        Written { codes, bits: BitWriter::default(), lengths: Vec::new(), n_bits: 0 }
    }
}

impl Put for Written<'_> {
    fn number(&mut self, table: usize, number: u32) -> u32 {
        let exponent = number.checked_ilog2().unwrap_or(0);
        let code = self.codes.get(table / TABLE_BYTES);
        let (code, n_bits) = code.map_or((0, 0), |code| code.code(exponent, First::Lowest));
        self.bits.put(code, n_bits);
        self.bits.put(number, exponent);
        self.n_bits += n_bits + exponent;
        exponent
    }

    fn end(&mut self) {
        self.lengths.push(core::mem::take(&mut self.n_bits));
    }
}

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

fn count(n: usize, limit: u32) -> Result<u32, FormatError> {
    let found = u32::try_from(n).unwrap_or(u32::MAX);
    if found <= limit {
        return Ok(found);
    }
    Err(FormatError::TooMany { field: FIELD, at: 0, found, limit })
}
