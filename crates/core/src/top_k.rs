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

    /// Whether [`Scored::best_first`] is less, without branches.
    #[expect(clippy::needless_bitwise_bool, reason = "which of two is better, nothing predicts")]
    pub(crate) fn is_before(&self, other: &Scored) -> bool {
        (self.score > other.score) | (self.score == other.score) & (self.item < other.item)
    }
}

/// The `k` best items, best first. Equal scores: lower [`ItemIdx`] first. Each item at most once in `candidates`.
pub fn top_k(candidates: impl Iterator<Item = Scored>, k: usize) -> Vec<Scored> {
    let mut best = Best { kept: Vec::with_capacity(k), k, least: 0 };
    let judge = Judge { judged: &|candidate| candidate.score, may_show: &|_| true };
    best.add(&candidates.collect::<Vec<_>>(), 1, &judge);
    sort(&mut best.kept);
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

/// What candidates are asked: what takes the place of a score, and whether the item may be shown. The first is asked
/// first, because most candidates lose by it.
pub(crate) struct Judge<'j> {
    pub(crate) judged: &'j dyn Fn(Scored) -> u64,
    pub(crate) may_show: &'j dyn Fn(ItemIdx) -> bool,
}

/// The best so far, in no order, and up to as many that may be among them. Most candidates lose one comparison, few are
/// judged, and those that stay wait until it pays to part the best from the others.
#[derive(Debug)]
pub(crate) struct Best {
    /// Fewer than twice `k`, of which those that are not among the `k` best are still to be left out.
    pub(crate) kept: Vec<Judged>,
    /// At most so many.
    pub(crate) k: usize,
    /// The smallest score that is still of use.
    pub(crate) least: u64,
}

impl Best {
    /// Adds candidates that the judge makes at most `ceiling` times as good as they are.
    pub(crate) fn add(&mut self, candidates: &[Scored], ceiling: u64, judge: &Judge<'_>) {
        for candidate in candidates {
            if candidate.score.saturating_mul(ceiling) < self.least || self.k == 0 {
                continue;
            }
            let scored = Scored { score: (judge.judged)(*candidate), ..*candidate };
            if scored.score < self.least || !(judge.may_show)(scored.item) {
                continue;
            }
            self.kept.push(Judged { scored, base: candidate.score });
            if self.kept.len() == 2 * self.k {
                self.part();
            }
        }
        self.part();
    }

    /// Leaves out all but the `k` best. From now on a candidate must reach the last of them.
    fn part(&mut self) {
        if self.kept.len() < self.k {
            return;
        }
        find(&mut self.kept, self.k);
        self.kept.truncate(self.k);
        let scores = self.kept.iter().map(|kept| kept.scored.score);
        self.least = scores.min().unwrap_or(self.least).max(self.least);
    }

    /// Whether nothing that scores less than this can come in any more.
    pub(crate) fn is_closed_to(&self, score: u64, ceiling: u64) -> bool {
        self.kept.len() == self.k && score.saturating_mul(ceiling) < self.least
    }
}

/// Puts the best first. They are few, and a general sort would cost every shell seven kilobytes.
pub(crate) fn sort(all: &mut [Judged]) {
    for n_sorted in 1..all.len() {
        let mut at = n_sorted;
        while let Some([a, b]) = all.get_mut(at.wrapping_sub(1)..=at) {
            if !b.scored.is_before(&a.scored) {
                break;
            }
            core::mem::swap(a, b);
            at -= 1;
        }
    }
}

/// Moves the `k` best to the front (Hoare, "Algorithm 65: find", CACM 4(7), 1961; parted without branches, after Lomuto).
fn find(all: &mut [Judged], k: usize) {
    let (mut from, mut to) = (0, all.len());
    while from < k && k < to {
        let Some(part) = all.get_mut(from..to) else { return };
        part.swap(0, (to - from) / 2);
        let Some((pivot, others)) = part.split_first_mut() else { return };
        let pivot = pivot.scored;
        let mut n_better = 0;
        for at in 0..others.len() {
            others.swap(at, n_better);
            n_better += usize::from(
                others.get(n_better).is_some_and(|other| other.scored.is_before(&pivot)),
            );
        }
        part.swap(0, n_better);
        let at = from + n_better;
        if k <= at {
            to = at;
        } else {
            from = at + 1;
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
