//! Tests of sections of lists.

use super::*;
use alloc::vec;
use alloc::vec::Vec;

use edgewise_core::{Weighted, WeightedItem};

fn weighted(entries: &[(u32, f64)]) -> Vec<WeightedItem> {
    entries.iter().map(|&(row, weight)| WeightedItem { item: ItemIdx(row), weight }).collect()
}

fn view(bytes: &[u8], n_items: u32) -> Result<Lists<'_>, FormatError> {
    let lists = Lists::take(Cursor::new(bytes, 0), "similar", n_items)?;
    lists.check().map(|()| lists)
}

/// A section of two items whose first list names the second, and where that list's bytes begin: the scale, the count,
/// and a byte with a bit each for the rows before, the distance's exponent, and, highest, the weight.
fn of_one_neighbour() -> (Vec<u8>, usize) {
    let bytes = encode("similar", &[weighted(&[(1, 0.5)]), Vec::new()]).unwrap();
    let entry = view(&bytes, 2).unwrap().table.get(0).unwrap();
    assert_eq!(entry.len(), 3);
    let at = entry.as_ptr().addr() - bytes.as_ptr().addr();
    (bytes, at)
}

#[test]
fn lists_come_back_down_and_up_from_their_item_with_weights_near_theirs() {
    let values = [
        weighted(&[(1, 0.5), (2, 0.000_001), (300, 0.25)]),
        weighted(&[(0, 1.0)]),
        Vec::new(),
        weighted(&[(0, 0.123), (1, 0.087), (2, 0.086), (4, 0.1), (299, 0.002)]),
    ];
    let mut lists = values.to_vec();
    lists.resize(301, Vec::new());
    let bytes = encode("similar", &lists).unwrap();
    let view = view(&bytes, 301).unwrap();
    assert_eq!(view.n_entries(), 9);
    let rows: Vec<u32> = view.list(ItemIdx(3)).map(|entry| entry.item.0).collect();
    assert_eq!(rows, [2, 1, 0, 4, 299]);
    for (row, list) in (0..).zip(&lists) {
        let largest = list.iter().map(|entry| entry.weight).fold(0.0, f64::max);
        let mut read: Vec<Weighted> = view.list(ItemIdx(row)).collect();
        read.sort_by_key(|entry| entry.item);
        assert_eq!(read.len(), list.len());
        for (found, expected) in read.iter().zip(list) {
            assert_eq!(found.item, expected.item);
            let value = f64::from(found.weight) / f64::from(Weighted::ONE);
            // The code's distance from the weight, and the scale's from the largest weight.
            let step = largest / 255.0 + expected.weight * 0.022 + 1.0 / 65_535.0;
            assert!((value - expected.weight).abs() <= step, "{value} {expected:?}");
        }
    }
}

#[test]
fn rejects_a_code_book_out_of_order() {
    let (mut bytes, _) = of_one_neighbour();
    bytes[15] = 254;
    assert_eq!(view(&bytes, 2).err(), Some(FormatError::BadOrder { field: "similar", at: 0 }));
}

#[test]
fn rejects_codes_that_are_none() {
    let (bytes, _) = of_one_neighbour();
    for at in [N_CODES + 77, N_CODES + DISTANCES + 77] {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let found = view(&changed, 2).err();
        assert!(matches!(found, Some(FormatError::BadOrder { field: "similar", .. })));
    }
}

#[test]
fn rejects_bits_between_both_streams() {
    let (bytes, at) = of_one_neighbour();
    let mut padded = bytes.clone();
    padded[at + 2] |= 0b1000;
    let found = view(&padded, 2).err();
    assert!(matches!(found, Some(FormatError::Mismatch { field: "similar", .. })));
}

#[test]
fn rejects_streams_that_run_into_each_other() {
    let (mut bytes, at) = of_one_neighbour();
    // Four rows in place of one need twelve bits.
    bytes[at + 1] = 4;
    let found = view(&bytes, 2).err();
    assert!(matches!(found, Some(FormatError::TooShort { field: "similar", .. })), "{found:?}");
}

#[test]
fn rejects_a_list_without_scale_or_without_rows() {
    let (bytes, at) = of_one_neighbour();
    for place in [at, at + 1] {
        let mut changed = bytes.clone();
        changed[place] = 0;
        let found = view(&changed, 2).err();
        assert!(matches!(found, Some(FormatError::Mismatch { found: 0, expected: 1, .. })));
    }
}

