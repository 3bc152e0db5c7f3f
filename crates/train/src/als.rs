//! Implicit alternating least squares: factors of rows and items, of which the items' become neighbours.

use edgewise_core::{ItemIdx, WeightedItem};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::cholesky::solve;
use crate::gram::single;
use crate::lists::{Learnt, keep_best};
use crate::neighbourhood::{KeepPer, collected, exact, is_weight};
use crate::observations::{Cells, Observations};
use crate::pairs::{PairCounter, Support};
use crate::params::{TrainError, check_range};
use crate::split_mix::SplitMix64;

/// How two items' factors `y` make a weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactorWeight {
    /// The cosine of both vectors: blind to popularity.
    Cosine,
    /// `y(target)ᵀ W y(source)` with `W = (α₀ YᵀY + λ I)⁻¹`: what the source adds to the target's score for a row of one
    /// item (Hu et al. 2008, section 5, equation 7, with the weights of a row that is still empty).
    Explained,
}

/// What an ALS model is made with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AlsParams {
    /// Sources kept per target item. `1`: the smallest bundle. `1024`: the largest. Range `1..=1024`.
    #[serde(skip)]
    pub neighbours: u32,
    /// Length of the vectors. `1`: popularity and no more. Large: slow, as squares go, and close to a similarity.
    /// Range `1..=512`.
    pub factors: u32,
    /// Times that rows and items are solved for. `1`: nearly chance. Above 16 little changes. Range `1..=100`.
    pub iterations: u32,
    /// λ. Small: vectors fit every row. Large: all vectors shrink to nothing. Range `1e-6..=1e3`.
    pub regularization: f64,
    /// ν, by which λ grows with how often something occurs. `0.0`: rare items are shrunk the most. `1.0`: all are shrunk
    /// alike. Range `0.0..=1.0`.
    pub frequency_exponent: f64,
    /// α₀, the weight of a cell that was not observed; an observed one weighs the size of its weight. Small: only what
    /// was taken counts. Large: what was not taken counts as refused. Range `1e-6..=10.0`.
    pub unobserved_weight: f64,
    /// Standard deviation of the first vectors' lengths. Too small: the first iterations are wasted. Too large: chance
    /// lasts. Range `1e-4..=10.0`.
    pub initial_scale: f64,
    /// How factors make weights.
    pub weight: FactorWeight,
    /// Where the random numbers begin. Equal seeds give equal bits.
    pub seed: u64,
}

impl Default for AlsParams {
    fn default() -> AlsParams {
        AlsParams {
            neighbours: 50,
            factors: 64,
            iterations: 12,
            regularization: 0.01,
            frequency_exponent: 1.0,
            unobserved_weight: 0.1,
            initial_scale: 0.1,
            weight: FactorWeight::Explained,
            seed: 1,
        }
    }
}

impl AlsParams {
    /// Refuses settings that are out of range.
    ///
    /// # Errors
    /// [`TrainError::OutOfRange`] names the setting.
    pub fn check(&self) -> Result<(), TrainError> {
        check_range("neighbours", self.neighbours.into(), 1.0, 1_024.0)?;
        check_range("factors", self.factors.into(), 1.0, 512.0)?;
        check_range("iterations", self.iterations.into(), 1.0, 100.0)?;
        check_range("regularization", self.regularization, 1e-6, 1e3)?;
        check_range("frequency_exponent", self.frequency_exponent, 0.0, 1.0)?;
        check_range("unobserved_weight", self.unobserved_weight, 1e-6, 10.0)?;
        check_range("initial_scale", self.initial_scale, 1e-4, 10.0)
    }
}

/// Factors by alternating least squares (Hu, Koren and Volinsky, "Collaborative filtering for implicit feedback
/// datasets", ICDM 2008, section 4, equations 4 and 5), with the weights, the regularization by frequency and the
/// initialisation of Rendle et al., "Revisiting the performance of iALS on item recommendation benchmarks",
/// `RecSys` 2022, sections 3 and 4.
///
/// A cell of negative weight is a refusal: its size is its confidence, and what is to be explained is zero. Rows are
/// solved for first, so that only items need a beginning and no number of a row matters. When `support` asks for
/// nothing, every pair may become neighbours; else only pairs that it lets pass.
pub fn als(observations: &Observations, support: Support, params: &AlsParams) -> Learnt {
    let items = item_factors(observations, params);
    let sources = match params.weight {
        FactorWeight::Cosine => items.normalised(),
        FactorWeight::Explained => items.explained(params),
    };
    let targets = match params.weight {
        FactorWeight::Cosine => items.normalised(),
        FactorWeight::Explained => items,
    };
    let all: Vec<ItemIdx> = observations.all_items().collect();
    let lists = all.par_iter().map_init(
        || PairCounter::new(observations),
        |counter, &target| {
            let vector = targets.of(target.index());
            let weigh = |item: ItemIdx| WeightedItem {
                item,
                weight: dot(sources.of(item.index()), vector).into(),
            };
            let is_known = |item: ItemIdx| !observations.rows(item).ids.is_empty();
            let (mut list, n_removed): (Vec<WeightedItem>, u64) = if support.is_open() {
                let others = all.iter().filter(|&&item| item != target && is_known(item));
                (others.map(|&item| weigh(item)).collect(), 0)
            } else {
                let mut list = Vec::new();
                let n_removed =
                    counter.supported(target, support, |pair| list.push(weigh(pair.item)));
                (list, n_removed)
            };
            list.retain(|entry| is_weight(entry.weight) && is_known(target));
            keep_best(&mut list, params.neighbours as usize);
            list.shrink_to_fit();
            (list, n_removed)
        },
    );
    collected(lists, KeepPer::Target)
}

