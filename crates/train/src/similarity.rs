//! Item-to-item similarity: how alike the columns of two items are.
//!
//! Below, `x(u, i)` is the weight of item `i` in row `u`, `dot(i, j)` the sum of `x(u, i) x(u, j)` over all rows,
//! `n(i) = dot(i, i)`, and `N` the number of rows. Where every weight is one, `dot` and `n` are counts.

use edgewise_core::ItemIdx;
use serde::{Deserialize, Serialize};

use crate::lists::Learnt;
use crate::neighbourhood::{Budget, Cut, KeepPer, Pair, exact, neighbourhoods};
use crate::observations::Observations;
use crate::pairs::Support;
use crate::params::{TrainError, check_range};

/// How alike two items are. Only positive values become neighbours.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// `dot(i, j) / (n(source)^source n(target)^target)`. Both exponents `0.5`: the cosine (Sarwar et al., "Item-based
    /// collaborative filtering recommendation algorithms", WWW 2001, section 3.1.1).
    Damped {
        /// `0.0`: a source that everyone takes speaks as loud as a telling one. `1.0`: each source has one vote to
        /// share out. Range `0.0..=1.0`.
        source: f64,
        /// `0.0`: popular targets win. `1.0`: rare targets win, chance pairs first. Range `0.0..=1.0`.
        target: f64,
    },
    /// `dot(i, j) / (n(i) + n(j) - dot(i, j))`: rows that hold both among rows that hold either, on weighted cells the
    /// Tanimoto coefficient (Jaccard, "The distribution of the flora in the alpine zone", New Phytologist 11, 1912).
    Jaccard,
    /// Pearson's correlation of the columns, zeros included.
    Pearson,
    /// `N dot(i, j) / (n(i) n(j))`: how many times more often than by chance (Brin et al., "Dynamic itemset counting and
    /// implication rules for market basket data", SIGMOD 1997, section 4, there called interest).
    Lift,
    /// The likelihood ratio of the two-by-two table of rows that hold both, one or neither, for pairs that occur more
    /// often than by chance (Dunning, "Accurate methods for the statistics of surprise and coincidence",
    /// Computational Linguistics 19(1), 1993, section 4). Counts rows, whatever their weights.
    LogLikelihood,
    /// `dot(i, j) / n(source)`: the share of the source's rows that hold the target (Deshpande and Karypis, "Item-based
    /// top-N recommendation algorithms", TOIS 22(1), 2004, section 4.1.2, without its scaling).
    Conditional,
}

impl Measure {
    /// The cosine.
    pub const COSINE: Measure = Measure::Damped { source: 0.5, target: 0.5 };
}

/// What a similarity model is made with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SimilarityParams {
    /// Neighbours kept per item, on average. `1`: only the single best one, the smallest bundle.
    /// `1024`: nearly every pair stays, the largest bundle and the noisiest lists. Range `1..=1024`.
    #[serde(skip)]
    pub neighbours: u32,
    /// Who gets more of them: an item's number grows as the number of its rows to the power of this. `0.0`: each item
    /// gets the same. `1.0`: nearly all go to popular items, which lists name most. On check-ins `0.5` instead of `0.0`
    /// is worth 2 % of recall at equal size; on a small dense shop it costs 1 %. Range `0.0..=1.0`.
    pub budget_exponent: f64,
    /// On which side they are counted.
    pub keep: KeepPer,
    /// How alike two items are.
    pub measure: Measure,
    /// Rows at which a pair counts half: similarities are multiplied by `rows / (rows + shrinkage)` (Bell and Koren,
    /// "Scalable collaborative filtering with jointly derived neighborhood interpolation weights", ICDM 2007,
    /// section 3). `0.0`: chance pairs count in full. Large: only staple pairs count. Range `0.0..=1e6`.
    pub shrinkage: f64,
    /// Rows weigh `cells^-row_exponent`. `0.0`: whoever takes everything says as much of each pair as anyone.
    /// `1.0`: every row says as much of an item, however long it is (Deshpande and Karypis 2004, section 4.1.3).
    /// Range `0.0..=2.0`.
    pub row_exponent: f64,
}

impl Default for SimilarityParams {
    fn default() -> SimilarityParams {
        SimilarityParams {
            neighbours: 20,
            budget_exponent: 0.0,
            keep: KeepPer::Target,
            measure: Measure::COSINE,
            shrinkage: 0.0,
            row_exponent: 0.0,
        }
    }
}

