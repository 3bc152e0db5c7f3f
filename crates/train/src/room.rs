//! How much memory a training may take, and where what does not fit goes.

use std::path::PathBuf;

use edgewise_core::{Interactions, WeightedItem};

use crate::gram::Entry;
use crate::params::{Params, TrainError};
use crate::recipe::{ListModel, Recipe};
use crate::ridge::RidgeParams;

/// What is told while a model is trained. Prints nothing by itself.
pub trait Watch: Sync {
    /// A stage of the work begins; the last one is over.
    fn stage(&self, name: &'static str);

    /// Something worth saying, as a sentence without a full stop.
    fn note(&self, text: &str);
}

/// Watches nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoWatch;

impl Watch for NoWatch {
    fn stage(&self, _: &'static str) {}
    fn note(&self, _: &str) {}
}

/// What a training may use of the machine. Nothing in it changes what is learnt.
#[derive(Clone)]
pub struct Room<'w> {
    /// Bytes that may be in use at once. `u64::MAX`: all there are; then nothing is estimated.
    pub memory_bytes: u64,
    /// Bytes of them that are in use already, the log included.
    pub used_bytes: u64,
    /// Where files go that are removed when they are no longer needed.
    pub folder: PathBuf,
    /// Is told what is done.
    pub watch: &'w dyn Watch,
}

impl Room<'static> {
    /// Without limits, and in silence.
    pub fn unlimited() -> Room<'static> {
        Room {
            memory_bytes: u64::MAX,
            used_bytes: 0,
            folder: std::env::temp_dir(),
            watch: &NoWatch,
        }
    }
}

/// What a training is estimated to need, in bytes, besides what is in use already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Needs {
    /// What cannot be put aside.
    fixed: u64,
    /// The blocks of regressions, of which any part can be put aside.
    blocks: u64,
}

impl Room<'_> {
    /// What is left of the room for what can be put aside. Says what the training is about to need.
    pub(crate) fn within_needs(
        &self,
        log: &Interactions,
        n_items: usize,
        params: &Params,
    ) -> Result<Self, TrainError> {
        let limit = self.memory_bytes;
        if limit == u64::MAX {
            return Ok(self.clone());
        }
        let Needs { fixed, blocks } = Needs::of(log, n_items, params);
        let fixed = fixed + self.used_bytes;
        if fixed > limit {
            return Err(TrainError::NoRoom { needed: fixed, limit });
        }
        let left = limit - fixed;
        let how = if blocks <= left { "in memory" } else { "putting pairs aside on disk" };
        let mib = |bytes: u64| bytes.div_ceil(1 << 20);
        let (needed, limit) = (mib(fixed + blocks), mib(limit));
        self.watch.note(&format!("needs up to {needed} MiB, limit {limit} MiB: {how}"));
        Ok(Room { memory_bytes: left, ..self.clone() })
    }

    /// What went wrong with a file of the folder.
    pub(crate) fn spill_error(&self, error: &std::io::Error) -> TrainError {
        TrainError::Spill { folder: self.folder.display().to_string(), reason: error.to_string() }
    }
}

/// Bytes of a row of the log in a matrix while it is made: its place in a bucket, and a cell in the rows before their
/// order, in order and by item.
const CELL_BYTES: u64 = 4 + 2 * 8 + 8;
/// Bytes of a row of a matrix: where it begins, its order, and who stands behind it.
const ROW_BYTES: u64 = 2 * 8 + 16 + 2 * 4;
/// Bytes of the tally of a pair, with its place among those that are not empty.
const TALLY_BYTES: u64 = 24 + 4;

