//! Experiments: which visitors get which variant, and what a variant changes.
//!
//! Assignment is a published hash of the experiment's salt and a token that the caller chooses for a visitor. Nothing is
//! stored, so an edge node and a page that are given the same token agree.

mod error;
mod md5;
#[cfg(test)]
mod tests;

use alloc::string::String;
use alloc::vec::Vec;

use crate::query::Placement;
use crate::scoring::{Rung, Scoring};

pub use error::ExperimentError;

/// The parts that all visitors are divided into. A share of so many is everybody.
pub const SHARE_ONE: u16 = 10_000;
/// Most experiments.
pub const MAX_EXPERIMENTS: usize = 32;
/// Most variants of one experiment; at least 2.
pub const MAX_VARIANTS: usize = 16;
/// Longest name or salt, in bytes of UTF-8; at least 1.
pub const MAX_EXPERIMENT_NAME_BYTES: usize = 64;
/// The rules mask of a variant that leaves every rule set on.
pub const ALL_RULE_SETS: u16 = u16::MAX;

/// A set of placements.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Placements(u16);

impl Placements {
    /// The set with these bits; bit `n` is the placement at position `n` of [`Placement::ALL`]. `None` when another bit
    /// is set.
    pub fn from_bits(bits: u16) -> Option<Placements> {
        (bits >> Placement::ALL.len() == 0).then_some(Placements(bits))
    }

    /// The bits, as [`Placements::from_bits`] takes them.
    pub const fn bits(self) -> u16 {
        self.0
    }

    /// Whether a placement is in the set.
    pub const fn contains(self, placement: Placement) -> bool {
        self.0 >> placement.index() & 1 == 1
    }

    /// The placements, in the order of [`Placement::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Placement> {
        Placement::ALL.into_iter().filter(move |placement| self.contains(*placement))
    }
}

impl FromIterator<Placement> for Placements {
    fn from_iter<I: IntoIterator<Item = Placement>>(placements: I) -> Placements {
        Placements(placements.into_iter().fold(0, |bits, placement| bits | 1 << placement.index()))
    }
}

/// When an experiment acts: from `start_s` on, and before `end_s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first second, counted from the beginning of 1970 (UTC). `0`: always so far.
    pub start_s: u64,
    /// The second behind the last. `u64::MAX`: until the model is replaced.
    pub end_s: u64,
}

impl Period {
    /// Without beginning or end.
    pub const ALWAYS: Period = Period { start_s: 0, end_s: u64::MAX };

    /// Whether a second is in the period.
    pub const fn contains(self, now_s: u64) -> bool {
        self.start_s <= now_s && now_s < self.end_s
    }

    /// Whether a second is in both periods.
    pub const fn overlaps(self, other: Period) -> bool {
        self.start_s < other.end_s && other.start_s < self.end_s
    }
}

/// One experiment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Experiment {
    /// What reports call it.
    pub name: String,
    /// What makes its assignment independent of that of other experiments. Another salt is another draw.
    pub salt: String,
    /// Where it acts; not empty.
    pub placements: Placements,
    /// When it acts.
    pub period: Period,
    /// Its variants, 2 to [`MAX_VARIANTS`]. Who is in none of their shares is outside the experiment.
    pub variants: Vec<Variant>,
}

/// One variant of an experiment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// What reports and answers call it.
    pub name: String,
    /// How many of [`SHARE_ONE`] parts of the visitors get it. `1`: one in ten thousand. [`SHARE_ONE`]: all, which leaves
    /// nobody for the others. The shares of an experiment's variants are at most [`SHARE_ONE`] together.
    pub share: u16,
    /// Which rule sets act, a bit each. `0`: none. [`ALL_RULE_SETS`]: all.
    pub rules: u16,
    /// Ladders that come instead of the model's, ascending by placement; the terms use the model's decays.
    pub ladders: Vec<(Placement, Vec<Rung>)>,
}

/// An experiment and one of its variants, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Assigned {
    /// Position among the experiments.
    pub experiment: u8,
    /// Position among the experiment's variants.
    pub variant: u8,
}

/// Who asks, where and when.
#[derive(Clone, Copy, Debug)]
pub struct Visit<'v> {
    /// Where the answer will be shown.
    pub placement: Placement,
    /// Seconds since the beginning of 1970 (UTC).
    pub now_s: u64,
    /// What tells visitors apart, of the caller's choice: random and kept on the device, best of all. Never stored.
    pub token: &'v [u8],
}

/// Experiments that fit together and with their model. By default there are none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Experiments(Vec<Experiment>);

impl Experiments {
    /// Checks and keeps experiments of a model with these tables.
    ///
    /// # Errors
    /// [`ExperimentError`] when a number is out of range, names repeat, or two experiments act at one placement at one
    /// time.
    pub fn new(
        experiments: Vec<Experiment>,
        scoring: &Scoring,
    ) -> Result<Experiments, ExperimentError> {
        let number = experiments.len();
        check_count("experiments", 0, number, (0, MAX_EXPERIMENTS))?;
        for (number, experiment) in experiments.iter().enumerate() {
            experiment.check(number, scoring)?;
            let earlier = experiments.get(..number).unwrap_or(&[]);
            for (first, other) in earlier.iter().enumerate() {
                if other.name == experiment.name {
                    return Err(ExperimentError::RepeatedName { experiment: number });
                }
                if other.meets(experiment) {
                    return Err(ExperimentError::Overlap { first, second: number });
                }
            }
        }
        Ok(Experiments(experiments))
    }

