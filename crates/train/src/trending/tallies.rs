//! Distinct takers of every item, window by window, in every place.

use edgewise_core::{Catalog, Interaction, Interactions};
use rayon::prelude::*;

use super::TrendParams;
use crate::buckets::Buckets;
use crate::people::{Taker, Takers};
use crate::places::Places;

/// The fixed point of a decayed count.
pub(crate) const ONE: f64 = 1_073_741_824.0;
const DAY_S: f64 = 86_400.0;

/// An item's takers in a place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// In the newest window.
    pub(crate) recent: u32,
    /// In the one before.
    pub(crate) before: u32,
    /// In the one before that.
    pub(crate) earlier: u32,
    /// In all windows but the newest, decayed, in multiples of 2^-30.
    pub(crate) past: u64,
    /// Distinct people in the newest window.
    pub(crate) recent_people: u32,
    /// Distinct people in all the others.
    pub(crate) past_people: u32,
}

/// The tallies of a place by item, ascending.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tallies {
    pub(crate) items: Vec<(u32, Tally)>,
}

/// One timed interaction of an item.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Event {
    place: u32,
    window: u64,
    taker: Option<Taker>,
}

/// The tallies of everyone, of each region and of each segment. Rows without a time do not count.
pub(crate) fn tallies(
    log: &Interactions,
    catalog: &Catalog,
    takers: Takers,
    params: &TrendParams,
) -> Vec<Tallies> {
    let places = Places::of(catalog);
    let mut of_places = vec![Tallies::default(); 1 + places.n_below_everyone()];
    let Some(newest) = log.rows.iter().filter_map(|row| row.time_s).max() else {
        return of_places;
    };
    let by_item = Buckets::of(log, catalog.items.len(), |row| Some(row.item.0));
    let event = |row: &Interaction, place| {
        let window = window(newest.abs_diff(row.time_s?), params.window_days);
        Some(Event { place, window, taker: takers.taker(row) })
    };
    let of_items: Vec<Vec<(u32, Tally)>> = (0..by_item.n_buckets())
        .into_par_iter()
        .map_init(Vec::new, |events: &mut Vec<Event>, item| {
            events.clear();
            for row in by_item.rows(item) {
                events.extend(places.of_row(row).filter_map(|place| event(row, place)));
            }
            events.sort_unstable();
            let of_place = |events: &[Event]| (events[0].place, tally(events, takers, params));
            events.chunk_by(|a, b| a.place == b.place).map(of_place).collect()
        })
        .collect();
    for (item, of_item) in (0..).zip(of_items) {
        for (place, tally) in of_item {
            of_places[place as usize].items.push((item, tally));
        }
    }
    of_places
}

/// Which window an age falls in; 0 is the newest.
#[expect(clippy::cast_precision_loss, reason = "an age of 2^53 seconds is 285 million years")]
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a quotient of ages")]
fn window(age_s: u64, window_days: f64) -> u64 {
    (age_s as f64 / (window_days * DAY_S)) as u64
}

/// Counts the events of one place, sorted by window and taker.
fn tally(events: &[Event], takers: Takers, params: &TrendParams) -> Tally {
    let mut tally = Tally::default();
    let mut people = Vec::new();
    for events in events.chunk_by(|a, b| a.window == b.window) {
        let mut n_takers = 0u32;
        // Who cannot be told apart counts each time.
        for events in events.chunk_by(|a, b| a.taker.is_some() && a.taker == b.taker) {
            n_takers += 1;
            people.extend(events[0].taker.filter(|&taker| takers.is_person(taker)));
        }
        match events[0].window {
            0 => {
                tally.recent = n_takers;
                tally.recent_people = count(people.len());
                people.clear();
            }
            window => {
                tally.before += if window == 1 { n_takers } else { 0 };
                tally.earlier += if window == 2 { n_takers } else { 0 };
                tally.past += u64::from(n_takers) * decay(window - 1, params.half_life_windows);
            }
        }
    }
    people.sort_unstable();
    people.dedup();
    tally.past_people = count(people.len());
    tally
}

/// `2^(-n / half_life)` in fixed point.
#[expect(clippy::cast_precision_loss, reason = "windows are fewer than 2^53")]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "0.0 to 2^30 is in range"
)]
fn decay(n_windows: u64, half_life: f64) -> u64 {
    (ONE * libm::exp2(-(n_windows as f64) / half_life) + 0.5) as u64
}

/// Cannot fail: `train` refuses more rows than a `u32` counts.
fn count(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
