//! From counted pairs to lists: every item is counted, weighed and cut by itself, in parallel.

use edgewise_core::{ItemIdx, WeightedItem};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::lists::{ItemLists, Learnt, keep_best};
use crate::observations::Observations;
use crate::pairs::{Companion, PairCounter, Support};

/// On which side of a pair the best neighbours are counted when lists are cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeepPer {
    /// The best sources of each target: every item can be reached, however rare. Measured to be worth 10 to 15 % of
    /// recall over the other side for cosine and ridge weights, and 32 % on baskets.
    #[default]
    Target,
    /// The best targets of each source: every item leads somewhere, and lists have even lengths.
    Source,
}

/// How many neighbours stay, and on which side they are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    pub(crate) neighbours: u32,
    pub(crate) per: KeepPer,
}

/// A pair of items that share rows, seen as leading from a source to a target.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pair {
    pub(crate) source: ItemIdx,
    pub(crate) target: ItemIdx,
    /// Rows that hold both.
    pub(crate) n_rows: u32,
    /// Sum over those rows of the product of both weights.
    pub(crate) dot: f64,
}

/// Weighs every pair with enough behind it and keeps the best. Pairs whose weight is not positive and finite are left
/// out.
pub(crate) fn neighbourhoods(
    observations: &Observations,
    support: Support,
    cut: Cut,
    weight: impl Fn(Pair) -> f64 + Sync,
) -> Learnt {
    let items: Vec<ItemIdx> = observations.all_items().collect();
    let lists = items.into_par_iter().map_init(
        || PairCounter::new(observations.n_items()),
        |counter, item| {
            let (companions, n_removed) = counter.supported(observations, item, support);
            let weighed = |companion: &Companion| {
                let (source, target) = match cut.per {
                    KeepPer::Target => (companion.item, item),
                    KeepPer::Source => (item, companion.item),
                };
                let (n_rows, dot) = (companion.n_rows, companion.dot);
                let weight = weight(Pair { source, target, n_rows, dot });
                is_weight(weight).then_some(WeightedItem { item: companion.item, weight })
            };
            let mut list: Vec<WeightedItem> = companions.iter().filter_map(weighed).collect();
            keep_best(&mut list, cut.neighbours as usize);
            (list, n_removed)
        },
    );
    collected(lists, cut.per)
}

/// Whether a list may hold this weight.
pub(crate) fn is_weight(weight: f64) -> bool {
    weight > 0.0 && weight.is_finite()
}

/// What was learnt, from one list per item on the side that was cut.
pub(crate) fn collected(
    lists: impl IndexedParallelIterator<Item = (Vec<WeightedItem>, u64)>,
    per: KeepPer,
) -> Learnt {
    match per {
        KeepPer::Target => Learnt::from_targets(lists.collect::<Vec<_>>()),
        KeepPer::Source => {
            let (mut by_source, removed): (ItemLists, Vec<u64>) = lists.unzip();
            by_source.par_iter_mut().for_each(|list| list.sort_unstable_by_key(|entry| entry.item));
            Learnt { by_source, n_removed: removed.iter().sum() }
        }
    }
}

/// A count as a real number. Exact: counts are below 2^53.
#[expect(clippy::cast_precision_loss, reason = "counts of rows and cells are below 2^53")]
pub(crate) fn exact(n: usize) -> f64 {
    n as f64
}
