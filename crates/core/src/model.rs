//! What scoring asks of a model, whatever holds it.

use crate::experiment::Assigned;
use crate::ids::{CategoryIdx, ItemIdx, RegionIdx};
use crate::query::Placement;
use crate::scoring::{Rung, Scoring};

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

/// How a result is related to an item of the query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Relation {
    /// The same people take both.
    Similar,
    /// The same basket holds both; directed, from an item to its companions.
    Together,
    /// It comes next in the same visit; directed.
    Next,
    /// Their descriptions share words.
    Content,
    /// It is the same item: what was taken once is taken again.
    Again,
    /// Past sessions like this visit hold both. Only in private models.
    Sessions,
    /// A rule leads from several items of the cart to it.
    Rules,
    /// Many people take it, whatever the visitor did.
    Popular,
}

impl Relation {
    /// Every relation, in the order in which a bundle numbers them.
    pub const ALL: [Relation; 8] = [
        Relation::Similar,
        Relation::Together,
        Relation::Next,
        Relation::Content,
        Relation::Again,
        Relation::Sessions,
        Relation::Rules,
        Relation::Popular,
    ];
    /// The relations that a model keeps a list of neighbours for, per item.
    pub const LISTED: [Relation; 4] =
        [Relation::Similar, Relation::Together, Relation::Next, Relation::Content];

    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Relation::Similar => "similar",
            Relation::Together => "together",
            Relation::Next => "next",
            Relation::Content => "content",
            Relation::Again => "again",
            Relation::Sessions => "sessions",
            Relation::Rules => "rules",
            Relation::Popular => "popular",
        }
    }

    /// Position in [`Relation::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }
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
    /// Number of items; rows are `0..n_items`.
    fn n_items(&self) -> u32;

    /// The items related to `of`, each once and always in the same order, without `of` itself; only for
    /// [`Relation::LISTED`]. Where the model is damaged, rows may be past the last item.
    fn neighbours(&self, relation: Relation, of: ItemIdx) -> impl Iterator<Item = Weighted>;

    /// How likely an item that was taken is taken again, from 0 to 255 for the likeliest. 255 where a model does not
    /// tell items apart.
    fn rebuy(&self, _item: ItemIdx) -> u8 {
        255
    }

    /// What the sessions most like a visit say: see [`crate::session_contributions`]. A model without sessions says
    /// nothing.
    fn each_of_sessions(
        &self,
        _origins: &[ItemIdx],
        _visit: &mut dyn FnMut(ItemIdx, ItemIdx, u64),
    ) {
    }

    /// What the rules say whose antecedents are all in the cart: the result, the antecedent of the highest row, and
    /// the rule's weight. See [`crate::each_rule`]. A model without rules says nothing.
    fn each_of_rules(&self, _cart: &[ItemIdx], _visit: &mut dyn FnMut(ItemIdx, ItemIdx, u64)) {}

    /// The items most popular with `audience`, best first: weight descending, then row ascending.
    fn ranking(&self, audience: Audience) -> impl Iterator<Item = Weighted>;

    /// Whether any item may be of the category. A query for one that is not there is answered at once.
    fn has_category(&self, _category: CategoryIdx) -> bool {
        true
    }

    /// The category of an item.
    fn category(&self, item: ItemIdx) -> Option<CategoryIdx>;

    /// Whether the item may be shown in the region.
    fn is_available(&self, item: ItemIdx, region: RegionIdx) -> bool;

    /// How to combine the lists.
    fn scoring(&self) -> &Scoring;

    /// The steps of a placement in a variant of an experiment. A model without experiments has the same for all.
    fn ladder(&self, placement: Placement, _variant: Option<Assigned>) -> &[Rung] {
        self.scoring().ladder(placement)
    }
}
