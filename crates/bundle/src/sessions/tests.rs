//! The section by itself: values come back, and each rule refuses.

#![expect(clippy::indexing_slicing, reason = "the tests made these bytes and values themselves")]

use alloc::vec;
use alloc::vec::Vec;

use edgewise_core::{SessionRow, SessionValues, session_contributions};

use super::encode::Arranged;
use super::*;

const N_ITEMS: u32 = 300;

fn tables() -> SessionTables {
    SessionTables {
        similarity: SessionSimilarity::Weighted,
        n_neighbours: 200,
        similarity_by_place: vec![256, 200, 150],
        credit_by_place: vec![256, 230, 200],
        after: vec![64, 256],
        before: vec![0, 200],
    }
}

/// 40 sessions in ten blocks, of which the oldest are not found by item 7.
fn values() -> SessionValues {
    let items = |session: u32| match session % 4 {
        0 => vec![session % 7, 7 + session % 5, 150 + session],
        1 => vec![150 + session, 7],
        _ => vec![7 + session % 5, 200 - session, session % 7, 280],
    };
    let row = |session: u32| SessionRow {
        items: items(session).into_iter().map(ItemIdx).collect(),
        norm: u16::try_from(1_000 + session / 5).unwrap(),
    };
    let sessions: Vec<SessionRow> = (0..40).map(row).collect();
    let mut postings = vec![Vec::new(); N_ITEMS as usize];
    for (number, row) in (0..).zip(&sessions) {
        for item in &row.items {
            let list: &mut Vec<u32> = &mut postings[item.index()];
            if list.len() < 12 {
                list.push(number);
            }
        }
    }
    let weights = |item: u32| {
        let as_origin = u8::try_from(1 + item % 255).unwrap();
        ItemWeights { as_origin, as_candidate: 255 - as_origin }
    };
    let item_weights = (0..N_ITEMS).map(weights).collect();
    SessionValues { sessions, postings, item_weights, tables: tables() }
}

/// The bytes of arranged sessions after `change`, as a stranger might write them.
fn changed(change: impl Fn(&mut Arranged<'_>)) -> Vec<u8> {
    let values = values();
    let mut arranged = Arranged::of(&values).unwrap();
    change(&mut arranged);
    arranged.encode(&values).expect("the encoder leaves this to the reader")
}

fn view(bytes: &[u8]) -> Result<Sessions<'_>, FormatError> {
    let sessions = Sessions::take(Cursor::new(bytes, 0), N_ITEMS)?;
    sessions.check().map(|()| sessions)
}

#[track_caller]
fn refusal(bytes: &[u8]) -> FormatError {
    view(bytes).expect_err("refused")
}

#[test]
fn sessions_come_back_and_say_the_same() {
    let values = values();
    let bytes = encode(&values).unwrap();
    let view = view(&bytes).unwrap();
    let arranged = Arranged::of(&values).unwrap();
    assert!(arranged.sessions.is_sorted_by_key(|row| row.items[0]));
    for (session, row) in (0..).zip(&arranged.sessions) {
        assert!(view.items_of(session).eq(row.items.iter().copied()), "{session}");
        assert_eq!(view.norm(session), row.norm);
    }
    let rows = |item, index: &dyn Fn(ItemIdx) -> Vec<Vec<ItemIdx>>| {
        let mut rows = index(item);
        rows.sort_unstable();
        rows
    };
    for item in (0..=N_ITEMS).map(ItemIdx) {
        let found = rows(item, &|item| {
            view.sessions_of(item).map(|session| view.items_of(session).collect()).collect()
        });
        let expected = rows(item, &|item| {
            let sessions = SessionIndex::sessions_of(&values, item);
            sessions.map(|session| SessionIndex::items_of(&values, session).collect()).collect()
        });
        assert_eq!(found, expected, "{item:?}");
        let weights = view.item_weights(item);
        assert_eq!(weights, SessionIndex::item_weights(&values, item));
    }
    assert_eq!(SessionIndex::tables(&view), &values.tables);
    assert_eq!(view.items_of(40).count(), 0);
    let origins = [3, 8, 160].map(ItemIdx);
    let mut said = (Vec::new(), Vec::new());
    session_contributions(&view, &origins, |to, from, score| said.0.push((to, from, score)));
    session_contributions(&values, &origins, |to, from, score| said.1.push((to, from, score)));
    // All sessions are asked, so that only their order differs.
    said.0.sort_unstable();
    said.1.sort_unstable();
    assert!(!said.0.is_empty());
    assert_eq!(said.0, said.1);
}

