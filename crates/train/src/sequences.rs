//! Who looked at what, and in which order: the sessions of a log.
//!
//! Sessions stand in an order that depends on their contents alone, never on how a log numbers its users and orders.

use edgewise_core::{Interactions, ItemIdx, OrderIdx, UserIdx};

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

/// One session before it has its place.
struct Session {
    last_time_s: Option<i64>,
    items: Vec<ItemIdx>,
    person: u32,
}

impl Sequences {
    /// The rows of each order or session, by time and then by item; an item that comes again is there again. The rows
    /// of one order that name different users, or none, are different sessions: shops reuse order numbers. Rows
    /// without an order belong to none.
    pub fn of(log: &Interactions, n_items: usize) -> Sequences {
        let people = Takers::of(log).people;
        let mut rows: Vec<(OrderIdx, Option<UserIdx>, Option<i64>, ItemIdx)> = log
            .rows
            .iter()
            .filter_map(|row| Some((row.order?, row.user, row.time_s, row.item)))
            .collect();
        rows.sort_unstable();
        let sessions = rows.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).map(|rows| {
            let (order, user, ..) = rows[0];
            let person = match people {
                People::Users => user.map_or(NOBODY, |user| user.0),
                People::Orders => order.0,
            };
            let last_time_s = rows.iter().map(|row| row.2).max().flatten();
            Session { last_time_s, items: rows.iter().map(|row| row.3).collect(), person }
        });
        Sequences::in_canonical_order(sessions.collect(), n_items)
    }

    /// Each user's whole history as one session; users of whom nothing is known are left out. What user-based
    /// neighbourhoods are made of.
    pub fn of_users(log: &Interactions, n_items: usize) -> Sequences {
        let rows = log
            .rows
            .iter()
            .filter(|row| row.user.is_some())
            .map(|row| edgewise_core::Interaction {
                order: row.user.map(|user| OrderIdx(user.0)),
                ..*row
            })
            .collect();
        let by_user = Interactions { rows, n_orders: log.n_users, ..*log };
        Sequences::of(&by_user, n_items)
    }

    fn in_canonical_order(mut sessions: Vec<Session>, n_items: usize) -> Sequences {
        sessions
            .sort_by(|a, b| a.last_time_s.cmp(&b.last_time_s).then_with(|| a.items.cmp(&b.items)));
        let mut starts = vec![0];
        let mut items =
            Vec::with_capacity(sessions.iter().map(|session| session.items.len()).sum());
        for session in &sessions {
            items.extend_from_slice(&session.items);
            starts.push(items.len());
        }
        let persons = sessions.iter().map(|session| session.person).collect();
        let last_times_s = sessions.iter().map(|session| session.last_time_s).collect();
        Sequences { n_items, starts, items, persons, last_times_s }
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
        let part = |range: std::ops::Range<usize>| {
            let of = |session: usize| Session {
                last_time_s: self.last_times_s[session],
                items: self.items(session).to_vec(),
                person: self.persons[session],
            };
            Sequences::in_canonical_order(range.map(of).collect(), self.n_items)
        };
        (part(0..cut), part(cut..self.n_sessions()))
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
    use edgewise_core::{EventKind, Interaction};

    fn row(user: Option<u32>, order: u32, time_s: Option<i64>, item: u32) -> Interaction {
        Interaction {
            item: ItemIdx(item),
            user: user.map(UserIdx),
            order: Some(OrderIdx(order)),
            time_s,
            region: None,
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
