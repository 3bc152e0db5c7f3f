//! Why experiments cannot be used.

use core::fmt;

use crate::scoring::ScoringError;

/// Experiments that cannot be used. Experiments and variants are counted from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExperimentError {
    /// A number or length out of range.
    Count {
        /// Which one.
        field: &'static str,
        /// Of which experiment.
        experiment: usize,
        /// The number found.
        found: usize,
        /// The least allowed.
        min: usize,
        /// The most allowed.
        max: usize,
    },
    /// Two experiments, or two variants of one, have one name.
    RepeatedName {
        /// The second experiment of that name, or the one with such variants.
        experiment: usize,
    },
    /// It ends before it begins.
    EmptyPeriod {
        /// Which experiment.
        experiment: usize,
    },
    /// Two experiments act at one placement at one time.
    Overlap {
        /// The first of them.
        first: usize,
        /// The second.
        second: usize,
    },
    /// A variant's ladders are not in order, or at a placement where the experiment does not act.
    LadderPlacement {
        /// Of which experiment.
        experiment: usize,
    },
    /// A variant's ladder is out of range.
    Ladder {
        /// Of which experiment.
        experiment: usize,
        /// What is wrong with it.
        cause: ScoringError,
    },
}

impl fmt::Display for ExperimentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExperimentError::Count { field, experiment, found, min, max } => write!(
                f,
                "`{field}` of experiment {experiment} is `{found}`, expected `{min}` to `{max}`"
            ),
            ExperimentError::RepeatedName { experiment } => {
                write!(f, "experiment {experiment} has a name twice")
            }
            ExperimentError::EmptyPeriod { experiment } => {
                write!(f, "experiment {experiment} ends before it begins")
            }
            ExperimentError::Overlap { first, second } => write!(
                f,
                "experiments {first} and {second} act at the same placement at the same time"
            ),
            ExperimentError::LadderPlacement { experiment } => write!(
                f,
                "experiment {experiment} has ladders out of order or where it does not act"
            ),
            ExperimentError::Ladder { experiment, .. } => {
                write!(f, "experiment {experiment} has a ladder out of range")
            }
        }
    }
}

impl core::error::Error for ExperimentError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            ExperimentError::Ladder { cause, .. } => Some(cause),
            _ => None,
        }
    }
}
