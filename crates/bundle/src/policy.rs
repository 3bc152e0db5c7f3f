//! Section `policy`: the shop's rules with their names, and the names of the sets they belong to.
//!
//! Two tables of names, of the rules in order and of the sets by number, then `n_words: u32` and the words of
//! [`edgewise_core::policy`], four bytes each.

#[cfg(feature = "write")]
use alloc::vec::Vec;

#[cfg(feature = "write")]
use edgewise_core::PolicyValues;
use edgewise_core::condition::{MAX_CONDITION_WORDS, Word};
use edgewise_core::policy::{MAX_POLICY_RULES, MAX_RULE_SETS, Policy};

use crate::cursor::Cursor;
use crate::error::FormatError;
use crate::limits::{MAX_NAME_BYTES, MAX_POLICY_WORDS};
use crate::table::Table;

const FIELD: &str = "policy";

/// View of the section.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PolicyTable<'a> {
    rules: Table<'a>,
    sets: Table<'a>,
    words: &'a [Word],
    words_at: usize,
}

impl<'a> PolicyTable<'a> {
    pub(crate) fn take(mut cursor: Cursor<'a>) -> Result<PolicyTable<'a>, FormatError> {
        let limit = u32::try_from(MAX_POLICY_RULES).unwrap_or(u32::MAX);
        let rules = Table::take(&mut cursor, FIELD, limit)?;
        let sets = Table::take(&mut cursor, FIELD, MAX_RULE_SETS)?;
        let n_words = cursor.count(FIELD, MAX_POLICY_WORDS)?;
        let words_at = cursor.offset();
        let (words, _) = cursor.bytes(FIELD, n_words as usize * 4)?.as_chunks();
        cursor.end(FIELD)?;
        Ok(PolicyTable { rules, sets, words, words_at })
    }

    /// Looks at every rule.
    pub(crate) fn check(&self, n_items: u32, n_attributes: u32) -> Result<(), FormatError> {
        self.rules.check_texts(MAX_NAME_BYTES)?;
        self.sets.check_texts(MAX_NAME_BYTES)?;
        let mut rules = self.policy().rules();
        let mut n_rules = 0;
        while let Some(rule) = rules.next() {
            if !rule.is_sound(n_items, n_attributes) || u32::from(rule.set) >= self.sets.n_entries()
            {
                let n_read = self.words.len() - rules.n_left();
                let at = self.words_at + (n_read - rule.condition.0.len()) * 4;
                return Err(FormatError::BadOrder { field: FIELD, at });
            }
            n_rules += 1;
        }
        let (at, expected) = (self.words_at, self.rules.n_entries());
        if rules.n_left() > 0 || n_rules != expected {
            return Err(FormatError::Mismatch { field: FIELD, at, found: n_rules, expected });
        }
        Ok(())
    }

    pub(crate) fn policy(&self) -> Policy<'a> {
        Policy(self.words)
    }

    /// The name of a rule by its place.
    pub(crate) fn rule_name(&self, rule: usize) -> Option<&'a str> {
        self.rules.text(rule)
    }

    /// The number of a set.
    pub(crate) fn find_set(&self, name: &str) -> Option<u32> {
        (0..self.sets.n_entries()).find(|&set| self.sets.text(set as usize) == Some(name))
    }

    /// The name of a set by its number.
    pub(crate) fn set_name(&self, set: u32) -> Option<&'a str> {
        self.sets.text(set as usize)
    }
}

/// Makes the section.
#[cfg(feature = "write")]
pub(crate) fn encode(values: &PolicyValues) -> Result<Vec<u8>, FormatError> {
    let mut bytes = Vec::new();
    crate::table::put_table(&mut bytes, FIELD, &values.rules)?;
    crate::table::put_table(&mut bytes, FIELD, &values.sets)?;
    let n_words = u32::try_from(values.words.len()).unwrap_or(u32::MAX);
    bytes.extend(n_words.to_le_bytes());
    bytes.extend(values.words.as_flattened());
    Ok(bytes)
}

// Cannot fail to compile: a condition of full length fits.
const _: () = assert!(MAX_CONDITION_WORDS < MAX_POLICY_WORDS as usize);

#[cfg(test)]
#[expect(clippy::indexing_slicing, reason = "a test may panic")]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec;

    use edgewise_core::ItemIdx;
    use edgewise_core::condition::{Condition, ConditionBuilder};
    use edgewise_core::policy::{Action, Rule};

    fn values() -> PolicyValues {
        let mut condition = ConditionBuilder::default();
        condition.has_value(edgewise_core::AttributeIdx(0), 1..3);
        let rule = |action| Rule {
            action,
            placements: 0b11,
            set: 1,
            from_minute: 5,
            until_minute: 90,
            condition: Condition(condition.words()),
        };
        let mut words = Vec::new();
        rule(Action::Boost(300)).put(&mut words);
        rule(Action::Pin { item: ItemIdx(4), position: 2 }).put(&mut words);
        let names = |names: [&str; 2]| names.map(str::to_string).to_vec();
        PolicyValues { rules: names(["summer", "lead"]), sets: names(["always", "sale"]), words }
    }

    fn view(bytes: &[u8], n_items: u32) -> Result<PolicyTable<'_>, FormatError> {
        let table = PolicyTable::take(Cursor::new(bytes, 0))?;
        table.check(n_items, 1).map(|()| table)
    }

    #[test]
    fn rules_come_back_with_their_names() {
        let bytes = encode(&values()).unwrap();
        let table = view(&bytes, 5).unwrap();
        assert_eq!(table.policy(), Policy(&values().words));
        assert_eq!((table.rule_name(1), table.rule_name(2)), (Some("lead"), None));
        assert_eq!((table.find_set("sale"), table.find_set("other")), (Some(1), None));
        assert_eq!(table.set_name(0), Some("always"));
    }

    #[test]
    fn rejects_a_rule_that_names_what_is_not_there() {
        let bytes = encode(&values()).unwrap();
        assert!(matches!(view(&bytes, 4), Err(FormatError::BadOrder { .. })), "a pinned item");
        let few_sets = PolicyValues { sets: vec!["always".to_string()], ..values() };
        let bytes = encode(&few_sets).unwrap();
        assert!(matches!(view(&bytes, 5), Err(FormatError::BadOrder { .. })), "a set");
    }

    #[test]
    fn rejects_words_that_are_no_rules() {
        for words in [vec![[9, 0, 0, 0]; 6], values().words[..7].to_vec()] {
            let bytes = encode(&PolicyValues { words, ..values() }).unwrap();
            assert!(matches!(view(&bytes, 5), Err(FormatError::Mismatch { .. })));
        }
        let unnamed = PolicyValues { rules: vec!["summer".to_string()], ..values() };
        let bytes = encode(&unnamed).unwrap();
        assert!(matches!(view(&bytes, 5), Err(FormatError::Mismatch { .. })));
    }
}
