//! Any model of `edgewise-core` as a recommender.

use std::collections::HashMap;

use edgewise_core::{
    Catalog, Event, ItemIdx, MAX_EXCLUDE, MAX_HISTORY, Model, Query, Seen, recommend,
};

use crate::case::{Case, Past};
use crate::recommender::Recommender;

/// Which row of the catalogue is which row of the model: a model numbers its items by popularity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemMap {
    to_model: Vec<Option<ItemIdx>>,
    to_catalog: Vec<Option<ItemIdx>>,
}

impl ItemMap {
    /// Matches ids. `model_ids` are in the order of the model's rows; ids on one side only have no partner.
    pub fn by_id<'i>(catalog: &Catalog, model_ids: impl Iterator<Item = &'i str>) -> ItemMap {
        let rows: HashMap<&str, ItemIdx> =
            catalog.items.iter().map(|item| item.id.as_str()).zip((0..).map(ItemIdx)).collect();
        let to_catalog: Vec<Option<ItemIdx>> = model_ids.map(|id| rows.get(id).copied()).collect();
        let mut to_model = vec![None; catalog.items.len()];
        for (model_row, catalog_row) in (0..).map(ItemIdx).zip(&to_catalog) {
            if let Some(row) = catalog_row {
                to_model[row.index()] = Some(model_row);
            }
        }
        ItemMap { to_model, to_catalog }
    }

    /// The model's row of an item of the catalogue.
    pub fn to_model(&self, item: ItemIdx) -> Option<ItemIdx> {
        self.to_model.get(item.index()).copied().flatten()
    }

    /// The catalogue's row of an item of the model.
    pub fn to_catalog(&self, item: ItemIdx) -> Option<ItemIdx> {
        self.to_catalog.get(item.index()).copied().flatten()
    }
}

/// A model asked as a shop would ask it.
///
/// A query carries at most [`MAX_HISTORY`] history items and as many of the cart. So that a long history is still
/// masked, what lies beyond is passed as excluded, up to [`MAX_EXCLUDE`] items.
pub struct ModelRecommender<'m, M> {
    model: &'m M,
    items: &'m ItemMap,
}

impl<'m, M: Model + Sync> ModelRecommender<'m, M> {
    /// Asks `model`, whose rows `items` translates.
    pub fn new(model: &'m M, items: &'m ItemMap) -> Self {
        ModelRecommender { model, items }
    }
}

impl<M: Model + Sync> Recommender for ModelRecommender<'_, M> {
    fn rank(&self, case: &Case, k: usize) -> Vec<ItemIdx> {
        let to_model = |item: ItemIdx| self.items.to_model(item);
        let event = |past: &Past| {
            let item = to_model(past.item)?;
            Some(Event { item, kind: past.kind, age_days: whole_days(past.age_days) })
        };
        let history: Vec<Event> = case.history.iter().filter_map(event).collect();
        let cart: Vec<ItemIdx> = case.cart.iter().copied().filter_map(to_model).collect();
        let mut exclude: Vec<ItemIdx> =
            cart.iter().skip(edgewise_core::MAX_CART).copied().collect();
        if case.seen == Seen::Hide {
            exclude.extend(history.iter().rev().skip(MAX_HISTORY).map(|event| event.item));
        }
        exclude.sort_unstable();
        exclude.dedup();
        exclude.truncate(MAX_EXCLUDE);
        let query = Query {
            placement: case.placement,
            item: case.item.and_then(to_model),
            history: &history,
            cart: &cart,
            region: None,
            category: None,
            exclude: &exclude,
            seen: case.seen,
            k,
        };
        let results = recommend(self.model, &query);
        results.iter().filter_map(|result| self.items.to_catalog(result.item)).collect()
    }
}

/// An age as a query has it: whole days, those that are over.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range first; NaN becomes zero"
)]
fn whole_days(age_days: f64) -> u16 {
    age_days.clamp(0.0, f64::from(u16::MAX)) as u16
}
