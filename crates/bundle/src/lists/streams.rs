//! Two streams of bits that share the bytes of a list: one from its front, one from its back.
//!
//! What the front says (rows) and what the back says (weights) do not wait for each other, so a processor reads both at
//! once.

use alloc::vec::Vec;

/// Puts numbers into both streams.
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
    use crate::bits::{window, window_from_end};

    #[test]
    fn both_streams_come_back_whatever_their_lengths() {
        let values = [(5u32, 3u32), (0, 1), (1_000, 10), (70_000, 17), (1, 1), (0, 0), (99, 7)];
        for n_front in 0..=values.len() {
            for n_back in 0..=values.len() {
                let mut writer = StreamWriter::default();
                values[..n_front].iter().for_each(|&(value, n)| writer.put_front(value, n));
                values[..n_back].iter().for_each(|&(value, n)| writer.put_back(value, n));
                let bytes = writer.finish();
                let mut n_front_read = 0;
                for &(value, n) in &values[..n_front] {
                    assert_eq!(window(&bytes, n_front_read) & ((1 << n) - 1), u64::from(value));
                    n_front_read += n as usize;
                }
                let mut n_back_read = 0;
                for &(value, n) in &values[..n_back] {
                    let word = window_from_end(&bytes, n_back_read);
                    assert_eq!(word.checked_shr(64 - n).unwrap_or(0), u64::from(value));
                    n_back_read += n as usize;
                }
                assert!(bytes.len() * 8 - n_front_read - n_back_read < 8);
            }
        }
    }
}
