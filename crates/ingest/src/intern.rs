//! Texts as dense numbers: each distinct text is stored once.

use std::hash::BuildHasher;

use hashbrown::{DefaultHashBuilder, HashMap, HashTable};

use crate::error::IngestError;

/// A set of texts, numbered from 0 in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct Interner {
    text: String,
    ends: Vec<usize>,
    /// Each text's number behind half of its hash, so that few texts are looked at, and none when the table grows.
    table: HashTable<(u32, u32)>,
    hasher: DefaultHashBuilder,
}

impl Interner {
    /// The number of `text`, which is added when it is new.
    ///
    /// # Errors
    /// More distinct texts than a `u32` counts; `what` names them.
    pub(crate) fn intern(&mut self, text: &str, what: &'static str) -> Result<u32, IngestError> {
        let half = self.half_hash(text);
        if let Some(found) = self.find_hashed(half, text) {
            return Ok(found);
        }
        let limit = u64::from(u32::MAX);
        let index = u32::try_from(self.ends.len())
            .ok()
            .filter(|&index| index < u32::MAX)
            .ok_or(IngestError::TooMany { what, limit })?;
        self.text.push_str(text);
        self.ends.push(self.text.len());
        self.table.insert_unique(spread(half), (half, index), |&(half, _)| spread(half));
        Ok(index)
    }

    /// The number of `text` if it was added.
    pub(crate) fn find(&self, text: &str) -> Option<u32> {
        self.find_hashed(self.half_hash(text), text)
    }

    fn find_hashed(&self, half: u32, text: &str) -> Option<u32> {
        let is_text = |&(other, index): &(u32, u32)| other == half && self.name(index) == text;
        self.table.find(spread(half), is_text).map(|found| found.1)
    }

    #[expect(clippy::cast_possible_truncation, reason = "half of a hash is a hash")]
    fn half_hash(&self, text: &str) -> u32 {
        self.hasher.hash_one(text) as u32
    }

    /// The text of a number that [`Interner::intern`] gave.
    pub(crate) fn name(&self, index: u32) -> &str {
        name(&self.text, &self.ends, index)
    }

    /// How many texts there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Every text, by number.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        (0u32..).take(self.len()).map(|index| self.name(index))
    }
}

/// A hash whose every bit depends on the half: Fibonacci hashing (Knuth, "The art of computer programming", volume 3,
/// section 6.4). The table takes its places from low bits and tells entries apart by high ones.
fn spread(half: u32) -> u64 {
    let hash = u64::from(half).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    hash ^ (hash >> 32)
}

fn name<'a>(text: &'a str, ends: &[usize], index: u32) -> &'a str {
    let index = index as usize;
    let start = if index == 0 { 0 } else { ends[index - 1] };
    &text[start..ends[index]]
}

/// How often each text was said of each item.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    texts: Interner,
    counts: HashMap<(u32, u32), u32>,
}

impl Tally {
    /// Counts `text` for `item`.
    ///
    /// # Errors
    /// More distinct texts than a `u32` counts; `what` names them.
    pub(crate) fn add(
        &mut self,
        item: u32,
        text: &str,
        what: &'static str,
    ) -> Result<(), IngestError> {
        let text = self.texts.intern(text, what)?;
        let count = self.counts.entry((item, text)).or_insert(0);
        *count = count.saturating_add(1);
        Ok(())
    }

    /// The most frequent text of each item, below `n_items`; of equally frequent ones the smallest.
    pub(crate) fn most_frequent(&self, n_items: usize) -> Vec<Option<&str>> {
        let mut best: Vec<Option<(u32, &str)>> = vec![None; n_items];
        for (&(item, text), &count) in &self.counts {
            let text = self.texts.name(text);
            let slot = &mut best[item as usize];
            let is_better = slot.is_none_or(|(best_count, best_text)| {
                count > best_count || (count == best_count && text < best_text)
            });
            if is_better {
                *slot = Some((count, text));
            }
        }
        best.into_iter().map(|slot| slot.map(|(_, text)| text)).collect()
    }
}

/// The most recent value of a column that repeats from row to row, with its number.
#[derive(Debug, Default)]
pub(crate) struct Repeated {
    cell: String,
    number: Option<u32>,
}

impl Repeated {
    /// The number of `cell`: the remembered one, or what `find` says, which is then remembered.
    ///
    /// # Errors
    /// What `find` says.
    #[inline]
    pub(crate) fn get_or(
        &mut self,
        cell: &str,
        find: impl FnOnce(&str) -> Result<u32, IngestError>,
    ) -> Result<u32, IngestError> {
        match self.number {
            Some(number) if self.cell == cell => Ok(number),
            _ => {
                let number = find(cell)?;
                self.cell.clear();
                self.cell.push_str(cell);
                self.number = Some(number);
                Ok(number)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_keep_their_numbers_and_come_back() {
        let mut interner = Interner::default();
        for (text, expected) in [("b", 0), ("", 1), ("a", 2), ("b", 0), ("", 1)] {
            assert_eq!(interner.intern(text, "texts").unwrap(), expected);
        }
        assert_eq!(interner.names().collect::<Vec<_>>(), ["b", "", "a"]);
        assert_eq!((interner.find("a"), interner.find("c")), (Some(2), None));
    }

    #[test]
    fn the_most_frequent_text_wins_and_ties_go_to_the_smallest() {
        let mut tally = Tally::default();
        for (item, text) in [(0, "x"), (0, "y"), (0, "y"), (2, "q"), (2, "p")] {
            tally.add(item, text, "titles").unwrap();
        }
        assert_eq!(tally.most_frequent(3), [Some("y"), None, Some("p")]);
    }
}
