//! Prefix codes of at most seven bits, kept as the table that decodes them, so that nothing is prepared at opening.
//!
//! A table has 128 entries, one for each value of the next seven bits: the symbol in the lowest five bits and the length
//! of its code, 1 to 7, in the highest three. A stream from the front reads codes from their lowest bit, a stream from
//! the back from their highest.

#[cfg(feature = "write")]
use alloc::vec::Vec;

/// Longest code, in bits.
pub(crate) const MAX_BITS: u32 = 7;
/// Bytes of a table.
pub(crate) const TABLE_BYTES: usize = 1 << MAX_BITS;
/// Symbols are below this.
pub(crate) const N_SYMBOLS: usize = 32;

/// What the next bits mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Symbol(u8);

impl Symbol {
    #[inline]
    pub(crate) fn of(entry: u8) -> Symbol {
        Symbol(entry)
    }

    /// The symbol.
    #[inline]
    pub(crate) fn value(self) -> u32 {
        u32::from(self.0) & 31
    }

    /// Where the table begins that decodes what follows this symbol, when `per_code` symbols share one and all of them
    /// take `n_bytes`, both powers of two.
    #[inline]
    pub(crate) fn table(self, per_code: usize, n_bytes: usize) -> usize {
        let group = usize::from(self.0) & (N_SYMBOLS - per_code);
        (group * (TABLE_BYTES / per_code)) & (n_bytes - TABLE_BYTES)
    }

    /// Bits of its code.
    #[inline]
    pub(crate) fn n_bits(self) -> u32 {
        u32::from(self.0) >> 5
    }
}

/// Which bit of a code comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum First {
    /// The lowest, as in a stream from the front.
    Lowest,
    /// The highest, as in a stream from the back.
    Highest,
}

/// Where the first entry is that breaks a table: a code without length, or entries that begin with the same code and
/// differ. Every table without one decodes every stream in one way.
pub(crate) fn first_fault(table: &[u8], first: First) -> Option<usize> {
    table.iter().enumerate().position(|(at, &entry)| {
        let n_bits = Symbol::of(entry).n_bits();
        let canonical = match first {
            First::Lowest => at & ((1 << n_bits) - 1),
            First::Highest => at & !(127 >> n_bits),
        };
        n_bits == 0 || table.get(canonical) != Some(&entry)
    })
}

/// A code for symbols, to write with.
#[cfg(feature = "write")]
#[derive(Clone, Debug)]
pub(crate) struct PrefixCode {
    /// Of each symbol, its code from the highest bit on, and the code's length; 0 where it never occurs.
    codes: [(u32, u32); N_SYMBOLS],
}

/// How often each symbol occurs.
#[cfg(feature = "write")]
pub(crate) type Counts = [u64; N_SYMBOLS];

#[cfg(feature = "write")]
#[expect(clippy::indexing_slicing, reason = "symbols and codes index tables of their own size")]
impl PrefixCode {
    /// The shortest code for these counts, canonical: shorter codes first, then lower symbols.
    pub(crate) fn of(counts: &Counts) -> PrefixCode {
        let lengths = lengths(counts);
        let mut codes = [(0, 0); N_SYMBOLS];
        let mut next = 0;
        for n_bits in 1..=MAX_BITS {
            for symbol in (0..N_SYMBOLS).filter(|&symbol| lengths[symbol] == n_bits) {
                codes[symbol] = (next >> (MAX_BITS - n_bits), n_bits);
                next += 1 << (MAX_BITS - n_bits);
            }
        }
        PrefixCode { codes }
    }

    /// The code of a symbol that was counted, as a number whose first bit is where `first` says, and its length.
    pub(crate) fn code(&self, symbol: u32, first: First) -> (u32, u32) {
        let (code, n_bits) = self.codes[symbol as usize];
        match first {
            First::Highest => (code, n_bits),
            First::Lowest if n_bits == 0 => (0, 0),
            First::Lowest => (code.reverse_bits() >> (32 - n_bits), n_bits),
        }
    }

    /// The table that decodes it.
    pub(crate) fn table(&self, first: First) -> [u8; TABLE_BYTES] {
        let mut table = [0; TABLE_BYTES];
        for symbol in 0..32u8 {
            let (code, n_bits) = self.code(symbol.into(), first);
            if n_bits == 0 {
                continue;
            }
            for rest in 0..1 << (MAX_BITS - n_bits) {
                let at = match first {
                    First::Lowest => rest << n_bits | code,
                    First::Highest => code << (MAX_BITS - n_bits) | rest,
                };
                // Cannot fail: a length has three bits.
                table[at as usize] = symbol | u8::try_from(n_bits << 5).unwrap_or(0);
            }
        }
        table
    }
}

/// What package-merge puts together: its worth, and how often it holds each symbol.
#[cfg(feature = "write")]
type Coin = (u64, [u32; N_SYMBOLS]);

