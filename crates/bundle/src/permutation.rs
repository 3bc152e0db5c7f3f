//! A permutation in both directions: forward in one packed number each, backward by walking a cycle.
//!
//! Every [`STRIDE`]th number of a cycle knows the one a stride before it, so that whoever comes from the wrong side
//! walks two strides at most, for an eighth of what a second array would take (Munro, Raman, Raman and Rao, "Succinct
//! representations of permutations and functions", Theoretical Computer Science 438, 2012, section 3).

#[cfg(feature = "write")]
use alloc::vec::Vec;

#[cfg(feature = "write")]
use crate::bits::BitWriter;
use crate::bits::window;
use crate::cursor::Cursor;
use crate::error::FormatError;

/// Numbers of a cycle from one that knows the way back to the next.
const STRIDE: usize = 8;
/// Bits of `marks` that are counted together.
const COUNTED: u32 = 512;

/// Numbers below `n`, each of which stands for another.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Permutation<'a> {
    at: usize,
    n: u32,
    /// Marks below the numbers `COUNTED`, `2 * COUNTED` and so on, four bytes each; what each number stands for; a bit
    /// per number that says whether it knows the way back; where those that do lead.
    bytes: &'a [u8],
}

impl<'a> Permutation<'a> {
    pub(crate) fn take(
        cursor: &mut Cursor<'a>,
        field: &'static str,
        n: u32,
    ) -> Result<Permutation<'a>, FormatError> {
        let at = cursor.offset();
        let n_back = cursor.count(field, n)?;
        let [_, _, back_at] = offsets(n);
        let bytes = cursor.bytes(field, back_at + packed_bytes(n_back, width(n)))?;
        Ok(Permutation { at, n, bytes })
    }

    fn part(&self, at: usize) -> &'a [u8] {
        self.bytes.get(at..).unwrap_or(&[])
    }

    /// What a number stands for.
    pub(crate) fn get(&self, number: u32) -> Option<u32> {
        let [forward_at, ..] = offsets(self.n);
        (number < self.n).then(|| packed(self.part(forward_at), number, width(self.n)))
    }

    /// The number that stands for this one. `None` when there is none, or where the bytes are damaged.
    pub(crate) fn find(&self, sought: u32) -> Option<u32> {
        let [_, marks_at, back_at] = offsets(self.n);
        let marks = self.part(marks_at);
        let mut number = sought;
        let mut is_behind = false;
        for _ in 0..4 * STRIDE {
            let next = self.get(number)?;
            if next == sought {
                return Some(number);
            }
            let is_marked = packed(marks, number, 1) == 1;
            if is_marked && !is_behind {
                is_behind = true;
                let n_below = self.n_marks_below(marks, number);
                number = packed(self.part(back_at), n_below, width(self.n));
            } else {
                number = next;
            }
        }
        None
    }

    fn n_marks_below(&self, marks: &[u8], number: u32) -> u32 {
        let block = (number / COUNTED).checked_sub(1);
        let mut n_marks = block.map_or(0, |block| packed(self.bytes, block, 32).min(self.n));
        let mut at = number - number % COUNTED;
        while at < number {
            let n_bits = (number - at).min(32);
            let word = window(marks, at as usize) & ((1 << n_bits) - 1);
            n_marks += word.count_ones();
            at += n_bits;
        }
        n_marks
    }

    /// Looks at every number: both ways lead back to where they began, so that none occurs twice.
    pub(crate) fn check(&self, field: &'static str) -> Result<(), FormatError> {
        for number in 0..self.n {
            let other = self.get(number).unwrap_or(u32::MAX);
            let limit = self.n - 1;
            if other > limit {
                return Err(FormatError::TooMany { field, at: self.at, found: other, limit });
            }
            if self.find(other) != Some(number) {
                return Err(FormatError::BadOrder { field, at: self.at });
            }
        }
        Ok(())
    }
}

/// Number `index` of those of `width` bits each, at most 32.
fn packed(bytes: &[u8], index: u32, width: u32) -> u32 {
    let word = window(bytes, index as usize * width as usize);
    // Cannot fail: at most 32 bits are kept.
    u32::try_from(word & ((1 << width) - 1)).unwrap_or(u32::MAX)
}

/// Where the numbers, the marks and the ways back begin.
fn offsets(n: u32) -> [usize; 3] {
    let forward_at = (n.saturating_sub(1) / COUNTED) as usize * 4;
    let marks_at = forward_at + packed_bytes(n, width(n));
    [forward_at, marks_at, marks_at + packed_bytes(n, 1)]
}

fn packed_bytes(n: u32, width: u32) -> usize {
    (n as usize * width as usize).div_ceil(8)
}

/// Bits of a number below `n`.
fn width(n: u32) -> u32 {
    u32::BITS - n.saturating_sub(1).leading_zeros()
}

