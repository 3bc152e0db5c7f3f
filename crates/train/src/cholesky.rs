//! Cholesky's factorisation of small dense positive definite systems.

/// Solves `A x = b`, where `matrix` holds `A`, symmetric and positive definite, row by row. Leaves `x` in `vector`, and
/// the upper factor in the upper triangle of `matrix`. The order of every sum is fixed by the side alone.
///
/// A pivot that rounding has made smaller than a 10,000,000th of the diagonal is raised to that, which takes the
/// direction out of the solution instead of blowing it up.
pub(crate) fn solve(matrix: &mut [f32], vector: &mut [f32]) {
    let side = vector.len();
    for k in 0..side {
        let (above, below) = matrix.split_at_mut((k + 1) * side);
        let row = &mut above[k * side + k..];
        let root = row[0].max(MIN_PIVOT).sqrt();
        let scale = 1.0 / root;
        for x in row.iter_mut() {
            *x *= scale;
        }
        row[0] = root;
        vector[k] *= scale;
        let solved = vector[k];
        for (step, line) in (1..).zip(below.chunks_exact_mut(side)) {
            let factor = row[step];
            vector[k + step] -= factor * solved;
            if factor != 0.0 {
                for (x, y) in line[k + step..].iter_mut().zip(&row[step..]) {
                    *x -= factor * y;
                }
            }
        }
    }
    for k in (0..side).rev() {
        let row = &matrix[k * side..(k + 1) * side];
        let mut rest = vector[k];
        for (x, y) in row[k + 1..].iter().zip(&vector[k + 1..]) {
            rest -= x * y;
        }
        vector[k] = rest / row[k];
    }
}

/// The least pivot.
const MIN_PIVOT: f32 = 1e-7;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_solution_solves_the_system() {
        let side = 17;
        // Symmetric and diagonally dominant.
        let entry = |i: usize, j: usize| -> f32 {
            if i == j { 9.0 } else { [0.5, -0.25, 0.0, 0.75][(i * j + i + j) % 4] }
        };
        let matrix: Vec<f32> = (0..side * side).map(|at| entry(at / side, at % side)).collect();
        let wanted: Vec<f32> = (0..side).map(|i| [1.0, -2.0, 0.5][i % 3]).collect();
        let mut vector: Vec<f32> =
            (0..side).map(|i| (0..side).map(|j| entry(i, j) * wanted[j]).sum()).collect();
        solve(&mut matrix.clone(), &mut vector);
        for (found, wanted) in vector.iter().zip(&wanted) {
            assert!((found - wanted).abs() < 1e-5, "{found} for {wanted}");
        }
    }

    #[test]
    fn a_singular_system_has_a_finite_answer() {
        let mut vector = vec![1.0, 1.0];
        solve(&mut [1.0, 1.0, 1.0, 1.0], &mut vector);
        assert!(vector.iter().all(|x| x.is_finite()), "{vector:?}");
    }
}
