//! Ratios of sums over independent units, and how sure they are.

/// Sums over units: visitors, or impressions where visitors are not told apart. Of each unit `x` is what the rate divides
/// by and `y` what it counts.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Moments {
    /// Number of units.
    pub n: f64,
    /// Units of which `y` is not 0.
    pub n_hits: f64,
    /// Sum of `x`.
    pub x: f64,
    /// Sum of `y`.
    pub y: f64,
    /// Sum of squares of `x`.
    pub xx: f64,
    /// Sum of squares of `y`.
    pub yy: f64,
    /// Sum of products.
    pub xy: f64,
}

/// A rate with the variance of its estimate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// The sum of `y` over the sum of `x`; 0 when that is 0.
    pub value: f64,
    /// Its variance.
    pub variance: f64,
}

impl Moments {
    /// Adds a unit.
    pub fn add(&mut self, x: f64, y: f64) {
        self.weigh(x, y, 1.0);
    }

    /// Puts another value of a unit in place of the one that was added.
    pub fn replace(&mut self, old: (f64, f64), new: (f64, f64)) {
        self.weigh(old.0, old.1, -1.0);
        self.weigh(new.0, new.1, 1.0);
    }

    fn weigh(&mut self, x: f64, y: f64, sign: f64) {
        self.n += sign;
        self.n_hits += if y == 0.0 { 0.0 } else { sign };
        self.x += sign * x;
        self.y += sign * y;
        self.xx += sign * x * x;
        self.yy += sign * y * y;
        self.xy += sign * x * y;
    }

    /// The ratio of sums with its variance by the delta method (Deng, Knoblich and Lu, "Applying the delta method in metric
    /// analytics: a practical guide with novel ideas", KDD 2018, section 3): the mean square of `y - rate · x` over the
    /// units, divided by their number and the squared mean of `x`. Where each `x` is 1 that is the variance of a mean.
    pub fn rate(&self) -> Rate {
        if self.x <= 0.0 {
            return Rate { value: 0.0, variance: 0.0 };
        }
        let value = self.y / self.x;
        let squares = self.yy - 2.0 * value * self.xy + value * value * self.xx;
        let freedom = (self.n - 1.0).max(1.0);
        let variance = (squares * self.n / freedom).max(0.0) / (self.x * self.x);
        Rate { value, variance }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(units: &[(f64, f64)]) -> Moments {
        let mut moments = Moments::default();
        for &(x, y) in units {
            moments.add(x, y);
        }
        moments
    }

    #[test]
    fn of_ones_the_rate_is_a_mean_with_the_variance_of_a_mean() {
        let found = of(&[(1.0, 2.0), (1.0, 4.0), (1.0, 9.0)]).rate();
        // The mean is 5, the sample variance (9 + 1 + 16) / 2 = 13, and a third of it that of the mean.
        assert!((found.value - 5.0).abs() < 1e-12 && (found.variance - 13.0 / 3.0).abs() < 1e-12);
    }

    /// The naive way: resample the units and look at the spread of their ratio.
    #[test]
    fn the_delta_method_agrees_with_a_bootstrap() {
        let mut state = 1_u64;
        let mut below = |limit: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % limit
        };
        let units: Vec<(f64, f64)> = (0..2_000)
            .map(|_| {
                let x = 1 + u32::try_from(below(9)).unwrap();
                let y = (0..x).filter(|_| below(5) == 0).count();
                (f64::from(x), f64::from(u32::try_from(y * y).unwrap()))
            })
            .collect();
        let ratios: Vec<f64> = (0..2_000)
            .map(|_| {
                let drawn = (0..units.len()).map(|_| units[usize::try_from(below(2_000)).unwrap()]);
                of(&drawn.collect::<Vec<_>>()).rate().value
            })
            .collect();
        let mean = ratios.iter().sum::<f64>() / 2_000.0;
        let variance = ratios.iter().map(|ratio| (ratio - mean).powi(2)).sum::<f64>() / 2_000.0;
        let found = of(&units).rate();
        assert!((found.variance / variance - 1.0).abs() < 0.1, "{found:?}, {variance}");
    }

    #[test]
    fn replacing_a_unit_is_like_having_added_the_other() {
        let mut found = of(&[(1.0, 0.0), (2.0, 3.0)]);
        found.replace((1.0, 0.0), (4.0, 1.0));
        assert_eq!(found, of(&[(4.0, 1.0), (2.0, 3.0)]));
        assert_eq!(Moments::default().rate(), Rate { value: 0.0, variance: 0.0 });
    }
}
