//! How strongly an event speaks: by what happened, and how long ago.

use edgewise_core::{EventKind, Interaction, Interactions};
use serde::{Deserialize, Serialize};

use crate::params::{TrainError, check_range};

/// Weights of events in the matrices that models learn from. Only their ratios matter: the largest weight of a log is
/// one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Weighting {
    /// Of a view. `0.0`: views teach nothing. Below: they speak against the item. Range `-100.0..=100.0`, as for all.
    pub view: f64,
    /// Of putting an item into a cart.
    pub cart: f64,
    /// Of a purchase.
    pub purchase: f64,
    /// Age at which an event counts half, in days before the newest one. `0.01`: only the last minutes count.
    /// `36_500.0`: all time counts the same; then ages are not looked at. Range `0.01..=36_500.0`.
    pub half_life_days: f64,
}

/// The half-life that stands for all time.
const FOREVER_DAYS: f64 = 36_500.0;
const DAY_S: f64 = 86_400.0;

impl Default for Weighting {
    fn default() -> Weighting {
        Weighting { view: 1.0, cart: 2.0, purchase: 4.0, half_life_days: FOREVER_DAYS }
    }
}

impl Weighting {
    /// Refuses settings that are out of range.
    ///
    /// # Errors
    /// [`TrainError::OutOfRange`] names the setting.
    pub fn check(&self) -> Result<(), TrainError> {
        for (name, found) in [("view", self.view), ("cart", self.cart), ("purchase", self.purchase)]
        {
            check_range(name, found, -100.0, 100.0)?;
        }
        check_range("half_life_days", self.half_life_days, 0.01, FOREVER_DAYS)
    }

    /// What weighs the rows of a log.
    pub(crate) fn of(&self, log: &Interactions) -> Weigher {
        let of_kind = |kind: EventKind| match kind {
            EventKind::View => self.view,
            EventKind::Cart => self.cart,
            EventKind::Purchase => self.purchase,
        };
        let largest = log.rows.iter().map(|row| of_kind(row.kind).abs()).fold(0.0, f64::max);
        let newest = log.rows.iter().filter_map(|row| row.time_s).max();
        let relative = |kind| if largest > 0.0 { of_kind(kind) / largest } else { 0.0 };
        Weigher {
            of_kind: EventKind::ALL.map(relative),
            newest: newest.filter(|_| self.half_life_days < FOREVER_DAYS),
            half_life_days: self.half_life_days,
        }
    }
}

/// Weighs the rows of one log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weigher {
    /// In the order of [`EventKind::ALL`].
    of_kind: [f64; 3],
    /// The newest time, where ages are looked at.
    newest: Option<i64>,
    half_life_days: f64,
}

impl Weigher {
    /// The weight of a row. Zero where it teaches nothing.
    #[inline]
    pub(crate) fn weight(&self, row: &Interaction) -> f32 {
        let decay = match self.newest.zip(row.time_s) {
            Some((newest, time)) => {
                libm::exp2(-seconds(newest.abs_diff(time)) / DAY_S / self.half_life_days)
            }
            None => 1.0,
        };
        single(self.of_kind[row.kind as usize] * decay)
    }
}

#[expect(clippy::cast_precision_loss, reason = "an age of 2^53 seconds is 285 million years")]
fn seconds(age_s: u64) -> f64 {
    age_s as f64
}

#[expect(clippy::cast_possible_truncation, reason = "weights are cells of single precision")]
fn single(weight: f64) -> f32 {
    weight as f32
}

/// One cell of several events: the strongest for the item and the strongest against it.
#[derive(Clone, Copy, Default)]
pub(crate) struct Voices {
    for_it: f32,
    against_it: f32,
}

impl Voices {
    pub(crate) fn hear(&mut self, weight: f32) {
        self.for_it = self.for_it.max(weight);
        self.against_it = self.against_it.min(weight);
    }

    pub(crate) fn sum(self) -> f32 {
        self.for_it + self.against_it
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use edgewise_core::ItemIdx;

    fn log(rows: &[(EventKind, i64)]) -> Interactions {
        let row = |&(kind, days): &(EventKind, i64)| Interaction {
            item: ItemIdx(0),
            user: None,
            order: None,
            time_s: Some(days * 86_400),
            region: None,
            segment: None,
            kind,
        };
        Interactions { rows: rows.iter().map(row).collect(), ..Interactions::default() }
    }

    fn weights(weighting: &Weighting, log: &Interactions) -> Vec<f32> {
        let weigher = weighting.of(log);
        log.rows.iter().map(|row| weigher.weight(row)).collect()
    }

    #[test]
    fn a_log_of_one_kind_weighs_one_whatever_the_kind() {
        for kind in EventKind::ALL {
            assert_eq!(weights(&Weighting::default(), &log(&[(kind, 0), (kind, 400)])), [1.0, 1.0]);
        }
    }

    #[test]
    fn kinds_and_ages_multiply() {
        let weighting = Weighting { view: -1.0, half_life_days: 10.0, ..Weighting::default() };
        let log = log(&[(EventKind::Purchase, 20), (EventKind::Cart, 10), (EventKind::View, 0)]);
        assert_eq!(weights(&weighting, &log), [1.0, 0.25, -0.0625]);
    }

    #[test]
    fn the_strongest_voices_count_once() {
        let mut voices = Voices::default();
        for weight in [0.5, 1.0, -0.25, 0.5] {
            voices.hear(weight);
        }
        assert!((voices.sum() - 0.75).abs() < f32::EPSILON);
    }
}
