//! The inverse of a large dense symmetric matrix, in place, by blocks.
//!
//! Every number is the sum of the same products in the same order whatever the number of threads: threads share out
//! rows, never the terms of a sum.

use rayon::prelude::*;

/// Columns that are eliminated at a time.
const BLOCK: usize = 64;
/// Rows of a triangle that one task solves for, so that what they read is read once for all of them.
const SOLVE_ROWS: usize = 8;
/// Rows of the inverse that one call gives.
pub(crate) const BAND_ROWS: usize = 16;

/// Cholesky's `L` with `A = L Lᵀ` in the lower triangle of `matrix`, which holds `A` row by row (Golub and Van Loan,
/// "Matrix computations", 4th edition, algorithm 4.2.2 by blocks). The upper triangle is left as it was.
pub(crate) fn factorise(matrix: &mut [f32], side: usize) {
    for start in (0..side).step_by(BLOCK) {
        let end = (start + BLOCK).min(side);
        let (above, below) = matrix.split_at_mut(end * side);
        let corner = &mut above[start * side..];
        factorise_corner(corner, side, start);
        let corner = &*corner;
        below.par_chunks_exact_mut(side).for_each(|row| {
            for k in start..end {
                let known = &corner[(k - start) * side..];
                let dot: f32 = (start..k).map(|j| row[j] * known[j]).sum();
                row[k] = (row[k] - dot) / known[k];
            }
        });
        let panel = transposed_panel(below, side, start..end);
        below.par_chunks_exact_mut(side).enumerate().for_each(|(at, row)| {
            let (solved, rest) = row.split_at_mut(end);
            let rest = &mut rest[..=at];
            for (&factor, line) in solved[start..].iter().zip(&panel) {
                for (x, y) in rest.iter_mut().zip(line) {
                    *x -= factor * y;
                }
            }
        });
    }
}

/// The block on the diagonal whose rows these are, unblocked.
fn factorise_corner(rows: &mut [f32], side: usize, start: usize) {
    for k in 0..rows.len() / side {
        let (known, rest) = rows.split_at_mut(k * side);
        let row = &mut rest[..side];
        for j in 0..k {
            let other = &known[j * side + start..];
            let dot: f32 = (0..j).map(|i| row[start + i] * other[i]).sum();
            row[start + j] = (row[start + j] - dot) / other[j];
        }
        let squares: f32 = row[start..start + k].iter().map(|x| x * x).sum();
        row[start + k] = (row[start + k] - squares).max(MIN_PIVOT).sqrt();
    }
}

/// The least pivot: what rounding makes smaller is taken out instead of blown up.
const MIN_PIVOT: f32 = 1e-7;

/// The columns of a block as rows, so that the update reads them in order.
fn transposed_panel(rows: &[f32], side: usize, columns: std::ops::Range<usize>) -> Vec<Vec<f32>> {
    columns
        .into_par_iter()
        .map(|column| rows.chunks_exact(side).map(|row| row[column]).collect())
        .collect()
}

/// `L⁻¹` in place of `L`, both in the lower triangle.
pub(crate) fn invert_factor(matrix: &mut [f32], side: usize) {
    for start in (0..side).step_by(BLOCK) {
        let end = (start + BLOCK).min(side);
        let (known, rest) = matrix.split_at_mut(start * side);
        let block = &mut rest[..(end - start) * side];
        // Row i of the inverse is (eᵢ - Σ L(i, k) Y(k)) / L(i, i); first the sum over the rows known before this block.
        block.par_chunks_mut(SOLVE_ROWS * side).for_each_init(
            || vec![0.0_f32; SOLVE_ROWS * start],
            |sums, rows| {
                sums.fill(0.0);
                for (k, line) in known.chunks_exact(side).enumerate() {
                    for (row, sums) in rows.chunks_exact(side).zip(sums.chunks_exact_mut(start)) {
                        let factor = row[k];
                        for (sum, y) in sums.iter_mut().zip(&line[..=k]) {
                            *sum -= factor * y;
                        }
                    }
                }
                if start > 0 {
                    for (row, sums) in rows.chunks_exact_mut(side).zip(sums.chunks_exact(start)) {
                        row[..start].copy_from_slice(sums);
                    }
                }
            },
        );
        invert_corner(block, side, start);
    }
}

/// The rows of one block, each from those before it.
fn invert_corner(rows: &mut [f32], side: usize, start: usize) {
    for i in 0..rows.len() / side {
        let (known, rest) = rows.split_at_mut(i * side);
        let row = &mut rest[..side];
        let factors: Vec<f32> = row[start..=start + i].to_vec();
        row[start..start + i].fill(0.0);
        row[start + i] = 1.0;
        for (k, (&factor, line)) in factors.iter().zip(known.chunks_exact(side)).enumerate() {
            for (x, y) in row[..=start + k].iter_mut().zip(line) {
                *x -= factor * y;
            }
        }
        let scale = 1.0 / factors[i];
        for x in &mut row[..=start + i] {
            *x *= scale;
        }
    }
}

/// Rows `first..first + n_rows` of `A⁻¹ = YᵀY`, where the lower triangle of `matrix` holds `Y = L⁻¹`.
pub(crate) fn inverse_rows(matrix: &[f32], side: usize, first: usize, n_rows: usize) -> Vec<f32> {
    let mut rows = vec![0.0; n_rows * side];
    for (k, line) in matrix.chunks_exact(side).enumerate().skip(first) {
        let line = &line[..=k];
        for (row, &factor) in rows.chunks_exact_mut(side).zip(&line[first..]) {
            for (x, y) in row.iter_mut().zip(line) {
                *x += factor * y;
            }
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_inverse_times_the_matrix_is_the_identity() {
        for side in [1, 5, 64, 65, 200] {
            // Symmetric and diagonally dominant.
            let entry = |i: usize, j: usize| -> f32 {
                if i == j { 200.0 } else { [0.5, -0.25, 0.0, 0.75][(i * j + i + j) % 4] }
            };
            let mut matrix: Vec<f32> =
                (0..side * side).map(|at| entry(at / side, at % side)).collect();
            factorise(&mut matrix, side);
            invert_factor(&mut matrix, side);
            for first in (0..side).step_by(BAND_ROWS) {
                let n_rows = BAND_ROWS.min(side - first);
                let rows = inverse_rows(&matrix, side, first, n_rows);
                for (i, row) in (first..).zip(rows.chunks_exact(side)) {
                    for j in 0..side {
                        let found: f32 = (0..side).map(|k| row[k] * entry(k, j)).sum();
                        let expected = if i == j { 1.0 } else { 0.0 };
                        assert!((found - expected).abs() < 1e-4, "{side}: {i} {j} {found}");
                    }
                }
            }
        }
    }
}
