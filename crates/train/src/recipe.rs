//! Which models make a relation's lists, from which rows, and how they are blended.

use edgewise_core::Interactions;
use serde::{Deserialize, Serialize};

use crate::als::{AlsParams, als};
use crate::baskets::{baskets_by_items, takers_by_items};
use crate::blend::{BlendParams, Blended, blend};
use crate::dense_ridge::{DenseRidgeParams, dense_ridge};
use crate::histories::Histories;
use crate::lists::{Learnt, scale};
use crate::neighbourhood::KeepPer;
use crate::next_baskets::{NextParams, next_baskets};
use crate::observations::Observations;
use crate::pairs::Support;
use crate::params::{Params, TrainError, check_range};
use crate::people::Takers;
use crate::ridge::{RidgeParams, ridge};
use crate::room::Room;
use crate::rp3beta::{Rp3BetaParams, rp3beta};
use crate::sequences::Sequences;
use crate::similarity::{SimilarityParams, similarity};
use crate::transitions::{TransitionParams, transitions};
use crate::weighting::Weighting;

/// What the rows of a matrix are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rows {
    /// Everyone who took something, with all that they took.
    #[default]
    People,
    /// Orders or sessions, with what they held.
    Baskets,
}

/// A model that makes lists.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListModel {
    /// See [`similarity`].
    Similarity(SimilarityParams),
    /// See [`rp3beta`].
    Rp3beta(Rp3BetaParams),
    /// See [`ridge`].
    Ridge(RidgeParams),
    /// See [`dense_ridge`].
    DenseRidge(DenseRidgeParams),
    /// See [`als`].
    Als(AlsParams),
    /// See [`transitions`]; its rows are sessions, whatever the part says.
    Transitions(TransitionParams),
    /// See [`next_baskets`]; its rows are people's baskets one after another, whatever the part says.
    NextBaskets(NextParams),
}

/// One model's part of a recipe.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Part {
    /// Its share of the blend; see [`Blended::share`].
    #[serde(default = "one")]
    pub share: f64,
    /// What it learns from.
    #[serde(default)]
    pub rows: Rows,
    /// How.
    #[serde(flatten)]
    pub model: ListModel,
}

fn one() -> f64 {
    1.0
}

/// How a relation's lists are made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recipe {
    /// Neighbours kept per item. `1`: only the single best one, the smallest bundle. `1024`: nearly every pair stays,
    /// the largest bundle and the noisiest lists. Range `1..=1024`.
    pub neighbours: u32,
    /// On which side a blend counts them; a single model knows by itself.
    #[serde(default)]
    pub keep: KeepPer,
    /// How strongly an event speaks in the matrices that the lists are learnt from.
    #[serde(default)]
    pub weighting: Weighting,
    /// The models. One makes the lists alone, several are blended.
    pub parts: Vec<Part>,
}

/// Lists of a blended model are this many times as long as the blend's before they are blended.
const BLENDED_WIDTH: u32 = 2;

impl Recipe {
    /// One model alone.
    pub fn of(rows: Rows, neighbours: u32, model: ListModel) -> Recipe {
        let parts = vec![Part { share: 1.0, rows, model }];
        let (keep, weighting) = (KeepPer::default(), Weighting::default());
        Recipe { neighbours, keep, weighting, parts }
    }

    /// Refuses settings that are out of range.
    ///
    /// # Errors
    /// [`TrainError::OutOfRange`] names the setting.
    pub fn check(&self) -> Result<(), TrainError> {
        check_range("neighbours", self.neighbours.into(), 1.0, 1_024.0)?;
        self.weighting.check()?;
        // Cannot lose anything that matters: over 2^52 parts are as wrong as that many.
        let n_parts = u32::try_from(self.parts.len()).unwrap_or(u32::MAX);
        check_range("parts", n_parts.into(), 1.0, 8.0)?;
        for part in &self.parts {
            check_range("share", part.share, 0.0, 1e6)?;
            match part.model.with_neighbours(self.neighbours) {
                ListModel::Similarity(params) => params.check()?,
                ListModel::Rp3beta(params) => params.check()?,
                ListModel::Ridge(params) => params.check()?,
                ListModel::DenseRidge(params) => params.check()?,
                ListModel::Als(params) => params.check()?,
                ListModel::Transitions(params) => params.check()?,
                ListModel::NextBaskets(params) => params.check()?,
            }
        }
        Ok(())
    }
}

impl ListModel {
    fn with_neighbours(&self, neighbours: u32) -> ListModel {
        let mut model = self.clone();
        *match &mut model {
            ListModel::Similarity(params) => &mut params.neighbours,
            ListModel::Rp3beta(params) => &mut params.neighbours,
            ListModel::Ridge(params) => &mut params.neighbours,
            ListModel::DenseRidge(params) => &mut params.neighbours,
            ListModel::Als(params) => &mut params.neighbours,
            ListModel::Transitions(params) => &mut params.neighbours,
            ListModel::NextBaskets(params) => &mut params.neighbours,
        } = neighbours;
        model
    }
}

