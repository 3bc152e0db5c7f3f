//! Rows of one user or order, oldest first.

use edgewise_core::{Interaction, Interactions};

use crate::case::Past;

/// The rows with a key, grouped by it; groups ascend by key, rows by time, then order, item and kind.
pub(crate) fn grouped(
    log: &Interactions,
    key: impl Fn(&Interaction) -> Option<u32>,
) -> Vec<(u32, Vec<Interaction>)> {
    let mut rows: Vec<(u32, Interaction)> =
        log.rows.iter().filter_map(|row| Some((key(row)?, *row))).collect();
    rows.sort_unstable_by_key(|(key, row)| (*key, row.time_s, row.order, row.item, row.kind));
    let group =
        |group: &[(u32, Interaction)]| (group[0].0, group.iter().map(|row| row.1).collect());
    rows.chunk_by(|a, b| a.0 == b.0).map(group).collect()
}

/// By user.
pub(crate) fn by_user(log: &Interactions) -> Vec<(u32, Vec<Interaction>)> {
    grouped(log, |row| row.user.map(|user| user.0))
}

/// By order or session.
pub(crate) fn by_order(log: &Interactions) -> Vec<(u32, Vec<Interaction>)> {
    grouped(log, |row| row.order.map(|order| order.0))
}

/// Rows as the past of a question at `now_s`.
pub(crate) fn history(rows: &[Interaction], now_s: Option<i64>) -> Vec<Past> {
    let past = |row: &Interaction| Past {
        item: row.item,
        age_days: age_days(row.time_s, now_s),
        kind: row.kind,
    };
    rows.iter().map(past).collect()
}

/// Days from one time to another; 0 when one is unknown, or they are the other way round.
pub(crate) fn age_days(then_s: Option<i64>, now_s: Option<i64>) -> f64 {
    let (Some(then_s), Some(now_s)) = (then_s, now_s) else { return 0.0 };
    #[expect(clippy::cast_precision_loss, reason = "seconds between two events are below 2^53")]
    let seconds = now_s.saturating_sub(then_s).max(0) as f64;
    seconds / 86_400.0
}
