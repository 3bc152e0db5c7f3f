//! From the numbers of a file to the rows of a catalogue.

use std::collections::HashMap;

use edgewise_core::{Catalog, CatalogItem, ItemIdx};

/// The items of a benchmark.
pub(super) struct Items {
    rows: HashMap<u64, ItemIdx>,
    numbers: Vec<u64>,
}

impl Items {
    /// From every number that names an item, with repeats. Rows ascend by the bytes of the decimal text, as a catalogue's do.
    pub(super) fn new(numbers: impl Iterator<Item = u64>) -> Items {
        let mut numbers: Vec<u64> = numbers.collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.sort_by_cached_key(u64::to_string);
        let rows = numbers.iter().copied().zip((0..).map(ItemIdx)).collect();
        Items { rows, numbers }
    }

    /// The rows of numbers that were all given to [`Items::new`]; others are left out.
    pub(super) fn rows(&self, numbers: &[u64]) -> Vec<ItemIdx> {
        numbers.iter().filter_map(|number| self.rows.get(number).copied()).collect()
    }

    pub(super) fn into_catalog(self) -> Catalog {
        let item = |number: &u64| CatalogItem { id: number.to_string(), ..CatalogItem::default() };
        Catalog { items: self.numbers.iter().map(item).collect(), ..Catalog::default() }
    }
}
