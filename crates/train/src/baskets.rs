//! The matrices of a log: people by items, and baskets by items.

use edgewise_core::{Interactions, ItemIdx, OrderIdx, UserIdx};

use crate::observations::{Observation, Observations};
use crate::people::{People, Taker, Takers};
use crate::weighting::{Voices, Weighting};

/// Everyone who took something, by item. A cell holds the strongest voices of its events.
pub(crate) fn takers_by_items(
    log: &Interactions,
    takers: Takers,
    n_items: usize,
    weighting: &Weighting,
) -> Observations {
    let weights = weighting.of(log);
    let mut events: Vec<(Taker, ItemIdx, f32)> = log
        .rows
        .iter()
        .zip(weights)
        .filter_map(|(row, weight)| Some((takers.taker(row)?, row.item, weight)))
        .collect();
    events.sort_unstable_by_key(|event| (event.0, event.1));
    let cells = events.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).map(|events| {
        let (taker, item, _) = events[0];
        cell(taker.0, item, events.iter().map(|event| event.2))
    });
    let persons: Vec<Option<u32>> = (0..takers.n_takers())
        // Cannot fail: users and orders are numbered by `u32`, and `train` refuses more of both.
        .map(|row| u32::try_from(row).unwrap_or(u32::MAX))
        .map(|row| takers.is_person(Taker(row)).then_some(row))
        .collect();
    Observations::new(n_items, &persons, cells.collect())
}

/// The items of each order or session. The rows of one order that name different users, or none, are different
/// baskets: shops reuse order numbers.
pub(crate) fn baskets_by_items(
    log: &Interactions,
    takers: Takers,
    n_items: usize,
    weighting: &Weighting,
) -> Observations {
    type Basket = (Option<UserIdx>, OrderIdx);
    let weights = weighting.of(log);
    let mut events: Vec<(Basket, ItemIdx, f32)> = log
        .rows
        .iter()
        .zip(weights)
        .filter_map(|(row, weight)| Some(((row.user, row.order?), row.item, weight)))
        .collect();
    events.sort_unstable_by_key(|event| (event.0, event.1));
    let mut persons = Vec::new();
    let mut cells = Vec::with_capacity(events.len());
    for basket in events.chunk_by(|a, b| a.0 == b.0) {
        // Cannot fail: there are at most as many baskets as orders and users, which `u32` numbers.
        let row = u32::try_from(persons.len()).unwrap_or(u32::MAX);
        let (user, order) = basket[0].0;
        persons.push(match takers.people {
            People::Users => user.map(|user| user.0),
            People::Orders => Some(order.0),
        });
        for events in basket.chunk_by(|a, b| a.1 == b.1) {
            cells.push(cell(row, events[0].1, events.iter().map(|event| event.2)));
        }
    }
    Observations::new(n_items, &persons, cells)
}

fn cell(row: u32, item: ItemIdx, weights: impl Iterator<Item = f32>) -> Observation {
    let mut voices = Voices::default();
    weights.for_each(|weight| voices.hear(weight));
    Observation { row, item, weight: voices.sum() }
}
