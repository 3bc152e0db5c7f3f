//! Ids come back both ways, take few bits, and damaged ones are refused.

use alloc::format;
use alloc::string::String;

use super::encode::{self, encode};
use super::*;

fn view(bytes: &[u8]) -> Result<Items<'_>, FormatError> {
    let items = Items::take(Cursor::new(bytes, 0))?;
    items.check().map(|()| items)
}

fn mixed(n: u64) -> Vec<String> {
    let number = |index: u64| index.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
    let id = |index: u64| match index % 4 {
        0 => format!("{}", number(index) % 100_000),
        1 => format!("{}{}", number(index) % 90_000, if index % 8 < 4 { "A" } else { "BL" }),
        2 => format!("sku-{:012x}", number(index)),
        _ => format!("0{index}"),
    };
    let ids: alloc::collections::BTreeSet<String> = (0..n).map(id).collect();
    let mut ids: Vec<String> = ids.into_iter().collect();
    let half = ids.len() / 2;
    ids.rotate_left(half);
    ids.reverse();
    ids
}

fn check(ids: &[&str]) -> usize {
    let bytes = encode(ids).unwrap();
    let items = view(&bytes).unwrap();
    let mut text = Vec::new();
    for (row, id) in (0..).map(ItemIdx).zip(ids) {
        assert_eq!(items.id(row, &mut text), Some(*id));
        assert_eq!(items.find(id), Some(row), "{id}");
    }
    assert_eq!(items.id(ItemIdx(items.n_items()), &mut text), None);
    for absent in ["", "00", "saucer", "4294967296", "99999999", "\u{10ffff}"] {
        assert_eq!(items.find(absent), None);
    }
    bytes.len()
}

#[test]
fn ids_come_back_both_ways() {
    check(&[]);
    check(&["7"]);
    check(&["teapot"]);
    check(&["teapot", "cup", "kettle"]);
    check(&["10", "9", "0", "010", "4294967295", "4294967297", "1e3", "-1", "１", "naïve"]);
    let ids = mixed(3_000);
    check(&ids.iter().map(String::as_str).collect::<Vec<_>>());
}

#[test]
fn numbers_cost_little_more_than_their_order() {
    let ids: Vec<String> =
        (0..4_096u64).map(|row| format!("{}", row * 2_731 % 4_096 * 2 + 10_000)).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    // Twelve bits there, a quarter of that back, five for the number.
    assert!(check(&ids) < 4_096 * 20 / 8, "{}", check(&ids));
}

#[test]
fn rejects_repeated_and_empty_ids() {
    let repeated = encode(&["cup", "cup"]).unwrap();
    assert!(matches!(view(&repeated), Err(FormatError::BadOrder { field: FIELD, .. })));
    let repeated = encode(&["7", "7"]).unwrap();
    assert!(matches!(view(&repeated), Err(FormatError::BadOrder { field: FIELD, .. })));
    let empty = encode(&["cup", ""]).unwrap();
    assert!(matches!(view(&empty), Err(FormatError::TooShort { field: FIELD, .. })));
}

#[test]
fn refuses_an_id_over_its_limit() {
    let id = "x".repeat(129);
    assert!(matches!(encode(&[&id]), Err(FormatError::TooMany { limit: 128, .. })));
}

#[test]
fn rejects_a_number_among_the_texts() {
    let mut bytes: Vec<u8> = [1u32, 0, 0].map(u32::to_le_bytes).concat();
    crate::permutation::put_permutation(&mut bytes, &[0]);
    encode::put_texts(&mut bytes, &[(b"7", 0)]).unwrap();
    assert!(matches!(view(&bytes), Err(FormatError::BadText { field: FIELD, .. })));
}
