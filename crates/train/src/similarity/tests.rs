//! Similarities against their formulas on the dense matrix, and their laws.

use ndarray::{Array2, Axis};

use super::*;
use crate::testing::{
    ANY, N_ITEMS, Weights, assert_close, assert_cut_is_a_prefix, assert_laws, dense, matrix_of,
    observations,
};

const MEASURES: [Measure; 7] = [
    Measure::COSINE,
    Measure::Damped { source: 0.7, target: 0.2 },
    Measure::Jaccard,
    Measure::Pearson,
    Measure::Lift,
    Measure::LogLikelihood,
    Measure::Conditional,
];

fn params(measure: Measure) -> SimilarityParams {
    SimilarityParams { neighbours: 1_024, measure, ..SimilarityParams::default() }
}

/// The formula on whole columns, entry by entry.
fn naive(matrix: &Array2<f64>, params: &SimilarityParams) -> Array2<f64> {
    let n_rows = exact(matrix.nrows());
    Array2::from_shape_fn((N_ITEMS, N_ITEMS), |(source, target)| {
        let (x, y) = (matrix.column(source), matrix.column(target));
        let held = |x: f64| f64::from(u8::from(x != 0.0));
        let (dot, n_x, n_y) = (x.dot(&y), x.dot(&x), y.dot(&y));
        let (one, other) = (x.mapv(held), y.mapv(held));
        let both = one.dot(&other);
        if source == target || both == 0.0 {
            return 0.0;
        }
        let similarity = match params.measure {
            Measure::Damped { source, target } => dot / (n_x.powf(source) * n_y.powf(target)),
            Measure::Jaccard => dot / (n_x + n_y - dot),
            Measure::Pearson => {
                let (x, y) = (&x - x.mean().unwrap(), &y - y.mean().unwrap());
                x.dot(&y) / (x.dot(&x) * y.dot(&y)).sqrt()
            }
            Measure::Lift => dot * n_rows / (n_x * n_y),
            Measure::Conditional => dot / n_x,
            Measure::LogLikelihood => {
                let (a, b) = (one.sum(), other.sum());
                // Dunning's own form: entropies of the table, its rows and its columns.
                let entropy = |counts: &[f64]| -> f64 {
                    let terms = counts.iter().filter(|&&k| k > 0.0);
                    -terms.map(|k| k * (k / n_rows).ln()).sum::<f64>()
                };
                let table = [both, a - both, b - both, n_rows - a - b + both];
                let ratio =
                    2.0 * (entropy(&[a, n_rows - a]) + entropy(&[b, n_rows - b]) - entropy(&table));
                if both * n_rows > a * b { ratio } else { 0.0 }
            }
        };
        similarity * both / (both + params.shrinkage)
    })
}

#[test]
fn every_measure_agrees_with_its_formula() {
    for weights in [Weights::Ones, Weights::Mixed] {
        let observations = observations(weights);
        for measure in MEASURES {
            for (shrinkage, row_exponent) in [(0.0, 0.0), (3.0, 0.0), (0.0, 0.7)] {
                let params = SimilarityParams { shrinkage, row_exponent, ..params(measure) };
                let expected = naive(&dense(&observations, row_exponent), &params);
                let found = similarity(&observations, ANY, &params);
                assert_close(&found.by_source, &expected, 1e-5);
            }
        }
    }
}

#[test]
fn every_measure_keeps_the_laws_on_both_sides() {
    for measure in MEASURES {
        for keep in [KeepPer::Target, KeepPer::Source] {
            let params = SimilarityParams { keep, row_exponent: 0.5, ..params(measure) };
            assert_laws(|observations, support| similarity(observations, support, &params));
        }
    }
}

#[test]
fn fewer_neighbours_are_the_best_of_more() {
    let observations = observations(Weights::Mixed);
    for measure in MEASURES {
        let all = similarity(&observations, ANY, &params(measure)).by_source;
        let few = SimilarityParams { neighbours: 3, ..params(measure) };
        assert_cut_is_a_prefix(&similarity(&observations, ANY, &few).by_source, &all, 3);
    }
}

#[test]
fn kept_per_source_every_list_has_its_own_best() {
    let observations = observations(Weights::Ones);
    let params = |neighbours| SimilarityParams {
        neighbours,
        keep: KeepPer::Source,
        ..SimilarityParams::default()
    };
    let all = matrix_of(&similarity(&observations, ANY, &params(1_024)).by_source);
    let few = matrix_of(&similarity(&observations, ANY, &params(4)).by_source);
    for (all, few) in all.axis_iter(Axis(0)).zip(few.axis_iter(Axis(0))) {
        let mut sorted = all.to_vec();
        sorted.sort_by(|a, b| b.total_cmp(a));
        let mut kept: Vec<f64> = few.iter().copied().filter(|&weight| weight > 0.0).collect();
        kept.sort_by(|a, b| b.total_cmp(a));
        assert_eq!(kept[..], sorted[..kept.len()]);
        assert_eq!(kept.len(), 4);
    }
}

#[test]
fn every_setting_has_two_ends() {
    let default = SimilarityParams::default;
    assert_eq!(default().check(), Ok(()));
    let damped = |source, target| params(Measure::Damped { source, target });
    for bad in [
        SimilarityParams { neighbours: 0, ..default() },
        SimilarityParams { neighbours: 1_025, ..default() },
        SimilarityParams { budget_exponent: -0.1, ..default() },
        SimilarityParams { shrinkage: -1.0, ..default() },
        SimilarityParams { shrinkage: f64::INFINITY, ..default() },
        SimilarityParams { row_exponent: 2.1, ..default() },
        damped(-0.1, 0.5),
        damped(0.5, 1.1),
        damped(f64::NAN, 0.5),
    ] {
        assert!(matches!(bad.check(), Err(TrainError::OutOfRange { .. })), "{bad:?}");
    }
}
