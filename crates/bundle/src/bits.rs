//! Numbers of a few bits behind one another, the lowest bit first, and the Golomb-Rice code of gaps.

#[cfg(feature = "write")]
use alloc::vec::Vec;

/// A position among the bits of some bytes. Behind the last byte there are zeros.
#[derive(Clone, Copy, Default)]
pub(crate) struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Bits<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Bits<'a> {
        Bits { bytes, at: 0 }
    }

    /// Whether more bits were taken than there are.
    pub(crate) fn is_past_end(&self) -> bool {
        self.at > self.bytes.len() * 8
    }

    /// Whether all that was not taken is padding: zeros, within the last byte.
    pub(crate) fn is_at_end(&self) -> bool {
        self.at.div_ceil(8) == self.bytes.len() && self.window() == 0
    }

    /// At least the next 57 bits.
    #[inline]
    fn window(&self) -> u64 {
        window(self.bytes, self.at)
    }

    /// At least the next 57 bits, which stay where they are.
    pub(crate) fn peek(&self) -> u64 {
        self.window()
    }

    /// Leaves out the next `n` bits.
    pub(crate) fn skip(&mut self, n: usize) {
        self.at += n;
    }

    /// The next `n` bits, at most 32.
    #[inline]
    pub(crate) fn take(&mut self, n: u32) -> u32 {
        let value = self.window() & ((1 << n) - 1);
        self.at += n as usize;
        // Cannot fail: at most 32 bits were kept.
        u32::try_from(value).unwrap_or(u32::MAX)
    }

    /// A number whose lowest `rice` bits are plain and whose rest is that many ones and a zero (Rice, "Some practical
    /// universal noiseless coding techniques", JPL 79-22, 1979). Saturates at what no row reaches.
    #[inline]
    pub(crate) fn take_rice(&mut self, rice: u32) -> u32 {
        let mut quotient = 0u32;
        loop {
            let ones = self.window().trailing_ones().min(56);
            self.at += ones as usize;
            quotient += ones;
            if ones < 56 {
                break;
            }
        }
        self.at += 1;
        let low = self.take(rice);
        quotient.checked_shl(rice).map_or(u32::MAX, |high| high | low)
    }
}

/// Bits that a window has at least.
pub(crate) const N_READY: u32 = 57;

/// The bits from number `at` to the end of the eighth byte, at least [`N_READY`]. Behind the last byte there are zeros.
#[inline]
pub(crate) fn window(bytes: &[u8], at: usize) -> u64 {
    let rest = bytes.get(at / 8..).unwrap_or(&[]);
    let word = rest.first_chunk::<8>().copied().unwrap_or_else(|| {
        let mut word = [0; 8];
        word.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
        word
    });
    u64::from_le_bytes(word) >> (at % 8)
}

/// The bits before the last `n`, the last of them highest, at least [`N_READY`]. Before the first byte there are zeros.
#[inline]
pub(crate) fn window_from_end(bytes: &[u8], n: usize) -> u64 {
    let rest = bytes.get(..bytes.len().saturating_sub(n / 8)).unwrap_or(&[]);
    let word = rest.last_chunk::<8>().copied().unwrap_or_else(|| {
        let mut word = [0; 8];
        word.iter_mut().rev().zip(rest.iter().rev()).for_each(|(to, from)| *to = *from);
        word
    });
    u64::from_le_bytes(word) << (n % 8)
}

/// Puts numbers behind one another.
#[cfg(feature = "write")]
#[derive(Default)]
pub(crate) struct BitWriter {
    bytes: Vec<u8>,
    n_bits: usize,
}

#[cfg(feature = "write")]
impl BitWriter {
    /// Appends the lowest `n` bits of a number.
    pub(crate) fn put(&mut self, value: u32, n: u32) {
        for bit in 0..n {
            if self.n_bits.is_multiple_of(8) {
                self.bytes.push(0);
            }
            if let Some(last) = self.bytes.last_mut() {
                *last |= u8::from(value >> bit & 1 == 1) << (self.n_bits % 8);
            }
            self.n_bits += 1;
        }
    }

    /// Appends what [`Bits::take_rice`] takes.
    pub(crate) fn put_rice(&mut self, value: u32, rice: u32) {
        for _ in 0..value >> rice {
            self.put(1, 1);
        }
        self.put(0, 1);
        self.put(value, rice);
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back_whatever_their_width() {
        let values = [0, 1, 5, 63, 64, 1_000, 70_000, 3, 0, 200];
        for rice in 0..20 {
            let mut writer = BitWriter::default();
            for value in values {
                writer.put_rice(value, rice);
                writer.put(value & 15, 4);
            }
            let bytes = writer.finish();
            let mut bits = Bits::new(&bytes);
            for value in values {
                assert_eq!((bits.take_rice(rice), bits.take(4)), (value, value & 15), "{rice}");
            }
            assert!(bits.is_at_end() && !bits.is_past_end());
        }
    }

    #[test]
    fn endless_ones_end_with_the_bytes() {
        let bytes = [255; 1_000];
        let mut bits = Bits::new(&bytes);
        assert_eq!(bits.take_rice(3), 8_000 << 3);
        assert!(bits.is_past_end() && !bits.is_at_end());
    }
}
