//! What scoring asks of a model, whatever holds it.

use crate::ids::{CategoryIdx, ItemIdx, RegionIdx};
use crate::scoring::Scoring;

/// An item with an integer weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Weighted {
    /// The item.
    pub item: ItemIdx,
    /// The weight, in `1..=`[`Weighted::ONE`].
    pub weight: u32,
}

impl Weighted {
    /// The weight that stands for 1.0: an 8-bit weight of 255 times a list's scale of 65,535.
    pub const ONE: u32 = 255 * 65_535;
}

/// How two items can be related.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// The same people take both.
    Similar,
    /// The same basket holds both; directed, from an item to its companions.
    Together,
}

/// Whose purchases a popularity ranking counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Audience {
    /// The whole shop.
    Everyone,
    /// Items of one category.
    Category(CategoryIdx),
    /// Interactions in one region.
    Region(RegionIdx),
}

/// A read-only model: lists of weighted items, and what filters need to know of an item.
///
/// Implementations never panic: a row outside the model has no neighbours, no category, and is available everywhere.
pub trait Model {
    /// Number of items; rows are `0..n_items`, the most popular first.
    fn n_items(&self) -> u32;

    /// The items related to `of`, ascending by row, without `of` itself.
    fn neighbours(&self, relation: Relation, of: ItemIdx) -> impl Iterator<Item = Weighted>;

    /// The items most popular with `audience`, best first: weight descending, then row ascending.
    fn ranking(&self, audience: Audience) -> impl Iterator<Item = Weighted>;

    /// The category of an item.
    fn category(&self, item: ItemIdx) -> Option<CategoryIdx>;

    /// Whether the item may be shown in the region.
    fn is_available(&self, item: ItemIdx, region: RegionIdx) -> bool;

    /// How to combine the lists.
    fn scoring(&self) -> &Scoring;
}
