//! Asks a recommender every question and sums up the answers.

use std::time::Duration;

use edgewise_core::ItemIdx;
use rayon::prelude::*;

use crate::case::{Case, UnitIdx};
use crate::metrics::{
    Bootstrap, Difference, Estimate, Metric, Truth, UnitSums, coverage, diversity, gini,
    head_share, novelty,
};
use crate::recommender::Recommender;

/// How alike two items are: symmetric, in `0.0..=1.0`.
pub type Similarity<'s> = dyn Fn(ItemIdx, ItemIdx) -> f64 + Sync + 's;

/// The time since some moment that stays the same during an evaluation. This crate has no clock of its own.
pub type Clock<'c> = dyn Fn() -> Duration + Sync + 'c;

/// What to measure.
#[derive(Clone, Copy)]
pub struct Settings<'s> {
    /// Cuts, each at least 1.
    pub ks: &'s [usize],
    /// Which metrics.
    pub metrics: &'s [Metric],
    /// How often each item of the catalogue was taken in the training part; its length is the catalogue's.
    pub taken: &'s [u64],
    /// For diversity, which is not measured without it.
    pub similarity: Option<&'s Similarity<'s>>,
    /// How to find the intervals.
    pub bootstrap: Bootstrap,
}

/// One metric at one cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Which metric.
    pub metric: Metric,
    /// Where rankings were cut.
    pub k: usize,
    /// Its mean over cases, and how sure that is.
    pub estimate: Estimate,
}

/// What the rankings do to the catalogue, at one cut.
#[derive(Clone, Debug, PartialEq)]
pub struct Spread {
    /// Where rankings were cut.
    pub k: usize,
    /// Share of the catalogue that is recommended to anyone.
    pub coverage: f64,
    /// Mean over cases; `None` without a similarity, or when no ranking has two items.
    pub diversity: Option<f64>,
    /// Mean over cases, in bits; `None` when every ranking is empty.
    pub novelty: Option<f64>,
    /// How unevenly recommendations fall on the catalogue.
    pub gini: f64,
    /// Share of recommendations that fall on the most taken fifth of the catalogue.
    pub head_share: f64,
    /// How often each item was recommended.
    pub counts: Vec<u64>,
}

/// How long an answer takes, by nearest rank over the cases.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Latency {
    /// Half of the answers are not slower, in microseconds.
    pub p50_us: f64,
    /// 99 of 100 answers are not slower, in microseconds.
    pub p99_us: f64,
}

/// The result of an evaluation. All but [`Evaluation::latency`] is the same on every run and number of threads.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// Cases with a truth: what the means are over.
    pub n_cases: usize,
    /// Different users or sessions among them.
    pub n_units: usize,
    /// Cases left out because nothing is relevant.
    pub n_without_truth: usize,
    /// Per metric and cut, in the order of the settings.
    pub scores: Vec<Score>,
    /// Per cut.
    pub spreads: Vec<Spread>,
    /// How long answers took.
    pub latency: Latency,
    /// The ranking of each case, cut at the largest `k`; empty for a case without truth.
    pub ranked: Vec<Vec<ItemIdx>>,
    sums: UnitSums,
}

/// Two systems at one metric and cut.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// Which metric.
    pub metric: Metric,
    /// Where rankings were cut.
    pub k: usize,
    /// The first system less the second.
    pub difference: Difference,
}

impl Evaluation {
    /// The estimate of a metric at a cut, if it was asked for.
    pub fn score(&self, metric: Metric, k: usize) -> Option<Estimate> {
        let found = self.scores.iter().find(|score| score.metric == metric && score.k == k);
        found.map(|score| score.estimate)
    }

    /// This system less the other, over the same cases. `None` when cases, metrics or cuts are not the same.
    pub fn compared_to(
        &self,
        other: &Evaluation,
        bootstrap: &Bootstrap,
    ) -> Option<Vec<Comparison>> {
        let columns = |of: &Evaluation| -> Vec<(Metric, usize)> {
            of.scores.iter().map(|score| (score.metric, score.k)).collect()
        };
        if columns(self) != columns(other) {
            return None;
        }
        let differences = self.sums.differences(&other.sums, bootstrap)?;
        let comparison = |((metric, k), difference)| Comparison { metric, k, difference };
        Some(columns(self).into_iter().zip(differences).map(comparison).collect())
    }
}

