//! Each user's last event or basket is the truth.

use edgewise_core::{Interaction, Interactions, ItemIdx, Placement};

use super::sequence::{by_user, history};
use super::{Repeats, Split};
use crate::case::{Case, UnitIdx};

/// What of each user is held out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastPart {
    /// The last row; of several at the same time, the one of the highest order and item.
    Event,
    /// All rows of the order that the last row belongs to; a row without an order is one by itself.
    Basket,
}

/// What to hold out, and what counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastOut {
    /// What of each user is held out.
    pub part: LastPart,
    /// Whether what a user took before can be right again.
    pub repeats: Repeats,
}

/// Holds out the last part of every user who has one before it. The others, and guests, are learnt from whole.
///
/// Under [`Repeats::NewOnly`] a user whose last part holds nothing new is no case, and the part is held out all the same.
pub fn last_out(log: &Interactions, split: LastOut) -> Split {
    let mut train: Vec<Interaction> =
        log.rows.iter().filter(|row| row.user.is_none()).copied().collect();
    let mut cases = Vec::new();
    for (user, rows) in by_user(log) {
        let Some(last) = rows.last().copied() else { continue };
        let in_part = |at: usize, row: &Interaction| match split.part {
            LastPart::Basket if last.order.is_some() => row.order == last.order,
            LastPart::Event | LastPart::Basket => at + 1 == rows.len(),
        };
        let of_side = |wanted: bool| -> Vec<Interaction> {
            let is_there = |(at, row): &(usize, &Interaction)| in_part(*at, row) == wanted;
            rows.iter().enumerate().filter(is_there).map(|(_, row)| *row).collect()
        };
        let (before, after) = (of_side(false), of_side(true));
        if before.is_empty() {
            train.extend(after);
            continue;
        }
        train.extend(&before);
        let is_new = |item: &ItemIdx| before.iter().all(|row| row.item != *item);
        let counts = |item: &ItemIdx| split.repeats == Repeats::Allowed || is_new(item);
        let mut relevant: Vec<ItemIdx> = after.iter().map(|row| row.item).filter(counts).collect();
        relevant.sort_unstable();
        relevant.dedup();
        if relevant.is_empty() {
            continue;
        }
        cases.push(Case {
            history: history(&before, after[0].time_s),
            seen: split.repeats.seen(),
            relevant,
            ..Case::new(UnitIdx(user), Placement::Home)
        });
    }
    Split { train: Interactions { rows: train, ..*log }, cases }
}
