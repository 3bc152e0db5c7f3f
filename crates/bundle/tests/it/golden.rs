//! Golden files: the bytes of every version that this reader claims to know.

use std::fs;
use std::path::PathBuf;

use edgewise_bundle::{Bundle, CardsWanted, SectionKind, VERSION, encode};
use edgewise_core::{AttributeIdx, Audience, CategoryIdx, ItemIdx, Model, Relation, Rules};

use crate::toy;

/// The oldest version that this reader opens.
const OLDEST: u32 = 1;

pub(crate) fn golden_path(version: u32, name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("../../tests/golden/v{version}/{name}"))
}

#[test]
fn every_version_has_a_golden_bundle_that_opens() {
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(golden_path(VERSION, "toy.bundle"), toy::bytes()).unwrap();
    }
    for version in OLDEST..=VERSION {
        let path = golden_path(version, "toy.bundle");
        let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let bundle = Bundle::open(&bytes).unwrap();
        assert_eq!(bundle.check(), Ok(()));
        assert_eq!(bundle.n_items(), 8);
    }
}

#[test]
fn the_encoder_still_writes_the_golden_bytes() {
    assert!(fs::read(golden_path(VERSION, "toy.bundle")).unwrap() == toy::bytes());
}

#[test]
fn every_value_comes_back() {
    let (values, bytes) = (toy::values(), toy::bytes());
    let bundle = Bundle::open(&bytes).unwrap();
    for (row, item) in (0..).map(edgewise_core::ItemIdx).zip(&values.items) {
        let (mut id, mut card) = (Vec::new(), Vec::new());
        assert_eq!(bundle.item_id(row, &mut id), Some(item.id.as_str()));
        assert_eq!(bundle.find_item(&item.id), Some(row));
        assert_eq!(bundle.category(row), item.category);
        assert_eq!(bundle.rebuy(row), values.rebuy[row.index()]);
        for (attribute, number) in values.attributes.iter().zip(1..) {
            let of = item.attributes.get(number - 1).cloned().unwrap_or_default();
            let number = bundle.attribute(&attribute.name).unwrap();
            assert!(bundle.values(number, row).eq(of.iter().copied()));
            assert_eq!(bundle.first_value(number, row), of.first().copied());
            let is_any = |value: u32| bundle.has_value(number, row, value..value + 1);
            assert!((0..5).filter(|value| is_any(*value)).eq(of));
        }
        let card = bundle.card(row, &mut card).unwrap();
        assert_eq!(card.title, item.title.as_deref());
        assert_eq!(card.price, item.price.as_deref());
        assert_eq!(card.url, item.url.as_deref());
        assert_eq!(card.image, item.image.as_deref());
        for relation in Relation::LISTED {
            let mut found: Vec<_> =
                bundle.neighbours(relation, row).map(|entry| entry.item).collect();
            found.sort_unstable();
            let list = &values.lists(relation)[row.index()];
            let expected: Vec<_> = list.iter().map(|entry| entry.item).collect();
            assert_eq!(found, expected);
        }
    }
    let rules = bundle.rules().unwrap();
    for expected in &values.rules {
        let highest = *expected.antecedents.last().unwrap();
        let is_it = |others: &[ItemIdx]| [others, &[highest]].concat() == expected.antecedents;
        let set = rules.rules_of(highest).find(|set| is_it(set.others.as_slice())).unwrap();
        let found: Vec<_> = set.targets.map(|entry| entry.item).collect();
        assert_eq!(found, expected.targets.iter().map(|entry| entry.item).collect::<Vec<_>>());
    }
    assert_eq!(bundle.ranking(Audience::Everyone).count(), 8);
    assert_eq!(bundle.currency(), Some("EUR"));
    assert_eq!(bundle.provenance(), Ok(Some(toy::provenance())));
    assert_eq!(bundle.scoring(), &values.scoring);
    let saw = bundle.find_item("saw").unwrap();
    assert!(bundle.is_available(saw, bundle.find_region("North").unwrap()));
    assert!(!bundle.is_available(saw, bundle.find_region("South").unwrap()));
}

