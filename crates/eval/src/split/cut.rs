//! When the newest part of a log begins.

use std::collections::BTreeMap;

use edgewise_core::Interactions;

/// The time from which on about `part` of the log's orders begin; of its rows, when it has no orders.
///
/// Orders that begin at the same second stay together, on the newer side. `None` when no row has a time.
pub fn newest_share(log: &Interactions, part: f64) -> Option<i64> {
    let mut starts: BTreeMap<u32, i64> = BTreeMap::new();
    for row in &log.rows {
        if let (Some(order), Some(time_s)) = (row.order, row.time_s) {
            let start = starts.entry(order.0).or_insert(time_s);
            *start = time_s.min(*start);
        }
    }
    let mut times: Vec<i64> = if starts.is_empty() {
        log.rows.iter().filter_map(|row| row.time_s).collect()
    } else {
        starts.into_values().collect()
    };
    times.sort_unstable();
    let n_newest = n_of(times.len(), part).clamp(1, times.len().max(1));
    times.get(times.len().checked_sub(n_newest)?).copied()
}

/// The share `part` of `n` things, rounded to the nearest number. Parts outside `0.0..=1.0` are brought to the nearer end.
pub(crate) fn n_of(n: usize, part: f64) -> usize {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a part of a length"
    )]
    let n_part = (n as f64 * part.clamp(0.0, 1.0) + 0.5) as usize;
    n_part.min(n)
}
