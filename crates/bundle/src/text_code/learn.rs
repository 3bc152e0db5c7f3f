//! Learns the symbols of texts and writes texts with them.
//!
//! Pairs are merged on a sample of bounded size, a batch of the most frequent at a time. Every text is then spelt with
//! the symbols that take the fewest bits together, which makes most pairs on the way to longer ones needless, and the
//! code of what is left is the best for the texts.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::cmp::Reverse;

use super::{END, MAX_CODE_BITS, MAX_SYMBOL_BYTES, mark, width};
use crate::bits::BitWriter;

/// Bytes of texts that symbols are learnt from.
const SAMPLE_BYTES: usize = 1 << 18;
/// Most symbols.
const MAX_SYMBOLS: usize = 8_000;
/// A pair that stands in fewer places costs more than it saves.
const MIN_PLACES: usize = 5;
/// A round merges one pair for so many symbols.
const SYMBOLS_PER_MERGE: usize = 16;

/// A byte or two symbols.
#[derive(Clone, Copy)]
enum Meaning {
    Byte(u8),
    Pair(usize, usize),
}

struct Symbol {
    meaning: Meaning,
    bytes: Vec<u8>,
}

/// Symbols with their codes, and texts spelt with them.
pub(crate) struct Spelt {
    /// The code as the section holds it.
    pub(crate) code: Vec<u8>,
    /// Per symbol, its bits, the first as the lowest, and their number.
    codes: Vec<(u32, u32)>,
    /// Per text, its symbols.
    texts: Vec<Vec<usize>>,
}

impl Spelt {
    /// Appends text number `index`.
    pub(crate) fn put(&self, bits: &mut BitWriter, index: usize) {
        for &symbol in self.texts.get(index).into_iter().flatten() {
            let (code, n_bits) = self.codes.get(symbol).copied().unwrap_or_default();
            bits.put(code, n_bits);
        }
    }
}

/// Learns from texts, which do not hold [`END`], and spells them.
pub(crate) fn spell(texts: &[Vec<u8>]) -> Spelt {
    let n_bytes: usize = texts.iter().map(|text| text.len() + 1).sum();
    let sample: Vec<&[u8]> =
        texts.iter().step_by(n_bytes.div_ceil(SAMPLE_BYTES).max(1)).map(Vec::as_slice).collect();
    let mut symbols = bytes_of(texts);
    let mut counts = merge(&mut symbols, &sample);
    for _ in 0..3 {
        let spelling = Spelling::new(&symbols, &lengths(&counts));
        counts = count(symbols.len(), sample.iter().map(|text| spelling.spell(text)));
        drop_rare(&symbols, &mut counts);
    }
    let spelling = Spelling::new(&symbols, &lengths(&counts));
    let mut texts: Vec<Vec<usize>> = texts.iter().map(|text| spelling.spell(text)).collect();
    let counts = count(symbols.len(), texts.iter());
    let (kept, lengths) = order(&symbols, &lengths(&counts));
    let place = |symbol: usize| kept.iter().position(|&kept| kept == symbol).unwrap_or(0);
    let places: Vec<usize> = (0..symbols.len()).map(place).collect();
    let number = |symbol: usize| places.get(symbol).copied().unwrap_or(0);
    for symbol in texts.iter_mut().flatten() {
        *symbol = number(*symbol);
    }
    let meanings =
        kept.iter().filter_map(|&symbol| symbols.get(symbol)).map(|symbol| match symbol.meaning {
            Meaning::Pair(left, right) => Meaning::Pair(number(left), number(right)),
            byte @ Meaning::Byte(_) => byte,
        });
    Spelt { code: put_code(meanings, &lengths), codes: canonical(&lengths), texts }
}

/// A symbol for each byte that stands in a text, and the one that ends it.
fn bytes_of(texts: &[Vec<u8>]) -> Vec<Symbol> {
    let mut is_used = [false; 256];
    for &byte in texts.iter().flatten().chain(&[END]) {
        if let Some(is_used) = is_used.get_mut(usize::from(byte)) {
            *is_used = true;
        }
    }
    let used = (0..=u8::MAX).filter(|byte| is_used.get(usize::from(*byte)) == Some(&true));
    used.map(|byte| Symbol { meaning: Meaning::Byte(byte), bytes: alloc::vec![byte] }).collect()
}

