//! Random numbers that are the same everywhere: `SplitMix64` (Steele, Lea & Flood, "Fast splittable pseudorandom number
//! generators", OOPSLA 2014, fig. 17).

/// A stream of random numbers.
pub(crate) struct Random {
    state: u64,
}

impl Random {
    /// The stream with this number of this seed.
    pub(crate) fn new(seed: u64, stream: u64) -> Random {
        let mut random = Random { state: seed };
        let start = random.next() ^ stream.wrapping_mul(0xd134_2543_de82_ef95);
        Random { state: start }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `limit`; 0 when that is 0. The bias of the multiplication is below `limit / 2^64`.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let wide = u128::from(self.next()) * (limit as u128);
        // Cannot fail: the upper half of the multiplication is below `limit`.
        usize::try_from(wide >> 64).unwrap_or(0)
    }

    /// Puts `n` of the values in front, every choice of them equally likely (Fisher & Yates; Knuth, TAOCP 2, 3.4.2 P).
    pub(crate) fn choose<T>(&mut self, values: &mut [T], n: usize) {
        for at in 0..n.min(values.len()) {
            let other = at + self.below(values.len() - at);
            values.swap(at, other);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stream_is_the_published_one() {
        let mut random = Random { state: 1_234_567 };
        let expected = [6_457_827_717_110_365_317, 3_203_168_211_198_807_973];
        assert_eq!([random.next(), random.next()], expected);
    }

    #[test]
    fn every_number_below_the_limit_comes_about_as_often() {
        let mut random = Random::new(1, 2);
        let mut counts = [0; 5];
        (0..5_000).for_each(|_| counts[random.below(5)] += 1);
        assert!(counts.iter().all(|count| (900..1_100).contains(count)), "{counts:?}");
        assert_eq!(random.below(0), 0);
    }
}
