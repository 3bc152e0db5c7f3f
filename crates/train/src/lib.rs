//! Clean interactions to the values of a model: similar items, items bought together, popularity.
//!
//! This crate is *not* a reader of files (`edgewise-ingest`), does not quantise (`edgewise-bundle` does, when it
//! packs), and keeps no person: what it returns holds counts of at least a minimum number of people.
//!
//! The main types are [`Params`], [`Trained`] and [`TrainError`]; [`train`] is the one entry.
//!
//! The law: rows shuffled, users and orders renumbered, another number of threads: the same values, bit for bit.
//! Counts are integers, decayed weights are summed as integers, and every cut has a total order.
//!
//! ```
//! use edgewise_core::{Catalog, CatalogItem, EventKind, Interaction, Interactions, ItemIdx, OrderIdx};
//! use edgewise_train::{Params, train};
//!
//! let item = |id: &str| CatalogItem { id: id.to_owned(), ..CatalogItem::default() };
//! let catalog = Catalog { items: vec![item("cup"), item("pot")], ..Catalog::default() };
//! let row = |order, item| Interaction {
//!     item: ItemIdx(item),
//!     user: None,
//!     order: Some(OrderIdx(order)),
//!     time_s: None,
//!     region: None,
//!     segment: None, kind: EventKind::Purchase,
//! };
//! // Three orders hold a cup and a pot, a fourth one a cup.
//! let rows = (0..3).flat_map(|order| [row(order, 0), row(order, 1)]).chain([row(3, 0)]).collect();
//! let log = Interactions { rows, n_users: 0, n_orders: 4 };
//!
//! let trained = train(&log, &catalog, &Params::default()).unwrap();
//! assert_eq!(trained.values.items[0].id, "cup");
//! assert_eq!(trained.values.together[0][0].item, ItemIdx(1));
//! ```
#![forbid(unsafe_code)]

mod als;
mod arrangement;
mod baskets;
mod blend;
mod blocks;
mod buckets;
mod cholesky;
mod content;
mod dense_ridge;
mod gram;
mod histories;
mod inverse;
mod lists;
#[cfg(test)]
mod naive;
mod neighbourhood;
mod next_baskets;
mod observations;
mod pairs;
mod params;
mod people;
mod places;
mod popularity;
mod portraits;
mod rebuy;
mod recipe;
mod ridge;
mod room;
mod rp3beta;
mod rules;
mod seasons;
mod sequences;
mod session_index;
mod similarity;
mod spill;
mod split_mix;
mod survey;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod train;
mod transitions;
mod tree;
mod trending;
mod weighting;

pub use als::{AlsParams, FactorWeight, als};
pub use blend::{BlendParams, Blended, blend};
pub use buckets::Buckets;
pub use content::{ContentParams, Stemming, content};
pub use dense_ridge::{DenseRidgeParams, dense_ridge};
pub use histories::{Basket, Histories};
pub use lists::{ItemLists, Learnt};
pub use neighbourhood::KeepPer;
pub use next_baskets::{NextParams, next_baskets};
pub use observations::{Cells, Observation, Observations};
pub use pairs::{Companion, PairCounter, Support};
pub use params::{Params, TrainError};
pub use people::People;
pub use portraits::{Peculiar, RegionPortrait};
pub use rebuy::{RebuyParams, RebuyValues, rebuy};
pub use recipe::{ListModel, Part, Recipe, Rows};
pub use ridge::{RidgeParams, ridge};
pub use room::{NoWatch, Room, Watch};
pub use rp3beta::{Rp3BetaParams, rp3beta};
pub use rules::{LearntRules, RuleCounts, RuleParams, rules};
pub use seasons::{Months, SeasonParams};
pub use sequences::Sequences;
pub use session_index::{SessionIndexParams, SessionRows, session_index};
pub use similarity::{Measure, SimilarityParams, similarity};
pub use train::{Removed, Trained, train, train_within};
pub use transitions::{DistanceWeight, Pruning, TransitionParams, transitions};
pub use trending::{Trend, TrendParams};
pub use weighting::Weighting;
