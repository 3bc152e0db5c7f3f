//! Bundles with past sessions: private, whole, and safe to open whatever their bytes are.

use edgewise_bundle::{Bundle, CardsWanted, FormatError, SectionKind, encode};
use edgewise_core::{
    ItemIdx, ItemWeights, ModelValues, SessionRow, SessionSimilarity, SessionTables, SessionValues,
    session_contributions,
};

use crate::hostile::resign;
use crate::toy;

/// Twenty visits: tea things in the even ones, tools in the odd ones.
pub(crate) fn sessions() -> SessionValues {
    let visit = |number: u16| {
        let rows: [u32; 2] = if number.is_multiple_of(2) { [0, 1] } else { [2, 4] };
        let last = if number.is_multiple_of(2) { 3 + u32::from(number % 4) } else { 6 };
        let items = [rows[0], rows[1], last].map(ItemIdx).into();
        SessionRow { items, norm: 60_000 - number / 2 }
    };
    let sessions: Vec<SessionRow> = (0..20).map(visit).collect();
    let mut postings = vec![Vec::new(); 8];
    for (number, row) in (0..).zip(&sessions) {
        for item in &row.items {
            postings[item.index()].push(number);
        }
    }
    SessionValues {
        sessions,
        postings,
        item_weights: vec![ItemWeights { as_origin: 200, as_candidate: 100 }; 8],
        tables: SessionTables {
            similarity: SessionSimilarity::Weighted,
            n_neighbours: 5,
            similarity_by_place: vec![256, 128],
            credit_by_place: vec![256, 200],
            after: vec![0, 256, 128],
            before: vec![0, 128, 64],
        },
    }
}

fn bytes() -> Vec<u8> {
    let values = ModelValues { sessions: Some(sessions()), ..toy::values() };
    encode(&values, None, CardsWanted::No).expect("the toy with sessions is a model")
}

fn ask(bundle: &Bundle<'_>) -> Vec<(ItemIdx, ItemIdx, u64)> {
    let mut said = Vec::new();
    if let Some(sessions) = bundle.sessions() {
        for origins in [&[0, 1][..], &[4], &[7, 2, 0], &[u32::MAX, 6]] {
            let origins: Vec<ItemIdx> = origins.iter().copied().map(ItemIdx).collect();
            session_contributions(sessions, &origins, |candidate, origin, score| {
                said.push((candidate, origin, score));
            });
        }
    }
    said
}

fn survive(bytes: &[u8]) -> Result<(), FormatError> {
    if let Ok(bundle) = Bundle::open_trusted(bytes) {
        ask(&bundle);
    }
    let bundle = Bundle::open(bytes)?;
    ask(&bundle);
    bundle.check()
}

#[test]
fn a_bundle_with_sessions_answers_as_its_values_do() {
    let bytes = bytes();
    let bundle = Bundle::open(&bytes).unwrap();
    let said = ask(&bundle);
    let mut expected = Vec::new();
    for origins in [&[0, 1][..], &[4], &[7, 2, 0], &[u32::MAX, 6]] {
        let origins: Vec<ItemIdx> = origins.iter().copied().map(ItemIdx).collect();
        session_contributions(&sessions(), &origins, |candidate, origin, score| {
            expected.push((candidate, origin, score));
        });
    }
    assert!(!said.is_empty());
    assert_eq!(said, expected);
    assert_eq!(Bundle::open(&toy::bytes()).unwrap().sessions().map(|_| ()), None);
}

#[test]
fn rejects_sessions_in_a_public_bundle() {
    let mut bytes = bytes();
    assert_eq!(bytes[20], 1);
    bytes[20] = 0;
    resign(&mut bytes);
    let error = survive(&bytes).unwrap_err();
    assert_eq!(error.to_string(), "`flags` at byte 20 is `0`, expected `1`");
    bytes[20] = 2;
    resign(&mut bytes);
    assert!(matches!(survive(&bytes), Err(FormatError::TooMany { field: "flags", .. })));
}

#[test]
fn every_truncation_of_a_bundle_with_sessions_is_refused() {
    let bytes = bytes();
    for len in 0..bytes.len() {
        assert!(survive(&bytes[..len]).is_err(), "{len}");
    }
    assert_eq!(survive(&bytes), Ok(()));
}

#[test]
fn flips_in_sessions_under_a_right_digest_never_panic() {
    let bytes = bytes();
    let bundle = Bundle::open(&bytes).unwrap();
    let number = SectionKind::Sessions.number();
    let section = bundle.sections().find(|section| section.number == number).unwrap();
    let start = section.offset_bytes as usize;
    let mut n_refused = 0;
    for at in start..start + section.len_bytes as usize {
        // Each bit, and all of them: most of these bytes are decoding tables, and 255 flips of each take a minute.
        for flip in (0..8).map(|bit| 1 << bit).chain([255]) {
            let mut changed = bytes.clone();
            changed[at] ^= flip;
            resign(&mut changed);
            n_refused += usize::from(survive(&changed).is_err());
        }
    }
    assert!(n_refused > 0);
}
