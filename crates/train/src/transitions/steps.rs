//! Counting the steps of one source at a time, in fixed point, so that the order of sessions does not matter.

use edgewise_core::ItemIdx;

use super::{DistanceWeight, TransitionParams};
use crate::pairs::Support;
use crate::sequences::{NOBODY, Sequences};

/// One, in the fixed point in which weights are summed, so that their order does not matter.
const ONE: f64 = 4_294_967_296.0;

/// Steps from one source to one target.
#[derive(Clone, Copy)]
struct Tally {
    weight: u64,
    n_rows: u32,
    n_people: u32,
    last_session: u32,
    last_person: u32,
}

const NOTHING: Tally =
    Tally { weight: 0, n_rows: 0, n_people: 0, last_session: NOBODY, last_person: NOBODY };

/// Weights of the steps of each distance, in fixed point.
pub(super) struct Steps {
    forward: Vec<u64>,
    backward: Vec<u64>,
}

impl Steps {
    pub(super) fn of(params: &TransitionParams) -> Steps {
        let weight = |distance: u32| match params.distance {
            DistanceWeight::Reciprocal => 1.0 / f64::from(distance),
            DistanceWeight::Linear => {
                1.0 - f64::from(distance - 1) / f64::from(params.max_distance)
            }
        };
        let fixed = |factor: f64| {
            (1..=params.max_distance)
                .map(|distance| fixed_point(weight(distance) * factor))
                .collect()
        };
        Steps { forward: fixed(1.0), backward: fixed(params.backward) }
    }
}

/// The targets of one source.
pub(super) struct Counted {
    /// Ascending by row; weights in fixed point.
    pub(super) targets: Vec<(ItemIdx, u64)>,
    /// Of all steps from the source, supported or not.
    pub(super) total: u64,
    pub(super) n_removed: u64,
}

/// Counts the steps from one source after another. One per thread; every source leaves it clean.
pub(super) struct StepCounter {
    tallies: Vec<Tally>,
    touched: Vec<u32>,
}

impl StepCounter {
    pub(super) fn new(n_items: usize) -> StepCounter {
        StepCounter { tallies: vec![NOTHING; n_items], touched: Vec::new() }
    }

    /// Walks the sessions that hold the source, those of the same person behind one another.
    pub(super) fn count(
        &mut self,
        sequences: &Sequences,
        source: ItemIdx,
        sessions: &[u32],
        steps: &Steps,
        support: Support,
    ) -> Counted {
        let mut total = 0;
        for &session in sessions {
            let person = sequences.person(session as usize).unwrap_or(NOBODY);
            let items = sequences.items(session as usize);
            for at in (0..items.len()).filter(|&at| items[at] == source) {
                let later = items[at + 1..].iter().zip(&steps.forward);
                let earlier = items[..at].iter().rev().zip(&steps.backward);
                for (&target, &weight) in later.chain(earlier) {
                    // A list never holds its own item; coming back to an item is a matter of scoring.
                    if target != source && weight > 0 {
                        total += weight;
                        self.add(target, weight, (session, person));
                    }
                }
            }
        }
        self.touched.sort_unstable();
        let mut counted = Counted { targets: Vec::new(), total, n_removed: 0 };
        for target in self.touched.drain(..) {
            let tally = std::mem::replace(&mut self.tallies[target as usize], NOTHING);
            if tally.n_rows < support.min_rows {
                continue;
            }
            if tally.n_people < support.min_people {
                counted.n_removed += 1;
                continue;
            }
            counted.targets.push((ItemIdx(target), tally.weight));
        }
        counted
    }

    fn add(&mut self, target: ItemIdx, weight: u64, (session, person): (u32, u32)) {
        let tally = &mut self.tallies[target.index()];
        if tally.n_rows == 0 {
            self.touched.push(target.0);
        }
        tally.weight += weight;
        if tally.n_rows == 0 || tally.last_session != session {
            tally.last_session = session;
            tally.n_rows += 1;
        }
        if person != NOBODY && tally.last_person != person {
            tally.last_person = person;
            tally.n_people += 1;
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a weight of one step is at most one"
)]
fn fixed_point(weight: f64) -> u64 {
    (weight * ONE + 0.5) as u64
}

/// From fixed point to a real number.
#[expect(clippy::cast_precision_loss, reason = "2^21 steps of weight one are exact")]
pub(super) fn real(weight: u64) -> f64 {
    weight as f64 / ONE
}
