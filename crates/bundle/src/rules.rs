//! Section `rules`: what sets of two or three items lead to.
//!
//! A table with one entry per item. An entry holds the sets whose highest row is that item, one behind the other. A set
//! is the number of its other antecedents (one byte, 1 or 2), their rows, ascending, each a varint distance to the row
//! before, less one (the first is the row), `len: varint`, and `len` bytes of targets: pairs of `delta: varint, q: u8`
//! as in lists. The weight is `q · 65,535`. Sets ascend by their other rows, compared in order.

#[cfg(feature = "write")]
use alloc::vec::Vec;

#[cfg(feature = "write")]
use edgewise_core::{AntecedentRules, WeightedItem};
use edgewise_core::{ItemIdx, MAX_ANTECEDENTS, Others, RuleSet, Rules, Weighted};

use crate::cursor::Cursor;
use crate::error::FormatError;
use crate::limits::{MAX_ITEMS, MAX_LIST_ENTRIES, MAX_RULES_PER_ITEM};
use crate::table::Table;
use crate::varint;

const FIELD: &str = "rules";
/// The weight of one step of a confidence.
const SCALE: u32 = Weighted::ONE / 255;

/// View of the section. The default has no rules.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RuleTable<'a> {
    table: Table<'a>,
}

impl<'a> RuleTable<'a> {
    /// Takes the rules of `n_items` items.
    pub(crate) fn take(mut cursor: Cursor<'a>, n_items: u32) -> Result<RuleTable<'a>, FormatError> {
        let at = cursor.offset();
        let table = Table::take(&mut cursor, FIELD, MAX_ITEMS)?;
        cursor.end(FIELD)?;
        let found = table.n_entries();
        if found != n_items {
            return Err(FormatError::Mismatch { field: FIELD, at, found, expected: n_items });
        }
        Ok(RuleTable { table })
    }

    /// Looks at every entry.
    pub(crate) fn check(&self) -> Result<(), FormatError> {
        self.table.check()?;
        for (highest, (at, entry)) in (0..).map(ItemIdx).zip(self.table.entries()) {
            let mut rest = entry;
            let mut n_rules = 0;
            let mut last = Others::default();
            while !rest.is_empty() {
                let at = at + entry.len() - rest.len();
                let others = check_others(&mut rest, at, highest)?;
                if others.as_slice() <= last.as_slice() {
                    return Err(FormatError::BadOrder { field: FIELD, at });
                }
                last = others;
                let targets = take_targets(&mut rest, at)?;
                n_rules += self.check_targets(targets, at, highest, &others)?;
            }
            if n_rules > MAX_RULES_PER_ITEM {
                let limit = MAX_RULES_PER_ITEM;
                return Err(FormatError::TooMany { field: FIELD, at, found: n_rules, limit });
            }
        }
        Ok(())
    }

    /// The number of targets, each of which is an item and none of the antecedents.
    fn check_targets(
        &self,
        targets: &[u8],
        at: usize,
        highest: ItemIdx,
        others: &Others,
    ) -> Result<u32, FormatError> {
        let field = FIELD;
        let mut rest = targets;
        let mut next = 0u32;
        let mut n_targets = 0;
        while !rest.is_empty() {
            let delta = varint::take(&mut rest).ok_or(FormatError::BadVarint { field, at })?;
            let row = next.saturating_add(delta);
            let limit = self.table.n_entries().saturating_sub(1);
            if row > limit {
                return Err(FormatError::TooMany { field, at, found: row, limit });
            }
            if row == highest.0 || others.as_slice().contains(&ItemIdx(row)) {
                return Err(FormatError::BadOrder { field, at });
            }
            let short = FormatError::TooShort { field, at, needed: 1, found: 0 };
            let (&q, behind) = rest.split_first().ok_or(short)?;
            if q == 0 {
                return Err(FormatError::Mismatch { field, at, found: 0, expected: 1 });
            }
            (rest, next) = (behind, row + 1);
            n_targets += 1;
        }
        match n_targets {
            0 => Err(FormatError::Mismatch { field, at, found: 0, expected: 1 }),
            found if found > MAX_LIST_ENTRIES => {
                Err(FormatError::TooMany { field, at, found, limit: MAX_LIST_ENTRIES })
            }
            found => Ok(found),
        }
    }
}

/// Takes the other antecedents of a set, which ascend below the highest.
fn check_others(rest: &mut &[u8], at: usize, highest: ItemIdx) -> Result<Others, FormatError> {
    let n = rest.first().copied().unwrap_or(0);
    if !(1..MAX_ANTECEDENTS).contains(&usize::from(n)) {
        // Cannot fail: the constant is a small number.
        let limit = u32::try_from(MAX_ANTECEDENTS - 1).unwrap_or(u32::MAX);
        return Err(FormatError::TooMany { field: FIELD, at, found: n.into(), limit });
    }
    let others = take_others(rest).ok_or(FormatError::BadVarint { field: FIELD, at })?;
    match others.as_slice().last() {
        Some(last) if *last < highest => Ok(others),
        _ => Err(FormatError::BadOrder { field: FIELD, at }),
    }
}

/// `None`: the bytes are damaged.
fn take_others(rest: &mut &[u8]) -> Option<Others> {
    let (&n, behind) = rest.split_first()?;
    *rest = behind;
    let mut others = Others::default();
    let mut next = 0u32;
    for _ in 0..n {
        let row = next.checked_add(varint::take(rest)?)?;
        next = row.checked_add(1)?;
        if !others.push(ItemIdx(row)) {
            return None;
        }
    }
    Some(others)
}

fn take_targets<'a>(rest: &mut &'a [u8], at: usize) -> Result<&'a [u8], FormatError> {
    let len = varint::take(rest).ok_or(FormatError::BadVarint { field: FIELD, at })? as usize;
    let short = FormatError::TooShort { field: FIELD, at, needed: len, found: rest.len() };
    let (targets, behind) = rest.split_at_checked(len).ok_or(short)?;
    *rest = behind;
    Ok(targets)
}

