//! Starting points per goal, the plainest first and the best last.

use edgewise_core::{Relation, Scoring, Source, Term};
use edgewise_train::{
    ListModel, Params, Part, Recipe, RidgeParams, Rows, Rp3BetaParams, SessionIndexParams,
    SimilarityParams, TransitionParams,
};

use edgewise_eval::Newest;

use super::{Goal, Preset, Setup};
use crate::ladder::{LEVEL, Ladder, term};

/// Neighbours per item of every starting point.
const NEIGHBOURS: u32 = 50;

pub(super) fn of(goal: Goal) -> Vec<Preset> {
    let mut presets = vec![preset(
        "popularity",
        "what most people take, the same for everyone",
        nothing(scoring(goal, Vec::new())),
    )];
    presets.extend(match goal {
        Goal::NewItems => lists(goal, Rows::People, Relation::Similar, Source::History),
        Goal::Completion => lists(goal, Rows::Baskets, Relation::Together, Source::Cart),
        Goal::NextClick => clicks(goal),
        Goal::NextBasket => repeats(goal),
    });
    presets
}

fn preset(name: &'static str, about: &'static str, params: Params) -> Preset {
    Preset { name, about, setup: Setup { params, newest: Newest::Show } }
}

/// A model of nothing but popularity.
fn nothing(scoring: Scoring) -> Params {
    Params {
        min_people: 1,
        min_support: 1,
        half_life_days: 36_500.0,
        similar: None,
        together: None,
        scoring,
        ..Params::default()
    }
}

fn scoring(goal: Goal, terms: Vec<Term>) -> Scoring {
    Ladder::standard().ask(goal.placement(), terms)
}

/// The models that make lists, from one kind of rows.
fn lists(goal: Goal, rows: Rows, relation: Relation, from: Source) -> Vec<Preset> {
    let asked = scoring(goal, vec![term(relation, from, LEVEL, 1)]);
    let with = |recipe: Recipe| {
        let mut params = nothing(asked.clone());
        let slot =
            if relation == Relation::Similar { &mut params.similar } else { &mut params.together };
        *slot = Some(recipe);
        params
    };
    let alone = |model: ListModel| with(Recipe::of(rows, NEIGHBOURS, model));
    let ridge = || ListModel::Ridge(RidgeParams::default());
    let rp3beta = || ListModel::Rp3beta(Rp3BetaParams::default());
    let part = |share, model| Part { share, rows, model };
    let blend = Recipe {
        parts: vec![part(1.0, ridge()), part(1.0, rp3beta())],
        ..Recipe::of(rows, NEIGHBOURS, ridge())
    };
    vec![
        preset(
            "cosine",
            "items that the same rows hold, by cosine",
            alone(ListModel::Similarity(SimilarityParams::default())),
        ),
        preset("rp3beta", "random walks damped by popularity", alone(rp3beta())),
        preset("ridge", "regressions within each item's neighbourhood", alone(ridge())),
        preset("blend", "ridge and rp3beta in one list", with(blend)),
    ]
}

/// What comes next in a visit.
fn clicks(goal: Goal) -> Vec<Preset> {
    let mut ladder = Ladder::standard();
    let steep = ladder.falling(0.5, 12);
    let next = term(Relation::Next, Source::History, steep, 1);
    let similar = term(Relation::Similar, Source::History, steep, 1);
    let sessions = |weight| term(Relation::Sessions, Source::History, LEVEL, weight);
    let ask = |terms: Vec<Term>| ladder.clone().ask(goal.placement(), terms);
    let cosine =
        Recipe::of(Rows::Baskets, NEIGHBOURS, ListModel::Similarity(SimilarityParams::default()));
    let transitions =
        Recipe::of(Rows::Baskets, NEIGHBOURS, ListModel::Transitions(TransitionParams::default()));
    let index = SessionIndexParams::default;
    vec![
        preset(
            "cosine",
            "items that the same sessions hold, by cosine",
            Params { similar: Some(cosine), ..nothing(ask(vec![similar])) },
        ),
        preset(
            "next",
            "items that follow within a session; public",
            Params { next: Some(transitions.clone()), ..nothing(ask(vec![next])) },
        ),
        preset(
            "sessions",
            "what the nearest past sessions held; private",
            Params { sessions: Some(index()), ..nothing(ask(vec![sessions(1)])) },
        ),
        preset(
            "visit",
            "the nearest past sessions and what follows within one; private",
            Params {
                next: Some(transitions),
                sessions: Some(index()),
                ..nothing(ask(vec![sessions(1), next]))
            },
        ),
    ]
}

/// What a customer buys again, and what goes with it.
fn repeats(goal: Goal) -> Vec<Preset> {
    let mut ladder = Ladder::standard();
    let slow = ladder.falling(0.9, 60);
    let again = |weight| term(Relation::Again, Source::Events, slow, weight);
    let similar = term(Relation::Similar, Source::Events, slow, 1);
    let ask = |terms: Vec<Term>| ladder.clone().ask(goal.placement(), terms);
    let cosine = || {
        let cosine = ListModel::Similarity(SimilarityParams::default());
        Some(Recipe::of(Rows::Baskets, NEIGHBOURS, cosine))
    };
    vec![
        preset(
            "cosine",
            "items that the same baskets hold, by cosine",
            Params { similar: cosine(), ..nothing(ask(vec![similar])) },
        ),
        preset("again", "what the customer bought often and lately", nothing(ask(vec![again(1)]))),
        preset(
            "habit",
            "what the customer bought often and lately, and what goes with it",
            Params { similar: cosine(), ..nothing(ask(vec![again(8), similar])) },
        ),
    ]
}
