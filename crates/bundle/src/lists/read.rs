//! Reading one list: rows and weights in blocks, without a check or a branch for each of them.

use edgewise_core::{ItemIdx, Weighted};

use super::code_book::{CodeBook, N_CODES};
use super::prefix_code::{MAX_BITS, Symbol, TABLE_BYTES};
use super::{DISTANCES, Lists, PER_CODE, WEIGHTS, scale};
use crate::bits::{N_READY, window, window_from_end};
use crate::limits::MAX_LIST_ENTRIES;
use crate::varint;

/// Neighbours that are read at a time, at most: a list of usual length at once.
pub(super) const BLOCK: usize = 64;
/// Weights that one look at the back stream has whole.
const WEIGHTS_AT_ONCE: usize = (N_READY / MAX_BITS) as usize;
/// Items up to which one look at the front stream has two rows whole, a code and the bits of its exponent each.
const MAX_ITEMS_OF_PAIRS: u32 = 1 << (N_READY / 2 - MAX_BITS + 1);

/// What room for neighbours holds before they are read.
pub(super) const NOTHING: Weighted = Weighted { item: ItemIdx(0), weight: 0 };

/// The entries of one list: down from the item's own row, then up from it. The default has none.
#[derive(Default)]
pub(crate) struct List<'a> {
    reader: Option<Reader<'a>>,
}

impl<'a> List<'a> {
    #[inline]
    pub(super) fn of(lists: &Lists<'a>, of: ItemIdx, entry: &'a [u8]) -> List<'a> {
        List { reader: (!entry.is_empty()).then(|| Reader::new(lists, of, entry)) }
    }
}

impl Iterator for List<'_> {
    type Item = Weighted;

    fn next(&mut self) -> Option<Weighted> {
        let mut room = [NOTHING];
        let n = self.reader.as_mut()?.read(&mut room);
        (n > 0).then_some(room[0])
    }

    #[inline]
    fn fold<B, F: FnMut(B, Weighted) -> B>(self, init: B, mut f: F) -> B {
        let mut result = init;
        let Some(mut reader) = self.reader else { return result };
        let mut block = [NOTHING; BLOCK];
        loop {
            let n = reader.read(&mut block);
            for neighbour in block.iter().take(n) {
                result = f(result, *neighbour);
            }
            if n == 0 {
                return result;
            }
        }
    }
}

/// What a list is read from, and how far it is read.
pub(super) struct Reader<'a> {
    distances: &'a [u8; DISTANCES],
    weights: &'a [u8; WEIGHTS],
    bytes: &'a [u8],
    scale: u32,
    book: CodeBook,
    /// Whether a look at the front stream has two rows whole; in the largest catalogues it has one.
    has_pairs: bool,
    own: u32,
    n_left: u32,
    place: Place,
}

/// How far a list is read.
#[derive(Clone, Copy)]
struct Place {
    /// Bits of the front stream that are read.
    n_front: usize,
    /// Bits of the back stream that are read.
    n_back: usize,
    /// Rows before the item's own that are not read yet.
    n_before: u32,
    /// All ones on the way down, 0 on the way up.
    sign: u32,
    /// What was read last.
    row: u32,
    exponent: Symbol,
    code: Symbol,
}

/// The next bits of both streams.
struct Bits {
    front: u64,
    back: u64,
}

impl<'a> Reader<'a> {
    /// The list of an item from its bytes.
    pub(super) fn new(lists: &Lists<'a>, of: ItemIdx, bytes: &'a [u8]) -> Reader<'a> {
        let (&scale, mut rest) = bytes.split_first().unwrap_or((&0, &[]));
        let n_left = varint::take(&mut rest).unwrap_or(0);
        let scale = scale::value(scale);
        let front = (bytes.len() - rest.len()) * 8;
        let width = 32 - n_left.leading_zeros();
        // Cannot fail: at most 32 bits are kept.
        let n_before = u32::try_from(window(bytes, front) & ((1 << width) - 1)).unwrap_or(0);
        Reader {
            distances: lists.distances,
            weights: lists.weights,
            bytes,
            scale,
            book: lists.book,
            has_pairs: lists.table.n_entries() <= MAX_ITEMS_OF_PAIRS,
            own: of.0,
            // One more than a list may have, so that checking finds it.
            n_left: n_left.min(MAX_LIST_ENTRIES + 1),
            place: Place {
                n_front: front + width as usize,
                n_back: 0,
                n_before,
                sign: if n_before == 0 { 0 } else { u32::MAX },
                row: of.0,
                exponent: Symbol::default(),
                code: Symbol::default(),
            },
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
        self.place.n_before
    }

