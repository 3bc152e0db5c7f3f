//! A search for a better model: coordinate by coordinate, keeping what is better on the questions it is given.

use edgewise_core::Interactions;

use crate::bench::{Bench, TuneError};
use crate::goal::Setup;

/// A model that was tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    /// What is different about it.
    pub what: String,
    /// Its objective.
    pub objective: f64,
    /// The best objective so far, this trial's included.
    pub best: f64,
}

/// The outcome of a search.
#[derive(Clone, Debug)]
pub struct Found {
    /// The best settings.
    pub setup: Setup,
    /// Everything that was tried, in order.
    pub trials: Vec<Trial>,
}

/// Starts at `start` and goes through the goal's alternatives until a whole round makes nothing better, or until
/// `may_go_on`, which is asked after every trial, says no. Deterministic when that is.
///
/// # Errors
/// [`TuneError`] of the start; an alternative that cannot be built is passed over.
pub fn search(
    bench: &mut Bench<'_>,
    start: &Setup,
    may_go_on: &mut dyn FnMut(&Trial) -> bool,
) -> Result<Found, TuneError> {
    let goal = bench.task().goal;
    let span_days = span_days(bench.task().train);
    let mut best = bench.measure(start)?.objective;
    let mut found = Found { setup: start.clone(), trials: Vec::new() };
    let first = Trial { what: "start".to_owned(), objective: best, best };
    found.trials.push(first.clone());
    if !may_go_on(&first) {
        return Ok(found);
    }
    for _ in 0..MAX_ROUNDS {
        let before = best;
        for axis in goal.axes(span_days) {
            for (what, setup) in axis(&found.setup) {
                if setup == found.setup {
                    continue;
                }
                let Ok(measured) = bench.measure(&setup) else { continue };
                let objective = measured.objective;
                if objective > best {
                    best = objective;
                    found.setup = setup;
                }
                let trial = Trial { what, objective, best };
                found.trials.push(trial.clone());
                if !may_go_on(&trial) {
                    return Ok(found);
                }
            }
        }
        if best <= before {
            break;
        }
    }
    Ok(found)
}

/// Rounds over all axes; a third one has not been seen to find anything.
const MAX_ROUNDS: usize = 2;

/// The time from the first event to the last; none without times.
#[expect(clippy::cast_precision_loss, reason = "a span of 2^53 seconds is 285 million years")]
fn span_days(log: &Interactions) -> Option<f64> {
    let times = || log.rows.iter().filter_map(|row| row.time_s);
    let span_s = times().max()?.abs_diff(times().min()?);
    (span_s > 0).then_some(span_s as f64 / 86_400.0)
}
