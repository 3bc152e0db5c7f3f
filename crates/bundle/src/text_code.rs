//! Texts in few bits, read one at a time: a code of *symbols*, each a byte or a pair of symbols, learnt from a section.
//!
//! The pairs are those of byte pair encoding (Gage, "A new algorithm for data compression", C Users Journal 12:2, 1994;
//! as a grammar: Larsson and Moffat, "Off-line dictionary-based compression", Proceedings of the IEEE 88, 2000), the
//! symbols of a text have a canonical Huffman code (Schwartz and Kallick, Communications of the ACM 7, 1964).
//!
//! `n_symbols: u16, counts: [u16; 15]`, and bits: two numbers of `width` bits per symbol, the shortest codes first. A
//! byte is `MARK` and itself. A code of no symbols is its number only.

#[cfg(feature = "write")]
pub(crate) mod learn;

use alloc::vec::Vec;

use crate::bits::{Bits, window};
use crate::cursor::Cursor;
use crate::error::FormatError;

/// Bits of the longest code.
pub(crate) const MAX_CODE_BITS: usize = 15;
const COUNTS_BYTES: usize = 2 * MAX_CODE_BITS;
/// Most symbols whose meaning is pending while one is spelt: as many as the bytes of the longest.
pub(crate) const MAX_SYMBOL_BYTES: usize = 32;
/// Ends every text. No byte of UTF-8.
pub(crate) const END: u8 = 0xfe;
/// Between the texts of a card. No byte of UTF-8.
pub(crate) const SEPARATOR: u8 = 0xff;

/// The symbols of a section and their codes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TextCode<'a> {
    width: u32,
    /// `counts`, then the symbols.
    bytes: &'a [u8],
}

impl<'a> TextCode<'a> {
    pub(crate) fn take(
        cursor: &mut Cursor<'a>,
        field: &'static str,
    ) -> Result<TextCode<'a>, FormatError> {
        let n_symbols = u16::from_le_bytes(cursor.array(field)?);
        let width = width(n_symbols);
        let n_bits = usize::from(n_symbols) * 2 * width as usize;
        let n_bytes = if n_symbols == 0 { 0 } else { COUNTS_BYTES + n_bits.div_ceil(8) };
        Ok(TextCode { width, bytes: cursor.bytes(field, n_bytes)? })
    }

    /// Appends the next text of `bits`, of at most `limit` bytes with what stands there. `None`: it is damaged.
    pub(crate) fn append(
        &self,
        bits: &mut Bits<'_>,
        text: &mut Vec<u8>,
        limit: usize,
    ) -> Option<()> {
        // A symbol's left half is spelt at once; its right half waits here.
        let mut waiting = [0; MAX_SYMBOL_BYTES];
        loop {
            let mut n_waiting = 0;
            let mut symbol = self.symbol(bits)?;
            loop {
                let (left, right) = self.pair(symbol);
                if left != mark(self.width) {
                    *waiting.get_mut(n_waiting)? = right;
                    n_waiting += 1;
                    symbol = left;
                    continue;
                }
                let byte = right.to_le_bytes()[0];
                if byte == END {
                    return Some(());
                }
                if text.len() >= limit {
                    return None;
                }
                text.push(byte);
                let Some(last) = n_waiting.checked_sub(1) else { break };
                (symbol, n_waiting) = (*waiting.get(last)?, last);
            }
        }
    }

    /// The next symbol: codes of one length are consecutive numbers, as are their symbols.
    fn symbol(&self, bits: &mut Bits<'_>) -> Option<u32> {
        let counts = self.bytes.get(..COUNTS_BYTES)?.as_chunks().0;
        let mut rest = bits.peek();
        let (mut code, mut first, mut symbol) = (0u32, 0u32, 0u32);
        for (n_bits, count) in (1..).zip(counts) {
            let count = u32::from(u16::from_le_bytes(*count));
            code |= u32::from(rest & 1 == 1);
            rest >>= 1;
            let rank = code.wrapping_sub(first);
            if rank < count {
                bits.skip(n_bits);
                return (!bits.is_past_end()).then_some(symbol + rank);
            }
            symbol += count;
            first = (first + count) << 1;
            code <<= 1;
        }
        None
    }

    /// What a symbol stands for. Behind the last one there are zeros, the symbol of the shortest code.
    fn pair(&self, symbol: u32) -> (u32, u32) {
        let at = symbol as usize * 2 * self.width as usize;
        let both = window(self.bytes.get(COUNTS_BYTES..).unwrap_or(&[]), at);
        let half = |both: u64| u32::try_from(both & u64::from(mark(self.width))).unwrap_or(0);
        (half(both), half(both >> self.width))
    }
}

/// Bits of a number of a symbol or a byte, with room for the mark.
fn width(n_symbols: u16) -> u32 {
    (u16::BITS - n_symbols.leading_zeros()).max(u8::BITS)
}

/// In place of a left half: the right one is a byte.
fn mark(width: u32) -> u32 {
    (1 << width) - 1
}

#[cfg(test)]
mod tests;
