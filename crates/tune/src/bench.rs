//! Trains a model, packs it, opens the bytes, and asks them every question.

use edgewise_bundle::{Bundle, CardsWanted, FormatError, SectionKind, encode};
use edgewise_core::{Catalog, Interactions, Model};
use edgewise_eval::{
    Case, Clock, Evaluation, ItemMap, ModelRecommender, Newest, Settings, evaluate,
};
use edgewise_train::{Params, TrainError, Trained, train};

use crate::goal::{Goal, Setup};

/// A log and questions about what it does not hold.
#[derive(Clone, Copy)]
pub struct Task<'t> {
    /// What is asked of the model.
    pub goal: Goal,
    /// The items.
    pub catalog: &'t Catalog,
    /// What may be learnt from.
    pub train: &'t Interactions,
    /// The questions.
    pub cases: &'t [Case],
}

/// A model, measured.
#[derive(Clone, Debug)]
pub struct Measured {
    /// The packed model, without cards and provenance.
    pub bundle: Vec<u8>,
    /// Bytes of the sections that hold neighbours, sessions and rules.
    pub neighbour_bytes: u64,
    /// Its answers' scores.
    pub evaluation: Evaluation,
    /// What a search maximises: the sum of the goal's two headline metrics.
    pub objective: f64,
}

/// Why a model could not be measured.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TuneError {
    /// The settings or the log.
    #[error(transparent)]
    Train(#[from] TrainError),
    /// What was learnt does not fit into a bundle.
    #[error("the model cannot be packed")]
    Pack(#[source] FormatError),
}

impl TuneError {
    /// What cures it.
    pub fn hint(&self) -> &'static str {
        match self {
            TuneError::Train(error) => error.hint(),
            TuneError::Pack(error) => error.hint(),
        }
    }
}

/// Measures one model after another on the same task. Models that differ in their scoring alone are trained once.
pub struct Bench<'t> {
    task: Task<'t>,
    settings: Settings<'t>,
    clock: &'t Clock<'t>,
    trained: Option<(Params, Trained)>,
}

impl<'t> Bench<'t> {
    /// A bench for a task. The settings need the goal's metrics and cut.
    pub fn new(task: Task<'t>, settings: Settings<'t>, clock: &'t Clock<'t>) -> Bench<'t> {
        Bench { task, settings, clock, trained: None }
    }

    /// The task.
    pub fn task(&self) -> &Task<'t> {
        &self.task
    }

    /// Trains, packs, and asks.
    ///
    /// # Errors
    /// [`TuneError`]: settings out of range, nothing to learn from, or a model over a limit of the format.
    pub fn measure(&mut self, setup: &Setup) -> Result<Measured, TuneError> {
        let bundle = self.build(&setup.params)?;
        self.ask(bundle, setup.newest)
    }

    /// The packed model.
    ///
    /// # Errors
    /// As [`Bench::measure`].
    pub fn build(&mut self, params: &Params) -> Result<Vec<u8>, TuneError> {
        let unscored = |params: &Params| Params {
            scoring: edgewise_core::Scoring::standard(),
            ..params.clone()
        };
        let key = unscored(params);
        let mut trained = match self.trained.take() {
            Some((known, trained)) if known == key => trained,
            _ => train(self.task.train, self.task.catalog, params)?,
        };
        trained.values.scoring = params.scoring.clone();
        let bytes = encode(&trained.values, None, CardsWanted::No).map_err(TuneError::Pack)?;
        self.trained = Some((key, trained));
        Ok(bytes)
    }

    /// Asks a packed model.
    ///
    /// # Errors
    /// [`TuneError::Pack`] when the bytes are no bundle.
    pub fn ask(&self, bytes: Vec<u8>, newest: Newest) -> Result<Measured, TuneError> {
        let bundle = Bundle::open_trusted(&bytes).map_err(TuneError::Pack)?;
        let rows = (0..bundle.n_items()).map(edgewise_core::ItemIdx);
        let id = |row| bundle.item_id(row, &mut Vec::new()).unwrap_or_default().to_owned();
        let ids: Vec<String> = rows.map(id).collect();
        let items = ItemMap::by_id(self.task.catalog, ids.iter().map(String::as_str));
        let recommender = ModelRecommender::new(&bundle, &items, newest);
        let evaluation = evaluate(&recommender, self.task.cases, &self.settings, self.clock);
        let (metrics, k) = (self.task.goal.metrics(), self.task.goal.k());
        let mean = |metric| evaluation.score(metric, k).map_or(0.0, |estimate| estimate.mean);
        let objective = metrics.into_iter().map(mean).sum();
        let neighbour_bytes = bundle
            .sections()
            .filter(|section| NEIGHBOURS.iter().any(|kind| kind.number() == section.number))
            .map(|section| u64::from(section.len_bytes))
            .sum();
        Ok(Measured { neighbour_bytes, evaluation, objective, bundle: bytes })
    }
}

/// The sections that say what leads to what.
const NEIGHBOURS: [SectionKind; 5] = [
    SectionKind::Similar,
    SectionKind::Together,
    SectionKind::Next,
    SectionKind::Content,
    SectionKind::Sessions,
];
