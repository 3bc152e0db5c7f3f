//! How many visitors an experiment needs.

use crate::normal::{above, exceeded_with};
use crate::sequential::Mixture;

/// What is to be found, and how surely.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Plan {
    /// The share of visitors who do it without the change, as 0.03. Above 0 and below 1.
    pub baseline: f64,
    /// The smallest change of that share worth finding, relative to it: 0.05 is from 3 % to 3.15 %. Near 0: more visitors
    /// than any shop has. Not 0, above -1, and such that the changed share stays below 1.
    pub effect: f64,
    /// The chance of finding such an effect. Near 0: nearly none. Near 1: many more visitors. Range 0.5 to 0.999.
    pub power: f64,
    /// The chance of a false alarm in the whole experiment. Near 0: many more visitors. Near 1: alarms mean nothing. Range
    /// 0.000001 to 0.5.
    pub alpha: f64,
    /// Number of variants with the control. `2`: one change. `16`: fifteen, each of which may cause a false alarm, so that
    /// each needs more visitors. Range 2 to 16.
    pub n_variants: u32,
}

impl Default for Plan {
    fn default() -> Plan {
        Plan { baseline: 0.03, effect: 0.05, power: 0.8, alpha: 0.05, n_variants: 2 }
    }
}

/// Visitors per variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SampleSize {
    /// For a test that is looked at once, when so many have come.
    pub one_look: u64,
    /// For the test of [`crate::analyse`], which may be looked at every day. With so many it finds the effect with the power
    /// that was asked for, and mostly earlier.
    pub daily_looks: u64,
}

/// Why no sample size answers a plan.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("`{field}` is `{found}`, expected {expected}")]
pub struct PlanError {
    /// The number that is out of range.
    pub field: &'static str,
    /// Its value.
    pub found: f64,
    /// What it may be.
    pub expected: &'static str,
}

impl Plan {
    /// The visitors that the plan needs.
    ///
    /// # Errors
    /// [`PlanError`] when a number is out of its range.
    pub fn sample_size(&self) -> Result<SampleSize, PlanError> {
        self.check()?;
        Ok(SampleSize { one_look: whole(self.one_look()), daily_looks: whole(self.daily_looks()) })
    }

    /// The level of each comparison with the control: alpha divided by their number (Bonferroni), which holds whatever the
    /// comparisons have in common. They share the control, so that Dunnett's exact correction would need a few percent
    /// fewer visitors.
    pub fn alpha_each(&self) -> f64 {
        self.alpha / f64::from(self.n_variants.max(2) - 1)
    }

    /// Two proportions, two-sided, without continuity correction (Fleiss, Levin and Paik, "Statistical Methods for Rates and
    /// Proportions", 3rd edition, 2003, section 4.2).
    fn one_look(&self) -> f64 {
        let [p, q] = self.shares();
        let mean = f64::midpoint(p, q);
        let under_none =
            exceeded_with(self.alpha_each() / 2.0) * (2.0 * mean * (1.0 - mean)).sqrt();
        let under_effect = exceeded_with(1.0 - self.power) * (p * (1.0 - p) + q * (1.0 - q)).sqrt();
        ((under_none + under_effect) / (q - p)).powi(2)
    }

