//! Choosing among candidates where results depend on each other: caps, and unlikeness.

use alloc::vec::Vec;

use crate::accumulate::Accumulator;
use crate::ids::{AttributeIdx, ItemIdx};
use crate::model::{Model, Relation, Weighted};
use crate::policy::MAX_STRENGTH;
use crate::top_k::{Judged, Scored};

/// Candidates among which unlikeness chooses: always so many, whatever `k` is, so that `k` only cuts.
pub(crate) const POOL: usize = 200;

/// How often each capped value has been shown.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counts {
    counts: Vec<(AttributeIdx, u32, u32)>,
}

impl Counts {
    pub(crate) fn clear(&mut self) {
        self.counts.clear();
    }

    /// Counts the item, unless a cap of one of its values is reached; whether it was counted.
    pub(crate) fn take<M: Model>(
        &mut self,
        model: &M,
        caps: &[(AttributeIdx, u32)],
        item: ItemIdx,
    ) -> bool {
        let has_room = |&(attribute, cap): &(AttributeIdx, u32)| {
            let value = model.first_value(attribute, item);
            value.is_none_or(|value| self.count(attribute, value) < cap)
        };
        if !caps.iter().all(has_room) {
            return false;
        }
        self.add(model, caps, item);
        true
    }

    /// Counts the item.
    pub(crate) fn add<M: Model>(&mut self, model: &M, caps: &[(AttributeIdx, u32)], item: ItemIdx) {
        for (at, &(attribute, _)) in caps.iter().enumerate() {
            let is_twice = caps.iter().take(at).any(|cap| cap.0 == attribute);
            let Some(value) = model.first_value(attribute, item).filter(|_| !is_twice) else {
                continue;
            };
            match self.counts.iter_mut().find(|count| (count.0, count.1) == (attribute, value)) {
                Some(count) => count.2 += 1,
                None => self.counts.push((attribute, value, 1)),
            }
        }
    }

    fn count(&self, attribute: AttributeIdx, value: u32) -> u32 {
        let found = self.counts.iter().find(|count| (count.0, count.1) == (attribute, value));
        found.map_or(0, |count| count.2)
    }
}

/// The order of a pool by maximal marginal relevance (Carbonell and Goldstein, "The use of MMR, diversity-based
/// reranking", SIGIR 1998): each time the candidate with the largest `(256 - s) * relevance - s * likeness`, where `s`
/// is the strength, relevance is the score as a share of the pool's best, and likeness the largest weight that one of
/// the results so far has for it in its lists, both in 65,535ths. Integers throughout; of equals the better one first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Diversity {
    /// Per candidate of the pool, in the pool's order: its likeness to what was chosen.
    likeness: Accumulator,
    /// The candidates that are left, as places of the pool, and what their relevance gives them.
    left: Vec<(usize, i64)>,
}

impl Diversity {
    /// Begins with a pool, in any order, after results that were chosen from others.
    pub(crate) fn begin<M: Model>(
        &mut self,
        model: &M,
        strength: u32,
        pool: &[Judged],
        chosen: impl Iterator<Item = ItemIdx>,
    ) {
        let rest = i64::from(MAX_STRENGTH.saturating_sub(strength));
        self.likeness.clear(POOL / 100);
        self.left.clear();
        let best = pool.iter().map(|candidate| candidate.scored.score).max().unwrap_or(0).max(1);
        // So that the product stays within 64 bits.
        let shift = (u64::BITS - best.leading_zeros()).saturating_sub(40);
        for (place, candidate) in pool.iter().enumerate() {
            self.likeness.add(candidate.scored.item, 0);
            let relevance = (candidate.scored.score >> shift) * 65_535 / (best >> shift);
            self.left.push((place, rest * relevance.cast_signed()));
        }
        chosen.for_each(|item| self.choose(model, item));
    }

    /// Takes the place of the next candidate of the pool.
    pub(crate) fn next(&mut self, pool: &[Judged], strength: u32) -> Option<usize> {
        let strength = i64::from(strength);
        let scored = |place: usize| pool.get(place).map(|candidate| candidate.scored);
        let (mut best, mut most): (Option<(usize, Scored)>, i64) = (None, i64::MIN);
        let likeness = self.likeness.sums();
        for (at, &(place, relevance)) in self.left.iter().enumerate() {
            let likeness = likeness.get(place).map_or(0, |sum| sum.score);
            let value = relevance - strength * likeness.cast_signed();
            if value < most {
                continue;
            }
            let scored = scored(place)?;
            if value > most || best.is_none_or(|(_, other)| scored.is_before(&other)) {
                (best, most) = (Some((at, scored)), value);
            }
        }
        Some(self.left.swap_remove(best?.0).0)
    }

    /// Makes what is like a result less welcome.
    pub(crate) fn choose<M: Model>(&mut self, model: &M, item: ItemIdx) {
        for relation in [Relation::Similar, Relation::Content] {
            model.neighbours(relation, item).for_each(|Weighted { item, weight }| {
                self.likeness.raise(item, u64::from(weight / 255));
            });
        }
    }
}
