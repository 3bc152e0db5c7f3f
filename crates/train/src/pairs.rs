//! Pairs of items that the same rows hold, counted for one target item at a time.
//!
//! For a target, every row that holds it is walked and its other items are counted in a dense array that is cleared
//! by what was touched. The cost is the sum of squared row lengths; memory is one array per thread.

use edgewise_core::{ItemIdx, WeightedItem};
use rayon::prelude::*;

use crate::incidence::Incidence;

/// What is known of a pair.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct PairCount {
    /// Rows that hold both.
    pub(crate) n_rows: u32,
    /// Distinct people among them.
    pub(crate) n_people: u32,
}

/// Who stands behind a row, for counting distinct people. Rows of the same person must be neighbours.
pub(crate) trait Persons: Sync {
    /// The person of a row; `None` when the row does not count.
    fn person(&self, row: u32) -> Option<u32>;
}

/// The sources kept for each target, and what the minimum of people removed.
pub(crate) struct Pruned {
    /// Per target item, its best sources.
    pub(crate) by_target: Vec<Vec<WeightedItem>>,
    /// Ordered pairs that passed every other rule and had too few people.
    pub(crate) n_removed: u64,
}

/// Which pairs may be kept and what they weigh.
pub(crate) struct PairRules<W> {
    /// Rows that must hold a pair.
    pub(crate) min_rows: u32,
    /// Distinct people that must stand behind a pair.
    pub(crate) min_people: u32,
    /// Sources kept per target.
    pub(crate) n_kept: usize,
    /// Weight of `(count, source, target)`, in `0.0 < weight <= 1.0`.
    pub(crate) weight: W,
}

const NOBODY: u32 = u32::MAX;

/// Counts of one thread.
struct Scratch {
    counts: Vec<PairCount>,
    last_person: Vec<u32>,
    touched: Vec<u32>,
}

/// Counts every pair and keeps, per target, the `n_kept` sources of most weight; equal weights keep the lower item.
pub(crate) fn prune<P, W>(incidence: &Incidence, persons: &P, rules: &PairRules<W>) -> Pruned
where
    P: Persons,
    W: Fn(PairCount, ItemIdx, ItemIdx) -> f64 + Sync,
{
    let n_items = incidence.n_items();
    let scratch = || Scratch {
        counts: vec![PairCount::default(); n_items],
        last_person: vec![NOBODY; n_items],
        touched: Vec::new(),
    };
    let targets = 0..u32::try_from(n_items).unwrap_or(u32::MAX);
    let kept: Vec<(Vec<WeightedItem>, u64)> = targets
        .into_par_iter()
        .map_init(scratch, |scratch, target| {
            count(incidence, persons, ItemIdx(target), scratch);
            best_sources(rules, ItemIdx(target), scratch)
        })
        .collect();
    let n_removed = kept.iter().map(|entry| entry.1).sum();
    Pruned { by_target: kept.into_iter().map(|entry| entry.0).collect(), n_removed }
}

fn count(incidence: &Incidence, persons: &impl Persons, target: ItemIdx, scratch: &mut Scratch) {
    for &row in incidence.rows(target) {
        let person = persons.person(row).unwrap_or(NOBODY);
        for &source in incidence.items(row) {
            let at = source as usize;
            let pair = &mut scratch.counts[at];
            if pair.n_rows == 0 {
                scratch.touched.push(source);
            }
            pair.n_rows += 1;
            if person != NOBODY && scratch.last_person[at] != person {
                scratch.last_person[at] = person;
                pair.n_people += 1;
            }
        }
    }
}

/// Takes the counts out of the scratch and leaves it clean.
fn best_sources<W>(
    rules: &PairRules<W>,
    target: ItemIdx,
    scratch: &mut Scratch,
) -> (Vec<WeightedItem>, u64)
where
    W: Fn(PairCount, ItemIdx, ItemIdx) -> f64,
{
    let mut sources = Vec::new();
    let mut n_removed = 0;
    for source in scratch.touched.drain(..) {
        let pair = std::mem::take(&mut scratch.counts[source as usize]);
        scratch.last_person[source as usize] = NOBODY;
        if source == target.0 || pair.n_rows < rules.min_rows {
            continue;
        }
        if pair.n_people < rules.min_people {
            n_removed += 1;
            continue;
        }
        let item = ItemIdx(source);
        sources.push(WeightedItem { item, weight: (rules.weight)(pair, item, target) });
    }
    crate::lists::keep_best(&mut sources, rules.n_kept);
    (sources, n_removed)
}