#[test]
fn the_order_of_equal_sessions_of_an_item_is_theirs() {
    let bytes = encode(&values()).unwrap();
    let view = view(&bytes).unwrap();
    // Item 280 ends half of the sessions, and is found by the twelve newest.
    assert_eq!(view.sessions_of(ItemIdx(280)).count(), 12);
    assert_eq!(view.others(ItemIdx(280)).own, 40..40);
    // Item 7 begins four, of which those are found that are among its twelve newest.
    let own = view.others(ItemIdx(7)).own;
    let found: Vec<u32> =
        view.sessions_of(ItemIdx(7)).filter(|found| own.contains(found)).collect();
    assert_eq!((own.len(), found), (4, vec![own.start, own.start + 1]));
}

#[test]
fn many_norms_become_sixteen_and_lengths_stay() {
    let mut values = values();
    for (number, row) in (0..).zip(&mut values.sessions) {
        row.norm = 30_000 + number * 500;
    }
    let norms = |values: &SessionValues| {
        let bytes = encode(values).unwrap();
        let view = view(&bytes).unwrap();
        (0..40).map(|session| view.norm(session)).collect::<Vec<_>>()
    };
    let arranged = |values: &SessionValues| {
        Arranged::of(values).unwrap().sessions.iter().map(|row| row.norm).collect::<Vec<_>>()
    };
    let kept = norms(&values);
    let distinct: alloc::collections::BTreeSet<&u16> = kept.iter().collect();
    assert_eq!(distinct.len(), 16);
    for (kept, norm) in kept.iter().zip(arranged(&values)) {
        assert!(kept.abs_diff(norm) < 1_200, "{kept} {norm}");
    }
    values.tables.similarity = SessionSimilarity::Jaccard;
    assert_eq!(norms(&values), arranged(&values));
}

#[test]
fn rejects_session_tables_out_of_range() {
    let bytes = encode(&values()).unwrap();
    for (at, word) in [(0, 3), (4, 0), (4, 70_000), (8, 101), (12, 101), (16, 257)] {
        let mut changed = bytes.clone();
        changed[at..at + 4].copy_from_slice(&u32::to_le_bytes(word));
        let error = view(&changed).unwrap_err();
        let expected = matches!(error, FormatError::TooMany { .. } | FormatError::Scoring(_));
        assert!(expected, "{at} {error:?}");
    }
    let bad = SessionValues { tables: SessionTables { after: vec![], ..tables() }, ..values() };
    assert!(matches!(encode(&bad), Err(FormatError::Scoring(_))));
}

#[test]
fn rejects_a_session_past_the_last_one() {
    for item in [9, 250] {
        let bytes = changed(|arranged| arranged.others[item].push(40));
        let error = refusal(&bytes);
        assert!(matches!(error, FormatError::TooMany { found: 40, limit: 39, .. }), "{error:?}");
    }
}

#[test]
fn rejects_more_sessions_of_an_item_than_the_newest() {
    let bytes = changed(|arranged| arranged.others[299] = (0..13).collect());
    assert!(matches!(refusal(&bytes), FormatError::TooMany { found: 13, limit: 12, .. }));
}

#[test]
fn rejects_fewer_sessions_than_an_item_says() {
    let mut bytes = encode(&values()).unwrap();
    let (at, n_bytes) = {
        let view = view(&bytes).unwrap();
        (view.postings.at(), view.postings.body().len())
    };
    // Some of these bits say how many are before an item's own.
    let refusals = (at * 8..(at + n_bytes) * 8).filter_map(|bit| {
        bytes[bit / 8] ^= 1 << (bit % 8);
        let error = view(&bytes).err();
        bytes[bit / 8] ^= 1 << (bit % 8);
        error
    });
    let is_it = |error: &FormatError| matches!(error, FormatError::Mismatch { found, expected, .. } if found < expected);
    assert!(refusals.filter(is_it).count() > 9);
}

#[test]
fn refuses_a_session_below_the_first_one() {
    let bytes = changed(|arranged| arranged.others[299] = vec![2, 1]);
    assert!(matches!(refusal(&bytes), FormatError::TooMany { found: u32::MAX, .. }));
}

#[test]
fn rejects_a_session_away_from_its_first_item() {
    let bytes = changed(|arranged| {
        arranged.groups[0] += 1;
        arranged.groups[1] -= 1;
    });
    assert!(matches!(refusal(&bytes), FormatError::BadOrder { .. }));
}

