//! Texts as dense numbers: each distinct text is stored once.

use hashbrown::HashMap;

use crate::error::IngestError;
use crate::keys::{Key, Numbers};

/// A set of texts, numbered from 0 in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct Interner {
    numbers: Numbers,
    text: String,
    ends: Vec<usize>,
}

impl Interner {
    /// The number of `text`, which is added when it is new.
    ///
    /// # Errors
    /// More distinct texts than a `u32` counts; `what` names them.
    #[inline]
    pub(crate) fn intern(&mut self, text: &str, what: &'static str) -> Result<u32, IngestError> {
        let number = self.numbers.number(Key::of(text), what)?;
        if number as usize == self.ends.len() {
            self.text.push_str(text);
            self.ends.push(self.text.len());
        }
        Ok(number)
    }

    /// The number of `text` if it was added.
    pub(crate) fn find(&self, text: &str) -> Option<u32> {
        self.numbers.find(Key::of(text))
    }

    /// The text of a number that [`Interner::intern`] gave.
    pub(crate) fn name(&self, index: u32) -> &str {
        let index = index as usize;
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.text[start..self.ends[index]]
    }

    /// How many texts there are.
    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Every text, by number.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        (0u32..).take(self.len()).map(|index| self.name(index))
    }

    /// Bytes in use.
    pub(crate) fn bytes(&self) -> u64 {
        let ends = size_of::<usize>() * self.ends.capacity();
        self.numbers.bytes() + (self.text.capacity() + ends) as u64
    }
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

    /// Bytes in use.
    pub(crate) fn bytes(&self) -> u64 {
        self.texts.bytes() + self.counts.allocation_size() as u64
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
