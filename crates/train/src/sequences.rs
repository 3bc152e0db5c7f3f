//! Who looked at what, and in which order: the sessions of a log.
//!
//! Sessions stand in an order that depends on their contents alone, never on how a log numbers its users and orders.

use edgewise_core::{Interactions, ItemIdx, UserIdx};
use rayon::prelude::*;

use crate::buckets::Buckets;
use crate::people::{People, Takers};

/// Nobody stands behind a session, or nobody who can be told apart.
pub(crate) const NOBODY: u32 = u32::MAX;

/// The sessions of a log, the oldest first: by the time of their last event (sessions without any time first), then
/// by their items in order.
#[derive(Clone, Debug)]
pub struct Sequences {
    n_items: usize,
    starts: Vec<usize>,
    items: Vec<ItemIdx>,
    persons: Vec<u32>,
    last_times_s: Vec<Option<i64>>,
}

impl Sequences {
    /// The rows of each order or session, by time and then by item; an item that comes again is there again. The rows
    /// of one order that name different users, or none, are different sessions: shops reuse order numbers. Rows
    /// without an order belong to none.
    pub fn of(log: &Interactions, n_items: usize) -> Sequences {
        let people = Takers::of(log).people;
        let by_order =
            Buckets::of(log, log.n_orders as usize, |row| row.order.map(|order| order.0));
        Sequences::of_buckets(&by_order, n_items, |user, order| match people {
            People::Users => user.map_or(NOBODY, |user| user.0),
            People::Orders => order,
        })
    }

    /// Each user's whole history as one session; users of whom nothing is known are left out. What user-based
    /// neighbourhoods are made of.
    pub fn of_users(log: &Interactions, n_items: usize) -> Sequences {
        let by_user = Buckets::of(log, log.n_users as usize, |row| row.user.map(|user| user.0));
        Sequences::of_buckets(&by_user, n_items, |_, user| user)
    }

    /// The rows of each bucket and user, in canonical order. `person` says who stands behind them.
    fn of_buckets(
        buckets: &Buckets<'_>,
        n_items: usize,
        person: impl Fn(Option<UserIdx>, u32) -> u32,
    ) -> Sequences {
        let mut sessions = Sequences::empty(n_items);
        let mut rows: Vec<(Option<UserIdx>, Option<i64>, ItemIdx)> = Vec::new();
        for (bucket, of_bucket) in (0..).zip(buckets.iter()) {
            rows.clear();
            rows.extend(of_bucket.map(|row| (row.user, row.time_s, row.item)));
            rows.sort_unstable();
            for rows in rows.chunk_by(|a, b| a.0 == b.0) {
                // Rows ascend by time, and the last one has one if any has.
                let last_time_s = rows[rows.len() - 1].1;
                let items = rows.iter().map(|row| row.2);
                sessions.push(items, person(rows[0].0, bucket), last_time_s);
            }
        }
        let mut order: Vec<usize> = (0..sessions.n_sessions()).collect();
        order.par_sort_by(|&a, &b| {
            let times = sessions.last_times_s[a].cmp(&sessions.last_times_s[b]);
            times.then_with(|| sessions.items(a).cmp(sessions.items(b)))
        });
        sessions.part(order.into_iter())
    }

    fn empty(n_items: usize) -> Sequences {
        let (items, persons, last_times_s) = (Vec::new(), Vec::new(), Vec::new());
        Sequences { n_items, starts: vec![0], items, persons, last_times_s }
    }

    fn push(
        &mut self,
        items: impl Iterator<Item = ItemIdx>,
        person: u32,
        last_time_s: Option<i64>,
    ) {
        self.items.extend(items);
        self.starts.push(self.items.len());
        self.persons.push(person);
        self.last_times_s.push(last_time_s);
    }

    /// Some of the sessions, in the order given.
    fn part(&self, sessions: impl Iterator<Item = usize>) -> Sequences {
        let mut part = Sequences::empty(self.n_items);
        for session in sessions {
            let items = self.items(session).iter().copied();
            part.push(items, self.persons[session], self.last_times_s[session]);
        }
        part
    }

    /// Number of sessions.
    pub fn n_sessions(&self) -> usize {
        self.persons.len()
    }

    /// Number of items that sessions may name.
    pub fn n_items(&self) -> usize {
        self.n_items
    }

    /// The items of a session, oldest first, with repeats.
    pub fn items(&self, session: usize) -> &[ItemIdx] {
        &self.items[self.starts[session]..self.starts[session + 1]]
    }

