//! Filters of the command line and of `rules.toml`: the words they become, or what is wrong with them.

use std::cell::RefCell;
use std::ops::Range;

use edgewise_core::AttributeIdx;
use edgewise_core::condition::Word;
use edgewise_core::filter::{FilterError, Names, parse};

use crate::vocabulary::{Vocabulary, did_you_mean, nearest};

/// What a text that is no item's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnknownValue {
    /// A mistake, as in a file.
    Mistake,
    /// A value that matches nothing, as in a question.
    Nothing,
}

/// Why a filter is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum FilterFault {
    /// The text breaks the grammar.
    #[error("character {at}: found {found}, expected {expected}")]
    Grammar {
        /// Where, in characters counted from 1.
        at: usize,
        /// What stands there.
        found: String,
        /// What should.
        expected: &'static str,
    },
    /// A name that is no attribute's.
    #[error("`{found}` is no attribute of the catalogue")]
    Attribute {
        /// The name.
        found: String,
        /// Names like it.
        similar: Vec<String>,
        /// All names.
        known: Vec<String>,
    },
    /// A text that is no item's.
    #[error("no item has the {attribute} `{found}`")]
    Value {
        /// The attribute.
        attribute: String,
        /// The text.
        found: String,
        /// Values like it.
        similar: Vec<String>,
    },
}

impl FilterFault {
    /// What the user can do about it.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            FilterFault::Grammar { .. } => Some(
                "filters read like `category = \"Bags\" and not price > 20`; docs/rules.md has their grammar".to_owned(),
            ),
            FilterFault::Attribute { similar, known, .. } => did_you_mean(similar)
                .or_else(|| Some(format!("the bundle has the attributes {}", known.join(", ")))),
            FilterFault::Value { similar, attribute, .. } => did_you_mean(similar)
                .or_else(|| Some(format!("nothing is like it among the values of `{attribute}`"))),
        }
    }
}

/// The words of a filter.
///
/// # Errors
/// [`FilterFault`] names the first thing that is wrong.
pub(crate) fn filter_words(
    text: &str,
    vocabulary: &dyn Vocabulary,
    unknown: UnknownValue,
) -> Result<Vec<Word>, FilterFault> {
    let heard = Heard { vocabulary, attribute: RefCell::default(), value: RefCell::default() };
    let words = parse(text, &heard);
    match (words, heard.attribute.into_inner(), heard.value.into_inner()) {
        (Err(_), Some(found), _) => {
            let known = vocabulary.attributes();
            let similar = nearest(&found, known.iter().map(String::as_str));
            Err(FilterFault::Attribute { found, similar, known })
        }
        (Ok(_), _, Some((attribute, found))) if unknown == UnknownValue::Mistake => {
            let texts = vocabulary.texts(attribute);
            let similar = nearest(&found, texts.iter().map(String::as_str));
            let attribute = vocabulary.attributes().swap_remove(attribute.0 as usize);
            Err(FilterFault::Value { attribute, found, similar })
        }
        (Err(error), None, _) => Err(grammar(text, error)),
        (Ok(words), _, _) => Ok(words),
    }
}

fn grammar(text: &str, error: FilterError) -> FilterFault {
    let (before, rest) = text.split_at_checked(error.at).unwrap_or((text, ""));
    let mut found: String = rest.chars().take(20).collect();
    if found.len() < rest.len() {
        found.push('…');
    }
    let found = if found.is_empty() { "the end".to_owned() } else { format!("`{found}`") };
    FilterFault::Grammar { at: before.chars().count() + 1, found, expected: error.expected }
}

/// Names that remember what they did not know.
struct Heard<'v> {
    vocabulary: &'v dyn Vocabulary,
    attribute: RefCell<Option<String>>,
    value: RefCell<Option<(AttributeIdx, String)>>,
}

impl Names for Heard<'_> {
    fn attribute(&self, name: &str) -> Option<AttributeIdx> {
        let found = self.vocabulary.attribute(name);
        // Where no name stands, the grammar is broken.
        if found.is_none() && !name.is_empty() {
            *self.attribute.borrow_mut() = Some(name.to_owned());
        }
        found
    }

    fn is_number(&self, attribute: AttributeIdx) -> bool {
        self.vocabulary.is_number(attribute)
    }

    fn values(&self, attribute: AttributeIdx, text: &str) -> Range<u32> {
        let values = self.vocabulary.values(attribute, text);
        let mut unknown = self.value.borrow_mut();
        if values.is_empty() && unknown.is_none() {
            *unknown = Some((attribute, text.to_owned()));
        }
        values
    }

    fn bounds(&self, attribute: AttributeIdx, decimal: &str) -> Option<Range<u32>> {
        self.vocabulary.bounds(attribute, decimal)
    }
}
