//! What trends: what more people take these days than its own past leads one to expect.
//!
//! The log is cut into windows of equal length, counted back from its newest interaction. In each an item counts its
//! distinct takers. Its share of the older windows, the newer of which count more, is an expectation for the newest one:
//!
//! `m = N (a + x) / (b + X)`
//!
//! where `N` are the takers of all items in the newest window, `X` the decayed sum of those in the older windows, `x` the
//! item's part of `X`, and `a`, `b` a gamma prior that all items share, fitted by moments to their shares (the negative
//! binomial model of counts: Gelman et al., "Bayesian Data Analysis", 3rd ed., section 2.6; empirical Bayes by moments:
//! Casella, "An introduction to empirical Bayes data analysis", 1985). So a new item has an expectation, too.
//!
//! The trend of an item with `n` takers is its term of the Kullback-Leibler divergence of the newest window from what was
//! expected (Cover and Thomas, "Elements of Information Theory", eq. 2.26), damped by `k` takers:
//!
//! `t = n log2((n + k) / (m + k))`
//!
//! `docs/ranking.md` compares it with other scores.

mod tallies;

use edgewise_core::{Catalog, Interactions, ItemIdx, WeightedItem};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::params::{Params, TrainError, check_range};
use crate::people::Takers;
use crate::popularity::row;
use crate::tree::Tree;

pub(crate) use tallies::{ONE, Tallies, Tally, tallies};

/// Entries kept of a ranking. A longer answer goes on with what is popular.
const RANKING_KEPT: usize = 200;

/// How trends are found.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TrendParams {
    /// Length of a window in days. `0.01`: what the last minutes bring. `3650`: what years bring. Range
    /// `0.01..=3650.0`.
    pub window_days: f64,
    /// Windows after which the past counts half. `0.1`: only the window before the newest is expected to come again.
    /// `10_000`: all time counts the same. Range `0.1..=10_000.0`.
    pub half_life_windows: f64,
    /// Takers that damp a trend. `0.01`: three takers of an item that nobody took before are a great trend. `10_000`:
    /// what has most takers in excess of the expectation. Range `0.01..=10_000.0`.
    pub damping: f64,
    /// What the trend of an item's category, without the item, adds to its own. `0.0`: nothing. `1.0`: an item whose
    /// category doubles counts as if it had doubled once more. Range `0.0..=1.0`.
    pub category: f64,
}

impl Default for TrendParams {
    fn default() -> TrendParams {
        TrendParams { window_days: 14.0, half_life_windows: 8.0, damping: 2.0, category: 0.0 }
    }
}

impl TrendParams {
    /// Refuses settings that are out of range.
    ///
    /// # Errors
    /// [`TrainError::OutOfRange`] names the setting.
    pub fn check(&self) -> Result<(), TrainError> {
        check_range("window_days", self.window_days, 0.01, 3_650.0)?;
        check_range("half_life_windows", self.half_life_windows, 0.1, 10_000.0)?;
        check_range("damping", self.damping, 0.01, 10_000.0)?;
        check_range("category", self.category, 0.0, 1.0)
    }
}

/// One item that trends with everyone, for people to look at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Trend {
    /// The item; a row of the model.
    pub item: ItemIdx,
    /// Its takers in the newest window.
    pub takers: u32,
    /// How many were expected.
    pub expected: f64,
    /// Its trend, in bits.
    pub score: f64,
    /// Its velocity: by how many powers of two its share grew from the window before to the newest one.
    pub velocity: f64,
    /// How much the velocity grew since the window before.
    pub acceleration: f64,
}

/// Rankings over a log, in the catalogue's rows.
#[derive(Debug, Default)]
pub(crate) struct Trending {
    /// The ranking of everyone, of each category, of each region and of each segment, weights relative to the first.
    /// Empty when nothing trends.
    pub(crate) rankings: Vec<Vec<WeightedItem>>,
    /// What trends with everyone, the strongest first.
    pub(crate) trends: Vec<Trend>,
}

/// Ranks the items of every audience by their trends.
pub(crate) fn trending(
    log: &Interactions,
    catalog: &Catalog,
    takers: Takers,
    params: &Params,
) -> Trending {
    let Some(trend_params) = &params.trending else { return Trending::default() };
    let places = tallies(log, catalog, takers, trend_params);
    let category_of = |item: usize| catalog.items[item].category.map(|category| category.0);
    let shop =
        Shop { category_of: &category_of, n_items: catalog.items.len(), params, trend_params };
    let mut of_places: Vec<Vec<Trend>> =
        places.par_iter().map(|tallies| shop.trends(tallies)).collect();
    if of_places.is_empty() || of_places[0].is_empty() {
        return Trending::default();
    }
    let everyone = std::mem::take(&mut of_places[0]);
    let tree = Tree::of(&catalog.categories);
    let mut of_categories: Vec<Vec<Trend>> = vec![Vec::new(); tree.len()];
    for trend in &everyone {
        for category in category_of(trend.item.index()).into_iter().flat_map(|of| tree.lineage(of))
        {
            of_categories[category as usize].push(*trend);
        }
    }
    let below = of_categories.iter().chain(&of_places[1..]);
    let rankings = [&everyone].into_iter().chain(below).map(|trends| ranking(trends)).collect();
    Trending { rankings, trends: everyone }
}

/// The strongest trends relative to the first.
fn ranking(trends: &[Trend]) -> Vec<WeightedItem> {
    let top = trends.first().map_or(1.0, |first| first.score);
    let entry = |trend: &Trend| WeightedItem { item: trend.item, weight: trend.score / top };
    trends.iter().take(RANKING_KEPT).map(entry).collect()
}

