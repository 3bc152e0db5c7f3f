//! The matrices of a log: people by items, and baskets by items.

use edgewise_core::{Interactions, ItemIdx, UserIdx};

use crate::buckets::Buckets;
use crate::observations::{Draft, Observations};
use crate::people::{People, Taker, Takers};
use crate::weighting::{Voices, Weighting};

/// Everyone who took something, by item. A cell holds the strongest voices of its events.
pub(crate) fn takers_by_items(
    log: &Interactions,
    takers: Takers,
    n_items: usize,
    weighting: &Weighting,
) -> Observations {
    let weigher = weighting.of(log);
    let by_taker =
        Buckets::of(log, takers.n_takers(), |row| takers.taker(row).map(|taker| taker.0));
    let mut draft = Draft::new();
    let mut events: Vec<(ItemIdx, f32)> = Vec::new();
    for (taker, rows) in (0..).zip(by_taker.iter()) {
        events.clear();
        events.extend(rows.map(|row| (row.item, weigher.weight(row))));
        events.sort_unstable_by_key(|event| event.0);
        for events in events.chunk_by(|a, b| a.0 == b.0) {
            draft.push(events[0].0, loudest(events.iter().map(|event| event.1)));
        }
        draft.end_row(takers.is_person(Taker(taker)).then_some(taker));
    }
    drop(by_taker);
    Observations::of_draft(n_items, draft)
}

/// The items of each order or session. The rows of one order that name different users, or none, are different
/// baskets: shops reuse order numbers.
pub(crate) fn baskets_by_items(
    log: &Interactions,
    takers: Takers,
    n_items: usize,
    weighting: &Weighting,
) -> Observations {
    let weigher = weighting.of(log);
    let by_order = Buckets::of(log, log.n_orders as usize, |row| row.order.map(|order| order.0));
    let mut draft = Draft::new();
    let mut events: Vec<(Option<UserIdx>, ItemIdx, f32)> = Vec::new();
    for (order, rows) in (0..).zip(by_order.iter()) {
        events.clear();
        events.extend(rows.map(|row| (row.user, row.item, weigher.weight(row))));
        events.sort_unstable_by_key(|event| (event.0, event.1));
        for basket in events.chunk_by(|a, b| a.0 == b.0) {
            for events in basket.chunk_by(|a, b| a.1 == b.1) {
                draft.push(events[0].1, loudest(events.iter().map(|event| event.2)));
            }
            draft.end_row(match takers.people {
                People::Users => basket[0].0.map(|user| user.0),
                People::Orders => Some(order),
            });
        }
    }
    drop(by_order);
    Observations::of_draft(n_items, draft)
}

fn loudest(weights: impl Iterator<Item = f32>) -> f32 {
    let mut voices = Voices::default();
    weights.for_each(|weight| voices.hear(weight));
    voices.sum()
}
