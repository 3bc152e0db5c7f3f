//! Experiments come back, and bytes that break a rule of the format are refused.
#![expect(clippy::indexing_slicing, reason = "a test may panic")]

use alloc::borrow::ToOwned;
use alloc::vec;

use edgewise_core::{ALL_RULE_SETS, Among, ExperimentError, Relation, Source, Term};

use super::*;

fn variant(name: &str, share: u16) -> Variant {
    Variant { name: name.to_owned(), share, rules: ALL_RULE_SETS, ladders: Vec::new() }
}

fn two() -> Vec<Experiment> {
    let term = Term { relation: Relation::Similar, from: Source::History, decay: 1, weight: 3 };
    let own = vec![Rung::Related(vec![term; 2]), Rung::Popular(Among::Everyone)];
    let bold = Variant {
        rules: 0b101,
        ladders: vec![
            (Placement::Cart, vec![Rung::Popular(Among::Everyone)]),
            (Placement::Home, own),
        ],
        ..variant("bold", 2_500)
    };
    vec![
        Experiment {
            name: "Spring".to_owned(),
            salt: "spring-2026".to_owned(),
            placements: [Placement::Home, Placement::Cart].into_iter().collect(),
            period: Period { start_s: 1_772_323_200, end_s: u64::MAX },
            variants: vec![variant("control", 5_000), bold],
        },
        Experiment {
            name: "Größe".to_owned(),
            salt: "s".to_owned(),
            placements: [Placement::Item].into_iter().collect(),
            period: Period { start_s: 0, end_s: 1 << 33 },
            variants: vec![variant("a", 1), variant("b", 1), variant("c", 9_998)],
        },
    ]
}

fn checked(experiments: Vec<Experiment>) -> Experiments {
    Experiments::new(experiments, &Scoring::standard()).unwrap()
}

fn section() -> Vec<u8> {
    encode(&checked(two())).unwrap()
}

fn opened(bytes: &[u8]) -> Result<Experiments, FormatError> {
    decode(Cursor::new(bytes, 0), &Scoring::standard())
}

/// Texts and numbers as a stranger might write them.
fn written(texts: &[&[u8]], numbers: &[u16]) -> Vec<u8> {
    let mut bytes = Vec::new();
    crate::table::put_table(&mut bytes, FIELD, texts).unwrap();
    bytes.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    bytes
}

const TEXTS: [&[u8]; 4] = [b"name", b"salt", b"a", b"b"];
/// One experiment, always and on the start page, of two halves.
const NUMBERS: [u16; 17] =
    [1, 8, 0, 0, 0, 0, 65_535, 65_535, 65_535, 65_535, 2, 5_000, 1, 0, 5_000, 1, 0];

/// Changes some of [`NUMBERS`].
#[track_caller]
fn refused(changes: &[(usize, u16)]) -> FormatError {
    let mut numbers = NUMBERS;
    assert!(opened(&written(&TEXTS, &numbers)).is_ok());
    for &(at, number) in changes {
        numbers[at] = number;
    }
    opened(&written(&TEXTS, &numbers)).expect_err("refused")
}

#[track_caller]
fn count_of(error: FormatError) -> &'static str {
    match error {
        FormatError::Experiments(ExperimentError::Count { field, .. }) => field,
        other => panic!("not a count: {other}"),
    }
}

#[test]
fn experiments_come_back() {
    assert_eq!(opened(&section()), Ok(checked(two())));
}

#[test]
fn rejects_no_experiments_and_what_follows_them() {
    assert!(matches!(opened(&written(&[], &[0])), Err(FormatError::BadTable { .. })));
    let more = [&NUMBERS[..], &[0]].concat();
    assert!(matches!(opened(&written(&TEXTS, &more)), Err(FormatError::BadTable { .. })));
    let texts = [&TEXTS[..], &[b"c"]].concat();
    assert!(matches!(opened(&written(&texts, &NUMBERS)), Err(FormatError::BadTable { .. })));
    let odd = [section(), vec![0]].concat();
    assert!(matches!(opened(&odd), Err(FormatError::Mismatch { .. })));
}

