//! Half steps against dense least squares, and the laws.

use ndarray::{Array1, Array2};

use super::*;
use crate::testing::{N_ITEMS, Weights, assert_laws, eliminated, observations};

fn params() -> AlsParams {
    AlsParams { factors: 7, iterations: 4, neighbours: 1_024, ..AlsParams::default() }
}

/// The normal equations of one row over all items, by the loss itself: every item with weight α₀ and value zero, and
/// every cell once more with its own weight.
fn naive_row(items: &Factors, cells: Cells<'_>, params: &AlsParams) -> Array1<f64> {
    let vector = |at: usize| Array1::from_iter(items.of(at).iter().map(|&x| f64::from(x)));
    let width = items.width;
    let mut matrix = Array2::<f64>::zeros((width, width));
    let mut wanted = Array1::<f64>::zeros(width);
    let mut add = |y: &Array1<f64>, confidence: f64, value: f64| {
        for a in 0..width {
            wanted[a] += confidence * value * y[a];
            for b in 0..width {
                matrix[[a, b]] += confidence * y[a] * y[b];
            }
        }
    };
    for item in 0..N_ITEMS {
        add(&vector(item), params.unobserved_weight, 0.0);
    }
    for (item, weight) in cells.iter() {
        let value = if weight > 0.0 { 1.0 } else { 0.0 };
        add(&vector(item as usize), f64::from(weight).abs(), value);
    }
    let size = exact(cells.ids.len()) + params.unobserved_weight * exact(N_ITEMS);
    let penalty = params.regularization * size.powf(params.frequency_exponent);
    for a in 0..width {
        matrix[[a, a]] += penalty;
    }
    eliminated(matrix, wanted)
}

#[test]
fn a_half_step_minimises_the_loss_of_each_row() {
    for weights in [Weights::Ones, Weights::Mixed] {
        let observations = observations(weights);
        for frequency_exponent in [0.0, 0.6, 1.0] {
            let params = AlsParams { frequency_exponent, initial_scale: 1.0, ..params() };
            let items = Factors::random(N_ITEMS, 7, &params);
            let n_rows = u32::try_from(observations.n_rows()).unwrap();
            let rows = items.solved_from((0..n_rows).map(|row| observations.items(row)), &params);
            for row in 0..n_rows {
                let expected = naive_row(&items, observations.items(row), &params);
                for (found, expected) in rows.of(row as usize).iter().zip(&expected) {
                    let error = (f64::from(*found) - expected).abs();
                    assert!(error < 1e-3 * expected.abs().max(1.0), "{found} for {expected}");
                }
            }
        }
    }
}

#[test]
fn both_weights_keep_the_laws() {
    for weight in [FactorWeight::Cosine, FactorWeight::Explained] {
        let params = AlsParams { weight, ..params() };
        assert_laws(|observations, support| als(observations, support, &params));
    }
}

#[test]
fn pairs_that_nobody_took_both_of_need_an_open_support() {
    let observations = observations(Weights::Ones);
    let n_entries = |support| -> usize {
        als(&observations, support, &params()).by_source.iter().map(Vec::len).sum()
    };
    let open = n_entries(Support { min_rows: 1, min_people: 1 });
    assert!(open > n_entries(Support { min_rows: 1, min_people: 2 }));
}

#[test]
fn another_seed_begins_elsewhere() {
    let observations = observations(Weights::Ones);
    let support = Support { min_rows: 1, min_people: 1 };
    let with = |seed| als(&observations, support, &AlsParams { seed, ..params() });
    assert_eq!(with(3), with(3));
    assert_ne!(with(3), with(4));
}

#[test]
fn every_setting_has_two_ends() {
    let default = AlsParams::default;
    assert_eq!(default().check(), Ok(()));
    for bad in [
        AlsParams { neighbours: 0, ..default() },
        AlsParams { factors: 513, ..default() },
        AlsParams { iterations: 0, ..default() },
        AlsParams { regularization: 0.0, ..default() },
        AlsParams { frequency_exponent: 1.1, ..default() },
        AlsParams { unobserved_weight: 0.0, ..default() },
        AlsParams { initial_scale: f64::NAN, ..default() },
    ] {
        assert!(matches!(bad.check(), Err(TrainError::OutOfRange { .. })), "{bad:?}");
    }
}
