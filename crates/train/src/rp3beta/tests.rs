//! RP3beta against its formula on the dense matrix, and its laws.

use ndarray::Array2;

use super::*;
use crate::testing::{ANY, N_ITEMS, Weights, assert_close, assert_laws, observations};

fn params(neighbours: u32) -> Rp3BetaParams {
    Rp3BetaParams { neighbours, alpha: 0.7, beta: 0.4 }
}

/// Steps as matrices: item to row, row to item; then damped and shared out source by source.
fn naive(observations: &Observations, params: &Rp3BetaParams) -> Array2<f64> {
    let matrix = crate::testing::dense(observations, 0.0);
    let count = |cells: ndarray::ArrayView1<'_, f64>| {
        f64::from(u32::try_from(cells.iter().filter(|&&x| x != 0.0).count()).unwrap())
    };
    let step_to_row = Array2::from_shape_fn((N_ITEMS, matrix.nrows()), |(item, row)| {
        matrix[[row, item]] * count(matrix.column(item)).powf(-params.alpha)
    });
    let step_to_item = Array2::from_shape_fn(matrix.raw_dim(), |(row, item)| {
        matrix[[row, item]] * count(matrix.row(row)).powf(-params.alpha)
    });
    let mut walks = step_to_row.dot(&step_to_item);
    for source in 0..N_ITEMS {
        for target in 0..N_ITEMS {
            let damping = count(matrix.column(target)).powf(-params.beta);
            let walk = &mut walks[[source, target]];
            *walk = if source == target { 0.0 } else { (*walk * damping).max(0.0) };
        }
        let mut row = walks.row_mut(source);
        let sum = row.sum();
        row.mapv_inplace(|walk| walk / sum);
    }
    walks
}

#[test]
fn walks_agree_with_dense_matrices() {
    for weights in [Weights::Ones, Weights::Mixed] {
        let observations = observations(weights);

        let found = rp3beta(&observations, ANY, &params(1_024));
        assert_close(&found.by_source, &naive(&observations, &params(1_024)), 1e-5);
    }
}

#[test]
fn what_is_left_of_a_source_sums_to_one() {
    for neighbours in [1, 5, 1_024] {
        let learnt = rp3beta(&observations(Weights::Ones), ANY, &params(neighbours));
        for list in learnt.by_source {
            assert!(!list.is_empty() && list.len() <= neighbours as usize);
            let sum: f64 = list.iter().map(|entry| entry.weight).sum();
            assert!((sum - 1.0).abs() < 1e-9, "{sum}");
        }
    }
}

#[test]
fn walks_keep_the_laws() {
    assert_laws(|observations, support| rp3beta(observations, support, &params(20)));
}

#[test]
fn every_setting_has_two_ends() {
    let default = Rp3BetaParams::default;
    assert_eq!(default().check(), Ok(()));
    for bad in [
        Rp3BetaParams { neighbours: 0, ..default() },
        Rp3BetaParams { neighbours: 1_025, ..default() },
        Rp3BetaParams { alpha: 2.1, ..default() },
        Rp3BetaParams { alpha: f64::NAN, ..default() },
        Rp3BetaParams { beta: -0.1, ..default() },
    ] {
        assert!(matches!(bad.check(), Err(TrainError::OutOfRange { .. })), "{bad:?}");
    }
}
