//! Starting points per goal, the plainest first and the best last.

use edgewise_core::{Relation, Scoring, SessionSimilarity, Source, Term};
use edgewise_train::{
    ListModel, NextParams, Params, Part, RebuyParams, Recipe, RidgeParams, Rows, Rp3BetaParams,
    SessionIndexParams, SimilarityParams, TransitionParams,
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
    if goal == Goal::NewItems {
        let users = SessionIndexParams {
            candidate_rarity: 1.0,
            neighbours: 200,
            ..SessionIndexParams::of_users(SessionSimilarity::Pearson)
        };
        let asked = vec![term(Relation::Sessions, Source::History, LEVEL, 1)];
        presets.push(preset(
            "users",
            "what the customers most alike took; private",
            Params { sessions: Some(users), ..nothing(scoring(goal, asked)) },
        ));
    }
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
    let ridge = || {
        ListModel::Ridge(match rows {
            Rows::People => RidgeParams::of_sparse_rows(),
            Rows::Baskets => RidgeParams::of_baskets(),
        })
    };
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
        preset("blend", "ridge and rp3beta in one list", with(blend)),
        preset("ridge", "regressions within each item's neighbourhood", alone(ridge())),
    ]
}

/// What the items of a visit count as answers themselves, newest first; then each counts 0.8 of the one before.
/// Coming back is a good part of what happens next in click logs: with these, lists find a fifth more.
pub(super) const REVISITS: [[f64; 3]; 5] =
    [[0.0, 0.0, 0.0], [0.2, 0.4, 0.1], [0.5, 0.8, 0.1], [0.5, 0.8, 0.4], [0.8, 1.0, 0.2]];

/// A decay of revisits over the ten newest places, and nothing behind them.
pub(super) fn revisits([newest, before, third]: [f64; 3]) -> Vec<f64> {
    let mut shares = vec![newest, before];
    let mut share = third;
    for _ in 0..8 {
        shares.push(share);
        share *= 0.8;
    }
    shares.push(0.0);
    shares
}

/// What comes next in a visit.
fn clicks(goal: Goal) -> Vec<Preset> {
    let mut ladder = Ladder::standard();
    let steep = ladder.falling(0.5, 12);
    let back = ladder.shares(&revisits(REVISITS[2]));
    let next = |weight| term(Relation::Next, Source::History, steep, weight);
    let again = |weight| term(Relation::Again, Source::History, back, weight);
    let similar = term(Relation::Similar, Source::History, steep, 1);
    let sessions = |weight| term(Relation::Sessions, Source::History, LEVEL, weight);
    let ask = |terms: Vec<Term>| ladder.clone().ask(goal.placement(), terms);
    let cosine =
        Recipe::of(Rows::Baskets, NEIGHBOURS, ListModel::Similarity(SimilarityParams::default()));
    let transitions =
        Recipe::of(Rows::Baskets, NEIGHBOURS, ListModel::Transitions(TransitionParams::default()));
    let index = || SessionIndexParams { revisit: 0.0, ..SessionIndexParams::default() };
    vec![
        preset(
            "cosine",
            "items that the same sessions hold, by cosine",
            Params { similar: Some(cosine), ..nothing(ask(vec![similar])) },
        ),
        preset(
            "sessions",
            "what the nearest past sessions held; private",
            Params {
                sessions: Some(SessionIndexParams::default()),
                ..nothing(ask(vec![sessions(1)]))
            },
        ),
        preset(
            "visit",
            "what follows within a session, what comes back, and the nearest past sessions; private",
            Params {
                next: Some(transitions.clone()),
                sessions: Some(index()),
                ..nothing(ask(vec![next(64), again(64), sessions(2)]))
            },
        ),
        preset(
            "next",
            "what follows within a session, and what comes back; public",
            Params { next: Some(transitions), ..nothing(ask(vec![next(4), again(4)])) },
        ),
    ]
}

/// What a customer buys again, and what goes with it.
fn repeats(goal: Goal) -> Vec<Preset> {
    let mut ladder = Ladder::standard();
    let slow = ladder.falling(0.9, 64);
    let steep = ladder.falling(0.6, 16);
    let again = term(Relation::Again, Source::Events, slow, 16);
    let next = term(Relation::Next, Source::Ages, steep, 16);
    let popular = term(Relation::Popular, Source::Ages, LEVEL, 4);
    let ask = |terms: Vec<Term>| ladder.clone().ask(goal.placement(), terms);
    let cosine = || {
        let cosine = ListModel::Similarity(SimilarityParams::default());
        Some(Recipe::of(Rows::Baskets, NEIGHBOURS, cosine))
    };
    let similar = term(Relation::Similar, Source::Events, slow, 1);
    let follow = ListModel::NextBaskets(NextParams::default());
    vec![
        preset(
            "cosine",
            "items that the same baskets hold, by cosine",
            Params { similar: cosine(), ..nothing(ask(vec![similar])) },
        ),
        preset(
            "frequency",
            "what the customer bought most often, then what everyone does",
            nothing(ask(vec![Term { decay: LEVEL, ..again }])),
        ),
        preset(
            "again",
            "what the customer bought often and lately and is bought again, and what everyone buys",
            Params { rebuy: Some(RebuyParams::default()), ..nothing(ask(vec![again, popular])) },
        ),
        preset(
            "habit",
            "the same, and what baskets like the last ones are followed by",
            Params {
                rebuy: Some(RebuyParams::default()),
                next: Some(Recipe::of(Rows::Baskets, NEIGHBOURS, follow)),
                ..nothing(ask(vec![again, popular, next]))
            },
        ),
    ]
}