/// What the trends of a place depend on beside its tallies.
struct Shop<'a> {
    category_of: &'a (dyn Fn(usize) -> Option<u32> + Sync),
    n_items: usize,
    params: &'a Params,
    trend_params: &'a TrendParams,
}

impl Shop<'_> {
    /// What trends in a place, the strongest first; equal ones by row.
    fn trends(&self, tallies: &Tallies) -> Vec<Trend> {
        let Some(expectation) = Expectation::of(tallies, self.n_items) else { return Vec::new() };
        let expected: Vec<f64> = tallies
            .items
            .iter()
            .map(|(_, tally)| expectation.takers(self.known_past(tally)))
            .collect();
        let lifts = self.category_lifts(tallies, &expected);
        let mut trends: Vec<Trend> = tallies
            .items
            .iter()
            .zip(expected.iter().zip(lifts))
            .filter(|((_, tally), _)| tally.recent_people >= self.params.min_people)
            .map(|((item, tally), (&expected, lift))| {
                let n = f64::from(tally.recent);
                let score = n * (self.log2_ratio(n, expected) + lift);
                let [velocity, acceleration] = expectation.velocity(tally, self.trend_params);
                let (item, takers) = (row(*item as usize), tally.recent);
                Trend { item, takers, expected, score, velocity, acceleration }
            })
            .filter(|trend| trend.score > 0.0)
            .collect();
        trends.sort_unstable_by(|a, b| b.score.total_cmp(&a.score).then(a.item.cmp(&b.item)));
        trends
    }

    /// What may be told of an item's past: nothing when too few people are behind it.
    fn known_past(&self, tally: &Tally) -> u64 {
        if tally.past_people >= self.params.min_people { tally.past } else { 0 }
    }

    fn log2_ratio(&self, n: f64, expected: f64) -> f64 {
        let damping = self.trend_params.damping;
        libm::log2((n + damping) / (expected + damping))
    }

    /// What the trends of the items' categories, each without the item itself, add. Items that too few people took in
    /// all do not count for their category.
    fn category_lifts(&self, tallies: &Tallies, expected: &[f64]) -> Vec<f64> {
        let weight = self.trend_params.category;
        if weight <= 0.0 {
            return vec![0.0; expected.len()];
        }
        let counted = |tally: &Tally, expected: f64| {
            let n_people = tally.recent_people.max(tally.past_people);
            let is_told = n_people >= self.params.min_people;
            if is_told { [f64::from(tally.recent), expected] } else { [0.0; 2] }
        };
        let mut sums: std::collections::BTreeMap<u32, [f64; 2]> = std::collections::BTreeMap::new();
        for ((item, tally), &expected) in tallies.items.iter().zip(expected) {
            if let Some(category) = (self.category_of)(*item as usize) {
                let sum = sums.entry(category).or_default();
                let [n, m] = counted(tally, expected);
                *sum = [sum[0] + n, sum[1] + m];
            }
        }
        let lift = |((item, tally), &expected): (&(u32, Tally), &f64)| {
            let sum = (self.category_of)(*item as usize).and_then(|category| sums.get(&category));
            sum.map_or(0.0, |sum| {
                let [n, m] = counted(tally, expected);
                // The rest of a sum of floats may be a little below zero.
                weight * self.log2_ratio((sum[0] - n).max(0.0), (sum[1] - m).max(0.0))
            })
        };
        tallies.items.iter().zip(expected).map(lift).collect()
    }
}

/// What a place's past leads one to expect of its newest window.
struct Expectation {
    /// Takers of all items: in the newest window, the one before and the one before that.
    recent: [f64; 3],
    past: f64,
    /// The gamma prior of an item's share.
    shape: f64,
    rate: f64,
    n_items: f64,
}

impl Expectation {
    /// `None` when there is no past or nothing in the newest window.
    fn of(tallies: &Tallies, n_items: usize) -> Option<Expectation> {
        let sum = |of: fn(&Tally) -> u64| -> u64 { tallies.items.iter().map(|(_, t)| of(t)).sum() };
        let recent =
            [sum(|t| t.recent.into()), sum(|t| t.before.into()), sum(|t| t.earlier.into())];
        let past = decayed(sum(|t| t.past));
        if recent[0] == 0 || past <= 0.0 {
            return None;
        }
        let n_items = exact(n_items as u64);
        let squares: f64 = tallies
            .items
            .iter()
            .map(|(_, tally)| decayed(tally.past) / past)
            .map(|share| share * share)
            .sum();
        let mean = 1.0 / n_items;
        // What counting alone scatters is not the items'.
        let variance = (squares / n_items - mean * mean - mean / past).max(mean * 1e-12);
        let rate = mean / variance;
        Some(Expectation { recent: recent.map(exact), past, shape: mean * rate, rate, n_items })
    }

    /// Takers that an item with this past has in the newest window.
    fn takers(&self, past: u64) -> f64 {
        self.recent[0] * (self.shape + decayed(past)) / (self.rate + self.past)
    }

    /// How many powers of two an item's share of the takers grows per window, and how much that grows.
    fn velocity(&self, tally: &Tally, params: &TrendParams) -> [f64; 2] {
        let damping = params.damping;
        let counts = [tally.recent, tally.before, tally.earlier];
        let share = |at: usize| {
            let all = self.recent[at] + damping * self.n_items;
            libm::log2((f64::from(counts[at]) + damping) / all)
        };
        let [newest, before, earlier] = [share(0), share(1), share(2)];
        [newest - before, (newest - before) - (before - earlier)]
    }
}

/// A sum of decayed counts as a real number.
fn decayed(sum: u64) -> f64 {
    exact(sum) / ONE
}

/// A count as a real number.
#[expect(clippy::cast_precision_loss, reason = "beyond 2^53 the nearest number does")]
fn exact(n: u64) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests;
