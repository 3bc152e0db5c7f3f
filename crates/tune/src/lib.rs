//! Which model suits this log: starting points per question, their measurement as packed bundles, and a search.
//!
//! This crate is *not* a trainer (`edgewise-train`) and knows no metric's formula (`edgewise-eval`). It has no clock: how
//! long a search may take is a question that it asks its caller.
//!
//! The main types are [`Goal`] (what is asked of a model, with starting points and alternatives), [`Task`] (a log with
//! questions) and [`Measured`]; [`Bench::measure`] packs a model and asks it, [`search()`] looks for a better one.
//!
//! The law: what is measured is what is served. Every figure comes from a packed bundle that `edgewise-core` scores.
//!
//! ```
//! use edgewise_tune::Goal;
//!
//! let names: Vec<&str> = Goal::Completion.presets().iter().map(|preset| preset.name).collect();
//! assert_eq!(names[..2], ["popularity", "cosine"]);
//! ```
#![forbid(unsafe_code)]

mod auto;
mod bench;
mod goal;
mod ladder;
mod search;
#[cfg(test)]
mod tests;
pub mod yardsticks;

pub use auto::{Choice, Shape, choose};
pub use bench::{Bench, Measured, Task, TuneError};
pub use goal::{Goal, Preset, Setup};
pub use ladder::with_first_rung;
pub use search::{Found, Trial, search};
