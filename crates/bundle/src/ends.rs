//! Where the entries of a table end, in about `2 + log2(mean length)` bits each, found by number in constant time.
//!
//! Elias-Fano code (Vigna, "Quasi-succinct indices", WSDM 2013, section 3): the lowest bits of each end, packed, then
//! what is above them in unary, as one bit set per end behind as many zeros as it rose. The position of every
//! [`SAMPLE`]th of those ones is kept, so that looking one up scans a few words from there.

#[cfg(feature = "write")]
use alloc::vec::Vec;
use core::ops::Range;

#[cfg(feature = "write")]
use crate::bits::BitWriter;
use crate::bits::window;
use crate::cursor::Cursor;
use crate::error::FormatError;

/// Ends from one kept position to the next.
const SAMPLE: u32 = 32;

/// Ascending offsets, of which the last is the length of a table's body.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ends<'a> {
    /// Offset of `bytes` in the bundle.
    at: usize,
    n: u32,
    body_len: u32,
    /// Positions among the upper parts of the ones of ends `SAMPLE`, `2 * SAMPLE` and so on, four bytes each; the lowest
    /// bits; the upper parts. One slice, because a table is moved often and looked into rarely.
    bytes: &'a [u8],
}

/// `Ends::bytes` taken apart.
#[derive(Clone, Copy)]
struct Parts<'a> {
    samples: &'a [u8],
    low_bits: u32,
    lows: &'a [u8],
    highs: &'a [u8],
}

impl<'a> Ends<'a> {
    /// Takes `n` ends, the last of which is `body_len`.
    pub(crate) fn take(
        cursor: &mut Cursor<'a>,
        field: &'static str,
        n: u32,
        body_len: u32,
    ) -> Result<Ends<'a>, FormatError> {
        let at = cursor.offset();
        let low_bits = low_bits(n, body_len);
        let (_, highs_at) = offsets(n, low_bits);
        let n_highs = if n == 0 { 0 } else { u64::from(n) + u64::from(body_len >> low_bits) };
        let n_bytes = highs_at + n_highs.div_ceil(8);
        let bytes = cursor.bytes(field, usize::try_from(n_bytes).unwrap_or(usize::MAX))?;
        Ok(Ends { at, n, body_len, bytes })
    }

    pub(crate) fn n(&self) -> u32 {
        self.n
    }

    /// Offset in the bundle.
    pub(crate) fn offset(&self) -> usize {
        self.at
    }

    /// Offset in the bundle of what follows them.
    pub(crate) fn offset_behind(&self) -> usize {
        self.at + self.bytes.len()
    }

    fn parts(&self) -> Parts<'a> {
        let low_bits = low_bits(self.n, self.body_len);
        let (lows_at, highs_at) = offsets(self.n, low_bits);
        let from =
            |at: u64| usize::try_from(at).ok().and_then(|at| self.bytes.get(at..)).unwrap_or(&[]);
        Parts { samples: self.bytes, low_bits, lows: from(lows_at), highs: from(highs_at) }
    }

    /// Where entry `index` is in the body. `None` past the last one; nonsense where the bytes are damaged.
    pub(crate) fn range(&self, index: usize) -> Option<Range<usize>> {
        let index = u32::try_from(index).ok().filter(|&index| index < self.n)?;
        let parts = self.parts();
        let (mut start, mut next) = (0, 0);
        if let Some(before) = index.checked_sub(1) {
            let one = parts.one_of(before)?;
            (start, next) = (parts.end(before, one), one.checked_add(1)?);
        }
        let end = parts.end(index, parts.one(next, 0)?);
        Some(start as usize..end as usize)
    }

    /// Where entry `index` ends.
    pub(crate) fn end_of(&self, index: u32) -> Option<u32> {
        let parts = self.parts();
        (index < self.n).then(|| Some(parts.end(index, parts.one_of(index)?))).flatten()
    }

    /// Looks at every end: they ascend, the last one is the body's length, and they are in the one form they have.
    pub(crate) fn check(&self, field: &'static str) -> Result<(), FormatError> {
        let at = self.at;
        let parts = self.parts();
        let (mut last, mut next) = (0, 0);
        for index in 0..self.n {
            let mismatch = |found, expected| FormatError::Mismatch { field, at, found, expected };
            let one = parts.one(next, 0).ok_or(mismatch(index, self.n))?;
            if index >= SAMPLE && index % SAMPLE == 0 {
                let found = parts.sample(index / SAMPLE);
                if found != one {
                    return Err(mismatch(found, one));
                }
            }
            let end = parts.end(index, one);
            if end < last {
                return Err(FormatError::BadOrder { field, at });
            }
            (last, next) = (end, one + 1);
        }
        let n_lows = self.n as usize * parts.low_bits as usize;
        let padding =
            window(parts.lows, n_lows) & ((1 << (n_lows.next_multiple_of(8) - n_lows)) - 1);
        if last == self.body_len && padding == 0 && window(parts.highs, next as usize) == 0 {
            return Ok(());
        }
        Err(FormatError::Mismatch { field, at, found: last, expected: self.body_len })
    }
}

