//! The normal distribution.

use statrs::function::erf::{erfc, erfc_inv};
use std::f64::consts::SQRT_2;

/// The chance that a standard normal variable is above `z`.
pub(crate) fn above(z: f64) -> f64 {
    0.5 * erfc(z / SQRT_2)
}

/// What a standard normal variable is above with this chance: 1.96 for 0.025.
pub(crate) fn exceeded_with(chance: f64) -> f64 {
    SQRT_2 * erfc_inv(2.0 * chance)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_the_tables() {
        for (chance, z) in [(0.025, 1.959_964), (0.2, 0.841_621), (0.005, 2.575_829), (0.5, 0.0)] {
            assert!((exceeded_with(chance) - z).abs() < 1e-6, "{chance}");
            assert!((above(z) - chance).abs() < 1e-6, "{z}");
        }
    }
}
