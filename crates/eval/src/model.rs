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

/// Whether the newest item of the history may be recommended where history items may be.
///
/// Next clicks that repeat the last one are rare in some logs and one in six in others, so this is a choice to be made on a
/// validation cut, and to be told beside every figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Newest {
    /// As any other item of the history.
    Show,
    /// Never.
    Hide,
}

/// A model asked as a shop would ask it.
///
/// A query carries at most [`MAX_HISTORY`] history items and as many of the cart. So that a long history is still
/// masked, what lies beyond is passed as excluded, up to [`MAX_EXCLUDE`] items.
pub struct ModelRecommender<'m, M> {
    model: &'m M,
    items: &'m ItemMap,
    newest: Newest,
}

impl<'m, M: Model + Sync> ModelRecommender<'m, M> {
    /// Asks `model`, whose rows `items` translates.
    pub fn new(model: &'m M, items: &'m ItemMap, newest: Newest) -> Self {
        ModelRecommender { model, items, newest }
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
        exclude.truncate(MAX_EXCLUDE - 1);
        if self.newest == Newest::Hide {
            exclude.extend(history.last().map(|event| event.item));
        }
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
            variant: None,
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

#[cfg(test)]
mod tests {
    use edgewise_core::{
        Audience, CatalogItem, CategoryIdx, EventKind, Placement, RegionIdx, Relation, Scoring,
        Weighted,
    };

    use super::*;
    use crate::case::UnitIdx;

    /// Item 0 is similar to 1 and 2, nothing to 3; popularity goes by row.
    struct Tiny(Scoring);

    impl Model for Tiny {
        fn n_items(&self) -> u32 {
            4
        }

        fn neighbours(&self, relation: Relation, of: ItemIdx) -> impl Iterator<Item = Weighted> {
            let has_some = relation == Relation::Similar && of == ItemIdx(0);
            let weighted = |item| Weighted { item: ItemIdx(item), weight: 10 * item };
            [1, 2].map(weighted).into_iter().filter(move |_| has_some)
        }

        fn ranking(&self, _: Audience) -> impl Iterator<Item = Weighted> {
            (0..4).map(|item| Weighted { item: ItemIdx(item), weight: 9 - item })
        }

        fn category(&self, _: ItemIdx) -> Option<CategoryIdx> {
            None
        }

        fn is_available(&self, _: ItemIdx, _: RegionIdx) -> bool {
            true
        }

        fn scoring(&self) -> &Scoring {
            &self.0
        }
    }

    fn ranked(case: &Case, newest: Newest) -> Vec<String> {
        let catalog = Catalog {
            items: ["a", "b", "c", "d", "e"]
                .map(|id| CatalogItem { id: id.to_owned(), ..CatalogItem::default() })
                .to_vec(),
            ..Catalog::default()
        };
        // The model knows neither `b` nor the order of the catalogue.
        let items = ItemMap::by_id(&catalog, ["d", "a", "e", "c"].into_iter());
        let model = Tiny(Scoring::standard());
        let found = ModelRecommender::new(&model, &items, newest).rank(case, 10);
        found.iter().map(|item| catalog.items[item.index()].id.clone()).collect()
    }

    #[test]
    fn answers_are_rows_of_the_catalogue_whatever_the_models_order() {
        let past = |row| Past { item: ItemIdx(row), age_days: 0.0, kind: EventKind::View };
        let mut case = Case::new(UnitIdx(0), Placement::Home);
        assert_eq!(ranked(&case, Newest::Show), ["d", "a", "e", "c"]);
        case.history = vec![past(1), past(3)];
        assert_eq!(ranked(&case, Newest::Show), ["e", "a", "c"]);
        case.seen = Seen::Show;
        assert_eq!(ranked(&case, Newest::Show), ["e", "a", "d", "c"]);
        assert_eq!(ranked(&case, Newest::Hide), ["e", "a", "c"]);
        case.cart = vec![ItemIdx(4)];
        assert_eq!(ranked(&case, Newest::Show), ["a", "d", "c"]);
    }

    #[test]
    fn a_long_history_is_masked_whole() {
        let past = |row| Past { item: ItemIdx(row), age_days: 0.0, kind: EventKind::View };
        let mut case = Case::new(UnitIdx(0), Placement::Popular);
        case.history = std::iter::once(past(3)).chain((0..1_100).map(|_| past(0))).collect();
        assert_eq!(ranked(&case, Newest::Show), ["e", "c"]);
    }
}