#[test]
fn rejects_experiments_that_end_early_or_are_of_no_known_kind() {
    let whole = section();
    for len in 0..whole.len() {
        assert!(opened(&whole[..len]).is_err(), "{len}");
    }
    // A seventh placement; ladders for a placement and of a rung that do not exist.
    assert!(matches!(refused(&[(1, 64)]), FormatError::BadTable { .. }));
    for ladder in [[6, 1, 3, 0], [3, 1, 9, 0]] {
        let numbers = [&NUMBERS[..16], &[1], &ladder].concat();
        assert!(matches!(opened(&written(&TEXTS, &numbers)), Err(FormatError::BadTable { .. })));
    }
    let texts = [TEXTS[0], b"\xff", TEXTS[2], TEXTS[3]];
    assert!(matches!(opened(&written(&texts, &NUMBERS)), Err(FormatError::BadTable { .. })));
}

#[test]
fn rejects_experiments_out_of_range() {
    assert_eq!(count_of(refused(&[(1, 0)])), "placements");
    assert_eq!(count_of(refused(&[(11, 0)])), "share");
    assert_eq!(count_of(refused(&[(11, 5_001)])), "sum of shares");
    let one = written(&TEXTS[..3], &[&NUMBERS[..10], &[1], &NUMBERS[11..14]].concat());
    assert_eq!(count_of(opened(&one).unwrap_err()), "variants");
    let long = [b's'; 65];
    let texts = [TEXTS[0], &long, TEXTS[2], TEXTS[3]];
    assert_eq!(count_of(opened(&written(&texts, &NUMBERS)).unwrap_err()), "salt");
}

#[test]
fn rejects_experiments_of_one_name() {
    let texts = [TEXTS[0], TEXTS[1], TEXTS[2], TEXTS[2]];
    let found = opened(&written(&texts, &NUMBERS));
    let expected = ExperimentError::RepeatedName { experiment: 0 };
    assert_eq!(found, Err(FormatError::Experiments(expected)));
}

#[test]
fn rejects_an_experiment_that_ends_before_it_begins() {
    let changes: Vec<(usize, u16)> = (6..10).map(|at| (at, 0)).collect();
    let expected = ExperimentError::EmptyPeriod { experiment: 0 };
    assert_eq!(refused(&changes), FormatError::Experiments(expected));
}

#[test]
fn rejects_two_experiments_at_one_place_and_time() {
    let numbers = [&[2], &NUMBERS[1..], &NUMBERS[1..]].concat();
    let texts = [&TEXTS[..], &[b"other"], &TEXTS[1..]].concat();
    let found = opened(&written(&texts, &numbers));
    let expected = ExperimentError::Overlap { first: 0, second: 1 };
    assert_eq!(found, Err(FormatError::Experiments(expected)));
}

#[test]
fn rejects_ladders_of_variants_that_cannot_be_used() {
    // At a placement where the experiment does not act, twice for one placement, and without a rung.
    for ladders in [&[1, 4, 1, 3, 0][..], &[2, 3, 1, 3, 0, 3, 1, 3, 0], &[1, 3, 0]] {
        let numbers = [&NUMBERS[..16], ladders].concat();
        let found = opened(&written(&TEXTS, &numbers));
        assert!(matches!(found, Err(FormatError::Experiments(_))), "{found:?}");
    }
}

#[test]
fn rejects_experiments_that_are_too_long() {
    let numbers = vec![0; MAX_EXPERIMENTS_BYTES as usize / 2];
    let found = opened(&written(&TEXTS, &numbers));
    assert!(matches!(found, Err(FormatError::TooMany { limit: MAX_EXPERIMENTS_BYTES, .. })));
}
