//! A table of a TOML file whose keys and values know their lines.

use std::path::Path;

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use toml::value::Datetime;

use super::error::{Place, RulesError};

/// Longest value that a message shows.
const MAX_SHOWN: usize = 60;

/// The text of a file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text<'f> {
    pub(super) path: &'f Path,
    pub(super) text: &'f str,
}

impl Text<'_> {
    fn line(&self, at: usize) -> usize {
        let before = self.text.get(..at).unwrap_or(self.text);
        before.bytes().filter(|&byte| byte == b'\n').count() + 1
    }

    /// As it is written, on one line.
    fn written(&self, span: std::ops::Range<usize>) -> String {
        let text =
            self.text.get(span).unwrap_or("").split_whitespace().collect::<Vec<_>>().join(" ");
        let text = text.trim_matches(['"', '\'']);
        match text.char_indices().nth(MAX_SHOWN) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text.to_owned(),
        }
    }
}

/// One table.
#[derive(Clone, Debug)]
pub(super) struct Section<'f> {
    text: Text<'f>,
    table: &'f DeTable<'f>,
    /// Where it begins.
    at: usize,
    /// The rule that it is part of.
    rule: Option<&'f str>,
    /// What stands before its keys in messages.
    prefix: String,
}

/// A value with where it stands.
type Found<'f> = &'f Spanned<DeValue<'f>>;

impl<'f> Section<'f> {
    /// The table of a whole file.
    pub(super) fn of_file(text: Text<'f>, table: &'f Spanned<DeTable<'f>>) -> Section<'f> {
        Section { text, table: table.get_ref(), at: 0, rule: None, prefix: String::new() }
    }

    /// Refuses keys that are none of these.
    pub(super) fn knows(&self, known: &'static [&'static str]) -> Result<(), RulesError> {
        let unknown = self.table.keys().find(|key| !known.contains(&key.get_ref().as_ref()));
        match unknown {
            None => Ok(()),
            Some(key) => Err(RulesError::UnknownKey {
                place: Box::new(self.place_at(key.span().start)),
                found: format!("{}{}", self.prefix, key.get_ref()),
                known,
            }),
        }
    }

    /// The keys that the table has of these.
    pub(super) fn which(&self, keys: &[&'static str]) -> Vec<&'static str> {
        keys.iter().copied().filter(|key| self.get(key).is_some()).collect()
    }

    /// The same table, as part of a rule.
    pub(super) fn of_rule(self, rule: &'f str) -> Section<'f> {
        Section { rule: Some(rule), ..self }
    }

    /// Where the table begins.
    pub(super) fn place(&self) -> Place {
        self.place_at(self.at)
    }

    /// Where a key's value stands; where the table begins, when it is not there.
    pub(super) fn place_of(&self, key: &str) -> Place {
        self.place_at(self.get(key).map_or(self.at, |found| found.span().start))
    }

    /// A value that the key cannot have.
    pub(super) fn bad(&self, key: &str, expected: &'static str) -> RulesError {
        let Some(found) = self.get(key) else { return self.missing(key, expected) };
        RulesError::BadValue {
            place: Box::new(self.place_of(key)),
            key: self.key(key),
            found: self.text.written(found.span()),
            expected,
        }
    }

    /// A key that should be there.
    pub(super) fn missing(&self, key: &str, expected: &'static str) -> RulesError {
        RulesError::Missing { place: Box::new(self.place()), key: self.key(key), expected }
    }

    /// A key as messages name it.
    pub(super) fn key(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }

    pub(super) fn string(&self, key: &str) -> Result<Option<&'f str>, RulesError> {
        self.value(key, "a text in quotes", |value| value.as_str())
    }

    /// A text that must be there.
    pub(super) fn text(&self, key: &str, expected: &'static str) -> Result<&'f str, RulesError> {
        self.string(key)?.filter(|text| !text.is_empty()).ok_or_else(|| self.bad(key, expected))
    }

    pub(super) fn datetime(
        &self,
        key: &str,
        expected: &'static str,
    ) -> Result<Option<&'f Datetime>, RulesError> {
        self.value(key, expected, |value| match value {
            DeValue::Datetime(datetime) => Some(datetime),
            _ => None,
        })
    }

    /// A number within a range, whole or not.
    pub(super) fn number(
        &self,
        key: &str,
        range: std::ops::RangeInclusive<f64>,
        expected: &'static str,
    ) -> Result<Option<f64>, RulesError> {
        self.value(key, expected, |value| {
            let text = match value {
                DeValue::Integer(integer) => integer.as_str(),
                DeValue::Float(float) => float.as_str(),
                _ => return None,
            };
            text.parse().ok().filter(|number| range.contains(number))
        })
    }

    /// A whole number within a range.
    pub(super) fn whole(
        &self,
        key: &str,
        range: std::ops::RangeInclusive<u32>,
        expected: &'static str,
    ) -> Result<Option<u32>, RulesError> {
        self.value(key, expected, |value| {
            let integer = value.as_integer().filter(|integer| integer.radix() == 10)?;
            integer.as_str().parse().ok().filter(|number| range.contains(number))
        })
    }

    pub(super) fn strings(
        &self,
        key: &str,
        expected: &'static str,
    ) -> Result<Option<Vec<&'f str>>, RulesError> {
        self.value(key, expected, |value| {
            value.as_array()?.iter().map(|entry| entry.get_ref().as_str()).collect()
        })
    }

    /// A table in the table.
    pub(super) fn section(
        &self,
        key: &str,
        expected: &'static str,
    ) -> Result<Section<'f>, RulesError> {
        let table = self.value(key, expected, |value| value.as_table())?;
        let table = table.ok_or_else(|| self.missing(key, expected))?;
        let at = self.get(key).map_or(self.at, |found| found.span().start);
        Ok(Section { text: self.text, table, at, rule: self.rule, prefix: format!("{key}.") })
    }

    /// The tables of an array of tables.
    pub(super) fn sections(&self, key: &'static str) -> Result<Vec<Section<'f>>, RulesError> {
        let expected = "tables, each under `[[rule]]`";
        let found = self.value(key, expected, |value| {
            let tables = value.as_array()?.iter();
            tables.map(|entry| Some((entry.get_ref().as_table()?, entry.span().start))).collect()
        });
        let found: Vec<(&'f DeTable<'f>, usize)> = found?.unwrap_or_default();
        let section =
            |(table, at)| Section { text: self.text, table, at, rule: None, prefix: String::new() };
        Ok(found.into_iter().map(section).collect())
    }

    fn value<T>(
        &self,
        key: &str,
        expected: &'static str,
        read: impl FnOnce(&'f DeValue<'f>) -> Option<T>,
    ) -> Result<Option<T>, RulesError> {
        self.get(key)
            .map(|found| read(found.get_ref()).ok_or_else(|| self.bad(key, expected)))
            .transpose()
    }

    fn get(&self, key: &str) -> Option<Found<'f>> {
        self.table.iter().find(|(name, _)| name.get_ref() == key).map(|(_, value)| value)
    }

    fn place_at(&self, at: usize) -> Place {
        Place {
            path: self.text.path.to_owned(),
            line: self.text.line(at),
            rule: self.rule.map(str::to_owned),
        }
    }
}
