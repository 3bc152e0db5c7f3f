//! Who took what, and how strongly: the sparse matrix that every item model learns from.
//!
//! A row is whatever a model looks for company in: a person, a basket, a session. Rows are put into an order that
//! depends on their contents alone, never on how a log numbers its users and orders, so that sums of real numbers
//! over rows have the same bits whatever the numbering was. Rows of the same person are neighbours.
//!
//! Memory is eight bytes a cell where every weight of a row is the same, and sixteen where each cell has its own.

mod order;

use std::borrow::Cow;
use std::sync::Arc;

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
    by_row: Arc<Lists>,
    by_item: Arc<Lists>,
    weights: Weights,
    persons: Arc<[u32]>,
    rows_are_people: bool,
}

/// Cells of one row (then `ids` are items) or of one item (then `ids` are rows), ascending by id.
#[derive(Clone, Copy, Debug)]
pub struct Cells<'o> {
    /// The other coordinate of each cell.
    pub ids: &'o [u32],
    weights: CellWeights<'o>,
}

#[derive(Clone, Copy, Debug)]
enum CellWeights<'o> {
    /// Every cell's.
    Same(f32),
    /// By the row that a cell's id names.
    OfRows(&'o [f32]),
    /// In the order of the cells.
    Each(&'o [f32]),
}

impl<'o> Cells<'o> {
    /// Id and weight of each cell.
    #[inline]
    pub fn iter(self) -> impl Iterator<Item = (u32, f32)> + 'o {
        let weight = move |(at, &id): (usize, &u32)| match self.weights {
            CellWeights::Same(weight) => (id, weight),
            CellWeights::OfRows(weights) => (id, weights[id as usize]),
            CellWeights::Each(weights) => (id, weights[at]),
        };
        self.ids.iter().enumerate().map(weight)
    }

    /// The weight of every cell, where they are known to have the same.
    #[inline]
    pub(crate) fn weight(self) -> Option<f32> {
        match self.weights {
            CellWeights::Same(weight) => Some(weight),
            _ => None,
        }
    }
}

/// Lists of ids behind one another, with where each begins.
#[derive(Clone, Debug)]
struct Lists {
    starts: Vec<usize>,
    ids: Vec<u32>,
}

impl Lists {
    fn range(&self, at: usize) -> std::ops::Range<usize> {
        self.starts[at]..self.starts[at + 1]
    }
}

/// Weights of cells, in no more memory than they need.
#[derive(Clone, Debug)]
enum Weights {
    /// One, everywhere.
    Ones,
    /// By row.
    OfRows(Arc<[f32]>),
    /// Of each cell, in the order of the rows and in that of the items.
    Each(Arc<[f32]>, Arc<[f32]>),
}

/// Rows before they are put in order, each ascending by item, none empty.
#[derive(Clone, Debug)]
pub(crate) struct Draft {
    starts: Vec<usize>,
    items: Vec<u32>,
    /// Of each cell; absent while every one is one.
    weights: Option<Vec<f32>>,
    persons: Vec<u32>,
}

impl Draft {
    pub(crate) fn new() -> Draft {
        Draft { starts: vec![0], items: Vec::new(), weights: None, persons: Vec::new() }
    }

    /// A cell of the row that is being made, above all its items so far. A weight of zero is no cell.
    pub(crate) fn push(&mut self, item: ItemIdx, weight: f32) {
        if weight == 0.0 {
            return;
        }
        let is_one = weight.to_bits() == 1.0_f32.to_bits();
        if !is_one && self.weights.is_none() {
            self.weights = Some(vec![1.0; self.items.len()]);
        }
        self.items.push(item.0);
        if let Some(weights) = &mut self.weights {
            weights.push(weight);
        }
    }

    /// Ends the row; one without cells is left out.
    pub(crate) fn end_row(&mut self, person: Option<u32>) {
        if self.starts.last() != Some(&self.items.len()) {
            self.starts.push(self.items.len());
            self.persons.push(person.unwrap_or(NOBODY));
        }
    }
}

impl Observations {
    /// From cells in any order. `persons[row]` says who stands behind a row; rows of `None` teach but count for nobody.
    /// Rows without a cell are left out.
    pub fn new(
        n_items: usize,
        persons: &[Option<u32>],
        mut cells: Vec<Observation>,
    ) -> Observations {
        cells.sort_unstable_by(|a, b| {
            (a.row, a.item).cmp(&(b.row, b.item)).then(a.weight.total_cmp(&b.weight))
        });
        let mut draft = Draft::new();
        for row in cells.chunk_by(|a, b| a.row == b.row) {
            for cell in row.chunk_by(|a, b| a.item == b.item) {
                draft.push(cell[0].item, cell.iter().map(|cell| cell.weight).sum());
            }
            draft.end_row(persons[row[0].row as usize]);
        }
        Observations::of_draft(n_items, draft)
    }