impl Parts<'_> {
    /// The position of the one of end `number * SAMPLE`; where to look for those before the first kept one.
    fn sample(&self, number: u32) -> u32 {
        let Some(before) = number.checked_sub(1) else { return 0 };
        let word = window(self.samples, before as usize * 32) & u64::from(u32::MAX);
        u32::try_from(word).unwrap_or(u32::MAX)
    }

    /// The position in `highs` of the one of an end.
    fn one_of(&self, index: u32) -> Option<u32> {
        self.one(self.sample(index / SAMPLE), index % SAMPLE)
    }

    /// The position in `highs` of the one that has `rank` others between it and `from`.
    fn one(&self, mut from: u32, mut rank: u32) -> Option<u32> {
        loop {
            let mut word = window(self.highs, from as usize);
            let n_ones = word.count_ones();
            if rank < n_ones {
                // Ones are few: taking them away is quicker than halving, and smaller.
                for _ in 0..rank {
                    word &= word - 1;
                }
                return Some(from + word.trailing_zeros());
            }
            rank -= n_ones;
            from = from.checked_add(64 - from % 8)?;
            self.highs.get(from as usize / 8)?;
        }
    }

    /// The end of a number whose one stands at `one`.
    fn end(&self, index: u32, one: u32) -> u32 {
        let low_at = index as usize * self.low_bits as usize;
        let low = window(self.lows, low_at) & ((1 << self.low_bits) - 1);
        let high = u64::from(one.saturating_sub(index)) << self.low_bits;
        u32::try_from(high | low).unwrap_or(u32::MAX)
    }
}

/// Where the lowest bits and the upper parts begin.
fn offsets(n: u32, low_bits: u32) -> (u64, u64) {
    let lows_at = u64::from(n.saturating_sub(1) / SAMPLE) * 4;
    (lows_at, lows_at + (u64::from(n) * u64::from(low_bits)).div_ceil(8))
}

/// Bits of an end that are packed. Its rest costs at most three, whatever the lengths (Vigna, section 3).
fn low_bits(n: u32, body_len: u32) -> u32 {
    body_len.checked_div(n).unwrap_or(0).checked_ilog2().unwrap_or(0)
}

/// Appends the ends of entries of these lengths.
#[cfg(feature = "write")]
pub(crate) fn put_ends(bytes: &mut Vec<u8>, lengths: impl Iterator<Item = u32> + Clone) {
    let (n, body_len) = lengths.clone().fold((0, 0), |(n, sum), length| (n + 1, sum + length));
    let low_bits = low_bits(n, body_len);
    let (mut lows, mut highs) = (BitWriter::default(), BitWriter::default());
    let (mut end, mut above, mut at) = (0, 0, 0);
    for (index, length) in (0u32..).zip(lengths) {
        end += length;
        lows.put(end, low_bits);
        let rise = (end >> low_bits) - above;
        (0..rise).for_each(|_| highs.put(0, 1));
        highs.put(1, 1);
        (above, at) = (end >> low_bits, at + rise + 1);
        if index >= SAMPLE && index % SAMPLE == 0 {
            bytes.extend((at - 1).to_le_bytes());
        }
    }
    bytes.extend(lows.finish());
    bytes.extend(highs.finish());
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "a test may panic")]
mod tests {
    use super::*;

