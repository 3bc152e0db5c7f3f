//! A share and how sure it is.

use crate::Interval;
use crate::normal::exceeded_with;

/// The score interval of `hits` among `n` (Wilson, "Probable inference, the law of succession, and statistical inference",
/// Journal of the American Statistical Association 22, 1927). It stays within 0 and 1, and holds the true share with a
/// chance of about `1 - alpha` even where hits are few. Of nothing it is everything.
pub fn wilson(hits: f64, n: f64, alpha: f64) -> Interval {
    if n <= 0.0 {
        return Interval { low: 0.0, high: 1.0 };
    }
    let share = (hits / n).clamp(0.0, 1.0);
    let z = exceeded_with(alpha / 2.0);
    let widening = z * z / n;
    let centre = share + widening / 2.0;
    let half = z * (share * (1.0 - share) / n + widening / (4.0 * n)).sqrt();
    let end = |at: f64| (at / (1.0 + widening)).clamp(0.0, 1.0);
    Interval { low: end(centre - half), high: end(centre + half) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 81 of 263: Newcombe, "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17, 1998,
    /// table I, method 3.
    #[test]
    fn the_interval_is_the_published_one() {
        for (hits, n, low, high) in [
            (81.0, 263.0, 0.2553, 0.3662),
            (15.0, 148.0, 0.0624, 0.1605),
            (0.0, 20.0, 0.0, 0.1611),
            (1.0, 29.0, 0.0061, 0.1718),
        ] {
            let found = wilson(hits, n, 0.05);
            assert!((found.low - low).abs() < 5e-5, "{hits} of {n}: {found:?}");
            assert!((found.high - high).abs() < 5e-5, "{hits} of {n}: {found:?}");
        }
        assert_eq!(wilson(0.0, 0.0, 0.05), Interval { low: 0.0, high: 1.0 });
    }
}