/// The length of each symbol's code in the shortest code of at most [`MAX_BITS`], by the package-merge algorithm
/// (Larmore and Hirschberg, "A fast algorithm for optimal length-limited Huffman codes", Journal of the ACM 37, 1990).
/// A symbol alone gets both codes of one bit, so that every table is full.
#[cfg(feature = "write")]
#[expect(clippy::indexing_slicing, reason = "symbols index arrays of their number")]
fn lengths(counts: &Counts) -> [u32; N_SYMBOLS] {
    let mut symbols: Vec<usize> = (0..N_SYMBOLS).filter(|&symbol| counts[symbol] > 0).collect();
    // A code needs two symbols: one that never occurs fills up.
    for fill in 0..N_SYMBOLS {
        if symbols.len() < 2 && !symbols.contains(&fill) {
            symbols.push(fill);
        }
    }
    symbols.sort_by_key(|&symbol| (counts[symbol], symbol));
    let coins: Vec<Coin> = symbols
        .iter()
        .map(|&symbol| {
            let mut held = [0; N_SYMBOLS];
            held[symbol] = 1;
            (counts[symbol], held)
        })
        .collect();
    let mut merged: Vec<Coin> = Vec::new();
    for _ in 0..MAX_BITS {
        let packages = merged.chunks_exact(2).map(|pair| {
            let mut held = pair[0].1;
            held.iter_mut().zip(pair[1].1).for_each(|(to, from)| *to += from);
            (pair[0].0 + pair[1].0, held)
        });
        let mut all: Vec<Coin> = coins.iter().copied().chain(packages).collect();
        all.sort_by_key(|coin| coin.0);
        merged = all;
    }
    let mut lengths = [0; N_SYMBOLS];
    for (_, held) in merged.iter().take(2 * (symbols.len() - 1)) {
        lengths.iter_mut().zip(held).for_each(|(to, from)| *to += from);
    }
    lengths
}

#[cfg(test)]
#[expect(
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "a test may panic, counts are small"
)]
mod tests {
    use super::*;

    /// Bits that symbols of these counts take.
    fn n_bits(code: &PrefixCode, counts: &Counts) -> f64 {
        counts.iter().zip(&code.codes).map(|(&n, &(_, bits))| n as f64 * f64::from(bits)).sum()
    }

    fn entropy(counts: &Counts) -> f64 {
        let total: u64 = counts.iter().sum();
        let bits =
            |&n: &u64| if n == 0 { 0.0 } else { n as f64 * (total as f64 / n as f64).log2() };
        counts.iter().map(bits).sum()
    }

    fn counts(of: impl Fn(u64) -> u64) -> Counts {
        core::array::from_fn(|symbol| of(symbol as u64))
    }

    #[test]
    fn codes_are_close_to_the_entropy_and_their_tables_decode_them() {
        let cases = [
            counts(|symbol| 1 << (symbol / 2)),
            counts(|symbol| 1_000_000 / (symbol + 1)),
            counts(|_| 7),
            counts(|symbol| u64::from(symbol == 5)),
            counts(|symbol| u64::from(symbol == 5 || symbol == 9)),
            counts(|_| 0),
        ];
        for counts in cases {
            let code = PrefixCode::of(&counts);
            let n: u64 = counts.iter().sum();
            assert!(n_bits(&code, &counts) <= entropy(&counts) + n as f64);
            for first in [First::Lowest, First::Highest] {
                let table = code.table(first);
                assert_eq!(first_fault(&table, first), None);
                for symbol in (0..32).filter(|&symbol| counts[symbol as usize] > 0) {
                    let (bits, n_bits) = code.code(symbol, first);
                    let at = match first {
                        First::Lowest => bits,
                        First::Highest => bits << (MAX_BITS - n_bits),
                    };
                    let found = Symbol::of(table[at as usize]);
                    assert_eq!((found.value(), found.n_bits()), (symbol, n_bits));
                }
            }
        }
    }

    #[test]
    fn an_optimal_code_is_found_where_lengths_are_no_limit() {
        // Halves, quarters, eighths: the entropy itself.
        let counts =
            counts(|symbol| if symbol < 6 { 32 >> symbol } else { u64::from(symbol == 6) });
        let of_code = n_bits(&PrefixCode::of(&counts), &counts);
        assert!((of_code - entropy(&counts)).abs() < 1e-9);
    }

    #[test]
    fn a_table_with_two_meanings_of_one_code_is_at_fault() {
        let code = PrefixCode::of(&counts(|symbol| u64::from(symbol < 4)));
        for first in [First::Lowest, First::Highest] {
            let mut table = code.table(first);
            table[77] ^= 1;
            assert!(first_fault(&table, first).is_some());
            table[77] = 3;
            assert_eq!(first_fault(&table, first), Some(77));
        }
    }
}
