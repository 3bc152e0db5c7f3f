//! Pairs of items that the same rows hold, counted for one target item at a time.
//!
//! For a target, every row that holds it is walked and its other items are tallied in a dense array that is cleared by
//! what was touched (Gustavson, "Two fast algorithms for sparse matrices", TOMS 4(3), 1978, section 3). The cost is
//! the sum of squared row lengths; no pair is ever stored, so memory is one array per thread. Items are numbered by
//! popularity, which keeps the tallies that are hit most in one place.
//!
//! A tally holds what the matrix leaves open and no more: four bytes where every weight is one and every row a person
//! of its own, because then rows, people and products are one number.

mod tally;

use std::hint::black_box;

use edgewise_core::ItemIdx;

use crate::observations::Observations;

use tally::{Count, Mixed, NOBODY, Sum, Tally};

/// What must stand behind a pair before anything is told of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Support {
    /// Rows that must hold both items. `1`: chance pairs stay.
    pub min_rows: u32,
    /// Distinct people who must stand behind those rows. `0` and `1`: no protection.
    pub min_people: u32,
}

impl Support {
    /// Whether every pair may be published, those that nobody took both of included.
    pub(crate) fn is_open(self) -> bool {
        self.min_rows <= 1 && self.min_people <= 1
    }
}

/// A source item that shares rows with a target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Companion {
    /// The source.
    pub item: ItemIdx,
    /// Rows that hold both.
    pub n_rows: u32,
    /// Distinct people among them.
    pub n_people: u32,
    /// Sum over those rows of the product of both weights.
    pub dot: f64,
}

/// Counts the companions of one target after another. One per thread; every target leaves it clean.
pub struct PairCounter<'o> {
    observations: &'o Observations,
    tallies: Tallies,
    /// The items whose tally is not empty, in the first places.
    touched: Vec<u32>,
}

/// One tally per item, of the least kind that the matrix allows.
enum Tallies {
    Counts(Vec<Count>),
    Sums(Vec<Sum>),
    Mixed(Vec<Mixed>),
}