impl<'a> Rules for RuleTable<'a> {
    type Targets = Targets<'a>;

    fn rules_of(&self, highest: ItemIdx) -> impl Iterator<Item = RuleSet<Targets<'a>>> {
        Sets { rest: self.table.get(highest.index()).unwrap_or(&[]) }
    }
}

/// The sets of one item. Ends early where the bytes are damaged.
struct Sets<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for Sets<'a> {
    type Item = RuleSet<Targets<'a>>;

    fn next(&mut self) -> Option<RuleSet<Targets<'a>>> {
        let others = take_others(&mut self.rest)?;
        let rest = take_targets(&mut self.rest, 0).ok()?;
        Some(RuleSet { others, targets: Targets { next: 0, rest } })
    }
}

/// The targets of one set, ascending by row.
#[derive(Clone, Debug)]
pub(crate) struct Targets<'a> {
    next: u32,
    rest: &'a [u8],
}

impl Iterator for Targets<'_> {
    type Item = Weighted;

    fn next(&mut self) -> Option<Weighted> {
        let delta = varint::take(&mut self.rest)?;
        let (&q, rest) = self.rest.split_first()?;
        self.rest = rest;
        let row = self.next.checked_add(delta)?;
        self.next = row.wrapping_add(1);
        Some(Weighted { item: ItemIdx(row), weight: u32::from(q) * SCALE })
    }
}

/// Makes the section of sets that ascend by highest row, then by the other rows. A weight is the nearest multiple of
/// 1/255, and at least one.
#[cfg(feature = "write")]
pub(crate) fn encode(sets: &[AntecedentRules], n_items: usize) -> Result<Vec<u8>, FormatError> {
    let mut entries: Vec<Vec<u8>> = alloc::vec![Vec::new(); n_items];
    for set in sets {
        let Some((highest, others)) = set.antecedents.split_last() else {
            return Err(FormatError::TooShort { field: FIELD, at: 0, needed: 2, found: 0 });
        };
        let limit = u32::try_from(n_items).unwrap_or(u32::MAX);
        let none = FormatError::TooMany { field: FIELD, at: 0, found: highest.0, limit };
        let entry = entries.get_mut(highest.index()).ok_or(none)?;
        entry.push(u8::try_from(others.len()).unwrap_or(u8::MAX));
        let mut next = 0u32;
        for row in others {
            put_row(entry, row.0, &mut next)?;
        }
        let targets = encode_targets(&set.targets)?;
        varint::put(entry, u32::try_from(targets.len()).unwrap_or(u32::MAX));
        entry.extend(targets);
    }
    let mut bytes = Vec::new();
    crate::table::put_table(&mut bytes, FIELD, &entries)?;
    Ok(bytes)
}

#[cfg(feature = "write")]
fn encode_targets(targets: &[WeightedItem]) -> Result<Vec<u8>, FormatError> {
    let mut bytes = Vec::with_capacity(targets.len() * 3);
    let mut next = 0u32;
    for WeightedItem { item, weight } in targets {
        if !(*weight > 0.0 && *weight <= 1.0) {
            return Err(FormatError::BadWeight { field: FIELD, item: item.0, found: *weight });
        }
        put_row(&mut bytes, item.0, &mut next)?;
        bytes.push(u8::try_from(crate::lists::quantise(weight * 255.0, 255)).unwrap_or(u8::MAX));
    }
    Ok(bytes)
}

/// Appends the distance from `next`, which becomes the row behind.
#[cfg(feature = "write")]
fn put_row(bytes: &mut Vec<u8>, row: u32, next: &mut u32) -> Result<(), FormatError> {
    let order = FormatError::BadOrder { field: FIELD, at: bytes.len() };
    varint::put(bytes, row.checked_sub(*next).ok_or(order)?);
    *next = row.saturating_add(1);
    Ok(())
}

#[cfg(test)]
mod tests;
