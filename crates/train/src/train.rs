//! The whole training: numbers items by popularity, then fills every list.

use std::borrow::Cow;

use edgewise_core::{
    AntecedentRules, Catalog, CatalogItem, Interactions, ItemIdx, ModelValues, WeightedItem,
};

use crate::arrangement::arrange;
use crate::content::content;
use crate::lists::{Learnt, scale};
use crate::pairs::Support;
use crate::params::{Params, TrainError};
use crate::people::{People, Takers};
use crate::portraits::RegionPortrait;
use crate::rebuy::{RebuyParams, rebuy};
use crate::recipe::{Kitchen, Recipe, Rows};
use crate::room::Room;
use crate::rules::rules;
use crate::sequences::Sequences;
use crate::session_index::{SessionIndexParams, SessionRows, session_index};
use crate::survey::survey;
use crate::trending::Trend;
use crate::weighting::Weighting;

/// A model and what was left out of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Trained {
    /// The model.
    pub values: ModelValues,
    /// Who counted as a person.
    pub people: People,
    /// What the minimum number of people removed.
    pub removed: Removed,
    /// The strongest trends with everyone, for people to look at; [`ModelValues::trending`] holds the same ones.
    pub trends: Vec<Trend>,
    /// What each region is to the shop, for people to look at.
    pub portraits: Vec<RegionPortrait>,
}

/// Facts that too few people stand behind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    /// Pairs of items that someone took both of.
    pub similar_pairs: u64,
    /// Pairs of items with enough baskets.
    pub together_pairs: u64,
    /// Items whose popularity is not told.
    pub items_hidden: u32,
    /// Entries of rankings of regions and segments.
    pub ranking_entries: u64,
}

/// Trains a model, without limits.
///
/// # Errors
/// [`TrainError`]: a setting out of range, no rows, or rows that name what is not there.
pub fn train(
    log: &Interactions,
    catalog: &Catalog,
    params: &Params,
) -> Result<Trained, TrainError> {
    train_within(Cow::Borrowed(log), catalog, params, &Room::unlimited())
}

/// Trains the same model within a room. A log that is given away is not copied.
///
/// # Errors
/// As [`train`], and [`TrainError::NoRoom`] or [`TrainError::Spill`] when the room does not suffice.
pub fn train_within(
    log: Cow<'_, Interactions>,
    catalog: &Catalog,
    params: &Params,
    room: &Room<'_>,
) -> Result<Trained, TrainError> {
    params.check()?;
    check_rows(&log, catalog)?;
    let room = &room.within_needs(&log, catalog.items.len(), params)?;
    let takers = Takers::of(&log);
    let mut survey = survey(&log, catalog, takers, params, room.watch);
    let model_rows = inverse(&survey.popularity.order);
    let log = renumbered(log, &model_rows);
    let n_items = catalog.items.len();
    let mut kitchen = Kitchen::new(&log, takers, n_items, params, room);
    let mut cook = |stage, recipe: &Option<Recipe>| match recipe {
        Some(recipe) => {
            room.watch.stage(stage);
            kitchen.cook(recipe)
        }
        None => Ok(Learnt { by_source: Vec::new(), n_removed: 0 }),
    };
    let similar = cook("learn similar", &params.similar)?;
    let together = cook("learn together", &params.together)?;
    let next = cook("learn next", &params.next)?;
    room.watch.stage("learn the rest");
    let mut index = |params: &SessionIndexParams| match params.of {
        SessionRows::Sessions => session_index(kitchen.sessions(), params),
        SessionRows::Users => session_index(&Sequences::of_users(&log, n_items), params),
    };
    let sessions = params.sessions.as_ref().map(&mut index).transpose()?;
    let rebuy = params.rebuy.map_or_else(Vec::new, |of| {
        let of = RebuyParams { min_people: params.min_people, ..of };
        rebuy(kitchen.histories(), n_items, &of).strengths
    });
    let rules = rule_sets(&mut kitchen, params);
    drop(log);
    let items = survey.popularity.order.iter().map(|item| catalog.items[item.index()].clone());
    let items: Vec<CatalogItem> = items.collect();
    let mut values = ModelValues {
        content: content_lists(&items, catalog, params, survey.popularity.n_hidden),
        items,
        categories: catalog.categories.clone(),
        regions: catalog.regions.clone(),
        segments: catalog.segments.clone(),
        attributes: catalog.attributes.clone(),
        similar: similar.by_source,
        together: together.by_source,
        next: next.by_source,
        rebuy,
        rules,
        scoring: params.scoring.clone(),
        sessions,
        ..ModelValues::empty()
    };
    survey.fill(&mut values, &model_rows);
    room.watch.stage("arrange rows");
    let arranged = arrange(&mut values);
    let removed = Removed {
        similar_pairs: similar.n_removed / 2,
        together_pairs: together.n_removed / 2,
        items_hidden: survey.popularity.n_hidden,
        ranking_entries: survey.popularity.n_entries_removed,
    };
    let (trends, portraits) = survey.told(|item| arranged[model_rows[item.index()].index()]);
    Ok(Trained { values, people: takers.people, removed, trends, portraits })
}

