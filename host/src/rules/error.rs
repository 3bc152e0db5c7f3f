//! Why rules cannot be used, and what cures it.

use std::fmt;
use std::path::PathBuf;

use crate::filters::FilterFault;
use crate::vocabulary::{did_you_mean, nearest};

/// Where in a file something stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The file.
    pub(crate) path: PathBuf,
    /// The line, counted from 1.
    pub(crate) line: usize,
    /// The name of the rule, when it is in one that has a name.
    pub(crate) rule: Option<String>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`, line {}", self.path.display(), self.line)?;
        self.rule.as_ref().map_or(Ok(()), |rule| write!(f, ", rule `{rule}`"))
    }
}

/// Why rules cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum RulesError {
    /// The file cannot be read.
    #[error("cannot read the rules `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The file is no TOML.
    #[error("the rules `{}` cannot be understood", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// Where and what.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// A key that does not exist.
    #[error("{place}: there is no key `{found}`")]
    UnknownKey {
        /// Where.
        place: Box<Place>,
        /// The key.
        found: String,
        /// The keys that may stand there.
        known: &'static [&'static str],
    },
    /// A value is none that the key can have.
    #[error("{place}: `{key}` is `{found}`, expected {expected}")]
    BadValue {
        /// Where.
        place: Box<Place>,
        /// The key.
        key: String,
        /// The value as it is written.
        found: String,
        /// What it may be.
        expected: &'static str,
    },
    /// A key is missing.
    #[error("{place}: `{key}` is missing, expected {expected}")]
    Missing {
        /// Where.
        place: Box<Place>,
        /// The key.
        key: String,
        /// What it may be.
        expected: &'static str,
    },
    /// A rule does nothing or several things.
    #[error("{place}: found {}, expected one action", actions(found))]
    Actions {
        /// Where.
        place: Box<Place>,
        /// The actions of the rule.
        found: Vec<&'static str>,
    },
    /// Two rules have one name.
    #[error("{place}: line {first_line} has a rule of this name")]
    Repeated {
        /// Where the second one is.
        place: Box<Place>,
        /// Where the first one is.
        first_line: usize,
    },
    /// More rules or sets than a bundle holds.
    #[error("the rules `{}` have {found} {what}, expected at most {limit}", path.display())]
    TooMany {
        /// The file.
        path: PathBuf,
        /// Of what.
        what: &'static str,
        /// How many.
        found: usize,
        /// The limit.
        limit: usize,
    },
    /// A filter is none.
    #[error("{place}: `{key}` cannot be used")]
    Filter {
        /// Where.
        place: Box<Place>,
        /// The key.
        key: String,
        /// What is wrong with it.
        #[source]
        fault: Box<FilterFault>,
    },
    /// A name that the catalogue does not have.
    #[error("{place}: `{key}` names the {what} `{found}`, which is not known")]
    Unknown {
        /// Where.
        place: Box<Place>,
        /// The key.
        key: String,
        /// What the name should name.
        what: &'static str,
        /// The name.
        found: String,
        /// Names like it.
        similar: Vec<String>,
    },
}

fn actions(found: &[&str]) -> String {
    match found {
        [] => "no action".to_owned(),
        found => format!("the actions `{}`", found.join("`, `")),
    }
}

impl RulesError {
    /// What the user can do about it.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            RulesError::Read { .. } => {
                Some("relative paths of a configuration start at its folder".to_owned())
            }
            RulesError::Syntax { .. } => {
                Some("docs/rules.md shows every key and how it is written".to_owned())
            }
            RulesError::UnknownKey { found, known, .. } => did_you_mean(&nearest(
                found.rsplit('.').next().unwrap_or(found),
                known.iter().copied(),
            ))
            .or_else(|| Some(format!("the keys are `{}`", known.join("`, `")))),
            RulesError::Actions { found, .. } if found.is_empty() => {
                Some(format!("the actions are `{}`", super::file::ACTIONS.join("`, `")))
            }
            RulesError::Actions { .. } => {
                Some("write a rule for each; rules of one set act together".to_owned())
            }
            RulesError::Repeated { .. } => {
                Some("answers say by its name which rule acted: give every rule its own".to_owned())
            }
            RulesError::Filter { fault, .. } => fault.hint(),
            RulesError::Unknown { similar, what, .. } => did_you_mean(similar)
                .or_else(|| Some(format!("nothing that is known as {what} is like it"))),
            RulesError::BadValue { .. }
            | RulesError::Missing { .. }
            | RulesError::TooMany { .. } => None,
        }
    }
}
