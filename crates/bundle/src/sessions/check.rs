//! Looks at every entry of the section `sessions`.

use alloc::vec::Vec;

use edgewise_core::ItemIdx;

use super::{FIELD, Items, SESSIONS_PER_BLOCK, Sessions};
use crate::error::FormatError;
use crate::limits::MAX_SESSION_ITEMS;
use crate::lists::prefix_code::{First, Symbol, TABLE_BYTES, first_fault};

impl Sessions<'_> {
    /// Looks at every entry.
    pub(crate) fn check(&self) -> Result<(), FormatError> {
        let field = FIELD;
        self.norms.check()?;
        self.item_weights.check()?;
        for (at, table) in
            (self.codes_at..).step_by(TABLE_BYTES).zip(self.codes.chunks(TABLE_BYTES))
        {
            if let Some(entry) = first_fault(table, First::Lowest) {
                return Err(FormatError::BadOrder { field, at: at + entry });
            }
        }
        self.groups.check(FIELD)?;
        self.firsts.check(FIELD)?;
        self.postings.check()?;
        self.blocks.check()?;
        for item in (0..self.n_items).map(ItemIdx) {
            self.check_postings(item)?;
        }
        for block in 0..self.n_rows.div_ceil(SESSIONS_PER_BLOCK) {
            let n_before = block * SESSIONS_PER_BLOCK;
            self.check_block(block, SESSIONS_PER_BLOCK.min(self.n_rows - n_before))?;
        }
        Ok(())
    }

    fn check_postings(&self, item: ItemIdx) -> Result<(), FormatError> {
        let field = FIELD;
        let mut others = self.others(item);
        let mut n_others = 0;
        while others.numbers.n_left() > 0 {
            let at = self.postings.at() + others.numbers.offset();
            if others.next().is_none() {
                let (found, limit) = (others.at, self.n_rows.saturating_sub(1));
                return Err(if found > limit {
                    FormatError::TooMany { field, at, found, limit }
                } else {
                    FormatError::TooShort { field, at, needed: 1, found: 0 }
                });
            }
            n_others += 1;
        }
        let at = self.postings.at() + others.numbers.offset();
        if n_others > self.n_newest {
            let limit = self.n_newest;
            return Err(FormatError::TooMany { field, at, found: n_others, limit });
        }
        let expected = n_others.saturating_add(others.n_below);
        if expected > n_others {
            return Err(FormatError::Mismatch { field, at, found: n_others, expected });
        }
        Ok(())
    }

    /// Looks at the first `n` sessions of a block, behind which it ends.
    pub(super) fn check_block(&self, block: u32, n: u32) -> Result<(), FormatError> {
        let field = FIELD;
        let Some(mut walk) = self.block(block) else {
            let (at, needed, found) = (self.blocks.at(), 1, 0);
            return Err(FormatError::TooShort { field, at, needed, found });
        };
        for session in block * SESSIONS_PER_BLOCK..block * SESSIONS_PER_BLOCK + n {
            let at = self.blocks.at() + walk.numbers.offset();
            let short = FormatError::TooShort { field, at, needed: 1, found: 0 };
            let n_left = walk.next_session().ok_or(short.clone())?;
            let n_items = n_left.saturating_add(1);
            if n_items > MAX_SESSION_ITEMS {
                let (found, limit) = (n_items, MAX_SESSION_ITEMS);
                return Err(FormatError::TooMany { field, at, found, limit });
            }
            let own = self.groups.range(walk.first as usize).unwrap_or(0..0);
            if !own.contains(&(session as usize)) {
                return Err(FormatError::BadOrder { field, at });
            }
            let (numbers, next) = (walk.numbers, Some(walk.first));
            let mut items = Items { numbers, before: Symbol::default(), next, n_left };
            let mut rows: Vec<u32> = items.by_ref().map(|item| item.0).collect();
            if rows.len() < n_items as usize {
                return Err(short);
            }
            rows.sort_unstable();
            let (found, limit) =
                (rows.last().copied().unwrap_or(0), self.n_items.saturating_sub(1));
            if found > limit {
                return Err(FormatError::TooMany { field, at, found, limit });
            }
            rows.dedup();
            if rows.len() < n_items as usize {
                return Err(FormatError::BadOrder { field, at });
            }
            walk.numbers = items.numbers;
        }
        match u32::try_from(walk.numbers.n_left()).unwrap_or(u32::MAX) {
            0 => Ok(()),
            found => {
                let at = self.blocks.at() + walk.numbers.offset();
                Err(FormatError::Mismatch { field, at, found, expected: 0 })
            }
        }
    }
}