/// The items' vectors after the last iteration.
fn item_factors(observations: &Observations, params: &AlsParams) -> Factors {
    let width = params.factors as usize;
    let mut items = Factors::random(observations.n_items(), width, params);
    let n_rows = u32::try_from(observations.n_rows()).unwrap_or(u32::MAX);
    for _ in 0..params.iterations {
        let rows = items.solved_from((0..n_rows).map(|row| observations.items(row)), params);
        items =
            rows.solved_from(observations.all_items().map(|item| observations.rows(item)), params);
    }
    items
}

/// Vectors behind one another.
struct Factors {
    width: usize,
    values: Vec<f32>,
}

impl Factors {
    /// Evenly spread around zero, with the standard deviation that Rendle et al. give the normal distribution:
    /// `initial_scale / sqrt(factors)`.
    fn random(n: usize, width: usize, params: &AlsParams) -> Factors {
        let mut random = SplitMix64::new(params.seed);
        let reach = params.initial_scale * (3.0 / exact(width)).sqrt();
        let value = |random: &mut SplitMix64| single(reach * (2.0 * random.unit() - 1.0));
        Factors { width, values: (0..n * width).map(|_| value(&mut random)).collect() }
    }

    fn of(&self, at: usize) -> &[f32] {
        &self.values[at * self.width..(at + 1) * self.width]
    }

    /// `YᵀY`, summed over vectors in order.
    fn dots(&self) -> Vec<f32> {
        let width = self.width;
        let lines = (0..width).into_par_iter().flat_map_iter(|line| {
            let mut sums = vec![0.0_f64; width];
            for vector in self.values.chunks_exact(width) {
                let factor = f64::from(vector[line]);
                for (sum, &value) in sums.iter_mut().zip(vector) {
                    *sum += factor * f64::from(value);
                }
            }
            sums.into_iter().map(single)
        });
        lines.collect()
    }

    /// The vectors of the other side, one for each list of cells over these.
    fn solved_from<'o>(
        &self,
        cells: impl Iterator<Item = Cells<'o>>,
        params: &AlsParams,
    ) -> Factors {
        let unobserved = single(params.unobserved_weight);
        let mut base = self.dots();
        for x in &mut base {
            *x *= unobserved;
        }
        let n_here = exact(self.values.len() / self.width);
        let cells: Vec<Cells<'o>> = cells.collect();
        let mut values = vec![0.0; cells.len() * self.width];
        values.par_chunks_exact_mut(self.width).zip(&cells).for_each_init(
            || vec![0.0; base.len()],
            |matrix, (vector, cells)| {
                let size = exact(cells.ids.len()) + params.unobserved_weight * n_here;
                let penalty = params.regularization * libm::pow(size, params.frequency_exponent);
                matrix.copy_from_slice(&base);
                self.add_cells(*cells, matrix, vector);
                for place in 0..self.width {
                    matrix[place * self.width + place] += single(penalty);
                }
                solve(matrix, vector);
            },
        );
        Factors { width: self.width, values }
    }

    /// Adds `c y yᵀ` of each cell to the upper triangle of `matrix`, and `c p y` to `vector`.
    fn add_cells(&self, cells: Cells<'_>, matrix: &mut [f32], vector: &mut [f32]) {
        for (id, weight) in cells.iter() {
            let other = self.of(id as usize);
            let confidence = weight.abs();
            let lines = matrix.chunks_exact_mut(self.width);
            for (place, (line, &value)) in lines.zip(other).enumerate() {
                let factor = confidence * value;
                for (sum, &value) in line[place..].iter_mut().zip(&other[place..]) {
                    *sum += factor * value;
                }
                if weight > 0.0 {
                    vector[place] += factor;
                }
            }
        }
    }

    /// Vectors of length one; a vector of zeros stays.
    fn normalised(&self) -> Factors {
        let mut values = self.values.clone();
        for vector in values.chunks_exact_mut(self.width) {
            let length = dot(vector, vector).sqrt();
            if length > 0.0 {
                for x in vector {
                    *x /= length;
                }
            }
        }
        Factors { width: self.width, values }
    }

    /// `W y` for each vector, with the penalty of a row of one item.
    fn explained(&self, params: &AlsParams) -> Factors {
        let n_here = exact(self.values.len() / self.width);
        let size = 1.0 + params.unobserved_weight * n_here;
        let penalty = params.regularization * libm::pow(size, params.frequency_exponent);
        let mut base = self.dots();
        for x in &mut base {
            *x *= single(params.unobserved_weight);
        }
        for place in 0..self.width {
            base[place * self.width + place] += single(penalty);
        }
        let mut values = self.values.clone();
        values.par_chunks_exact_mut(self.width).for_each(|vector| solve(&mut base.clone(), vector));
        Factors { width: self.width, values }
    }
}

/// The sum of dots in eight lanes, then of the lanes in order, then of the rest.
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 8];
    let (a_eights, b_eights) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = a_eights.remainder().iter().zip(b_eights.remainder()).map(|(x, y)| x * y).sum();
    for (a, b) in a_eights.zip(b_eights) {
        for ((lane, x), y) in lanes.iter_mut().zip(a).zip(b) {
            *lane += x * y;
        }
    }
    lanes.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests;