    /// Bits that neither stream has read; `None` when they have run into each other.
    pub(super) fn n_rest(&self) -> Option<usize> {
        (self.bytes.len() * 8).checked_sub(self.place.n_front)?.checked_sub(self.place.n_back)
    }

    /// Whether what neither stream has read is padding: fewer than eight zeros.
    pub(super) fn is_at_end(&self) -> bool {
        let rest = window(self.bytes, self.place.n_front);
        self.n_rest().is_some_and(|n| n < 8 && rest & ((1 << n) - 1) == 0)
    }

    /// Reads as many neighbours as there is room for, and says how many. None: the end.
    ///
    /// Rows and weights are read in one loop: two loops over short blocks took 7.0 ns a neighbour in place of 6.1, because
    /// a processor does not look far enough ahead to run one beside the other. A loop for each direction saved
    /// instructions and lost them to branches that nothing predicts.
    pub(super) fn read(&mut self, room: &mut [Weighted]) -> usize {
        let n = room.len().min(self.n_left as usize);
        // Cannot fail: no more than are left.
        self.n_left -= u32::try_from(n).unwrap_or(0);
        let mut place = self.place;
        for room in room.get_mut(..n).unwrap_or_default().chunks_mut(WEIGHTS_AT_ONCE) {
            let mut bits = Bits { front: 0, back: window_from_end(self.bytes, place.n_back) };
            let (pairs, last) = room.as_chunks_mut();
            for [first, second] in pairs {
                bits.front = window(self.bytes, place.n_front);
                *first = self.step(&mut place, &mut bits);
                if !self.has_pairs {
                    bits.front = window(self.bytes, place.n_front);
                }
                *second = self.step(&mut place, &mut bits);
            }
            if let [last] = last {
                bits.front = window(self.bytes, place.n_front);
                *last = self.step(&mut place, &mut bits);
            }
        }
        self.place = place;
        n
    }

    /// The next neighbour.
    #[inline]
    #[expect(
        clippy::indexing_slicing,
        clippy::cast_possible_truncation,
        reason = "tables of fixed size, indexed by as many bits as they have entries; an exponent has five bits"
    )]
    fn step(&self, place: &mut Place, bits: &mut Bits) -> Weighted {
        let next = bits.front as usize & (TABLE_BYTES - 1);
        let exponent = Symbol::of(self.distances[place.exponent.table(PER_CODE, DISTANCES) | next]);
        let next = (bits.back >> (64 - MAX_BITS)) as usize;
        let code = Symbol::of(self.weights[place.code.table(PER_CODE, WEIGHTS) | next]);

        let high = 1u32 << exponent.value();
        let distance = high | ((bits.front >> exponent.n_bits()) as u32 & (high - 1));
        let n_front = exponent.n_bits() + exponent.value();
        bits.front >>= n_front;
        bits.back <<= code.n_bits();
        place.n_front += n_front as usize;
        place.n_back += code.n_bits() as usize;

        // Two's complement: `(d ^ u32::MAX) - u32::MAX` is `-d`.
        place.row = place.row.wrapping_add((distance ^ place.sign).wrapping_sub(place.sign));
        (place.exponent, place.code) = (exponent, code);
        let weight = u32::from(self.book[code.value() as usize & (N_CODES - 1)]) * self.scale;
        let neighbour = Weighted { item: ItemIdx(place.row), weight };
        place.n_before = place.n_before.wrapping_sub(1);
        if place.n_before == 0 {
            (place.row, place.exponent, place.sign) = (self.own, Symbol::default(), 0);
        }
        neighbour
    }
}
