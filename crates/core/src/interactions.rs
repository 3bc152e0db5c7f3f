//! What a shop's log says once it is clean: who took which item, in which order, when and where.
//!
//! This is the border between reading (`edgewise-ingest` makes these values) and learning
//! (`edgewise-train` consumes them). Nothing here is ever packed into a bundle.

use alloc::string::String;
use alloc::vec::Vec;

use crate::ids::{CategoryIdx, ItemIdx, OrderIdx, RegionIdx, SegmentIdx, UserIdx};

/// What happened in an interaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// The item was looked at.
    View,
    /// The item was put into a cart.
    Cart,
    /// The item was bought.
    Purchase,
}

impl EventKind {
    /// Every kind, the weakest sign of interest first.
    pub const ALL: [EventKind; 3] = [EventKind::View, EventKind::Cart, EventKind::Purchase];

    /// The name on the wire and in settings.
    pub const fn name(self) -> &'static str {
        match self {
            EventKind::View => "view",
            EventKind::Cart => "cart",
            EventKind::Purchase => "purchase",
        }
    }

    /// The kind with this name.
    pub fn from_name(name: &str) -> Option<EventKind> {
        EventKind::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// One clean row of the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interaction {
    /// The item; a row of [`Catalog::items`].
    pub item: ItemIdx,
    /// The known user, below [`Interactions::n_users`]; `None` for a guest.
    pub user: Option<UserIdx>,
    /// The order or session, below [`Interactions::n_orders`]; `None` when the log has neither.
    pub order: Option<OrderIdx>,
    /// Seconds since 1970-01-01T00:00:00Z, local times read as UTC; `None` when the log has no time.
    pub time_s: Option<i64>,
    /// Where it happened; a row of [`Catalog::regions`].
    pub region: Option<RegionIdx>,
    /// Among whom it happened; a row of [`Catalog::segments`].
    pub segment: Option<SegmentIdx>,
    /// What happened.
    pub kind: EventKind,
}

/// A clean log. The order of `rows` carries no meaning, and neither do the numbers of users and orders:
/// two logs that differ only in those train the same model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Interactions {
    /// Every kept row.
    pub rows: Vec<Interaction>,
    /// Number of distinct known users.
    pub n_users: u32,
    /// Number of distinct orders or sessions.
    pub n_orders: u32,
}

/// One item as the shop describes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CatalogItem {
    /// The shop's own id.
    pub id: String,
    /// Display title.
    pub title: Option<String>,
    /// Price as a plain decimal without thousands separators or currency: `2.95`.
    pub price: Option<String>,
    /// Page of the item.
    pub url: Option<String>,
    /// Picture of the item.
    pub image: Option<String>,
    /// Category; a row of [`Catalog::categories`].
    pub category: Option<CategoryIdx>,
    /// Regions where the item may be shown, ascending; empty means everywhere.
    pub available_in: Vec<RegionIdx>,
    /// For each of [`Catalog::attributes`] the rows of its values, ascending without repeats: any number of texts, at
    /// most one number, at most one product. Lists that are left out at the end are empty.
    pub attributes: Vec<Vec<u32>>,
}

/// Most attributes of items, besides the category.
pub const MAX_ATTRIBUTES: u32 = 32;
/// Most values of one attribute of texts or numbers.
pub const MAX_ATTRIBUTE_VALUES: u32 = 65_536;

/// What a shop says of its items besides their category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name, such as `brand`. `category` is none: that is told by [`Catalog::categories`].
    pub name: String,
    /// What it can be.
    pub values: AttributeValues,
}

/// The values of an attribute; their rows count along these lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributeValues {
    /// Texts, ascending without repeats. Those of a tree are paths as in [`crate::paths`].
    Texts(Vec<String>),
    /// Numbers.
    Numbers {
        /// How many decimals the numbers have: 1 stands for 10 to the power of minus this many. Range `0..=9`.
        decimals: u8,
        /// The numbers, ascending without repeats.
        values: Vec<u32>,
    },
    /// So many products, each of which several items are variants of. They have no names: what counts is which items
    /// are variants of the same one.
    Products(u32),
}

impl AttributeValues {
    /// How many there are.
    pub fn n_values(&self) -> u32 {
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        match self {
            AttributeValues::Texts(texts) => count(texts.len()),
            AttributeValues::Numbers { values, .. } => count(values.len()),
            AttributeValues::Products(n) => *n,
        }
    }
}

/// The items of a shop, with the names that they refer to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Catalog {
    /// Every item, ascending by the bytes of `id`; [`ItemIdx`] counts along this list.
    pub items: Vec<CatalogItem>,
    /// Category names, which are paths as in [`crate::paths`], each with all its ancestors, ascending, no repeats;
    /// [`CategoryIdx`] counts along this list.
    pub categories: Vec<String>,
    /// Region names, ascending, no repeats; [`RegionIdx`] counts along this list.
    pub regions: Vec<String>,
    /// Segment names, ascending, no repeats, at most 255; [`SegmentIdx`] counts along this list.
    pub segments: Vec<String>,
    /// What else is told of items, ascending by name, no repeats.
    pub attributes: Vec<Attribute>,
}
