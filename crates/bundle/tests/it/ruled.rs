//! The toy shop with rules of every kind, and its golden bundle.

use std::fs;

use edgewise_bundle::{Bundle, CardsWanted, VERSION, encode};
use edgewise_core::condition::{Condition, ConditionBuilder};
use edgewise_core::policy::{Action, Rule};
use edgewise_core::{AttributeIdx, ItemIdx, Model as _, ModelValues, Placement, PolicyValues};

use crate::golden::golden_path;
use crate::toy;

/// The attribute that is the category, of which 0 is tea and 1 tools.
const CATEGORY: AttributeIdx = AttributeIdx(0);
/// From the first of December 2026 to the morning of Christmas.
const ADVENT: [u32; 2] = [29_934_720, 29_969_280];

fn at(placements: &[Placement]) -> u8 {
    placements.iter().fold(0, |bits, placement| bits | 1 << placement.index())
}

fn policy() -> PolicyValues {
    use Placement::{Home, Item, Popular, Together};
    let category = |row| {
        let mut condition = ConditionBuilder::default();
        condition.has_value(CATEGORY, row..row + 1);
        condition.into_words()
    };
    let (tea, tools) = (category(0), category(1));
    let rule = |action, placements: &[Placement]| Rule {
        action,
        placements: at(placements),
        set: 0,
        from_minute: 0,
        until_minute: u32::MAX,
        condition: Condition(&[]),
    };
    let spoon = Action::Pin { item: ItemIdx(5), position: 2 };
    let rules = [
        ("no tools at home", Rule { condition: Condition(&tools), ..rule(Action::Drop, &[Home]) }),
        ("tea first", Rule { condition: Condition(&tea), ..rule(Action::Boost(700), &[Popular]) }),
        (
            "spoons in advent",
            Rule {
                set: 1,
                from_minute: ADVENT[0],
                until_minute: ADVENT[1],
                ..rule(spoon, &[Item, Popular])
            },
        ),
        ("two of a kind", rule(Action::Cap { attribute: CATEGORY, n: 2 }, &[Popular])),
        ("unlike", rule(Action::Diversity(128), &[Together])),
        ("turn daily", rule(Action::Rotate { strength: 200, period_minutes: 1_440 }, &[Home])),
        ("bought lately", rule(Action::HidePurchased { days: 30 }, &Placement::ALL)),
    ];
    let mut words = Vec::new();
    for (_, rule) in &rules {
        rule.put(&mut words);
    }
    PolicyValues {
        rules: rules.iter().map(|(name, _)| (*name).to_owned()).collect(),
        sets: vec!["always".to_owned(), "winter".to_owned()],
        words,
    }
}

fn bytes() -> Vec<u8> {
    // Without products: of a shop this small their variants would leave nothing to turn.
    let mut values =
        ModelValues { policy: Some(policy()), attributes: Vec::new(), ..toy::values() };
    for item in &mut values.items {
        item.attributes.clear();
    }
    encode(&values, Some(&toy::provenance()), CardsWanted::Yes).expect("the toy is a model")
}

#[test]
fn the_golden_bundle_has_rules_of_every_kind() {
    let path = golden_path(VERSION, "ruled.bundle");
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, bytes()).unwrap();
    }
    let found = fs::read(&path).unwrap();
    assert!(found == bytes());
    let bundle = Bundle::open(&found).unwrap();
    assert_eq!(bundle.check(), Ok(()));
    assert_eq!(bundle.policy().rules().count(), policy().rules.len());
}
