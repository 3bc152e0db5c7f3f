//! What may be changed about a model, per goal.

mod scoring;

use edgewise_train::{ListModel, Params, Part, Recipe, RidgeParams};

use edgewise_eval::Newest;

use scoring::{decays, revisit, weights};

use super::{Axis, Goal, Setup};

/// The axes of a goal, what matters most first.
pub(super) fn of(goal: Goal, span_days: Option<f64>) -> Vec<Axis> {
    if goal == Goal::NewItems && span_days.is_none() {
        // Only of logs so sparse that a random cut can judge; see `is_dense`.
        return [
            grid(),
            numbers("regularization", &[0.5, 2.0]),
            numbers("row_exponent", &[]),
            numbers("budget_exponent", &[]),
            numbers("cosine_share", &[]),
            numbers("alpha", &[]),
            numbers("beta", &[]),
            shares(),
        ]
        .map(sparse_only)
        .into();
    }
    let mut axes = vec![grid(), numbers("regularization", &[0.5, 2.0])];
    axes.extend(match goal {
        Goal::NewItems | Goal::Completion => vec![
            numbers("row_exponent", &[]),
            numbers("budget_exponent", &[]),
            numbers("cosine_share", &[]),
            numbers("alpha", &[]),
            numbers("beta", &[]),
            shares(),
        ],
        Goal::NextClick => vec![
            revisit(goal),
            newest(),
            weights(goal),
            decays(goal, &[0.3, 0.5, 0.7, 0.85]),
            numbers("backward", &[]),
            numbers("second_step", &[]),
            index("place_decay", &[0.5, 0.7, 0.85]),
            index("neighbours", &[100.0, 300.0, 1_000.0]),
            index("sessions_per_item", &[500.0, 1_000.0, 2_500.0]),
            index("candidate_rarity", &[0.5, 1.0, 1.5, 2.0]),
        ],
        Goal::NextBasket => vec![weights(goal), decays(goal, &[0.8, 0.9, 0.95, 1.0])],
    });
    if let Some(span_days) = span_days.filter(|_| goal != Goal::NextClick) {
        axes.insert(1, half_life(span_days));
    }
    axes
}

/// Each of the settings that a local ridge is worth trying with.
fn grid() -> Axis {
    of_params(|params| {
        let settings = (1..).zip(RidgeParams::tuning_grid(1));
        let with = |(number, setting): (i32, RidgeParams)| {
            let mut changed = params.clone();
            let mut is_set = false;
            for part in [&mut changed.similar, &mut changed.together]
                .into_iter()
                .flatten()
                .flat_map(|recipe| &mut recipe.parts)
            {
                if let ListModel::Ridge(ridge) = &mut part.model
                    && is_dense(ridge) == is_dense(&setting)
                {
                    *ridge = RidgeParams { neighbours: ridge.neighbours, ..setting.clone() };
                    is_set = true;
                }
            }
            is_set.then(|| (format!("ridge setting {number}"), changed))
        };
        settings.filter_map(with).collect()
    })
}

/// An axis for settings that are not for dense rows.
fn sparse_only(axis: Axis) -> Axis {
    Box::new(move |setup| {
        let mut parts = setup.params.similar.iter().flat_map(|recipe| &recipe.parts);
        let is_dense =
            |part: &Part| matches!(&part.model, ListModel::Ridge(ridge) if is_dense(ridge));
        if parts.any(is_dense) { Vec::new() } else { axis(setup) }
    })
}

/// Whether a setting is for dense rows. A random cut of a log without times cannot tell: it asks for what a model
/// remembers, where the future asks for what it understood, so the shape of the log decides.
fn is_dense(ridge: &RidgeParams) -> bool {
    ridge.candidates_per_neighbour > 1.0
}

/// How fast what happened fades, in shares of the log's span; the first stands for never.
fn half_life(span_days: f64) -> Axis {
    of_params(move |params| {
        let with = |half_life_days: f64| {
            let mut changed = params.clone();
            for recipe in [&mut changed.similar, &mut changed.together].into_iter().flatten() {
                recipe.weighting.half_life_days = half_life_days.clamp(0.01, 36_500.0);
            }
            (format!("half-life {half_life_days:.2} days"), changed)
        };
        let shares = [4.0, 2.0, 1.0, 0.5, 0.25].map(|share| with(share * span_days));
        std::iter::once(with(36_500.0)).chain(shares).collect()
    })
}

/// An axis along which only the model's settings change.
fn of_params(axis: impl Fn(&Params) -> Vec<(String, Params)> + 'static) -> Axis {
    Box::new(move |setup| {
        let changed = axis(&setup.params).into_iter();
        changed.map(|(what, params)| (what, Setup { params, ..setup.clone() })).collect()
    })
}