/// Adds symbols for frequent pairs; how often each symbol stands in the sample in the end.
fn merge(symbols: &mut Vec<Symbol>, sample: &[&[u8]]) -> Vec<u64> {
    let row_of = |byte: u8| symbols.iter().position(|symbol| symbol.bytes == [byte]).unwrap_or(0);
    let rows: Vec<usize> = (0..=u8::MAX).map(row_of).collect();
    let bytes = sample.iter().flat_map(|text| text.iter().copied().chain([END]));
    let mut sequence: Vec<usize> =
        bytes.filter_map(|byte| rows.get(usize::from(byte)).copied()).collect();
    loop {
        let batch = frequent_pairs(symbols, &sequence);
        if batch.is_empty() {
            return count(symbols.len(), core::iter::once(&sequence));
        }
        let first = symbols.len();
        for &(left, right) in &batch {
            let of = |symbol: usize| symbols.get(symbol).map_or(&[][..], |symbol| &symbol.bytes);
            let bytes = [of(left), of(right)].concat();
            symbols.push(Symbol { meaning: Meaning::Pair(left, right), bytes });
        }
        let mut sorted: Vec<((usize, usize), usize)> = batch.into_iter().zip(first..).collect();
        sorted.sort_unstable();
        let mut merged: Vec<usize> = Vec::with_capacity(sequence.len());
        let mut rest = sequence.into_iter().peekable();
        while let Some(left) = rest.next() {
            let found = rest.peek().and_then(|&right| {
                let at = sorted.binary_search_by_key(&(left, right), |entry| entry.0).ok()?;
                sorted.get(at)
            });
            match found {
                Some(&(_, symbol)) => {
                    rest.next();
                    merged.push(symbol);
                }
                None => merged.push(left),
            }
        }
        sequence = merged;
    }
}

/// The most frequent pairs that may become symbols, the most frequent first.
fn frequent_pairs(symbols: &[Symbol], sequence: &[usize]) -> Vec<(usize, usize)> {
    let mut pairs: Vec<(usize, usize)> =
        sequence.windows(2).filter_map(|pair| Some((*pair.first()?, *pair.last()?))).collect();
    pairs.sort_unstable();
    let of = |symbol: usize| symbols.get(symbol).map_or(&[][..], |symbol| &symbol.bytes);
    let mut counted: Vec<(Reverse<usize>, (usize, usize))> = pairs
        .chunk_by(|a, b| a == b)
        .filter_map(|same| Some((Reverse(same.len()), *same.first()?)))
        .filter(|&(Reverse(n), (left, right))| {
            n >= MIN_PLACES
                && of(left).last() != Some(&END)
                && of(left).len() + of(right).len() <= MAX_SYMBOL_BYTES
        })
        .collect();
    counted.sort_unstable();
    let room = MAX_SYMBOLS.saturating_sub(symbols.len());
    counted.truncate((symbols.len() / SYMBOLS_PER_MERGE).max(1).min(room));
    counted.into_iter().map(|(_, pair)| pair).collect()
}

fn count<T: AsRef<[usize]>>(n: usize, spelt: impl Iterator<Item = T>) -> Vec<u64> {
    let mut counts = alloc::vec![0; n];
    for text in spelt {
        for &symbol in text.as_ref() {
            if let Some(count) = counts.get_mut(symbol) {
                *count += 1;
            }
        }
    }
    counts
}

/// Takes the codes of pairs that stand in too few places to pay for themselves.
fn drop_rare(symbols: &[Symbol], counts: &mut [u64]) {
    for (symbol, count) in symbols.iter().zip(counts) {
        if symbol.bytes.len() > 1 && *count < 2 {
            *count = 0;
        }
    }
}

/// Finds the cheapest spelling of texts.
struct Spelling {
    /// Where a byte leads from a node; node 0 is the root.
    children: BTreeMap<(usize, u8), usize>,
    /// Per node, the symbol that ends there and the bits of its code.
    ends: Vec<Option<(usize, u64)>>,
}

impl Spelling {
    /// Symbols without a code are left out, but for bytes, which have the longest.
    fn new(symbols: &[Symbol], lengths: &[u32]) -> Spelling {
        let mut spelling = Spelling { children: BTreeMap::new(), ends: alloc::vec![None] };
        for (row, (symbol, &length)) in symbols.iter().zip(lengths).enumerate() {
            if length == 0 && symbol.bytes.len() > 1 {
                continue;
            }
            let mut node = 0;
            for &byte in &symbol.bytes {
                let n_nodes = spelling.ends.len();
                node = *spelling.children.entry((node, byte)).or_insert(n_nodes);
                if node == n_nodes {
                    spelling.ends.push(None);
                }
            }
            // Cannot fail: the constant is a small number.
            let longest = u32::try_from(MAX_CODE_BITS).unwrap_or(u32::MAX);
            let cost = if length == 0 { longest } else { length };
            if let Some(end) = spelling.ends.get_mut(node) {
                *end = Some((row, cost.into()));
            }
        }
        spelling
    }

    /// The symbols of a text and its end that take the fewest bits together; of equals, the longest first.
    fn spell(&self, text: &[u8]) -> Vec<usize> {
        let text = [text, &[END]].concat();
        // From each place to the end: bits, the first symbol, and the place behind it.
        let mut best: Vec<(u64, usize, usize)> = alloc::vec![(u64::MAX, 0, 0); text.len()];
        best.push((0, 0, 0));
        for start in (0..text.len()).rev() {
            let mut node = 0;
            let mut cheapest = (u64::MAX, 0, start + 1);
            for (behind, &byte) in (start + 1..).zip(text.get(start..).unwrap_or(&[])) {
                let Some(&next) = self.children.get(&(node, byte)) else { break };
                node = next;
                let Some((symbol, cost)) = self.ends.get(node).copied().flatten() else { continue };
                let bits = best.get(behind).map_or(u64::MAX, |rest| rest.0.saturating_add(cost));
                if bits <= cheapest.0 {
                    cheapest = (bits, symbol, behind);
                }
            }
            if let Some(slot) = best.get_mut(start) {
                *slot = cheapest;
            }
        }
        let mut at = 0;
        let step = || {
            let &(_, symbol, behind) = best.get(at).filter(|_| at < text.len())?;
            at = behind;
            Some(symbol)
        };
        core::iter::from_fn(step).collect()
    }
}

