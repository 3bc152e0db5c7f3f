//! From the words of a file to the words of a bundle.

use std::ops::Range;

use edgewise_core::condition::{Condition, ConditionBuilder, Word};
use edgewise_core::policy::{Action, Rule};
use edgewise_core::{AttributeIdx, PolicyValues};

use super::error::RulesError;
use super::file::{Draft, DraftAction};
use crate::filters::{UnknownValue, filter_words};
use crate::vocabulary::{Vocabulary, nearest};

/// The rules with the rows of a bundle in place of names. Pins come first, in the order of the file, because of two pins
/// of one position the first one counts; the others by name, so that their order in the file means nothing.
pub(super) fn compile(
    drafts: &[Draft],
    sets: &[String],
    vocabulary: &dyn Vocabulary,
) -> Result<PolicyValues, RulesError> {
    let is_pin = |draft: &&Draft| matches!(draft.action, DraftAction::Pin { .. });
    let (mut ordered, mut others): (Vec<&Draft>, Vec<&Draft>) = drafts.iter().partition(is_pin);
    others.sort_by(|a, b| a.name.cmp(&b.name));
    ordered.append(&mut others);
    let mut words = Vec::new();
    for draft in &ordered {
        let compiler = Compiler { draft, vocabulary };
        let (action, condition) = compiler.action()?;
        // Cannot fail: sets are those of the rules, and few.
        let set = sets.iter().position(|set| *set == draft.set).unwrap_or(0);
        Rule {
            action,
            placements: draft.placements,
            set: u8::try_from(set).unwrap_or(u8::MAX),
            from_minute: draft.from_minute,
            until_minute: draft.until_minute,
            condition: Condition(&condition),
        }
        .put(&mut words);
    }
    let rules = ordered.iter().map(|draft| draft.name.clone()).collect();
    Ok(PolicyValues { rules, sets: sets.to_vec(), words })
}

struct Compiler<'c> {
    draft: &'c Draft,
    vocabulary: &'c dyn Vocabulary,
}

impl Compiler<'_> {
    fn action(&self) -> Result<(Action, Vec<Word>), RulesError> {
        let alone = |action| Ok((action, Vec::new()));
        match &self.draft.action {
            DraftAction::Include { filter } => Ok((Action::Keep, self.filter("include", filter)?)),
            DraftAction::Exclude { filter } => Ok((Action::Drop, self.filter("exclude", filter)?)),
            DraftAction::Boost { key, factor, filter } => {
                Ok((Action::Boost(*factor), self.filter(&format!("{key}.where"), filter)?))
            }
            DraftAction::Pin { item, position } => {
                let item = self.vocabulary.item(item).ok_or_else(|| {
                    self.unknown("pin.item", ("item", item), &self.vocabulary.ids())
                })?;
                alone(Action::Pin { item, position: *position })
            }
            DraftAction::Cap { attribute, most } => {
                let attribute = self.attribute("cap.attribute", attribute)?;
                alone(Action::Cap { attribute, n: *most })
            }
            DraftAction::Band { key, attribute, share } => {
                Ok((Action::Keep, self.band(key, attribute, share.clone())?))
            }
            DraftAction::Available { from, until } => {
                Ok((Action::Keep, self.available([from.as_deref(), until.as_deref()])?))
            }
            DraftAction::HidePurchased { days } => alone(Action::HidePurchased { days: *days }),
            DraftAction::Diversity { strength } => alone(Action::Diversity(*strength)),
            DraftAction::Rotate { strength, period_minutes } => {
                alone(Action::Rotate { strength: *strength, period_minutes: *period_minutes })
            }
        }
    }

    fn filter(&self, key: &str, text: &str) -> Result<Vec<Word>, RulesError> {
        filter_words(text, self.vocabulary, UnknownValue::Mistake).map_err(|fault| {
            RulesError::Filter {
                place: self.draft.place.clone(),
                key: key.to_owned(),
                fault: Box::new(fault),
            }
        })
    }

    fn band(&self, key: &str, name: &str, share: Range<u32>) -> Result<Vec<Word>, RulesError> {
        let attribute = self.attribute(key, name)?;
        self.decimals(key, name, attribute)?;
        let mut builder = ConditionBuilder::default();
        builder.is_in_band(attribute, share);
        Ok(builder.into_words())
    }

    /// Not before the one time and not from the other one on. An item without such a time, and a question without one,
    /// is let through.
    fn available(&self, bounds: [Option<&str>; 2]) -> Result<Vec<Word>, RulesError> {
        let mut builder = ConditionBuilder::default();
        for ((key, name), is_until) in ["available_between.from", "available_between.until"]
            .into_iter()
            .zip(bounds)
            .zip([false, true])
        {
            let Some(name) = name else { continue };
            let attribute = self.attribute(key, name)?;
            if self.decimals(key, name, attribute)? > 0 {
                return Err(self.bad(
                    key,
                    name,
                    "an attribute of whole minutes since 1970-01-01T00:00Z",
                ));
            }
            let is_second = !builder.words().is_empty();
            if is_until {
                builder.has_come(attribute);
            } else {
                builder.is_to_come(attribute);
            }
            builder.not();
            if is_second {
                builder.and();
            }
        }
        Ok(builder.into_words())
    }

    fn attribute(&self, key: &str, name: &str) -> Result<AttributeIdx, RulesError> {
        let found = self.vocabulary.attribute(name);
        found.ok_or_else(|| self.unknown(key, ("attribute", name), &self.vocabulary.attributes()))
    }

    /// How many decimals an attribute of numbers has.
    fn decimals(&self, key: &str, name: &str, attribute: AttributeIdx) -> Result<u8, RulesError> {
        let decimals = self.vocabulary.decimals(attribute);
        decimals.ok_or_else(|| self.bad(key, name, "an attribute of numbers"))
    }

    fn bad(&self, key: &str, found: &str, expected: &'static str) -> RulesError {
        let (place, key, found) = (self.draft.place.clone(), key.to_owned(), found.to_owned());
        RulesError::BadValue { place, key, found, expected }
    }

    fn unknown(
        &self,
        key: &str,
        (what, found): (&'static str, &str),
        names: &[String],
    ) -> RulesError {
        RulesError::Unknown {
            place: self.draft.place.clone(),
            key: key.to_owned(),
            what,
            found: found.to_owned(),
            similar: nearest(found, names.iter().map(String::as_str)),
        }
    }
}
