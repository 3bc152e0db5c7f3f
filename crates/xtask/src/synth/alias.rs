//! Drawing by weight in constant time: the alias method (Walker 1977, as Vose 1991 builds it), in integers.

/// One column of the table: below `threshold` it stands for itself, else for `alias`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cell {
    /// Share of the column that is its own, in parts of 2^32.
    threshold: u32,
    /// Index that has the rest.
    alias: u32,
}

/// The table of `weights`. Their sum must be above zero, their number below 2^32; a weight of zero is never drawn, but
/// for a share of less than 2^-32.
pub(super) fn table(weights: &[u64]) -> Vec<Cell> {
    let total: u128 = weights.iter().map(|&weight| u128::from(weight)).sum();
    let n = weights.len() as u128;
    // A column's fill; the level of all columns is `total`.
    let mut fills: Vec<u128> = weights.iter().map(|&weight| u128::from(weight) * n).collect();
    let (mut under, mut over): (Vec<usize>, Vec<usize>) =
        (0..weights.len()).partition(|&column| fills[column] < total);
    let mut cells: Vec<Cell> =
        (0..).zip(weights).map(|(alias, _)| Cell { threshold: u32::MAX, alias }).collect();
    while let (Some(low), Some(&high)) = (under.pop(), over.last()) {
        cells[low] = Cell {
            // Cannot fail: the fill is below the level.
            threshold: u32::try_from((fills[low] << 32) / total).unwrap_or(u32::MAX),
            alias: u32::try_from(high).unwrap_or(u32::MAX),
        };
        fills[high] -= total - fills[low];
        if fills[high] < total {
            over.pop();
            under.push(high);
        }
    }
    cells
}

/// The index that `draw`, 64 random bits, falls on. `cells` must not be empty.
pub(super) fn pick(cells: &[Cell], draw: u64) -> usize {
    let column = ((draw >> 32) * cells.len() as u64) >> 32;
    let column = usize::try_from(column).unwrap_or_default();
    let cell = cells[column];
    let is_own = draw & u64::from(u32::MAX) < u64::from(cell.threshold);
    if is_own { column } else { cell.alias as usize }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The share of each index, exactly: every column has the same width.
    fn shares(weights: &[u64]) -> Vec<f64> {
        let cells = table(weights);
        let mut shares = vec![0.0; weights.len()];
        for (column, cell) in cells.iter().enumerate() {
            let own = f64::from(cell.threshold) / 2_f64.powi(32);
            shares[column] += own;
            shares[cell.alias as usize] += 1.0 - own;
        }
        let n = f64::from(u32::try_from(weights.len()).unwrap());
        shares.into_iter().map(|share| share / n).collect()
    }

    #[test]
    fn every_index_has_its_weights_share() {
        for weights in [&[1][..], &[5, 5], &[1, 2, 3, 4], &[0, 1_000_000, 1, 0, 7], &[1; 9]] {
            let total = f64::from(u32::try_from(weights.iter().sum::<u64>()).unwrap());
            for (share, &weight) in shares(weights).iter().zip(weights) {
                let expected = f64::from(u32::try_from(weight).unwrap()) / total;
                assert!((share - expected).abs() < 1e-8, "{weights:?}: {share} for {expected}");
            }
        }
    }

    #[test]
    fn a_draw_falls_on_its_column_or_the_alias() {
        let cells = table(&[1, 3]);
        // The first column is half its own; the second is whole.
        assert_eq!(pick(&cells, 0), 0);
        assert_eq!(pick(&cells, 0x7fff_ffff), 0);
        assert_eq!(pick(&cells, 0x8000_0000), 1);
        assert_eq!(pick(&cells, 0x8000_0000_0000_0000), 1);
        assert_eq!(pick(&cells, 0xffff_ffff_0000_0000), 1);
    }
}
