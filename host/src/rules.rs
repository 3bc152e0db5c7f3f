//! `rules.toml`: what a shop pins, boosts, caps and hides, from the file to the words of a bundle.
//!
//! A file is checked twice: for what it says as soon as it is read, and for the names of items, attributes and values
//! once there is a bundle that has them. Equal files give equal rules: neither comments nor the order of keys, nor that
//! of rules except pins of one position, reach the words.

mod compile;
mod error;
mod file;
mod section;
mod times;
mod wording;

use std::path::{Path, PathBuf};

use edgewise_bundle::Bundle;
use edgewise_core::PolicyValues;

use crate::vocabulary::{OfBundle, Vocabulary};
use file::Draft;

pub(crate) use error::RulesError;
pub(crate) use wording::tell;

/// The rules of a file, whose names are not looked up yet.
#[derive(Clone, Debug)]
pub(crate) struct RuleFile {
    path: PathBuf,
    drafts: Vec<Draft>,
    sets: Vec<String>,
}

impl RuleFile {
    /// Reads a file.
    ///
    /// # Errors
    /// [`RulesError`] for all but names of the catalogue.
    pub(crate) fn read(path: &Path) -> Result<RuleFile, RulesError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| RulesError::Read { path: path.to_owned(), source })?;
        RuleFile::parse(&text, path)
    }

    /// Reads the text of a file.
    ///
    /// # Errors
    /// As [`RuleFile::read`].
    pub(crate) fn parse(text: &str, path: &Path) -> Result<RuleFile, RulesError> {
        let (drafts, sets) = file::parse(text, path)?;
        Ok(RuleFile { path: path.to_owned(), drafts, sets })
    }

    /// Where the rules are from.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The sets that the rules belong to, by number: `always`, then the others by name.
    pub(crate) fn sets(&self) -> &[String] {
        &self.sets
    }

    /// How many rules there are.
    pub(crate) fn n_rules(&self) -> usize {
        self.drafts.len()
    }

    /// The rules for a bundle that has the vocabulary.
    ///
    /// # Errors
    /// [`RulesError`] for names that the vocabulary does not have.
    pub(crate) fn compile(&self, vocabulary: &dyn Vocabulary) -> Result<PolicyValues, RulesError> {
        compile::compile(&self.drafts, &self.sets, vocabulary)
    }

    /// A bundle with these rules in place of its own.
    ///
    /// # Errors
    /// Those of [`RuleFile::compile`]; rules over a limit of the format.
    pub(crate) fn put_into(&self, bytes: &[u8]) -> anyhow::Result<Vec<u8>> {
        let bundle = Bundle::open(bytes)?;
        let values = self.compile(&OfBundle(&bundle))?;
        Ok(edgewise_bundle::with_policy(&bundle, Some(&values))?)
    }
}

#[cfg(test)]
mod tests;