/// Whether the item of the newest event may be the answer.
fn newest() -> Axis {
    Box::new(|setup| {
        let named = [(Newest::Show, "newest shown"), (Newest::Hide, "newest hidden")];
        named.map(|(newest, what)| (what.to_owned(), Setup { newest, ..setup.clone() })).into()
    })
}

/// Values that each named setting of a list's model is tried at; with `factors`, multiples of what it is.
fn numbers(name: &'static str, factors: &'static [f64]) -> Axis {
    of_params(move |params| {
        let mut found = Vec::new();
        let n_parts = params.similar.iter().chain(&params.together).chain(&params.next);
        let n_parts = n_parts.map(|recipe| recipe.parts.len()).max().unwrap_or(0);
        for at in 0..n_parts {
            for value in values(name, factors, params, at) {
                let mut changed = params.clone();
                if set(&mut changed, at, name, value) {
                    found.push((format!("{name} {value}"), changed));
                }
            }
        }
        found
    })
}

fn values(name: &str, factors: &[f64], params: &Params, at: usize) -> Vec<f64> {
    if !factors.is_empty() {
        let now = slots(params).find_map(|recipe| get(&recipe.parts.get(at)?.model, name));
        return now
            .map_or_else(Vec::new, |now| factors.iter().map(|factor| now * factor).collect());
    }
    match name {
        "budget_exponent" => vec![0.0, 0.3, 0.5],
        "cosine_share" => vec![0.0, 0.2, 0.4, 0.8],
        "row_exponent" => vec![0.2, 0.3, 0.4, 0.5, 0.6, 0.75],
        "alpha" => vec![0.5, 0.7, 0.8, 0.9, 1.0],
        "beta" => vec![0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7],
        "backward" => vec![0.1, 0.3, 0.5, 0.7, 1.0],
        "second_step" => vec![0.0, 0.25, 0.5, 1.0],
        _ => Vec::new(),
    }
}

fn slots(params: &Params) -> impl Iterator<Item = &Recipe> {
    params.similar.iter().chain(&params.together).chain(&params.next)
}

/// The setting of a model, if it has one of that name.
fn get(model: &ListModel, name: &str) -> Option<f64> {
    let mut model = model.clone();
    slot(&mut model, name).copied()
}

fn slot<'m>(model: &'m mut ListModel, name: &str) -> Option<&'m mut f64> {
    match (model, name) {
        (ListModel::Ridge(params), "regularization") => Some(&mut params.regularization),
        (ListModel::Ridge(params), "budget_exponent") => Some(&mut params.budget_exponent),
        (ListModel::Ridge(params), "cosine_share") => Some(&mut params.cosine_share),
        (ListModel::Ridge(params), "row_exponent") => Some(&mut params.row_exponent),
        (ListModel::Similarity(params), "row_exponent") => Some(&mut params.row_exponent),
        (ListModel::Rp3beta(params), "alpha") => Some(&mut params.alpha),
        (ListModel::Rp3beta(params), "beta") => Some(&mut params.beta),
        (ListModel::Transitions(params), "backward") => Some(&mut params.backward),
        (ListModel::Transitions(params), "second_step") => Some(&mut params.second_step),
        _ => None,
    }
}

/// Sets a setting of the parts at a place; false when none has one of that name.
fn set(params: &mut Params, at: usize, name: &str, value: f64) -> bool {
    let mut is_set = false;
    for recipe in
        [&mut params.similar, &mut params.together, &mut params.next].into_iter().flatten()
    {
        if let Some(Part { model, .. }) = recipe.parts.get_mut(at)
            && let Some(slot) = slot(model, name)
        {
            *slot = value;
            is_set = true;
        }
    }
    is_set
}

/// Other shares of a blend's first part.
fn shares() -> Axis {
    of_params(|params| {
        let mut found = Vec::new();
        for share in [0.25, 0.5, 1.0, 2.0, 4.0] {
            let mut changed = params.clone();
            let recipe = changed.similar.as_mut().or(changed.together.as_mut());
            let Some(recipe) = recipe.filter(|recipe| recipe.parts.len() > 1) else {
                return found;
            };
            recipe.parts[0].share = share;
            found.push((format!("share {share}"), changed));
        }
        found
    })
}

/// Settings of the index of sessions.
fn index(name: &'static str, values: &'static [f64]) -> Axis {
    of_params(move |params| {
        let mut found = Vec::new();
        for &value in values {
            let mut changed = params.clone();
            let Some(sessions) = &mut changed.sessions else { return found };
            match name {
                "place_decay" => sessions.place_decay = value,
                "candidate_rarity" => sessions.candidate_rarity = value,
                "neighbours" => sessions.neighbours = whole(value),
                _ => sessions.sessions_per_item = whole(value).into(),
            }
            found.push((format!("{name} {value}"), changed));
        }
        found
    })
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small whole constants"
)]
fn whole(value: f64) -> u16 {
    value as u16
}
