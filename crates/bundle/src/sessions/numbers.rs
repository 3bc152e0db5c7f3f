//! The bits of sessions and postings: numbers above zero, each as its exponent in a prefix code and its lower bits.
//!
//! A number `d` is the symbol `e = floor(log2(d))` and the lowest `e` bits of `d`, as the distances of
//! [`crate::lists`] are. What is told of a kind of number by the one before is in which table decodes it.

use core::ops::Range;

use crate::bits::window;
use crate::lists::prefix_code::{N_SYMBOLS, Symbol, TABLE_BYTES};

/// Exponents that share the code of what follows them.
pub(super) const PER_CODE: usize = 4;
/// Tables of a kind of number whose code depends on the exponent before.
pub(super) const N_FOLLOWING: usize = N_SYMBOLS / PER_CODE;
const FOLLOWING_BYTES: usize = N_FOLLOWING * TABLE_BYTES;

/// Where the table of a kind of number begins among [`CODES_BYTES`], or the first of its tables.
pub(super) const LENGTHS: usize = 0;
pub(super) const FIRSTS: usize = TABLE_BYTES;
pub(super) const BELOW: usize = 2 * TABLE_BYTES;
pub(super) const STEPS: usize = 3 * TABLE_BYTES;
pub(super) const GAPS: usize = STEPS + FOLLOWING_BYTES;
/// All decoding tables.
pub(super) const CODES_BYTES: usize = GAPS + FOLLOWING_BYTES;

/// A position among the bits of one string.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers<'a> {
    codes: &'a [u8; CODES_BYTES],
    bytes: &'a [u8],
    at: usize,
    end: usize,
}

impl<'a> Numbers<'a> {
    pub(super) fn new(
        codes: &'a [u8; CODES_BYTES],
        bytes: &'a [u8],
        range: Range<usize>,
    ) -> Numbers<'a> {
        Numbers { codes, bytes, at: range.start, end: range.end }
    }

    /// Bits that are left.
    pub(super) fn n_left(&self) -> usize {
        self.end.saturating_sub(self.at)
    }

    /// The byte of the next bit.
    pub(super) fn offset(&self) -> usize {
        self.at / 8
    }

    /// The next number, by the table that begins at `table`, and its symbol. `None` behind the last bit, or where the
    /// bytes are damaged.
    #[inline]
    pub(super) fn take(&mut self, table: usize) -> Option<(u32, Symbol)> {
        let word = window(self.bytes, self.at);
        let next = usize::from(word.to_le_bytes()[0]) % TABLE_BYTES;
        let symbol = Symbol::of(*self.codes.get(table + next)?);
        let (exponent, n_bits) = (symbol.value(), symbol.n_bits());
        // At most 7 and 31 bits, which a window has.
        self.at += (n_bits + exponent) as usize;
        let lowest = (word >> n_bits) & ((1 << exponent) - 1);
        let number = u32::try_from(1 << exponent | lowest).unwrap_or(u32::MAX);
        (n_bits > 0 && self.at <= self.end).then_some((number, symbol))
    }

    /// The next number of a kind whose code depends on the symbol before, of which `kind` is the first table.
    #[inline]
    pub(super) fn follow(&mut self, kind: usize, before: &mut Symbol) -> Option<u32> {
        let (number, symbol) = self.take(kind + before.table(PER_CODE, FOLLOWING_BYTES))?;
        *before = symbol;
        Some(number)
    }
}