#[test]
fn rejects_a_session_of_too_many_items() {
    let row = SessionRow { items: (0..1_025).map(ItemIdx).collect(), norm: 1 };
    let bytes = changed_to(&row);
    let error = refusal(&bytes);
    assert!(matches!(error, FormatError::TooMany { found: 1_025, limit: 1_024, .. }), "{error:?}");
}

/// The bytes of one session, which begins with item 0.
fn changed_to(row: &SessionRow) -> Vec<u8> {
    let values = values();
    let mut arranged = Arranged::of(&values).unwrap();
    arranged.sessions = vec![row];
    arranged.groups.fill(0);
    arranged.groups[0] = 1;
    arranged.others.iter_mut().for_each(Vec::clear);
    arranged.encode(&values).unwrap()
}

#[test]
fn refuses_sessions_that_are_none() {
    let mut few = values();
    few.sessions[20].items.truncate(1);
    assert!(matches!(encode(&few), Err(FormatError::Mismatch { found: 1, expected: 2, .. })));
    let mut many = values();
    many.sessions[20].items = (0..1_025).map(ItemIdx).collect();
    assert!(matches!(encode(&many), Err(FormatError::TooMany { found: 1_025, .. })));
    let mut past = values();
    past.sessions[20].items[0] = ItemIdx(N_ITEMS);
    assert!(matches!(encode(&past), Err(FormatError::TooMany { found: 300, limit: 299, .. })));
}

#[test]
fn refuses_postings_that_are_not_the_newest_sessions() {
    let changes: [fn(&mut Vec<u32>); 4] =
        [|list| list.push(40), |list| list.swap(0, 1), |list| _ = list.pop(), |list| list[1] = 39];
    for change in changes {
        let mut values = values();
        change(&mut values.postings[9]);
        assert!(matches!(encode(&values), Err(FormatError::BadOrder { .. })));
    }
}

/// Values with one session changed, and no posting that would tell of it.
fn with_session(change: impl Fn(&mut Vec<ItemIdx>)) -> Vec<u8> {
    let mut values = values();
    change(&mut values.sessions[38].items);
    let mut postings = vec![Vec::new(); N_ITEMS as usize];
    for (number, row) in (0..).zip(&values.sessions) {
        for item in row.items.iter().filter(|item| item.0 < N_ITEMS) {
            let list: &mut Vec<u32> = &mut postings[item.index()];
            if list.len() < 12 && list.last() != Some(&number) {
                list.push(number);
            }
        }
    }
    values.postings = postings;
    encode(&values).expect("the encoder leaves this to the reader")
}

#[test]
fn rejects_a_session_with_an_item_past_the_last_one() {
    let bytes = with_session(|items| items[1] = ItemIdx(N_ITEMS));
    assert!(matches!(refusal(&bytes), FormatError::TooMany { found: 300, limit: 299, .. }));
}

#[test]
fn rejects_an_item_twice_in_a_session() {
    let bytes = with_session(|items| items.push(items[0]));
    assert!(matches!(refusal(&bytes), FormatError::BadOrder { .. }));
}

#[test]
fn rejects_bits_behind_the_last_session() {
    let bytes = encode(&values()).unwrap();
    let view = view(&bytes).unwrap();
    assert_eq!(view.check_block(9, 4), Ok(()));
    assert!(matches!(view.check_block(9, 3), Err(FormatError::Mismatch { expected: 0, .. })));
    assert!(matches!(view.check_block(9, 5), Err(FormatError::TooShort { .. })));
}

#[test]
fn rejects_codes_of_sessions_that_are_none() {
    let mut bytes = encode(&values()).unwrap();
    let at = view(&bytes).unwrap().codes_at;
    bytes[at + 128] = 0;
    assert_eq!(refusal(&bytes), FormatError::BadOrder { field: FIELD, at: at + 128 });
}

#[test]
fn storms_end() {
    let good = encode(&values()).unwrap();
    for byte in [0, 1, 0x55, 0x80, 255] {
        let mut bytes = good.clone();
        let at = view(&good).unwrap().codes_at;
        bytes[at..].fill(byte);
        // Where the counts are hit too, nothing opens.
        for at in at..bytes.len() {
            bytes[at] = good[at];
            let Ok(view) = Sessions::take(Cursor::new(&bytes, 0), N_ITEMS) else { continue };
            for number in (0..41).step_by(7) {
                _ = (view.items_of(number).count(), view.sessions_of(ItemIdx(number)).count());
            }
        }
    }
}
