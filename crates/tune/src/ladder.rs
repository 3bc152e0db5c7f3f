//! Scoring tables for one question: terms in front of a placement's ladder, and the decays that they name.

use edgewise_core::{MAX_DECAY, Placement, Relation, Rung, Scoring, Source, Tables, Term};

/// The decay that counts every place and age the same.
pub(crate) const LEVEL: u16 = 0;

/// The scoring being made. Decays of its own come behind those of [`Scoring::standard`].
#[derive(Clone)]
pub(crate) struct Ladder {
    tables: Tables,
}

impl Ladder {
    /// The standard tables.
    pub(crate) fn standard() -> Ladder {
        Ladder { tables: Scoring::standard().tables().clone() }
    }

    /// Adds a decay that falls by `factor` from entry to entry, for `n` entries, and returns its number.
    pub(crate) fn falling(&mut self, factor: f64, n: usize) -> u16 {
        self.tables.decays.push(falling(factor, n));
        // Cannot fail: a ladder has a handful of decays.
        u16::try_from(self.tables.decays.len() - 1).unwrap_or(u16::MAX)
    }

    /// Adds a decay of the given shares of [`MAX_DECAY`], and returns its number.
    pub(crate) fn shares(&mut self, shares: &[f64]) -> u16 {
        self.tables.decays.push(decay_of(shares));
        // Cannot fail: a ladder has a handful of decays.
        u16::try_from(self.tables.decays.len() - 1).unwrap_or(u16::MAX)
    }

    /// Puts `terms` in the place of a placement's rungs of related items.
    pub(crate) fn ask(mut self, placement: Placement, terms: Vec<Term>) -> Scoring {
        if let Some(ladder) = self.tables.ladders.get_mut(placement.index()) {
            ladder.retain(|rung| matches!(rung, Rung::Popular(_)));
            if !terms.is_empty() {
                ladder.insert(0, Rung::Related(terms));
            }
        }
        // Cannot fail: goals put in fewer and smaller terms than the limits allow, and their tests ask them all.
        Scoring::new(self.tables).unwrap_or_else(|_| Scoring::standard())
    }
}

/// A decay of the given shares of [`MAX_DECAY`].
pub(crate) fn decay_of(shares: &[f64]) -> Vec<u16> {
    shares.iter().map(|share| whole(share * f64::from(MAX_DECAY))).collect()
}

/// A decay of `n` entries that falls by `factor` from one to the next.
pub(crate) fn falling(factor: f64, n: usize) -> Vec<u16> {
    let mut share = 1.0;
    let entry = |_| {
        let entry = whole(share * f64::from(MAX_DECAY));
        share *= factor;
        entry
    };
    (0..n).map(entry).collect()
}

/// A term.
pub(crate) fn term(relation: Relation, from: Source, decay: u16, weight: u16) -> Term {
    Term { relation, from, decay, weight }
}

/// `scoring`, with the terms that `other` begins a placement's ladder with in front of its own, and their decays behind
/// its own. The same as before where that would be more rungs or decays than a bundle may have.
pub fn with_first_rung(scoring: &Scoring, other: &Scoring, placement: Placement) -> Scoring {
    let mut tables = scoring.tables().clone();
    let shift = u16::try_from(tables.decays.len()).unwrap_or(u16::MAX);
    tables.decays.extend(other.tables().decays.iter().cloned());
    if let (Some(Rung::Related(terms)), Some(ladder)) =
        (other.ladder(placement).first(), tables.ladders.get_mut(placement.index()))
    {
        let shifted = |term: &Term| Term { decay: term.decay.saturating_add(shift), ..*term };
        ladder.insert(0, Rung::Related(terms.iter().map(shifted).collect()));
    }
    Scoring::new(tables).unwrap_or_else(|_| scoring.clone())
}

/// The nearest entry of a decay.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range first"
)]
fn whole(entry: f64) -> u16 {
    (entry + 0.5).clamp(0.0, f64::from(MAX_DECAY)) as u16
}