impl Needs {
    fn of(log: &Interactions, n_items: usize, params: &Params) -> Needs {
        // An item with fewer rows than a fact needs people is in no pair: in large shops that is every second one.
        let n_paired = n_taken(log, n_items, params.min_people);
        let (n_items, n_log) = (n_items as u64, log.rows.len() as u64);
        let recipes = [&params.similar, &params.together, &params.next].into_iter().flatten();
        let mut needs = Needs { fixed: 0, blocks: 0 };
        let mut widest_part = 0;
        for recipe in recipes {
            // Lists are held by target and by source at once, and stay until the bundle is packed.
            let n_entries = n_paired * u64::from(recipe.neighbours);
            needs.fixed += 2 * n_entries * size_of::<WeightedItem>() as u64;
            for part in &recipe.parts {
                let (fixed, blocks) = match &part.model {
                    ListModel::DenseRidge(_) => (4 * n_items * n_items, 0),
                    ListModel::Ridge(params) => of_ridge(recipe, params, n_paired),
                    _ => (0, 0),
                };
                widest_part = widest_part.max(fixed);
                needs.blocks = needs.blocks.max(blocks);
            }
        }
        let n_rows = n_log.min(u64::from(log.n_users) + u64::from(log.n_orders));
        needs.fixed += n_log * CELL_BYTES + n_rows * ROW_BYTES;
        needs.fixed += widest_part;
        needs.fixed += rayon::current_num_threads() as u64 * n_items * TALLY_BYTES;
        needs
    }
}

/// Items with at least `n_min` rows.
fn n_taken(log: &Interactions, n_items: usize, n_min: u32) -> u64 {
    let mut n_rows = vec![0_u32; n_items];
    for row in &log.rows {
        // Cannot fail: a log has no more rows than `u32` counts.
        n_rows[row.item.index()] += 1;
    }
    n_rows.iter().filter(|&&n_rows| n_rows >= n_min).count() as u64
}

/// What a regression needs besides its matrix: its candidates, and the triangles of its blocks.
fn of_ridge(recipe: &Recipe, params: &RidgeParams, n_items: u64) -> (u64, u64) {
    let kept = f64::from(recipe.neighbours);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 1,024")]
    let side = (kept * params.candidates_per_neighbour).clamp(1.0, 1_024.0) as u64;
    let side = side.min(n_items);
    // Each candidate stands in the list of its target and among the uses of its item.
    let candidate = (size_of::<Entry>() + 2 * size_of::<usize>()) as u64;
    // Budgets that grow with popularity make few large blocks of many small ones: on 100,000 items nearly twice as much.
    let spread = if params.budget_exponent > 0.0 { 2 } else { 1 };
    (n_items * side * candidate, n_items * side * side * 2 * spread)
}

#[cfg(test)]
mod tests {
    use edgewise_core::{EventKind, Interaction, ItemIdx, OrderIdx};

    use super::*;

    #[test]
    fn a_room_that_is_too_small_is_refused_before_anything_is_learnt() {
        let params = Params::default();
        let row = |at: u32| Interaction {
            item: ItemIdx(at % 100),
            user: None,
            order: Some(OrderIdx(at)),
            time_s: None,
            region: None,
            segment: None,
            kind: EventKind::Purchase,
        };
        let log_of = |n_rows| Interactions {
            rows: (0..n_rows).map(row).collect(),
            n_users: 0,
            n_orders: n_rows,
        };
        let log = log_of(100 * params.min_people);
        let room =
            |memory_bytes, used_bytes| Room { memory_bytes, used_bytes, ..Room::unlimited() };
        let Needs { fixed, .. } = Needs::of(&log, 100, &params);
        assert!(fixed > 2 * 2 * 100 * 20 * 16, "both recipes' lists: {fixed}");
        let Needs { fixed: of_rare, .. } = Needs::of(&log_of(250), 100, &params);
        assert!(
            of_rare < fixed - 2 * 2 * 50 * 20 * 16,
            "half of the items are in no pair: {of_rare}"
        );
        let refused = room(fixed + 9, 10).within_needs(&log, 100, &params).err();
        assert_eq!(refused, Some(TrainError::NoRoom { needed: fixed + 10, limit: fixed + 9 }));
        let left = room(fixed + 15, 10).within_needs(&log, 100, &params).unwrap();
        assert_eq!(left.memory_bytes, 5);
    }
}
