//! What each known person took, basket after basket: what repeat purchases are learnt from.

use edgewise_core::{Interactions, ItemIdx};

use crate::buckets::Buckets;

/// Seconds of a day.
const DAY_S: i64 = 86_400;

/// The distinct items of one order or visit, ascending.
pub type Basket = Vec<ItemIdx>;

/// The baskets of every person, oldest first, in an order of persons that depends on what they hold alone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histories {
    persons: Vec<Vec<Basket>>,
}

impl Histories {
    /// From the baskets of each person, oldest first. Repeated items of a basket count once; empty baskets and persons
    /// are left out.
    pub fn new(persons: Vec<Vec<Basket>>) -> Histories {
        let clean = |mut baskets: Vec<Basket>| {
            for basket in &mut baskets {
                basket.sort_unstable();
                basket.dedup();
            }
            baskets.retain(|basket| !basket.is_empty());
            baskets
        };
        let mut persons: Vec<Vec<Basket>> = persons.into_iter().map(clean).collect();
        persons.retain(|baskets| !baskets.is_empty());
        persons.sort_unstable();
        Histories { persons }
    }

    /// The known users of a log. A basket is an order, or a day where rows name no order; it stands at its first row's
    /// time, and baskets of one time are ordered by what they hold. Rows without a user or a time are left out.
    pub fn of(log: &Interactions) -> Histories {
        type Row = (Option<u32>, Option<i64>, i64, ItemIdx);
        let by_user = Buckets::of(log, log.n_users as usize, |row| row.user.map(|user| user.0));
        let mut rows: Vec<Row> = Vec::new();
        let mut persons = Vec::with_capacity(by_user.n_buckets());
        for of_user in by_user.iter() {
            rows.clear();
            rows.extend(of_user.filter_map(|row| {
                let day = || row.time_s.map(|time_s| time_s.div_euclid(DAY_S));
                let day = if row.order.is_none() { day() } else { None };
                Some((row.order.map(|order| order.0), day, row.time_s?, row.item))
            }));
            rows.sort_unstable();
            let baskets = rows.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)).map(|rows| {
                let mut basket: Basket = rows.iter().map(|row| row.3).collect();
                basket.sort_unstable();
                (rows[0].2, basket)
            });
            let mut baskets: Vec<(i64, Basket)> = baskets.collect();
            baskets.sort_unstable();
            persons.push(baskets.into_iter().map(|(_, basket)| basket).collect());
        }
        Histories::new(persons)
    }

    /// The baskets of each person, oldest first.
    pub fn persons(&self) -> &[Vec<Basket>] {
        &self.persons
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use edgewise_core::{EventKind, Interaction, OrderIdx, UserIdx};

    #[test]
    fn orders_stand_in_time_and_days_take_the_place_of_absent_orders() {
        let row = |user, order: Option<u32>, time_s, item| Interaction {
            item: ItemIdx(item),
            user: Some(UserIdx(user)),
            order: order.map(OrderIdx),
            time_s: Some(time_s),
            region: None,
            segment: None,
            kind: EventKind::Purchase,
        };
        let rows = vec![
            row(0, Some(7), 500, 3),
            row(0, Some(2), 900, 1),
            row(0, Some(7), 400, 2),
            row(1, None, 90_000, 5),
            row(1, None, 10, 6),
            row(1, None, 90_500, 4),
            Interaction { user: None, ..row(0, None, 1, 1) },
        ];
        let log = Interactions { rows, n_users: 2, n_orders: 8 };
        let histories = Histories::of(&log);
        let items = |list: &[u32]| list.iter().copied().map(ItemIdx).collect::<Vec<_>>();
        let expected = [vec![items(&[2, 3]), items(&[1])], vec![items(&[6]), items(&[4, 5])]];
        assert_eq!(histories.persons(), expected);
        let mut backward = log.clone();
        backward.rows.reverse();
        assert_eq!(Histories::of(&backward), histories);
    }
}
