//! From counted pairs to lists: every item is counted, weighed and cut by itself, in parallel.

use edgewise_core::{ItemIdx, WeightedItem};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::lists::{Best, ItemLists, Learnt};
use crate::observations::Observations;
use crate::pairs::{PairCounter, Support};

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

/// How many neighbours of each item stay, and on which side they are counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cut {
    pub(crate) budgets: Vec<usize>,
    pub(crate) per: KeepPer,
}

/// How many neighbours stay, and who gets more of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Budget {
    /// Per item, on average over all items.
    pub(crate) neighbours: u32,
    /// An item's number grows as the number of its rows to the power of this.
    pub(crate) exponent: f64,
}

/// Neighbours that an item of few rows gets at least, where there are as many.
const MIN_BUDGET: f64 = 4.0;
/// Neighbours of one item at most.
const MAX_BUDGET: f64 = 1_024.0;

impl Budget {
    /// The number of neighbours of each item. What one cannot use, because its rows hold too few other items, goes to
    /// those that can.
    pub(crate) fn of_items(self, observations: &Observations) -> Vec<usize> {
        let n_items = observations.n_items();
        if self.exponent == 0.0 {
            return vec![self.neighbours as usize; n_items];
        }
        let shares: Vec<f64> = observations
            .all_items()
            .map(|item| libm::pow(exact(observations.rows(item).ids.len()), self.exponent))
            .collect();
        let most: Vec<f64> = observations
            .all_items()
            .map(|item| {
                let rows = observations.rows(item).ids.iter();
                let n_others: usize = rows.map(|&row| observations.items(row).ids.len() - 1).sum();
                exact(n_others.min(n_items)).min(MAX_BUDGET)
            })
            .collect();
        let budget = |scale: f64, (share, most): (&f64, &f64)| {
            (scale * share).floor().max(MIN_BUDGET).min(*most)
        };
        let total = f64::from(self.neighbours) * exact(n_items);
        // Halving an interval of doubles sixty times leaves one number, and the sum of budgets grows with it.
        let (mut low, mut high) = (0.0, MAX_BUDGET);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            let sum: f64 = shares.iter().zip(&most).map(|item| budget(middle, item)).sum();
            *if sum > total { &mut high } else { &mut low } = middle;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1,024")]
        let whole = |budget: f64| budget as usize;
        shares.iter().zip(&most).map(|item| whole(budget(low, item))).collect()
    }
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
    cut: &Cut,
    weight: impl Fn(Pair) -> f64 + Sync,
) -> Learnt {
    let items: Vec<ItemIdx> = observations.all_items().collect();
    let lists = items.into_par_iter().map_init(
        || (PairCounter::new(observations), Vec::new()),
        |(counter, buffer), item| {
            let mut best = Best::new(buffer, cut.budgets[item.index()]);
            let n_removed = counter.supported(item, support, |companion| {
                let (source, target) = match cut.per {
                    KeepPer::Target => (companion.item, item),
                    KeepPer::Source => (item, companion.item),
                };
                let (n_rows, dot) = (companion.n_rows, companion.dot);
                let weight = weight(Pair { source, target, n_rows, dot });
                if is_weight(weight) {
                    best.push(WeightedItem { item: companion.item, weight });
                }
            });
            (best.kept().to_vec(), n_removed)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Weights, observations};

    #[test]
    fn spread_budgets_grow_with_popularity_and_keep_the_total() {
        let observations = observations(Weights::Ones);
        let n_rows = |item: ItemIdx| observations.rows(item).ids.len();
        let items: Vec<ItemIdx> = observations.all_items().collect();
        for (neighbours, exponent) in [(6, 0.3), (6, 1.0), (10, 0.5)] {
            let budgets = Budget { neighbours, exponent }.of_items(&observations);
            let (total, wanted) =
                (budgets.iter().sum::<usize>(), neighbours as usize * items.len());
            assert!(total <= wanted && total + items.len() > wanted, "{total} of {wanted}");
            for (a, b) in items.iter().flat_map(|&a| items.iter().map(move |&b| (a, b))) {
                let more = n_rows(a) > n_rows(b);
                assert!(!more || budgets[a.index()] >= budgets[b.index()], "{budgets:?}");
            }
        }
        let even = Budget { neighbours: 6, exponent: 0.0 }.of_items(&observations);
        assert_eq!(even, vec![6; items.len()]);
    }
}
