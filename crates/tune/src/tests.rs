//! Goals, choices and searches on a log small enough to train at every turn.

use std::time::Duration;

use edgewise_core::{
    Catalog, CatalogItem, EventKind, Interaction, Interactions, ItemIdx, OrderIdx, Rung, UserIdx,
};
use edgewise_eval::{Bootstrap, Metric, Protocol, Settings, Share};

use crate::{Bench, Goal, Shape, Task, choose, search};

const N_ITEMS: u32 = 24;

/// Items of the same half go together, and every user comes three times.
fn log() -> Interactions {
    let mut rows = Vec::new();
    for user in 0..30u32 {
        for visit in 0..3u32 {
            for step in 0..4u32 {
                let item = (user % 2) * 12 + (user * 5 + visit * 2 + step * 3) % 12;
                rows.push(Interaction {
                    item: ItemIdx(item),
                    user: Some(UserIdx(user)),
                    order: Some(OrderIdx(user * 3 + visit)),
                    time_s: Some(i64::from(visit * 86_400 * 10 + user * 60 + step)),
                    region: None,
                    segment: None,
                    kind: EventKind::Purchase,
                });
            }
        }
    }
    Interactions { rows, n_users: 30, n_orders: 90 }
}

fn catalog() -> Catalog {
    let item = |row: u32| CatalogItem { id: format!("{row:02}"), ..CatalogItem::default() };
    Catalog { items: (0..N_ITEMS).map(item).collect(), ..Catalog::default() }
}

fn settings(taken: &[u64]) -> Settings<'_> {
    Settings {
        ks: &[10, 20],
        metrics: &Metric::ALL,
        taken,
        similarity: None,
        bootstrap: Bootstrap { resamples: 1, ..Bootstrap::default() },
    }
}

const PROTOCOLS: [Protocol; 4] =
    [Protocol::TopN, Protocol::Sessions, Protocol::BasketCompletion, Protocol::NextBasket];

#[test]
fn every_preset_of_every_goal_is_a_bundle_that_answers() {
    let (log, catalog, taken) = (log(), catalog(), vec![1; N_ITEMS as usize]);
    for protocol in PROTOCOLS {
        let split = protocol.validation(&log, Share { part: 0.3, seed: 1 });
        assert!(!split.cases.is_empty(), "{protocol:?}");
        let goal = Goal::of(protocol);
        let task = Task { goal, catalog: &catalog, train: &split.train, cases: &split.cases };
        let mut bench = Bench::new(task, settings(&taken), &|| Duration::ZERO);
        let presets = goal.presets();
        assert_eq!(presets[0].name, "popularity");
        let objectives: Vec<f64> = presets
            .iter()
            .map(|preset| bench.measure(&preset.setup).expect("a model").objective)
            .collect();
        assert!(objectives.iter().all(|objective| objective.is_finite()), "{objectives:?}");
        let usual = objectives[objectives.len() - 1];
        assert!(usual > objectives[0], "{protocol:?}: {objectives:?}");
    }
}

#[test]
fn a_search_never_ends_below_its_start_and_is_the_same_again() {
    let (log, catalog, taken) = (log(), catalog(), vec![1; N_ITEMS as usize]);
    let split = Protocol::BasketCompletion.validation(&log, Share { part: 0.3, seed: 1 });
    let goal = Goal::Completion;
    let task = Task { goal, catalog: &catalog, train: &split.train, cases: &split.cases };
    let run = || {
        let mut bench = Bench::new(task, settings(&taken), &|| Duration::ZERO);
        let start = goal.usual().setup;
        search(&mut bench, &start, &mut |_| true).expect("a search")
    };
    let found = run();
    assert!(found.trials.len() > 10);
    assert!(found.trials.is_sorted_by(|a, b| a.best <= b.best));
    let best = found.trials[found.trials.len() - 1].best;
    assert!(found.trials.iter().all(|trial| trial.objective <= best));
    assert_eq!(run().trials, found.trials);
    let mut bench = Bench::new(task, settings(&taken), &|| Duration::ZERO);
    let again = bench.measure(&found.setup).expect("a model").objective;
    assert!((again - best).abs() < f64::EPSILON);
}

#[test]
fn a_search_stops_when_it_is_told() {
    let (log, catalog, taken) = (log(), catalog(), vec![1; N_ITEMS as usize]);
    let split = Protocol::NextBasket.validation(&log, Share { part: 0.3, seed: 1 });
    let goal = Goal::NextBasket;
    let task = Task { goal, catalog: &catalog, train: &split.train, cases: &split.cases };
    let mut bench = Bench::new(task, settings(&taken), &|| Duration::ZERO);
    let mut left = 3;
    let found = search(&mut bench, &goal.usual().setup, &mut |_| {
        left -= 1;
        left > 0
    });
    assert_eq!(found.expect("a search").trials.len(), 3);
}

#[test]
fn choices_follow_the_shape_of_the_log() {
    let plain = Shape { density: 0.01, items_per_order: 1.0, ..Shape::default() };
    let names = |shape: Shape| -> Vec<&str> {
        let (params, choices) = choose(shape);
        params.check().expect("settings in range");
        choices.iter().map(|choice| choice.what).collect()
    };
    assert_eq!(names(plain), ["similar"]);
    assert_eq!(names(Shape { items_per_order: 3.0, ..plain }), ["similar", "together"]);
    assert_eq!(names(Shape { in_sequence: 0.9, repeats: 0.9, ..plain }), ["similar", "next"]);
    assert_eq!(names(Shape { repeats: 0.6, titled: 1.0, ..plain }), ["similar", "next", "content"]);
    let sparse = choose(Shape { density: 0.000_1, ..plain }).0.similar;
    assert_ne!(sparse, choose(plain).0.similar);
}

#[test]
fn the_shape_is_measured() {
    let shape = Shape::of(&log(), &catalog());
    assert!((shape.items_per_order - 4.0).abs() < 1e-9, "{shape:?}");
    assert!(shape.in_sequence > 0.99 && shape.titled < 0.01, "{shape:?}");
    // Everyone takes the twelve items of one half, each of them once.
    assert!((shape.density - 0.5).abs() < 1e-9 && shape.repeats < 1e-9, "{shape:?}");
    let (params, _) = choose(shape);
    let home = params.scoring.ladder(edgewise_core::Placement::Home);
    assert!(matches!(home.first(), Some(Rung::Related(terms)) if terms.len() == 2));
    assert!(params.next.is_some() && params.rebuy.is_none());
}
