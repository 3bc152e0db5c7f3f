//! Reading one list: rows and weights in blocks, without a check or a branch for each of them.

use edgewise_core::{ItemIdx, Weighted};

use super::code_book::CodeBook;
use super::prefix_code::{MAX_BITS, Symbol, TABLE_BYTES};
use super::streams::{Back, Front, N_READY};
use super::{DISTANCES, Lists, PER_CODE, WEIGHTS, scale};
use crate::limits::MAX_LIST_ENTRIES;
use crate::varint;

/// Neighbours that are read at a time, at most.
const BLOCK: u32 = 32;
/// Weights that fit into what one refill makes ready.
const WEIGHTS_PER_REFILL: u32 = N_READY / MAX_BITS;
/// Items up to which two rows fit into what one refill makes ready, a code and the bits of its exponent each.
const MAX_ITEMS_OF_PAIRS: u32 = 1 << (N_READY / 2 - MAX_BITS + 1);

/// Neighbours that were read.
pub(super) type Block = [Weighted; BLOCK as usize];

pub(super) const NOTHING: Block = [Weighted { item: ItemIdx(0), weight: 0 }; BLOCK as usize];

/// The entries of one list: down from the item's own row, then up from it. The default has none.
pub(crate) struct List<'a> {
    reader: Option<Reader<'a>>,
    /// What was read, of which `n_taken` are given out.
    block: Block,
    n_block: usize,
    n_taken: usize,
}

impl<'a> List<'a> {
    #[inline]
    pub(super) fn of(lists: &Lists<'a>, of: ItemIdx, entry: &'a [u8]) -> List<'a> {
        let reader = (!entry.is_empty()).then(|| Reader::new(lists, of, entry));
        List { reader, ..List::default() }
    }
}

impl Default for List<'_> {
    fn default() -> Self {
        List { reader: None, block: NOTHING, n_block: 0, n_taken: 0 }
    }
}

impl Iterator for List<'_> {
    type Item = Weighted;

    #[inline]
    fn next(&mut self) -> Option<Weighted> {
        if self.n_taken == self.n_block {
            self.n_block = self.reader.as_mut()?.read(&mut self.block);
            self.n_taken = 0;
        }
        let entry = self.block.get(..self.n_block)?.get(self.n_taken).copied();
        self.n_taken += 1;
        entry
    }

    #[inline]
    fn fold<B, F: FnMut(B, Weighted) -> B>(mut self, init: B, mut f: F) -> B {
        let mut result = init;
        loop {
            for entry in self.block.iter().take(self.n_block).skip(self.n_taken) {
                result = f(result, *entry);
            }
            self.n_taken = 0;
            self.n_block = self.reader.as_mut().map_or(0, |reader| reader.read(&mut self.block));
            if self.n_block == 0 {
                return result;
            }
        }
    }
}

/// What a list is read from, and how far it is read.
pub(super) struct Reader<'a> {
    book: CodeBook,
    distances: &'a [u8; DISTANCES],
    weights: &'a [u8; WEIGHTS],
    bytes: &'a [u8],
    scale: u32,
    /// Rows that are read after each refill of the front stream, less one: two rows, in the largest catalogues one.
    refill_mask: u32,
    front: Front,
    back: Back,
    own: u32,
    /// Rows before the item's own that are not read yet.
    n_before: u32,
    n_left: u32,
    /// What was read last.
    row: u32,
    exponent: Symbol,
    code: Symbol,
}

