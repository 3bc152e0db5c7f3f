//! What comes next: items that follow, or closely precede, an item within the same session.
//!
//! Distance-weighted co-occurrence within a session is the "sequential rules" model of Ludewig & Jannach,
//! "Evaluation of session-based recommendation algorithms", UMUAI 28 (2018), section 3.2; with a maximum distance of
//! one it is their first-order Markov chain. Walking two steps reaches items that no session holds with the source,
//! as in the two-step random walks of Cooper et al., "Random walks in recommender systems", WWW 2014.

mod steps;

use edgewise_core::{ItemIdx, WeightedItem};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::lists::{ItemLists, Learnt, MAX_LIST_ENTRIES, by_source, keep_best, scale};
use crate::pairs::Support;
use crate::params::{TrainError, check_range};
use crate::sequences::Sequences;
use steps::{Counted, StepCounter, Steps, real};

/// How much a step counts, by the distance of its ends in the session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DistanceWeight {
    /// `1 / distance`: the next item counts most, and far ones never quite vanish.
    Reciprocal,
    /// `1 - (distance - 1) / max_distance`: falls evenly to the maximum distance.
    Linear,
}

/// What a list keeps the best of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pruning {
    /// The best targets of each source: every list is short.
    PerSource,
    /// The best sources of each target: every item is led to, and lists of popular sources are long.
    PerTarget,
}

/// What a model of transitions is made with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TransitionParams {
    /// Entries kept per source or target. `1`: only the single best one. `1024`: nearly all. Range `1..=1024`.
    #[serde(skip)]
    pub neighbours: u32,
    /// What the entries are kept for.
    pub pruning: Pruning,
    /// Largest distance between two events of a session. `1`: only what comes immediately next. `100`: nearly the
    /// whole session. Range `1..=100`.
    pub max_distance: u32,
    /// How weight falls with distance.
    pub distance: DistanceWeight,
    /// What a step against the order of the session counts. `0.0`: only what came later. `1.0`: the order does not
    /// matter. Range `0.0..=1.0`.
    pub backward: f64,
    /// Added to a source's total before it divides. `0.0`: a source seen once is believed fully. Large: sources with
    /// many events lead with more weight than others. In events; range `0.0..=1000.0`.
    pub shrinkage: f64,
    /// How much the popularity of a target is held against it. `0.0`: not at all, the popular come first. `1.0`: fully,
    /// the rare come first. Range `0.0..=1.0`.
    pub target_exponent: f64,
    /// Weight of two steps against one. `0.0`: only items that shared a session with the source. `4.0`: mostly items
    /// that share company with it. Range `0.0..=4.0`.
    pub second_step: f64,
}

impl Default for TransitionParams {
    /// The best on validation cuts of two click logs, of 9,519 and 10,232 visits' prefixes, with items of the visit
    /// weighed apart. HR@20 is .679 and .550. Without steps back it is 4 to 9 % less, without second steps 2 to 4 %,
    /// without shrinkage and damping half a percent; 20 neighbours lose a fifth of a percent, and the best sources of
    /// each target, in place of the best targets of each source, 0.3 to 1.5 %.
    fn default() -> TransitionParams {
        TransitionParams {
            neighbours: 50,
            pruning: Pruning::PerSource,
            max_distance: 10,
            distance: DistanceWeight::Reciprocal,
            backward: 0.5,
            shrinkage: 5.0,
            target_exponent: 0.15,
            second_step: 2.0,
        }
    }
}

impl TransitionParams {
    /// Refuses settings that are out of range.
    ///
    /// # Errors
    /// [`TrainError::OutOfRange`] names the setting.
    pub fn check(&self) -> Result<(), TrainError> {
        for (name, found, min, max) in [
            ("neighbours", self.neighbours.into(), 1.0, 1_024.0),
            ("max_distance", self.max_distance.into(), 1.0, 100.0),
            ("backward", self.backward, 0.0, 1.0),
            ("shrinkage", self.shrinkage, 0.0, 1_000.0),
            ("target_exponent", self.target_exponent, 0.0, 1.0),
            ("second_step", self.second_step, 0.0, 4.0),
        ] {
            check_range(name, found, min, max)?;
        }
        Ok(())
    }
}