    /// The number at which the sequential test's interval excludes 0 with the power asked for, by bisection. The chance of
    /// having excluded it before comes on top.
    fn daily_looks(&self) -> f64 {
        let [p, q] = self.shares();
        // The variance of the logarithm of a ratio of two shares, times the visitors per variant.
        let variance_of_one = (1.0 - p) / p + (1.0 - q) / q;
        let (mixture, effect) = (self.mixture(), (1.0 + self.effect).ln().abs());
        let power = |n: f64| {
            let variance = variance_of_one / n;
            above((mixture.half_width(variance, self.alpha_each()) - effect) / variance.sqrt())
        };
        let (mut low, mut high) = (1.0, 1.0);
        while power(high) < self.power {
            (low, high) = (high, 2.0 * high);
        }
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if power(middle) < self.power { low = middle } else { high = middle }
        }
        high
    }

    /// Effects around the one that is planned for, on the scale of logarithms of ratios.
    pub fn mixture(&self) -> Mixture {
        Mixture { deviation: (1.0 + self.effect).ln().abs() }
    }

    fn shares(&self) -> [f64; 2] {
        [self.baseline, self.baseline * (1.0 + self.effect)]
    }

    fn check(&self) -> Result<(), PlanError> {
        let within = |field, found: f64, is_right: bool, expected| {
            if is_right { Ok(()) } else { Err(PlanError { field, found, expected }) }
        };
        let (baseline, effect) = (self.baseline, self.effect);
        let is_share = |share: f64| (1e-6..=1.0 - 1e-6).contains(&share);
        let expected = "a share of `0.000001` to `0.999999`";
        within("baseline", baseline, is_share(baseline), expected)?;
        let is_change = effect.abs() >= 1e-4 && is_share(self.shares()[1]);
        let expected = "a relative change of at least `0.0001` either way, which leaves the share between 0 and 1";
        within("effect", effect, is_change, expected)?;
        let expected = "a chance of `0.5` to `0.999`";
        within("power", self.power, (0.5..=0.999).contains(&self.power), expected)?;
        let expected = "a chance of `0.000001` to `0.5`";
        within("alpha", self.alpha, (1e-6..=0.5).contains(&self.alpha), expected)?;
        let is_right = (2..=16).contains(&self.n_variants);
        within("variants", self.n_variants.into(), is_right, "`2` to `16`")
    }
}

/// The next whole number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "at least 1, far below 2^63"
)]
fn whole(n: f64) -> u64 {
    n.ceil() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(baseline: f64, effect: f64) -> Plan {
        Plan { baseline, effect, ..Plan::default() }
    }

    /// The example of R's `power.prop.test(p1 = .50, p2 = .75, power = .90)`, whose answer is 76.7.
    #[test]
    fn one_look_needs_what_the_formula_says() {
        let of = |plan: Plan| plan.sample_size().map(|size| size.one_look);
        assert_eq!(of(Plan { power: 0.9, ..plan(0.5, 0.5) }), Ok(77));
        assert_eq!(of(plan(0.03, 0.1)), Ok(53_211));
        assert_eq!(of(plan(0.03, 0.05)), Ok(207_938));
    }

    #[test]
    fn more_variants_less_alpha_smaller_effects_and_daily_looks_need_more() {
        let size = |plan: Plan| plan.sample_size().expect("a plan");
        let base = size(plan(0.03, 0.05));
        for harder in [
            Plan { n_variants: 3, ..plan(0.03, 0.05) },
            Plan { alpha: 0.01, ..plan(0.03, 0.05) },
            Plan { power: 0.9, ..plan(0.03, 0.05) },
            plan(0.03, 0.04),
            plan(0.02, 0.05),
        ] {
            let found = size(harder);
            assert!(found.one_look > base.one_look && found.daily_looks > base.daily_looks);
        }
        let percent = 100 * base.daily_looks / base.one_look;
        assert!((150..230).contains(&percent), "{percent}");
    }

    #[test]
    fn what_is_out_of_range_is_named() {
        for (plan, field) in [
            (plan(0.0, 0.05), "baseline"),
            (plan(f64::NAN, 0.05), "baseline"),
            (plan(0.6, 0.7), "effect"),
            (plan(0.6, 0.0), "effect"),
            (Plan { power: 1.0, ..Plan::default() }, "power"),
            (Plan { alpha: 0.0, ..Plan::default() }, "alpha"),
            (Plan { n_variants: 1, ..Plan::default() }, "variants"),
        ] {
            assert_eq!(plan.sample_size().expect_err("refused").field, field);
        }
    }
}
