//! Local ridge regression: each item's column explained by the columns of the items nearest to it.

use edgewise_core::WeightedItem;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::blocks::{Block, for_each_block};
use crate::cholesky::solve;
use crate::gram::{Candidates, Entry, candidates, diagonal, diagonal_additions};
use crate::lists::{Best, Learnt};
use crate::neighbourhood::{Budget, KeepPer, collected, exact, is_weight};
use crate::observations::Observations;
use crate::pairs::Support;
use crate::params::{TrainError, check_range};
use crate::room::Room;

/// What a local ridge model is made with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RidgeParams {
    /// Sources kept per target item, on average. `1`: only the single best source leads to an item, the smallest
    /// bundle. `1024`: nearly every pair stays, the largest bundle. Range `1..=1024`.
    #[serde(skip)]
    pub neighbours: u32,
    /// Who gets more of them: an item's number grows as the number of its rows to the power of this. `0.0`: each item
    /// gets the same. `1.0`: nearly all go to popular items, which lists name most. On check-ins `0.5` instead of `0.0`
    /// is worth 2 % of recall at equal size; on a small dense shop it costs 1 %. Range `0.0..=1.0`.
    pub budget_exponent: f64,
    /// Sources that each regression is made with, those of the largest cosine, for each one that is kept. `1.0`: what is
    /// explained is explained by what is kept, the fastest and on sparse logs the best: cutting 98 candidates to 53 on
    /// check-ins lost 4 % of recall, solving for 53 lost 2 %. Large: slow, as cubes go, and nearly the dense model cut
    /// short. Range `1.0..=100.0`; never more than 1024 sources.
    pub candidates_per_neighbour: f64,
    /// What is added to the diagonal, in mean squared norms of a column. Small: weights explain chance away, too.
    /// Large: weights become similarities. Range `1e-4..=1e6`.
    pub regularization: f64,
    /// How the addition is spread: item `i` gets a share in proportion to `n(i)^frequency_exponent`, where `n(i)` is its
    /// squared norm. `0.0`: all get the same, which holds rare items down. `1.0`: all are shrunk alike, which suits
    /// dense matrices. Range `0.0..=1.0`.
    pub frequency_exponent: f64,
    /// How much of the cosine is laid over each target's regression, in parts of the regression's own sum of positive
    /// weights. `0.0`: the regression alone, in which near doubles of a source lose their weight to it. Large: a
    /// similarity. On check-ins `0.4` instead of `0.0` is worth 1 % of recall. Range `0.0..=100.0`.
    pub cosine_share: f64,
    /// Rows weigh `cells^-row_exponent`. `0.0`: whoever takes everything says as much of each pair as anyone.
    /// `1.0`: every row says as much of an item, however long it is. Range `0.0..=2.0`.
    pub row_exponent: f64,
}

impl Default for RidgeParams {
    fn default() -> RidgeParams {
        RidgeParams {
            neighbours: 50,
            budget_exponent: 0.4,
            candidates_per_neighbour: 1.0,
            regularization: 1.0,
            frequency_exponent: 0.0,
            cosine_share: 0.4,
            row_exponent: 0.5,
        }
    }
}

impl RidgeParams {
    /// What suits rows of people who took little of a large catalogue, such as check-ins.
    pub fn of_sparse_rows() -> RidgeParams {
        RidgeParams {
            neighbours: 50,
            budget_exponent: 0.5,
            candidates_per_neighbour: 1.0,
            regularization: 3.0,
            frequency_exponent: 0.2,
            cosine_share: 0.4,
            row_exponent: 0.3,
        }
    }

    /// What suits baskets.
    pub fn of_baskets() -> RidgeParams {
        RidgeParams {
            budget_exponent: 0.4,
            regularization: 0.25,
            frequency_exponent: 0.0,
            cosine_share: 0.0,
            row_exponent: 0.6,
            ..RidgeParams::of_sparse_rows()
        }
    }

    /// What suits rows of people who took a good part of a small catalogue.
    pub fn of_dense_rows() -> RidgeParams {
        RidgeParams {
            budget_exponent: 0.0,
            candidates_per_neighbour: 4.0,
            regularization: 10.0,
            frequency_exponent: 0.0,
            cosine_share: 0.0,
            row_exponent: 0.25,
            ..RidgeParams::of_sparse_rows()
        }
    }

    /// Settings to choose from on a validation cut, ten of them, from sparse matrices to dense ones. Check-ins were best
    /// with the first, baskets with the fifth, and what a shop's customers had not bought before with the ninth.
    pub fn tuning_grid(neighbours: u32) -> Vec<RidgeParams> {
        let with = |params: RidgeParams| RidgeParams { neighbours, ..params };
        let (sparse, baskets) =
            (with(RidgeParams::of_sparse_rows()), with(RidgeParams::of_baskets()));
        let dense = with(RidgeParams::of_dense_rows());
        let even = RidgeParams { frequency_exponent: 0.0, ..sparse };
        vec![
            sparse.clone(),
            RidgeParams { regularization: 2.0, ..even },
            RidgeParams { regularization: 1.0, ..even },
            RidgeParams { regularization: 0.5, ..baskets },
            baskets.clone(),
            RidgeParams { cosine_share: 0.2, row_exponent: 0.75, ..baskets },
            RidgeParams {
                candidates_per_neighbour: 2.0,
                regularization: 1.0,
                row_exponent: 0.5,
                ..dense
            },
            RidgeParams { regularization: 3.0, row_exponent: 0.5, ..dense },
            dense.clone(),
            RidgeParams { row_exponent: 0.5, ..dense },
        ]
    }

