//! A trained model before it is packed: what a trainer makes and a bundle's encoder takes.

use alloc::string::String;
use alloc::vec::Vec;

#[cfg(doc)]
use crate::calendar::SEASON_STEPS;
use crate::calendar::{Cell, TimeZone};
use crate::condition::Word;
use crate::experiment::Experiments;
use crate::ids::ItemIdx;
use crate::interactions::{Attribute, CatalogItem};
use crate::model::Relation;
use crate::rules::AntecedentRules;
use crate::scoring::Scoring;
use crate::sessions::{ItemWeights, SessionIndex, SessionTables};

/// An item with a real weight in `0.0 < weight <= 1.0`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WeightedItem {
    /// The item.
    pub item: ItemIdx,
    /// The weight. Quantised when the model is packed.
    pub weight: f64,
}

/// Everything a bundle says, with real weights. Rows are the model's: those of related items are near each other.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelValues {
    /// The items in model order.
    pub items: Vec<CatalogItem>,
    /// Category names, ascending, each with its ancestors.
    pub categories: Vec<String>,
    /// Region names, ascending.
    pub regions: Vec<String>,
    /// What else is told of items, ascending by name. Empty: nothing.
    pub attributes: Vec<Attribute>,
    /// ISO 4217 code of every price, when the shop stated one.
    pub currency: Option<String>,
    /// Per history item, the items similar to it, ascending by row. Empty: the model has no such lists.
    pub similar: Vec<Vec<WeightedItem>>,
    /// Per item, its companions in a basket, ascending by row. Empty: the model has no such lists.
    pub together: Vec<Vec<WeightedItem>>,
    /// Per item, what comes next in a visit, ascending by row. Empty: the model has no such lists.
    pub next: Vec<Vec<WeightedItem>>,
    /// Per item, the items with a description like its own, ascending by row. Empty: the model has no such lists.
    pub content: Vec<Vec<WeightedItem>>,
    /// Per item, how likely it is taken again; see [`crate::Model::rebuy`]. Empty: the model does not tell.
    pub rebuy: Vec<u8>,
    /// What sets of two or three items lead to, ascending by their highest row, then by the other rows. Empty: the model
    /// has no rules.
    pub rules: Vec<AntecedentRules>,
    /// Segment names, ascending.
    pub segments: Vec<String>,
    /// The most popular items, best first: of everyone, then of each category, region and segment.
    pub rankings: Vec<Vec<WeightedItem>>,
    /// The items that trend, best first, for the same audiences. Empty: the model does not tell.
    pub trending: Vec<Vec<WeightedItem>>,
    /// When items are wanted more or less than usual, and the shop's clock; `None`: the model does not tell.
    pub seasons: Option<SeasonValues>,
    /// How the lists are combined.
    pub scoring: Scoring,
    /// The shop's rules.
    pub policy: Option<PolicyValues>,
    /// Experiments on how the lists are combined.
    pub experiments: Experiments,
    /// Past sessions or customers. They are about people: a bundle with them is private.
    pub sessions: Option<SessionValues>,
}

/// The shop's rules with their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyValues {
    /// The name of each rule, in order; at most [`crate::policy::MAX_POLICY_RULES`].
    pub rules: Vec<String>,
    /// The names of the sets, by number; at most [`crate::policy::MAX_RULE_SETS`].
    pub sets: Vec<String>,
    /// The words of the rules: see [`crate::policy`].
    pub words: Vec<Word>,
}

/// Seasonal factors and the clock that they go by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SeasonValues {
    /// The shop's time zone.
    pub zone: TimeZone,
    /// Per item, its factors that differ from one: each a step of
    /// [`SEASON_STEPS`], ascending by cell.
    pub factors: Vec<Vec<(Cell, u16)>>,
}

/// Past sessions, or customers with their whole histories, numbered from 0, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionValues {
    /// The sessions.
    pub sessions: Vec<SessionRow>,
    /// Per item of the model, the newest sessions that hold it, ascending.
    pub postings: Vec<Vec<u32>>,
    /// Per item of the model, what its rarity makes of it.
    pub item_weights: Vec<ItemWeights>,
    /// How sessions are compared with a visit and what they say.
    pub tables: SessionTables,
}

/// One past session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionRow {
    /// Its distinct items, in the order of their last events.
    pub items: Vec<ItemIdx>,
    /// What the similarity asks of it; see [`crate::SessionSimilarity`].
    pub norm: u16,
}

impl SessionIndex for SessionValues {
    fn sessions_of(&self, item: ItemIdx) -> impl Iterator<Item = u32> {
        self.postings.get(item.index()).into_iter().flatten().copied()
    }

    fn items_of(&self, session: u32) -> impl Iterator<Item = ItemIdx> {
        let row = self.sessions.get(session as usize);
        row.into_iter().flat_map(|row| row.items.iter().copied())
    }

    fn norm(&self, session: u32) -> u16 {
        self.sessions.get(session as usize).map_or(0, |row| row.norm)
    }

    fn item_weights(&self, item: ItemIdx) -> ItemWeights {
        self.item_weights.get(item.index()).copied().unwrap_or_default()
    }

    fn n_items(&self) -> u32 {
        // Cannot fail: items are numbered by `u32`.
        u32::try_from(self.postings.len()).unwrap_or(u32::MAX)
    }

    fn tables(&self) -> &SessionTables {
        &self.tables
    }
}

impl ModelValues {
    /// A model that says nothing of no items.
    pub fn empty() -> ModelValues {
        ModelValues {
            items: Vec::new(),
            categories: Vec::new(),
            regions: Vec::new(),
            attributes: Vec::new(),
            segments: Vec::new(),
            currency: None,
            similar: Vec::new(),
            together: Vec::new(),
            next: Vec::new(),
            content: Vec::new(),
            rebuy: Vec::new(),
            rules: Vec::new(),
            rankings: Vec::new(),
            trending: Vec::new(),
            seasons: None,
            scoring: Scoring::standard(),
            experiments: Experiments::default(),
            policy: None,
            sessions: None,
        }
    }

    /// The lists of a relation; none for those outside [`Relation::LISTED`].
    pub fn lists(&self, relation: Relation) -> &[Vec<WeightedItem>] {
        match relation {
            Relation::Similar => &self.similar,
            Relation::Together => &self.together,
            Relation::Next => &self.next,
            Relation::Content => &self.content,
            Relation::Again | Relation::Sessions | Relation::Rules | Relation::Popular => &[],
        }
    }
}
