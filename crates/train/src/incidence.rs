//! Who took what: a sparse binary matrix, by row and by column.

use edgewise_core::ItemIdx;

/// Sets of items by row, and sets of rows by item. Repeats are gone, everything ascends.
pub(crate) struct Incidence {
    items: Compressed,
    rows: Compressed,
}

/// Lists behind one another, with where each begins.
struct Compressed {
    starts: Vec<usize>,
    entries: Vec<u32>,
}

impl Compressed {
    /// From pairs sorted by their first number.
    fn new(n_lists: usize, pairs: &[(u32, u32)]) -> Compressed {
        let mut starts = vec![0; n_lists + 1];
        for pair in pairs {
            starts[pair.0 as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Compressed { starts, entries: pairs.iter().map(|pair| pair.1).collect() }
    }

    fn list(&self, at: usize) -> &[u32] {
        &self.entries[self.starts[at]..self.starts[at + 1]]
    }
}

impl Incidence {
    /// From pairs of row and item in any order, below `n_rows` and `n_items`.
    pub(crate) fn new(n_rows: usize, n_items: usize, mut pairs: Vec<(u32, u32)>) -> Incidence {
        pairs.sort_unstable();
        pairs.dedup();
        let items = Compressed::new(n_rows, &pairs);
        for pair in &mut pairs {
            *pair = (pair.1, pair.0);
        }
        pairs.sort_unstable();
        Incidence { items, rows: Compressed::new(n_items, &pairs) }
    }

    pub(crate) fn n_items(&self) -> usize {
        self.rows.starts.len() - 1
    }

    /// The items of a row, ascending.
    pub(crate) fn items(&self, row: u32) -> &[u32] {
        self.items.list(row as usize)
    }

    /// The rows that hold an item, ascending.
    pub(crate) fn rows(&self, item: ItemIdx) -> &[u32] {
        self.rows.list(item.index())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_directions_agree_and_repeats_are_gone() {
        let incidence = Incidence::new(3, 4, vec![(2, 1), (0, 3), (2, 1), (0, 1), (2, 0)]);
        assert_eq!(incidence.n_items(), 4);
        assert_eq!([0, 1, 2].map(|row| incidence.items(row)), [&[1, 3][..], &[], &[0, 1]]);
        let rows = [0, 1, 2, 3].map(|item| incidence.rows(ItemIdx(item)));
        assert_eq!(rows, [&[2][..], &[0, 2], &[], &[0]]);
    }
}
