//! Rules come back, and bytes that break a rule of the format are refused.

use alloc::vec;

use super::*;

const N_ITEMS: usize = 400;

fn set(antecedents: &[u32], targets: &[(u32, f64)]) -> AntecedentRules {
    let target = |&(row, weight): &(u32, f64)| WeightedItem { item: ItemIdx(row), weight };
    AntecedentRules {
        antecedents: antecedents.iter().copied().map(ItemIdx).collect(),
        targets: targets.iter().map(target).collect(),
    }
}

fn view(bytes: &[u8]) -> Result<RuleTable<'_>, FormatError> {
    let n_items = u32::from_le_bytes(*bytes.first_chunk().unwrap());
    let rules = RuleTable::take(Cursor::new(bytes, 0), n_items)?;
    rules.check().map(|()| rules)
}

/// A table whose last entry is `entry`, as a stranger might write it.
fn with_entry(entry: &[u8]) -> Vec<u8> {
    let mut entries = vec![Vec::new(); 9];
    entries.push(entry.to_vec());
    let mut bytes = Vec::new();
    crate::table::put_table(&mut bytes, FIELD, &entries).unwrap();
    bytes
}

#[track_caller]
fn refused(entry: &[u8]) -> FormatError {
    view(&with_entry(entry)).expect_err("refused")
}

#[test]
fn rules_come_back_with_weights_within_half_a_step() {
    let sets = [
        set(&[0, 3], &[(1, 1.0), (399, 0.25)]),
        set(&[0, 1, 9], &[(2, 0.000_1)]),
        set(&[0, 2, 9], &[(1, 0.6)]),
        set(&[5, 9], &[(0, 0.4)]),
        set(&[300, 399], &[(0, 0.5), (1, 0.4)]),
    ];
    let bytes = encode(&sets, N_ITEMS).unwrap();
    let view = view(&bytes).unwrap();
    let mut expected = sets.iter();
    for highest in (0..400).map(ItemIdx) {
        for found in view.rules_of(highest) {
            let expected = expected.next().unwrap();
            let antecedents = [found.others.as_slice(), &[highest]].concat();
            assert_eq!(antecedents, expected.antecedents);
            let targets: Vec<Weighted> = found.targets.collect();
            assert_eq!(targets.len(), expected.targets.len());
            for (found, expected) in targets.iter().zip(&expected.targets) {
                assert_eq!(found.item, expected.item);
                let value = f64::from(found.weight) / f64::from(Weighted::ONE);
                assert!((value - expected.weight).abs() <= 1.0 / 255.0);
            }
        }
    }
    assert_eq!(expected.next(), None);
    assert_eq!(view.rules_of(ItemIdx(u32::MAX)).count(), 0);
}

#[test]
fn rejects_a_rule_of_too_many_antecedents() {
    assert!(matches!(refused(&[0, 0]), FormatError::TooMany { found: 0, limit: 2, .. }));
    assert!(matches!(refused(&[3, 0, 0, 0]), FormatError::TooMany { found: 3, limit: 2, .. }));
}

#[test]
fn rejects_antecedents_at_or_above_the_highest() {
    assert!(matches!(refused(&[1, 9, 2, 0, 1]), FormatError::BadOrder { .. }));
}

#[test]
fn rejects_rules_out_of_order() {
    let set = [1, 4, 2, 0, 1];
    assert!(view(&with_entry(&set)).is_ok());
    assert!(matches!(refused(&[set, set].concat()), FormatError::BadOrder { .. }));
}

#[test]
fn rejects_a_rule_that_leads_to_its_own_antecedent() {
    assert!(matches!(refused(&[1, 4, 2, 4, 1]), FormatError::BadOrder { .. }));
    assert!(matches!(refused(&[1, 4, 2, 9, 1]), FormatError::BadOrder { .. }));
}

#[test]
fn rejects_a_rule_past_the_last_item() {
    assert!(matches!(refused(&[1, 4, 2, 10, 1]), FormatError::TooMany { found: 10, limit: 9, .. }));
}

#[test]
fn rejects_a_rule_without_targets_or_weight() {
    assert!(matches!(refused(&[1, 4, 0]), FormatError::Mismatch { found: 0, expected: 1, .. }));
    assert!(matches!(refused(&[1, 4, 2, 0, 0]), FormatError::Mismatch { found: 0, .. }));
    assert!(matches!(refused(&[1, 4, 3, 0, 1]), FormatError::TooShort { needed: 3, found: 2, .. }));
    assert!(matches!(refused(&[1, 4, 1, 0]), FormatError::TooShort { needed: 1, found: 0, .. }));
}

#[test]
fn rejects_too_many_rules_of_one_item() {
    let n_sets = MAX_RULES_PER_ITEM / 2 + 1;
    let row = |number: u32| ItemIdx(number + 2);
    let sets: Vec<AntecedentRules> =
        (0..n_sets).map(|number| set(&[row(number).0, 9_000], &[(0, 0.5), (1, 0.5)])).collect();
    let bytes = encode(&sets, 9_001).unwrap();
    assert!(matches!(view(&bytes), Err(FormatError::TooMany { limit: MAX_RULES_PER_ITEM, .. })));
}

#[test]
fn refuses_sets_that_are_none() {
    assert!(matches!(encode(&[set(&[], &[])], 3), Err(FormatError::TooShort { .. })));
    assert!(matches!(encode(&[set(&[0, 3], &[])], 3), Err(FormatError::TooMany { found: 3, .. })));
    let bad = |targets: &[(u32, f64)]| encode(&[set(&[0, 2], targets)], 3);
    assert!(matches!(bad(&[(1, 1.5)]), Err(FormatError::BadWeight { item: 1, .. })));
    assert!(matches!(bad(&[(1, 0.5), (1, 0.5)]), Err(FormatError::BadOrder { .. })));
}
