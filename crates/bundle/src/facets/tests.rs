//! Attributes come back, and bytes that break a rule of the format are refused.

use alloc::string::String;
use alloc::vec;

use edgewise_core::{Attribute, AttributeValues, CatalogItem};

use super::*;

fn texts(texts: &[&str]) -> AttributeValues {
    AttributeValues::Texts(texts.iter().copied().map(String::from).collect())
}

fn attribute(name: &str, values: AttributeValues) -> Attribute {
    Attribute { name: name.into(), values }
}

fn item(attributes: &[&[u32]]) -> CatalogItem {
    let attributes = attributes.iter().map(|values| values.to_vec()).collect();
    CatalogItem { attributes, ..CatalogItem::default() }
}

/// Brands, colours in a tree, products and stock of five items.
fn toy() -> Vec<u8> {
    let numbers = AttributeValues::Numbers { decimals: 2, values: vec![0, 150, 70_000] };
    let attributes = [
        attribute("brand", texts(&["Acme", "Boo"])),
        attribute("colour", texts(&["blue", "red", "red\u{1f}dark"])),
        attribute("product", AttributeValues::Products(2)),
        attribute("stock", numbers),
    ];
    let items = [
        item(&[&[1], &[0, 2], &[1], &[2]]),
        item(&[&[], &[1], &[0], &[0]]),
        item(&[&[0], &[0, 2], &[1], &[]]),
        item(&[&[1]]),
        item(&[&[0], &[], &[0], &[1]]),
    ];
    encode::encode(&attributes, &items).unwrap()
}

fn view(bytes: &[u8], n_items: u32) -> Result<Facets<'_>, FormatError> {
    let facets = Facets::take(Cursor::new(bytes, 0), n_items)?;
    facets.check().map(|()| facets)
}

/// The section of one attribute of as many items as there are lists.
fn one(values: AttributeValues, of: &[&[u32]]) -> Vec<u8> {
    let items: Vec<CatalogItem> = of.iter().map(|values| item(&[values])).collect();
    encode::encode(&[attribute("a", values)], &items).unwrap()
}

#[track_caller]
fn refused(bytes: &[u8], n_items: u32) -> FormatError {
    view(bytes, n_items).expect_err("refused")
}

fn put(bytes: &mut [u8], at: usize, byte: u8) {
    *bytes.get_mut(at).unwrap() = byte;
}

#[test]
fn attributes_come_back() {
    let bytes = toy();
    let facets = view(&bytes, 5).unwrap();
    assert_eq!(
        (0..5).filter_map(|at| facets.name(at)).collect::<Vec<_>>(),
        ["brand", "colour", "product", "stock"]
    );
    let of = |name: &str, row: u32| {
        let facet = facets.get(facets.find(name).unwrap()).unwrap();
        facet.values(ItemIdx(row)).collect::<Vec<u32>>()
    };
    assert_eq!(
        [0, 1, 2, 3, 4, 5].map(|row| of("brand", row)),
        [vec![1], vec![], vec![0], vec![1], vec![0], vec![]]
    );
    assert_eq!(
        [0, 1, 2, 3].map(|row| of("colour", row)),
        [vec![0, 2], vec![1], vec![0, 2], vec![]]
    );
    // Products are numbered in the order of their first items.
    assert_eq!(
        [0, 1, 2, 3, 4].map(|row| of("product", row)),
        [vec![0], vec![1], vec![0], vec![], vec![1]]
    );
    assert_eq!(facets.variant_group(), facets.find("product"));
    let stock = facets.get(facets.find("stock").unwrap()).unwrap();
    assert_eq!(stock.kind(), AttributeKind::Number { decimals: 2 });
    assert_eq!(
        [0, 1, 2, 3].map(|value| stock.number(value)),
        [Some(0), Some(150), Some(70_000), None]
    );
    assert_eq!(
        [0, 1, 150, 151, u32::MAX].map(|number| stock.values_below(number)),
        [0, 1, 1, 2, 3]
    );
    let colour = facets.get(facets.find("colour").unwrap()).unwrap();
    assert_eq!(colour.texts().unwrap().subtree(1), 1..3);
    assert!(colour.has_value(ItemIdx(0), &(1..3)) && !colour.has_value(ItemIdx(0), &(1..2)));
}

#[test]
fn an_item_with_one_text_each_pays_for_no_sets() {
    let single = one(texts(&["x", "y", "z"]), &[&[0], &[2], &[], &[1]]);
    // Names 12, head 4, texts 12, no sets 8, four slots of two bits 4.
    assert_eq!(single.len(), 40);
}