    fn lengths(n: u32, most: u32) -> Vec<u32> {
        let mut state = 7u32;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % (most + 1)
        };
        (0..n).map(|index| if index % 97 == 5 { next() * 50 } else { next() }).collect()
    }

    /// What the code says, number by number.
    fn naive(lengths: &[u32]) -> Vec<Range<usize>> {
        let mut end = 0;
        let range = |length: &u32| {
            let start = end;
            end += *length as usize;
            start..end
        };
        lengths.iter().map(range).collect()
    }

    fn encoded(lengths: &[u32]) -> Vec<u8> {
        let mut bytes = Vec::new();
        put_ends(&mut bytes, lengths.iter().copied());
        bytes
    }

    fn view<'a>(bytes: &'a [u8], lengths: &[u32]) -> Ends<'a> {
        let n = u32::try_from(lengths.len()).unwrap();
        let mut cursor = Cursor::new(bytes, 0);
        let ends = Ends::take(&mut cursor, "ends", n, lengths.iter().sum()).unwrap();
        assert_eq!(cursor.len(), 0);
        ends
    }

    #[test]
    fn ends_come_back_by_number() {
        for n in [0, 1, 2, 31, 32, 33, 65, 1_000] {
            for most in [0, 1, 3, 40, 70_000] {
                let lengths = lengths(n, most);
                let bytes = encoded(&lengths);
                let ends = view(&bytes, &lengths);
                assert_eq!(ends.check("ends"), Ok(()), "{n} {most}");
                for (index, expected) in naive(&lengths).into_iter().enumerate() {
                    let end = ends.end_of(u32::try_from(index).unwrap());
                    assert_eq!(end.map(|end| end as usize), Some(expected.end));
                    assert_eq!(ends.range(index), Some(expected), "{n} {most} {index}");
                }
                assert_eq!(ends.range(lengths.len()), None);
            }
        }
    }

    #[test]
    fn an_end_takes_three_bits_above_the_logarithm_of_the_mean_length() {
        for most in [1, 3, 40, 1_000] {
            let lengths = lengths(10_000, most);
            let mean = f64::from(lengths.iter().sum::<u32>()) / 10_000.0;
            let n_bits = f64::from(u32::try_from(encoded(&lengths).len()).unwrap()) * 8.0;
            assert!(n_bits / 10_000.0 < 3.26 + mean.max(1.0).log2(), "{most} {n_bits}");
        }
    }

    #[test]
    fn rejects_ends_that_are_not_in_their_one_form() {
        let lengths = lengths(300, 9);
        let bytes = encoded(&lengths);
        for bit in 0..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            let ends = view(&damaged, &lengths);
            (0..301).for_each(|index| _ = ends.range(index));
            let same = (0..300).map(|index| ends.range(index));
            let is_same = same.eq(naive(&lengths).into_iter().map(Some));
            // Moving an end within its neighbours makes other ends, in their one form.
            assert!(ends.check("ends").is_err() || !is_same, "{bit}");
        }
        let (lengths, last) = ([1, 1, 1], encoded(&[1, 1, 1]).len() - 1);
        let mut padded = encoded(&lengths);
        padded[last] |= 0x80;
        assert!(matches!(view(&padded, &lengths).check("ends"), Err(FormatError::Mismatch { .. })));
    }

    #[test]
    fn storms_end() {
        for byte in [0, 1, 0x55, 0x80, 255] {
            let lengths = lengths(1_000, 9);
            let mut bytes = encoded(&lengths);
            bytes.fill(byte);
            let ends = view(&bytes, &lengths);
            (0..1_001).for_each(|index| _ = ends.range(index));
            assert!(ends.check("ends").is_err());
        }
    }
}
