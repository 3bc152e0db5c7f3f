//! A page that a shop's manager can read: one HTML file with nothing outside it and no script.
//!
//! A [`Report`] or [`CompareReport`] is plain values; [`Report::html`] and [`CompareReport::html`] write them down. Every
//! text is escaped, so titles may hold anything.

mod compare;
mod examples;
pub mod page;
mod placement;
pub mod plot;
mod sentence;
mod table;
mod tail;
#[cfg(test)]
mod tests;
pub mod text;

use edgewise_core::ItemIdx;

pub use sentence::Outcome;
pub use tail::tail;

use crate::evaluate::{Comparison, Evaluation, Latency, Score, Spread};
use crate::metrics::{Difference, Estimate, Metric};

/// A named value of the page's head: rows, days, items, settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// What it is.
    pub name: String,
    /// Its value, as it is shown.
    pub value: String,
}

/// How good a model is, placement by placement.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// The heading.
    pub title: String,
    /// What was measured, in a sentence or two.
    pub summary: String,
    /// Rows, days, items, settings.
    pub facts: Vec<Fact>,
    /// One section each.
    pub placements: Vec<PlacementReport>,
}

/// One placement: the model against its yardsticks.
#[derive(Clone, Debug, PartialEq)]
pub struct PlacementReport {
    /// As it is shown: `Start page`.
    pub name: String,
    /// What was asked, and what counts as right.
    pub question: String,
    /// Which metric the section is about.
    pub headline: Metric,
    /// At which cut.
    pub k: usize,
    /// Number of cases.
    pub n_cases: usize,
    /// Number of users, sessions or baskets that asked.
    pub n_units: usize,
    /// What those are, in the plural: `customers`.
    pub unit_name: String,
    /// The model first, then its yardsticks.
    pub systems: Vec<System>,
    /// Answers side by side.
    pub examples: Vec<Example>,
}

/// One system's results at a placement.
#[derive(Clone, Debug, PartialEq)]
pub struct System {
    /// As it is shown: `Best sellers`.
    pub name: String,
    /// Every metric and cut; the headline's cuts make the curve.
    pub scores: Vec<Score>,
    /// The spread at the section's cut.
    pub spread: Option<Spread>,
    /// From [`tail`]: the share of recommendations that fall on the most popular items.
    pub tail: Vec<f64>,
    /// How long answers took.
    pub latency: Latency,
    /// The model less this system, at the headline; `None` for the model itself.
    pub behind: Option<Difference>,
}

/// One question with the answers of all systems.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// Titles of what was known, oldest first.
    pub given: Vec<String>,
    /// Titles of what was then taken.
    pub relevant: Vec<String>,
    /// An answer per system, in the order of the systems.
    pub answers: Vec<Vec<Shown>>,
}

/// One recommended item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Its title.
    pub title: String,
    /// Whether it was then taken.
    pub verdict: Verdict,
}

/// Whether a recommended item was right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It was taken.
    Hit,
    /// It was not.
    Miss,
}

/// Two bundles over the same cases.
#[derive(Clone, Debug, PartialEq)]
pub struct CompareReport {
    /// The heading.
    pub title: String,
    /// What was measured, in a sentence or two.
    pub summary: String,
    /// What keeps the comparison from being fair, if anything does.
    pub caution: Option<String>,
    /// As the old one is called.
    pub before: String,
    /// As the new one is called.
    pub after: String,
    /// Rows, days, items, settings.
    pub facts: Vec<Fact>,
    /// One section each.
    pub placements: Vec<ComparedPlacement>,
}

/// One placement in both bundles.
#[derive(Clone, Debug, PartialEq)]
pub struct ComparedPlacement {
    /// As it is shown: `Start page`.
    pub name: String,
    /// What was asked, and what counts as right.
    pub question: String,
    /// Number of cases.
    pub n_cases: usize,
    /// The headline first.
    pub scores: Vec<ComparedScore>,
    /// The items whose place in the shop changes most.
    pub items: Vec<ItemChange>,
}

/// One metric and cut in both bundles.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ComparedScore {
    /// Which metric.
    pub metric: Metric,
    /// At which cut.
    pub k: usize,
    /// Before.
    pub before: Estimate,
    /// After.
    pub after: Estimate,
    /// After less before.
    pub difference: Difference,
}

/// How often an item is recommended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemChange {
    /// Its title.
    pub title: String,
    /// Recommendations before.
    pub before: u64,
    /// Recommendations after.
    pub after: u64,
}

impl System {
    /// From an evaluation. `model` is the model's, when this is a yardstick: `compared` is then its comparison with this
    /// one, from [`Evaluation::compared_to`].
    pub fn new(
        name: &str,
        evaluation: &Evaluation,
        taken: &[u64],
        headline: (Metric, usize),
        compared: Option<&[Comparison]>,
    ) -> System {
        let (metric, k) = headline;
        let spread = evaluation.spreads.iter().find(|spread| spread.k == k).cloned();
        let is_headline = |found: &&Comparison| (found.metric, found.k) == headline;
        let behind = compared.and_then(|all| all.iter().find(is_headline));
        debug_assert!(evaluation.score(metric, k).is_some(), "the headline was measured");
        System {
            name: name.to_owned(),
            scores: evaluation.scores.clone(),
            tail: spread.as_ref().map_or_else(Vec::new, |spread| tail(&spread.counts, taken)),
            spread,
            latency: evaluation.latency,
            behind: behind.map(|found| found.difference),
        }
    }

    /// The estimate of a metric at a cut.
    fn score(&self, metric: Metric, k: usize) -> Option<Estimate> {
        let found = self.scores.iter().find(|score| score.metric == metric && score.k == k);
        found.map(|score| score.estimate)
    }
}

/// The `n` items whose numbers of recommendations differ most, the largest difference first, then by row.
pub fn most_changed(before: &[u64], after: &[u64], n: usize) -> Vec<(ItemIdx, u64, u64)> {
    let pairs = (0..).map(ItemIdx).zip(before.iter().zip(after));
    let mut changes: Vec<(ItemIdx, u64, u64)> =
        pairs.map(|(item, (&before, &after))| (item, before, after)).collect();
    changes.retain(|(_, before, after)| before != after);
    changes.sort_by_key(|&(item, before, after)| (std::cmp::Reverse(before.abs_diff(after)), item));
    changes.truncate(n);
    changes
}
