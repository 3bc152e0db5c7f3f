//! Dense ridge regression: each item's column explained by all others at once.

use edgewise_core::{ItemIdx, WeightedItem};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::gram::{diagonal_additions, single};
use crate::inverse::{BAND_ROWS, factorise, inverse_rows, invert_factor};
use crate::lists::{Learnt, keep_best};
use crate::neighbourhood::{KeepPer, collected, is_weight};
use crate::observations::Observations;
use crate::pairs::{PairCounter, Support};
use crate::params::{TrainError, check_range};

/// What a dense ridge model is made with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DenseRidgeParams {
    /// Sources kept per target item. `1`: the smallest bundle. `1024`: the largest. Range `1..=1024`.
    #[serde(skip)]
    pub neighbours: u32,
    /// What is added to the diagonal, in mean squared norms of a column; see [`crate::RidgeParams::regularization`].
    /// Range `1e-4..=1e6`.
    pub regularization: f64,
    /// How the addition is spread; see [`crate::RidgeParams::frequency_exponent`]. Range `0.0..=1.0`.
    pub frequency_exponent: f64,
    /// Rows weigh `cells^-row_exponent`; see [`crate::RidgeParams::row_exponent`]. Range `0.0..=2.0`.
    pub row_exponent: f64,
    /// Most bytes of the square matrix, four for each pair of items. Small: only small catalogues are taken. Large:
    /// minutes become hours, as cubes go. Range `1..=1 << 40`.
    pub max_bytes: u64,
}

impl Default for DenseRidgeParams {
    fn default() -> DenseRidgeParams {
        DenseRidgeParams {
            neighbours: 50,
            regularization: 1.0,
            frequency_exponent: 0.5,
            row_exponent: 0.5,
            max_bytes: 1 << 30,
        }
    }
}

impl DenseRidgeParams {
    /// Refuses settings that are out of range.
    ///
    /// # Errors
    /// [`TrainError::OutOfRange`] names the setting.
    pub fn check(&self) -> Result<(), TrainError> {
        check_range("neighbours", self.neighbours.into(), 1.0, 1_024.0)?;
        check_range("regularization", self.regularization, 1e-4, 1e6)?;
        check_range("frequency_exponent", self.frequency_exponent, 0.0, 1.0)?;
        check_range("row_exponent", self.row_exponent, 0.0, 2.0)?;
        #[expect(clippy::cast_precision_loss, reason = "the limit is a power of two")]
        check_range("max_bytes", self.max_bytes as f64, 1.0, (1_u64 << 40) as f64)
    }
}

/// `w(i, j) = -P(i, j) / P(j, j)` with `P = (XᵀX + Λ)⁻¹` (Steck, "Embarrassingly shallow autoencoders for sparse data",
/// WWW 2019, equation 8), cut to the largest positive weights of each target.
///
/// When `support` asks for nothing, every pair may become neighbours; else only pairs that it lets pass.
///
/// # Errors
/// [`TrainError::TooLarge`] when the matrix would take more than [`DenseRidgeParams::max_bytes`].
pub fn dense_ridge(
    observations: &Observations,
    support: Support,
    params: &DenseRidgeParams,
) -> Result<Learnt, TrainError> {
    let side = observations.n_items();
    let needed = (side as u64).saturating_mul(side as u64).saturating_mul(4);
    if needed > params.max_bytes {
        let limit = params.max_bytes;
        return Err(TrainError::TooLarge { what: "dense ridge", needed, limit });
    }
    let weighted = observations.with_row_exponent(params.row_exponent);
    let mut matrix = dense_gram(&weighted);
    let diagonal: Vec<f32> = (0..side).map(|at| matrix[at * side + at]).collect();
    let additions = diagonal_additions(&diagonal, params.regularization, params.frequency_exponent);
    for (at, addition) in additions.into_iter().enumerate() {
        // An item of no row still needs a pivot.
        matrix[at * side + at] += if addition > 0.0 { addition } else { 1.0 };
    }
    factorise(&mut matrix, side);
    invert_factor(&mut matrix, side);
    let targets: Vec<u32> = (0..u32::try_from(side).unwrap_or(u32::MAX)).collect();
    let lists: Vec<(Vec<WeightedItem>, u64)> = targets
        .par_chunks(BAND_ROWS)
        .map_init(
            || PairCounter::new(&weighted),
            |counter, targets| {
                let rows = inverse_rows(&matrix, side, targets[0] as usize, targets.len());
                let sources = targets.iter().zip(rows.chunks_exact(side));
                let list = |(&target, row): (&u32, &[f32])| {
                    let (allowed, n_removed) =
                        allowed(counter, &weighted, ItemIdx(target), support);
                    let scale = -1.0 / row[target as usize];
                    let weigh = |item: ItemIdx| WeightedItem {
                        item,
                        weight: (row[item.index()] * scale).into(),
                    };
                    let mut list: Vec<WeightedItem> =
                        allowed.into_iter().map(weigh).filter(|e| is_weight(e.weight)).collect();
                    keep_best(&mut list, params.neighbours as usize);
                    list.shrink_to_fit();
                    (list, n_removed)
                };
                sources.map(list).collect::<Vec<_>>()
            },
        )
        .flatten_iter()
        .collect();
    Ok(collected(lists.into_par_iter(), KeepPer::Target))
}

/// The sources that may lead to a target, and how many may not for lack of people.
fn allowed(
    counter: &mut PairCounter<'_>,
    observations: &Observations,
    target: ItemIdx,
    support: Support,
) -> (Vec<ItemIdx>, u64) {
    if support.is_open() {
        return (observations.all_items().filter(|&item| item != target).collect(), 0);
    }
    let mut sources = Vec::new();
    let n_removed = counter.supported(target, support, |pair| sources.push(pair.item));
    (sources, n_removed)
}

/// `XᵀX`, every row by itself, summed over the rows of `X` in order.
fn dense_gram(observations: &Observations) -> Vec<f32> {
    let side = observations.n_items();
    let mut matrix = vec![0.0; side * side];
    matrix.par_chunks_exact_mut(side.max(1)).zip(0..side).for_each_init(
        || vec![0.0_f64; side],
        |sums, (line, item)| {
            sums.fill(0.0);
            // Cannot fail: items are numbered by `u32`.
            let item = ItemIdx(u32::try_from(item).unwrap_or(u32::MAX));
            for (row, weight) in observations.rows(item).iter() {
                for (other, other_weight) in observations.items(row).iter() {
                    sums[other as usize] += f64::from(weight) * f64::from(other_weight);
                }
            }
            for (dot, &sum) in line.iter_mut().zip(&*sums) {
                *dot = single(sum);
            }
        },
    );
    matrix
}

#[cfg(test)]
mod tests;
