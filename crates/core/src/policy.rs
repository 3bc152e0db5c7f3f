//! The shop's rules: what may be shown, what is moved, and how results are mixed.
//!
//! Rules are words behind one another (see [`Word`]): six words of head and then a [`Condition`]. The head is
//!
//! | word | meaning |
//! | --- | --- |
//! | 0 | action in the lowest byte, then a byte with a bit per placement, then the number of the rule set |
//! | 1 | first minute since 1970-01-01T00:00Z in which the rule acts; 0 is always |
//! | 2 | the minute in which it stops; `u32::MAX` is never |
//! | 3, 4 | what the action takes |
//! | 5 | words of the condition |

use alloc::vec::Vec;

use crate::condition::{Condition, MAX_CONDITION_WORDS, Word};
use crate::ids::{AttributeIdx, ItemIdx};
use crate::query::Placement;

/// Most rules of a model.
pub const MAX_POLICY_RULES: usize = 256;
/// Most rule sets. Every experiment's variant chooses among them.
pub const MAX_RULE_SETS: u32 = 16;
/// The factor of a boost that changes nothing.
pub const NO_BOOST: u32 = 256;
/// Largest factor of one boost, and of all that act on an item together.
pub const MAX_BOOST: u32 = 65_536;
/// Strongest diversity and rotation.
pub const MAX_STRENGTH: u32 = 256;
/// The last position at which an item can be pinned.
pub const MAX_PIN: u32 = 100;
/// Largest cap.
pub const MAX_CAP: u32 = 100;
/// Words of a rule's head.
const HEAD: usize = 6;

/// What a rule does. The condition says to which items, where it does something to items.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// Only items that meet the condition are shown.
    Keep,
    /// Items that meet the condition are not shown.
    Drop,
    /// The scores of items that meet the condition are multiplied by so many 256ths.
    Boost(u32),
    /// The item stands at this position, counted from 1, when it may be shown.
    Pin {
        /// The item.
        item: ItemIdx,
        /// From 1 to [`MAX_PIN`].
        position: u32,
    },
    /// At most `n` results share a value of the attribute.
    Cap {
        /// The attribute. Of an item with several values the first one counts.
        attribute: AttributeIdx,
        /// From 1 to [`MAX_CAP`].
        n: u32,
    },
    /// Results unlike those before them come earlier. 0: order by score. [`MAX_STRENGTH`]: by unlikeness alone.
    Diversity(u32),
    /// The order changes with the seed. 0: not at all. [`MAX_STRENGTH`]: items whose scores differ by less than half.
    Rotate {
        /// From 0 to [`MAX_STRENGTH`].
        strength: u32,
        /// Minutes for which one visitor sees one order; 0 for good.
        period_minutes: u32,
    },
    /// What was bought so many days ago or less is not shown, even where history may come back.
    HidePurchased {
        /// Days.
        days: u32,
    },
}

impl Action {
    fn to_words(self) -> [u32; 3] {
        match self {
            Action::Keep => [1, 0, 0],
            Action::Drop => [2, 0, 0],
            Action::Boost(factor) => [3, factor, 0],
            Action::Pin { item, position } => [4, item.0, position],
            Action::Cap { attribute, n } => [5, attribute.0, n],
            Action::Diversity(strength) => [6, strength, 0],
            Action::Rotate { strength, period_minutes } => [7, strength, period_minutes],
            Action::HidePurchased { days } => [8, days, 0],
        }
    }

    fn from_words([number, a, b]: [u32; 3]) -> Option<Action> {
        Some(match number {
            1 => Action::Keep,
            2 => Action::Drop,
            3 => Action::Boost(a.min(MAX_BOOST)),
            4 => Action::Pin { item: ItemIdx(a), position: b },
            5 => Action::Cap { attribute: AttributeIdx(a), n: b },
            6 => Action::Diversity(a.min(MAX_STRENGTH)),
            7 => Action::Rotate { strength: a.min(MAX_STRENGTH), period_minutes: b },
            8 => Action::HidePurchased { days: a },
            _ => return None,
        })
    }

