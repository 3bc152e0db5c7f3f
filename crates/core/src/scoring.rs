//! How a model's lists are combined: the weight of each place in the history, and a ladder per placement.

use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use crate::model::Relation;
use crate::query::{MAX_HISTORY, Placement};

/// Largest weight of a place in the history.
pub const MAX_RECENCY: u16 = 256;
/// Most rungs of one ladder.
pub const MAX_RUNGS: usize = 16;
/// Most terms of one rung.
pub const MAX_TERMS: usize = 8;
/// Largest weight of a term.
pub const MAX_TERM_WEIGHT: u16 = 256;

/// Where the items come from that a rung starts at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The item of the page.
    Item,
    /// The cart; every item counts the same.
    Cart,
    /// The history; newer items count more, by [`Scoring::recency`].
    History,
}

/// One relation followed from one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// Which lists.
    pub relation: Relation,
    /// From which items.
    pub from: Source,
    /// `0`: as if the term were not there. [`MAX_TERM_WEIGHT`]: 256 times a term of weight 1.
    pub weight: u16,
}

/// Which popularity ranking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    /// The category of the query, else of the item of the page.
    Category,
    /// The region of the query.
    Region,
    /// All.
    Everyone,
}

/// One step of a ladder. Results of a lower step come after all results of the steps above it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rung {
    /// A weighted sum of neighbour lists.
    Related(Vec<Term>),
    /// A popularity ranking.
    Popular(Among),
}

/// The tables that turn lists into scores. Every score is below 2^53, so that JavaScript reads it exactly:
/// 201 source items, each by [`MAX_TERMS`] terms, each at most 2^24 · [`MAX_RECENCY`] · [`MAX_TERM_WEIGHT`]
/// is below 2^51.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scoring {
    recency: Vec<u16>,
    ladders: Vec<Vec<Rung>>,
}

/// A scoring table that cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScoringError {
    /// The wrong number of entries.
    Count {
        /// Which table.
        field: &'static str,
        /// Entries found.
        found: usize,
        /// Entries allowed, at least.
        min: usize,
        /// Entries allowed, at most.
        max: usize,
    },
    /// A weight out of range.
    Weight {
        /// Which table.
        field: &'static str,
        /// The weight found.
        found: u16,
        /// The largest one allowed.
        max: u16,
    },
}

impl fmt::Display for ScoringError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ScoringError::Count { field, found, min, max } => {
                write!(f, "`{field}` has `{found}` entries, expected `{min}` to `{max}`")
            }
            ScoringError::Weight { field, found, max } => {
                write!(f, "`{field}` holds the weight `{found}`, expected at most `{max}`")
            }
        }
    }
}

impl core::error::Error for ScoringError {}

impl Scoring {
    /// Checks and keeps the tables: `recency` newest first, 1 to [`MAX_HISTORY`] entries (later places use the
    /// last one); one ladder per placement, in the order of [`Placement::ALL`].
    ///
    /// # Errors
    /// [`ScoringError`] when a table is too short, too long, or holds a weight above its limit.
    pub fn new(recency: Vec<u16>, ladders: Vec<Vec<Rung>>) -> Result<Scoring, ScoringError> {
        check_count("recency", recency.len(), 1, MAX_HISTORY)?;
        check_count("ladders", ladders.len(), Placement::ALL.len(), Placement::ALL.len())?;
        for &found in &recency {
            check_weight("recency", found, MAX_RECENCY)?;
        }
        for ladder in &ladders {
            check_count("rungs", ladder.len(), 1, MAX_RUNGS)?;
            for rung in ladder {
                if let Rung::Related(terms) = rung {
                    check_count("terms", terms.len(), 1, MAX_TERMS)?;
                    for term in terms {
                        check_weight("terms", term.weight, MAX_TERM_WEIGHT)?;
                    }
                }
            }
        }
        Ok(Scoring { recency, ladders })
    }

    /// Weight of a place in the history; place 0 is the newest item.
    pub fn recency(&self, place: usize) -> u64 {
        self.recency.get(place).or(self.recency.last()).copied().map_or(0, u64::from)
    }

