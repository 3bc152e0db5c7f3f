//! The question: where on the page, what the visitor did, and what may be shown.

use crate::condition::{Condition, Surroundings};
use crate::experiment::Assigned;
use crate::ids::{CategoryIdx, ItemIdx, RegionIdx, SegmentIdx};
use crate::interactions::EventKind;

/// Most history events of one query. Older ones are for the caller to leave out.
pub const MAX_HISTORY: usize = 1_000;
/// Most cart items of one query.
pub const MAX_CART: usize = 100;
/// Most excluded items of one query.
pub const MAX_EXCLUDE: usize = 1_000;
/// Most results of one query.
pub const MAX_K: usize = 100;

/// Where the recommendations will be shown; chooses the ladder of retrievers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Placement {
    /// Beside an item: others like it.
    Item,
    /// Beside an item: what goes into the same basket.
    Together,
    /// On the cart: companions of what is in it.
    Cart,
    /// On a start page: for this visitor.
    Home,
    /// Best sellers, the same for everyone in the region and category.
    Popular,
    /// What is taken more than usual these days, in the region and category.
    Trending,
}

impl Placement {
    /// Every placement, in the order in which a bundle stores their ladders.
    pub const ALL: [Placement; 6] = [
        Placement::Item,
        Placement::Together,
        Placement::Cart,
        Placement::Home,
        Placement::Popular,
        Placement::Trending,
    ];

    /// The name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Placement::Item => "item",
            Placement::Together => "together",
            Placement::Cart => "cart",
            Placement::Home => "home",
            Placement::Popular => "popular",
            Placement::Trending => "trending",
        }
    }

    /// The placement with this name on the wire.
    #[inline]
    pub fn from_name(name: &str) -> Option<Placement> {
        Placement::ALL.iter().copied().find(|placement| placement.name() == name)
    }

    /// Position in [`Placement::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// One thing that the visitor did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event {
    /// With which item.
    pub item: ItemIdx,
    /// What it was.
    pub kind: EventKind,
    /// How long ago, in whole days; 0 is today.
    pub age_days: u16,
}

impl Event {
    /// A look at the item, today: what is assumed of a history that names items only.
    pub const fn of(item: ItemIdx) -> Event {
        Event { item, kind: EventKind::View, age_days: 0 }
    }
}

/// Whether items of the visitor's history may be recommended again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Seen {
    /// Leave out everything in the history.
    #[default]
    Hide,
    /// History items may come back, as in shops where people buy the same again.
    Show,
}

/// One question to a model. Lists longer than their `MAX_` constant are cut by [`crate::recommend`]:
/// the newest of the history, the first of the others.
#[derive(Clone, Copy, Debug)]
pub struct Query<'q> {
    /// Where the answer will be shown.
    pub placement: Placement,
    /// The item of the page. Never recommended.
    pub item: Option<ItemIdx>,
    /// What the visitor viewed or bought, oldest first.
    pub history: &'q [Event],
    /// What is in the cart. Never recommended.
    pub cart: &'q [ItemIdx],
    /// The visitor's region: its ranking comes first, and items not available there are left out.
    pub region: Option<RegionIdx>,
    /// Only items of this category.
    pub category: Option<CategoryIdx>,
    /// Items that must not be recommended.
    pub exclude: &'q [ItemIdx],
    /// Whether history items may be recommended.
    pub seen: Seen,
    /// Most results wanted, at most [`MAX_K`].
    pub k: usize,
    /// What else the answer may depend on.
    pub context: Context<'q>,
}

impl Query<'_> {
    /// What conditions may ask about besides an item.
    pub(crate) fn surroundings(&self) -> Surroundings {
        Surroundings { page: self.item, minute: self.context.minute }
    }
}

/// What an answer may depend on besides the visitor's doings. The default: no time, no seed, no filter, and every rule.
#[derive(Clone, Copy, Debug)]
pub struct Context<'q> {
    /// Minutes since 1970-01-01T00:00Z. Without it, rules with a start or an end do not act.
    pub minute: Option<u32>,
    /// The visitor's segment: its rankings come where a ladder asks for them.
    pub segment: Option<SegmentIdx>,
    /// What a rotation turns on; without it nothing rotates.
    pub seed: Option<u64>,
    /// What every result must be.
    pub filter: Condition<'q>,
    /// A bit for each rule set that may act.
    pub sets: u32,
    /// The variant of an experiment that answers; `None` outside experiments.
    pub variant: Option<Assigned>,
}

impl Default for Context<'_> {
    fn default() -> Self {
        Context {
            minute: None,
            segment: None,
            seed: None,
            filter: Condition::default(),
            sets: u32::MAX,
            variant: None,
        }
    }
}
