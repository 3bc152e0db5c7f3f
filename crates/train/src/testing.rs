//! Matrices for tests, and what every item model is tested for.

use edgewise_core::{ItemIdx, WeightedItem};
use ndarray::{Array1, Array2};

use crate::lists::{ItemLists, Learnt};
use crate::observations::{Observation, Observations};
use crate::pairs::Support;

pub(crate) const ANY: Support = Support { min_rows: 1, min_people: 0 };

/// A linear congruential generator.
pub(crate) struct Lcg(pub(crate) u64);

impl Lcg {
    pub(crate) fn below(&mut self, n: u32) -> u32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(n)).expect("less than a u32")
    }
}

/// Weights of the cells of a sample.
#[derive(Clone, Copy)]
pub(crate) enum Weights {
    Ones,
    /// A half, one, or two; every eleventh a negative half.
    Mixed,
}

pub(crate) const N_ITEMS: usize = 24;

/// A sample of 140 rows, before it is built: the person of each row and the cells. Low items are popular, neighbours go
/// together, two rows in three belong to one of thirty people.
pub(crate) fn sample(weights: Weights) -> (Vec<Option<u32>>, Vec<Observation>) {
    let mut random = Lcg(9);
    let (mut persons, mut cells) = (Vec::new(), Vec::new());
    for row in 0..140 {
        persons.push((row % 3 != 0).then(|| random.below(30)));
        let first = random.below(24).min(random.below(24));
        for step in 0..2 + random.below(5) {
            let weight = match weights {
                Weights::Ones => 1.0,
                Weights::Mixed => [0.5, 1.0, 2.0, 1.0, -0.5][random.below(44).min(4) as usize],
            };
            cells.push(Observation { row, item: ItemIdx((first + step * step) % 24), weight });
        }
    }
    // Cells of a row that repeat an item would be summed; here every cell stands alone.
    cells.sort_by_key(|cell| (cell.row, cell.item));
    cells.dedup_by_key(|cell| (cell.row, cell.item));
    (persons, cells)
}

pub(crate) fn observations(weights: Weights) -> Observations {
    let (persons, cells) = sample(weights);
    Observations::new(N_ITEMS, &persons, cells)
}

/// The same sample with rows and persons numbered otherwise, and its cells in another order.
pub(crate) fn renumbered(weights: Weights) -> Observations {
    let (persons, mut cells) = sample(weights);
    let n_rows = u32::try_from(persons.len()).expect("few rows");
    let mut moved = vec![None; persons.len()];
    let place = |row: u32| (row * 13 + 5) % n_rows;
    for (row, person) in (0..).zip(&persons) {
        moved[place(row) as usize] = person.map(|person| 1_000 - person);
    }
    for cell in &mut cells {
        cell.row = place(cell.row);
    }
    cells.reverse();
    Observations::new(N_ITEMS, &moved, cells)
}

/// The matrix, dense, with rows that weigh `cells^-exponent`.
pub(crate) fn dense(observations: &Observations, exponent: f64) -> Array2<f64> {
    let mut matrix = Array2::zeros((observations.n_rows(), observations.n_items()));
    for (at, row) in (0u32..).zip(0..observations.n_rows()) {
        let n_cells = f64::from(u32::try_from(observations.items(at).ids.len()).expect("few"));
        for (item, weight) in observations.items(at).iter() {
            matrix[[row, item as usize]] = f64::from(weight) * n_cells.powf(-0.5 * exponent);
        }
    }
    matrix
}

/// Pairs with enough rows and people behind them, by the definition.
pub(crate) fn supported(observations: &Observations, support: Support) -> Array2<bool> {
    Array2::from_shape_fn((N_ITEMS, N_ITEMS), |(i, j)| {
        let rows: Vec<u32> = (0..u32::try_from(observations.n_rows()).expect("few"))
            .filter(|&row| {
                let ids = observations.items(row).ids;
                [i, j].iter().all(|&item| ids.iter().any(|&id| id as usize == item))
            })
            .collect();
        let people: std::collections::BTreeSet<u32> =
            rows.iter().filter_map(|&row| observations.person(row)).collect();
        i != j
            && rows.len() >= support.min_rows as usize
            && people.len() >= support.min_people as usize
    })
}

