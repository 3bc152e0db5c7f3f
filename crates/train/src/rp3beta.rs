//! RP3beta: random walks of three steps from a person over what they took, damped by the popularity of the target.

use edgewise_core::{ItemIdx, WeightedItem};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::lists::Learnt;
use crate::neighbourhood::{Cut, KeepPer, neighbourhoods};
use crate::observations::Observations;
use crate::pairs::Support;
use crate::params::{TrainError, check_range};

/// What an RP3beta model is made with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rp3BetaParams {
    /// Targets kept per source item. `1`: an item leads to one other, the smallest bundle. `1024`: nearly every pair
    /// stays, the largest bundle. Range `1..=1024`.
    #[serde(skip)]
    pub neighbours: u32,
    /// Exponent of every step's probability. `0.0`: long rows and popular items pass on as much as short and rare ones
    /// to each neighbour. `1.0`: a plain random walk. Above: only short rows and rare items count.
    /// Range `0.0..=2.0`.
    pub alpha: f64,
    /// Exponent of the target's popularity, by which it is damped. `0.0`: popular targets win. `1.0`: rare targets win.
    /// Range `0.0..=2.0`.
    pub beta: f64,
}

impl Default for Rp3BetaParams {
    fn default() -> Rp3BetaParams {
        Rp3BetaParams { neighbours: 50, alpha: 0.8, beta: 0.4 }
    }
}

impl Rp3BetaParams {
    /// Refuses settings that are out of range.
    ///
    /// # Errors
    /// [`TrainError::OutOfRange`] names the setting.
    pub fn check(&self) -> Result<(), TrainError> {
        check_range("neighbours", self.neighbours.into(), 1.0, 1_024.0)?;
        check_range("alpha", self.alpha, 0.0, 2.0)?;
        check_range("beta", self.beta, 0.0, 2.0)
    }
}

/// Walks from each source to the rows that hold it and on to their items (Paudel et al., "Updatable, accurate, diverse,
/// and scalable recommendations for interactive applications", `TiiS` 7(1), 2017, section 3.3, equations 4 and 6, with
/// every step's probability raised to `alpha` as in Cooper et al., WWW 2014). The first step, from the visitor to the
/// history, is the sum at the edge.
///
/// The best targets are kept per source, and what is left of a source is divided by its sum: the one model here that
/// loses by being cut per target. A step's probability counts cells; weights multiply the walk over their row, and
/// pairs whose walks sum to nothing positive are left out.
pub fn rp3beta(observations: &Observations, support: Support, params: &Rp3BetaParams) -> Learnt {
    let weighted = observations.with_row_exponent(params.alpha);
    let counts: Vec<f64> = observations
        .all_items()
        .map(|item| crate::neighbourhood::exact(observations.rows(item).ids.len()))
        .collect();
    let powers =
        |exponent: f64| -> Vec<f64> { counts.iter().map(|&n| libm::pow(n, -exponent)).collect() };
    let (leaving, arriving) = (powers(params.alpha), powers(params.beta));
    let at = |of: &[f64], item: ItemIdx| of[item.index()];
    let budgets = vec![params.neighbours as usize; observations.n_items()];
    let cut = Cut { budgets, per: KeepPer::Source };
    let mut learnt = neighbourhoods(&weighted, support, &cut, |pair| {
        pair.dot * at(&leaving, pair.source) * at(&arriving, pair.target)
    });
    learnt.by_source.par_iter_mut().for_each(|list| share_out(list));
    learnt
}

/// Divides the weights by their sum, taken in ascending order of items.
fn share_out(list: &mut [WeightedItem]) {
    let sum: f64 = list.iter().map(|entry| entry.weight).sum();
    for entry in list {
        entry.weight /= sum;
    }
}

#[cfg(test)]
mod tests;