    /// The experiments.
    pub fn as_slice(&self) -> &[Experiment] {
        &self.0
    }

    /// Which variant of which experiment a visit gets; `None` where no experiment acts or the visitor is outside.
    pub fn assign(&self, visit: &Visit<'_>) -> Option<Assigned> {
        let acts = |experiment: &Experiment| experiment.acts(visit.placement, visit.now_s);
        let at = self.0.iter().position(acts)?;
        let experiment = self.0.get(at)?;
        let variant = experiment.variant_of(slot(&experiment.salt, visit.token))?;
        Some(Assigned { experiment: u8::try_from(at).ok()?, variant })
    }

    /// The experiment and the variant with these numbers.
    pub fn get(&self, assigned: Assigned) -> Option<(&Experiment, &Variant)> {
        let experiment = self.0.get(usize::from(assigned.experiment))?;
        Some((experiment, experiment.variants.get(usize::from(assigned.variant))?))
    }

    /// The variant's own ladder for a placement; `None` where it uses the model's.
    pub fn ladder(&self, assigned: Assigned, placement: Placement) -> Option<&[Rung]> {
        let mut ladders = self.get(assigned)?.1.ladders.iter();
        ladders.find(|ladder| ladder.0 == placement).map(|ladder| ladder.1.as_slice())
    }
}

impl Experiment {
    /// Whether the experiment acts at a placement at a time, in seconds since 1970.
    pub fn acts(&self, placement: Placement, now_s: u64) -> bool {
        self.placements.contains(placement) && self.period.contains(now_s)
    }

    /// The variant that has a slot. Each variant's slots begin where those of the one before end.
    pub fn variant_of(&self, slot: u16) -> Option<u8> {
        let mut end = 0_u16;
        let at = self.variants.iter().position(|variant| {
            end = end.saturating_add(variant.share);
            slot < end
        })?;
        u8::try_from(at).ok()
    }

    /// Whether both act at one placement at one time.
    fn meets(&self, other: &Experiment) -> bool {
        self.placements.bits() & other.placements.bits() != 0 && self.period.overlaps(other.period)
    }

    fn check(&self, experiment: usize, scoring: &Scoring) -> Result<(), ExperimentError> {
        let count = |field, found, range| check_count(field, experiment, found, range);
        let text = |field, text: &str| count(field, text.len(), (1, MAX_EXPERIMENT_NAME_BYTES));
        text("name", &self.name)?;
        text("salt", &self.salt)?;
        count("placements", self.placements.iter().count(), (1, Placement::ALL.len()))?;
        if self.period.start_s >= self.period.end_s {
            return Err(ExperimentError::EmptyPeriod { experiment });
        }
        count("variants", self.variants.len(), (2, MAX_VARIANTS))?;
        let mut total = 0;
        for (at, variant) in self.variants.iter().enumerate() {
            text("variant name", &variant.name)?;
            count("share", variant.share.into(), (1, SHARE_ONE.into()))?;
            total += usize::from(variant.share);
            let earlier = self.variants.get(..at).unwrap_or(&[]);
            if earlier.iter().any(|other| other.name == variant.name) {
                return Err(ExperimentError::RepeatedName { experiment });
            }
            variant.check_ladders(self.placements, experiment, scoring)?;
        }
        count("sum of shares", total, (2, SHARE_ONE.into()))
    }
}

impl Variant {
    fn check_ladders(
        &self,
        placements: Placements,
        experiment: usize,
        scoring: &Scoring,
    ) -> Result<(), ExperimentError> {
        let mut last = None;
        for (placement, ladder) in &self.ladders {
            if !placements.contains(*placement) || last >= Some(*placement) {
                return Err(ExperimentError::LadderPlacement { experiment });
            }
            last = Some(*placement);
            scoring
                .check_ladder(ladder)
                .map_err(|cause| ExperimentError::Ladder { experiment, cause })?;
        }
        Ok(())
    }
}

/// Where a visitor stands among the [`SHARE_ONE`] parts: the first eight hexadecimal digits of the MD5 of salt, `:` and
/// token, as a number, modulo [`SHARE_ONE`]. The modulus favours no part by more than three in a million.
pub fn slot(salt: &str, token: &[u8]) -> u16 {
    let number = md5::first_word([salt.as_bytes(), b":", token]);
    // Cannot fail: the remainder is below 10,000.
    u16::try_from(number % u32::from(SHARE_ONE)).unwrap_or(0)
}

fn check_count(
    field: &'static str,
    experiment: usize,
    found: usize,
    (min, max): (usize, usize),
) -> Result<(), ExperimentError> {
    if (min..=max).contains(&found) {
        return Ok(());
    }
    Err(ExperimentError::Count { field, experiment, found, min, max })
}
