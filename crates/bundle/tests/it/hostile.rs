//! Bytes from outside: whatever they are, opening and asking end in an answer or an error, within a memory cap.

use std::alloc::System;

use cap::Cap;
use edgewise_bundle::{
    Bundle, CardsWanted, DIGEST_AT, ENTRY_BYTES, FormatError, HEADER_BYTES, SectionKind, encode,
};
use edgewise_core::{
    AttributeIdx, CategoryIdx, Context, Event, ItemIdx, Model as _, Placement, Query, Seen,
    each_rule, recommend,
};

use crate::toy;

/// Aborts the test process when a hostile length makes a reader allocate.
#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, 256 << 20);

/// Opens as a baked component and as a stranger would, asks every placement before any entry was looked at, and then
/// looks at all of them.
fn survive(bytes: &[u8]) -> Result<(), FormatError> {
    if let Ok(bundle) = Bundle::open_trusted(bytes) {
        ask(&bundle);
    }
    let bundle = Bundle::open(bytes)?;
    ask(&bundle);
    bundle.check()
}

fn ask(bundle: &Bundle<'_>) {
    let rows = [0, 1, 3, 7, 8, u32::MAX].map(ItemIdx);
    if let Some(rules) = bundle.rules() {
        each_rule(&rules, &[rows, [1, 2, 4, 5, 6, 9].map(ItemIdx)].concat(), |_| ());
    }
    let product = bundle.variant_group();
    for attribute in (0..bundle.n_attributes()).map(AttributeIdx).chain(product) {
        let values = bundle.values_of_text(attribute, "metal > steel");
        let has = rows.map(|row| bundle.has_value(attribute, row, values.clone()));
        let first = rows.map(|row| bundle.first_value(attribute, row));
        let numbers = first.map(|value| bundle.number(attribute, value.unwrap_or(u32::MAX)));
        let below = bundle.values_below(attribute, 15);
        let ranges = has.map(|_| bundle.category_range(CategoryIdx(below)));
        assert!(below <= bundle.n_values(attribute), "{numbers:?} {ranges:?}");
    }
    for placement in Placement::ALL {
        let query = Query {
            placement,
            item: Some(rows[0]),
            history: &rows.map(Event::of),
            cart: &rows[1..3],
            region: bundle.find_region("South"),
            category: bundle.find_category("Tea"),
            exclude: &rows[2..],
            seen: Seen::Show,
            k: 100,
            context: Context::default(),
        };
        let results = recommend(bundle, &query);
        for (at, result) in results.iter().enumerate() {
            assert!(result.item.0 < bundle.n_items(), "a row past the last item");
            assert!(results[..at].iter().all(|other| other.item != result.item), "an item twice");
            let (mut id, mut card) = (Vec::new(), Vec::new());
            let _ = (bundle.item_id(result.item, &mut id), bundle.card(result.item, &mut card));
        }
    }
}

/// Writes the right digest over changed bytes, as an attacker would.
pub(crate) fn resign(bytes: &mut [u8]) {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&bytes[..DIGEST_AT]).update(&bytes[DIGEST_AT + 32..]);
    let digest = hasher.finalize();
    bytes[DIGEST_AT..DIGEST_AT + 32].copy_from_slice(digest.as_bytes());
}

#[test]
fn every_truncation_is_refused() {
    let bytes = toy::bytes();
    for len in 0..bytes.len() {
        assert!(survive(&bytes[..len]).is_err(), "{len}");
    }
    assert_eq!(survive(&bytes), Ok(()));
}

#[test]
fn rejects_changed_bytes() {
    let bytes = toy::bytes();
    for at in 0..bytes.len() {
        for flip in [1, 0x80, 0xff] {
            let mut changed = bytes.clone();
            changed[at] ^= flip;
            assert!(survive(&changed).is_err(), "{at}");
        }
    }
}

#[test]
fn flips_under_a_right_digest_never_panic() {
    let bytes = toy::bytes();
    let mut n_refused = 0;
    for at in HEADER_BYTES..bytes.len() {
        for flip in [1, 0x40, 0x80, 0xff] {
            let mut changed = bytes.clone();
            changed[at] ^= flip;
            resign(&mut changed);
            n_refused += usize::from(survive(&changed).is_err());
        }
    }
    // Letters of a title may be any letters; most other bytes are held by a rule.
    assert!(n_refused > bytes.len() * 2, "{n_refused} of {}", bytes.len() * 4);
}

#[test]
fn seeded_storms_never_panic() {
    let bytes = toy::bytes();
    let mut state = 7u64;
    let mut random = |n: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % n
    };
    for _ in 0..20_000 {
        let mut changed = bytes.clone();
        for _ in 0..=random(8) {
            let at = 8 + random(changed.len() - 8);
            changed[at] = u8::try_from(random(256)).unwrap();
        }
        resign(&mut changed);
        let _ = survive(&changed);
    }
}

