//! What can be tuned, and the range of each.

use edgewise_core::{Scoring, TimeZone};

use crate::content::ContentParams;
use crate::rebuy::RebuyParams;
use crate::recipe::{ListModel, Recipe, Rows};
use crate::rules::RuleParams;
use crate::seasons::SeasonParams;
use crate::session_index::SessionIndexParams;
use crate::similarity::SimilarityParams;
use crate::trending::TrendParams;

/// The trainer's settings. [`Params::check`] refuses what is out of range.
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    /// Distinct people behind every fact that is published. `1`: no protection; one person's basket can be read from
    /// the bundle. `1000`: only mass behaviour remains. Range `1..=1_000_000`.
    pub min_people: u32,
    /// Baskets that must hold a pair before it counts as bought together. `1`: chance pairs stay. Large: only staple
    /// pairs stay. Range `1..=1_000_000`.
    pub min_support: u32,
    /// Age at which an interaction counts half for popularity, in days before the newest one. Small: only the last
    /// days count. Large: all time counts the same. Range `0.01..=36_500.0`.
    pub half_life_days: f64,
    /// What a view, a cart and a purchase count for popularity, in 256ths, where a log has several of them; in a log of
    /// one kind each counts whole. `0`: the kind is left out. `256`: it counts whole. Range `0..=256`.
    pub kind_weights: [u16; 3],
    /// How trends are found; not looked for when absent.
    pub trending: Option<TrendParams>,
    /// How seasons are found; not looked for when absent.
    pub seasons: Option<SeasonParams>,
    /// The shop's time zone.
    pub time_zone: TimeZone,
    /// How the lists of similar items are made; none when absent.
    pub similar: Option<Recipe>,
    /// How the lists of items bought together are made; none when absent.
    pub together: Option<Recipe>,
    /// How the lists of what comes next are made; none when absent.
    pub next: Option<Recipe>,
    /// How items with like descriptions are found; not looked for when absent.
    pub content: Option<ContentParams>,
    /// How rules of several antecedents are made; none when absent.
    pub rules: Option<RuleParams>,
    /// How willingly each item is taken again; not learnt when absent.
    pub rebuy: Option<RebuyParams>,
    /// How the index of past sessions is made; none when absent. With one, the model is private.
    pub sessions: Option<SessionIndexParams>,
    /// How lists are combined when the model is asked.
    pub scoring: Scoring,
}

impl Default for Params {
    fn default() -> Params {
        let cosine =
            |rows| Some(Recipe::of(rows, 20, ListModel::Similarity(SimilarityParams::default())));
        Params {
            min_people: 3,
            min_support: 3,
            half_life_days: 60.0,
            kind_weights: [16, 64, 256],
            trending: Some(TrendParams::default()),
            seasons: None,
            time_zone: TimeZone::default(),
            similar: cosine(Rows::People),
            together: cosine(Rows::Baskets),
            next: None,
            content: None,
            rules: None,
            rebuy: None,
            sessions: None,
            scoring: Scoring::standard(),
        }
    }
}

/// Why there is no model.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TrainError {
    /// A setting is out of its range.
    #[error("`{name}` is `{found}`, expected `{min}` to `{max}`")]
    OutOfRange {
        /// The setting.
        name: &'static str,
        /// Its value.
        found: f64,
        /// The least value allowed.
        min: f64,
        /// The largest value allowed.
        max: f64,
    },
    /// The log has no rows.
    #[error("there is nothing to learn from: the log has no rows")]
    NothingToLearn,
    /// More rows than can be numbered.
    #[error("the log has {found} rows, expected less than 4294967296")]
    TooManyRows {
        /// Rows of the log.
        found: usize,
    },
    /// A training that needs more memory than it may have, even when it puts aside what it can.
    #[error("training needs {needed} bytes of memory at least, more than the limit of {limit}")]
    NoRoom {
        /// Bytes it needs, by its own estimate.
        needed: u64,
        /// Bytes it may have.
        limit: u64,
    },
    /// A row names an item, user, order or region that is not there.
    #[error("row {row} of the log names {what} {found}, expected less than {limit}")]
    DanglingRow {
        /// Position of the row.
        row: usize,
        /// What it names.
        what: &'static str,
        /// The number it names.
        found: u32,
        /// How many there are.
        limit: u32,
    },
    /// What does not fit into memory cannot be put aside.
    #[error("cannot put aside in `{folder}` what does not fit into memory: {reason}")]
    Spill {
        /// Where it was to go.
        folder: String,
        /// What the system says.
        reason: String,
    },
    /// A model that would need more memory than it may.
    #[error("{what} needs {needed} bytes for this many items, more than the limit of {limit}")]
    TooLarge {
        /// The model.
        what: &'static str,
        /// Bytes it needs.
        needed: u64,
        /// Bytes it may have.
        limit: u64,
    },
}