/// The lists as a dense matrix of source by target.
pub(crate) fn matrix_of(lists: &ItemLists) -> Array2<f64> {
    let mut matrix = Array2::zeros((lists.len(), lists.len()));
    for (source, list) in lists.iter().enumerate() {
        for entry in list {
            matrix[[source, entry.item.index()]] = entry.weight;
        }
    }
    matrix
}

/// Compares lists with a dense matrix of source by target, of which the positive entries count.
#[track_caller]
pub(crate) fn assert_close(found: &ItemLists, expected: &Array2<f64>, tolerance: f64) {
    let found = matrix_of(found);
    assert!(expected.iter().any(|&weight| weight > 0.0), "an oracle without lists proves nothing");
    for ((at, found), expected) in found.indexed_iter().zip(expected) {
        let expected = expected.max(0.0);
        assert!(
            (found - expected).abs() <= tolerance * expected.max(1.0),
            "{at:?}: {found} for {expected}"
        );
    }
}

fn bits(lists: &ItemLists) -> Vec<Vec<(u32, u64)>> {
    let entry = |entry: &WeightedItem| (entry.item.0, entry.weight.to_bits());
    lists.iter().map(|list| list.iter().map(entry).collect()).collect()
}

/// The laws of every item model: the same bits whatever the numbers of rows and persons and the number of threads,
/// lists that ascend and never name their own item, and only supported pairs.
#[track_caller]
pub(crate) fn assert_laws(model: impl Fn(&Observations, Support) -> Learnt + Sync) {
    for weights in [Weights::Ones, Weights::Mixed] {
        let support = Support { min_rows: 2, min_people: 2 };
        let observations = observations(weights);
        let expected = model(&observations, support);
        let is_public = supported(&observations, support);
        let mut n_entries = 0;
        for (source, list) in expected.by_source.iter().enumerate() {
            assert!(list.is_sorted_by(|a, b| a.item < b.item), "{source}: {list:?}");
            for entry in list {
                assert!(entry.weight > 0.0 && entry.weight.is_finite(), "{source}: {entry:?}");
                assert!(is_public[[source, entry.item.index()]], "{source}: {entry:?}");
                n_entries += 1;
            }
        }
        assert!(n_entries > N_ITEMS, "lists to learn from");
        assert!(expected.n_removed > 0, "pairs to remove");
        let renumbered = renumbered(weights);
        for n_threads in [1, 2, 3, 8] {
            let pool =
                rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().expect("threads");
            let again = pool.install(|| model(&renumbered, support));
            assert_eq!(bits(&again.by_source), bits(&expected.by_source), "{n_threads} threads");
            assert_eq!(again.n_removed, expected.n_removed);
        }
    }
}

/// Fewer neighbours are the best of more, counted per target.
#[track_caller]
pub(crate) fn assert_cut_is_a_prefix(few: &ItemLists, many: &ItemLists, k: usize) {
    let (few, many) = (matrix_of(few), matrix_of(many));
    for target in 0..few.ncols() {
        let mut order: Vec<usize> = (0..few.nrows()).collect();
        order.sort_by(|&a, &b| many[[b, target]].total_cmp(&many[[a, target]]).then(a.cmp(&b)));
        for (rank, source) in order.into_iter().enumerate() {
            let expected = if rank < k { many[[source, target]] } else { 0.0 };
            assert_eq!(few[[source, target]].to_bits(), expected.to_bits(), "{source} to {target}");
        }
    }
}

/// Gauss-Jordan elimination with pivoting.
pub(crate) fn eliminated(mut matrix: Array2<f64>, mut vector: Array1<f64>) -> Array1<f64> {
    let side = vector.len();
    for k in 0..side {
        let pivot = (k..side)
            .max_by(|&a, &b| matrix[[a, k]].abs().total_cmp(&matrix[[b, k]].abs()))
            .unwrap();
        for column in 0..side {
            matrix.swap([k, column], [pivot, column]);
        }
        vector.swap(k, pivot);
        for row in (0..side).filter(|&row| row != k) {
            let factor = matrix[[row, k]] / matrix[[k, k]];
            for column in 0..side {
                matrix[[row, column]] -= factor * matrix[[k, column]];
            }
            vector[row] -= factor * vector[k];
        }
    }
    Array1::from_shape_fn(side, |k| vector[k] / matrix[[k, k]])
}