    /// The weights of the places, newest first.
    pub fn recency_table(&self) -> &[u16] {
        &self.recency
    }

    /// The steps of a placement, the preferred one first.
    pub fn ladder(&self, placement: Placement) -> &[Rung] {
        self.ladders.get(placement.index()).map_or(&[], Vec::as_slice)
    }

    /// The tables of a shop about which nothing has been learnt yet.
    ///
    /// Recency falls as 32 / (32 + place), so that a place 32 clicks ago counts half: nearly level for a short visit,
    /// as best for purchase histories. Ladders go from what the page is about to what everyone buys.
    pub fn standard() -> Scoring {
        let recency = (0u16..100).map(|place| MAX_RECENCY * 32 / (32 + place)).collect();
        let one = |relation, from| Rung::Related(vec![Term { relation, from, weight: 1 }]);
        let similar = |from| one(Relation::Similar, from);
        let together = |from| one(Relation::Together, from);
        let visitor = || {
            Rung::Related(vec![
                Term { relation: Relation::Similar, from: Source::History, weight: 1 },
                Term { relation: Relation::Similar, from: Source::Cart, weight: 1 },
            ])
        };
        let popular = || [Among::Category, Among::Region, Among::Everyone].map(Rung::Popular);
        let ladder = |related: Vec<Rung>| related.into_iter().chain(popular()).collect::<Vec<_>>();
        let ladders = Placement::ALL.map(|placement| match placement {
            Placement::Item => {
                ladder(vec![similar(Source::Item), together(Source::Item), visitor()])
            }
            Placement::Together => {
                ladder(vec![together(Source::Item), similar(Source::Item), visitor()])
            }
            Placement::Cart => ladder(vec![
                together(Source::Cart),
                similar(Source::Cart),
                similar(Source::History),
            ]),
            Placement::Home => ladder(vec![visitor(), similar(Source::Item)]),
            Placement::Popular => ladder(Vec::new()),
        });
        Scoring { recency, ladders: ladders.into() }
    }
}

pub(crate) fn check_count(
    field: &'static str,
    found: usize,
    min: usize,
    max: usize,
) -> Result<(), ScoringError> {
    if (min..=max).contains(&found) {
        return Ok(());
    }
    Err(ScoringError::Count { field, found, min, max })
}

pub(crate) fn check_weight(field: &'static str, found: u16, max: u16) -> Result<(), ScoringError> {
    if found <= max { Ok(()) } else { Err(ScoringError::Weight { field, found, max }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_tables_pass_their_own_checks() {
        let standard = Scoring::standard();
        let again = Scoring::new(standard.recency.clone(), standard.ladders.clone());
        assert_eq!(again, Ok(standard));
    }

    #[test]
    fn recency_falls_by_half_over_32_places_and_never_ends() {
        let scoring = Scoring::standard();
        assert_eq!(scoring.recency(0), 256);
        assert_eq!(scoring.recency(32), 128);
        assert_eq!(scoring.recency(5_000), scoring.recency(99));
    }

    #[test]
    fn refuses_tables_out_of_range() {
        let ladders = Scoring::standard().ladders;
        let count = |field, found, min, max| Err(ScoringError::Count { field, found, min, max });
        assert_eq!(Scoring::new(vec![], ladders.clone()), count("recency", 0, 1, 100));
        assert_eq!(Scoring::new(vec![1], vec![]), count("ladders", 0, 5, 5));
        assert_eq!(
            Scoring::new(vec![257], ladders.clone()),
            Err(ScoringError::Weight { field: "recency", found: 257, max: 256 })
        );
        let mut empty_rung = ladders.clone();
        empty_rung[0][0] = Rung::Related(vec![]);
        assert_eq!(Scoring::new(vec![1], empty_rung), count("terms", 0, 1, 8));
        let mut no_rung = ladders;
        no_rung[4].clear();
        assert_eq!(Scoring::new(vec![1], no_rung), count("rungs", 0, 1, 16));
    }
}
