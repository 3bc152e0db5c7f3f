//! An item of a later basket is found from the others.

use edgewise_core::{Interaction, Interactions, ItemIdx, Placement};

use super::Split;
use super::sequence::by_order;
use crate::case::{Case, UnitIdx};
use crate::random::Random;

/// Which items of a basket are held out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldOut {
    /// One, drawn for each basket by its number.
    One {
        /// The same seed, the same items.
        seed: u64,
    },
    /// Each in its turn.
    Each,
}

/// When to cut, and what to hold out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasketCompletion {
    /// Baskets that begin at or after this moment are asked about, in seconds since 1970-01-01T00:00:00Z.
    pub cut_s: i64,
    /// Which items of a basket are held out.
    pub held_out: HeldOut,
}

/// Later baskets of two or more different items are asked about, earlier ones are learnt from; so are rows without an
/// order. A later basket of one item is in neither.
pub fn basket_completion(log: &Interactions, split: BasketCompletion) -> Split {
    let mut train: Vec<Interaction> =
        log.rows.iter().filter(|row| row.order.is_none()).copied().collect();
    let mut cases = Vec::new();
    for (order, rows) in by_order(log) {
        let begins = rows.first().and_then(|row| row.time_s);
        if begins.is_none_or(|begins| begins < split.cut_s) {
            train.extend(rows);
            continue;
        }
        let mut items: Vec<ItemIdx> = rows.iter().map(|row| row.item).collect();
        items.sort_unstable();
        items.dedup();
        if items.len() < 2 {
            continue;
        }
        let chosen = match split.held_out {
            HeldOut::One { seed } => {
                let at = Random::new(seed, u64::from(order)).below(items.len());
                at..at + 1
            }
            HeldOut::Each => 0..items.len(),
        };
        cases.extend(chosen.map(|at| Case {
            cart: items.iter().copied().filter(|item| *item != items[at]).collect(),
            relevant: vec![items[at]],
            ..Case::new(UnitIdx(order), Placement::Cart)
        }));
    }
    Split { train: Interactions { rows: train, ..*log }, cases }
}
