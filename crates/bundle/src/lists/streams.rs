//! Two streams of bits that share the bytes of a list: one from its front, one from its back.
//!
//! What the front says (rows) and what the back says (weights) do not wait for each other, so a processor reads both at
//! once.

#[cfg(feature = "write")]
use alloc::vec::Vec;

/// Bits that a stream holds at least after [`Front::refill`] or [`Back::refill`].
pub(super) const N_READY: u32 = 56;

/// The stream from the front: the lowest bit of each byte comes first.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Front {
    /// The next bits, the first of them lowest.
    word: u64,
    /// How many of them are read from the bytes; more may stand above them, and are the right ones.
    n_bits: u32,
    /// The first byte that is not read.
    at: usize,
}

impl Front {
    /// The stream that begins at a byte.
    pub(crate) fn at_byte(at: usize) -> Front {
        Front { word: 0, n_bits: 0, at }
    }

    /// Bits before the next one.
    pub(crate) fn position(self) -> usize {
        self.at * 8 - self.n_bits as usize
    }

    /// Reads whole bytes; zeros behind the last one. Without a branch that depends on what was read (Giesen, "Reading
    /// bits in far too many ways, part 2", 2018, variant 4): a mispredicted one costs as much as three neighbours.
    #[inline]
    pub(crate) fn refill(&mut self, bytes: &[u8]) {
        let next = match bytes.get(self.at..).and_then(<[u8]>::first_chunk::<8>) {
            Some(word) => u64::from_le_bytes(*word),
            None => last_word(bytes, self.at),
        };
        self.word |= next << self.n_bits;
        self.at += (63 - self.n_bits as usize) >> 3;
        self.n_bits |= N_READY;
    }

    /// The next bits, the first of them lowest: as many as are ready, and some more.
    #[inline]
    pub(crate) fn word(self) -> u64 {
        self.word
    }

    /// Goes on by as many bits as are ready at most.
    #[inline]
    pub(crate) fn skip(&mut self, n_bits: u32) {
        self.word >>= n_bits;
        self.n_bits = self.n_bits.wrapping_sub(n_bits) & 63;
    }
}

/// The stream from the back: the highest bit of each byte comes first.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Back {
    /// The next bits, the first of them highest.
    word: u64,
    /// How many of them are read from the bytes; more may stand below them, and are the right ones.
    n_bits: u32,
    /// The byte behind the first one that is not read.
    at: usize,
    /// Bytes before the first one that were asked for, as zeros.
    n_missing: usize,
}

impl Back {
    /// The stream that begins behind the byte before this one.
    pub(super) fn at_byte(at: usize) -> Back {
        Back { word: 0, n_bits: 0, at, n_missing: 0 }
    }

    /// Bits that are left; `None` when more were taken than there are.
    pub(super) fn position(self) -> Option<usize> {
        (self.at * 8 + self.n_bits as usize).checked_sub(self.n_missing * 8)
    }

    /// Reads whole bytes; zeros before the first one.
    #[inline]
    pub(super) fn refill(&mut self, bytes: &[u8]) {
        let next = match bytes.get(..self.at).and_then(<[u8]>::last_chunk::<8>) {
            Some(word) => u64::from_le_bytes(*word),
            None => first_word(bytes, self.at),
        };
        self.word |= next >> self.n_bits;
        let n_bytes = (63 - self.n_bits as usize) >> 3;
        self.n_missing += n_bytes.saturating_sub(self.at);
        self.at = self.at.saturating_sub(n_bytes);
        self.n_bits |= N_READY;
    }

    /// The next bits, the first of them highest: as many as are ready, and some more.
    #[inline]
    pub(super) fn word(self) -> u64 {
        self.word
    }

    /// Goes on by as many bits as are ready at most.
    #[inline]
    pub(super) fn skip(&mut self, n_bits: u32) {
        self.word <<= n_bits;
        self.n_bits = self.n_bits.wrapping_sub(n_bits) & 63;
    }
}

