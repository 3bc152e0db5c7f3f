//! How a model's lists are combined: what a place or an age in the history counts, and a ladder per placement.

use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use crate::interactions::EventKind;
use crate::model::Relation;
use crate::query::Placement;

/// Largest weight in a decay and of a kind of event. It stands for 1.0.
pub const MAX_DECAY: u16 = 256;
/// Most decays.
pub const MAX_DECAYS: usize = 16;
/// Most entries of one decay.
pub const MAX_DECAY_ENTRIES: usize = 400;
/// How many of everyone's most popular items a term of [`Relation::Popular`] adds to.
pub const MAX_POPULAR: usize = 256;
/// Most rungs of one ladder.
pub const MAX_RUNGS: usize = 16;
/// Most terms of one rung.
pub const MAX_TERMS: usize = 8;
/// Largest weight of a term.
pub const MAX_TERM_WEIGHT: u16 = 256;
/// Largest sum of the weights of a rung's terms.
pub const MAX_RUNG_WEIGHT: u16 = 1_024;

/// Where the items come from that a term starts at, and what its decay is looked up by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The item of the page, at place 0.
    Item,
    /// The items of the cart, each once, all at place 0.
    Cart,
    /// The items of the history, each once, by place: the newest is at place 0.
    History,
    /// Every event of the history, by its age in days. What happened twice counts twice.
    Events,
    /// The items of the history, each once, by the age in days of its newest event.
    Ages,
}

impl Source {
    /// Every source, in the order in which a bundle numbers them.
    pub const ALL: [Source; 5] =
        [Source::Item, Source::Cart, Source::History, Source::Events, Source::Ages];

    /// Position in [`Source::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// One relation followed from one source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// Which lists.
    pub relation: Relation,
    /// From which items. [`Relation::Popular`] starts at none.
    pub from: Source,
    /// Which of [`Tables::decays`] weighs the source's items.
    pub decay: u16,
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
    /// The segment of the query.
    Segment,
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
    /// A ranking of what trends.
    Trending(Among),
}

impl Rung {
    /// The ladder of [`Placement::Trending`] unless a model has another one: what trends where the visitor is, then what
    /// is popular there.
    pub fn standard_trending() -> Vec<Rung> {
        let among = [Among::Category, Among::Region, Among::Segment, Among::Everyone];
        among.map(Rung::Trending).into_iter().chain(among.map(Rung::Popular)).collect()
    }
}

/// The tables that turn lists into scores, before they are checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tables {
    /// What each place or age counts, in 256ths; later ones count as the last entry. 1 to [`MAX_DECAYS`] decays of 1
    /// to [`MAX_DECAY_ENTRIES`] entries.
    pub decays: Vec<Vec<u16>>,
    /// What an event of the history counts by its kind, in 256ths: view, cart, purchase.
    pub kinds: [u16; 3],
    /// One ladder per placement, in the order of [`Placement::ALL`], of 1 to [`MAX_RUNGS`] rungs.
    pub ladders: Vec<Vec<Rung>>,
}