impl TrainError {
    /// What cures it.
    pub fn hint(&self) -> &'static str {
        match self {
            TrainError::OutOfRange { .. } => {
                "change the setting under `[model]` in `edgewise.toml`"
            }
            TrainError::TooLarge { .. } => {
                "choose a model whose memory grows with the log, such as ridge"
            }
            TrainError::Spill { .. } => {
                "allow more memory with `--memory`, or name a folder with room in `TMPDIR`"
            }
            TrainError::NoRoom { .. } => {
                "raise `--memory`, or learn from fewer rows: the newest months are worth the most"
            }
            TrainError::TooManyRows { .. } => "learn from fewer rows, such as the newest months",
            TrainError::NothingToLearn => "look at the cleaning report: every row was refused",
            TrainError::DanglingRow { .. } => "this is a fault of the reader, please report it",
        }
    }
}

impl Params {
    /// Refuses settings that are out of range.
    ///
    /// # Errors
    /// [`TrainError::OutOfRange`] names the setting.
    pub fn check(&self) -> Result<(), TrainError> {
        for (name, found) in [("min_people", self.min_people), ("min_support", self.min_support)] {
            check_range(name, found.into(), 1.0, 1_000_000.0)?;
        }
        check_range("half_life_days", self.half_life_days, 0.01, 36_500.0)?;
        for found in self.kind_weights {
            check_range("kind_weights", found.into(), 0.0, 256.0)?;
        }
        self.trending.as_ref().map_or(Ok(()), TrendParams::check)?;
        self.seasons.as_ref().map_or(Ok(()), SeasonParams::check)?;
        for recipe in [&self.similar, &self.together, &self.next].into_iter().flatten() {
            recipe.check()?;
        }
        self.content.as_ref().map_or(Ok(()), ContentParams::check)?;
        self.rules.as_ref().map_or(Ok(()), RuleParams::check)?;
        self.rebuy.as_ref().map_or(Ok(()), RebuyParams::check)?;
        self.sessions.as_ref().map_or(Ok(()), SessionIndexParams::check)
    }

    /// Keeps another number of neighbours per item in every list.
    pub fn set_neighbours(&mut self, neighbours: u32) {
        for recipe in [&mut self.similar, &mut self.together, &mut self.next].into_iter().flatten()
        {
            recipe.neighbours = neighbours;
        }
    }
}

pub(crate) fn check_range(
    name: &'static str,
    found: f64,
    min: f64,
    max: f64,
) -> Result<(), TrainError> {
    if found >= min && found <= max {
        return Ok(());
    }
    Err(TrainError::OutOfRange { name, found, min, max })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_has_two_ends() {
        let default = Params::default;
        let with_neighbours = |neighbours| {
            let mut params = default();
            params.set_neighbours(neighbours);
            params
        };
        assert_eq!(default().check(), Ok(()));
        for bad in [
            with_neighbours(0),
            with_neighbours(1_025),
            Params { min_people: 0, ..default() },
            Params { min_support: 0, ..default() },
            Params { half_life_days: 0.0, ..default() },
            Params { half_life_days: f64::NAN, ..default() },
            Params { half_life_days: f64::INFINITY, ..default() },
        ] {
            assert!(matches!(bad.check(), Err(TrainError::OutOfRange { .. })), "{bad:?}");
        }
    }
}
