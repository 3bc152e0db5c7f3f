//! Visitors whose histories are drawn by popularity, the same ones in every run.

use edgewise_bundle::Bundle;
use edgewise_core::{Audience, Event, ItemIdx, Model as _, Placement, Query, Seen};

/// Histories of distinct items without end.
pub(crate) struct Questions {
    /// Sums of the weights of the first items, by row of the ranking.
    sums: Vec<u64>,
    ranked: Vec<ItemIdx>,
    n_history: usize,
    state: u64,
}

impl Questions {
    /// Histories of `n_history` items, or of as many as the bundle has.
    pub(crate) fn new(bundle: &Bundle<'_>, n_history: usize) -> Questions {
        let mut sum = 0;
        let (mut sums, mut ranked) = (Vec::new(), Vec::new());
        for best in bundle.ranking(Audience::Everyone) {
            sum += u64::from(best.weight);
            sums.push(sum);
            ranked.push(best.item);
        }
        let n_history = n_history.min(ranked.len());
        Questions { sums, ranked, n_history, state: 1 }
    }

    /// Knuth's MMIX generator: the same on every machine.
    fn below(&mut self, n: u64) -> u64 {
        const FACTOR: u64 = 6_364_136_223_846_793_005;
        self.state = self.state.wrapping_mul(FACTOR).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 20) % n.max(1)
    }
}

impl Iterator for Questions {
    type Item = Vec<Event>;

    fn next(&mut self) -> Option<Vec<Event>> {
        let mut history: Vec<Event> = Vec::with_capacity(self.n_history);
        while history.len() < self.n_history {
            let drawn = self.below(*self.sums.last()?);
            let item = *self.ranked.get(self.sums.partition_point(|&sum| sum <= drawn))?;
            if history.iter().all(|event| event.item != item) {
                history.push(Event::of(item));
            }
        }
        Some(history)
    }
}

/// What such a visitor is shown on a start page.
pub(crate) fn as_query(history: &[Event], k: usize) -> Query<'_> {
    Query {
        placement: Placement::Home,
        item: None,
        history,
        cart: &[],
        region: None,
        category: None,
        exclude: &[],
        seen: Seen::Hide,
        k,
        variant: None,
    }
}

/// The same as the body of `POST /recs`, for ids that need no escapes.
pub(crate) fn json(bundle: &Bundle<'_>, query: &Query<'_>) -> String {
    let id = |item| bundle.item_id(item, &mut Vec::new()).map(|id| format!("\"{id}\""));
    let ids: Vec<String> = query.history.iter().filter_map(|event| id(event.item)).collect();
    format!(
        "{{\"placement\":\"home\",\"history\":[{}],\"k\":{},\"cards\":false}}",
        ids.join(","),
        query.k
    )
}
