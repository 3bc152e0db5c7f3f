//! Who counts as a person.
//!
//! A fact may be published when enough distinct people stand behind it. A known user is one person. A guest's order
//! teaches the model, but nobody can tell whether two such orders are two people, so guests never count towards the
//! minimum. In a log that names no users at all, an order or session is the best there is, and counts as one person.

use edgewise_core::{Interaction, Interactions, UserIdx};

/// Who counts as a person in a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum People {
    /// Known users.
    Users,
    /// Orders or sessions.
    Orders,
}

/// A row of the incidence between those who take and what they take: a known user, or else one order of a guest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Taker(pub(crate) u32);

/// The takers of a log: first the known users, then the orders.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Takers {
    n_users: u32,
    n_orders: u32,
    pub(crate) people: People,
}

impl Takers {
    pub(crate) fn of(log: &Interactions) -> Takers {
        let people = if log.n_users > 0 { People::Users } else { People::Orders };
        Takers { n_users: log.n_users, n_orders: log.n_orders, people }
    }

    /// Number of rows that an incidence needs.
    pub(crate) fn n_takers(&self) -> usize {
        self.n_users as usize + self.n_orders as usize
    }

    /// Who took the row's item; `None` when nobody can be told apart.
    pub(crate) fn taker(&self, row: &Interaction) -> Option<Taker> {
        match (row.user, row.order) {
            (Some(UserIdx(user)), _) => Some(Taker(user)),
            (None, Some(order)) => Some(Taker(self.n_users + order.0)),
            (None, None) => None,
        }
    }

    /// Whether the taker counts towards the minimum number of people.
    pub(crate) fn is_person(&self, taker: Taker) -> bool {
        match self.people {
            People::Users => taker.0 < self.n_users,
            People::Orders => true,
        }
    }
}
