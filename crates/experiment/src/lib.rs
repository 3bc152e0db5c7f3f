//! Does a variant do better: how many visitors an experiment needs, and what its events say.
//!
//! This crate is *not* a reader of files (that is `edgewise-ingest`), assigns nobody (`edgewise_core::Experiments` does),
//! and shows nothing: it takes numbers and events, and returns figures.
//!
//! The main types are [`Plan`] with its [`SampleSize`], and [`Analysis`], which [`analyse`] makes of [`Event`]s.
//!
//! The law: looking at a report every day does not raise the chance of a false alarm above the `alpha` of its
//! [`Settings`]. Every formula names its source; `docs/experiments.md` has them with worked numbers, and simulations in
//! `tests` hold them to what they say.
//!
//! ```
//! use edgewise_experiment::Plan;
//!
//! // Three of a hundred visitors buy; a tenth more would be worth knowing.
//! let plan = Plan { baseline: 0.03, effect: 0.1, ..Plan::default() };
//! let size = plan.sample_size()?;
//! assert_eq!(size.one_look, 53_211);
//! assert!(size.daily_looks > size.one_look);
//! # Ok::<(), edgewise_experiment::PlanError>(())
//! ```
#![forbid(unsafe_code)]

mod analyse;
mod events;
mod moments;
mod normal;
mod plan;
mod proportion;
mod sample_ratio;
mod sequential;

pub use analyse::{
    Analysis, Comparison, Lift, Look, Refusal, Settings, VariantFigures, Verdict, analyse,
};
pub use events::{Event, EventKind, Figure, Unit};
pub use moments::{Moments, Rate};
pub use plan::{Plan, PlanError, SampleSize};
pub use proportion::wilson;
pub use sample_ratio::{SUSPICIOUS, SampleRatio};
pub use sequential::{Estimate, Mixture};

/// A range of values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}
