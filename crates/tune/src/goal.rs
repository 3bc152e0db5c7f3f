//! What a model is asked for: the metrics that count, starting points, and what may be changed about them.

mod axes;
mod presets;

use edgewise_core::{Catalog, Interactions, Placement};
use edgewise_eval::{Metric, Newest, Protocol};
use edgewise_train::{ListModel, Params, Rows};

use crate::auto::Shape;

/// A question that shops and benchmarks ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Which new items a visitor takes, given all that they took before.
    NewItems,
    /// What a visitor clicks next, given the visit.
    NextClick,
    /// What else goes into a cart.
    Completion,
    /// What a customer buys next time, repeats included.
    NextBasket,
}

/// A named starting point.
#[derive(Clone, Debug, PartialEq)]
pub struct Preset {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Its settings, without any minimum of people.
    pub setup: Setup,
}

impl Preset {
    /// The same, with the settings that suit rows as dense as those of the log.
    #[must_use]
    pub fn for_log(mut self, log: &Interactions, catalog: &Catalog) -> Preset {
        let shape = Shape::of(log, catalog);
        if let Some(recipe) = &mut self.setup.params.similar {
            for part in &mut recipe.parts {
                if let (Rows::People, ListModel::Ridge(ridge)) = (part.rows, &mut part.model) {
                    (*ridge, recipe.neighbours) = shape.ridge_of_people();
                }
            }
        }
        self
    }
}

/// A model's settings and how it is asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Setup {
    /// How the model is made.
    pub params: Params,
    /// Whether it may answer with the item of the newest event.
    pub newest: Newest,
}

/// One thing that may be changed: from a setup to named alternatives.
pub(crate) type Axis = Box<dyn Fn(&Setup) -> Vec<(String, Setup)>>;

impl Goal {
    /// Every goal.
    pub const ALL: [Goal; 4] =
        [Goal::NewItems, Goal::NextClick, Goal::Completion, Goal::NextBasket];

    /// The goal of a benchmark's protocol.
    pub const fn of(protocol: Protocol) -> Goal {
        match protocol {
            Protocol::TopN => Goal::NewItems,
            Protocol::Sessions => Goal::NextClick,
            Protocol::BasketCompletion => Goal::Completion,
            Protocol::NextBasket => Goal::NextBasket,
        }
    }

    /// The protocol that asks for it.
    pub const fn protocol(self) -> Protocol {
        match self {
            Goal::NewItems => Protocol::TopN,
            Goal::NextClick => Protocol::Sessions,
            Goal::Completion => Protocol::BasketCompletion,
            Goal::NextBasket => Protocol::NextBasket,
        }
    }

    /// The two metrics whose sum a search maximises.
    pub const fn metrics(self) -> [Metric; 2] {
        match self {
            Goal::NewItems | Goal::NextBasket => [Metric::Recall, Metric::Ndcg],
            Goal::NextClick | Goal::Completion => [Metric::HitRate, Metric::ReciprocalRank],
        }
    }

    /// Where rankings are cut for them.
    pub const fn k(self) -> usize {
        match self {
            Goal::NextBasket => 10,
            _ => 20,
        }
    }

    /// The placement whose ladder answers.
    pub const fn placement(self) -> Placement {
        match self {
            Goal::Completion => Placement::Cart,
            _ => Placement::Home,
        }
    }

    /// Starting points, the plainest first.
    pub fn presets(self) -> Vec<Preset> {
        presets::of(self)
    }

    /// The starting point that is best when nothing is known of the log; the last one.
    pub fn usual(self) -> Preset {
        // Cannot fail: every goal has at least the popularity.
        self.presets().pop().unwrap_or_else(|| unreachable!("a goal has presets"))
    }

    /// What may be changed, what matters most first. `span_days` is the time from a log's first event to its last.
    pub(crate) fn axes(self, span_days: Option<f64>) -> Vec<Axis> {
        axes::of(self, span_days)
    }
}
