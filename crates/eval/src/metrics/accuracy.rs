//! How well a ranking finds what the visitor took.

use edgewise_core::ItemIdx;

/// The items that were taken, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Truth {
    items: Vec<ItemIdx>,
}

impl Truth {
    /// From the relevant items in any order; `None` when there are none, for then no metric is defined.
    pub fn new(relevant: &[ItemIdx]) -> Option<Truth> {
        let mut items = relevant.to_vec();
        items.sort_unstable();
        items.dedup();
        if items.is_empty() { None } else { Some(Truth { items }) }
    }

    /// Number of distinct relevant items; at least one.
    pub fn n_items(&self) -> usize {
        self.items.len()
    }

    /// Whether the item was taken.
    pub fn contains(&self, item: ItemIdx) -> bool {
        self.items.binary_search(&item).is_ok()
    }

    /// The places of `ranked`, counted from 0, that hold a relevant item for the first time.
    fn hits(&self, ranked: &[ItemIdx]) -> Vec<usize> {
        let is_hit = |&place: &usize| {
            self.contains(ranked[place]) && !ranked[..place].contains(&ranked[place])
        };
        (0..ranked.len()).filter(is_hit).collect()
    }
}

/// A metric of one ranking against one truth, cut at `k`. All are in `0.0..=1.0`, and more is better.
///
/// A ranking shorter than `k` is taken as it is: its missing places are misses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Metric {
    /// Hits over the number of relevant items.
    Recall,
    /// Hits over `k`.
    Precision,
    /// Discounted cumulative gain with binary gains over that of the best possible ranking (Järvelin & Kekäläinen,
    /// "Cumulated gain-based evaluation of IR techniques", TOIS 20(4), 2002; with the discount `1 / log2(rank + 1)`).
    Ndcg,
    /// Average precision: the precision at each hit, summed, over `min(relevant, k)`.
    AveragePrecision,
    /// 1 when at least one relevant item is there.
    HitRate,
    /// One over the rank of the first hit, 0 without one.
    ReciprocalRank,
}

impl Metric {
    /// Every metric.
    pub const ALL: [Metric; 6] = [
        Metric::Recall,
        Metric::Precision,
        Metric::Ndcg,
        Metric::AveragePrecision,
        Metric::HitRate,
        Metric::ReciprocalRank,
    ];

    /// What its mean over cases is called.
    pub const fn name(self) -> &'static str {
        match self {
            Metric::Recall => "Recall",
            Metric::Precision => "Precision",
            Metric::Ndcg => "NDCG",
            Metric::AveragePrecision => "MAP",
            Metric::HitRate => "HR",
            Metric::ReciprocalRank => "MRR",
        }
    }

    /// The metric of the first `k` places of `ranked`. For `k = 0` nothing is found.
    pub fn at(self, ranked: &[ItemIdx], truth: &Truth, k: usize) -> f64 {
        if k == 0 {
            return 0.0;
        }
        let hits = truth.hits(&ranked[..ranked.len().min(k)]);
        let n_best = truth.n_items().min(k);
        match self {
            Metric::Recall => ratio(hits.len(), truth.n_items()),
            Metric::Precision => ratio(hits.len(), k),
            Metric::Ndcg => discounted(hits.into_iter()) / discounted(0..n_best),
            Metric::AveragePrecision => {
                let precision = |(n, place): (usize, usize)| ratio(n + 1, place + 1);
                hits.into_iter().enumerate().map(precision).sum::<f64>() / real(n_best)
            }
            Metric::HitRate => f64::from(u8::from(!hits.is_empty())),
            Metric::ReciprocalRank => hits.first().map_or(0.0, |&place| ratio(1, place + 1)),
        }
    }
}

/// The gain of hits at these places, which count from 0.
fn discounted(places: impl Iterator<Item = usize>) -> f64 {
    places.map(|place| 1.0 / libm::log2(real(place + 2))).sum()
}

fn ratio(part: usize, whole: usize) -> f64 {
    real(part) / real(whole)
}

#[expect(clippy::cast_precision_loss, reason = "counts of places and items are far below 2^53")]
fn real(count: usize) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn items(rows: &[u32]) -> Vec<ItemIdx> {
        rows.iter().copied().map(ItemIdx).collect()
    }

    #[track_caller]
    fn check(ranked: &[u32], relevant: &[u32], k: usize, expected: [f64; 6]) {
        let truth = Truth::new(&items(relevant)).expect("a relevant item");
        for (metric, expected) in Metric::ALL.into_iter().zip(expected) {
            let found = metric.at(&items(ranked), &truth, k);
            assert!(
                (found - expected).abs() < 1e-4,
                "{}@{k}: {found}, not {expected}",
                metric.name()
            );
        }
    }

    #[test]
    fn the_worked_example_of_the_document() {
        // Hits at ranks 2 and 4; item 8 is never found.
        let (ranked, relevant) = ([5, 2, 7, 4, 1], [2, 4, 8]);
        check(&ranked, &relevant, 5, [2.0 / 3.0, 0.4, 0.4982, 1.0 / 3.0, 1.0, 0.5]);
        check(&ranked, &relevant, 2, [1.0 / 3.0, 0.5, 0.3869, 0.25, 1.0, 0.5]);
        check(&ranked, &relevant, 1, [0.0; 6]);
    }

    #[test]
    fn a_perfect_ranking_is_worth_one_even_when_k_is_smaller_than_the_truth() {
        check(&[1, 2, 3], &[3, 2, 1], 3, [1.0; 6]);
        check(&[1, 2, 3], &[3, 2, 1, 0], 2, [0.5, 1.0, 1.0, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn missing_places_are_misses() {
        check(&[9], &[9], 10, [1.0, 0.1, 1.0, 1.0, 1.0, 1.0]);
        check(&[], &[9], 10, [0.0; 6]);
        check(&[9], &[9], 0, [0.0; 6]);
    }

    #[test]
    fn repeats_count_once_in_the_truth_and_in_the_ranking() {
        check(&[9, 9], &[9, 9, 8], 2, [0.5, 0.5, 0.6131, 0.5, 1.0, 1.0]);
    }

    #[test]
    fn an_empty_truth_has_no_metric() {
        assert_eq!(Truth::new(&[]), None);
    }
}