/// One answer.
struct Answer {
    ranked: Vec<ItemIdx>,
    took: Duration,
}

/// Asks every case in parallel and sums up in the order of the cases. The whole catalogue is ranked: no sampled negatives
/// (Krichene & Rendle, "On sampled metrics for item recommendation", KDD 2020, show that those can turn the order of systems).
pub fn evaluate(
    recommender: &(impl Recommender + ?Sized),
    cases: &[Case],
    settings: &Settings<'_>,
    clock: &Clock<'_>,
) -> Evaluation {
    let k_max = settings.ks.iter().copied().max().unwrap_or(0);
    let truths: Vec<Option<Truth>> = cases.iter().map(|case| Truth::new(&case.relevant)).collect();
    let answers: Vec<Option<Answer>> = cases
        .par_iter()
        .zip(&truths)
        .map(|(case, truth)| truth.is_some().then(|| answer(recommender, case, k_max, clock)))
        .collect();
    let n_columns = settings.metrics.len() * settings.ks.len();
    let asked = || answers.iter().zip(&truths).zip(cases);
    let rows: Vec<(UnitIdx, Vec<f64>)> = asked()
        .filter_map(|((answer, truth), case)| {
            let (answer, truth) = (answer.as_ref()?, truth.as_ref()?);
            Some((
                case.unit,
                columns(settings).map(|(m, k)| m.at(&answer.ranked, truth, k)).collect(),
            ))
        })
        .collect();
    let sums = UnitSums::new(n_columns, rows.iter().map(|(unit, row)| (*unit, row.as_slice())));
    let estimates = sums.estimates(&settings.bootstrap);
    let score = |((metric, k), estimate)| Score { metric, k, estimate };
    let took = answers.iter().flatten().map(|answer| answer.took).collect();
    let ranked: Vec<Vec<ItemIdx>> = answers
        .into_iter()
        .map(|answer| answer.map_or_else(Vec::new, |answer| answer.ranked))
        .collect();
    Evaluation {
        n_cases: rows.len(),
        n_units: sums.n_units(),
        n_without_truth: cases.len() - rows.len(),
        scores: columns(settings).zip(estimates).map(score).collect(),
        spreads: settings.ks.iter().map(|&k| spread(&ranked, k, settings)).collect(),
        latency: latency(took),
        ranked,
        sums,
    }
}

fn columns<'s>(settings: &Settings<'s>) -> impl Iterator<Item = (Metric, usize)> + use<'s> {
    let ks = settings.ks;
    settings.metrics.iter().flat_map(move |&metric| ks.iter().map(move |&k| (metric, k)))
}

fn answer(
    recommender: &(impl Recommender + ?Sized),
    case: &Case,
    k: usize,
    clock: &Clock<'_>,
) -> Answer {
    let start = clock();
    let mut ranked = recommender.rank(case, k);
    let took = clock().saturating_sub(start);
    ranked.truncate(k);
    Answer { ranked, took }
}

fn spread(ranked: &[Vec<ItemIdx>], k: usize, settings: &Settings<'_>) -> Spread {
    let mut counts = vec![0; settings.taken.len()];
    let lists = || ranked.iter().map(|list| &list[..list.len().min(k)]);
    for item in lists().flatten() {
        if let Some(count) = counts.get_mut(item.index()) {
            *count += 1;
        }
    }
    let of_list =
        |list: &[ItemIdx]| settings.similarity.and_then(|similarity| diversity(list, similarity));
    Spread {
        k,
        coverage: coverage(&counts),
        diversity: mean(lists().filter_map(of_list)),
        novelty: mean(lists().filter_map(|list| novelty(list, settings.taken))),
        gini: gini(&counts),
        head_share: head_share(&counts, settings.taken),
        counts,
    }
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let (sum, n) = values.fold((0.0, 0_u32), |(sum, n), value| (sum + value, n + 1));
    (n > 0).then(|| sum / f64::from(n))
}

