//! The rows of a log by what they name: a counting sort of their positions, in four bytes a row.

use edgewise_core::{Interaction, Interactions};

/// Positions of rows, bucket after bucket, ascending within each.
#[derive(Clone, Debug)]
pub struct Buckets<'l> {
    log: &'l Interactions,
    starts: Vec<usize>,
    positions: Vec<u32>,
}

impl<'l> Buckets<'l> {
    /// Puts each row into the bucket that it names, below `n_buckets`; rows that name none are left out.
    ///
    /// # Panics
    /// A row names a bucket that is not there; a log that was read or checked by [`crate::train`] has no such row.
    pub fn of(
        log: &'l Interactions,
        n_buckets: usize,
        bucket: impl Fn(&Interaction) -> Option<u32>,
    ) -> Buckets<'l> {
        let mut starts = vec![0; n_buckets + 1];
        for bucket in log.rows.iter().filter_map(&bucket) {
            starts[bucket as usize + 1] += 1;
        }
        for bucket in 0..n_buckets {
            starts[bucket + 1] += starts[bucket];
        }
        let mut next = starts.clone();
        let mut positions = vec![0; starts[n_buckets]];
        // Cannot fail: `train` refuses more rows than `u32` counts.
        for (position, row) in (0u32..).zip(&log.rows) {
            if let Some(bucket) = bucket(row) {
                let slot = &mut next[bucket as usize];
                positions[*slot] = position;
                *slot += 1;
            }
        }
        Buckets { log, starts, positions }
    }

    /// Number of buckets, empty ones included.
    pub fn n_buckets(&self) -> usize {
        self.starts.len() - 1
    }

    /// The rows of a bucket.
    pub fn rows(&self, bucket: usize) -> impl ExactSizeIterator<Item = &'l Interaction> + '_ {
        let positions = &self.positions[self.starts[bucket]..self.starts[bucket + 1]];
        positions.iter().map(|&position| &self.log.rows[position as usize])
    }

    /// The rows of every bucket, one bucket after the other.
    pub fn iter(
        &self,
    ) -> impl Iterator<Item = impl ExactSizeIterator<Item = &'l Interaction> + '_> + '_ {
        (0..self.n_buckets()).map(|bucket| self.rows(bucket))
    }
}

#[cfg(test)]
mod tests {
    use edgewise_core::{EventKind, ItemIdx, UserIdx};

    use super::*;

    #[test]
    fn rows_keep_their_order_within_a_bucket_and_others_are_left_out() {
        let row = |(item, user): (u32, Option<u32>)| Interaction {
            item: ItemIdx(item),
            user: user.map(UserIdx),
            order: None,
            time_s: None,
            region: None,
            segment: None,
            kind: EventKind::View,
        };
        let rows = [(5, Some(2)), (4, None), (3, Some(0)), (2, Some(2))].map(row);
        let log = Interactions { rows: rows.to_vec(), n_users: 3, n_orders: 0 };
        let buckets = Buckets::of(&log, 3, |row| row.user.map(|user| user.0));
        let items = |bucket| buckets.rows(bucket).map(|row| row.item.0).collect::<Vec<_>>();
        assert_eq!([0, 1, 2].map(items), [vec![3], vec![], vec![5, 2]]);
        assert_eq!(buckets.iter().map(|rows| rows.len()).sum::<usize>(), 3);
    }
}
