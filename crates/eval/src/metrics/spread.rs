//! What a ranking does to the catalogue: how much of it is shown, how alike, how well known.

use edgewise_core::ItemIdx;

/// The share of the catalogue that is recommended to anyone at all; `counts[i]` says how often item `i` was.
/// 0 for an empty catalogue.
pub fn coverage(counts: &[u64]) -> f64 {
    if counts.is_empty() {
        return 0.0;
    }
    real_len(counts.iter().filter(|&&count| count > 0).count()) / real_len(counts.len())
}

/// One minus the mean similarity of the pairs of a list (Ziegler et al., "Improving recommendation lists through topic
/// diversification", WWW 2005, as a mean and turned round). `None` for a list of fewer than two items.
///
/// `similarity` is symmetric and in `0.0..=1.0`, so this is too.
pub fn diversity(list: &[ItemIdx], similarity: impl Fn(ItemIdx, ItemIdx) -> f64) -> Option<f64> {
    let pairs =
        list.iter().enumerate().flat_map(|(at, &a)| list[..at].iter().map(move |&b| (a, b)));
    let (sum, n_pairs) =
        pairs.fold((0.0, 0_usize), |(sum, n), (a, b)| (sum + similarity(a, b), n + 1));
    (n_pairs > 0).then(|| 1.0 - sum / real_len(n_pairs))
}

/// The mean of `-log2 p(i)` over a list, in bits (Vargas & Castells, "Rank and relevance in novelty and diversity
/// metrics for recommender systems", ACM conference on recommender systems, 2011), where `p(i)` is the item's share of all that was taken.
///
/// `taken[i]` says how often item `i` was. An item that nobody took counts as if half a person had, so that it is the
/// most novel and still a number. `None` for an empty list or an empty log.
pub fn novelty(list: &[ItemIdx], taken: &[u64]) -> Option<f64> {
    let total: u64 = taken.iter().sum();
    if list.is_empty() || total == 0 {
        return None;
    }
    let bits = |item: &ItemIdx| {
        let count = taken.get(item.index()).copied().unwrap_or(0);
        let count = if count == 0 { 0.5 } else { real(count) };
        -libm::log2(count / real(total))
    };
    Some(list.iter().map(bits).sum::<f64>() / real_len(list.len()))
}

/// How unevenly recommendations fall on the catalogue: 0 when every item gets as many, near 1 when one gets all.
///
/// The Gini coefficient of `counts`, one per item of the catalogue: with the counts ascending and `j` from 1,
/// `sum((2 j - n - 1) count_j) / (n sum(count_j))`. 0 when nothing was recommended.
pub fn gini(counts: &[u64]) -> f64 {
    let total: u64 = counts.iter().sum();
    if total == 0 {
        return 0.0;
    }
    let mut ascending = counts.to_vec();
    ascending.sort_unstable();
    let n = real_len(counts.len());
    let weighed =
        ascending.iter().zip(1..).map(|(&count, j)| (2.0 * real(j) - n - 1.0) * real(count));
    weighed.sum::<f64>() / (n * real(total))
}

/// The share of recommendations that fall on the head: the 20 % of the catalogue that was taken most, at least one item.
///
/// Equally popular items: lower row first. 0 when nothing was recommended.
pub fn head_share(counts: &[u64], taken: &[u64]) -> f64 {
    let total: u64 = counts.iter().sum();
    if total == 0 {
        return 0.0;
    }
    let mut by_popularity: Vec<usize> = (0..counts.len()).collect();
    by_popularity.sort_by_key(|&item| std::cmp::Reverse(taken.get(item).copied().unwrap_or(0)));
    let n_head = (counts.len() / 5).max(1);
    let of_head: u64 = by_popularity.iter().take(n_head).map(|&item| counts[item]).sum();
    real(of_head) / real(total)
}

#[expect(clippy::cast_precision_loss, reason = "counts of interactions are far below 2^53")]
fn real(count: u64) -> f64 {
    count as f64
}

#[expect(clippy::cast_precision_loss, reason = "lengths are far below 2^53")]
fn real_len(len: usize) -> f64 {
    len as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(rows: &[u32]) -> Vec<ItemIdx> {
        rows.iter().copied().map(ItemIdx).collect()
    }

    #[test]
    fn coverage_counts_items_not_recommendations() {
        assert_eq!(coverage(&[7, 0, 1, 0]).to_bits(), 0.5_f64.to_bits());
        assert_eq!(coverage(&[]).to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn diversity_is_one_minus_the_mean_of_all_pairs() {
        // Pairs (0, 1), (0, 2) and (1, 2) are alike by 0.6, 0.0 and 0.3: the mean is 0.3.
        let similarity = |a: ItemIdx, b: ItemIdx| match a.0 + b.0 {
            1 => 0.6,
            2 => 0.0,
            _ => 0.3,
        };
        let found = diversity(&items(&[0, 1, 2]), similarity).expect("three items");
        assert!((found - 0.7).abs() < 1e-12);
        assert_eq!(diversity(&items(&[0]), similarity), None);
    }

    #[test]
    fn novelty_is_measured_in_bits() {
        // Shares 1/2 and 1/8 are 1 and 3 bits; an item nobody took counts as 1/16: 4 bits.
        let taken = [4, 1, 3, 0];
        assert_eq!(novelty(&items(&[0, 1]), &taken), Some(2.0));
        assert_eq!(novelty(&items(&[3]), &taken), Some(4.0));
        assert_eq!(novelty(&[], &taken), None);
        assert_eq!(novelty(&items(&[0]), &[0]), None);
    }

    #[test]
    fn gini_goes_from_even_to_one_item_has_all() {
        assert!((gini(&[3, 3, 3, 3]) - 0.0).abs() < 1e-12);
        assert!((gini(&[0, 0, 8, 0]) - 0.75).abs() < 1e-12);
        // Ascending 1, 2, 3, 4: (-3 - 2 + 3 + 12) / (4 * 10).
        assert!((gini(&[4, 1, 3, 2]) - 0.25).abs() < 1e-12);
        assert!((gini(&[0, 0]) - 0.0).abs() < 1e-12);
    }

    #[test]
    fn the_head_is_a_fifth_of_the_catalogue() {
        // Items 1 and 4 of ten were taken most, and got 6 of the 10 recommendations.
        let taken = [0, 9, 1, 1, 8, 1, 1, 1, 1, 1];
        let counts = [4, 5, 0, 0, 1, 0, 0, 0, 0, 0];
        assert!((head_share(&counts, &taken) - 0.6).abs() < 1e-12);
        assert!((head_share(&[2, 6], &[1, 5]) - 0.75).abs() < 1e-12, "at least one item");
        assert!((head_share(&[0, 0], &[1, 5]) - 0.0).abs() < 1e-12);
    }
}
