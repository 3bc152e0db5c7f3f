//! Every prefix of every later session predicts the next item.

use edgewise_core::{Interaction, Interactions, Placement, Seen};

use super::Split;
use super::sequence::{by_order, history};
use crate::case::{Case, UnitIdx};

/// Sessions that begin at or after `cut_s` are asked about, all others are learnt from. Rows without a session are learnt
/// from.
pub fn session_prefixes(log: &Interactions, cut_s: i64) -> Split {
    let mut train: Vec<Interaction> =
        log.rows.iter().filter(|row| row.order.is_none()).copied().collect();
    let mut cases = Vec::new();
    for (session, rows) in by_order(log) {
        // Times ascend, and an unknown one is the least.
        let begins = rows.first().and_then(|row| row.time_s);
        if begins.is_some_and(|begins| begins >= cut_s) {
            cases.extend(prefixes(UnitIdx(session), &rows));
        } else {
            train.extend(rows);
        }
    }
    Split { train: Interactions { rows: train, ..*log }, cases }
}

/// One case per event after the first. The last item, and any other of the session, may be next.
pub(crate) fn prefixes(unit: UnitIdx, rows: &[Interaction]) -> impl Iterator<Item = Case> {
    (1..rows.len()).map(move |n| Case {
        history: history(&rows[..n], rows[n].time_s),
        seen: Seen::Show,
        relevant: vec![rows[n].item],
        ..Case::new(unit, Placement::Home)
    })
}
