//! Transitions against a dense oracle, and their laws.

use std::collections::BTreeSet;

use edgewise_core::{
    EventKind, Interaction, Interactions, ItemIdx, OrderIdx, UserIdx, WeightedItem,
};
use ndarray::Array2;

use super::{DistanceWeight, Pruning, TransitionParams, transitions};
use crate::pairs::Support;
use crate::sequences::Sequences;

const N_ITEMS: usize = 12;
const ALL: Support = Support { min_rows: 1, min_people: 1 };

/// A log in which low items are common, repeats happen, and a fifth of the sessions are guests'.
fn log() -> Interactions {
    let mut state = 9u64;
    let mut random = |n: u32| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((state >> 33) % u64::from(n)).expect("less than a u32")
    };
    let mut rows = Vec::new();
    for order in 0..120 {
        let user = (order % 5 > 0).then(|| UserIdx(random(20)));
        for step in 0..2 + random(6) {
            rows.push(Interaction {
                item: ItemIdx(random(12).min(random(12))),
                user,
                order: Some(OrderIdx(order)),
                time_s: Some(i64::from(order * 10 + step)),
                region: None,
                segment: None,
                kind: EventKind::View,
            });
        }
    }
    Interactions { rows, n_users: 20, n_orders: 120 }
}

fn dense(sequences: &Sequences, support: Support, params: &TransitionParams) -> Array2<f64> {
    let mut weights = Array2::<f64>::zeros((N_ITEMS, N_ITEMS));
    let mut people = vec![BTreeSet::new(); N_ITEMS * N_ITEMS];
    let mut rows = vec![BTreeSet::new(); N_ITEMS * N_ITEMS];
    for (session, items) in sequences.iter().enumerate() {
        for (from, source) in items.iter().enumerate() {
            for (to, target) in items.iter().enumerate() {
                let distance = u32::try_from(from.abs_diff(to)).expect("short");
                if source == target || distance > params.max_distance {
                    continue;
                }
                let near = match params.distance {
                    DistanceWeight::Reciprocal => 1.0 / f64::from(distance),
                    DistanceWeight::Linear => {
                        1.0 - f64::from(distance - 1) / f64::from(params.max_distance)
                    }
                };
                let weight = near * if from < to { 1.0 } else { params.backward };
                if weight > 0.0 {
                    weights[[source.index(), target.index()]] += weight;
                    let pair = source.index() * N_ITEMS + target.index();
                    rows[pair].insert(session);
                    people[pair].extend(sequences.person(session));
                }
            }
        }
    }
    let totals: Vec<f64> = weights.rows().into_iter().map(|row| row.sum()).collect();
    for ((source, target), weight) in weights.indexed_iter_mut() {
        let pair = source * N_ITEMS + target;
        if rows[pair].len() < support.min_rows as usize
            || people[pair].len() < support.min_people as usize
        {
            *weight = 0.0;
        }
    }
    let popularity: Vec<f64> = weights.columns().into_iter().map(|column| column.sum()).collect();
    let one = Array2::from_shape_fn((N_ITEMS, N_ITEMS), |(source, target)| {
        let damping = popularity[target].max(1.0).powf(params.target_exponent);
        weights[[source, target]] / (totals[source] + params.shrinkage).max(1e-300) / damping
    });
    let mut both = &one + &(one.dot(&one) * params.second_step);
    both.diag_mut().fill(0.0);
    let largest = both.iter().copied().fold(0.0, f64::max);
    both / largest
}

fn kept(weights: &Array2<f64>, params: &TransitionParams) -> Array2<f64> {
    let k = params.neighbours as usize;
    let per_source = params.pruning == Pruning::PerSource;
    let oriented = if per_source { weights.clone() } else { weights.t().to_owned() };
    let mut out = Array2::zeros((N_ITEMS, N_ITEMS));
    for (at, row) in oriented.rows().into_iter().enumerate() {
        let mut best: Vec<usize> = (0..N_ITEMS).filter(|&other| row[other] > 0.0).collect();
        best.sort_by(|&a, &b| row[b].total_cmp(&row[a]).then(a.cmp(&b)));
        for other in best.into_iter().take(k) {
            let (source, target) = if per_source { (at, other) } else { (other, at) };
            out[[source, target]] = row[other];
        }
    }
    out
}

