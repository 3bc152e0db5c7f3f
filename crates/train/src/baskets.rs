//! The matrices of a log: people by items, and baskets by items.

use edgewise_core::{Interactions, OrderIdx, UserIdx};

use crate::observations::{Observation, Observations};
use crate::people::{People, Taker, Takers};

/// Everyone who took something, by item. An item counts once per taker.
pub(crate) fn takers_by_items(log: &Interactions, takers: Takers, n_items: usize) -> Observations {
    let mut cells: Vec<(Taker, u32)> =
        log.rows.iter().filter_map(|row| Some((takers.taker(row)?, row.item.0))).collect();
    cells.sort_unstable();
    cells.dedup();
    let cells = cells.into_iter().map(|(taker, item)| one(taker.0, item)).collect();
    let persons: Vec<Option<u32>> = (0..takers.n_takers())
        // Cannot fail: users and orders are numbered by `u32`, and `train` refuses more of both.
        .map(|row| u32::try_from(row).unwrap_or(u32::MAX))
        .map(|row| takers.is_person(Taker(row)).then_some(row))
        .collect();
    Observations::new(n_items, &persons, cells)
}

/// The items of each order or session. The rows of one order that name different users, or none, are different
/// baskets: shops reuse order numbers.
pub(crate) fn baskets_by_items(log: &Interactions, takers: Takers, n_items: usize) -> Observations {
    let mut rows: Vec<(Option<UserIdx>, OrderIdx, u32)> =
        log.rows.iter().filter_map(|row| Some((row.user, row.order?, row.item.0))).collect();
    rows.sort_unstable();
    rows.dedup();
    let mut persons = Vec::new();
    let mut cells = Vec::with_capacity(rows.len());
    let mut last = None;
    for (user, order, item) in rows {
        if last != Some((user, order)) {
            last = Some((user, order));
            persons.push(match takers.people {
                People::Users => user.map(|user| user.0),
                People::Orders => Some(order.0),
            });
        }
        // Cannot fail: there are at most as many baskets as rows, and a basket was pushed.
        let basket = u32::try_from(persons.len() - 1).unwrap_or(u32::MAX);
        cells.push(one(basket, item));
    }
    Observations::new(n_items, &persons, cells)
}

fn one(row: u32, item: u32) -> Observation {
    Observation { row, item: edgewise_core::ItemIdx(item), weight: 1.0 }
}
