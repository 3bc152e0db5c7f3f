//! The unit of a list's weights, in one byte: sixteen steps an octave.

/// 65,535 divided by 2^(j/16) for the sixteen steps of the highest octave, rounded.
const OCTAVE: [u16; 16] = [
    65_535, 62_757, 60_096, 57_548, 55_108, 52_772, 50_534, 48_392, 46_340, 44_376, 42_494, 40_693,
    38_967, 37_315, 35_733, 34_218,
];

/// The scale of a byte: 65,535 for 255, a sixteenth of an octave less for each step below, at least 1; 0 for 0.
#[inline]
pub(super) fn value(byte: u8) -> u32 {
    let steps = u32::from(255 - byte);
    let highest = OCTAVE.get(steps as usize & 15).copied().unwrap_or(0);
    if byte == 0 { 0 } else { (u32::from(highest) >> (steps >> 4)).max(1) }
}

/// The byte of the smallest scale that is at least this, at most 65,535.
#[cfg(feature = "write")]
pub(super) fn at_least(scale: u32) -> u8 {
    (1..=255).find(|&byte| value(byte) >= scale).unwrap_or(255)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_is_at_most_a_sixteenth_of_an_octave_above_what_was_wanted() {
        for wanted in 1..=65_535 {
            let found = value(at_least(wanted));
            assert!(found >= wanted);
            let step = f64::from(wanted) * (1.0f64 / 16.0).exp2();
            assert!(f64::from(found) <= step + 2.0, "{wanted} {found}");
        }
    }

    #[test]
    fn the_octave_is_what_it_says() {
        for (step, &value) in (0u8..).zip(&OCTAVE) {
            let exact = 65_535.0 * (-f64::from(step) / 16.0).exp2();
            assert!((f64::from(value) - exact).abs() <= 1.0, "{step} {value} {exact}");
        }
        assert!((0..255).all(|byte| value(byte) <= value(byte + 1)));
        assert_eq!((value(255), value(1), value(0)), (65_535, 1, 0));
    }
}