impl SimilarityParams {
    /// Refuses settings that are out of range.
    ///
    /// # Errors
    /// [`TrainError::OutOfRange`] names the setting.
    pub fn check(&self) -> Result<(), TrainError> {
        check_range("neighbours", self.neighbours.into(), 1.0, 1_024.0)?;
        check_range("budget_exponent", self.budget_exponent, 0.0, 1.0)?;
        check_range("shrinkage", self.shrinkage, 0.0, 1e6)?;
        check_range("row_exponent", self.row_exponent, 0.0, 2.0)?;
        if let Measure::Damped { source, target } = self.measure {
            check_range("source", source, 0.0, 1.0)?;
            check_range("target", target, 0.0, 1.0)?;
        }
        Ok(())
    }
}

/// The items most alike, by [`SimilarityParams::measure`].
pub fn similarity(
    observations: &Observations,
    support: Support,
    params: &SimilarityParams,
) -> Learnt {
    let weighted = observations.with_row_exponent(params.row_exponent);
    let columns = Columns::of(&weighted, params.measure);
    let budget = Budget { neighbours: params.neighbours, exponent: params.budget_exponent };
    let cut = Cut { budgets: budget.of_items(observations), per: params.keep };
    neighbourhoods(&weighted, support, &cut, |pair| {
        let n_rows = f64::from(pair.n_rows);
        columns.similarity(pair) * (n_rows / (n_rows + params.shrinkage))
    })
}

/// What a measure asks of single columns.
struct Columns {
    measure: Measure,
    n_rows: f64,
    /// Rows that hold each item.
    counts: Vec<f64>,
    /// Sum of the weights of each item.
    sums: Vec<f64>,
    /// `n(i)`.
    norms: Vec<f64>,
    /// By what a pair is divided for its source and for its target, where the measure is a quotient of that kind.
    by_source: Vec<f64>,
    by_target: Vec<f64>,
}

impl Columns {
    fn of(observations: &Observations, measure: Measure) -> Columns {
        let per_item = |of: &dyn Fn(f64) -> f64| -> Vec<f64> {
            let cells = observations.all_items().map(|item| observations.rows(item).iter());
            cells.map(|cells| cells.map(|(_, weight)| of(weight.into())).sum()).collect()
        };
        let norms = per_item(&|weight| weight * weight);
        let (source, target) = match measure {
            Measure::Damped { source, target } => (source, target),
            _ => (0.0, 0.0),
        };
        let powers = |exponent: f64| norms.iter().map(|&n| libm::pow(n, exponent)).collect();
        Columns {
            measure,
            n_rows: exact(observations.n_rows()),
            counts: per_item(&|_| 1.0),
            sums: per_item(&|weight| weight),
            by_source: powers(source),
            by_target: powers(target),
            norms,
        }
    }

    fn similarity(&self, pair: Pair) -> f64 {
        let Pair { source, target, dot, .. } = pair;
        let both = |of: &[f64]| (of[source.index()], of[target.index()]);
        let (n_source, n_target) = both(&self.norms);
        match self.measure {
            // The cosine is by far the most used, and one root is more exact than two powers.
            Measure::COSINE => dot / (n_source * n_target).sqrt(),
            Measure::Damped { .. } => {
                dot / (self.by_source[source.index()] * self.by_target[target.index()])
            }
            Measure::Jaccard => dot / (n_source + n_target - dot),
            Measure::Pearson => self.pearson(source, target, dot),
            Measure::Lift => self.n_rows * dot / (n_source * n_target),
            Measure::LogLikelihood => {
                let (one, other) = both(&self.counts);
                log_likelihood(f64::from(pair.n_rows), one, other, self.n_rows)
            }
            Measure::Conditional => dot / n_source,
        }
    }

    fn pearson(&self, one: ItemIdx, other: ItemIdx, dot: f64) -> f64 {
        let sum = |item: ItemIdx| self.sums[item.index()];
        let variance =
            |item: ItemIdx| self.norms[item.index()] - sum(item) * sum(item) / self.n_rows;
        let covariance = dot - sum(one) * sum(other) / self.n_rows;
        covariance / (variance(one) * variance(other)).sqrt()
    }
}

/// Dunning's `-2 log λ` of the table, zero for pairs that occur no more often than by chance.
fn log_likelihood(both: f64, one: f64, other: f64, n_rows: f64) -> f64 {
    if both * n_rows <= one * other {
        return 0.0;
    }
    let cell = |count: f64, row: f64, column: f64| {
        if count > 0.0 { count * libm::log(count * n_rows / (row * column)) } else { 0.0 }
    };
    let (not_one, not_other) = (n_rows - one, n_rows - other);
    2.0 * (cell(both, one, other)
        + cell(one - both, one, not_other)
        + cell(other - both, not_one, other)
        + cell(n_rows - one - other + both, not_one, not_other))
}

#[cfg(test)]
mod tests;
