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
    let mut best = Best { kept: Vec::with_capacity(k), k, least: 0 };
    best.add(&candidates.collect::<Vec<_>>(), 1, &|candidate| Some(candidate.score));
    best.kept.into_iter().map(|kept| kept.scored).collect()
}

/// A candidate that was judged.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Judged {
    /// With the score that it competes with.
    pub(crate) scored: Scored,
    /// Its score before that.
    pub(crate) base: u64,
}

/// What takes the place of a candidate's score; `None` when it may not be shown.
pub(crate) type Judge<'j> = &'j dyn Fn(Scored) -> Option<u64>;

/// The best so far, sorted: most candidates lose one comparison against its last score, so the cost is close to one
/// comparison per candidate for the small `k` of a page, and few are judged.
#[derive(Debug)]
pub(crate) struct Best {
    /// Best first.
    pub(crate) kept: Vec<Judged>,
    /// At most so many.
    pub(crate) k: usize,
    /// The smallest score that is still of use.
    pub(crate) least: u64,
}

impl Best {
    /// Adds candidates that the judge makes at most `ceiling` times as good as they are.
    pub(crate) fn add(&mut self, candidates: &[Scored], ceiling: u64, judge: Judge<'_>) {
        for candidate in candidates {
            if candidate.score.saturating_mul(ceiling) < self.least || self.k == 0 {
                continue;
            }
            let Some(score) = judge(*candidate).filter(|&score| score >= self.least) else {
                continue;
            };
            let scored = Scored { score, ..*candidate };
            let at = self.kept.partition_point(|kept| kept.scored.best_first(&scored).is_lt());
            if at >= self.k {
                continue;
            }
            self.kept.truncate(self.k - 1);
            self.kept.insert(at, Judged { scored, base: candidate.score });
            // From now on a candidate must reach the last one.
            if let Some(last) = self.kept.get(self.k - 1) {
                self.least = last.scored.score;
            }
        }
    }

    /// Whether nothing that scores less than this can come in any more.
    pub(crate) fn is_closed_to(&self, score: u64, ceiling: u64) -> bool {
        self.kept.len() == self.k && score.saturating_mul(ceiling) < self.least
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
