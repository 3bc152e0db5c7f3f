//! A random share of each user's items is the truth.

use edgewise_core::{Interaction, Interactions, ItemIdx, Placement, Seen};

use super::Split;
use super::cut::n_of;
use super::sequence::{by_user, history};
use crate::case::{Case, UnitIdx};
use crate::random::Random;

/// How much to hold out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Share {
    /// The part held out. Small: many rows to learn from, few and noisy answers. Large: sure answers about a model that
    /// learnt too little. Range `0.0..=1.0`; what is outside is brought to the nearer end.
    pub part: f64,
    /// The same seed, the same draw for a user number.
    pub seed: u64,
}

/// Holds out a part of each user's distinct items: at least one, and never all. Users with one item, and guests, are
/// learnt from whole.
pub fn random_share(log: &Interactions, share: Share) -> Split {
    let mut train: Vec<Interaction> =
        log.rows.iter().filter(|row| row.user.is_none()).copied().collect();
    let mut cases = Vec::new();
    for (user, rows) in by_user(log) {
        let mut items: Vec<ItemIdx> = rows.iter().map(|row| row.item).collect();
        items.sort_unstable();
        items.dedup();
        if items.len() < 2 {
            train.extend(rows);
            continue;
        }
        let n_held_out = n_of(items.len(), share.part).clamp(1, items.len() - 1);
        Random::new(share.seed, u64::from(user)).choose(&mut items, n_held_out);
        items.truncate(n_held_out);
        items.sort_unstable();
        let is_kept = |row: &&Interaction| items.binary_search(&row.item).is_err();
        let kept: Vec<Interaction> = rows.iter().filter(is_kept).copied().collect();
        cases.push(Case {
            history: history(&kept, rows.last().and_then(|row| row.time_s)),
            seen: Seen::Hide,
            relevant: items,
            ..Case::new(UnitIdx(user), Placement::Home)
        });
        train.extend(kept);
    }
    Split { train: Interactions { rows: train, ..*log }, cases }
}
