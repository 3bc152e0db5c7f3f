//! Local ridge regression: each item's column explained by the columns of the items nearest to it.

use edgewise_core::WeightedItem;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::cholesky::solve;
use crate::gram::{Blocks, Candidates, Gram, diagonal_additions};
use crate::lists::{Learnt, keep_best};
use crate::neighbourhood::{KeepPer, collected, is_weight};
use crate::observations::Observations;
use crate::pairs::Support;
use crate::params::{TrainError, check_range};

/// What a local ridge model is made with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RidgeParams {
    /// Sources kept per target item. `1`: only the single best source leads to an item, the smallest bundle.
    /// `1024`: nearly every candidate stays, the largest bundle. Range `1..=1024`.
    #[serde(skip)]
    pub neighbours: u32,
    /// Sources of the largest cosine that each regression is made with. Few: fast, and nearly a similarity.
    /// Many: slow, as cubes go, and nearly the dense model. Range `1..=1024`.
    pub candidates: u32,
    /// What is added to the diagonal, in mean squared norms of a column. Small: weights explain chance away, too.
    /// Large: weights become similarities. Range `1e-4..=1e6`.
    pub regularization: f64,
    /// How the addition is spread: item `i` gets a share in proportion to `n(i)^frequency_exponent`, where `n(i)` is its
    /// squared norm. `0.0`: all get the same, which holds rare items down. `1.0`: all are shrunk alike, which suits
    /// dense matrices. Range `0.0..=1.0`.
    pub frequency_exponent: f64,
    /// Rows weigh `cells^-row_exponent`. `0.0`: whoever takes everything says as much of each pair as anyone.
    /// `1.0`: every row says as much of an item, however long it is. Range `0.0..=2.0`.
    pub row_exponent: f64,
}

impl Default for RidgeParams {
    fn default() -> RidgeParams {
        RidgeParams {
            neighbours: 50,
            candidates: 100,
            regularization: 1.0,
            frequency_exponent: 0.5,
            row_exponent: 0.5,
        }
    }
}

impl RidgeParams {
    /// Refuses settings that are out of range.
    ///
    /// # Errors
    /// [`TrainError::OutOfRange`] names the setting.
    pub fn check(&self) -> Result<(), TrainError> {
        check_range("neighbours", self.neighbours.into(), 1.0, 1_024.0)?;
        check_range("candidates", self.candidates.into(), 1.0, 1_024.0)?;
        check_range("regularization", self.regularization, 1e-4, 1e6)?;
        check_range("frequency_exponent", self.frequency_exponent, 0.0, 1.0)?;
        check_range("row_exponent", self.row_exponent, 0.0, 2.0)
    }
}

/// Solves `(G_CC + Λ) w = G_Cj` for each target `j` and its candidates `C`, and keeps the largest positive weights.
///
/// With all items as candidates and a constant Λ this is the closed form of Steck, "Embarrassingly shallow autoencoders
/// for sparse data", WWW 2019, equation 8: an item's own weight is held at zero by leaving it out of its regression.
/// Restricting the regression to the nearest items is that of Ning and Karypis, "SLIM: sparse linear methods for top-N
/// recommender systems", ICDM 2011, section 4.4 (fsSLIM). Memory grows with the pairs that share a row, not with the
/// square of the catalogue.
pub fn ridge(observations: &Observations, support: Support, params: &RidgeParams) -> Learnt {
    let weighted = observations.with_row_exponent(params.row_exponent);
    let (gram, candidates) = Gram::of(&weighted, support, params.candidates as usize);
    let additions =
        diagonal_additions(gram.diagonal(), params.regularization, params.frequency_exponent);
    let lists = candidates.into_par_iter().map_init(
        || (Blocks::new(&gram), Vec::new()),
        |(blocks, block), Candidates { sources, n_removed }| {
            blocks.cut(&sources, block);
            let side = sources.len();
            for (place, source) in sources.iter().enumerate() {
                block[place * side + place] += additions[source.item.index()];
            }
            let mut weights: Vec<f32> = sources.iter().map(|source| source.dot).collect();
            solve(block, &mut weights);
            let mut list: Vec<WeightedItem> = sources
                .iter()
                .zip(&weights)
                .map(|(source, &weight)| WeightedItem { item: source.item, weight: weight.into() })
                .filter(|entry| is_weight(entry.weight))
                .collect();
            keep_best(&mut list, params.neighbours as usize);
            (list, n_removed)
        },
    );
    collected(lists, KeepPer::Target)
}

#[cfg(test)]
mod tests;