/// The word from byte `from` on, where fewer than eight are left.
#[cold]
fn last_word(bytes: &[u8], from: usize) -> u64 {
    let mut word = [0; 8];
    let rest = bytes.get(from..).unwrap_or(&[]);
    word.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    u64::from_le_bytes(word)
}

/// The word before byte `to`, where fewer than eight are.
#[cold]
fn first_word(bytes: &[u8], to: usize) -> u64 {
    let mut word = [0; 8];
    let rest = bytes.get(..to).unwrap_or(&[]);
    word.iter_mut().rev().zip(rest.iter().rev()).for_each(|(to, from)| *to = *from);
    u64::from_le_bytes(word)
}

/// Puts numbers into both streams.
#[cfg(feature = "write")]
#[derive(Default)]
pub(super) struct StreamWriter {
    bytes: Vec<u8>,
    /// Bits that are no whole byte yet, and how many.
    pending: u64,
    n_pending: u32,
    /// Numbers of the back stream with their widths, the first one first.
    back: Vec<(u32, u32)>,
    n_back: usize,
}

#[cfg(feature = "write")]
impl StreamWriter {
    /// Appends the lowest bits of a number, at most 32, to the front stream, the lowest first.
    pub(super) fn put_front(&mut self, value: u32, n_bits: u32) {
        self.pending |= u64::from(value) << self.n_pending;
        self.n_pending += n_bits;
        while self.n_pending >= 8 {
            self.bytes.push(self.pending.to_le_bytes()[0]);
            self.pending >>= 8;
            self.n_pending -= 8;
        }
    }

    /// Appends the lowest bits of a number to the back stream, the highest of them first.
    pub(super) fn put_back(&mut self, value: u32, n_bits: u32) {
        self.back.push((value, n_bits));
        self.n_back += n_bits as usize;
    }

    /// The bytes: the front stream, fewer than eight zeros, and the back stream from its end.
    pub(super) fn finish(mut self) -> Vec<u8> {
        let n_odd = (self.n_pending as usize + self.n_back) % 8;
        let n_zeros = if n_odd == 0 { 0 } else { 8 - n_odd };
        // Cannot fail: fewer than eight.
        self.put_front(0, u32::try_from(n_zeros).unwrap_or(0));
        for (value, n_bits) in core::mem::take(&mut self.back).into_iter().rev() {
            self.put_front(value, n_bits);
        }
        self.bytes
    }
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "a test may panic")]
mod tests {
    use super::*;

    #[test]
    fn both_streams_come_back_whatever_their_lengths() {
        let values = [(5u32, 3u32), (0, 1), (1_000, 10), (70_000, 17), (1, 1), (0, 0), (99, 7)];
        for n_front in 0..=values.len() {
            for n_back in 0..=values.len() {
                let mut writer = StreamWriter::default();
                values[..n_front].iter().for_each(|&(value, n)| writer.put_front(value, n));
                values[..n_back].iter().for_each(|&(value, n)| writer.put_back(value, n));
                let bytes = writer.finish();
                let (mut front, mut back) = (Front::at_byte(0), Back::at_byte(bytes.len()));
                for &(value, n) in &values[..n_front] {
                    front.refill(&bytes);
                    assert_eq!(front.word() & ((1 << n) - 1), u64::from(value));
                    front.skip(n);
                }
                for &(value, n) in &values[..n_back] {
                    back.refill(&bytes);
                    let found = back.word().checked_shr(64 - n).unwrap_or(0);
                    assert_eq!(found, u64::from(value));
                    back.skip(n);
                }
                assert!(back.position().unwrap() - front.position() < 8);
            }
        }
    }

    #[test]
    fn what_is_past_either_end_is_zero() {
        for at in [1, 9] {
            let mut front = Front::at_byte(at);
            front.refill(&[255]);
            assert_eq!((front.word(), front.position()), (0, at * 8));
        }
        let mut back = Back::at_byte(1);
        back.refill(&[255]);
        assert_eq!((back.word(), back.position()), (255 << 56, Some(8)));
        back.skip(9);
        back.refill(&[255]);
        assert_eq!((back.word(), back.position()), (0, None));
    }
}
