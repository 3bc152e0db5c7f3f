//! What is popular, lately: with everyone, within each category, in each region.
//!
//! The popularity of an item is the sum over its interactions of `2^(-age / half_life)`, where the age is counted
//! from the newest interaction of the log, so that no clock is needed. An item counts once per taker and order.
//! Weights are rounded to multiples of 2^-30 before they are summed, so that the order of rows cannot matter.

use edgewise_core::{
    Catalog, CategoryIdx, Interaction, Interactions, ItemIdx, OrderIdx, WeightedItem,
};
use rayon::prelude::*;

use crate::buckets::Buckets;
use crate::params::Params;
use crate::people::{Taker, Takers};

/// Entries kept of a category's or region's ranking. A longer answer goes on with everyone's.
const RANKING_KEPT: usize = 500;
/// The fixed point of a decayed weight.
const ONE: f64 = 1_073_741_824.0;
/// The weight of an item that too few people took for its popularity to be told.
const HIDDEN: f64 = 1.0 / 65_535.0;
const DAY_S: f64 = 86_400.0;

/// Rankings over a log, in the catalogue's rows.
pub(crate) struct Popularity {
    /// Every item, the most popular first: those with enough people by weight, then the others by id.
    pub(crate) order: Vec<ItemIdx>,
    /// Per item in that order, its weight relative to the first.
    pub(crate) everyone: Vec<f64>,
    /// Per category, the best items of it and of those below it in catalogue rows, weight relative to the first.
    pub(crate) by_category: Vec<Vec<WeightedItem>>,
    /// Per region, the same.
    pub(crate) by_region: Vec<Vec<WeightedItem>>,
    /// Items with too few people.
    pub(crate) n_hidden: u32,
    /// Entries of region rankings with too few people.
    pub(crate) n_entries_removed: u64,
}

/// Decayed weight and people of an item in some place.
#[derive(Clone, Copy, Default)]
struct Tally {
    weight: u64,
    n_people: u32,
}

/// One interaction of an item, as far as popularity cares; sorts by place, taker, order and then newest first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Event {
    region: Option<u32>,
    taker: Option<Taker>,
    order: Option<OrderIdx>,
    age_s: u64,
}

/// An item's tallies: everywhere, and by region, ascending.
type Tallied = (Tally, Vec<(u32, Tally)>);

pub(crate) fn rank(
    log: &Interactions,
    catalog: &Catalog,
    takers: Takers,
    params: &Params,
) -> Popularity {
    let newest = log.rows.iter().filter_map(|row| row.time_s).max();
    let by_item = Buckets::of(log, catalog.items.len(), |row| Some(row.item.0));
    let event = |row: &Interaction| Event {
        region: row.region.map(|region| region.0),
        taker: takers.taker(row),
        order: row.order,
        age_s: newest.zip(row.time_s).map_or(0, |(newest, time)| newest.abs_diff(time)),
    };
    let decay = |age_s: u64| decayed(age_s, params.half_life_days);
    let of_items: Vec<Tallied> = (0..by_item.n_buckets())
        .into_par_iter()
        .map_init(Vec::new, |events: &mut Vec<Event>, item| {
            events.clear();
            events.extend(by_item.rows(item).map(event));
            tally_item(events, takers, &decay)
        })
        .collect();
    let mut in_regions = vec![Vec::new(); catalog.regions.len()];
    for (item, (_, of_regions)) in of_items.iter().enumerate() {
        for &(region, tally) in of_regions {
            in_regions[region as usize].push((item, tally));
        }
    }
    let (mut by_region, mut n_entries_removed) = (Vec::with_capacity(in_regions.len()), 0);
    for items in in_regions {
        let (kept, n_removed) = best(items.into_iter(), params);
        by_region.push(kept);
        n_entries_removed += n_removed;
    }
    let tallies: Vec<Tally> = of_items.into_iter().map(|tallied| tallied.0).collect();
    let parents: Vec<Option<usize>> =
        catalog.categories.iter().map(|name| parent_row(catalog, name)).collect();
    let mut by_category = vec![Vec::new(); catalog.categories.len()];
    for (at, item) in catalog.items.iter().enumerate() {
        let mut node = item.category.map(CategoryIdx::index);
        while let Some(category) = node {
            by_category[category].push((at, tallies[at]));
            node = parents[category];
        }
    }
    let by_category =
        by_category.into_iter().map(|items| best(items.into_iter(), params).0).collect();
    let order = order(&tallies, params);
    let everyone = relative(&order, &tallies, params);
    let n_hidden = tallies.iter().filter(|tally| tally.n_people < params.min_people).count();
    Popularity {
        order,
        everyone,
        by_category,
        by_region,
        n_hidden: u32::try_from(n_hidden).unwrap_or(u32::MAX),
        n_entries_removed,
    }
}

