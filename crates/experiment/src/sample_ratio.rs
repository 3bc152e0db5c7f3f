//! Whether visitors were divided as planned. When they were not, something loses them in one variant, and no figure of the
//! experiment can be trusted (Fabijan and others, "Diagnosing sample ratio mismatch in online controlled experiments",
//! KDD 2019).

use statrs::distribution::{ChiSquared, ContinuousCDF};

/// A chance below this is no chance: the level that Fabijan and others (KDD 2019) name for this check. It is so low because
/// the check is looked at every day of every experiment.
pub const SUSPICIOUS: f64 = 0.001;

/// How many came, and how many should have.
#[derive(Clone, Debug, PartialEq)]
pub struct SampleRatio {
    /// What is expected of each variant by its share.
    pub expected: Vec<f64>,
    /// Pearson's statistic: the sum of (found - expected)² / expected.
    pub chi_squared: f64,
    /// The chance of one as large when visitors are divided as planned.
    pub p_value: f64,
}

impl SampleRatio {
    /// Of numbers of visitors by variant, against shares that need not sum to anything. Where there are no visitors or no
    /// shares, nothing is suspicious.
    pub fn new(counts: &[u64], shares: &[f64]) -> SampleRatio {
        #[expect(clippy::cast_precision_loss, reason = "numbers of visitors are far below 2^53")]
        let found: Vec<f64> = counts.iter().map(|&count| count as f64).collect();
        let (total, all_shares): (f64, f64) = (found.iter().sum(), shares.iter().sum());
        let expected: Vec<f64> = shares.iter().map(|share| total * share / all_shares).collect();
        let square = |(found, expected): (&f64, &f64)| (found - expected).powi(2) / expected;
        let chi_squared: f64 = found.iter().zip(&expected).map(square).sum();
        #[expect(clippy::cast_precision_loss, reason = "a handful of variants")]
        let freedom = counts.len().saturating_sub(1) as f64;
        let p_value = match ChiSquared::new(freedom) {
            Ok(distribution) if chi_squared.is_finite() => distribution.sf(chi_squared),
            _ => 1.0,
        };
        SampleRatio { expected, chi_squared, p_value }
    }

    /// Whether the division cannot be chance.
    pub fn is_suspicious(&self) -> bool {
        self.p_value < SUSPICIOUS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 821,588 and 815,482 users where half and half was planned: Kohavi, Tang and Xu, "Trustworthy online controlled
    /// experiments", 2020, chapter 3, whose p-value is 1.8e-6.
    #[test]
    fn a_mismatch_of_a_third_of_a_percent_is_found_in_many_visitors() {
        let found = SampleRatio::new(&[821_588, 815_482], &[0.5, 0.5]);
        assert!((found.p_value - 1.8e-6).abs() < 0.1e-6, "{found:?}");
        assert!(found.is_suspicious());
    }

    #[test]
    fn shares_need_not_be_equal_or_sum_to_one() {
        let found = SampleRatio::new(&[4_980, 2_510, 2_510], &[5_000.0, 2_500.0, 2_500.0]);
        assert_eq!(found.expected, [5_000.0, 2_500.0, 2_500.0]);
        assert!((found.chi_squared - 0.16).abs() < 1e-12);
        assert!(!found.is_suspicious());
        assert!(!SampleRatio::new(&[0, 0], &[1.0, 1.0]).is_suspicious());
        assert!(!SampleRatio::new(&[5], &[1.0]).is_suspicious());
    }
}