/// Bits of the codes of symbols that occur so often: Huffman's, of counts that are halved until none is too long
/// (Huffman, Proceedings of the IRE 40, 1952). A symbol that does not occur has none.
fn lengths(counts: &[u64]) -> Vec<u32> {
    let mut counts = counts.to_vec();
    loop {
        let lengths = huffman(&counts);
        if lengths.iter().all(|&length| length as usize <= MAX_CODE_BITS) {
            return lengths;
        }
        for count in &mut counts {
            *count = count.div_ceil(2);
        }
    }
}

fn huffman(counts: &[u64]) -> Vec<u32> {
    let mut lengths = alloc::vec![0; counts.len()];
    // Trees by weight: their number, and the symbols below each.
    let mut heap: alloc::collections::BinaryHeap<Reverse<(u64, usize)>> =
        counts.iter().copied().zip(0..).filter(|entry| entry.0 > 0).map(Reverse).collect();
    if let (1, Some(Reverse((_, only)))) = (heap.len(), heap.peek()) {
        if let Some(length) = lengths.get_mut(*only) {
            *length = 1;
        }
        return lengths;
    }
    let mut parents: Vec<usize> = alloc::vec![0; counts.len()];
    while let (Some(Reverse((a, left))), Some(Reverse((b, right)))) = (heap.pop(), heap.pop()) {
        let parent = parents.len();
        for child in [left, right] {
            if let Some(slot) = parents.get_mut(child) {
                *slot = parent;
            }
        }
        parents.push(0);
        heap.push(Reverse((a + b, parent)));
        if heap.len() == 1 {
            break;
        }
    }
    let root = parents.len() - 1;
    for ((row, length), &count) in lengths.iter_mut().enumerate().zip(counts) {
        let mut node = row;
        while count > 0 && node != root {
            node = parents.get(node).copied().unwrap_or(root);
            *length += 1;
        }
    }
    lengths
}

/// The symbols that are needed, the shortest codes first, those that only others are made of last; and the lengths of
/// the codes.
fn order(symbols: &[Symbol], lengths: &[u32]) -> (Vec<usize>, Vec<u32>) {
    let mut is_needed: Vec<bool> = lengths.iter().map(|&length| length > 0).collect();
    for (row, symbol) in symbols.iter().enumerate().rev() {
        if let (Some(true), Meaning::Pair(left, right)) = (is_needed.get(row), symbol.meaning) {
            for half in [left, right] {
                if let Some(is_needed) = is_needed.get_mut(half) {
                    *is_needed = true;
                }
            }
        }
    }
    let length = |row: usize| lengths.get(row).copied().unwrap_or(0);
    let mut kept: Vec<usize> =
        (0..symbols.len()).filter(|&row| is_needed.get(row) == Some(&true)).collect();
    kept.sort_by_key(|&row| (length(row) == 0, length(row)));
    let lengths = kept.iter().map(|&row| length(row)).filter(|&length| length > 0).collect();
    (kept, lengths)
}

/// Codes of ascending lengths, the first bit as the lowest.
fn canonical(lengths: &[u32]) -> Vec<(u32, u32)> {
    let (mut next, mut last) = (0u32, 0);
    let code = |&length: &u32| {
        next <<= length - last;
        last = length;
        let code = next.reverse_bits() >> (u32::BITS - length);
        next += 1;
        (code, length)
    };
    lengths.iter().map(code).collect()
}

fn put_code(meanings: impl Iterator<Item = Meaning> + Clone, lengths: &[u32]) -> Vec<u8> {
    // Cannot fail: there are at most `MAX_SYMBOLS` and the bytes.
    let n_symbols = u16::try_from(meanings.clone().count()).unwrap_or(u16::MAX);
    let mut code = n_symbols.to_le_bytes().to_vec();
    if n_symbols == 0 {
        return code;
    }
    for n_bits in 1..=MAX_CODE_BITS {
        let count = lengths.iter().filter(|&&length| length as usize == n_bits).count();
        code.extend(u16::try_from(count).unwrap_or(u16::MAX).to_le_bytes());
    }
    let width = width(n_symbols);
    let mut bits = BitWriter::default();
    for meaning in meanings {
        let (left, right) = match meaning {
            Meaning::Byte(byte) => (mark(width), byte.into()),
            Meaning::Pair(left, right) => {
                let number = |row: usize| u32::try_from(row).unwrap_or(0);
                (number(left), number(right))
            }
        };
        bits.put(left, width);
        bits.put(right, width);
    }
    code.extend(bits.finish());
    code
}