    /// From rows in any order.
    pub(crate) fn of_draft(n_items: usize, draft: Draft) -> Observations {
        let (order, rows_are_people) = order::canonical(&draft);
        let ranges = || order.iter().map(|&row| row as usize);
        let ranges = || ranges().map(|row| draft.starts[row]..draft.starts[row + 1]);
        let mut ids = Vec::with_capacity(draft.items.len());
        ranges().for_each(|range| ids.extend_from_slice(&draft.items[range]));
        let by_row = Lists { starts: starts_of(ranges().map(|range| range.len())), ids };
        let of_rows: Option<Vec<f32>> = draft.weights.as_ref().map(|weights| {
            let mut of_rows = Vec::with_capacity(weights.len());
            ranges().for_each(|range| of_rows.extend_from_slice(&weights[range]));
            of_rows
        });
        let persons = order.iter().map(|&row| draft.persons[row as usize]).collect();
        drop((order, draft));
        let (by_item, of_items) = transposed(&by_row, n_items, of_rows.as_deref());
        let weights = match of_rows {
            Some(of_rows) => Weights::Each(of_rows.into(), of_items.into()),
            None => Weights::Ones,
        };
        let (by_row, by_item) = (Arc::new(by_row), Arc::new(by_item));
        Observations { by_row, by_item, weights, persons, rows_are_people }
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
    #[inline]
    pub fn items(&self, row: u32) -> Cells<'_> {
        let range = self.by_row.range(row as usize);
        let weights = match &self.weights {
            Weights::Ones => CellWeights::Same(1.0),
            Weights::OfRows(weights) => CellWeights::Same(weights[row as usize]),
            Weights::Each(weights, _) => CellWeights::Each(&weights[range.clone()]),
        };
        Cells { ids: &self.by_row.ids[range], weights }
    }

    /// The first item of a row.
    #[inline]
    pub(crate) fn first_item(&self, row: u32) -> u32 {
        self.by_row.ids[self.by_row.starts[row as usize]]
    }

    /// The rows of an item.
    #[inline]
    pub fn rows(&self, item: ItemIdx) -> Cells<'_> {
        let range = self.by_item.range(item.index());
        let weights = match &self.weights {
            Weights::Ones => CellWeights::Same(1.0),
            Weights::OfRows(weights) => CellWeights::OfRows(weights),
            Weights::Each(_, weights) => CellWeights::Each(&weights[range.clone()]),
        };
        Cells { ids: &self.by_item.ids[range], weights }
    }

    /// Who stands behind a row.
    pub fn person(&self, row: u32) -> Option<u32> {
        Some(self.persons[row as usize]).filter(|&person| person != NOBODY)
    }

    /// Whether behind every row stands a person who stands behind no other, so that rows and people are one number.
    pub(crate) fn rows_are_people(&self) -> bool {
        self.rows_are_people
    }

    /// Whether every weight is one, so that sums of products count rows.
    pub(crate) fn is_binary(&self) -> bool {
        matches!(self.weights, Weights::Ones)
    }

    /// The same matrix with every weight multiplied by `factor` of its row, in the same order of rows. Factors are
    /// finite and not zero.
    #[must_use]
    pub fn with_row_factors(&self, factor: impl Fn(u32) -> f32) -> Observations {
        let factors = (0..self.persons.len()).map(|row| {
            // Cannot fail: rows are numbered by `u32`.
            factor(u32::try_from(row).unwrap_or(u32::MAX))
        });
        let weights = match &self.weights {
            Weights::Ones => Weights::OfRows(factors.collect()),
            Weights::OfRows(weights) => {
                Weights::OfRows(weights.iter().zip(factors).map(|(x, factor)| x * factor).collect())
            }
            Weights::Each(of_rows, of_items) => {
                let factors: Vec<f32> = factors.collect();
                let mut of_rows = of_rows.to_vec();
                for (row, factor) in factors.iter().enumerate() {
                    of_rows[self.by_row.range(row)].iter_mut().for_each(|weight| *weight *= factor);
                }
                let rows = self.by_item.ids.iter().map(|&row| factors[row as usize]);
                let of_items = of_items.iter().zip(rows).map(|(x, factor)| x * factor).collect();
                Weights::Each(of_rows.into(), of_items)
            }
        };
        Observations { weights, ..self.clone() }
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

fn starts_of(counts: impl Iterator<Item = usize>) -> Vec<usize> {
    let mut end = 0;
    let ends = counts.map(|count| {
        end += count;
        end
    });
    std::iter::once(0).chain(ends).collect()
}

/// The same cells by item, with their weights where they have any. A counting sort.
fn transposed(by_row: &Lists, n_items: usize, of_rows: Option<&[f32]>) -> (Lists, Vec<f32>) {
    let mut counts = vec![0; n_items];
    by_row.ids.iter().for_each(|&item| counts[item as usize] += 1);
    let starts = starts_of(counts.into_iter());
    let mut next = starts.clone();
    let mut ids = vec![0; by_row.ids.len()];
    let mut of_items = vec![0.0; of_rows.map_or(0, <[f32]>::len)];
    for (row, bounds) in (0u32..).zip(by_row.starts.windows(2)) {
        for at in bounds[0]..bounds[1] {
            let slot = &mut next[by_row.ids[at] as usize];
            ids[*slot] = row;
            if let Some(weights) = of_rows {
                of_items[*slot] = weights[at];
            }
            *slot += 1;
        }
    }
    (Lists { starts, ids }, of_items)
}

#[cfg(test)]
mod tests;