/// Appends a permutation.
#[cfg(feature = "write")]
pub(crate) fn put_permutation(bytes: &mut Vec<u8>, forward: &[u32]) {
    let n = u32::try_from(forward.len()).unwrap_or(u32::MAX);
    let back = way_back(forward);
    let width = width(n);
    let n_back = back.iter().flatten().count();
    bytes.extend(u32::try_from(n_back).unwrap_or(u32::MAX).to_le_bytes());
    let mut n_marks = 0u32;
    for (number, back) in (0u32..).zip(&back) {
        if number > 0 && number % COUNTED == 0 {
            bytes.extend(n_marks.to_le_bytes());
        }
        n_marks += u32::from(back.is_some());
    }
    let mut numbers = BitWriter::default();
    for &number in forward {
        numbers.put(number, width);
    }
    let mut marks = BitWriter::default();
    for back in &back {
        marks.put(back.is_some().into(), 1);
    }
    let mut ways = BitWriter::default();
    back.iter().flatten().for_each(|&number| ways.put(number, width));
    for part in [numbers, marks, ways] {
        bytes.extend(part.finish());
    }
}

/// Per number, the one that a stride before it in its cycle also knows the way; `None` for most.
#[cfg(feature = "write")]
fn way_back(forward: &[u32]) -> Vec<Option<u32>> {
    let mut back = alloc::vec![None; forward.len()];
    let mut is_seen = alloc::vec![false; forward.len()];
    for first in 0..u32::try_from(forward.len()).unwrap_or(u32::MAX) {
        let mut cycle = Vec::new();
        let mut number = first;
        while let Some(is_seen) = is_seen.get_mut(number as usize).filter(|is_seen| !**is_seen) {
            *is_seen = true;
            cycle.push(number);
            number = forward.get(number as usize).copied().unwrap_or(first);
        }
        if cycle.len() <= STRIDE {
            continue;
        }
        let n_marks = cycle.len() / STRIDE;
        let marked: Vec<u32> = cycle.iter().copied().step_by(STRIDE).take(n_marks).collect();
        for (mark, before) in marked.iter().zip(marked.iter().cycle().skip(n_marks - 1)) {
            if let Some(slot) = back.get_mut(*mark as usize) {
                *slot = Some(*before);
            }
        }
    }
    back
}

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "a test may panic")]
mod tests {
    use super::*;

    fn shuffled(n: u32) -> Vec<u32> {
        let mut numbers: Vec<u32> = (0..n).collect();
        let mut state = 5u64;
        for last in (1..numbers.len()).rev() {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            numbers.swap(last, usize::try_from(state >> 33).unwrap() % (last + 1));
        }
        numbers
    }

    fn encoded(forward: &[u32]) -> Vec<u8> {
        let mut bytes = Vec::new();
        put_permutation(&mut bytes, forward);
        bytes
    }

    fn view(bytes: &[u8], n: usize) -> Permutation<'_> {
        let mut cursor = Cursor::new(bytes, 0);
        let view = Permutation::take(&mut cursor, "places", u32::try_from(n).unwrap()).unwrap();
        assert_eq!(cursor.len(), 0);
        view
    }

    #[test]
    fn numbers_are_found_in_both_directions() {
        for n in [0, 1, 2, 8, 9, 15, 16, 17, 100, 513, 2_000] {
            let rotated = |by: u32| (0..n).map(|number| (number + by) % n).collect::<Vec<_>>();
            for forward in [rotated(0), rotated(1), rotated(n / 2), shuffled(n)] {
                let bytes = encoded(&forward);
                let view = view(&bytes, forward.len());
                assert_eq!(view.check("places"), Ok(()), "{n}");
                for (number, &other) in (0..).zip(&forward) {
                    assert_eq!(view.get(number), Some(other));
                    // The oracle looks through them all.
                    let naive = forward.iter().position(|&found| found == other);
                    assert_eq!(view.find(other).map(|row| row as usize), naive, "{n}");
                }
                assert_eq!((view.get(n), view.find(n)), (None, None));
            }
        }
    }

    #[test]
    fn the_way_back_takes_a_sixth_of_the_way_there() {
        let there = 2_000 * 11 / 8;
        assert!(encoded(&shuffled(2_000)).len() < there + there / 4);
    }

    #[test]
    fn rejects_places_that_are_no_permutation() {
        let forward = shuffled(600);
        let bytes = encoded(&forward);
        for bit in 4 * 8..bytes.len() * 8 {
            let mut damaged = bytes.clone();
            damaged[bit / 8] ^= 1 << (bit % 8);
            let view = view(&damaged, forward.len());
            (0..600).for_each(|number| _ = view.find(number));
            let same = (0..600).all(|number| view.get(number) == Some(forward[number as usize]));
            assert!(view.check("places").is_err() || same, "{bit}");
        }
        let mut past = encoded(&[1, 0, 2]);
        past[4] |= 0b11;
        let expected = FormatError::TooMany { field: "places", at: 0, found: 3, limit: 2 };
        assert_eq!(view(&past, 3).check("places"), Err(expected));
    }
}