/// The toy with four bytes changed and the right digest.
fn with_word(at: usize, word: u32) -> Vec<u8> {
    let mut bytes = toy::bytes();
    bytes[at..at + 4].copy_from_slice(&word.to_le_bytes());
    resign(&mut bytes);
    bytes
}

/// Where the directory entry of a section stands. The toy has every section.
fn entry_at(kind: SectionKind) -> usize {
    HEADER_BYTES
        + ENTRY_BYTES * SectionKind::ALL.iter().position(|other| *other == kind).expect("a kind")
}

#[track_caller]
fn check_refused(bytes: &[u8], expected: &str) {
    let error = survive(bytes).expect_err("refused");
    assert_eq!(error.to_string(), expected);
    assert!(!error.hint().is_empty());
}

#[test]
fn rejects_bad_magic() {
    check_refused(&with_word(0, 0), "not a bundle: starts with `....WISE`, expected `EDGEWISE`");
}

#[test]
fn rejects_another_version() {
    check_refused(&with_word(8, 2), "format version `2` at byte 8, this reader knows `1`");
}

#[test]
fn rejects_a_wrong_length() {
    let len = toy::bytes().len();
    let shorter = u32::try_from(len - 1).unwrap();
    check_refused(
        &with_word(12, shorter),
        &format!("`total_len` at byte 12 is `{shorter}`, expected `{len}`"),
    );
    check_refused(
        &with_word(12, u32::try_from(len + 8).unwrap()),
        &format!("`bundle` at byte 0 needs {} bytes, found {len}", len + 8),
    );
}

#[test]
fn rejects_too_many_sections() {
    check_refused(&with_word(16, 65), "`n_sections` at byte 16 is `65`, expected at most `64`");
}

#[test]
fn rejects_set_flags_and_reserved_bits() {
    check_refused(&with_word(20, 2), "`flags` at byte 20 is `2`, expected at most `1`");
    check_refused(&with_word(28, 9), "`reserved` at byte 28 is `9`, expected `0`");
}

#[test]
fn rejects_a_private_mark_on_a_bundle_that_holds_nobody() {
    check_refused(&with_word(20, 1), "`flags` at byte 20 is `1`, expected `0`");
}

#[test]
fn rejects_a_section_past_the_end() {
    let at = entry_at(SectionKind::Provenance);
    let error = survive(&with_word(at + 12, 1 << 20)).unwrap_err();
    assert!(matches!(error, FormatError::TooShort { field: "section", .. }), "{error}");
}

#[test]
fn rejects_a_section_that_overlaps_or_leaves_a_gap() {
    let at = entry_at(SectionKind::Scoring) + 8;
    let bytes = toy::bytes();
    let offset = u32::from_le_bytes(*bytes[at..].first_chunk().unwrap());
    for moved in [offset - 8, offset + 8] {
        check_refused(
            &with_word(at, moved),
            &format!("`section offset` at byte {at} is `{moved}`, expected `{offset}`"),
        );
    }
}

#[test]
fn rejects_sections_out_of_order() {
    let at = entry_at(SectionKind::Scoring);
    check_refused(
        &with_word(at, 1),
        &format!("`section kind` at byte {at} is out of order or repeated"),
    );
}

#[test]
fn rejects_an_unknown_section_that_must_not_be_skipped() {
    // Without rules, provenance is the last entry.
    let at = entry_at(SectionKind::Provenance);
    let values = toy::values_up_to_provenance();
    let mut bytes = encode(&values, Some(&toy::provenance()), CardsWanted::Yes).unwrap();
    bytes[at] = 99;
    resign(&mut bytes);
    // Provenance is ignorable, and so is what stands in its place.
    assert_eq!(survive(&bytes), Ok(()));
    bytes[at + 4] = 0;
    resign(&mut bytes);
    check_refused(
        &bytes,
        &format!("section kind `99` at byte {at} is unknown and not marked as ignorable"),
    );
}

#[test]
fn rejects_a_missing_section() {
    // Without the optional sections behind it, `attributes` is the last entry.
    let values = toy::values_up_to_provenance();
    let mut bytes = encode(&values, None, CardsWanted::No).unwrap();
    let at = entry_at(SectionKind::Attributes);
    bytes[at..at + 8].copy_from_slice(&[99, 0, 0, 0, 1, 0, 0, 0]);
    resign(&mut bytes);
    check_refused(&bytes, "the section `attributes` is absent");
}

#[test]
fn rejects_padding_that_is_not_zero() {
    let bytes = toy::bytes();
    let bundle = Bundle::open(&bytes).unwrap();
    let end =
        |section: &edgewise_bundle::Section| (section.offset_bytes + section.len_bytes) as usize;
    let padded =
        bundle.sections().find(|section| end(section) % 8 != 0).expect("some section is padded");
    let at = end(&padded);
    let mut changed = bytes.clone();
    changed[at] = 1;
    resign(&mut changed);
    check_refused(&changed, &format!("`padding` at byte {at} is `1`, expected `0`"));
}
