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

/// The byte whose scale is nearest to this share of the highest, which is above zero and at most one.
#[cfg(feature = "write")]
pub(super) fn nearest(share: f64) -> u8 {
    let distance = |byte: &u8| (f64::from(value(*byte)) - share * 65_535.0).abs();
    (1..=255).min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or(255)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scale_is_at_most_a_thirtysecond_of_an_octave_from_what_was_wanted() {
        for wanted in 1..=65_535 {
            let found = value(nearest(f64::from(wanted) / 65_535.0));
            let step = f64::from(wanted) * ((1.0f64 / 32.0).exp2() - 1.0);
            assert!((f64::from(found) - f64::from(wanted)).abs() <= step + 1.0, "{wanted} {found}");
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