#[test]
fn any_change_of_one_byte_ends_in_an_answer_or_an_error() {
    let bytes = toy();
    for at in 0..bytes.len() {
        for flip in [1, 2, 0x10, 0x80, 0xff] {
            let mut changed = bytes.clone();
            *changed.get_mut(at).unwrap() ^= flip;
            let Ok(facets) = Facets::take(Cursor::new(&changed, 0), 5) else { continue };
            let _ = facets.check();
            for facet in (0..facets.n()).filter_map(|number| facets.get(number)) {
                let values = (0..7).map(|row| facet.values(ItemIdx(row)).count());
                assert!(values.sum::<usize>() < 100);
                let _ = (facet.values_below(7), facet.number(1));
            }
        }
    }
}

#[test]
fn rejects_an_attribute_of_no_known_kind() {
    let bytes = one(texts(&["x"]), &[&[0]]);
    for (at, value) in [(12, 3), (13, 1), (14, 1)] {
        let mut changed = bytes.clone();
        put(&mut changed, at, value);
        assert!(matches!(refused(&changed, 1), FormatError::TooMany { at: 12, .. }), "{at}");
    }
    let numbers = AttributeValues::Numbers { decimals: 10, values: vec![1] };
    assert!(matches!(
        refused(&one(numbers, &[&[0]]), 1),
        FormatError::TooMany { found: 10, limit: 9, .. }
    ));
}

#[test]
fn rejects_a_section_without_attributes() {
    let bytes = encode::encode(&[], &[]).unwrap();
    assert!(matches!(refused(&bytes, 0), FormatError::TooShort { needed: 1, .. }));
}

#[test]
fn rejects_two_attributes_of_variant_groups() {
    let products = |name| attribute(name, AttributeValues::Products(1));
    let bytes = encode::encode(&[products("a"), products("b")], &[item(&[&[0], &[0]])]).unwrap();
    assert!(matches!(refused(&bytes, 1), FormatError::BadOrder { .. }));
}

#[test]
fn rejects_numbers_that_do_not_ascend() {
    let numbers = AttributeValues::Numbers { decimals: 0, values: vec![3, 3] };
    assert!(matches!(refused(&one(numbers, &[&[0]]), 1), FormatError::BadOrder { .. }));
}

#[test]
fn rejects_sets_out_of_order_or_range() {
    let good = one(texts(&["x", "y"]), &[&[0], &[0, 1]]);
    assert!(view(&good, 2).is_ok());
    // The bodies of both sets: `0` and `0 0`, behind the counts and the byte of the ends.
    let at = good.windows(3).rposition(|bytes| bytes == [0, 0, 0]).unwrap();
    let mut n_refused = 0;
    for (at, value) in [(at, 1), (at + 1, 1), (at + 2, 1), (at + 2, 0x80)] {
        let mut changed = good.clone();
        put(&mut changed, at, value);
        n_refused += u32::from(view(&changed, 2).is_err());
    }
    assert!(n_refused >= 3, "{n_refused}");
    let needless = one(texts(&["x", "y"]), &[&[0], &[1, 1]]);
    assert!(view(&needless, 2).is_err());
}

#[test]
fn rejects_a_slot_past_the_last_value() {
    let mut bytes = one(texts(&["x", "y"]), &[&[0], &[1]]);
    let at = bytes.len() - 4;
    put(&mut bytes, at, 0b1101);
    assert!(matches!(refused(&bytes, 2), FormatError::TooMany { found: 3, limit: 2, .. }));
    put(&mut bytes, at, 0b01_1001);
    assert!(matches!(refused(&bytes, 2), FormatError::Mismatch { found: 1, expected: 0, .. }));
}

#[test]
fn rejects_variant_groups_out_of_the_order_of_their_items() {
    let bytes = one(AttributeValues::Products(2), &[&[1], &[0]]);
    let mut changed = bytes.clone();
    let at = bytes.len() - 4;
    assert_eq!(bytes.get(at), Some(&0b1001));
    put(&mut changed, at, 0b0110);
    assert!(matches!(refused(&changed, 2), FormatError::TooMany { found: 2, limit: 1, .. }));
    put(&mut changed, at, 0b0101);
    assert!(matches!(refused(&changed, 2), FormatError::Mismatch { found: 2, expected: 1, .. }));
}

#[test]
fn rejects_a_path_without_its_parent() {
    let bytes = one(texts(&["a\u{1f}b"]), &[&[0]]);
    assert!(matches!(refused(&bytes, 1), FormatError::BadOrder { .. }));
}

#[test]
fn rejects_names_that_are_no_paths() {
    for name in ["a\tb", "a\u{1f}", "\u{1f}"] {
        assert!(matches!(refused(&one(texts(&[name]), &[&[0]]), 1), FormatError::BadText { .. }));
    }
}

#[test]
fn refuses_values_that_are_not_there() {
    let found = encode::encode(&[attribute("a", texts(&["x"]))], &[item(&[&[1]])]);
    assert!(matches!(found, Err(FormatError::TooMany { found: 1, limit: 0, .. })));
}
