//! Who took what, and how strongly: the sparse matrix that every item model learns from.
//!
//! A row is whatever a model looks for company in: a person, a basket, a session. Rows are put into an order that
//! depends on their contents alone, never on how a log numbers its users and orders, so that sums of real numbers
//! over rows have the same bits whatever the numbering was. Rows of the same person are neighbours.

use std::borrow::Cow;
use std::cmp::Ordering;

use edgewise_core::ItemIdx;

use crate::neighbourhood::exact;

/// Nobody stands behind a row, or nobody who can be told apart.
const NOBODY: u32 = u32::MAX;

/// One cell of the matrix before it is built.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Observation {
    /// The row, below the number of rows.
    pub row: u32,
    /// The item.
    pub item: ItemIdx,
    /// How strongly; finite. Cells that occur again are summed; a sum of zero is no cell.
    pub weight: f32,
}

/// A sparse matrix of rows by items, with a person behind each row. Cells of a row ascend by item and cells of an
/// item ascend by row.
#[derive(Clone, Debug)]
pub struct Observations {
    by_row: Compressed,
    by_item: Compressed,
    persons: Vec<u32>,
}

/// Cells of one row (then `ids` are items) or of one item (then `ids` are rows), ascending by id.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cells<'o> {
    /// The other coordinate of each cell.
    pub ids: &'o [u32],
    /// The weight of each cell, in the same order.
    pub weights: &'o [f32],
}

impl<'o> Cells<'o> {
    /// Id and weight of each cell.
    pub fn iter(self) -> impl Iterator<Item = (u32, f32)> + 'o {
        self.ids.iter().copied().zip(self.weights.iter().copied())
    }
}

/// Lists behind one another, with where each begins.
#[derive(Clone, Debug)]
struct Compressed {
    starts: Vec<usize>,
    ids: Vec<u32>,
    weights: Vec<f32>,
}

impl Compressed {
    fn with_starts(starts: Vec<usize>) -> Compressed {
        let n_cells = starts.last().copied().unwrap_or(0);
        Compressed { starts, ids: vec![0; n_cells], weights: vec![0.0; n_cells] }
    }

    fn cells(&self, at: usize) -> Cells<'_> {
        let range = self.starts[at]..self.starts[at + 1];
        Cells { ids: &self.ids[range.clone()], weights: &self.weights[range] }
    }
}

impl Observations {
    /// From cells in any order. `persons[row]` says who stands behind a row; rows of `None` teach but count for nobody.
    /// Rows without a cell are left out.
    pub fn new(n_items: usize, persons: &[Option<u32>], cells: Vec<Observation>) -> Observations {
        let cells = summed(cells);
        let rows = in_canonical_order(&cells, persons);
        let starts = starts_of(rows.iter().map(|row| row.cells.len()));
        let mut by_row = Compressed::with_starts(starts);
        let mut n_of_item = vec![0; n_items];
        for (row, start) in rows.iter().zip(&by_row.starts) {
            for (at, cell) in row.cells.iter().enumerate() {
                by_row.ids[start + at] = cell.item.0;
                by_row.weights[start + at] = cell.weight;
                n_of_item[cell.item.index()] += 1;
            }
        }
        let persons = rows.iter().map(|row| row.person).collect();
        let by_item = transposed(&by_row, starts_of(n_of_item.into_iter()));
        Observations { by_row, by_item, persons }
    }

    /// Number of rows with a cell.
    pub fn n_rows(&self) -> usize {
        self.persons.len()
    }

    /// Number of items.
    pub fn n_items(&self) -> usize {
        self.by_item.starts.len() - 1
    }

    /// Number of cells.
    pub fn n_cells(&self) -> usize {
        self.by_row.ids.len()
    }

    /// The items of a row.
    pub fn items(&self, row: u32) -> Cells<'_> {
        self.by_row.cells(row as usize)
    }

    /// The rows of an item.
    pub fn rows(&self, item: ItemIdx) -> Cells<'_> {
        self.by_item.cells(item.index())
    }

    /// Who stands behind a row.
    pub fn person(&self, row: u32) -> Option<u32> {
        Some(self.persons[row as usize]).filter(|&person| person != NOBODY)
    }

    /// The same matrix with every weight multiplied by `factor` of its row, in the same order of rows. Factors are
    /// finite and not zero.
    #[must_use]
    pub fn with_row_factors(&self, factor: impl Fn(u32) -> f32) -> Observations {
        let mut scaled = self.clone();
        for (row, bounds) in (0u32..).zip(self.by_row.starts.windows(2)) {
            let factor = factor(row);
            for weight in &mut scaled.by_row.weights[bounds[0]..bounds[1]] {
                *weight *= factor;
            }
        }
        scaled.by_item = transposed(&scaled.by_row, scaled.by_item.starts);
        scaled
    }

    /// The same matrix with rows that weigh `cells^-exponent` in every sum of products of two weights.
    pub(crate) fn with_row_exponent(&self, exponent: f64) -> Cow<'_, Observations> {
        if exponent == 0.0 {
            return Cow::Borrowed(self);
        }
        Cow::Owned(self.with_row_factors(|row| {
            let n_cells = exact(self.items(row).ids.len());
            #[expect(
                clippy::cast_possible_truncation,
                reason = "weights are kept in single precision"
            )]
            let factor = libm::pow(n_cells, -0.5 * exponent) as f32;
            factor
        }))
    }

    /// Every item.
    pub fn all_items(&self) -> impl Iterator<Item = ItemIdx> + use<> {
        // Cannot fail: items are numbered by `u32`.
        (0..u32::try_from(self.n_items()).unwrap_or(u32::MAX)).map(ItemIdx)
    }
}

