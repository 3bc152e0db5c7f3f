//! Public benchmarks in their usual text forms. Rules of each protocol: `docs/evaluation.md`.
//!
//! Every reader takes text and returns values; only [`folder`] knows paths. An item's id is the decimal text of its number.
//! Where a file has no times but its order means time, times are made up and the reader says how.

mod baskets;
mod error;
pub mod folder;
mod lines;
mod next_basket;
mod numbers;
mod session_lines;
mod session_table;
#[cfg(test)]
mod tests;
mod top_n;

use edgewise_core::{Catalog, EventKind, Interaction, Interactions, ItemIdx};

pub use baskets::baskets;
pub use error::BenchmarkError;
pub use lines::Source;
pub use next_basket::next_basket;
pub use session_lines::session_lines;
pub use session_table::session_table;
pub use top_n::top_n;

use crate::case::Case;
use crate::split::{Protocol, Share, Split};

/// A benchmark: what may be learnt from, and what is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Benchmark {
    /// Which question it asks.
    pub protocol: Protocol,
    /// Every item of the training and test parts.
    pub catalog: Catalog,
    /// The training part.
    pub train: Interactions,
    /// The test part.
    pub cases: Vec<Case>,
    /// What a reader of the figures should know of the files.
    pub notes: Vec<String>,
}

impl Benchmark {
    /// A cut of the training part by the rules of the test, for tuning. See [`Protocol::validation`].
    pub fn validation(&self, share: Share) -> Split {
        self.protocol.validation(&self.train, share)
    }
}

/// How often each of `n_items` items occurs in a log.
pub fn taken(log: &Interactions, n_items: usize) -> Vec<u64> {
    let mut counts = vec![0; n_items];
    for row in &log.rows {
        if let Some(count) = counts.get_mut(row.item.index()) {
            *count += 1;
        }
    }
    counts
}

/// A row of an item; the rest is filled in with `..`.
fn row(item: ItemIdx, kind: EventKind) -> Interaction {
    Interaction { item, user: None, order: None, time_s: None, region: None, segment: None, kind }
}

/// Rows and users of a file are numbered by `u32`; a file that has more than those does not fit into memory either.
fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
