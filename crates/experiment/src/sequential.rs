//! A test that may be looked at as often as one likes: the mixture sequential probability ratio test.
//!
//! Johari, Koomen, Pekelis and Walsh, "Always valid inference: continuous monitoring of A/B tests", Operations Research 70,
//! 2022, section 4: under no effect the estimate's likelihood ratio, averaged over effects drawn from a normal
//! distribution, is a martingale that begins at 1. It ever reaches `1 / alpha` with a chance of at most `alpha` (Ville's
//! inequality), so its reciprocal is a p-value at whatever moment it is looked at. For an estimate that is normal only in
//! the limit, as a rate is, the statement holds in the limit too (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas,
//! "Time-uniform central limit theory and asymptotic confidence sequences", Annals of Statistics 52, 2024); the
//! simulations in `tests` show how near.

use crate::Interval;

/// An estimate that is about normal, with its variance, at one moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// The estimate; 0 is no effect.
    pub value: f64,
    /// Its variance, above 0.
    pub variance: f64,
}

/// The distribution that effects are averaged over: normal, around 0.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mixture {
    /// Its standard deviation, above 0. Near 0: only many visitors prove anything. Far above the true effect: nothing is
    /// proved soon either. The effect that was planned for is a good choice; the chance of a false alarm is the same for
    /// every one that is made beforehand.
    pub deviation: f64,
}

impl Mixture {
    /// The always-valid p-value of one moment; 1 where nothing is known. That of an experiment is the least so far.
    pub fn p_value(self, estimate: &Estimate) -> f64 {
        let (spread, variance) = (self.deviation * self.deviation, estimate.variance);
        if variance <= 0.0 {
            return 1.0;
        }
        let exponent =
            spread * estimate.value * estimate.value / (2.0 * variance * (variance + spread));
        (((variance + spread) / variance).sqrt() * (-exponent).exp()).min(1.0)
    }

    /// The effects whose p-value at this moment is above `alpha`: with a chance of at least `1 - alpha` the true one is
    /// among them at every moment.
    pub fn interval(self, estimate: &Estimate, alpha: f64) -> Interval {
        let half = self.half_width(estimate.variance, alpha);
        Interval { low: estimate.value - half, high: estimate.value + half }
    }

    /// Half the width of [`Mixture::interval`].
    pub(crate) fn half_width(self, variance: f64, alpha: f64) -> f64 {
        let spread = self.deviation * self.deviation;
        let total = variance + spread;
        let log = ((total / variance).sqrt() / alpha).ln();
        (2.0 * variance * total / spread * log).sqrt()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_ends_where_the_p_value_is_alpha() {
        let mixture = Mixture { deviation: 0.05 };
        for variance in [1e-6, 1e-4, 1e-2] {
            let half = mixture.half_width(variance, 0.01);
            let at_the_end = mixture.p_value(&Estimate { value: half, variance });
            assert!((at_the_end - 0.01).abs() < 1e-9, "{variance}: {at_the_end}");
        }
    }

    /// Worked by hand: variance and spread 1, estimate 2: sqrt(2) · exp(-4 / 4) = 0.5203.
    #[test]
    fn the_p_value_is_that_of_the_formula() {
        let mixture = Mixture { deviation: 1.0 };
        let found = mixture.p_value(&Estimate { value: 2.0, variance: 1.0 });
        assert!((found - 0.520_260_1).abs() < 1e-6, "{found}");
        assert!((mixture.p_value(&Estimate { value: 0.0, variance: 1.0 }) - 1.0).abs() < 1e-12);
        assert!((mixture.p_value(&Estimate { value: 5.0, variance: 0.0 }) - 1.0).abs() < 1e-12);
    }

    /// The definition: the likelihood ratio averaged over effects, by a sum over a fine grid.
    #[test]
    fn the_mixture_is_the_average_over_effects() {
        let (estimate, deviation) = (Estimate { value: 0.07, variance: 0.0009 }, 0.05_f64);
        let likelihood = |effect: f64| {
            let distance = estimate.value - effect;
            (-distance * distance / (2.0 * estimate.variance)).exp()
        };
        let mut average = 0.0;
        let step = 1e-5;
        for at in -50_000..50_000 {
            let effect = f64::from(at) * step;
            let density = (-effect * effect / (2.0 * deviation * deviation)).exp()
                / (deviation * (2.0 * std::f64::consts::PI).sqrt());
            average += likelihood(effect) / likelihood(0.0) * density * step;
        }
        let found = Mixture { deviation }.p_value(&estimate);
        assert!((found * average - 1.0).abs() < 1e-6, "{found}, {average}");
    }
}
