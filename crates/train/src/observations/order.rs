//! The order of rows: by the contents of their persons' rows, then by their own.

use std::cmp::Ordering;

use rayon::prelude::*;

use super::{Draft, NOBODY};

/// The rows in their order, and whether behind each stands a person of its own. Rows of one person become neighbours;
/// among equal persons those who are known come first.
pub(super) fn canonical(draft: &Draft) -> (Vec<u32>, bool) {
    // Cannot fail: rows are people or baskets, which `u32` numbers.
    let n_rows = u32::try_from(draft.persons.len()).unwrap_or(u32::MAX);
    let mut rows: Vec<(u64, u32)> =
        (0..n_rows).map(|row| (draft.beginning(row as usize), row)).collect();
    let by_contents = |a: &(u64, u32), b: &(u64, u32)| {
        a.0.cmp(&b.0).then_with(|| draft.compare(a.1 as usize, b.1 as usize))
    };
    let person = |row: &(u64, u32)| draft.persons[row.1 as usize];
    let persons_ascend = draft.persons.windows(2).all(|pair| pair[0] < pair[1]);
    let repeats = |a: &(u64, u32), b: &(u64, u32)| person(a) == person(b) && person(a) != NOBODY;
    if !persons_ascend {
        rows.par_sort_by(|a, b| person(a).cmp(&person(b)).then_with(|| by_contents(a, b)));
    }
    let is_told = |row: &(u64, u32)| person(row) != NOBODY;
    if persons_ascend || !rows.windows(2).any(|pair| repeats(&pair[0], &pair[1])) {
        rows.par_sort_by(|a, b| by_contents(a, b).then_with(|| is_told(b).cmp(&is_told(a))));
        let rows_are_people = rows.par_iter().all(is_told);
        return (rows.into_iter().map(|row| row.1).collect(), rows_are_people);
    }
    let mut groups: Vec<&[(u64, u32)]> = rows.chunk_by(repeats).collect();
    groups.par_sort_by(|a, b| {
        let mut contents = a.iter().zip(*b).map(|(a, b)| by_contents(a, b));
        let first = contents.find(|order| order.is_ne()).unwrap_or(Ordering::Equal);
        let tie = || a.len().cmp(&b.len()).then_with(|| is_told(&b[0]).cmp(&is_told(&a[0])));
        first.then_with(tie)
    });
    (groups.into_iter().flatten().map(|row| row.1).collect(), false)
}

impl Draft {
    fn cells(&self, row: usize) -> impl Iterator<Item = (u32, u32)> + '_ {
        let range = self.starts[row]..self.starts[row + 1];
        range.map(|at| (self.items[at], self.weights.as_ref().map_or(0, |w| w[at].to_bits())))
    }

    /// What rows are compared by first, as one number: two items where weights are all one, else one cell. An item
    /// counts one more than its number, so that an absent one comes first.
    fn beginning(&self, row: usize) -> u64 {
        let mut cells = self.cells(row).map(|(item, weight)| (u64::from(item) + 1, weight));
        let (item, weight) = cells.next().unwrap_or((0, 0));
        let then = match self.weights {
            None => cells.next().map_or(0, |(item, _)| item),
            Some(_) => u64::from(weight),
        };
        item << 32 | then
    }

    fn compare(&self, a: usize, b: usize) -> Ordering {
        self.cells(a).cmp(self.cells(b))
    }
}
