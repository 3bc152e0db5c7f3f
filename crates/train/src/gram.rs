//! The products of all columns of a sparse matrix, and small dense blocks of them.

use edgewise_core::ItemIdx;
use rayon::prelude::*;

use crate::neighbourhood::exact;
use crate::observations::Observations;
use crate::pairs::{Companion, PairCounter, Support};

/// Items of the longest rows, whose products among themselves are also kept in a dense square: 16 MiB.
const N_DENSE: usize = 2_048;

/// Sum over rows of the product of two columns, for one pair.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) item: ItemIdx,
    pub(crate) dot: f32,
}

/// `G = XᵀX` without its zeros. Memory is eight bytes per pair of items that share a row.
pub(crate) struct Gram {
    /// Off the diagonal, ascending by item.
    rows: Vec<Vec<Entry>>,
    diagonal: Vec<f32>,
    dense: Dense,
}

/// The sources that may lead to a target.
pub(crate) struct Candidates {
    /// Ascending by item.
    pub(crate) sources: Vec<Entry>,
    /// Pairs that too few people stand behind.
    pub(crate) n_removed: u64,
}

impl Gram {
    /// Counts every pair once, and keeps of those with enough behind them the ones of the largest cosine as candidates of
    /// each target, `n_candidates` of them. Pairs with too little behind them stay in the products: nothing of them is published.
    pub(crate) fn of(
        observations: &Observations,
        support: Support,
        n_candidates: &[usize],
    ) -> (Gram, Vec<Candidates>) {
        let diagonal: Vec<f32> = observations
            .all_items()
            .map(|item| {
                let weights = observations.rows(item).weights.iter();
                single(weights.map(|&x| f64::from(x) * f64::from(x)).sum())
            })
            .collect();
        let items: Vec<ItemIdx> = observations.all_items().collect();
        let (rows, candidates): (Vec<_>, Vec<_>) = items
            .into_par_iter()
            .map_init(
                || PairCounter::new(observations.n_items()),
                |counter, target| {
                    let mut companions = counter.count(observations, target);
                    companions.sort_unstable_by_key(|companion| companion.item);
                    let k = n_candidates[target.index()];
                    let candidates = chosen(&companions, &diagonal, support, k);
                    (companions.iter().map(entry).collect::<Vec<Entry>>(), candidates)
                },
            )
            .unzip();
        let dense = Dense::of(&rows);
        (Gram { rows, diagonal, dense }, candidates)
    }

    /// The product of each column with itself.
    pub(crate) fn diagonal(&self) -> &[f32] {
        &self.diagonal
    }
}

fn entry(companion: &Companion) -> Entry {
    Entry { item: companion.item, dot: single(companion.dot) }
}

#[expect(clippy::cast_possible_truncation, reason = "products are kept in single precision")]
pub(crate) fn single(x: f64) -> f32 {
    x as f32
}

/// The best supported sources by `dot / sqrt(n(source))`, which orders as the cosine does. Equal ones keep the lower
/// item.
fn chosen(companions: &[Companion], n: &[f32], support: Support, k: usize) -> Candidates {
    let counted = companions.iter().filter(|companion| companion.n_rows >= support.min_rows);
    let mut n_removed = 0;
    let mut ranked: Vec<(f64, Entry)> = Vec::with_capacity(companions.len());
    for companion in counted {
        if companion.n_people < support.min_people {
            n_removed += 1;
        } else if companion.dot > 0.0 {
            let root = f64::from(n[companion.item.index()]).sqrt();
            ranked.push((companion.dot / root, entry(companion)));
        }
    }
    if ranked.len() > k {
        ranked.select_nth_unstable_by(k, |a, b| b.0.total_cmp(&a.0).then(a.1.item.cmp(&b.1.item)));
        ranked.truncate(k);
    }
    let mut sources: Vec<Entry> = ranked.into_iter().map(|(_, entry)| entry).collect();
    sources.sort_unstable_by_key(|entry| entry.item);
    Candidates { sources, n_removed }
}

const NOT_DENSE: u32 = u32::MAX;

/// The products among the items that have the longest rows. Without it, a block would walk those rows again for each
/// target, and most blocks hold a few of them.
struct Dense {
    /// Position of each item in the square, or `NOT_DENSE`.
    at: Vec<u32>,
    side: usize,
    dots: Vec<f32>,
}

impl Dense {
    fn of(rows: &[Vec<Entry>]) -> Dense {
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_key(|&item| (std::cmp::Reverse(rows[item].len()), item));
        order.truncate(N_DENSE);
        let mut at = vec![NOT_DENSE; rows.len()];
        for (place, &item) in (0..).zip(&order) {
            at[item] = place;
        }
        let side = order.len();
        let mut dots = vec![0.0; side * side];
        for (line, &item) in dots.chunks_exact_mut(side.max(1)).zip(&order) {
            for entry in &rows[item] {
                if let Some(slot) = line.get_mut(at[entry.item.index()] as usize) {
                    *slot = entry.dot;
                }
            }
        }
        Dense { at, side, dots }
    }
}

/// Cuts dense blocks out of the products. One per thread.
pub(crate) struct Blocks<'g> {
    gram: &'g Gram,
    /// Place of each item in the block, or `ABSENT`.
    places: Vec<u32>,
}

const ABSENT: u32 = u32::MAX;

impl<'g> Blocks<'g> {
    pub(crate) fn new(gram: &'g Gram) -> Blocks<'g> {
        Blocks { gram, places: vec![ABSENT; gram.rows.len()] }
    }

    /// Writes the symmetric block of the given distinct items, row by row, with the diagonal.
    pub(crate) fn cut(&mut self, items: &[Entry], block: &mut Vec<f32>) {
        let side = items.len();
        block.clear();
        block.resize(side * side, 0.0);
        for (place, entry) in (0..).zip(items) {
            self.places[entry.item.index()] = place;
        }
        let dense = &self.gram.dense;
        for (place, entry) in items.iter().enumerate() {
            let item = entry.item.index();
            block[place * side + place] = self.gram.diagonal[item];
            let line = dense.at[item] as usize * dense.side;
            if dense.at[item] == NOT_DENSE {
                for other in &self.gram.rows[item] {
                    let other_place = self.places[other.item.index()] as usize;
                    if other_place < side {
                        block[place * side + other_place] = other.dot;
                        block[other_place * side + place] = other.dot;
                    }
                }
                continue;
            }
            for (other_place, other) in items.iter().enumerate() {
                let column = dense.at[other.item.index()];
                if column != NOT_DENSE && other_place != place {
                    block[place * side + other_place] = dense.dots[line + column as usize];
                }
            }
        }
        for entry in items {
            self.places[entry.item.index()] = ABSENT;
        }
    }
}

/// Λ: what is added to each diagonal entry, in proportion to `n^exponent` and `regularization` means of all `n` above
/// zero.
pub(crate) fn diagonal_additions(diagonal: &[f32], regularization: f64, exponent: f64) -> Vec<f32> {
    let seen = || diagonal.iter().map(|&n| f64::from(n)).filter(|&n| n > 0.0);
    let mean = seen().sum::<f64>() / exact(seen().count().max(1));
    let addition = |n: f64| if n > 0.0 { mean * libm::pow(n / mean, exponent) } else { 0.0 };
    diagonal.iter().map(|&n| single(regularization * addition(n.into()))).collect()
}