impl<'o> PairCounter<'o> {
    /// A counter for a matrix.
    pub fn new(observations: &'o Observations) -> PairCounter<'o> {
        let n_items = observations.n_items();
        let tallies = match (observations.rows_are_people(), observations.is_binary()) {
            (true, true) => Tallies::Counts(vec![Count::default(); n_items]),
            (true, false) => Tallies::Sums(vec![Sum::default(); n_items]),
            (false, _) => Tallies::Mixed(vec![Mixed::default(); n_items]),
        };
        // One place more than items: the place behind the last one is written to and not counted.
        PairCounter { observations, tallies, touched: vec![0; n_items + 1] }
    }

    /// Gives `each` every other item that shares a row with `target`, in no useful but always the same order.
    pub fn for_each(&mut self, target: ItemIdx, mut each: impl FnMut(Companion)) {
        let touched = &mut self.touched;
        match &mut self.tallies {
            Tallies::Counts(tallies) => {
                drained(tallies, touched, self.observations, target, &mut each);
            }
            Tallies::Sums(tallies) => {
                drained(tallies, touched, self.observations, target, &mut each);
            }
            Tallies::Mixed(tallies) => {
                drained(tallies, touched, self.observations, target, &mut each);
            }
        }
    }

    /// Gives `use_dots` the sum of products of `item` and any lower item.
    pub(crate) fn with_lower(
        &mut self,
        item: ItemIdx,
        use_dots: impl FnOnce(&dyn Fn(ItemIdx) -> f64),
    ) {
        let (observations, touched) = (self.observations, &mut self.touched);
        match &mut self.tallies {
            Tallies::Counts(tallies) => lower(tallies, touched, observations, item, use_dots),
            Tallies::Sums(tallies) => lower(tallies, touched, observations, item, use_dots),
            Tallies::Mixed(tallies) => lower(tallies, touched, observations, item, use_dots),
        }
    }

    /// [`PairCounter::for_each`] without the pairs that too little stands behind; returns how many of those had rows
    /// enough but too few people.
    pub fn supported(
        &mut self,
        target: ItemIdx,
        support: Support,
        mut each: impl FnMut(Companion),
    ) -> u64 {
        let mut n_removed = 0;
        self.for_each(target, |companion| {
            if companion.n_rows < support.min_rows {
                return;
            }
            if companion.n_people < support.min_people {
                n_removed += 1;
            } else {
                each(companion);
            }
        });
        n_removed
    }
}

/// Tallies the companions of a target, and gives and forgets them.
fn drained<T: Tally>(
    tallies: &mut [T],
    touched: &mut [u32],
    observations: &Observations,
    target: ItemIdx,
    each: &mut impl FnMut(Companion),
) {
    let n_touched = tallied(tallies, touched, observations, target, Among::All);
    for &source in &touched[..n_touched] {
        let tally = std::mem::take(&mut tallies[source as usize]);
        if source != target.0 {
            each(tally.companion(ItemIdx(source)));
        }
    }
}

/// Tallies the lower companions of an item, lends their sums of products, and forgets them.
fn lower<T: Tally>(
    tallies: &mut [T],
    touched: &mut [u32],
    observations: &Observations,
    item: ItemIdx,
    use_dots: impl FnOnce(&dyn Fn(ItemIdx) -> f64),
) {
    let n_touched = tallied(tallies, touched, observations, item, Among::Lower);
    use_dots(&|lower: ItemIdx| tallies[lower.index()].companion(lower).dot);
    for &source in &touched[..n_touched] {
        tallies[source as usize] = T::default();
    }
}

/// Which companions are tallied.
#[derive(Clone, Copy, PartialEq)]
enum Among {
    All,
    Lower,
}

/// Cells from which a matrix is larger than what is kept near a processor.
const LARGE_CELLS: usize = 2_000_000;
/// Rows whose beginnings are read together, so that none waits for the one before.
const LOOK_AHEAD: usize = 32;

/// Tallies the companions of a target, itself among all of them, and returns how many there are.
fn tallied<T: Tally>(
    tallies: &mut [T],
    touched: &mut [u32],
    observations: &Observations,
    target: ItemIdx,
    among: Among,
) -> usize {
    let mut n_touched = 0;
    // The place is written whether the item is new or not, so that nothing has to be predicted.
    let mut touch = |source: u32, tally: &T| {
        touched[n_touched] = source;
        n_touched += usize::from(tally.is_empty());
    };
    let rows = observations.rows(target);
    let looks_ahead = observations.n_cells() >= LARGE_CELLS;
    for (at, (row, target_weight)) in rows.iter().enumerate() {
        if looks_ahead && at % LOOK_AHEAD == 0 {
            let ahead = &rows.ids[at..rows.ids.len().min(at + LOOK_AHEAD)];
            // The answer has to be used, or the question would not be asked.
            black_box(ahead.iter().fold(0, |all, &row| all ^ observations.first_item(row)));
        }
        let person = if T::ASKS_PEOPLE { observations.person(row) } else { None };
        let (person, cells) = (person.unwrap_or(NOBODY), observations.items(row));
        let n_cells = match among {
            Among::All => cells.ids.len(),
            Among::Lower => cells.ids.partition_point(|&source| source < target.0),
        };
        if let Some(weight) = cells.weight() {
            let product = f64::from(target_weight) * f64::from(weight);
            for &source in &cells.ids[..n_cells] {
                let tally = &mut tallies[source as usize];
                touch(source, tally);
                tally.add(product, person);
            }
        } else {
            for (source, weight) in cells.iter().take(n_cells) {
                let tally = &mut tallies[source as usize];
                touch(source, tally);
                tally.add(f64::from(target_weight) * f64::from(weight), person);
            }
        }
    }
    n_touched
}

#[cfg(test)]
mod tests;
