//! What an item must be: a condition over its attributes, as words in postfix order, the same in a bundle and in a query.
//!
//! A word is four bytes, little-endian. Its highest byte says what it does; what follows it depends on that:
//!
//! | word | then | pushes |
//! | --- | --- | --- |
//! | `1`, attribute in the lower bits | `from`, `to` | whether the item has a value of the attribute in `from..to` |
//! | `2`, attribute | `from`, `to` | whether its number is `from..to` millionths of the page's item's; true without one |
//! | `3`, attribute, 1 << 16 for after | | whether its number is at most the minute of the query, or above it |
//! | `4` | | both of the last two |
//! | `5` | | either of the last two |
//! | `6` | | not the last one |
//!
//! An item without a value of the attribute is in no range. The empty condition holds for every item, and one that is not
//! well formed for none.

use alloc::vec::Vec;
use core::ops::Range;

use crate::ids::{AttributeIdx, ItemIdx};
use crate::model::Model;

/// Four bytes of a condition or a rule.
pub type Word = [u8; 4];

/// Most words of a condition.
pub const MAX_CONDITION_WORDS: usize = 512;
/// Most conditions that wait to be joined.
pub const MAX_CONDITION_DEPTH: u32 = 32;
/// One, in the unit in which numbers are compared with those of the page's item.
pub const MILLIONTHS: u64 = 1_000_000;

const IN: u32 = 1;
/// The same in the highest byte of a word.
const IN_BYTE: u8 = 1;
const BAND: u32 = 2;
const CLOCK: u32 = 3;
const AND: u32 = 4;
const OR: u32 = 5;
const NOT: u32 = 6;
/// In a `CLOCK` word: the number must be above the minute.
const AFTER: u32 = 1 << 16;

/// Words that were not checked. See the module.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Condition<'a>(pub &'a [Word]);

/// What a condition may ask about besides the item.
#[derive(Clone, Copy, Debug, Default)]
pub struct Surroundings {
    /// The item of the page.
    pub page: Option<ItemIdx>,
    /// Minutes since 1970-01-01T00:00Z.
    pub minute: Option<u32>,
}

impl Condition<'_> {
    /// Whether the condition holds for every item because it says nothing.
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// Whether it holds for an item.
    pub fn holds<M: Model>(self, model: &M, surroundings: Surroundings, item: ItemIdx) -> bool {
        // Most say nothing, or ask for one range.
        match self.0 {
            [] => return true,
            &[first, from, to] if first[3] == IN_BYTE => {
                let [first, from, to] = [first, from, to].map(u32::from_le_bytes);
                return model.has_value(AttributeIdx(first & 0xffff), item, from..to);
            }
            _ => {}
        }
        let mut stack = Stack::default();
        let mut words = self.0;
        while let Some(step) = Step::take(&mut words) {
            let result = match step {
                Step::In(attribute, values) => stack.push(model.has_value(attribute, item, values)),
                Step::Band(attribute, share) => {
                    stack.push(is_in_band(model, surroundings.page, attribute, item, share))
                }
                Step::Clock { attribute, is_after } => {
                    let number = number(model, attribute, item);
                    let seen = number.zip(surroundings.minute);
                    stack.push(seen.is_some_and(|(number, now)| (number > now) == is_after))
                }
                Step::And => stack.join(|a, b| a & b),
                Step::Or => stack.join(|a, b| a | b),
                Step::Not => stack.negate(),
            };
            if result.is_none() {
                return false;
            }
        }
        words.is_empty() && stack.result() == Some(true)
    }

    /// The steps, in order. Ends early at words that are none.
    pub fn steps(self) -> impl Iterator<Item = Step> {
        let mut words = self.0;
        core::iter::from_fn(move || Step::take(&mut words))
    }

    /// Whether the answer may change with the minute alone.
    #[inline]
    pub fn asks_time(self) -> bool {
        let mut words = self.0;
        while let Some(step) = Step::take(&mut words) {
            if matches!(step, Step::Clock { .. }) {
                return true;
            }
        }
        false
    }

    /// Whether the words are well formed and name attributes below `n_attributes` only.
    pub fn is_sound(self, n_attributes: u32) -> bool {
        let mut depth = 0u32;
        let mut words = self.0;
        while let Some(step) = Step::take(&mut words) {
            let (n_taken, n_given) = match step {
                Step::In(attribute, _)
                | Step::Band(attribute, _)
                | Step::Clock { attribute, .. } => {
                    if attribute.0 >= n_attributes {
                        return false;
                    }
                    (0, 1)
                }
                Step::And | Step::Or => (2, 1),
                Step::Not => (1, 1),
            };
            let Some(left) = depth.checked_sub(n_taken) else { return false };
            depth = left + n_given;
            if depth > MAX_CONDITION_DEPTH {
                return false;
            }
        }
        let is_one = depth == 1 || self.is_empty();
        words.is_empty() && is_one && self.0.len() <= MAX_CONDITION_WORDS
    }
}

