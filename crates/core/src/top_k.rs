//! The `k` best of many candidates, in the one order that all results have.

use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::ids::ItemIdx;

/// A candidate with its score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scored {
    /// The item.
    pub item: ItemIdx,
    /// Its score; larger is better.
    pub score: u64,
}

impl Scored {
    /// Best first: score descending, then item ascending. Total, because an item is a candidate once.
    pub fn best_first(&self, other: &Scored) -> Ordering {
        other.score.cmp(&self.score).then(self.item.cmp(&other.item))
    }
}

/// The `k` best items, best first. Equal scores: lower [`ItemIdx`] first. Each item at most once in `candidates`.
pub fn top_k(candidates: impl Iterator<Item = Scored>, k: usize) -> Vec<Scored> {
    let mut best = Vec::with_capacity(k);
    best_of(&candidates.collect::<Vec<_>>(), Cut { k, least: 0 }, &|_| true, &mut best);
    best
}

/// Which candidates are kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut {
    /// At most so many.
    pub(crate) k: usize,
    /// The smallest score.
    pub(crate) least: u64,
}

/// The same of those that may be shown, into `best`.
///
/// Keeps a sorted list of the best so far: most candidates lose one comparison against its last score, so the cost is
/// close to one comparison per candidate for the small `k` of a page, and few are asked whether they may be shown.
pub(crate) fn best_of(
    candidates: &[Scored],
    Cut { k, mut least }: Cut,
    may_show: &dyn Fn(ItemIdx) -> bool,
    best: &mut Vec<Scored>,
) {
    best.clear();
    for candidate in candidates {
        if candidate.score < least || k == 0 {
            continue;
        }
        let at = best.partition_point(|kept| kept.best_first(candidate).is_lt());
        if at >= k || !may_show(candidate.item) {
            continue;
        }
        best.truncate(k - 1);
        best.insert(at, *candidate);
        // From now on a candidate must reach the last one.
        if let Some(last) = best.get(k - 1) {
            least = last.score;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A full sort by the documented order.
    fn naive(mut candidates: Vec<Scored>, k: usize) -> Vec<Scored> {
        candidates.sort_by(|a, b| (b.score, a.item).cmp(&(a.score, b.item)));
        candidates.truncate(k);
        candidates
    }

    #[test]
    fn agrees_with_a_full_sort_whatever_the_order_of_candidates() {
        for n in 0u32..40 {
            let candidates: Vec<Scored> = (0..n)
                .map(|i| Scored {
                    item: ItemIdx(i * 7 % n.max(1)),
                    score: u64::from(1 + i * i % 5),
                })
                .collect();
            let mut unique = candidates.clone();
            unique.sort_by_key(|scored| scored.item);
            unique.dedup_by_key(|scored| scored.item);
            for k in 0..12 {
                let mut reversed = unique.clone();
                reversed.reverse();
                let expected = naive(unique.clone(), k);
                assert_eq!(top_k(unique.iter().copied(), k), expected);
                assert_eq!(top_k(reversed.into_iter(), k), expected);
            }
        }
    }
}
