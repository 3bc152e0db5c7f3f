//! Why a question cannot be asked, and what cures it.

use crate::filters::FilterFault;
use crate::vocabulary::{did_you_mean, nearest};

/// Why a question cannot be asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum AskError {
    /// A name that the bundle does not know.
    #[error("the bundle knows no {what} `{found}`")]
    Unknown {
        /// What the name should name.
        what: &'static str,
        /// The name.
        found: String,
        /// Names that look like it.
        similar: Vec<String>,
    },
    /// The filter is none.
    #[error("the filter cannot be used")]
    Filter {
        /// What is wrong with it.
        #[source]
        fault: FilterFault,
    },
}

impl AskError {
    /// What the user can do about it.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            AskError::Filter { fault } => fault.hint(),
            AskError::Unknown { what, similar, .. } => did_you_mean(similar).or_else(|| {
                Some(format!(
                    "`edgewise inspect` shows what the bundle holds; the {what} may have had no clean rows"
                ))
            }),
        }
    }
}

/// An error with the up to three names that look most like what was found.
pub(super) fn unknown<'n>(
    what: &'static str,
    found: &str,
    names: impl Iterator<Item = &'n str>,
) -> AskError {
    AskError::Unknown { what, found: found.to_owned(), similar: nearest(found, names) }
}