#[test]
fn rejects_a_row_past_the_last_item() {
    // The second of three items names the third; with the first entry left out, as the section of two, it stands at the
    // second's place and names a row past the end.
    let lists = [Vec::new(), weighted(&[(2, 0.5)]), Vec::new()];
    let bytes = encode("similar", &lists).unwrap();
    let entries = [[].as_slice(), view(&bytes, 3).unwrap().table.get(1).unwrap()];
    let table_at = N_CODES + DISTANCES + WEIGHTS;
    let mut shorter = bytes[..table_at].to_vec();
    crate::table::put_table(&mut shorter, "similar", &entries).unwrap();
    let found = view(&shorter, 2).err();
    assert!(matches!(found, Some(FormatError::TooMany { found: 2, limit: 1, .. })));
}

#[test]
fn rejects_a_list_before_the_first_item() {
    let (mut bytes, at) = of_one_neighbour();
    // The lowest bit: one row lies before the first item's own.
    bytes[at + 2] |= 1;
    let found = view(&bytes, 2).err();
    assert!(matches!(found, Some(FormatError::TooMany { found: u32::MAX, limit: 1, .. })));
}

#[test]
fn refuses_weights_that_are_none() {
    for weight in [0.0, -0.5, 1.5, f64::NAN] {
        let refused = encode("similar", &[weighted(&[(1, weight)]), Vec::new()]);
        assert!(matches!(refused, Err(FormatError::BadWeight { item: 1, .. })));
    }
}

#[test]
fn refuses_rows_out_of_order_or_out_of_the_model_or_the_items_own() {
    let refused = encode("similar", &[weighted(&[(2, 0.5), (1, 0.5)]), Vec::new(), Vec::new()]);
    assert!(matches!(refused, Err(FormatError::BadOrder { at: 1, .. })));
    let refused = encode("similar", &[weighted(&[(0, 0.5)])]);
    assert!(matches!(refused, Err(FormatError::BadOrder { at: 0, .. })));
    let refused = encode("similar", &[weighted(&[(1, 0.5)])]);
    assert!(matches!(refused, Err(FormatError::TooMany { found: 1, limit: 0, .. })));
}

#[test]
fn sizes_are_what_can_be_worked_out_by_hand() {
    // Four items, each of which names the next one with its full weight: every symbol is the same, so an ideal coder
    // needs only to know where the own row stands, one bit a list, and that the last item has no list.
    let next = |row: u32| weighted(&[(row + 1, 1.0)]);
    let bytes = encode("similar", &[next(0), next(1), next(2), Vec::new()]).unwrap();
    let sizes = view(&bytes, 4).unwrap().sizes(bytes.len() as u64);
    assert_eq!((sizes.n_neighbours, sizes.n_bytes), (3, bytes.len() as u64));
    assert!((sizes.row_bits - 3.0).abs() < 1e-9);
    // The length 0 once and 1 three times: 4 log2 4 - 3 log2 3.
    let lengths = 8.0 - 3.0 * 3.0f64.log2();
    assert!((sizes.bound_bits - 3.0 - lengths).abs() < 1e-9);
    // One of three other items, three times.
    assert!((sizes.row_bits_of_any_order - 3.0 * 3.0f64.log2()).abs() < 1e-9);
}

#[test]
fn distances_of_every_magnitude_come_back() {
    let n_items = 70_000u32;
    let rows: Vec<u32> =
        (0..17).flat_map(|bit| [35_000 - (1 << bit).min(35_000), 35_001 + (1 << bit)]).collect();
    let mut rows: Vec<u32> = rows.into_iter().filter(|&row| row < n_items).collect();
    rows.sort_unstable();
    rows.dedup();
    let list: Vec<(u32, f64)> =
        rows.iter().map(|&row| (row, f64::from(row % 255 + 1) / 255.0)).collect();
    let mut lists = vec![Vec::new(); n_items as usize];
    lists[35_000] = weighted(&list);
    lists[0] = weighted(&[(n_items - 1, 1.0)]);
    lists[n_items as usize - 1] = weighted(&[(0, 0.5)]);
    let bytes = encode("similar", &lists).unwrap();
    let view = view(&bytes, n_items).unwrap();
    let mut found: Vec<u32> = view.list(ItemIdx(35_000)).map(|entry| entry.item.0).collect();
    found.sort_unstable();
    assert_eq!(found, rows);
    assert_eq!(view.list(ItemIdx(n_items - 1)).map(|entry| entry.item.0).collect::<Vec<_>>(), [0]);
}
