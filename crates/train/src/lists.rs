//! Lists of weighted items: cutting to the best, and turning targets' sources into items' neighbours.

use edgewise_core::{ItemIdx, WeightedItem};

/// Per source item, the items it leads to, ascending by row, with positive finite weights.
pub type ItemLists = Vec<Vec<WeightedItem>>;

/// What an item model learnt.
#[derive(Clone, Debug, PartialEq)]
pub struct Learnt {
    /// The lists.
    pub by_source: ItemLists,
    /// Ordered pairs that passed every other rule and had too few people behind them.
    pub n_removed: u64,
}

impl Learnt {
    /// From the sources of each target, and what was removed for it.
    pub(crate) fn from_targets(
        targets: impl IntoIterator<Item = (Vec<WeightedItem>, u64)>,
    ) -> Learnt {
        let (by_target, removed): (Vec<_>, Vec<u64>) = targets.into_iter().unzip();
        Learnt { by_source: by_source(&by_target), n_removed: removed.iter().sum() }
    }
}

/// Most entries of one packed list; the same number as the format's limit.
pub(crate) const MAX_LIST_ENTRIES: usize = 1_024;

/// What can be the best of its kind.
pub(crate) trait Ranked: Copy {
    /// What it is worth, and the item that decides between equals.
    fn rank(&self) -> (f64, ItemIdx);
}

impl Ranked for WeightedItem {
    #[inline]
    fn rank(&self) -> (f64, ItemIdx) {
        (self.weight, self.item)
    }
}

/// Keeps the `n` entries of most worth; equal ones keep the lower item. Leaves no useful order.
pub(crate) fn keep_best<T: Ranked>(list: &mut Vec<T>, n: usize) {
    if list.len() > n {
        list.select_nth_unstable_by(n, |a, b| {
            let ((a_worth, a_item), (b_worth, b_item)) = (a.rank(), b.rank());
            b_worth.total_cmp(&a_worth).then(a_item.cmp(&b_item))
        });
        list.truncate(n);
    }
}

/// The `n` best entries among any number, of which never many more are held. As [`keep_best`] keeps them.
pub(crate) struct Best<'b, T> {
    buffer: &'b mut Vec<T>,
    n: usize,
    /// The least worth that can still be kept.
    floor: f64,
}

impl<'b, T: Ranked> Best<'b, T> {
    /// Uses the memory of `buffer`.
    pub(crate) fn new(buffer: &'b mut Vec<T>, n: usize) -> Best<'b, T> {
        buffer.clear();
        Best { buffer, n, floor: f64::NEG_INFINITY }
    }

    #[inline]
    pub(crate) fn push(&mut self, entry: T) {
        if entry.rank().0 < self.floor {
            return;
        }
        self.buffer.push(entry);
        if self.buffer.len() >= 4 * self.n + 16 {
            keep_best(self.buffer, self.n);
            let worths = self.buffer.iter().map(|entry| entry.rank().0);
            self.floor = worths.fold(f64::INFINITY, f64::min);
        }
    }

    /// What is kept, in no useful order.
    pub(crate) fn kept(self) -> &'b mut [T] {
        keep_best(self.buffer, self.n);
        self.buffer
    }
}

/// From the sources of each target to the targets of each source, ascending by row. A source that leads to more
/// targets than a packed list holds keeps the best.
pub(crate) fn by_source(by_target: &[Vec<WeightedItem>]) -> Vec<Vec<WeightedItem>> {
    let mut n_targets = vec![0; by_target.len()];
    by_target.iter().flatten().for_each(|source| n_targets[source.item.index()] += 1);
    let mut lists: Vec<Vec<WeightedItem>> = n_targets.into_iter().map(Vec::with_capacity).collect();
    for (target, sources) in (0..).map(ItemIdx).zip(by_target) {
        for source in sources {
            lists[source.item.index()].push(WeightedItem { item: target, weight: source.weight });
        }
    }
    for list in &mut lists {
        if list.len() > MAX_LIST_ENTRIES {
            keep_best(list, MAX_LIST_ENTRIES);
            list.sort_unstable_by_key(|entry| entry.item);
        }
    }
    lists
}

/// Divides by the largest weight, so that none is above one.
pub(crate) fn scale(lists: &mut [Vec<WeightedItem>]) {
    let largest = lists.iter().flatten().map(|entry| entry.weight).fold(0.0, f64::max);
    for entry in lists.iter_mut().flatten() {
        entry.weight /= largest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(item: u32, weight: f64) -> WeightedItem {
        WeightedItem { item: ItemIdx(item), weight }
    }

    #[test]
    fn equal_weights_keep_the_lower_item_whatever_the_order() {
        let mut forward = vec![entry(0, 0.5), entry(1, 0.9), entry(2, 0.5), entry(3, 0.5)];
        let mut backward: Vec<_> = forward.iter().copied().rev().collect();
        for list in [&mut forward, &mut backward] {
            keep_best(list, 2);
            list.sort_by_key(|entry| entry.item);
            assert_eq!(*list, [entry(0, 0.5), entry(1, 0.9)]);
        }
    }

    #[test]
    fn the_best_of_a_stream_are_the_best_of_all() {
        let all: Vec<WeightedItem> =
            (0..1_000).map(|at| entry(at * 7 % 1_000, f64::from(at * at % 97))).collect();
        for n in [0, 1, 3, 40, 2_000] {
            let mut expected = all.clone();
            keep_best(&mut expected, n);
            let mut buffer = vec![entry(1, 5.0)];
            let mut best = Best::new(&mut buffer, n);
            for &entry in &all {
                best.push(entry);
            }
            let mut found = best.kept().to_vec();
            for list in [&mut expected, &mut found] {
                list.sort_by_key(|entry| entry.item);
            }
            assert_eq!(found, expected, "{n}");
        }
    }

    #[test]
    fn sources_of_targets_become_targets_of_sources() {
        let by_target = [vec![entry(1, 0.5), entry(2, 0.4)], vec![entry(2, 0.3)], vec![]];
        let expected = [vec![], vec![entry(0, 0.5)], vec![entry(0, 0.4), entry(1, 0.3)]];
        assert_eq!(by_source(&by_target), expected);
    }

    #[test]
    fn a_source_of_very_many_targets_keeps_the_best() {
        let weight = |target: u32| f64::from(target % 97 + 1) / 100.0;
        let by_target: Vec<_> = (0..3_000).map(|target| vec![entry(0, weight(target))]).collect();
        let lists = by_source(&by_target);
        assert_eq!(lists[0].len(), 1_024);
        assert!(lists[0].is_sorted_by_key(|entry| entry.item));
        let least = lists[0].iter().map(|entry| entry.weight).fold(1.0, f64::min);
        let n_better = (0..3_000).filter(|&target| weight(target) > least).count();
        assert!(n_better < 1_024);
    }
}