/// The rules of several antecedents.
fn rule_sets(kitchen: &mut Kitchen<'_>, params: &Params) -> Vec<AntecedentRules> {
    let Params { min_people, min_support, .. } = *params;
    let support = Support { min_rows: min_support, min_people };
    params.rules.as_ref().map_or_else(Vec::new, |rule_params| {
        rules(kitchen.observations(Rows::Baskets, &Weighting::default()), support, rule_params).sets
    })
}

/// The lists of items with like descriptions, the largest weight being one.
fn content_lists(
    items: &[CatalogItem],
    catalog: &Catalog,
    params: &Params,
    n_hidden: u32,
) -> Vec<Vec<WeightedItem>> {
    let of_content = |params: &_| content(items, &catalog.categories, params);
    let mut content = params.content.as_ref().map_or_else(Vec::new, of_content);
    keep_unknown(&mut content, items.len() - n_hidden as usize);
    scale(&mut content);
    content
}

fn check_rows(log: &Interactions, catalog: &Catalog) -> Result<(), TrainError> {
    if log.rows.is_empty() {
        return Err(TrainError::NothingToLearn);
    }
    if u32::try_from(log.rows.len()).is_err() {
        return Err(TrainError::TooManyRows { found: log.rows.len() });
    }
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let (n_items, n_regions) = (count(catalog.items.len()), count(catalog.regions.len()));
    let n_segments = count(catalog.segments.len());
    for (row, named) in log.rows.iter().enumerate() {
        let names = [
            ("item", Some(named.item.0), n_items),
            ("user", named.user.map(|user| user.0), log.n_users),
            ("order", named.order.map(|order| order.0), log.n_orders),
            ("region", named.region.map(|region| region.0), n_regions),
            ("segment", named.segment.map(|segment| segment.0.into()), n_segments),
        ];
        for (what, found, limit) in names {
            if let Some(found) = found.filter(|&found| found >= limit) {
                return Err(TrainError::DanglingRow { row, what, found, limit });
            }
        }
    }
    Ok(())
}

/// Keeps of the content lists what behaviour cannot say: pairs with an item from row `first_unknown` on, which too few
/// people took for anything to be told of it. The others lead to each other by what people do.
fn keep_unknown(lists: &mut [Vec<WeightedItem>], first_unknown: usize) {
    for (source, list) in lists.iter_mut().enumerate() {
        list.retain(|entry| source.max(entry.item.index()) >= first_unknown);
    }
}

/// From position-to-row to row-to-position.
pub(crate) fn inverse(order: &[ItemIdx]) -> Vec<ItemIdx> {
    let mut rows = vec![ItemIdx(0); order.len()];
    for (position, item) in (0..).map(ItemIdx).zip(order) {
        rows[item.index()] = position;
    }
    rows
}

fn renumbered(log: Cow<'_, Interactions>, model_rows: &[ItemIdx]) -> Interactions {
    let mut log = log.into_owned();
    for row in &mut log.rows {
        row.item = model_rows[row.item.index()];
    }
    log
}
