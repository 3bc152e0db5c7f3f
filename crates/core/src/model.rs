//! What scoring asks of a model, whatever holds it.

use core::ops::Range;

use crate::calendar::LocalTime;
use crate::experiment::{Assigned, Experiment};
use crate::ids::{AttributeIdx, CategoryIdx, ItemIdx, RegionIdx, SegmentIdx};
use crate::policy::Policy;
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
    /// Interactions in one region and the regions below it.
    Region(RegionIdx),
    /// Interactions of one segment.
    Segment(SegmentIdx),
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

    /// The items that trend with `audience`, best first: weight descending, then row ascending. A model that does not
    /// tell has none.
    fn trending(&self, _audience: Audience) -> impl Iterator<Item = Weighted> {
        core::iter::empty()
    }

    /// How much more an item is wanted at a time of the shop's clock than usual, in 256ths within
    /// [`crate::SEASON_RANGE`]; 256 where a model does not tell.
    fn season(&self, _item: ItemIdx, _at: LocalTime) -> u32 {
        crate::calendar::USUAL
    }

    /// Whether any item is wanted more at one time than at another.
    fn has_seasons(&self) -> bool {
        false
    }

    /// What the shop's clock shows in a minute since 1970-01-01T00:00Z.
    fn local_time(&self, minute: u32) -> LocalTime {
        LocalTime::at(i64::from(minute) * 60, 0)
    }

    /// The region that holds the region: the area of a city. `None` for a region that no other one holds.
    fn region_parent(&self, _region: RegionIdx) -> Option<RegionIdx> {
        None
    }

    /// Whether any item may be of the category. A query for one that is not there is answered at once.
    fn has_category(&self, _category: CategoryIdx) -> bool {
        true
    }

    /// The category of an item.
    fn category(&self, item: ItemIdx) -> Option<CategoryIdx>;

    /// The rows of a category and of all categories below it. A model without a tree has the category alone.
    fn category_range(&self, category: CategoryIdx) -> Range<u32> {
        category.0..category.0.saturating_add(1)
    }

    /// The category above a category.
    fn category_parent(&self, _category: CategoryIdx) -> Option<CategoryIdx> {
        None
    }

    /// The rows of a region and of all regions below it. A model without a tree has the region alone.
    fn region_range(&self, region: RegionIdx) -> Range<u32> {
        region.0..region.0.saturating_add(1)
    }

    /// Whether a value of the item is among `values`, by row. False where the model lacks the attribute.
    fn has_value(&self, attribute: AttributeIdx, item: ItemIdx, values: Range<u32>) -> bool {
        self.first_value(attribute, item).is_some_and(|value| values.contains(&value))
    }

    /// The lowest of the rows of the item's values; `None` where it has none.
    fn first_value(&self, attribute: AttributeIdx, item: ItemIdx) -> Option<u32> {
        let category = self.category(item).filter(|_| attribute == AttributeIdx::CATEGORY)?;
        Some(category.0)
    }

    /// What a value of an attribute of numbers is, in the attribute's own unit; `None` for others.
    fn number(&self, _attribute: AttributeIdx, _value: u32) -> Option<u32> {
        None
    }

    /// The attribute whose value is the same for the variants of one product; `None` where the model knows none.
    fn variant_group(&self) -> Option<AttributeIdx> {
        None
    }

    /// The shop's rules.
    fn policy(&self) -> Policy<'_> {
        Policy::default()
    }

    /// Whether the item may be shown in the region.
    fn is_available(&self, item: ItemIdx, region: RegionIdx) -> bool;

    /// How to combine the lists.
    fn scoring(&self) -> &Scoring;

    /// The experiments.
    fn experiments(&self) -> &[Experiment] {
        &[]
    }

    /// A bit for each set of rules that a variant of an experiment leaves on.
    fn rule_sets(&self, _variant: Option<Assigned>) -> u32 {
        u32::MAX
    }

    /// The steps of a placement in a variant of an experiment. A model without experiments has the same for all.
    fn ladder(&self, placement: Placement, _variant: Option<Assigned>) -> &[Rung] {
        self.scoring().ladder(placement)
    }
}
