//! The oracle: everything dense, by the formulas, with `ndarray`.

use std::collections::BTreeSet;

use edgewise_core::{Interactions, ItemIdx, WeightedItem};
use ndarray::Array2;

/// Counts are sums of products of zeros and ones, exact in any order.
fn co_counts(matrix: &Array2<f64>) -> Array2<f64> {
    matrix.t().dot(matrix)
}

/// A binary matrix with a row per group: the groups are the distinct keys, in order.
fn matrix<K: Ord + Copy>(
    log: &Interactions,
    n_items: usize,
    key: impl Fn(&edgewise_core::Interaction) -> Option<K>,
) -> (Array2<f64>, Vec<K>) {
    let keys: Vec<K> =
        log.rows.iter().filter_map(&key).collect::<BTreeSet<K>>().into_iter().collect();
    let mut matrix = Array2::zeros((keys.len(), n_items));
    for row in &log.rows {
        if let Some(at) = key(row).and_then(|key| keys.binary_search(&key).ok()) {
            matrix[[at, row.item.index()]] = 1.0;
        }
    }
    (matrix, keys)
}

/// Which pairs at least `min_people` known users share, in any of their groups.
fn enough_people<K>(
    groups: &Array2<f64>,
    keys: &[K],
    user: impl Fn(&K) -> Option<u32>,
    min_people: u32,
) -> Array2<bool> {
    let n_items = groups.ncols();
    Array2::from_shape_fn((n_items, n_items), |(i, j)| {
        let people: BTreeSet<u32> = keys
            .iter()
            .enumerate()
            .filter(|&(at, _)| groups[[at, i]] > 0.0 && groups[[at, j]] > 0.0)
            .filter_map(|(_, key)| user(key))
            .collect();
        people.len() >= min_people as usize
    })
}

/// Per source, its targets with weights, after keeping the `k` best sources of each target.
fn keep_per_target(weights: &Array2<f64>, k: usize) -> Vec<Vec<WeightedItem>> {
    let n_items = weights.ncols();
    let mut lists = vec![Vec::new(); n_items];
    for target in 0..n_items {
        let mut sources: Vec<usize> =
            (0..n_items).filter(|&source| weights[[source, target]] > 0.0).collect();
        sources.sort_by(|&a, &b| {
            weights[[b, target]].total_cmp(&weights[[a, target]]).then(a.cmp(&b))
        });
        for source in sources.into_iter().take(k) {
            let item = ItemIdx(u32::try_from(target).expect("a small shop"));
            lists[source].push(WeightedItem { item, weight: weights[[source, target]] });
        }
    }
    lists
}

/// A key of a taker: a user, or an order of a guest.
type Key = (Option<u32>, Option<u32>);

/// Cosine lists of a log whose items are already numbered as in the model.
pub(crate) fn similar(
    log: &Interactions,
    n_items: usize,
    k: usize,
    min_people: u32,
) -> Vec<Vec<WeightedItem>> {
    let (takers, keys) = matrix::<Key>(log, n_items, |row| match (row.user, row.order) {
        (Some(user), _) => Some((Some(user.0), None)),
        (None, order) => order.map(|order| (None, Some(order.0))),
    });
    lists(&takers, &keys, |key| key.0, k, (1, min_people))
}

/// Basket lists of a log whose items are already numbered as in the model.
pub(crate) fn together(
    log: &Interactions,
    n_items: usize,
    k: usize,
    min: (u32, u32),
) -> Vec<Vec<WeightedItem>> {
    let (baskets, keys) = matrix::<Key>(log, n_items, |row| {
        row.order.map(|order| (row.user.map(|user| user.0), Some(order.0)))
    });
    lists(&baskets, &keys, |key| key.0, k, min)
}

fn lists<K>(
    groups: &Array2<f64>,
    keys: &[K],
    user: impl Fn(&K) -> Option<u32>,
    k: usize,
    (min_rows, min_people): (u32, u32),
) -> Vec<Vec<WeightedItem>> {
    let counts = co_counts(groups);
    let is_public = enough_people(groups, keys, user, min_people);
    let weights = Array2::from_shape_fn(counts.raw_dim(), |(i, j)| {
        let both = counts[[i, j]];
        if i == j || both < f64::from(min_rows) || !is_public[[i, j]] {
            return 0.0;
        }
        both / (counts[[i, i]] * counts[[j, j]]).sqrt()
    });
    keep_per_target(&weights, k)
}
