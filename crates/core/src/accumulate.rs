//! A sparse sum per item: memory follows the lists that were read, never the catalogue.

use alloc::vec::Vec;

use crate::ids::ItemIdx;
use crate::top_k::Scored;

/// Slots of an empty table for each list that is going to be read, and in all: lists of usual length fit without
/// growing, which would place every sum again.
const SLOTS_PER_LIST: usize = 128;
const FIRST_SLOTS: core::ops::RangeInclusive<usize> = 256..=16_384;
/// How much larger the next table is. Twice as large would place every sum twice on average.
const GROWTH: usize = 4;

/// Sums behind one another, and an open-addressing table of their places, with linear probing and at most half of its
/// slots in use. Slots are small, so that the table stays in the nearest cache and emptying it is cheap.
#[derive(Clone, Debug, Default)]
pub(crate) struct Accumulator {
    sums: Vec<Scored>,
    /// One more than a sum's place; 0 is free.
    slots: Vec<u32>,
    /// How many of the slots are in use by this query; a power of two.
    n_slots: usize,
}

impl Accumulator {
    /// Forgets every sum, keeps the memory, and makes room for the entries of so many lists.
    pub(crate) fn clear(&mut self, n_lists: usize) {
        self.sums.clear();
        let n_slots = (n_lists * SLOTS_PER_LIST).next_power_of_two();
        self.resize(n_slots.clamp(*FIRST_SLOTS.start(), *FIRST_SLOTS.end()));
    }

    /// Adds `score` to the item's sum. Call [`Accumulator::clear`] before the first one.
    #[inline]
    pub(crate) fn add(&mut self, item: ItemIdx, score: u64) {
        let mask = self.n_slots.wrapping_sub(1);
        let mut at = slot_of(item) & mask;
        while let Some(slot) = self.slots.get_mut(at) {
            match (*slot as usize).checked_sub(1).and_then(|place| self.sums.get_mut(place)) {
                // Wraps for damaged models only: `Scoring` bounds what others sum to.
                Some(sum) if sum.item == item => return sum.score = sum.score.wrapping_add(score),
                Some(_) => at = (at + 1) & mask,
                None => {
                    self.sums.push(Scored { item, score });
                    *slot = number(self.sums.len());
                    if self.sums.len() * 2 > self.n_slots {
                        self.grow();
                    }
                    return;
                }
            }
        }
    }

    /// Raises the sum of an item that has one to at least `score`.
    #[inline]
    pub(crate) fn raise(&mut self, item: ItemIdx, score: u64) {
        let mask = self.n_slots.wrapping_sub(1);
        let mut at = slot_of(item) & mask;
        while let Some(slot) = self.slots.get(at) {
            match (*slot as usize).checked_sub(1).and_then(|place| self.sums.get_mut(place)) {
                Some(sum) if sum.item == item => return sum.score = sum.score.max(score),
                Some(_) => at = (at + 1) & mask,
                None => return,
            }
        }
    }

    /// Every item with its sum, in the order in which they came.
    pub(crate) fn sums(&self) -> &[Scored] {
        &self.sums
    }

    #[cold]
    fn grow(&mut self) {
        self.resize(self.n_slots * GROWTH);
        let mask = self.n_slots - 1;
        for (place, sum) in self.sums.iter().enumerate() {
            let mut at = slot_of(sum.item) & mask;
            while self.slots.get(at).is_some_and(|slot| *slot != 0) {
                at = (at + 1) & mask;
            }
            if let Some(slot) = self.slots.get_mut(at) {
                *slot = number(place + 1);
            }
        }
    }

    /// Frees the first `n_slots` slots.
    fn resize(&mut self, n_slots: usize) {
        if self.slots.len() < n_slots {
            self.slots.resize(n_slots, 0);
        }
        if let Some(slots) = self.slots.get_mut(..n_slots) {
            slots.fill(0);
        }
        self.n_slots = n_slots;
    }
}

/// Fibonacci hashing (Knuth, TAOCP 3, 6.4): neighbouring rows spread over the table.
fn slot_of(item: ItemIdx) -> usize {
    (item.0.wrapping_mul(0x9E37_79B9) >> 8) as usize
}

fn number(place: usize) -> u32 {
    // Cannot fail: there are at most as many sums as rows.
    u32::try_from(place).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeMap;

    #[test]
    fn sums_agree_with_a_map_through_growth_and_after_it() {
        let mut table = Accumulator::default();
        for n_steps in [5_000u32, 3, 0, 5_000] {
            table.clear(1);
            let mut naive = BTreeMap::new();
            for step in 0..n_steps {
                let item = step.wrapping_mul(2_654_435_761) % 1_777;
                table.add(ItemIdx(item), u64::from(step));
                *naive.entry(item).or_insert(0) += u64::from(step);
            }
            let sums = table.sums().iter();
            let found: BTreeMap<u32, u64> = sums.map(|s| (s.item.0, s.score)).collect();
            assert_eq!(found.len(), table.sums().len(), "an item twice");
            assert_eq!(found, naive);
        }
    }
}
