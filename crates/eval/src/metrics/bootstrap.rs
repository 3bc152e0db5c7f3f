//! How sure a mean is, and whether one system beats another: percentile bootstrap over units (Efron & Tibshirani,
//! "An Introduction to the Bootstrap", 1993, ch. 13 and 16; Sakai, "Evaluating evaluation metrics based on the bootstrap",
//! SIGIR 2006).
//!
//! A resample draws as many units as there are, with replacement; cases of one unit are drawn together, because a
//! session's prefixes, or a user's orders, are not independent.

use rayon::prelude::*;

use crate::case::UnitIdx;
use crate::random::Random;

/// How to resample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bootstrap {
    /// Resamples. `1`: the interval is one draw. `100_000`: the ends move no more, and it takes a hundred times as long
    /// as the default of 1,000. Range `1..=100_000`; what is outside is brought to the nearer end.
    pub resamples: u32,
    /// Share of resamples inside the interval. `0.0`: a point. `1.0`: from the least to the greatest. Range `0.0..=1.0`.
    pub confidence: f64,
    /// Seed. The same seed, the same intervals.
    pub seed: u64,
}

impl Default for Bootstrap {
    fn default() -> Bootstrap {
        Bootstrap { resamples: 1_000, confidence: 0.95, seed: 1 }
    }
}

/// A range of values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

/// A mean over cases, and how sure it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The mean.
    pub mean: f64,
    /// Where it would lie had other units been asked.
    pub interval: Interval,
}

/// A difference of two means over the same cases.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// The first system's mean less the second's.
    pub mean: f64,
    /// Where the difference would lie had other units been asked.
    pub interval: Interval,
    /// Two-sided: how often a resample puts the difference on the other side of zero, doubled. Never 0.
    pub p_value: f64,
}

/// Sums over the cases of each unit, one column per metric and cut, so that a resample draws once for all columns.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitSums {
    n_columns: usize,
    units: Vec<UnitIdx>,
    n_cases: Vec<u32>,
    /// Row-major: unit, then column.
    sums: Vec<f64>,
}

impl UnitSums {
    /// Sums cases in the order given, each `n_columns` values; what a shorter one lacks counts as 0. Units are kept
    /// ascending.
    pub fn new<'c>(
        n_columns: usize,
        cases: impl Iterator<Item = (UnitIdx, &'c [f64])>,
    ) -> UnitSums {
        let mut cases: Vec<(UnitIdx, &[f64])> = cases.collect();
        cases.sort_by_key(|case| case.0);
        let mut all =
            UnitSums { n_columns, units: Vec::new(), n_cases: Vec::new(), sums: Vec::new() };
        for of_unit in cases.chunk_by(|a, b| a.0 == b.0) {
            let mut sums = vec![0.0; n_columns];
            for (_, values) in of_unit {
                sums.iter_mut().zip(*values).for_each(|(sum, value)| *sum += value);
            }
            all.units.push(of_unit[0].0);
            all.n_cases.push(u32::try_from(of_unit.len()).unwrap_or(u32::MAX));
            all.sums.extend(sums);
        }
        all
    }

    /// Number of units.
    pub fn n_units(&self) -> usize {
        self.units.len()
    }

    /// The mean over cases of each column, with its interval; 0 when there is no case.
    pub fn estimates(&self, bootstrap: &Bootstrap) -> Vec<Estimate> {
        let resampled = self.resampled(bootstrap);
        let estimate = |(mean, values): (f64, Vec<f64>)| Estimate {
            mean,
            interval: interval(values, bootstrap.confidence),
        };
        self.means(0..self.n_units()).into_iter().zip(resampled).map(estimate).collect()
    }

    /// This system less the other, column by column, each resample drawing the same units for both.
    /// `None` when the two were not asked the same number of cases by the same units.
    pub fn differences(&self, other: &UnitSums, bootstrap: &Bootstrap) -> Option<Vec<Difference>> {
        let same_cases = self.units == other.units && self.n_cases == other.n_cases;
        if !same_cases || self.n_columns != other.n_columns {
            return None;
        }
        let sums = self.sums.iter().zip(&other.sums).map(|(a, b)| a - b).collect();
        let paired = UnitSums { sums, ..self.clone() };
        let resampled = paired.resampled(bootstrap);
        let difference = |(mean, values): (f64, Vec<f64>)| Difference {
            mean,
            p_value: p_value(&values),
            interval: interval(values, bootstrap.confidence),
        };
        let means = paired.means(0..paired.n_units());
        Some(means.into_iter().zip(resampled).map(difference).collect())
    }

    /// The values of each column over all resamples. Each resample has a seed of its own, so threads do not matter.
    fn resampled(&self, bootstrap: &Bootstrap) -> Vec<Vec<f64>> {
        let draw = |number: u32| {
            let mut random = Random::new(bootstrap.seed, u64::from(number));
            let n_units = self.n_units();
            self.means((0..n_units).map(move |_| random.below(n_units)))
        };
        let n_resamples = bootstrap.resamples.clamp(1, 100_000);
        let rows: Vec<Vec<f64>> = (0..n_resamples).into_par_iter().map(draw).collect();
        (0..self.n_columns).map(|column| rows.iter().map(|row| row[column]).collect()).collect()
    }

