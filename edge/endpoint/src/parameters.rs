//! Every parameter: its name, what it takes, and which paths know it.

use alloc::string::String;

use crate::problem::{Problem, ProblemCode};

/// What a parameter takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParameterKind {
    /// Text; in a URL percent-encoded.
    Text,
    /// A list of item ids; in a URL with commas.
    Ids,
    /// A whole number.
    Number,
    /// True or false; in a URL also 1 or 0.
    Flag,
    /// A whole number or text.
    NumberOrText,
    /// A list of maps of parameters; in no URL.
    Maps,
}

impl ParameterKind {
    /// What a value of another kind is told.
    pub(crate) const fn allowed(self) -> &'static str {
        match self {
            ParameterKind::Text => "text",
            ParameterKind::Ids => "a list of item ids",
            ParameterKind::Number => "a whole number from 1 to 100",
            ParameterKind::Flag => "true or false; in a URL also 1 or 0",
            ParameterKind::NumberOrText => "a whole number or text",
            ParameterKind::Maps => "a list of 1 to 8 maps",
        }
    }
}

/// A bit for each family of paths that share their parameters.
pub(crate) type Families = u8;
/// Recommendations.
pub(crate) const RECS: Families = 1;
/// Why an item is, or is not, among them.
pub(crate) const EXPLAIN: Families = 2;
/// Cards.
pub(crate) const ITEMS: Families = 4;
/// Several questions at once.
pub(crate) const BATCH: Families = 8;

/// A parameter.
#[derive(Clone, Copy, Debug)]
pub struct Parameter {
    /// Its name on the wire.
    pub name: &'static str,
    /// What it takes.
    pub kind: ParameterKind,
    /// Which paths know it.
    pub(crate) families: Families,
}

/// Positions in [`PARAMETERS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Name {
    Placement,
    Item,
    History,
    Ages,
    Kinds,
    Cart,
    Region,
    Category,
    Segment,
    Filter,
    Exclude,
    Seen,
    K,
    At,
    Seed,
    Visitor,
    Explain,
    Cards,
    Target,
    Ids,
    Distinct,
    Questions,
}

const fn of(name: &'static str, kind: ParameterKind, families: Families) -> Parameter {
    Parameter { name, kind, families }
}

/// How many there are.
pub(crate) const N_PARAMETERS: usize = 22;

/// Every parameter.
pub static PARAMETERS: [Parameter; N_PARAMETERS] = [
    of("placement", ParameterKind::Text, RECS),
    of("item", ParameterKind::Text, RECS),
    of("history", ParameterKind::Ids, RECS),
    of("ages", ParameterKind::Text, RECS),
    of("kinds", ParameterKind::Text, RECS),
    of("cart", ParameterKind::Ids, RECS),
    of("region", ParameterKind::Text, RECS),
    of("category", ParameterKind::Text, RECS),
    of("segment", ParameterKind::Text, RECS),
    of("filter", ParameterKind::Text, RECS),
    of("exclude", ParameterKind::Ids, RECS),
    of("seen", ParameterKind::Text, RECS),
    of("k", ParameterKind::Number, RECS),
    of("at", ParameterKind::NumberOrText, RECS),
    of("seed", ParameterKind::NumberOrText, RECS),
    of("visitor", ParameterKind::Text, RECS),
    of("explain", ParameterKind::Flag, RECS),
    of("cards", ParameterKind::Flag, RECS),
    of("target", ParameterKind::Text, EXPLAIN),
    of("ids", ParameterKind::Ids, ITEMS),
    of("distinct", ParameterKind::Flag, BATCH),
    of("questions", ParameterKind::Maps, BATCH),
];

/// The position of a parameter that these paths know.
pub(crate) fn find(name: &str, families: Families) -> Result<usize, Problem> {
    let is_it = |known: &Parameter| known.families & families > 0 && known.name == name;
    PARAMETERS.iter().position(is_it).ok_or_else(|| {
        let mut allowed = String::new();
        for known in PARAMETERS.iter().filter(|known| known.families & families > 0) {
            if !allowed.is_empty() {
                allowed.push_str(", ");
            }
            allowed.push_str(known.name);
        }
        let allowed = if allowed.is_empty() { "no parameter" } else { allowed.as_str() };
        Problem::new(ProblemCode::UnknownParameter, name, allowed)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use edgewise_core::MAX_K;

    use crate::batch::MAX_QUESTIONS;
    use crate::problem::decimal;

    #[test]
    fn names_are_positions() {
        for (name, expected) in [
            (Name::Placement, "placement"),
            (Name::Exclude, "exclude"),
            (Name::Cards, "cards"),
            (Name::Questions, "questions"),
        ] {
            assert_eq!(PARAMETERS.get(name as usize).map(|known| known.name), Some(expected));
        }
    }

    #[test]
    fn messages_agree_with_the_limits() {
        let has =
            |kind: ParameterKind, limit: usize| kind.allowed().contains(&decimal(limit as u64));
        assert!(has(ParameterKind::Number, MAX_K) && has(ParameterKind::Maps, MAX_QUESTIONS));
    }
}
