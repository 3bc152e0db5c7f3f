//! The products of all columns of a sparse matrix: the diagonal, and the nearest columns of each.
//!
//! The products are never stored as a whole: on check-ins of 41,000 items they took 330 MB, and walking them for each
//! block of a regression took longer than counting the rows a second time does.

use edgewise_core::ItemIdx;
use rayon::prelude::*;

use crate::lists::{Best, Ranked};
use crate::neighbourhood::exact;
use crate::observations::Observations;
use crate::pairs::{PairCounter, Support};

/// Sum over rows of the product of two columns, for one pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) item: ItemIdx,
    pub(crate) dot: f32,
}

/// The sources that may lead to a target.
#[derive(Clone, Debug)]
pub(crate) struct Candidates {
    /// Ascending by item.
    pub(crate) sources: Vec<Entry>,
    /// Pairs that too few people stand behind.
    pub(crate) n_removed: u64,
}

/// A candidate with its `dot / sqrt(n(source))`, which orders as the cosine does.
#[derive(Clone, Copy)]
struct Near {
    closeness: f64,
    entry: Entry,
}

impl Ranked for Near {
    #[inline]
    fn rank(&self) -> (f64, ItemIdx) {
        (self.closeness, self.entry.item)
    }
}

/// The product of each column with itself.
pub(crate) fn diagonal(observations: &Observations) -> Vec<f32> {
    let norm = |item: ItemIdx| {
        let weights = observations.rows(item).iter().map(|(_, weight)| f64::from(weight));
        single(weights.map(|x| x * x).sum())
    };
    observations.all_items().map(norm).collect()
}

/// For each target the `n_candidates` sources of the largest cosine among those with enough behind them. Equal ones keep
/// the lower item.
pub(crate) fn candidates(
    observations: &Observations,
    support: Support,
    n_candidates: &[usize],
    diagonal: &[f32],
) -> Vec<Candidates> {
    let items: Vec<ItemIdx> = observations.all_items().collect();
    let factors: Vec<f64> = diagonal.iter().map(|&n| f64::from(n).sqrt()).collect();
    let of_target = |(counter, buffer): &mut (PairCounter<'_>, Vec<Near>), target: ItemIdx| {
        let mut best = Best::new(buffer, n_candidates[target.index()]);
        let n_removed = counter.supported(target, support, |companion| {
            if companion.dot > 0.0 {
                let closeness = companion.dot / factors[companion.item.index()];
                let entry = Entry { item: companion.item, dot: single(companion.dot) };
                best.push(Near { closeness, entry });
            }
        });
        let mut sources: Vec<Entry> = best.kept().iter().map(|near| near.entry).collect();
        sources.sort_unstable_by_key(|entry| entry.item);
        Candidates { sources, n_removed }
    };
    let counter = || (PairCounter::new(observations), Vec::new());
    items.into_par_iter().map_init(counter, of_target).collect()
}

#[expect(clippy::cast_possible_truncation, reason = "products are kept in single precision")]
pub(crate) fn single(x: f64) -> f32 {
    x as f32
}

/// Λ: what is added to each diagonal entry, in proportion to `n^exponent` and `regularization` means of all `n` above
/// zero.
pub(crate) fn diagonal_additions(diagonal: &[f32], regularization: f64, exponent: f64) -> Vec<f32> {
    let seen = || diagonal.iter().map(|&n| f64::from(n)).filter(|&n| n > 0.0);
    let mean = seen().sum::<f64>() / exact(seen().count().max(1));
    let addition = |n: f64| if n > 0.0 { mean * libm::pow(n / mean, exponent) } else { 0.0 };
    diagonal.iter().map(|&n| single(regularization * addition(n.into()))).collect()
}
