//! What lists take, and the fewest bits that they could.

use alloc::collections::BTreeMap;

use edgewise_core::ItemIdx;

use super::Lists;
use super::read::Reader;

/// What the lists of one relation take, and the fewest bits that they could.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ListSizes {
    /// Neighbours of all items.
    pub n_neighbours: u64,
    /// Bytes of the section, everything included.
    pub n_bytes: u64,
    /// Bits of an ideal coder that knows the order of items and the laws of this section: for each neighbour the
    /// entropy of its distance's exponent given the one before, the exponent's bits, and the entropy of its weight given
    /// the one before; for each list the entropies of its length and scale, and `log2(n + 1)` for how many of its `n`
    /// rows lie before its own item's. Without tables, without a way to find a list, and without rounding to whole bits.
    pub bound_bits: f64,
    /// Of those, the bits of the rows.
    pub row_bits: f64,
    /// Bits of the rows if they were spread evenly: the sum over all lists of the logarithm of the number of ways to
    /// choose `n` of the other items. What an order of items that knows nothing comes to.
    pub row_bits_of_any_order: f64,
}

/// Counts of symbols, each behind another.
#[derive(Default)]
struct Counted(BTreeMap<(u32, u32), u64>);

impl Counted {
    fn add(&mut self, before: u32, symbol: u32) {
        *self.0.entry((before, symbol)).or_insert(0) += 1;
    }

    /// The sum of all symbols' information, in bits, given what stands before each.
    fn bits(&self) -> f64 {
        let mut totals: BTreeMap<u32, u64> = BTreeMap::new();
        for (&(before, _), &n) in &self.0 {
            *totals.entry(before).or_insert(0) += n;
        }
        let total = |before: u32| totals.get(&before).map_or(1.0, |&n| real(n));
        let bits =
            |(&(before, _), &n): (&(u32, u32), &u64)| real(n) * libm::log2(total(before) / real(n));
        self.0.iter().map(bits).sum()
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts below 2^52")]
fn real(n: u64) -> f64 {
    n as f64
}

impl Lists<'_> {
    /// What the section takes, and the fewest bits that it could. Reads every list.
    pub(crate) fn sizes(&self, n_bytes: u64) -> ListSizes {
        let n_items = self.table.n_entries();
        let (mut exponents, mut codes, mut lengths, mut scales) = Default::default();
        let mut sizes = ListSizes {
            n_neighbours: 0,
            n_bytes,
            bound_bits: 0.0,
            row_bits: 0.0,
            row_bits_of_any_order: 0.0,
        };
        for row in 0..n_items {
            let reader =
                Reader::new(self, ItemIdx(row), self.table.get(row as usize).unwrap_or(&[]));
            let (n, scale) = (reader.n_left(), reader.scale());
            Counted::add(&mut lengths, 0, n);
            if n == 0 {
                continue;
            }
            Counted::add(&mut scales, 0, scale);
            sizes.n_neighbours += u64::from(n);
            sizes.row_bits += libm::log2(f64::from(n) + 1.0);
            sizes.row_bits += self.walk(ItemIdx(row), scale, &mut exponents, &mut codes);
            for taken in 0..n.min(n_items) {
                let ways = f64::from(n_items - 1 - taken.min(n_items - 1)).max(1.0);
                sizes.row_bits_of_any_order += libm::log2(ways / f64::from(n - taken)).max(0.0);
            }
        }
        sizes.row_bits += exponents.bits();
        sizes.bound_bits = sizes.row_bits + codes.bits() + lengths.bits() + scales.bits();
        sizes
    }

    /// Counts a list's symbols; the sum of its exponents.
    fn walk(&self, of: ItemIdx, scale: u32, exponents: &mut Counted, codes: &mut Counted) -> f64 {
        let mut n_bits = 0;
        let (mut code_before, mut exponent_before) = (0, 0);
        let (own, mut last) = (of.0, of.0);
        for weighted in self.list(of) {
            let row = weighted.item.0;
            if row > own && last < own {
                (last, exponent_before) = (own, 0);
            }
            let exponent = row.abs_diff(last).max(1).ilog2();
            exponents.add(exponent_before, exponent);
            // A code's number, by its weight: codes of equal weight never both occur.
            let code = self.book.partition_point(|&code| u32::from(code) * scale < weighted.weight);
            let code = u32::try_from(code).unwrap_or(0);
            codes.add(code_before, code);
            (last, exponent_before, code_before) = (row, exponent, code);
            n_bits += exponent;
        }
        f64::from(n_bits)
    }
}