/// Learns what comes next. A pair's rows are the sessions that take the step at all.
///
/// # Errors
/// [`TrainError::OutOfRange`]: a setting is out of its range.
pub fn transitions(
    sequences: &Sequences,
    support: Support,
    params: &TransitionParams,
) -> Result<Learnt, TrainError> {
    params.check()?;
    let by_item = sequences.sessions_by_item();
    let steps = Steps::of(params);
    let sources: Vec<ItemIdx> = (0..).map(ItemIdx).take(sequences.n_items()).collect();
    let counted: Vec<Counted> = sources
        .par_iter()
        .map_init(
            || StepCounter::new(sequences.n_items()),
            |counter, &source| {
                counter.count(sequences, source, &by_item[source.index()], &steps, support)
            },
        )
        .collect();
    let mut n_to = vec![0u64; sequences.n_items()];
    for (target, weight) in counted.iter().flat_map(|counted| &counted.targets) {
        n_to[target.index()] += weight;
    }
    let damping: Vec<f64> =
        n_to.iter().map(|&n| libm::pow(real(n).max(1.0), params.target_exponent)).collect();
    let mut lists: ItemLists = counted
        .par_iter()
        .map(|counted| {
            let total = real(counted.total) + params.shrinkage;
            let weighted = |&(item, weight): &(ItemIdx, u64)| WeightedItem {
                item,
                weight: real(weight) / (total * damping[item.index()]),
            };
            counted.targets.iter().map(weighted).collect()
        })
        .collect();
    if params.second_step > 0.0 {
        lists = with_second_step(&lists, params);
    }
    let n_removed = counted.iter().map(|counted| counted.n_removed).sum();
    let mut by_source = pruned(lists, params);
    scale(&mut by_source);
    Ok(Learnt { by_source, n_removed })
}

/// `T + second_step · T²`, from transitions that are public themselves: a product of two published facts tells nothing
/// that they do not. The middle of a walk is one of the best [`MAX_MIDDLES`] targets, which bounds the work.
fn with_second_step(one_step: &ItemLists, params: &TransitionParams) -> ItemLists {
    let narrow: ItemLists = one_step
        .par_iter()
        .map(|list| {
            let mut best = list.clone();
            keep_best(&mut best, MAX_MIDDLES);
            best.sort_unstable_by_key(|entry| entry.item);
            best
        })
        .collect();
    let n_kept = match params.pruning {
        Pruning::PerSource => params.neighbours as usize,
        Pruning::PerTarget => MAX_LIST_ENTRIES,
    };
    let sources: Vec<usize> = (0..one_step.len()).collect();
    sources
        .into_par_iter()
        .map_init(
            || (vec![0.0; one_step.len()], Vec::new()),
            |(sums, touched), source| {
                let mut add = |item: ItemIdx, weight: f64| {
                    let sum: &mut f64 = &mut sums[item.index()];
                    if *sum == 0.0 {
                        touched.push(item);
                    }
                    *sum += weight;
                };
                for entry in &one_step[source] {
                    add(entry.item, entry.weight);
                }
                for middle in &narrow[source] {
                    for entry in &narrow[middle.item.index()] {
                        add(entry.item, params.second_step * middle.weight * entry.weight);
                    }
                }
                touched.sort_unstable();
                let taken = touched.drain(..).map(|item| {
                    let weight = std::mem::take(&mut sums[item.index()]);
                    WeightedItem { item, weight }
                });
                let taken = taken.filter(|entry| entry.item.index() != source);
                let mut list: Vec<WeightedItem> =
                    taken.filter(|entry| entry.weight > 0.0).collect();
                // Two steps reach far more items than a list may hold; without this cut they would fill the memory.
                keep_best(&mut list, n_kept);
                list
            },
        )
        .collect()
}

/// Most targets that a walk of two steps goes through.
const MAX_MIDDLES: usize = 100;

/// Keeps the best entries, ascending by row.
fn pruned(mut lists: ItemLists, params: &TransitionParams) -> ItemLists {
    let n = params.neighbours as usize;
    match params.pruning {
        Pruning::PerSource => {
            for list in &mut lists {
                keep_best(list, n);
                list.sort_unstable_by_key(|entry| entry.item);
            }
            lists
        }
        Pruning::PerTarget => {
            // Transposing twice: the first turns targets of sources to sources of targets.
            let mut by_target = vec![Vec::new(); lists.len()];
            for (source, list) in (0..).map(ItemIdx).zip(&lists) {
                for entry in list {
                    let kept = WeightedItem { item: source, weight: entry.weight };
                    by_target[entry.item.index()].push(kept);
                }
            }
            for list in &mut by_target {
                keep_best(list, n);
            }
            by_source(&by_target)
        }
    }
}

#[cfg(test)]
mod tests;
