//! Baskets: the items of one order or session.

use edgewise_core::{Interactions, OrderIdx, UserIdx};

use crate::incidence::Incidence;
use crate::pairs::Persons;
use crate::people::{People, Takers};

/// The baskets of a log, numbered so that those of one user are neighbours.
pub(crate) struct Baskets {
    pub(crate) incidence: Incidence,
    /// Per basket, who counts.
    persons: Vec<Option<u32>>,
}

impl Baskets {
    /// From the rows that name an order. The rows of one order that name different users, or none, are different
    /// baskets: shops reuse order numbers.
    pub(crate) fn of(log: &Interactions, takers: Takers, n_items: usize) -> Baskets {
        let mut rows: Vec<(Option<UserIdx>, OrderIdx, u32)> =
            log.rows.iter().filter_map(|row| Some((row.user, row.order?, row.item.0))).collect();
        rows.sort_unstable();
        rows.dedup();
        let mut persons = Vec::new();
        let mut pairs = Vec::with_capacity(rows.len());
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
            pairs.push((basket, item));
        }
        Baskets { incidence: Incidence::new(persons.len(), n_items, pairs), persons }
    }

    pub(crate) fn n_baskets(&self) -> usize {
        self.persons.len()
    }
}

impl Persons for Baskets {
    fn person(&self, row: u32) -> Option<u32> {
        self.persons[row as usize]
    }
}
