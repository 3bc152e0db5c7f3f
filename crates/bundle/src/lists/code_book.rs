//! The sixteen weights that a section's lists choose from.
//!
//! Four bits a weight lose no measurable recall when the sixteen values are where the weights are: the book is the
//! optimal one for the section, by exact dynamic programming over a histogram of 255 values (Wu, "Optimal quantization
//! by matrix searching", Journal of Algorithms 12, 1991, states the recurrence).

/// Weights of a book.
pub(crate) const N_CODES: usize = 16;

/// A book: ascending weights from 1 to 255, the last one 255, of which a list's largest weight is the unit.
pub(crate) type CodeBook = [u8; N_CODES];

/// Whether the bytes are a book.
pub(crate) fn is_code_book(codes: &CodeBook) -> bool {
    codes.is_sorted() && codes.first().is_some_and(|&first| first > 0) && codes.last() == Some(&255)
}

#[cfg(feature = "write")]
pub(crate) use write::{learn, nearest};

#[cfg(feature = "write")]
mod write {
    use alloc::vec;
    use alloc::vec::Vec;

    use super::{CodeBook, N_CODES};

    /// Weights before they are coded, with how often each occurs; entry 0 is unused.
    pub(crate) type Histogram = [u64; 256];

    /// Sums over the values below each value: how many, their sum, the sum of their squares.
    struct Sums(Vec<[i128; 3]>);

    impl Sums {
        fn of(histogram: &Histogram) -> Sums {
            let mut sums = vec![[0; 3]];
            let mut total = [0i128; 3];
            for (value, &count) in (0i128..).zip(histogram) {
                let count = i128::from(count);
                total =
                    [total[0] + count, total[1] + count * value, total[2] + count * value * value];
                sums.push(total);
            }
            Sums(sums)
        }

        /// The best level for the values `from..to`, and what it costs in squared error.
        fn level(&self, from: usize, to: usize) -> (u8, i128) {
            let of = |at: usize| self.0.get(at).copied().unwrap_or_default();
            let (low, high) = (of(from), of(to));
            let [n, sum, squares] = [high[0] - low[0], high[1] - low[1], high[2] - low[2]];
            if n == 0 {
                return (u8::try_from(to - 1).unwrap_or(u8::MAX), 0);
            }
            let level = (sum + n / 2) / n;
            (u8::try_from(level).unwrap_or(u8::MAX), squares - 2 * level * sum + level * level * n)
        }
    }

    /// The book with the least squared error for the weights of a histogram.
    #[expect(
        clippy::indexing_slicing,
        reason = "tables of fixed size, indexed by their own ranges"
    )]
    pub(crate) fn learn(histogram: &Histogram) -> CodeBook {
        let sums = Sums::of(histogram);
        // The last code is 255 for the value 255 alone; the others share the values 1 to 254.
        let mut best = vec![[i128::MAX; 255]; N_CODES];
        let mut cut = vec![[1usize; 255]; N_CODES];
        for (to, cost) in best[1].iter_mut().enumerate().skip(1) {
            *cost = sums.level(1, to + 1).1;
        }
        for n_codes in 2..N_CODES {
            for to in 1..255 {
                for from in 1..=to {
                    let before = if from == 1 { 0 } else { best[n_codes - 1][from - 1] };
                    let cost = before.saturating_add(sums.level(from, to + 1).1);
                    if cost < best[n_codes][to] {
                        best[n_codes][to] = cost;
                        cut[n_codes][to] = from;
                    }
                }
            }
        }
        let mut book = [255; N_CODES];
        let mut to = 254;
        for n_codes in (1..N_CODES).rev() {
            let from = cut[n_codes][to];
            book[n_codes - 1] = if to == 0 { 1 } else { sums.level(from, to + 1).0.max(1) };
            to = from - 1;
        }
        book
    }

    /// The code whose weight is nearest; the lower one of two.
    pub(crate) fn nearest(codes: &CodeBook, weight: u32) -> u32 {
        let distance = |code: &u8| u32::from(*code).abs_diff(weight);
        let best = (0u32..).zip(codes).min_by_key(|(_, code)| distance(code));
        best.map_or(0, |(at, _)| at)
    }
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "a test may panic")]
mod tests {
    use super::*;

    fn error(book: &CodeBook, histogram: &[u64; 256]) -> u64 {
        let squared = |value: u32| {
            let code = nearest(book, value) as usize;
            u64::from(u32::from(book[code]).abs_diff(value)).pow(2)
        };
        (0..).zip(histogram).map(|(value, count)| squared(value) * count).sum()
    }

    #[test]
    fn few_values_are_kept_exactly() {
        let mut histogram = [0; 256];
        for value in [1, 7, 8, 100, 255] {
            histogram[value] = 3;
        }
        let book = learn(&histogram);
        assert!(is_code_book(&book), "{book:?}");
        assert_eq!(error(&book, &histogram), 0, "{book:?}");
    }

    #[test]
    fn the_book_beats_even_steps() {
        let mut histogram = [0u64; 256];
        for (value, count) in (0u64..).zip(&mut histogram).skip(1) {
            *count = 100_000 / (value * value) + 1;
        }
        let book = learn(&histogram);
        let mut even = [0; N_CODES];
        for (step, code) in (1u32..).zip(&mut even) {
            *code = u8::try_from(step * 255 / 16).unwrap();
        }
        assert!(is_code_book(&book), "{book:?}");
        assert!(error(&book, &histogram) * 3 < error(&even, &histogram), "{book:?}");
    }

    #[test]
    fn an_empty_section_has_a_book() {
        assert!(is_code_book(&learn(&[0; 256])));
    }
}
