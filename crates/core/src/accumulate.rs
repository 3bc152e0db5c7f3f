//! A sparse sum per item: memory follows the lists that were read, never the catalogue.

use alloc::vec;
use alloc::vec::Vec;

use crate::ids::ItemIdx;
use crate::top_k::Scored;

/// Marks a free slot; no model has this row, because a count of items is a `u32`.
const FREE: u32 = u32::MAX;
/// Slots of a new table: the lists of one item fit without growing.
const FIRST_SLOTS: usize = 256;

/// Open-addressing table from item to sum, with linear probing and at most half of its slots in use.
pub(crate) struct Accumulator {
    slots: Vec<Scored>,
    n_used: usize,
}

impl Accumulator {
    pub(crate) fn new() -> Accumulator {
        Accumulator { slots: free_slots(FIRST_SLOTS), n_used: 0 }
    }

    /// Adds `score` to the item's sum.
    pub(crate) fn add(&mut self, item: ItemIdx, score: u64) {
        if item.0 == FREE {
            return;
        }
        if self.n_used * 2 >= self.slots.len() {
            self.grow();
        }
        if place(&mut self.slots, item, score) {
            self.n_used += 1;
        }
    }

    /// Every item with its sum, in no useful order.
    pub(crate) fn sums(&self) -> impl Iterator<Item = Scored> {
        self.slots.iter().copied().filter(|slot| slot.item.0 != FREE)
    }

    fn grow(&mut self) {
        let mut slots = free_slots(self.slots.len() * 2);
        for slot in self.sums() {
            place(&mut slots, slot.item, slot.score);
        }
        self.slots = slots;
    }
}

fn free_slots(n_slots: usize) -> Vec<Scored> {
    vec![Scored { item: ItemIdx(FREE), score: 0 }; n_slots]
}

/// Adds to the item's slot; true when the slot was free. `slots.len()` is a power of two with a free slot.
fn place(slots: &mut [Scored], item: ItemIdx, score: u64) -> bool {
    let mask = slots.len().wrapping_sub(1);
    // Fibonacci hashing (Knuth, TAOCP 3, 6.4): neighbouring rows spread over the table.
    let mut at = (item.0.wrapping_mul(0x9E37_79B9) >> 8) as usize & mask;
    loop {
        let Some(slot) = slots.get_mut(at) else {
            return false;
        };
        if slot.item == item {
            slot.score += score;
            return false;
        }
        if slot.item.0 == FREE {
            *slot = Scored { item, score };
            return true;
        }
        at = (at + 1) & mask;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeMap;

    #[test]
    fn sums_agree_with_a_map_through_growth() {
        let mut table = Accumulator::new();
        let mut naive = BTreeMap::new();
        for step in 0u32..5_000 {
            let item = step.wrapping_mul(2_654_435_761) % 1_777;
            table.add(ItemIdx(item), u64::from(step));
            *naive.entry(item).or_insert(0) += u64::from(step);
        }
        let found: BTreeMap<u32, u64> = table.sums().map(|s| (s.item.0, s.score)).collect();
        assert_eq!(found, naive);
    }

    #[test]
    fn the_reserved_row_is_ignored() {
        let mut table = Accumulator::new();
        table.add(ItemIdx(u32::MAX), 1);
        assert_eq!(table.sums().count(), 0);
    }
}
