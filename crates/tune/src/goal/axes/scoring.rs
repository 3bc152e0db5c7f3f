//! What may be changed about the first rung that answers a goal: its weights and its decays. Nothing is trained again.

use edgewise_core::{Relation, Rung, Scoring, Tables, Term};
use edgewise_train::Params;

use super::super::presets::{REVISITS, revisits};
use super::super::{Axis, Goal};
use super::of_params;
use crate::ladder::{decay_of, falling};

/// Other weights of each term.
pub(super) fn weights(goal: Goal) -> Axis {
    of_params(move |params| {
        let terms = terms(params, goal);
        if terms.len() < 2 {
            return Vec::new();
        }
        let mut found = Vec::new();
        for (at, term) in terms.iter().enumerate() {
            for weight in [term.weight * 2, term.weight / 2, term.weight * 4, term.weight / 4] {
                let what = format!("{} weighs {weight}", term.relation.name());
                found.extend(changed(params, what, |tables| {
                    let rung = tables.ladders.get_mut(goal.placement().index())?.first_mut()?;
                    let Rung::Related(terms) = rung else { return None };
                    terms.get_mut(at)?.weight = weight;
                    Some(())
                }));
            }
        }
        found
    })
}

/// Other tables of what comes back.
pub(super) fn revisit(goal: Goal) -> Axis {
    of_params(move |params| {
        let again = terms(params, goal).iter().find(|term| term.relation == Relation::Again);
        let Some(again) = again else { return Vec::new() };
        let with = |shares: [f64; 3]| {
            changed(params, format!("revisits {shares:?}"), |tables| {
                *tables.decays.get_mut(usize::from(again.decay))? = decay_of(&revisits(shares));
                Some(())
            })
        };
        REVISITS.into_iter().filter_map(with).collect()
    })
}

/// Other slopes of the decays that the terms name.
pub(super) fn decays(goal: Goal, factors: &'static [f64]) -> Axis {
    of_params(move |params| {
        let falls = |term: &&Term| match goal {
            Goal::NextClick => term.relation == Relation::Next,
            _ => term.relation != Relation::Popular,
        };
        let mut found = Vec::new();
        for term in terms(params, goal).iter().filter(falls) {
            for &factor in factors {
                let what = format!("{} falls by {factor}", term.relation.name());
                found.extend(changed(params, what, |tables| {
                    let decay = tables.decays.get_mut(usize::from(term.decay))?;
                    *decay = falling(factor, decay.len());
                    Some(())
                }));
            }
        }
        found
    })
}

/// The terms of the first rung that answers the goal; none when that is a ranking.
fn terms(params: &Params, goal: Goal) -> &[Term] {
    match params.scoring.ladder(goal.placement()).first() {
        Some(Rung::Related(terms)) => terms,
        _ => &[],
    }
}

/// The settings with other tables, where those are within their limits.
fn changed(
    params: &Params,
    what: String,
    change: impl FnOnce(&mut Tables) -> Option<()>,
) -> Option<(String, Params)> {
    let mut tables = params.scoring.tables().clone();
    change(&mut tables)?;
    let scoring = Scoring::new(tables).ok()?;
    Some((what, Params { scoring, ..params.clone() }))
}
