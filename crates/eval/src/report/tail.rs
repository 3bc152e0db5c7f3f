//! How far recommendations reach beyond the best sellers.

/// The share of recommendations that fall on the most popular 0 %, 1 %, … 100 % of the catalogue: 101 values from 0 to 1.
///
/// `counts[i]` and `taken[i]` say how often item `i` was recommended and taken. All zero when nothing was recommended.
pub fn tail(counts: &[u64], taken: &[u64]) -> Vec<f64> {
    let mut by_popularity: Vec<usize> = (0..counts.len()).collect();
    by_popularity.sort_by_key(|&item| std::cmp::Reverse(taken.get(item).copied().unwrap_or(0)));
    let total: u64 = counts.iter().sum();
    let mut sums = vec![0_u64];
    for item in by_popularity {
        sums.push(sums.last().copied().unwrap_or(0) + counts[item]);
    }
    let share = |percent: usize| {
        #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
        let ratio = sums[counts.len() * percent / 100] as f64 / total.max(1) as f64;
        ratio
    };
    (0..=100).map(share).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_rises_from_nothing_to_everything() {
        let found = tail(&[1, 6, 1, 0], &[5, 9, 5, 1]);
        assert_eq!(found.len(), 101);
        for (percent, expected) in [(0, 0.0), (24, 0.0), (25, 0.75), (50, 0.875), (100, 1.0)] {
            assert!((found[percent] - expected).abs() < 1e-12, "{percent} %: {}", found[percent]);
        }
        assert_eq!(tail(&[0, 0], &[1, 1])[100].to_bits(), 0.0_f64.to_bits());
    }
}
