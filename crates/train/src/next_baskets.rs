//! What the baskets after an item hold: directed lists from what someone had to what they take next.

use edgewise_core::{ItemIdx, WeightedItem};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::histories::Histories;
use crate::lists::{Learnt, keep_best};
use crate::pairs::Support;
use crate::params::{TrainError, check_range};

/// What next-basket lists are made with.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NextParams {
    /// Sources kept per target item. `1`: only the single best source. `1024`: nearly every pair. Range `1..=1024`.
    #[serde(skip)]
    pub neighbours: u32,
    /// Baskets before the target that count as its past. `1`: only the basket just before. `100`: all that a query
    /// can name. Range `1..=100`.
    pub window: u32,
    /// Rows that every source gets beforehand, without any target. `0.0`: a rare item's chance followers weigh the
    /// most. `1e9`: only the pair's count matters. Range `0.0..=1e9`. On Ta-Feng's validation baskets 30 finds .1276
    /// of the items, 100 .1306, 300 with a window of 8 .1328.
    pub prior_rows: f64,
}

impl Default for NextParams {
    fn default() -> NextParams {
        NextParams { neighbours: 50, window: 8, prior_rows: 300.0 }
    }
}

impl NextParams {
    /// Refuses settings that are out of range.
    ///
    /// # Errors
    /// [`TrainError::OutOfRange`] names the setting.
    pub fn check(&self) -> Result<(), TrainError> {
        check_range("neighbours", self.neighbours.into(), 1.0, 1_024.0)?;
        check_range("window", self.window.into(), 1.0, 100.0)?;
        check_range("prior_rows", self.prior_rows, 0.0, 1e9)
    }
}

/// A basket and the distinct items of those before it.
struct Step<'h> {
    person: u32,
    past: Vec<ItemIdx>,
    basket: &'h [ItemIdx],
}

#[derive(Clone, Copy, Default)]
struct Tally {
    n_rows: u32,
    n_people: u32,
    /// The last person counted, plus one.
    last_person: u32,
}

/// The share of an item's futures that hold another: `n(i -> j) / (n(i) + a)`, a first-order chain over baskets
/// (Rendle et al., "Factorizing personalized Markov chains for next-basket recommendation", WWW 2010, eq. 2, with
/// additive smoothing). A row is a basket with the distinct items of the `window` baskets before it.
pub fn next_baskets(
    histories: &Histories,
    n_items: usize,
    support: Support,
    params: &NextParams,
) -> Learnt {
    let steps = steps(histories, params.window as usize);
    let mut n_past = vec![0u32; n_items];
    let mut steps_to: Vec<Vec<u32>> = vec![Vec::new(); n_items];
    for (number, step) in (0..).zip(&steps) {
        step.past.iter().for_each(|item| n_past[item.index()] += 1);
        step.basket.iter().for_each(|item| steps_to[item.index()].push(number));
    }
    let targets: Vec<(ItemIdx, &Vec<u32>)> = (0..).map(ItemIdx).zip(&steps_to).collect();
    let sources: Vec<(Vec<WeightedItem>, u64)> = targets
        .into_par_iter()
        .map_init(
            || vec![Tally::default(); n_items],
            |tallies, (target, numbers)| {
                let touched = count(tallies, &steps, numbers);
                let mut n_removed = 0;
                let mut sources = Vec::with_capacity(touched.len());
                for source in touched {
                    let tally = std::mem::take(&mut tallies[source.index()]);
                    if source == target || tally.n_rows < support.min_rows {
                        continue;
                    }
                    if tally.n_people < support.min_people {
                        n_removed += 1;
                        continue;
                    }
                    let n_rows = f64::from(n_past[source.index()]) + params.prior_rows;
                    let weight = f64::from(tally.n_rows) / n_rows;
                    sources.push(WeightedItem { item: source, weight });
                }
                keep_best(&mut sources, params.neighbours as usize);
                (sources, n_removed)
            },
        )
        .collect();
    Learnt::from_targets(sources)
}

/// Counts the pasts of some steps, whose persons ascend; the items that were counted.
fn count(tallies: &mut [Tally], steps: &[Step<'_>], numbers: &[u32]) -> Vec<ItemIdx> {
    let mut touched = Vec::new();
    for step in numbers.iter().map(|&number| &steps[number as usize]) {
        for &source in &step.past {
            let tally = &mut tallies[source.index()];
            if tally.n_rows == 0 {
                touched.push(source);
            }
            tally.n_rows += 1;
            if tally.last_person != step.person + 1 {
                tally.last_person = step.person + 1;
                tally.n_people += 1;
            }
        }
    }
    touched
}

fn steps(histories: &Histories, window: usize) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    for (person, baskets) in (0..).zip(histories.persons()) {
        for (at, basket) in baskets.iter().enumerate().skip(1) {
            let mut past = baskets[at.saturating_sub(window)..at].concat();
            past.sort_unstable();
            past.dedup();
            steps.push(Step { person, past, basket });
        }
    }
    steps
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::Array2;

    const N_ITEMS: usize = 9;

    /// Seeded baskets of twenty people.
    fn histories() -> Histories {
        let mut state = 5u64;
        let mut random = |n: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % n
        };
        let mut basket = || {
            (0..=random(4))
                .map(|_| ItemIdx(u32::try_from(random(N_ITEMS as u64)).unwrap()))
                .collect()
        };
        Histories::new((0..20).map(|person| (0..person % 6).map(|_| basket()).collect()).collect())
    }

    #[test]
    fn lists_agree_with_dense_counts() {
        let histories = histories();
        let params = NextParams { neighbours: 1_024, window: 2, prior_rows: 3.0 };
        let (mut past, mut next) = (Vec::new(), Vec::new());
        for baskets in histories.persons() {
            for at in 1..baskets.len() {
                let row = |baskets: &[Vec<ItemIdx>]| {
                    (0u32..9)
                        .map(|item| f64::from(u8::from(baskets.concat().contains(&ItemIdx(item)))))
                        .collect::<Vec<f64>>()
                };
                past.extend(row(&baskets[at.saturating_sub(2)..at]));
                next.extend(row(&baskets[at..=at]));
            }
        }
        let matrix = |cells: Vec<f64>| {
            Array2::from_shape_vec((cells.len() / N_ITEMS, N_ITEMS), cells).unwrap()
        };
        let (past, next) = (matrix(past), matrix(next));
        let counts = past.t().dot(&next);
        let support = Support { min_rows: 2, min_people: 1 };
        let lists = next_baskets(&histories, N_ITEMS, support, &params).by_source;
        for source in 0..N_ITEMS {
            let expected: Vec<WeightedItem> = (0u32..9)
                .filter(|&target| target as usize != source)
                .filter(|&target| counts[[source, target as usize]] >= 2.0)
                .map(|target| WeightedItem {
                    item: ItemIdx(target),
                    weight: counts[[source, target as usize]] / (past.column(source).sum() + 3.0),
                })
                .collect();
            assert_eq!(lists[source], expected);
        }
    }

    #[test]
    fn the_threads_do_not_matter_and_people_count_once() {
        let support = |min_people| Support { min_rows: 1, min_people };
        let all = |min_people| {
            next_baskets(&histories(), N_ITEMS, support(min_people), &NextParams::default())
        };
        for n_threads in [1, 2, 3, 8] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
            assert_eq!(pool.install(|| all(3)), all(3));
        }
        assert_eq!(all(21).by_source.concat(), []);
        let n_pairs = |learnt: &Learnt| learnt.by_source.concat().len() as u64;
        assert_eq!(n_pairs(&all(3)) + all(3).n_removed, n_pairs(&all(1)));
    }
}
