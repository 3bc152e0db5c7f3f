//! What is remembered of one pair while its rows are walked.

use edgewise_core::ItemIdx;

use super::Companion;

/// Nobody stands behind a row.
pub(super) const NOBODY: u32 = u32::MAX;

/// What is remembered of a pair; empty by default.
pub(super) trait Tally: Copy + Default {
    /// Whether people are counted apart from rows.
    const ASKS_PEOPLE: bool;

    /// Whether no row was added.
    fn is_empty(&self) -> bool;

    /// Adds a row: the product of both weights, and who stands behind it.
    fn add(&mut self, product: f64, person: u32);

    /// What was counted.
    fn companion(self, item: ItemIdx) -> Companion;
}

/// Where every weight is one and every row a person of its own.
#[derive(Clone, Copy, Default)]
pub(super) struct Count(u32);

impl Tally for Count {
    const ASKS_PEOPLE: bool = false;

    #[inline]
    fn is_empty(&self) -> bool {
        self.0 == 0
    }

    #[inline]
    fn add(&mut self, _: f64, _: u32) {
        self.0 += 1;
    }

    #[inline]
    fn companion(self, item: ItemIdx) -> Companion {
        Companion { item, n_rows: self.0, n_people: self.0, dot: f64::from(self.0) }
    }
}

/// Where every row is a person of its own.
#[derive(Clone, Copy, Default)]
pub(super) struct Sum {
    dot: f64,
    n_rows: u32,
}

impl Tally for Sum {
    const ASKS_PEOPLE: bool = false;

    #[inline]
    fn is_empty(&self) -> bool {
        self.n_rows == 0
    }

    #[inline]
    fn add(&mut self, product: f64, _: u32) {
        self.dot += product;
        self.n_rows += 1;
    }

    #[inline]
    fn companion(self, item: ItemIdx) -> Companion {
        Companion { item, n_rows: self.n_rows, n_people: self.n_rows, dot: self.dot }
    }
}

/// Where several rows may be of one person, or of nobody. The rows of a person are neighbours, so the last one tells
/// whether the next is new.
#[derive(Clone, Copy)]
pub(super) struct Mixed {
    dot: f64,
    n_rows: u32,
    n_people: u32,
    last_person: u32,
}

impl Default for Mixed {
    fn default() -> Mixed {
        Mixed { dot: 0.0, n_rows: 0, n_people: 0, last_person: NOBODY }
    }
}

impl Tally for Mixed {
    const ASKS_PEOPLE: bool = true;

    #[inline]
    fn is_empty(&self) -> bool {
        self.n_rows == 0
    }

    #[inline]
    fn add(&mut self, product: f64, person: u32) {
        self.dot += product;
        self.n_rows += 1;
        if person != NOBODY && self.last_person != person {
            self.last_person = person;
            self.n_people += 1;
        }
    }

    #[inline]
    fn companion(self, item: ItemIdx) -> Companion {
        let Mixed { dot, n_rows, n_people, .. } = self;
        Companion { item, n_rows, n_people, dot }
    }
}
