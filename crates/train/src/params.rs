//! What can be tuned, and the range of each.

use edgewise_core::Scoring;

/// The trainer's settings. [`Params::check`] refuses what is out of range.
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    /// Related items kept per target item. `1`: only the single best source leads to an item, the smallest bundle.
    /// `1024`: nearly every pair stays, the largest bundle and the noisiest lists. Range `1..=1024`.
    pub neighbours: u32,
    /// Distinct people behind every fact that is published. `1`: no protection; one person's basket can be read from
    /// the bundle. `1000`: only mass behaviour remains. Range `1..=1_000_000`.
    pub min_people: u32,
    /// Baskets that must hold a pair before it counts as bought together. `1`: chance pairs stay. Large: only staple
    /// pairs stay. Range `1..=1_000_000`.
    pub min_support: u32,
    /// Age at which an interaction counts half for popularity, in days before the newest one. Small: only the last
    /// days count. Large: all time counts the same. Range `0.01..=36_500.0`.
    pub half_life_days: f64,
    /// How lists are combined when the model is asked.
    pub scoring: Scoring,
}

impl Default for Params {
    fn default() -> Params {
        Params {
            neighbours: 20,
            min_people: 3,
            min_support: 3,
            half_life_days: 60.0,
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
        for (name, found, max) in [
            ("neighbours", self.neighbours, 1_024),
            ("min_people", self.min_people, 1_000_000),
            ("min_support", self.min_support, 1_000_000),
        ] {
            check_range(name, found.into(), 1.0, f64::from(max))?;
        }
        check_range("half_life_days", self.half_life_days, 0.01, 36_500.0)
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
        assert_eq!(default().check(), Ok(()));
        for bad in [
            Params { neighbours: 0, ..default() },
            Params { neighbours: 1_025, ..default() },
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
