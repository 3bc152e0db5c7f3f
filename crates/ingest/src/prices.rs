//! The newest prices of items.

use crate::number::Number;
use crate::settings::DecimalMark;

/// The newest prices of one item: those of its newest rows, with how many rows have each.
///
/// Nearly every item has one: a tree of them took 420 bytes an item, a third of the memory of reading a large log.
#[derive(Clone, Debug, Default)]
pub(crate) struct NewestPrices {
    /// Of the newest rows; before every time when they have none.
    time_s: Option<i64>,
    first: Option<Number>,
    n_first: u32,
    /// The others.
    #[expect(clippy::box_collection, reason = "a vector is two words more for every item")]
    more: Option<Box<Vec<(Number, u32)>>>,
}

impl NewestPrices {
    pub(crate) fn add(&mut self, time_s: Option<i64>, price: Number) {
        if time_s < self.time_s {
            return;
        }
        if time_s > self.time_s {
            *self = NewestPrices { time_s, ..NewestPrices::default() };
        }
        match self.first {
            None => (self.first, self.n_first) = (Some(price), 1),
            Some(first) if first == price => self.n_first = self.n_first.saturating_add(1),
            Some(_) => {
                let more = self.more.get_or_insert_default();
                match more.iter_mut().find(|other| other.0 == price) {
                    Some((_, n_rows)) => *n_rows = n_rows.saturating_add(1),
                    None => more.push((price, 1)),
                }
            }
        }
    }

    /// The most frequent price; of equally frequent ones the smallest.
    pub(crate) fn price(&self, mark: DecimalMark) -> Option<i64> {
        let first = self.first.map(|first| (first, self.n_first));
        let counts =
            first.into_iter().chain(self.more.iter().flat_map(|more| more.iter().copied()));
        let values = counts.filter_map(|(price, n_rows)| Some((n_rows, price.value(mark)?)));
        values
            .max_by_key(|&(n_rows, value)| (n_rows, std::cmp::Reverse(value)))
            .map(|(_, value)| value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(prices: &[(Option<i64>, &str)], expected: i64) {
        let mut newest = NewestPrices::default();
        for &(time_s, price) in prices {
            newest.add(time_s, Number::read(price, DecimalMark::Auto).unwrap());
        }
        assert_eq!(newest.price(DecimalMark::Point), Some(expected * 1_000_000));
    }

    #[test]
    fn the_most_frequent_of_the_newest_prices_wins_and_ties_go_to_the_smallest() {
        check(&[(Some(1), "9"), (Some(2), "5"), (Some(1), "9")], 5);
        check(&[(None, "7"), (None, "3"), (None, "3"), (None, "2")], 3);
        check(&[(None, "7"), (None, "3"), (None, "5")], 3);
        check(&[(Some(3), "4"), (Some(3), "8"), (Some(3), "8"), (Some(2), "4"), (None, "4")], 8);
    }
}
