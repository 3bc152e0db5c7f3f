//! Local ridge against dense regressions in double precision, and its laws.

use ndarray::{Array1, Array2};

use super::*;
use crate::testing::{
    ANY, N_ITEMS, Weights, assert_close, assert_cut_is_a_prefix, assert_laws, dense, eliminated,
    observations,
};

fn learnt(observations: &Observations, support: Support, params: &RidgeParams) -> Learnt {
    ridge(observations, support, params, &Room::unlimited()).unwrap()
}

/// Every candidate is kept.
fn params(candidates: u32) -> RidgeParams {
    RidgeParams { neighbours: candidates, budget_exponent: 0.0, ..RidgeParams::default() }
}

/// Every regression by itself on the dense products of columns.
fn naive(observations: &Observations, params: &RidgeParams) -> Array2<f64> {
    let matrix = dense(observations, params.row_exponent);
    let gram = matrix.t().dot(&matrix);
    let norms = gram.diag();
    let mean = norms.mean().unwrap();
    let mut weights = Array2::zeros((N_ITEMS, N_ITEMS));
    for target in 0..N_ITEMS {
        let mut sources: Vec<usize> =
            (0..N_ITEMS).filter(|&i| i != target && gram[[i, target]] > 0.0).collect();
        let rank = |i: usize| gram[[i, target]] / norms[i].sqrt();
        sources.sort_by(|&a, &b| rank(b).total_cmp(&rank(a)).then(a.cmp(&b)));
        sources.truncate(params.neighbours as usize);
        let side = sources.len();
        let block = Array2::from_shape_fn((side, side), |(a, b)| {
            let (i, j) = (sources[a], sources[b]);
            let spread = (norms[i] / mean).powf(params.frequency_exponent);
            let addition = params.regularization * mean * spread;
            gram[[i, j]] + if i == j { addition } else { 0.0 }
        });
        let wanted = Array1::from_shape_fn(side, |a| gram[[sources[a], target]]);
        let explained = eliminated(block, wanted);
        let cosines: Vec<f64> = sources.iter().map(|&i| rank(i)).collect();
        let positive: f64 = explained.iter().map(|weight| weight.max(0.0)).sum();
        let factor = params.cosine_share * positive / cosines.iter().sum::<f64>();
        for ((source, weight), cosine) in sources.into_iter().zip(explained).zip(cosines) {
            weights[[source, target]] = weight + factor * cosine;
        }
    }
    weights
}

#[test]
fn local_regressions_agree_with_dense_elimination() {
    for weights in [Weights::Ones, Weights::Mixed] {
        let observations = observations(weights);
        for candidates in [1_024, 7, 1] {
            for (regularization, frequency_exponent, row_exponent, cosine_share) in
                [(0.1, 0.0, 0.0, 0.0), (1.0, 0.5, 0.5, 0.4), (10.0, 1.0, 1.0, 2.0)]
            {
                let params = RidgeParams {
                    regularization,
                    frequency_exponent,
                    cosine_share,
                    row_exponent,
                    ..params(candidates)
                };
                let found = learnt(&observations, ANY, &params);
                assert_close(&found.by_source, &naive(&observations, &params), 2e-4);
            }
        }
    }
}

#[test]
fn local_regressions_keep_the_laws() {
    for candidates in [1_024, 6] {
        assert_laws(|observations, support| learnt(observations, support, &params(candidates)));
        let spread = RidgeParams { budget_exponent: 0.5, ..params(candidates) };
        assert_laws(|observations, support| learnt(observations, support, &spread));
    }
}

#[test]
fn fewer_neighbours_are_the_best_of_more() {
    let observations = observations(Weights::Mixed);
    let all = learnt(&observations, ANY, &params(1_024)).by_source;
    let few = RidgeParams { candidates_per_neighbour: 100.0, ..params(3) };
    assert_cut_is_a_prefix(&learnt(&observations, ANY, &few).by_source, &all, 3);
}

#[test]
fn every_setting_has_two_ends() {
    let default = RidgeParams::default;
    assert_eq!(default().check(), Ok(()));
    for bad in [
        RidgeParams { neighbours: 0, ..default() },
        RidgeParams { budget_exponent: 1.1, ..default() },
        RidgeParams { candidates_per_neighbour: 0.9, ..default() },
        RidgeParams { regularization: 0.0, ..default() },
        RidgeParams { regularization: f64::NAN, ..default() },
        RidgeParams { frequency_exponent: 1.1, ..default() },
        RidgeParams { cosine_share: f64::INFINITY, ..default() },
        RidgeParams { row_exponent: -0.1, ..default() },
    ] {
        assert!(matches!(bad.check(), Err(TrainError::OutOfRange { .. })), "{bad:?}");
    }
}

#[test]
fn every_setting_of_the_grid_is_in_range() {
    for neighbours in [1, 50, 1_024] {
        for params in RidgeParams::tuning_grid(neighbours) {
            assert_eq!(params.check(), Ok(()), "{params:?}");
        }
    }
}
