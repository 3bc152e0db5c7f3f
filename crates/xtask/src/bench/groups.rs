//! The groups of figures: each is one file in `docs/bench` and one table of its page.

mod answers;
mod engine;
pub(super) mod instructions;
mod learning;
mod parsing;
mod scale;
mod serving;
mod sizes;

use anyhow::Result;

use super::Bench;
use super::rows::Row;

/// One file of figures.
#[derive(Debug)]
pub(super) struct Group {
    /// Its name on the command line, and the file's without `.csv`.
    pub(super) name: &'static str,
    /// What it measures.
    pub(super) about: &'static str,
    /// Measures it.
    pub(super) run: fn(&Bench<'_>) -> Result<Vec<Row>>,
}

/// Every group, in the order of the page.
pub(super) const GROUPS: [Group; 7] = [
    Group { name: "sizes", about: "bytes that travel", run: sizes::run },
    Group { name: "answers", about: "one answer, beside peers", run: answers::run },
    Group { name: "serving", about: "one request in a sandbox, and over HTTP", run: serving::run },
    Group { name: "learning", about: "learning one model, beside peers", run: learning::run },
    Group { name: "scale", about: "from log to bundle, by the size of the shop", run: scale::run },
    Group { name: "parsing", about: "the same log in several formats", run: parsing::run },
    Group { name: "instructions", about: "instructions of fixed work", run: instructions::run },
];
