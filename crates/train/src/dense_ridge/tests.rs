//! Dense ridge against the regressions it is the closed form of, and its laws.

use ndarray::{Array1, Array2};

use super::*;
use crate::testing::{
    N_ITEMS, Weights, assert_close, assert_cut_is_a_prefix, assert_laws, dense, eliminated,
    observations,
};

const OPEN: Support = Support { min_rows: 1, min_people: 1 };

fn params(neighbours: u32) -> DenseRidgeParams {
    DenseRidgeParams { neighbours, ..DenseRidgeParams::default() }
}

/// Each column by itself explained by all others.
fn naive(observations: &Observations, params: &DenseRidgeParams) -> Array2<f64> {
    let matrix = dense(observations, params.row_exponent);
    let gram = matrix.t().dot(&matrix);
    let norms = gram.diag();
    let mean = norms.mean().unwrap();
    let mut weights = Array2::zeros((N_ITEMS, N_ITEMS));
    for target in 0..N_ITEMS {
        let others: Vec<usize> = (0..N_ITEMS).filter(|&i| i != target).collect();
        let block = Array2::from_shape_fn((others.len(), others.len()), |(a, b)| {
            let (i, j) = (others[a], others[b]);
            let spread = (norms[i] / mean).powf(params.frequency_exponent);
            let addition = params.regularization * mean * spread;
            gram[[i, j]] + if i == j { addition } else { 0.0 }
        });
        let wanted = Array1::from_shape_fn(others.len(), |a| gram[[others[a], target]]);
        for (source, weight) in others.into_iter().zip(eliminated(block, wanted)) {
            weights[[source, target]] = weight;
        }
    }
    weights
}

#[test]
fn the_closed_form_agrees_with_one_regression_per_target() {
    for weights in [Weights::Ones, Weights::Mixed] {
        let observations = observations(weights);
        for (regularization, frequency_exponent, row_exponent) in
            [(0.1, 0.0, 0.0), (1.0, 0.5, 0.5), (10.0, 1.0, 1.0)]
        {
            let params = DenseRidgeParams {
                regularization,
                frequency_exponent,
                row_exponent,
                ..params(1_024)
            };
            let found = dense_ridge(&observations, OPEN, &params).expect("a small matrix");
            assert_close(&found.by_source, &naive(&observations, &params), 2e-4);
        }
    }
}

#[test]
fn the_closed_form_keeps_the_laws() {
    assert_laws(|observations, support| {
        dense_ridge(observations, support, &params(1_024)).expect("a small matrix")
    });
}

#[test]
fn fewer_neighbours_are_the_best_of_more() {
    let observations = observations(Weights::Mixed);
    let lists =
        |neighbours| dense_ridge(&observations, OPEN, &params(neighbours)).unwrap().by_source;
    assert_cut_is_a_prefix(&lists(3), &lists(1_024), 3);
}

#[test]
fn a_catalogue_over_the_limit_is_refused_before_anything_is_allocated() {
    let needed = (N_ITEMS * N_ITEMS * 4) as u64;
    let with = |max_bytes| {
        let params = DenseRidgeParams { max_bytes, ..params(5) };
        dense_ridge(&observations(Weights::Ones), OPEN, &params)
    };
    assert!(with(needed).is_ok());
    let limit = needed - 1;
    assert_eq!(with(limit), Err(TrainError::TooLarge { what: "dense ridge", needed, limit }));
}

#[test]
fn every_setting_has_two_ends() {
    let default = DenseRidgeParams::default;
    assert_eq!(default().check(), Ok(()));
    for bad in [
        DenseRidgeParams { neighbours: 0, ..default() },
        DenseRidgeParams { regularization: 0.0, ..default() },
        DenseRidgeParams { frequency_exponent: -0.1, ..default() },
        DenseRidgeParams { row_exponent: f64::NAN, ..default() },
        DenseRidgeParams { max_bytes: 0, ..default() },
    ] {
        assert!(matches!(bad.check(), Err(TrainError::OutOfRange { .. })), "{bad:?}");
    }
}