impl<'a> Reader<'a> {
    /// The list of an item from its bytes.
    pub(super) fn new(lists: &Lists<'a>, of: ItemIdx, bytes: &'a [u8]) -> Reader<'a> {
        let (&scale, mut rest) = bytes.split_first().unwrap_or((&0, &[]));
        let n_left = varint::take(&mut rest).unwrap_or(0);
        let mut front = Front::at_byte(bytes.len() - rest.len());
        front.refill(bytes);
        let width = 32 - n_left.leading_zeros();
        // Cannot fail: at most 32 bits are kept.
        let n_before = u32::try_from(front.word() & ((1 << width) - 1)).unwrap_or(0);
        front.skip(width);
        Reader {
            book: lists.book,
            distances: lists.distances,
            weights: lists.weights,
            bytes,
            scale: scale::value(scale),
            refill_mask: u32::from(lists.table.n_entries() <= MAX_ITEMS_OF_PAIRS),
            front,
            back: Back::at_byte(bytes.len()),
            own: of.0,
            n_before,
            // One more than a list may have, so that checking finds it.
            n_left: n_left.min(MAX_LIST_ENTRIES + 1),
            row: of.0,
            exponent: Symbol::default(),
            code: Symbol::default(),
        }
    }

    /// The unit of the weights.
    pub(super) fn scale(&self) -> u32 {
        self.scale
    }

    /// Entries that are not read yet.
    pub(super) fn n_left(&self) -> u32 {
        self.n_left
    }

    /// Rows before the item's own that are not read yet.
    pub(super) fn n_before(&self) -> u32 {
        self.n_before
    }

    /// Bits that neither stream has read; `None` when they have run into each other.
    pub(super) fn n_rest(&self) -> Option<usize> {
        self.back.position()?.checked_sub(self.front.position())
    }

    /// Whether what neither stream has read is padding: fewer than eight zeros.
    pub(super) fn is_at_end(&mut self) -> bool {
        self.front.refill(self.bytes);
        let n_rest = self.n_rest();
        n_rest.is_some_and(|n| n < 8 && self.front.word() & ((1 << n) - 1) == 0)
    }

    /// Reads some neighbours, and says how many. None: the end.
    ///
    /// Rows and weights are read in one loop: two loops over short blocks took 7.0 ns a neighbour in place of 6.1, because
    /// a processor does not look far enough ahead to run one beside the other.
    #[expect(
        clippy::indexing_slicing,
        clippy::cast_possible_truncation,
        reason = "tables of fixed size, indexed by as many bits as they have entries; an exponent has five bits"
    )]
    pub(super) fn read(&mut self, block: &mut Block) -> usize {
        let n = self.n_left.min(BLOCK);
        self.n_left -= n;
        let Some(block) = block.get_mut(..n as usize) else { return 0 };
        let mut n_before = self.n_before;
        let mut sign = if n_before > 0 { u32::MAX } else { 0 };
        let (distances, weights, bytes) = (self.distances, self.weights, self.bytes);
        let (mut front, mut row, mut exponent) = (self.front, self.row, self.exponent);
        let (mut back, mut code) = (self.back, self.code);
        for (at, entry) in (0u32..).zip(block) {
            if at.is_multiple_of(WEIGHTS_PER_REFILL) {
                back.refill(bytes);
            }
            if at & self.refill_mask == 0 {
                front.refill(bytes);
            }
            let next = front.word() as usize & (TABLE_BYTES - 1);
            exponent = Symbol::of(distances[exponent.table(PER_CODE, DISTANCES) | next]);
            let next = (back.word() >> (64 - MAX_BITS)) as usize;
            code = Symbol::of(weights[code.table(PER_CODE, WEIGHTS) | next]);

            let high = 1u64 << exponent.value();
            let low = (front.word() >> exponent.n_bits()) & (high - 1);
            front.skip(exponent.n_bits() + exponent.value());
            back.skip(code.n_bits());
            let distance = (high | low) as u32;
            // Two's complement: `(d ^ u32::MAX) - u32::MAX` is `-d`.
            row = row.wrapping_add((distance ^ sign).wrapping_sub(sign));
            entry.item = ItemIdx(row);
            n_before = n_before.wrapping_sub(1);
            if n_before == 0 {
                (row, exponent, sign) = (self.own, Symbol::default(), 0);
            }
            entry.weight = u32::from(self.book[code.value() as usize & 15]) * self.scale;
        }
        (self.front, self.row, self.exponent) = (front, row, exponent);
        (self.back, self.code) = (back, code);
        self.n_before = if sign == 0 { 0 } else { n_before };
        n as usize
    }
}