    fn means(&self, units: impl Iterator<Item = usize>) -> Vec<f64> {
        let mut sums = vec![0.0; self.n_columns];
        let mut n_cases = 0_u64;
        for unit in units {
            n_cases += u64::from(self.n_cases[unit]);
            let row = &self.sums[unit * self.n_columns..(unit + 1) * self.n_columns];
            sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
        #[expect(clippy::cast_precision_loss, reason = "numbers of cases are far below 2^53")]
        let n_cases = n_cases.max(1) as f64;
        sums.iter().map(|sum| sum / n_cases).collect()
    }
}

/// The ends by nearest rank, as many values cut below as above.
fn interval(mut values: Vec<f64>, confidence: f64) -> Interval {
    values.sort_by(f64::total_cmp);
    let share = (1.0 - confidence.clamp(0.0, 1.0)) / 2.0;
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between zero and half the number of resamples"
    )]
    let n_cut = (share * values.len() as f64) as usize;
    let n_cut = n_cut.min(values.len().saturating_sub(1) / 2);
    let last = values.len() - 1;
    Interval { low: values[n_cut], high: values[last - n_cut] }
}

/// Twice the smaller share of differences at or beyond zero; one is added above and below (Davison & Hinkley, "Bootstrap
/// Methods and their Application", 1997, eq. 4.11), for what was observed is one of the draws.
fn p_value(differences: &[f64]) -> f64 {
    let n_not_above = differences.iter().filter(|&&value| value <= 0.0).count();
    let n_not_below = differences.iter().filter(|&&value| value >= 0.0).count();
    #[expect(clippy::cast_precision_loss, reason = "at most 100,000 resamples")]
    let share = (n_not_above.min(n_not_below) + 1) as f64 / (differences.len() + 1) as f64;
    (2.0 * share).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Bootstrap = Bootstrap { resamples: 1_000, confidence: 0.95, seed: 7 };

    fn one_case_each(values: &[f64]) -> UnitSums {
        let units = (0..).map(UnitIdx);
        UnitSums::new(1, units.zip(values.chunks(1)))
    }

    #[test]
    fn the_mean_is_over_cases_and_units_are_drawn_whole() {
        let values = [[1.0], [0.0], [0.0]];
        let units = [UnitIdx(4), UnitIdx(9), UnitIdx(4)];
        let sums = UnitSums::new(1, units.into_iter().zip(values.iter().map(<[f64; 1]>::as_slice)));
        assert_eq!(sums.n_units(), 2);
        let found = sums.estimates(&PLAIN)[0];
        assert!((found.mean - 1.0 / 3.0).abs() < 1e-12);
        // The draws are both of unit 4 (2 of 4 cases), both of unit 9 (0 of 2), or one of each.
        assert_eq!(found.interval, Interval { low: 0.0, high: 0.5 });
    }

    #[test]
    fn the_interval_of_a_coin_is_that_of_the_binomial() {
        // 400 tosses, half heads: the standard error is 0.025, so 95 % lie within about 0.049.
        let tosses: Vec<f64> = (0..400).map(|toss| f64::from(toss % 2)).collect();
        let found = one_case_each(&tosses).estimates(&PLAIN)[0];
        assert!((found.mean - 0.5).abs() < 1e-12);
        assert!((found.interval.low - 0.451).abs() < 0.006, "{found:?}");
        assert!((found.interval.high - 0.549).abs() < 0.006, "{found:?}");
    }

    #[test]
    fn pairing_sees_a_small_difference_that_every_unit_shares() {
        let first: Vec<f64> = (0..50).map(|unit| f64::from(unit) / 50.0).collect();
        let second: Vec<f64> = first.iter().map(|value| value - 0.01).collect();
        let (first, second) = (one_case_each(&first), one_case_each(&second));
        let found = first.differences(&second, &PLAIN).expect("the same cases")[0];
        assert!((found.mean - 0.01).abs() < 1e-12);
        assert!((found.interval.low - 0.01).abs() < 1e-12);
        assert!((found.p_value - 2.0 / 1_001.0).abs() < 1e-12);
        let none = first.differences(&first, &PLAIN).expect("the same cases")[0];
        assert!((none.p_value - 1.0).abs() < 1e-12);
        assert_eq!(first.differences(&one_case_each(&[1.0]), &PLAIN), None);
    }

    #[test]
    fn the_seed_alone_decides_the_draws() {
        let tosses: Vec<f64> = (0..40).map(|toss| f64::from(toss % 3)).collect();
        let sums = one_case_each(&tosses);
        let pool =
            |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool");
        let expected = sums.estimates(&PLAIN);
        for threads in [1, 2, 3, 8] {
            assert_eq!(pool(threads).install(|| sums.estimates(&PLAIN)), expected);
        }
        assert_ne!(sums.estimates(&Bootstrap { seed: 8, ..PLAIN }), expected);
    }

    #[test]
    fn no_case_is_no_reason_to_fail() {
        let none = UnitSums::new(1, std::iter::empty());
        let zero = Interval { low: 0.0, high: 0.0 };
        assert_eq!(none.estimates(&PLAIN), [Estimate { mean: 0.0, interval: zero }]);
    }
}