#[track_caller]
fn assert_near(found: &[Vec<WeightedItem>], expected: &Array2<f64>) {
    assert!(expected.iter().any(|&weight| weight > 0.0), "an empty oracle proves nothing");
    for (source, list) in found.iter().enumerate() {
        assert!(list.is_sorted_by(|a, b| a.item < b.item));
        let n_expected = expected.row(source).iter().filter(|&&weight| weight > 0.0).count();
        assert_eq!(list.len(), n_expected, "source {source}");
        for entry in list {
            let oracle = expected[[source, entry.item.index()]];
            assert!((entry.weight - oracle).abs() < 1e-9, "{source} {entry:?} {oracle}");
            assert!(entry.weight > 0.0 && entry.weight <= 1.0);
        }
    }
}

#[test]
fn transitions_agree_with_the_dense_oracle_at_every_setting() {
    let sequences = Sequences::of(&log(), N_ITEMS);
    let default = TransitionParams::default;
    for params in [
        TransitionParams { second_step: 0.0, backward: 0.0, ..default() },
        TransitionParams { second_step: 0.0, max_distance: 1, ..default() },
        TransitionParams { distance: DistanceWeight::Linear, max_distance: 3, ..default() },
        TransitionParams { second_step: 0.25, neighbours: 4, ..default() },
        TransitionParams { pruning: Pruning::PerTarget, neighbours: 3, ..default() },
        TransitionParams { shrinkage: 0.0, target_exponent: 0.5, ..default() },
    ] {
        for support in [ALL, Support { min_rows: 3, min_people: 2 }] {
            let found = transitions(&sequences, support, &params).unwrap();
            assert_near(&found.by_source, &kept(&dense(&sequences, support, &params), &params));
        }
    }
}

#[test]
fn a_minimum_of_people_removes_pairs_and_says_how_many() {
    let sequences = Sequences::of(&log(), N_ITEMS);
    let params = TransitionParams { second_step: 0.0, neighbours: 1_024, ..Default::default() };
    let n_pairs = |min_people| {
        let learnt = transitions(&sequences, Support { min_rows: 1, min_people }, &params).unwrap();
        (learnt.by_source.iter().map(Vec::len).sum::<usize>() as u64, learnt.n_removed)
    };
    let (n_open, n_none) = n_pairs(0);
    assert_eq!(n_none, 0);
    let (n_kept, n_removed) = n_pairs(6);
    assert!(n_removed > 0 && n_kept > 0);
    assert_eq!(n_kept + n_removed, n_open);
}

#[test]
fn fewer_neighbours_are_a_part_of_more() {
    let sequences = Sequences::of(&log(), N_ITEMS);
    for pruning in [Pruning::PerSource, Pruning::PerTarget] {
        let at = |neighbours| {
            let params = TransitionParams { neighbours, pruning, ..Default::default() };
            transitions(&sequences, ALL, &params).unwrap().by_source
        };
        let (few, many) = (at(2), at(6));
        for (few, many) in few.iter().zip(&many) {
            assert!(few.iter().all(|entry| many.contains(entry)));
        }
    }
}

#[test]
fn other_threads_and_other_numbers_learn_the_same() {
    let log = log();
    let params = TransitionParams::default();
    let support = Support { min_rows: 2, min_people: 2 };
    let expected = transitions(&Sequences::of(&log, N_ITEMS), support, &params).unwrap();
    let rows = log.rows.iter().rev().map(|row| Interaction {
        user: row.user.map(|user| UserIdx(19 - user.0)),
        order: row.order.map(|order| OrderIdx((order.0 * 7 + 3) % 120)),
        ..*row
    });
    let renamed = Sequences::of(&Interactions { rows: rows.collect(), ..log }, N_ITEMS);
    for n_threads in [1, 2, 3, 8] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().expect("threads");
        let found = pool.install(|| transitions(&renamed, support, &params).unwrap());
        assert!(found == expected, "{n_threads}");
    }
}

#[test]
fn every_setting_has_two_ends() {
    let good = TransitionParams::default;
    assert_eq!(good().check(), Ok(()));
    let sequences = Sequences::of(&log(), N_ITEMS);
    for bad in [
        TransitionParams { neighbours: 0, ..good() },
        TransitionParams { max_distance: 0, ..good() },
        TransitionParams { max_distance: 101, ..good() },
        TransitionParams { backward: 1.5, ..good() },
        TransitionParams { shrinkage: f64::INFINITY, ..good() },
        TransitionParams { target_exponent: -0.1, ..good() },
        TransitionParams { second_step: f64::NAN, ..good() },
    ] {
        assert!(transitions(&sequences, ALL, &bad).is_err(), "{bad:?}");
    }
}