/// The matrices of a log, each made when it is first asked for.
pub(crate) struct Kitchen<'l> {
    log: &'l Interactions,
    takers: Takers,
    n_items: usize,
    params: &'l Params,
    room: &'l Room<'l>,
    /// The matrix of these rows and weights; one at a time, because a large one fills the memory.
    matrix: Option<(Rows, Weighting, Observations)>,
    sessions: Option<Sequences>,
    histories: Option<Histories>,
}

impl<'l> Kitchen<'l> {
    pub(crate) fn new(
        log: &'l Interactions,
        takers: Takers,
        n_items: usize,
        params: &'l Params,
        room: &'l Room<'l>,
    ) -> Kitchen<'l> {
        let (matrix, sessions, histories) = (None, None, None);
        Kitchen { log, takers, n_items, params, room, matrix, sessions, histories }
    }

    /// The lists of a recipe, the largest weight being one; none when there is nothing that they could be learnt from.
    pub(crate) fn cook(&mut self, recipe: &Recipe) -> Result<Learnt, TrainError> {
        let width = match recipe.parts.len() {
            1 => recipe.neighbours,
            _ => (recipe.neighbours * BLENDED_WIDTH).min(1_024),
        };
        let mut learnt: Vec<Learnt> = recipe
            .parts
            .iter()
            .map(|part| self.learn(recipe, part, width))
            .collect::<Result<_, _>>()?;
        let n_removed = learnt.iter().map(|learnt| learnt.n_removed).max().unwrap_or(0);
        let mut by_source = if learnt.len() == 1 {
            learnt.swap_remove(0).by_source
        } else {
            let parts = learnt.iter().zip(&recipe.parts);
            let parts: Vec<Blended<'_>> = parts
                .map(|(learnt, part)| Blended { lists: &learnt.by_source, share: part.share })
                .collect();
            blend(&parts, &BlendParams { neighbours: recipe.neighbours, keep: recipe.keep })
        };
        scale(&mut by_source);
        Ok(Learnt { by_source, n_removed })
    }

    fn learn(
        &mut self,
        recipe: &Recipe,
        part: &Part,
        neighbours: u32,
    ) -> Result<Learnt, TrainError> {
        let Params { min_people, min_support, .. } = *self.params;
        let min_rows = match part.rows {
            Rows::People => 1,
            Rows::Baskets => min_support,
        };
        let support = Support { min_rows, min_people };
        let of_orders = Support { min_rows: min_support, min_people };
        let (n_items, room) = (self.n_items, self.room);
        let model = part.model.with_neighbours(neighbours);
        match &model {
            ListModel::Transitions(params) => transitions(self.sessions(), of_orders, params),
            ListModel::NextBaskets(params) => {
                Ok(next_baskets(self.histories(), n_items, of_orders, params))
            }
            model => {
                let observations = self.observations(part.rows, &recipe.weighting);
                if observations.n_rows() == 0 {
                    return Ok(Learnt { by_source: Vec::new(), n_removed: 0 });
                }
                of_rows(model, observations, support, room)
            }
        }
    }

    /// The matrix of these rows and weights.
    pub(crate) fn observations(&mut self, rows: Rows, weighting: &Weighting) -> &Observations {
        let (log, takers, n_items) = (self.log, self.takers, self.n_items);
        let known = self.matrix.take().filter(|known| (known.0, &known.1) == (rows, weighting));
        let made = || {
            let of = match rows {
                Rows::People => takers_by_items,
                Rows::Baskets => baskets_by_items,
            };
            (rows, weighting.clone(), of(log, takers, n_items, weighting))
        };
        &self.matrix.insert(known.unwrap_or_else(made)).2
    }

    /// The baskets of each person, one after another.
    pub(crate) fn histories(&mut self) -> &Histories {
        let log = self.log;
        self.histories.get_or_insert_with(|| Histories::of(log))
    }

    /// The sessions of the log.
    pub(crate) fn sessions(&mut self) -> &Sequences {
        let (log, n_items) = (self.log, self.n_items);
        self.sessions.get_or_insert_with(|| Sequences::of(log, n_items))
    }
}

/// What a model learns from a matrix.
fn of_rows(
    model: &ListModel,
    observations: &Observations,
    support: Support,
    room: &Room<'_>,
) -> Result<Learnt, TrainError> {
    Ok(match model {
        ListModel::Similarity(params) => similarity(observations, support, params),
        ListModel::Rp3beta(params) => rp3beta(observations, support, params),
        ListModel::Ridge(params) => ridge(observations, support, params, room)?,
        ListModel::DenseRidge(params) => dense_ridge(observations, support, params)?,
        ListModel::Als(params) => als(observations, support, params),
        ListModel::Transitions(_) | ListModel::NextBaskets(_) => {
            unreachable!("learnt from sequences, not from a matrix")
        }
    })
}