    /// Whether what the action takes is in range.
    fn is_sound(self, n_items: u32, n_attributes: u32) -> bool {
        match self {
            Action::Keep | Action::Drop => true,
            Action::Boost(factor) => factor <= MAX_BOOST,
            Action::Pin { item, position } => item.0 < n_items && (1..=MAX_PIN).contains(&position),
            Action::Cap { attribute, n } => {
                attribute.0 < n_attributes && (1..=MAX_CAP).contains(&n)
            }
            Action::Diversity(strength) | Action::Rotate { strength, .. } => {
                strength <= MAX_STRENGTH
            }
            Action::HidePurchased { days } => u16::try_from(days).is_ok(),
        }
    }
}

/// One rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule<'a> {
    /// What it does.
    pub action: Action,
    /// A bit for each of [`Placement::ALL`].
    pub placements: u8,
    /// The set it belongs to, below [`MAX_RULE_SETS`].
    pub set: u8,
    /// The first minute in which it acts; 0 is always.
    pub from_minute: u32,
    /// The minute in which it stops; `u32::MAX` is never.
    pub until_minute: u32,
    /// To which items.
    pub condition: Condition<'a>,
}

impl Rule<'_> {
    /// Whether it acts at a placement, in a minute. A rule with a start or an end does not act where no time is known.
    pub fn acts(&self, placement: Placement, minute: Option<u32>, sets: u32) -> bool {
        let is_now = match minute {
            Some(minute) => (self.from_minute..self.until_minute).contains(&minute),
            None => self.from_minute == 0 && self.until_minute == u32::MAX,
        };
        is_now
            && u32::from(self.placements) >> placement.index() & 1 == 1
            && sets >> (u32::from(self.set) % MAX_RULE_SETS) & 1 == 1
    }

    /// Appends the rule's words.
    pub fn put(&self, words: &mut Vec<Word>) {
        let [action, a, b] = self.action.to_words();
        let first = action | u32::from(self.placements) << 8 | u32::from(self.set) << 16;
        // Cannot fail: a sound condition is shorter.
        let n_words = u32::try_from(self.condition.0.len()).unwrap_or(u32::MAX);
        let head = [first, self.from_minute, self.until_minute, a, b, n_words];
        words.extend(head.map(u32::to_le_bytes));
        words.extend(self.condition.0);
    }

    /// Whether every number of the rule is in range.
    pub fn is_sound(&self, n_items: u32, n_attributes: u32) -> bool {
        self.action.is_sound(n_items, n_attributes)
            && u32::from(self.set) < MAX_RULE_SETS
            && self.from_minute < self.until_minute
            && self.condition.is_sound(n_attributes)
    }
}

/// Rules behind one another; the default has none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Policy<'a>(pub &'a [Word]);

impl<'a> Policy<'a> {
    /// The rules, in order. Ends early at words that are no rule.
    pub fn rules(self) -> Rules<'a> {
        Rules { rest: self.0 }
    }
}

/// The rules of a [`Policy`].
#[derive(Clone, Debug)]
pub struct Rules<'a> {
    rest: &'a [Word],
}

impl Rules<'_> {
    /// Words that were not read.
    pub fn n_left(&self) -> usize {
        self.rest.len()
    }
}

impl<'a> Iterator for Rules<'a> {
    type Item = Rule<'a>;

    fn next(&mut self) -> Option<Rule<'a>> {
        let (head, rest) = self.rest.split_first_chunk::<HEAD>()?;
        let [first, from_minute, until_minute, a, b, n_words] = head.map(u32::from_le_bytes);
        let n_words = usize::try_from(n_words).ok().filter(|&n| n <= MAX_CONDITION_WORDS)?;
        let (condition, rest) = rest.split_at_checked(n_words)?;
        let [action, placements, set, _] = first.to_le_bytes();
        let action = Action::from_words([action.into(), a, b])?;
        self.rest = rest;
        Some(Rule {
            action,
            placements,
            set,
            from_minute,
            until_minute,
            condition: Condition(condition),
        })
    }
}
