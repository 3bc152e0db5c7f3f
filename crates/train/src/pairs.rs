//! Pairs of items that the same rows hold, counted for one target item at a time.
//!
//! For a target, every row that holds it is walked and its other items are counted in a dense array that is cleared
//! by what was touched. The cost is the sum of squared row lengths; memory is one array per thread.

use edgewise_core::ItemIdx;

use crate::observations::Observations;

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

const NOBODY: u32 = u32::MAX;

#[derive(Clone, Copy)]
struct Tally {
    n_rows: u32,
    n_people: u32,
    last_person: u32,
    dot: f64,
}

const NOTHING: Tally = Tally { n_rows: 0, n_people: 0, last_person: NOBODY, dot: 0.0 };

/// Counts the companions of one target after another. One per thread; every target leaves it clean.
pub struct PairCounter {
    tallies: Vec<Tally>,
    touched: Vec<u32>,
}

impl PairCounter {
    /// A counter for matrices of `n_items` items.
    pub fn new(n_items: usize) -> PairCounter {
        PairCounter { tallies: vec![NOTHING; n_items], touched: Vec::new() }
    }

    /// Every other item that shares a row with `target`, in no useful but always the same order.
    pub fn count(&mut self, observations: &Observations, target: ItemIdx) -> Vec<Companion> {
        for (row, target_weight) in observations.rows(target).iter() {
            let person = observations.person(row).unwrap_or(NOBODY);
            for (source, source_weight) in observations.items(row).iter() {
                let tally = &mut self.tallies[source as usize];
                if tally.n_rows == 0 {
                    self.touched.push(source);
                }
                tally.n_rows += 1;
                tally.dot += f64::from(target_weight) * f64::from(source_weight);
                if person != NOBODY && tally.last_person != person {
                    tally.last_person = person;
                    tally.n_people += 1;
                }
            }
        }
        let mut companions = Vec::with_capacity(self.touched.len());
        for source in self.touched.drain(..) {
            let Tally { n_rows, n_people, dot, .. } =
                std::mem::replace(&mut self.tallies[source as usize], NOTHING);
            if source != target.0 {
                companions.push(Companion { item: ItemIdx(source), n_rows, n_people, dot });
            }
        }
        companions
    }

    /// [`PairCounter::count`] without the pairs that too little stands behind, and how many of those had rows enough
    /// but too few people.
    pub fn supported(
        &mut self,
        observations: &Observations,
        target: ItemIdx,
        support: Support,
    ) -> (Vec<Companion>, u64) {
        let mut companions = self.count(observations, target);
        companions.retain(|companion| companion.n_rows >= support.min_rows);
        let n_counted = companions.len();
        companions.retain(|companion| companion.n_people >= support.min_people);
        let n_removed = (n_counted - companions.len()) as u64;
        (companions, n_removed)
    }
}