/// One step of a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Whether the item has a value of the attribute in the range.
    In(AttributeIdx, Range<u32>),
    /// Whether its number is in the range of millionths of that of the page's item.
    Band(AttributeIdx, Range<u32>),
    /// Whether its number is at most the minute of the query, or after it.
    Clock {
        /// The attribute.
        attribute: AttributeIdx,
        /// After it.
        is_after: bool,
    },
    /// Both of the last two.
    And,
    /// One of the last two.
    Or,
    /// Not the last one.
    Not,
}

impl Step {
    /// Takes a step off the front; `None` at the end and at words that are none, which stay.
    #[inline]
    fn take(words: &mut &[Word]) -> Option<Step> {
        let (first, rest) = words.split_first()?;
        let first = u32::from_le_bytes(*first);
        let attribute = AttributeIdx(first & 0xffff);
        let range =
            rest.first_chunk().map(|[from, to]| u32::from_le_bytes(*from)..u32::from_le_bytes(*to));
        let (step, n_more) = match first >> 24 {
            IN => (Step::In(attribute, range?), 2),
            BAND => (Step::Band(attribute, range?), 2),
            CLOCK => (Step::Clock { attribute, is_after: first & AFTER > 0 }, 0),
            AND => (Step::And, 0),
            OR => (Step::Or, 0),
            NOT => (Step::Not, 0),
            _ => return None,
        };
        *words = rest.get(n_more..)?;
        Some(step)
    }
}

/// Results that wait to be joined, the last one lowest.
#[derive(Default)]
struct Stack {
    bits: u64,
    n: u32,
}

impl Stack {
    #[inline]
    fn push(&mut self, bit: bool) -> Option<()> {
        if self.n == MAX_CONDITION_DEPTH {
            return None;
        }
        self.bits = self.bits << 1 | u64::from(bit);
        self.n += 1;
        Some(())
    }

    #[inline]
    fn join(&mut self, with: fn(u64, u64) -> u64) -> Option<()> {
        self.n = self.n.checked_sub(1).filter(|&n| n > 0)?;
        let joined = with(self.bits, self.bits >> 1) & 1;
        self.bits = (self.bits >> 2) << 1 | joined;
        Some(())
    }

    fn negate(&mut self) -> Option<()> {
        self.bits ^= 1;
        (self.n > 0).then_some(())
    }

    fn result(&self) -> Option<bool> {
        (self.n == 1).then_some(self.bits & 1 == 1)
    }
}

/// The number of an item in a number's attribute.
fn number<M: Model>(model: &M, attribute: AttributeIdx, item: ItemIdx) -> Option<u32> {
    model.number(attribute, model.first_value(attribute, item)?)
}

fn is_in_band<M: Model>(
    model: &M,
    page: Option<ItemIdx>,
    attribute: AttributeIdx,
    item: ItemIdx,
    share: Range<u32>,
) -> bool {
    let Some(of_page) = page.and_then(|page| number(model, attribute, page)) else { return true };
    let Some(found) = number(model, attribute, item) else { return false };
    // Two numbers of 32 bits have a product of 64.
    let bounds = [share.start, share.end].map(|bound| u64::from(bound) * u64::from(of_page));
    let found = u64::from(found) * MILLIONTHS;
    let is_open = share.end == u32::MAX;
    bounds[0] <= found && (is_open || found < bounds[1])
}

/// Puts a condition together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConditionBuilder {
    words: Vec<Word>,
}

impl ConditionBuilder {
    /// Holds for items with a value of the attribute in the range.
    #[inline]
    pub fn has_value(&mut self, attribute: AttributeIdx, values: Range<u32>) {
        self.put(IN << 24 | attribute.0 & 0xffff);
        self.put(values.start);
        self.put(values.end);
    }

    /// Holds for items whose number is in a range of millionths of that of the page's item, the end excluded;
    /// `u32::MAX` is no end. Without such an item it holds.
    #[inline]
    pub fn is_in_band(&mut self, attribute: AttributeIdx, share: Range<u32>) {
        self.put(BAND << 24 | attribute.0 & 0xffff);
        self.put(share.start);
        self.put(share.end);
    }

    /// Holds for items whose number is at most the minute of the query.
    #[inline]
    pub fn has_come(&mut self, attribute: AttributeIdx) {
        self.put(CLOCK << 24 | attribute.0 & 0xffff);
    }

    /// Holds for items whose number is above the minute of the query.
    #[inline]
    pub fn is_to_come(&mut self, attribute: AttributeIdx) {
        self.put(CLOCK << 24 | AFTER | attribute.0 & 0xffff);
    }

    /// Joins the last two: both hold.
    #[inline]
    pub fn and(&mut self) {
        self.put(AND << 24);
    }

    /// Joins the last two: one of them holds.
    #[inline]
    pub fn or(&mut self) {
        self.put(OR << 24);
    }

    /// Turns the last one round.
    #[inline]
    pub fn not(&mut self) {
        self.put(NOT << 24);
    }

    /// The words.
    #[inline]
    pub fn words(&self) -> &[Word] {
        &self.words
    }

    /// The same, taken.
    #[inline]
    pub fn into_words(self) -> Vec<Word> {
        self.words
    }

    #[inline]
    fn put(&mut self, word: u32) {
        self.words.push(word.to_le_bytes());
    }
}