    /// Refuses settings that are out of range.
    ///
    /// # Errors
    /// [`TrainError::OutOfRange`] names the setting.
    pub fn check(&self) -> Result<(), TrainError> {
        check_range("neighbours", self.neighbours.into(), 1.0, 1_024.0)?;
        check_range("budget_exponent", self.budget_exponent, 0.0, 1.0)?;
        check_range("candidates_per_neighbour", self.candidates_per_neighbour, 1.0, 100.0)?;
        check_range("regularization", self.regularization, 1e-4, 1e6)?;
        check_range("frequency_exponent", self.frequency_exponent, 0.0, 1.0)?;
        check_range("cosine_share", self.cosine_share, 0.0, 100.0)?;
        check_range("row_exponent", self.row_exponent, 0.0, 2.0)
    }
}

/// Solves `(G_CC + Λ) w = G_Cj` for each target `j` and its candidates `C`, and keeps the largest positive weights.
///
/// With all items as candidates and a constant Λ this is the closed form of Steck, "Embarrassingly shallow autoencoders
/// for sparse data", WWW 2019, equation 8: an item's own weight is held at zero by leaving it out of its regression.
/// Restricting the regression to the nearest items is that of Ning and Karypis, "SLIM: sparse linear methods for top-N
/// recommender systems", ICDM 2011, section 4.4 (fsSLIM). Memory grows with the pairs that share a row, not with the
/// square of the catalogue. The cosine laid over it, scaled target by target, is our own addition.
///
/// What was tried on a validation cut of check-ins and did not help, in Recall@20: two steps over the learnt weights
/// (.2158 against .2162), the two best new items of each row added to it before counting (.2107 against .2117), a
/// second regression on the sources whose weights matter most in a first one of twice as many (.2147 against .2162),
/// softmax descent on finished lists (.2053 against .2041, and worse with every further pass), and negative weights
/// (.2121 against .2136).
///
/// # Errors
/// [`TrainError::Spill`] when what does not fit into `room` cannot be put aside.
pub fn ridge(
    observations: &Observations,
    support: Support,
    params: &RidgeParams,
    room: &Room<'_>,
) -> Result<Learnt, TrainError> {
    let weighted = observations.with_row_exponent(params.row_exponent);
    let budget = Budget { neighbours: params.neighbours, exponent: params.budget_exponent };
    let budgets = budget.of_items(observations);
    let n_candidates: Vec<usize> =
        budgets.iter().map(|&n| n_candidates(n, params.candidates_per_neighbour)).collect();
    let diagonal = diagonal(&weighted);
    let candidates = candidates(&weighted, support, &n_candidates, &diagonal);
    let additions = diagonal_additions(&diagonal, params.regularization, params.frequency_exponent);
    let regress = |(square, buffer): &mut (Vec<f32>, Vec<WeightedItem>), block: &Block<'_>| {
        let Candidates { sources, n_removed } = block.candidates();
        let side = sources.len();
        block.write(square);
        for (place, source) in sources.iter().enumerate() {
            let item = source.item.index();
            square[place * side + place] = diagonal[item] + additions[item];
        }
        let mut weights: Vec<f32> = sources.iter().map(|source| source.dot).collect();
        solve(square, &mut weights);
        let cosine = cosines(sources, &diagonal, &weights, params.cosine_share);
        let mut best = Best::new(buffer, budgets[block.target()]);
        for (source, (&weight, cosine)) in sources.iter().zip(weights.iter().zip(cosine)) {
            let weight = f64::from(weight) + cosine;
            if is_weight(weight) {
                best.push(WeightedItem { item: source.item, weight });
            }
        }
        (best.kept().to_vec(), *n_removed)
    };
    let memory = || (Vec::new(), Vec::new());
    let lists = for_each_block(&weighted, &candidates, room, memory, regress)?;
    Ok(collected(lists.into_par_iter(), KeepPer::Target))
}

/// The cosines of the sources, up to a factor that makes their sum `share` of the sum of positive weights. Both sums run
/// over ascending items.
fn cosines(sources: &[Entry], n: &[f32], weights: &[f32], share: f64) -> Vec<f64> {
    let cosine = |source: &Entry| f64::from(source.dot) / f64::from(n[source.item.index()]).sqrt();
    let mut cosines: Vec<f64> = sources.iter().map(cosine).collect();
    let explained: f64 = weights.iter().map(|&weight| f64::from(weight).max(0.0)).sum();
    let factor = share * explained / cosines.iter().sum::<f64>();
    for cosine in &mut cosines {
        *cosine *= factor;
    }
    cosines
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 1,024")]
fn n_candidates(n_kept: usize, per_kept: f64) -> usize {
    (exact(n_kept) * per_kept).min(1_024.0) as usize
}

#[cfg(test)]
mod tests;