/// Checked [`Tables`]. Every score is below 2^53, so that JavaScript reads it exactly: a term has at most 1,000 source
/// items, each of at most 2^24 · [`MAX_DECAY`], and the terms of a rung weigh at most [`MAX_RUNG_WEIGHT`] together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scoring(Tables);

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
    /// Checks and keeps the tables.
    ///
    /// # Errors
    /// [`ScoringError`] when a table is too short, too long, holds a weight above its limit, or a term names a decay
    /// that is not there.
    pub fn new(tables: Tables) -> Result<Scoring, ScoringError> {
        check_count("decays", tables.decays.len(), 1, MAX_DECAYS)?;
        for decay in &tables.decays {
            check_count("decay", decay.len(), 1, MAX_DECAY_ENTRIES)?;
            decay.iter().try_for_each(|&found| check_weight("decay", found, MAX_DECAY))?;
        }
        tables.kinds.iter().try_for_each(|&found| check_weight("kinds", found, MAX_DECAY))?;
        let n_placements = Placement::ALL.len();
        check_count("ladders", tables.ladders.len(), n_placements, n_placements)?;
        let scoring = Scoring(tables);
        scoring.0.ladders.iter().try_for_each(|ladder| scoring.check_ladder(ladder))?;
        Ok(scoring)
    }

    /// Whether a ladder is within its limits and its terms name decays of these tables.
    ///
    /// # Errors
    /// [`ScoringError`] when it is not.
    pub fn check_ladder(&self, ladder: &[Rung]) -> Result<(), ScoringError> {
        check_count("rungs", ladder.len(), 1, MAX_RUNGS)?;
        for rung in ladder {
            if let Rung::Related(terms) = rung {
                check_terms(terms, self.0.decays.len())?;
            }
        }
        Ok(())
    }

    /// The tables.
    pub fn tables(&self) -> &Tables {
        &self.0
    }

    /// What a place or an age counts, in 256ths.
    pub fn decay(&self, decay: u16, at: usize) -> u64 {
        let table = self.0.decays.get(usize::from(decay)).map_or(&[][..], Vec::as_slice);
        table.get(at).or(table.last()).copied().map_or(0, u64::from)
    }

    /// What an event counts by its kind, in 256ths.
    pub fn kind(&self, kind: EventKind) -> u64 {
        let [view, cart, purchase] = self.0.kinds;
        u64::from(match kind {
            EventKind::View => view,
            EventKind::Cart => cart,
            EventKind::Purchase => purchase,
        })
    }

    /// The steps of a placement, the preferred one first.
    pub fn ladder(&self, placement: Placement) -> &[Rung] {
        self.0.ladders.get(placement.index()).map_or(&[], Vec::as_slice)
    }

    /// The tables of a shop about which nothing has been learnt yet.
    ///
    /// Recency falls as 32 / (32 + place), so that a place 32 clicks ago counts half: nearly level for a short visit,
    /// as best for purchase histories. Ladders go from what the page is about to what everyone buys.
    pub fn standard() -> Scoring {
        let recency = (0u16..100).map(|place| MAX_DECAY * 32 / (32 + place)).collect();
        let term = |relation, from| {
            let decay = u16::from(matches!(from, Source::History));
            Term { relation, from, decay, weight: 1 }
        };
        let similar = |from| Rung::Related(vec![term(Relation::Similar, from)]);
        let together = |from| Rung::Related(vec![term(Relation::Together, from)]);
        let content = |from| Rung::Related(vec![term(Relation::Content, from)]);
        let visitor = || {
            Rung::Related(vec![
                term(Relation::Similar, Source::History),
                term(Relation::Similar, Source::Cart),
            ])
        };
        let popular = || [Among::Category, Among::Region, Among::Everyone].map(Rung::Popular);
        let ladder = |related: Vec<Rung>| related.into_iter().chain(popular()).collect::<Vec<_>>();
        let ladders = Placement::ALL.map(|placement| match placement {
            Placement::Item => {
                let (item, together) = (Source::Item, together(Source::Item));
                ladder(vec![similar(item), together, content(item), visitor()])
            }
            Placement::Together => {
                let (item, together) = (Source::Item, together(Source::Item));
                ladder(vec![together, similar(item), content(item), visitor()])
            }
            Placement::Cart => ladder(vec![
                together(Source::Cart),
                similar(Source::Cart),
                content(Source::Cart),
                similar(Source::History),
            ]),
            Placement::Home => {
                ladder(vec![visitor(), similar(Source::Item), content(Source::History)])
            }
            Placement::Popular => ladder(Vec::new()),
            Placement::Trending => Rung::standard_trending(),
        });
        let decays = vec![vec![MAX_DECAY], recency];
        Scoring(Tables { decays, kinds: [MAX_DECAY; 3], ladders: ladders.into() })
    }
}

fn check_terms(terms: &[Term], n_decays: usize) -> Result<(), ScoringError> {
    check_count("terms", terms.len(), 1, MAX_TERMS)?;
    let mut total = 0u16;
    for term in terms {
        check_weight("terms", term.weight, MAX_TERM_WEIGHT)?;
        // Cannot overflow: at most 8 weights of at most 256.
        total += term.weight;
        let last = u16::try_from(n_decays - 1).unwrap_or(u16::MAX);
        check_weight("decay of a term", term.decay, last)?;
    }
    check_weight("terms of a rung", total, MAX_RUNG_WEIGHT)
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
        assert_eq!(Scoring::new(standard.tables().clone()), Ok(standard));
    }

    #[test]
    fn recency_falls_by_half_over_32_places_and_never_ends() {
        let scoring = Scoring::standard();
        assert_eq!(scoring.decay(1, 0), 256);
        assert_eq!(scoring.decay(1, 32), 128);
        assert_eq!(scoring.decay(1, 5_000), scoring.decay(1, 99));
        assert_eq!(scoring.decay(2, 0), 0, "a decay that is not there");
    }

    #[test]
    fn refuses_tables_out_of_range() {
        let standard = Scoring::standard().0;
        let check = |change: &dyn Fn(&mut Tables), expected: ScoringError| {
            let mut tables = standard.clone();
            change(&mut tables);
            assert_eq!(Scoring::new(tables), Err(expected));
        };
        let count = |field, found, min, max| ScoringError::Count { field, found, min, max };
        let weight = |field, found, max| ScoringError::Weight { field, found, max };
        check(&|tables| tables.decays.clear(), count("decays", 0, 1, 16));
        check(&|tables| tables.decays[0].clear(), count("decay", 0, 1, 400));
        check(&|tables| tables.decays[1] = vec![1; 401], count("decay", 401, 1, 400));
        check(&|tables| tables.decays[1][0] = 257, weight("decay", 257, 256));
        check(&|tables| tables.kinds[2] = 300, weight("kinds", 300, 256));
        check(&|tables| tables.ladders.clear(), count("ladders", 0, 6, 6));
        check(&|tables| tables.ladders[4].clear(), count("rungs", 0, 1, 16));
        let rung = |terms: Vec<Term>| {
            move |tables: &mut Tables| tables.ladders[0][0] = Rung::Related(terms.clone())
        };
        let term = Term { relation: Relation::Similar, from: Source::Item, decay: 0, weight: 256 };
        check(&rung(Vec::new()), count("terms", 0, 1, 8));
        check(&rung(vec![Term { weight: 257, ..term }]), weight("terms", 257, 256));
        check(&rung(vec![Term { decay: 2, ..term }]), weight("decay of a term", 2, 1));
        check(&rung(vec![term; 5]), weight("terms of a rung", 1_280, 1_024));
    }
}