/// A row before it has its number.
struct Row<'c> {
    person: u32,
    cells: &'c [Observation],
}

/// One cell per row and item, ascending, without zeros.
fn summed(mut cells: Vec<Observation>) -> Vec<Observation> {
    cells.sort_unstable_by(|a, b| {
        (a.row, a.item).cmp(&(b.row, b.item)).then(a.weight.total_cmp(&b.weight))
    });
    cells.dedup_by(|next, kept| {
        let same = (next.row, next.item) == (kept.row, kept.item);
        if same {
            kept.weight += next.weight;
        }
        same
    });
    cells.retain(|cell| cell.weight != 0.0);
    cells
}

/// The rows by the contents of their persons' rows, then by their own.
fn in_canonical_order<'c>(cells: &'c [Observation], persons: &[Option<u32>]) -> Vec<Row<'c>> {
    let mut rows: Vec<Row<'c>> = cells
        .chunk_by(|a, b| a.row == b.row)
        .map(|cells| Row { person: persons[cells[0].row as usize].unwrap_or(NOBODY), cells })
        .collect();
    rows.sort_by(|a, b| a.person.cmp(&b.person).then_with(|| by_contents(a.cells, b.cells)));
    let mut groups: Vec<Vec<Row<'c>>> = Vec::new();
    for row in rows {
        match groups.last_mut() {
            Some(group) if row.person != NOBODY && group[0].person == row.person => group.push(row),
            _ => groups.push(vec![row]),
        }
    }
    groups.sort_by(|a, b| {
        let (mut left, mut right) = (a.iter(), b.iter());
        loop {
            match (left.next(), right.next()) {
                (Some(left), Some(right)) => match by_contents(left.cells, right.cells) {
                    Ordering::Equal => {}
                    order => return order,
                },
                (left, right) => {
                    let tie = left.is_some().cmp(&right.is_some());
                    return tie.then_with(|| (a[0].person == NOBODY).cmp(&(b[0].person == NOBODY)));
                }
            }
        }
    });
    groups.into_iter().flatten().collect()
}

fn by_contents(a: &[Observation], b: &[Observation]) -> Ordering {
    let key = |cell: &Observation| (cell.item, cell.weight.to_bits());
    a.iter().map(key).cmp(b.iter().map(key))
}

fn starts_of(counts: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut end = 0;
    let ends = counts.map(|count| {
        end += count;
        end
    });
    std::iter::once(0).chain(ends).collect()
}

/// The same cells found by their other coordinate, whose lists begin at `starts`.
fn transposed(by_row: &Compressed, starts: Vec<usize>) -> Compressed {
    let mut next = starts.clone();
    let mut other = Compressed::with_starts(starts);
    for (row, bounds) in (0u32..).zip(by_row.starts.windows(2)) {
        for at in bounds[0]..bounds[1] {
            let slot = &mut next[by_row.ids[at] as usize];
            other.ids[*slot] = row;
            other.weights[*slot] = by_row.weights[at];
            *slot += 1;
        }
    }
    other
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(row: u32, item: u32, weight: f32) -> Observation {
        Observation { row, item: ItemIdx(item), weight }
    }

    #[test]
    fn both_directions_agree_and_repeats_are_summed() {
        let cells = vec![
            cell(2, 1, 1.0),
            cell(0, 3, 1.0),
            cell(2, 1, 0.5),
            cell(0, 1, 1.0),
            cell(2, 0, 1.0),
        ];
        let observations = Observations::new(4, &[Some(7), None, Some(8)], cells);
        assert_eq!((observations.n_rows(), observations.n_cells()), (2, 4));
        let first = Cells { ids: &[0, 1], weights: &[1.0, 1.5] };
        assert_eq!(observations.items(0), first);
        assert_eq!(observations.items(1), Cells { ids: &[1, 3], weights: &[1.0, 1.0] });
        assert_eq!(observations.rows(ItemIdx(1)), Cells { ids: &[0, 1], weights: &[1.5, 1.0] });
        assert_eq!(observations.rows(ItemIdx(2)).ids, [0; 0]);
        assert_eq!([0, 1].map(|row| observations.person(row)), [Some(8), Some(7)]);
    }

    #[test]
    fn the_numbers_of_rows_and_persons_do_not_matter() {
        let cells = [(0, 4), (0, 2), (1, 2), (1, 9), (2, 2), (3, 1), (3, 2), (4, 1), (5, 9)];
        // Persons a and b have two rows each, then a guest, then person c.
        let persons = ["a", "b", "a", "b", "", "c"];
        let number = |name: &str, salt: u32| match name {
            "" => None,
            name => Some((u32::from(name.as_bytes()[0]) * 31) ^ salt),
        };
        let built = |order: [u32; 6], salt: u32| {
            let mut owners = [None; 6];
            for (old, new) in order.iter().enumerate() {
                owners[*new as usize] = number(persons[old], salt);
            }
            let cells = cells.iter().map(|&(row, item)| cell(order[row], item, 1.0)).collect();
            Observations::new(10, &owners, cells)
        };
        let expected = built([0, 1, 2, 3, 4, 5], 0);
        for (order, salt) in [([5, 4, 3, 2, 1, 0], 0), ([2, 0, 1, 5, 3, 4], 77)] {
            let found = built(order, salt);
            for row in 0..6 {
                assert_eq!(found.items(row), expected.items(row));
                assert_eq!(found.person(row).is_some(), expected.person(row).is_some());
            }
        }
        let rows_of: Vec<Option<u32>> = (0..6).map(|row| expected.person(row)).collect();
        let n_changes = rows_of.windows(2).filter(|pair| pair[0] != pair[1]).count();
        assert_eq!(n_changes, 3, "the rows of a person are neighbours: {rows_of:?}");
    }
}