fn latency(mut took: Vec<Duration>) -> Latency {
    took.sort_unstable();
    let at = |percent: usize| {
        let rank = (took.len() * percent).div_ceil(100).max(1);
        took.get(rank - 1).map_or(0.0, |took| took.as_secs_f64() * 1e6)
    };
    Latency { p50_us: at(50), p99_us: at(99) }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use edgewise_core::Placement;

    use super::*;
    use crate::recommender::Popular;

    fn cases() -> Vec<Case> {
        let case = |(unit, relevant): (u32, &[u32])| Case {
            relevant: relevant.iter().copied().map(ItemIdx).collect(),
            ..Case::new(UnitIdx(unit), Placement::Home)
        };
        let truths: [(u32, &[u32]); 4] = [(0, &[1]), (1, &[2, 3]), (2, &[]), (0, &[0])];
        truths.into_iter().map(case).collect()
    }

    fn settings(taken: &[u64]) -> Settings<'_> {
        Settings {
            ks: &[1, 2],
            metrics: &[Metric::HitRate, Metric::Recall],
            taken,
            similarity: Some(&|_, _| 0.25),
            bootstrap: Bootstrap { resamples: 50, ..Bootstrap::default() },
        }
    }

    #[test]
    fn means_are_over_cases_with_a_truth() {
        // The ranking is 1, 3, 2, 0 for all.
        let taken = [1, 9, 2, 4];
        let ticks = AtomicU64::new(0);
        let clock = || Duration::from_micros(5 * ticks.fetch_add(1, Ordering::Relaxed));
        let found = evaluate(&Popular::new(&taken), &cases(), &settings(&taken), &clock);
        assert_eq!((found.n_cases, found.n_units, found.n_without_truth), (3, 2, 1));
        let mean = |metric, k| found.score(metric, k).expect("asked for").mean;
        assert!((mean(Metric::HitRate, 1) - 1.0 / 3.0).abs() < 1e-12);
        assert!((mean(Metric::Recall, 2) - 0.5).abs() < 1e-12);
        assert_eq!(found.score(Metric::Ndcg, 1), None);
        let at_two = &found.spreads[1];
        assert_eq!(at_two.counts, [0, 3, 0, 3]);
        assert_eq!((at_two.coverage, at_two.diversity), (0.5, Some(0.75)));
        assert!(found.latency.p50_us >= 5.0 && found.latency.p99_us >= found.latency.p50_us);
        assert_eq!(found.ranked[2], []);
    }

    #[test]
    fn the_number_of_threads_does_not_matter() {
        let taken = [1, 9, 2, 4];
        let run = |threads| {
            let pool =
                rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
            let popular = Popular::new(&taken);
            let still = || Duration::ZERO;
            pool.install(|| evaluate(&popular, &cases(), &settings(&taken), &still))
        };
        let expected = run(1);
        for threads in [2, 3, 8] {
            assert_eq!(run(threads), expected);
        }
    }

    #[test]
    fn systems_are_compared_only_over_the_same_cases() {
        let taken = [1, 9, 2, 4];
        let run = |counts: &[u64], cases: &[Case]| {
            evaluate(&Popular::new(counts), cases, &settings(&taken), &|| Duration::ZERO)
        };
        let (first, second) = (run(&taken, &cases()), run(&[9, 1, 2, 4], &cases()));
        let found = first.compared_to(&second, &Bootstrap::default()).expect("the same cases");
        assert_eq!((found.len(), found[0].metric, found[0].k), (4, Metric::HitRate, 1));
        // At 1, each finds one of the three truths.
        assert!(found[0].difference.mean.abs() < 1e-12);
        assert_eq!(first.compared_to(&run(&taken, &cases()[..2]), &Bootstrap::default()), None);
    }
}
