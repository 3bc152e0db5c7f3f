//! Learn from before a moment, ask about after it.

use edgewise_core::{Interactions, ItemIdx, Placement};

use super::sequence::{by_user, history};
use super::{Repeats, Split};
use crate::case::{Case, UnitIdx};

/// When to cut, and what counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Temporal {
    /// Rows at or after this moment are the truth, in seconds since 1970-01-01T00:00:00Z.
    pub cut_s: i64,
    /// Whether what a user took before can be right again.
    pub repeats: Repeats,
}

/// Splits at a moment. One case per user with rows on both sides; rows without a time, and all of guests' from before the
/// moment, are learnt from.
pub fn temporal(log: &Interactions, split: Temporal) -> Split {
    let is_later = |time_s: Option<i64>| time_s.is_some_and(|time_s| time_s >= split.cut_s);
    let mut cases = Vec::new();
    for (user, rows) in by_user(log) {
        let (before, after) = rows.split_at(rows.partition_point(|row| !is_later(row.time_s)));
        let is_new = |item: &ItemIdx| before.iter().all(|row| row.item != *item);
        let counts = |item: &ItemIdx| split.repeats == Repeats::Allowed || is_new(item);
        let mut relevant: Vec<ItemIdx> = after.iter().map(|row| row.item).filter(counts).collect();
        relevant.sort_unstable();
        relevant.dedup();
        if before.is_empty() || relevant.is_empty() {
            continue;
        }
        cases.push(Case {
            history: history(before, Some(split.cut_s)),
            seen: split.repeats.seen(),
            relevant,
            ..Case::new(UnitIdx(user), Placement::Home)
        });
    }
    let rows = log.rows.iter().filter(|row| !is_later(row.time_s)).copied().collect();
    Split { train: Interactions { rows, ..*log }, cases }
}