    /// Every session's items, the oldest session first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &[ItemIdx]> {
        (0..self.n_sessions()).map(|session| self.items(session))
    }

    /// Who stands behind a session.
    pub fn person(&self, session: usize) -> Option<u32> {
        Some(self.persons[session]).filter(|&person| person != NOBODY)
    }

    /// When the session's last event was, in seconds since 1970-01-01T00:00:00Z.
    pub fn last_time_s(&self, session: usize) -> Option<i64> {
        self.last_times_s[session]
    }

    /// The newest `n_last` sessions apart from all others: what came before, and what to validate on.
    pub fn split_last(&self, n_last: usize) -> (Sequences, Sequences) {
        let cut = self.n_sessions().saturating_sub(n_last);
        (self.part(0..cut), self.part(cut..self.n_sessions()))
    }

    /// The sessions that hold each item, once each, those of the same person behind one another.
    pub(crate) fn sessions_by_item(&self) -> Vec<Vec<u32>> {
        let mut by_item = vec![Vec::new(); self.n_items];
        // Cannot fail: sessions come from orders, which are numbered by `u32`.
        let mut order: Vec<u32> =
            (0..u32::try_from(self.n_sessions()).unwrap_or(u32::MAX)).collect();
        order.sort_by_key(|&session| self.persons[session as usize]);
        for session in order {
            for item in self.items(session as usize) {
                let list: &mut Vec<u32> = &mut by_item[item.index()];
                if list.last() != Some(&session) {
                    list.push(session);
                }
            }
        }
        by_item
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use edgewise_core::{EventKind, Interaction, OrderIdx};

    fn row(user: Option<u32>, order: u32, time_s: Option<i64>, item: u32) -> Interaction {
        Interaction {
            item: ItemIdx(item),
            user: user.map(UserIdx),
            order: Some(OrderIdx(order)),
            time_s,
            region: None,
            segment: None,
            kind: EventKind::View,
        }
    }

    fn sessions(sequences: &Sequences) -> Vec<Vec<u32>> {
        sequences.iter().map(|items| items.iter().map(|item| item.0).collect()).collect()
    }

    #[test]
    fn items_follow_time_and_repeats_stay() {
        let rows = vec![
            row(None, 0, Some(30), 2),
            row(None, 0, Some(10), 5),
            row(None, 0, Some(20), 2),
            row(None, 1, Some(5), 1),
            row(None, 0, Some(20), 1),
        ];
        let sequences = Sequences::of(&Interactions { rows, n_users: 0, n_orders: 2 }, 6);
        assert_eq!(sessions(&sequences), [vec![1], vec![5, 1, 2, 2]]);
        assert_eq!([0, 1].map(|at| sequences.last_time_s(at)), [Some(5), Some(30)]);
        assert_eq!([0, 1].map(|at| sequences.person(at)), [Some(1), Some(0)]);
        let holding_two = &sequences.sessions_by_item()[2];
        assert_eq!(*holding_two, [1], "a session once, however often it holds the item");
    }

    #[test]
    fn an_order_of_two_users_is_two_sessions_and_a_guest_is_nobody() {
        let rows = vec![row(Some(0), 7, None, 1), row(Some(1), 7, None, 2), row(None, 7, None, 3)];
        let sequences = Sequences::of(&Interactions { rows, n_users: 2, n_orders: 8 }, 4);
        assert_eq!(sessions(&sequences), [[1], [2], [3]]);
        let persons = [0, 1, 2].map(|at| sequences.person(at));
        assert_eq!(persons, [Some(0), Some(1), None]);
    }

    #[test]
    fn a_user_is_one_session_of_all_orders() {
        let rows = vec![
            row(Some(1), 0, Some(9), 1),
            row(Some(1), 3, Some(4), 2),
            row(None, 2, Some(1), 3),
            row(Some(0), 1, Some(2), 3),
        ];
        let sequences = Sequences::of_users(&Interactions { rows, n_users: 2, n_orders: 4 }, 4);
        assert_eq!(sessions(&sequences), [vec![3], vec![2, 1]]);
    }

    #[test]
    fn numbers_of_users_and_orders_and_the_order_of_rows_do_not_matter() {
        let rows: Vec<Interaction> = (0..40u32)
            .map(|at| row((at % 5 > 0).then_some(at % 5), at % 9, Some(i64::from(at % 7)), at % 6))
            .collect();
        let expected =
            Sequences::of(&Interactions { rows: rows.clone(), n_users: 6, n_orders: 9 }, 6);
        let renamed = rows.iter().rev().map(|row| Interaction {
            user: row.user.map(|user| UserIdx(5 - user.0)),
            order: row.order.map(|order| OrderIdx(8 - order.0)),
            ..*row
        });
        let log = Interactions { rows: renamed.collect(), n_users: 6, n_orders: 9 };
        let found = Sequences::of(&log, 6);
        assert_eq!(sessions(&found), sessions(&expected));
        let (before, last) = found.split_last(4);
        assert_eq!(sessions(&before), sessions(&expected)[..before.n_sessions()]);
        assert_eq!((before.n_sessions() + 4, last.n_sessions()), (found.n_sessions(), 4));
    }
}