/// The row of the category above: a ranking of a category counts all that is below it.
fn parent_row(catalog: &Catalog, name: &str) -> Option<usize> {
    let parent = edgewise_core::paths::parent(name)?;
    catalog.categories.binary_search_by(|other| other.as_str().cmp(parent)).ok()
}

/// The tallies of an item's events, which are left in another order.
fn tally_item(events: &mut [Event], takers: Takers, decay: &dyn Fn(u64) -> u64) -> Tallied {
    events.sort_unstable();
    let of_regions = events
        .chunk_by(|a, b| a.region == b.region)
        .filter_map(|events| Some((events[0].region?, tally(events, takers, decay))))
        .collect();
    if events.last().is_some_and(|event| event.region.is_some()) {
        events.sort_unstable_by_key(|event| (event.taker, event.order, event.age_s));
    }
    (tally(events, takers, decay), of_regions)
}

/// `2^(-age / half_life)` in fixed point. `libm` gives the same bits on every machine.
#[expect(clippy::cast_precision_loss, reason = "an age of 2^53 seconds is 285 million years")]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "0.0 to 2^30 is in range"
)]
fn decayed(age_s: u64, half_life_days: f64) -> u64 {
    (ONE * libm::exp2(-(age_s as f64) / DAY_S / half_life_days) + 0.5) as u64
}

/// Sums over events that are sorted by taker and order.
fn tally(events: &[Event], takers: Takers, decay: &dyn Fn(u64) -> u64) -> Tally {
    let mut tally = Tally::default();
    let mut last: Option<&Event> = None;
    for event in events {
        let same_taker = last.is_some_and(|last| last.taker == event.taker);
        let is_repeat = same_taker && last.is_some_and(|last| last.order == event.order);
        let is_told_apart = event.taker.is_some();
        if !(is_told_apart && is_repeat) {
            tally.weight += decay(event.age_s);
        }
        if !same_taker && event.taker.is_some_and(|taker| takers.is_person(taker)) {
            tally.n_people += 1;
        }
        last = Some(event);
    }
    tally
}

/// The best items with enough people, relative to the first, and how many had too few.
fn best(
    tallies: impl Iterator<Item = (usize, Tally)>,
    params: &Params,
) -> (Vec<WeightedItem>, u64) {
    let mut kept = Vec::new();
    let mut n_removed = 0;
    for (at, tally) in tallies.filter(|entry| entry.1.weight > 0) {
        if tally.n_people < params.min_people {
            n_removed += 1;
        } else {
            kept.push((at, tally));
        }
    }
    kept.sort_unstable_by_key(|&(at, tally)| (std::cmp::Reverse(tally.weight), at));
    kept.truncate(RANKING_KEPT);
    let top = kept.first().map_or(1, |entry| entry.1.weight);
    let weighted = kept
        .into_iter()
        .map(|(at, tally)| WeightedItem { item: row(at), weight: share(tally.weight, top) });
    (weighted.collect(), n_removed)
}

/// Every item: those with enough people by weight, then the others; equal ones by row, which is by id.
fn order(tallies: &[Tally], params: &Params) -> Vec<ItemIdx> {
    let mut order: Vec<ItemIdx> = (0..tallies.len()).map(row).collect();
    order.sort_unstable_by_key(|item| {
        let tally = tallies[item.index()];
        let is_told = tally.n_people >= params.min_people;
        (std::cmp::Reverse(is_told.then_some(tally.weight)), *item)
    });
    order
}

fn relative(order: &[ItemIdx], tallies: &[Tally], params: &Params) -> Vec<f64> {
    let top = order.first().map_or(1, |item| tallies[item.index()].weight);
    order
        .iter()
        .map(|item| {
            let tally = tallies[item.index()];
            if tally.n_people < params.min_people { HIDDEN } else { share(tally.weight, top) }
        })
        .collect()
}

/// A weight relative to the top one, above zero and at most one.
#[expect(clippy::cast_precision_loss, reason = "a ratio needs no more than 53 bits")]
fn share(weight: u64, top: u64) -> f64 {
    (weight.max(1) as f64 / top.max(1) as f64).min(1.0)
}

fn row(at: usize) -> ItemIdx {
    // Cannot fail: `train` refuses catalogues of more items than a `u32` counts.
    ItemIdx(u32::try_from(at).unwrap_or(u32::MAX))
}