#[test]
fn attributes_are_found_by_name_and_their_values_by_text_and_number() {
    let bytes = toy::bytes();
    let bundle = Bundle::open(&bytes).unwrap();
    let named = |name| bundle.attribute(name).unwrap();
    assert_eq!(named("category"), AttributeIdx::CATEGORY);
    assert_eq!(bundle.attribute("size"), None);
    let colour = named("colour");
    assert_eq!(bundle.values_of_text(colour, "metal"), 0..3);
    assert_eq!(bundle.values_of_text(colour, "metal > steel"), 2..3);
    assert_eq!(bundle.values_of_text(colour, "steel"), 0..0);
    assert_eq!(bundle.value_text(colour, 1, &mut Vec::new()), Some("metal > copper"));
    assert_eq!(bundle.values_of_text(AttributeIdx::CATEGORY, "Tools"), 1..2);
    let stock = named("stock");
    assert_eq!((bundle.decimals(stock), bundle.decimals(colour)), (Some(1), None));
    assert_eq!((bundle.number(stock, 1), bundle.number(colour, 1)), (Some(15), None));
    assert_eq!([0, 1, 16, 500].map(|number| bundle.values_below(stock, number)), [0, 1, 2, 3]);
    assert_eq!(bundle.variant_group(), bundle.attribute("product"));
    assert_eq!(bundle.category_range(CategoryIdx(1)), 1..2);
    assert_eq!(bundle.category_parent(CategoryIdx(1)), None);
    assert_eq!(bundle.n_attributes(), 5);
}

#[test]
fn a_category_is_a_node_with_all_below_it_and_shown_as_its_path() {
    let names =
        ["Home", "Home\u{1f}Kitchen", "Home\u{1f}Kitchen\u{1f}Mugs", "Home Office", "Tools"];
    let mut values = toy::values_up_to_provenance();
    values.categories = names.map(str::to_owned).into();
    values.rankings.splice(1..3, [vec![], vec![], vec![], vec![], vec![]]);
    let bytes = encode(&values, None, CardsWanted::Yes).unwrap();
    let bundle = Bundle::open(&bytes).unwrap();
    assert_eq!(bundle.check(), Ok(()));
    let kitchen = bundle.find_category("Home > Kitchen").unwrap();
    assert_eq!(bundle.category_range(kitchen), 1..3);
    assert_eq!(bundle.category_range(bundle.category_parent(kitchen).unwrap()), 0..3);
    assert_eq!(bundle.category_range(CategoryIdx(9)), 9..9);
    assert_eq!(bundle.category_name(kitchen, &mut Vec::new()), Some("Home > Kitchen"));
    let hammer = bundle.find_item("hammer").unwrap();
    assert_eq!(bundle.card(hammer, &mut Vec::new()).unwrap().category, Some("Home > Kitchen"));
}

#[test]
fn a_bundle_may_lack_what_is_optional() {
    let values = edgewise_core::ModelValues {
        similar: vec![],
        together: vec![],
        ..toy::values_up_to_provenance()
    };
    let bytes = encode(&values, None, CardsWanted::No).unwrap();
    let bundle = Bundle::open(&bytes).unwrap();
    let kinds: Vec<u32> = bundle.sections().map(|section| section.number).collect();
    let required = SectionKind::ALL.into_iter().filter(|kind| !kind.is_optional());
    assert_eq!(kinds, required.map(SectionKind::number).collect::<Vec<_>>());
    assert_eq!(bundle.card(edgewise_core::ItemIdx(0), &mut Vec::new()), None);
    assert_eq!(bundle.n_entries(Relation::Similar), None);
    assert_eq!(bundle.provenance(), Ok(None));
}
