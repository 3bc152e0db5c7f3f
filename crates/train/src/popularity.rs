//! What is popular, lately: with everyone, within each category, in each region and what holds it, with each segment.
//!
//! The popularity of an item is the sum over its interactions of `2^(-age / half_life)`, where the age is counted
//! from the newest interaction of the log, so that no clock is needed. An item counts once per taker and order, and
//! where a log has several kinds of events, what the strongest of those counts.
//! Weights are rounded to multiples of 2^-30 before they are summed, so that the order of rows cannot matter.

use edgewise_core::{
    Catalog, CategoryIdx, EventKind, Interaction, Interactions, ItemIdx, OrderIdx, WeightedItem,
};
use rayon::prelude::*;

use crate::buckets::Buckets;
use crate::params::Params;
use crate::people::{Taker, Takers};
use crate::places::Places;

/// Entries kept of a category's or region's ranking. A longer answer goes on with everyone's.
const RANKING_KEPT: usize = 500;
/// The fixed point of a decayed weight.
const ONE: f64 = 1_073_741_824.0;
/// The weight of an item that too few people took for its popularity to be told.
const HIDDEN: f64 = 1.0 / 65_535.0;
const DAY_S: f64 = 86_400.0;
/// The weight of a kind of event that counts whole, in 256ths.
const WHOLE: u16 = 256;

/// Rankings over a log, in the catalogue's rows.
pub(crate) struct Popularity {
    /// Every item, the most popular first: those with enough people by weight, then the others by id.
    pub(crate) order: Vec<ItemIdx>,
    /// Per item in that order, its weight relative to the first.
    pub(crate) everyone: Vec<f64>,
    /// Per category, the best items of it and of those below it in catalogue rows, weight relative to the first.
    pub(crate) by_category: Vec<Vec<WeightedItem>>,
    /// Per region and then per segment, the same.
    pub(crate) by_place: Vec<Vec<WeightedItem>>,
    /// Items with too few people.
    pub(crate) n_hidden: u32,
    /// Entries of rankings of regions and segments with too few people.
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
    place: u32,
    taker: Option<Taker>,
    order: Option<OrderIdx>,
    age_s: u64,
    kind: EventKind,
}

/// An item's tallies by place, ascending.
type Tallied = Vec<(u32, Tally)>;

/// How much an event counts.
struct Counting {
    half_life_days: f64,
    /// By kind, in 256ths.
    kinds: [u16; 3],
}

pub(crate) fn rank(
    log: &Interactions,
    catalog: &Catalog,
    takers: Takers,
    params: &Params,
) -> Popularity {
    let newest = log.rows.iter().filter_map(|row| row.time_s).max();
    let by_item = Buckets::of(log, catalog.items.len(), |row| Some(row.item.0));
    let places = Places::of(catalog);
    let event = |row: &Interaction, place| Event {
        place,
        taker: takers.taker(row),
        order: row.order,
        age_s: newest.zip(row.time_s).map_or(0, |(newest, time)| newest.abs_diff(time)),
        kind: row.kind,
    };
    let counting =
        Counting { half_life_days: params.half_life_days, kinds: kinds(log, params.kind_weights) };
    let of_items: Vec<Tallied> = (0..by_item.n_buckets())
        .into_par_iter()
        .map_init(Vec::new, |events: &mut Vec<Event>, item| {
            events.clear();
            for row in by_item.rows(item) {
                events.extend(places.of_row(row).map(|place| event(row, place)));
            }
            tally_item(events, takers, &counting)
        })
        .collect();
    let mut in_places = vec![Vec::new(); places.n_below_everyone()];
    let mut tallies = Vec::with_capacity(of_items.len());
    for (item, of_places) in of_items.into_iter().enumerate() {
        let mut everyone = Tally::default();
        for (place, tally) in of_places {
            match (place as usize).checked_sub(1) {
                None => everyone = tally,
                Some(place) => in_places[place].push((item, tally)),
            }
        }
        tallies.push(everyone);
    }
    let (mut by_place, mut n_entries_removed) = (Vec::with_capacity(in_places.len()), 0);
    for items in in_places {
        let (kept, n_removed) = best(items.into_iter(), params);
        by_place.push(kept);
        n_entries_removed += n_removed;
    }
    let by_category = in_categories(catalog, &tallies);
    let by_category =
        by_category.into_iter().map(|items| best(items.into_iter(), params).0).collect();
    let order = order(&tallies, params);
    let everyone = relative(&order, &tallies, params);
    let n_hidden = tallies.iter().filter(|tally| tally.n_people < params.min_people).count();
    Popularity {
        order,
        everyone,
        by_category,
        by_place,
        n_hidden: u32::try_from(n_hidden).unwrap_or(u32::MAX),
        n_entries_removed,
    }
}

/// What each kind of event counts, in 256ths. In a log of one kind, it counts whole.
fn kinds(log: &Interactions, weights: [u16; 3]) -> [u16; 3] {
    let first = log.rows.first().map(|row| row.kind);
    let is_of_one_kind = log.rows.iter().all(|row| Some(row.kind) == first);
    if is_of_one_kind { [WHOLE; 3] } else { weights }
}

/// The items of each category and of those below it, with their tallies.
fn in_categories(catalog: &Catalog, tallies: &[Tally]) -> Vec<Vec<(usize, Tally)>> {
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
    by_category
}

/// The row of the category above: a ranking of a category counts all that is below it.
fn parent_row(catalog: &Catalog, name: &str) -> Option<usize> {
    let parent = edgewise_core::paths::parent(name)?;
    catalog.categories.binary_search_by(|other| other.as_str().cmp(parent)).ok()
}

/// The tallies of an item's events, which are left in order.
fn tally_item(events: &mut [Event], takers: Takers, counting: &Counting) -> Tallied {
    events.sort_unstable();
    events
        .chunk_by(|a, b| a.place == b.place)
        .map(|events| (events[0].place, tally(events, takers, counting)))
        .collect()
}

impl Counting {
    fn weight(&self, event: &Event) -> u64 {
        let of_kind = u64::from(self.kinds[event.kind as usize]);
        (decayed(event.age_s, self.half_life_days) * of_kind) >> 8
    }
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

/// Sums over events that are sorted by taker and order. Those of one taker in one order count once, as the strongest.
fn tally(events: &[Event], takers: Takers, counting: &Counting) -> Tally {
    let mut tally = Tally::default();
    let mut last: Option<&Event> = None;
    // Of the taker's order so far: the strongest event, and the kinds whose newest was weighed.
    let (mut strongest, mut weighed) = (0, [false; 3]);
    for event in events {
        let same_taker = last.is_some_and(|last| last.taker == event.taker);
        let is_repeat = same_taker && last.is_some_and(|last| last.order == event.order);
        let is_told_apart = event.taker.is_some();
        if !(is_told_apart && is_repeat) {
            (strongest, weighed) = (0, [false; 3]);
        }
        if !std::mem::replace(&mut weighed[event.kind as usize], true) {
            let weight = counting.weight(event);
            tally.weight += weight.saturating_sub(strongest);
            strongest = strongest.max(weight);
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

pub(crate) fn row(at: usize) -> ItemIdx {
    // Cannot fail: `train` refuses catalogues of more items than a `u32` counts.
    ItemIdx(u32::try_from(at).unwrap_or(u32::MAX))
}
