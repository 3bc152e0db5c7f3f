//! A trained model before it is packed: what a trainer makes and a bundle's encoder takes.

use alloc::string::String;
use alloc::vec::Vec;

use crate::ids::ItemIdx;
use crate::interactions::CatalogItem;
use crate::rules::AntecedentRules;
use crate::scoring::Scoring;

/// An item with a real weight in `0.0 < weight <= 1.0`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightedItem {
    /// The item.
    pub item: ItemIdx,
    /// The weight. Quantised when the model is packed.
    pub weight: f64,
}

/// Everything a bundle says, with real weights. Rows are the model's: 0 is the most popular item.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelValues {
    /// The items in model order.
    pub items: Vec<CatalogItem>,
    /// Category names, ascending.
    pub categories: Vec<String>,
    /// Region names, ascending.
    pub regions: Vec<String>,
    /// ISO 4217 code of every price, when the shop stated one.
    pub currency: Option<String>,
    /// Per history item, the items similar to it, ascending by row. Empty: the model has no such lists.
    pub similar: Vec<Vec<WeightedItem>>,
    /// Per item, its companions in a basket, ascending by row. Empty: the model has no such lists.
    pub together: Vec<Vec<WeightedItem>>,
    /// What sets of two or three items lead to, ascending by their highest row, then by the other rows. Empty: the model
    /// has no rules.
    pub rules: Vec<AntecedentRules>,
    /// The most popular items, best first: of everyone, then of each category, then of each region.
    pub rankings: Vec<Vec<WeightedItem>>,
    /// How the lists are combined.
    pub scoring: Scoring,
}
