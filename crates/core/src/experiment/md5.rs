//! MD5 (RFC 1321): the first 32 bits of the digest of a text.
//!
//! Chosen for assignment, not for safety. Every SQL dialect and every scripting language has it, so that a shop's analysts
//! can repeat an assignment where their data is; and of the hashes that Kohavi, Longbotham, Sommerfield and Henne tried
//! ("Controlled experiments on the web: survey and practical guide", Data Mining and Knowledge Discovery 18, 2009, section
//! 4.1.2) it alone showed no correlation between experiments. Anyone can search for a token that falls into a variant, as
//! with every published hash; nothing is to be gained by that.

/// RFC 1321, section 3.4: the integer part of 2^32 · |sin(step)|, step from 1 to 64, in radians.
const SINES: [u32; 64] = [
    0xd76a_a478,
    0xe8c7_b756,
    0x2420_70db,
    0xc1bd_ceee,
    0xf57c_0faf,
    0x4787_c62a,
    0xa830_4613,
    0xfd46_9501,
    0x6980_98d8,
    0x8b44_f7af,
    0xffff_5bb1,
    0x895c_d7be,
    0x6b90_1122,
    0xfd98_7193,
    0xa679_438e,
    0x49b4_0821,
    0xf61e_2562,
    0xc040_b340,
    0x265e_5a51,
    0xe9b6_c7aa,
    0xd62f_105d,
    0x0244_1453,
    0xd8a1_e681,
    0xe7d3_fbc8,
    0x21e1_cde6,
    0xc337_07d6,
    0xf4d5_0d87,
    0x455a_14ed,
    0xa9e3_e905,
    0xfcef_a3f8,
    0x676f_02d9,
    0x8d2a_4c8a,
    0xfffa_3942,
    0x8771_f681,
    0x6d9d_6122,
    0xfde5_380c,
    0xa4be_ea44,
    0x4bde_cfa9,
    0xf6bb_4b60,
    0xbebf_bc70,
    0x289b_7ec6,
    0xeaa1_27fa,
    0xd4ef_3085,
    0x0488_1d05,
    0xd9d4_d039,
    0xe6db_99e5,
    0x1fa2_7cf8,
    0xc4ac_5665,
    0xf429_2244,
    0x432a_ff97,
    0xab94_23a7,
    0xfc93_a039,
    0x655b_59c3,
    0x8f0c_cc92,
    0xffef_f47d,
    0x8584_5dd1,
    0x6fa8_7e4f,
    0xfe2c_e6e0,
    0xa301_4314,
    0x4e08_11a1,
    0xf753_7e82,
    0xbd3a_f235,
    0x2ad7_d2bb,
    0xeb86_d391,
];
/// RFC 1321, section 3.4: how far each step of a round turns, four steps in a cycle.
const TURNS: [[u32; 4]; 4] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
/// RFC 1321, section 3.3.
const START: [u32; 4] = [0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476];
const BLOCK_BYTES: usize = 64;
/// What the length takes at the end of the last block.
const LENGTH_BYTES: usize = 8;

/// The number that the first eight hexadecimal digits of the digest write, over the parts one behind the other.
pub(super) fn first_word(parts: [&[u8]; 3]) -> u32 {
    let len = parts.iter().map(|part| part.len()).sum::<usize>();
    let padded = (len + 1 + LENGTH_BYTES).next_multiple_of(BLOCK_BYTES) - LENGTH_BYTES;
    let length = (len as u64).wrapping_mul(8).to_le_bytes();
    let padding = core::iter::once(0x80).chain(core::iter::repeat_n(0, padded - len - 1));
    let mut bytes = parts.into_iter().flatten().copied().chain(padding).chain(length);
    let mut state = START;
    for _ in 0..(padded + LENGTH_BYTES) / BLOCK_BYTES {
        let mut block = [0_u32; 16];
        for word in &mut block {
            *word = u32::from_le_bytes(core::array::from_fn(|_| bytes.next().unwrap_or(0)));
        }
        add_block(&mut state, &block);
    }
    state[0].swap_bytes()
}

/// RFC 1321, section 3.4, step 4.
fn add_block(state: &mut [u32; 4], block: &[u32; 16]) {
    let [mut a, mut b, mut c, mut d] = *state;
    for (step, sine) in SINES.into_iter().enumerate() {
        let (round, in_round) = (step / 16, step % 16);
        let (mixed, word) = match round {
            0 => (b & c | !b & d, in_round),
            1 => (b & d | c & !d, 5 * in_round + 1),
            2 => (b ^ c ^ d, 3 * in_round + 5),
            _ => (c ^ (b | !d), 7 * in_round),
        };
        let sum = a.wrapping_add(mixed).wrapping_add(block[word % 16]).wrapping_add(sine);
        let turned = b.wrapping_add(sum.rotate_left(TURNS[round][step % 4]));
        (a, d, c, b) = (d, c, b, turned);
    }
    for (kept, added) in state.iter_mut().zip([a, b, c, d]) {
        *kept = kept.wrapping_add(added);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 1321, appendix A.5.
    #[test]
    fn digests_are_those_of_the_standard() {
        let check = |text: &str, expected: u32| {
            for cut in 0..=text.len() {
                let (first, rest) = text.as_bytes().split_at(cut);
                assert_eq!(first_word([first, &[], rest]), expected, "{text} cut at {cut}");
            }
        };
        check("", 0xd41d_8cd9);
        check("a", 0x0cc1_75b9);
        check("abc", 0x9001_5098);
        check("message digest", 0xf96b_697d);
        check("abcdefghijklmnopqrstuvwxyz", 0xc3fc_d3d7);
        check("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 0xd174_ab98);
        let digits =
            "12345678901234567890123456789012345678901234567890123456789012345678901234567890";
        check(digits, 0x57ed_f4a2);
    }

    /// Lengths around the end of a block; the values are those of another implementation.
    #[test]
    fn padding_is_right_around_the_end_of_a_block() {
        let zeros = [b'0'; 128];
        for (len, expected) in [
            (54, 0x978b_0444),
            (55, 0xd7fe_636b),
            (56, 0xce99_2c2a),
            (57, 0x1f3b_814e),
            (63, 0x5703_db92),
            (64, 0x10ea_b600),
            (65, 0xf8c7_02aa),
            (119, 0xac17_3ae9),
            (120, 0x470b_a2ba),
            (128, 0xaa70_aaf6),
        ] {
            assert_eq!(first_word([&zeros[..len], &[], &[]]), expected, "{len}");
        }
    }
}
