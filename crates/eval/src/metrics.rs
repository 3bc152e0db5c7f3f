//! What is measured. Formulas, edge cases and worked numbers: `docs/evaluation.md`.

mod accuracy;
mod bootstrap;
mod spread;

pub use accuracy::{Metric, Truth};
pub use bootstrap::{Bootstrap, Difference, Estimate, Interval, UnitSums};
pub use spread::{coverage, diversity, gini, head_share, novelty};
