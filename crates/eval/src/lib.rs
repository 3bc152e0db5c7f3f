//! Is it any good: splits, metrics over the full catalogue with confidence intervals, and readers of public benchmarks.
//!
//! This crate is *not* a trainer and reads no bundle: it asks whatever implements [`Recommender`], which every model of
//! `edgewise-core` does through [`ModelRecommender`]. It has no clock and no randomness of its own.
//!
//! The main types are [`Case`] (a question with its truth), [`Split`] and [`Evaluation`]; [`evaluate`] goes from the
//! first to the last.
//!
//! The law: the same cases and rankings give the same numbers, bit for bit, on any number of threads. Every formula is in
//! `docs/evaluation.md` with a worked number, which is a test here.
//!
//! ```
//! use std::time::Duration;
//!
//! use edgewise_core::{ItemIdx, Placement};
//! use edgewise_eval::{Bootstrap, Case, Metric, Popular, Settings, UnitIdx, evaluate};
//!
//! let taken = [3, 8, 5];
//! let case = Case { relevant: vec![ItemIdx(2)], ..Case::new(UnitIdx(0), Placement::Home) };
//! let settings = Settings {
//!     ks: &[2],
//!     metrics: &Metric::ALL,
//!     taken: &taken,
//!     similarity: None,
//!     bootstrap: Bootstrap::default(),
//! };
//! let found = evaluate(&Popular::new(&taken), &[case], &settings, &|| Duration::ZERO);
//! assert_eq!(found.score(Metric::ReciprocalRank, 2).unwrap().mean, 0.5);
//! ```
#![forbid(unsafe_code)]

pub mod benchmarks;
mod case;
mod evaluate;
pub mod metrics;
mod model;
mod random;
mod recommender;
pub mod report;
pub mod split;

pub use benchmarks::{Benchmark, BenchmarkError};
pub use case::{Case, Past, UnitIdx};
pub use evaluate::{
    Clock, Comparison, Evaluation, Latency, Score, Settings, Similarity, Spread, evaluate,
};
pub use metrics::{Bootstrap, Difference, Estimate, Interval, Metric};
pub use model::{ItemMap, ModelRecommender, Newest};
pub use recommender::{Popular, Recommender};
pub use split::{Protocol, Question, Repeats, Share, ShopSplit, Split, Unasked};
