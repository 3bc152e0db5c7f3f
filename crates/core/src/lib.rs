//! What a recommendation is: ids, the query, views of a model, integer scoring, filters, reasons and order.
//!
//! This crate is *not* a file format (that is `edgewise-bundle`), not a trainer (`edgewise-train`) and not a
//! protocol (`edgewise-endpoint`). It has no powers: no clock, no randomness, no I/O, no floating point in a score.
//!
//! The main types are [`Query`], the [`Model`] trait that a bundle's views implement, and [`Recommendation`];
//! [`recommend`] goes from the first two to the third.
//!
//! The law: the same model and query give the same answer, bit for bit, on every target. Results are ordered by
//! rung of the ladder, then score descending, then [`ItemIdx`] ascending, and `k` only cuts that order.
//!
//! ```
//! use edgewise_core::{top_k, ItemIdx, Scored};
//!
//! let tie = |row| Scored { item: ItemIdx(row), score: 7 };
//! let best = top_k([tie(2), tie(0), tie(1)].into_iter(), 2);
//! assert_eq!(best, [tie(0), tie(1)]);
//! ```
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

mod accumulate;
mod acting;
pub mod calendar;
pub mod condition;
mod contribute;
mod experiment;
mod explain;
pub mod filter;
pub mod ids;
pub mod interactions;
mod mix;
mod model;
pub mod paths;
pub mod policy;
mod query;
mod recommend;
mod rules;
mod scoring;
mod sessions;
mod top_k;
mod values;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod naive;
#[cfg(test)]
mod policy_laws;
#[cfg(test)]
mod toy;

pub use calendar::{Cell, LocalTime, SEASON_RANGE, SEASON_STEPS, TimeZone, Transition};
pub use experiment::{
    ALL_RULE_SETS, Assigned, Experiment, ExperimentError, Experiments, MAX_EXPERIMENT_NAME_BYTES,
    MAX_EXPERIMENTS, MAX_VARIANTS, Period, Placements, SHARE_ONE, Variant, Visit, slot,
};
pub use explain::{Obstacle, acts, moves, obstacle, steady};
pub use ids::{AttributeIdx, CategoryIdx, ItemIdx, OrderIdx, RegionIdx, SegmentIdx, UserIdx};
pub use interactions::{
    Attribute, AttributeValues, Catalog, CatalogItem, EventKind, Interaction, Interactions,
};
pub use model::{Audience, Model, Relation, Weighted};
pub use query::{
    Context, Event, MAX_CART, MAX_EXCLUDE, MAX_HISTORY, MAX_K, Placement, Query, Seen,
};
pub use recommend::{
    Contribution, MAX_RANKED, Origin, Recommendation, Scratch, recommend, recommend_with,
};
pub use rules::{
    AntecedentRules, MAX_ANTECEDENTS, Others, RuleContribution, RuleSet, Rules, each_rule,
};
pub use scoring::{
    Among, MAX_DECAY, MAX_DECAY_ENTRIES, MAX_DECAYS, MAX_POPULAR, MAX_RUNG_WEIGHT, MAX_RUNGS,
    MAX_TERM_WEIGHT, MAX_TERMS, Rung, Scoring, ScoringError, Source, Tables, Term,
};
pub use sessions::{
    ItemWeights, MAX_DISTANCES, MAX_SESSION_NEIGHBOURS, MAX_SESSION_WEIGHT, SessionIndex,
    SessionSimilarity, SessionTables, session_contributions,
};
pub use top_k::{Scored, top_k};
pub use values::{
    ModelValues, PolicyValues, SeasonValues, SessionRow, SessionValues, WeightedItem,
};
