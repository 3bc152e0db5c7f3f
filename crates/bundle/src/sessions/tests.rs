//! The section by itself: values come back, and each rule refuses.

#![expect(clippy::indexing_slicing, reason = "the tests made these bytes and values themselves")]

use alloc::vec;

use edgewise_core::{SessionRow, session_contributions};

use super::*;

const N_ITEMS: u32 = 300;

fn tables() -> SessionTables {
    SessionTables {
        similarity: SessionSimilarity::Weighted,
        n_neighbours: 20,
        similarity_by_place: vec![256, 200, 150],
        credit_by_place: vec![256, 230, 200],
        after: vec![64, 256],
        before: vec![0, 200],
    }
}

/// 40 sessions: two full blocks and one of eight.
fn values() -> SessionValues {
    let items = |session: u32| [session % 7, 7 + session % 5, 150 + session].map(ItemIdx).to_vec();
    let row = |session: u32| SessionRow {
        items: items(session),
        norm: u16::try_from(1_000 + session).unwrap(),
    };
    let sessions: Vec<SessionRow> = (0..40).map(row).collect();
    let mut postings = vec![Vec::new(); N_ITEMS as usize];
    for (number, row) in (0..).zip(&sessions) {
        for item in &row.items {
            postings[item.index()].push(number);
        }
    }
    let weights = |item: u32| {
        let as_origin = u8::try_from(1 + item % 255).unwrap();
        ItemWeights { as_origin, as_candidate: 255 - as_origin }
    };
    let item_weights = (0..N_ITEMS).map(weights).collect();
    SessionValues { sessions, postings, item_weights, tables: tables() }
}

fn view(bytes: &[u8]) -> Result<Sessions<'_>, FormatError> {
    let sessions = Sessions::take(Cursor::new(bytes, 0), N_ITEMS)?;
    sessions.check().map(|()| sessions)
}

#[track_caller]
fn refusal(values: &SessionValues) -> FormatError {
    let bytes = encode(values).expect("the encoder leaves this to the reader");
    view(&bytes).expect_err("refused")
}

#[test]
fn sessions_come_back_and_say_the_same() {
    let values = values();
    let bytes = encode(&values).unwrap();
    let view = view(&bytes).unwrap();
    for session in 0..40 {
        assert!(view.items_of(session).eq(SessionIndex::items_of(&values, session)), "{session}");
        assert_eq!(view.norm(session), SessionIndex::norm(&values, session));
    }
    for item in (0..=N_ITEMS).map(ItemIdx) {
        assert!(view.sessions_of(item).eq(SessionIndex::sessions_of(&values, item)));
        let weights = view.item_weights(item);
        assert_eq!(weights, SessionIndex::item_weights(&values, item));
    }
    assert_eq!(SessionIndex::tables(&view), &values.tables);
    assert_eq!(view.items_of(40).count(), 0);
    let origins = [3, 8, 160].map(ItemIdx);
    let mut said = (Vec::new(), Vec::new());
    session_contributions(&view, &origins, |to, from, score| said.0.push((to, from, score)));
    session_contributions(&values, &origins, |to, from, score| said.1.push((to, from, score)));
    assert!(!said.0.is_empty());
    assert_eq!(said.0, said.1);
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
fn rejects_a_wrong_number_of_blocks() {
    let mut bytes = encode(&values()).unwrap();
    // The number of sessions stands behind four numbers and four tables.
    let at = 16 + 2 * (3 + 3 + 2 + 2);
    assert_eq!(bytes[at..at + 4], [40, 0, 0, 0]);
    bytes[at] = 32;
    let norms = at + 4;
    bytes.drain(norms + 64..norms + 80);
    let error = view(&bytes).unwrap_err();
    assert!(matches!(error, FormatError::Mismatch { found: 3, expected: 2, .. }), "{error:?}");
}

#[test]
fn rejects_a_session_past_the_last_one() {
    let mut values = values();
    values.postings[9].push(40);
    let error = refusal(&values);
    assert!(matches!(error, FormatError::TooMany { found: 40, limit: 39, .. }), "{error:?}");
}

#[test]
fn rejects_a_session_of_too_few_or_too_many_items() {
    let mut few = values();
    few.sessions[20].items.truncate(1);
    assert!(matches!(refusal(&few), FormatError::Mismatch { found: 1, expected: 2, .. }));
    let mut many = values();
    many.sessions[20].items = (0..1_025).map(ItemIdx).collect();
    assert!(matches!(encode(&many), Err(FormatError::TooMany { found: 1_025, .. })));
    let mut bytes = vec![0x81, 0x08];
    bytes.extend([1; 2_000]);
    let bundle = encode(&values()).unwrap();
    let view = view(&bundle).unwrap();
    let error = view.check_session(0, &mut bytes.as_slice()).unwrap_err();
    assert!(matches!(error, FormatError::TooMany { found: 1_025, limit: 1_024, .. }));
}

#[test]
fn rejects_a_session_with_an_item_past_the_last_one() {
    let mut values = values();
    values.sessions[39].items[1] = ItemIdx(N_ITEMS);
    assert!(matches!(refusal(&values), FormatError::TooMany { found: 300, limit: 299, .. }));
}

#[test]
fn rejects_an_item_twice_in_a_session() {
    let mut values = values();
    let first = values.sessions[0].items[0];
    values.sessions[0].items.push(first);
    assert!(matches!(refusal(&values), FormatError::BadOrder { .. }));
}

#[test]
fn rejects_bytes_behind_the_last_session() {
    let values = values();
    let bytes = encode(&values).unwrap();
    // One session less, in the last block; its norm goes too, and one more byte of padding comes.
    let at = 16 + 2 * (3 + 3 + 2 + 2);
    let mut changed = bytes.clone();
    changed[at] = 39;
    let last_norm = at + 4 + 78;
    changed[last_norm..last_norm + 2].fill(0);
    let mut fewer = values;
    for list in &mut fewer.postings {
        list.retain(|&session| session < 39);
    }
    fewer.sessions.truncate(39);
    let good = encode(&fewer).unwrap();
    assert_eq!(good[..last_norm + 2], changed[..last_norm + 2]);
    // The postings of 39 sessions and the blocks of 40.
    let blocks_of = |bytes: &[u8], block_bytes: usize| bytes[bytes.len() - block_bytes..].to_vec();
    let block_bytes = |bytes: &[u8]| {
        let view = Sessions::take(Cursor::new(bytes, 0), N_ITEMS).unwrap();
        let entries: Vec<&[u8]> = view.blocks.entries().map(|(_, entry)| entry).collect();
        let mut table = Vec::new();
        put_table(&mut table, FIELD, &entries).unwrap();
        table.len()
    };
    let mut mixed = good[..good.len() - block_bytes(&good)].to_vec();
    mixed.extend(blocks_of(&bytes, block_bytes(&bytes)));
    let error = view(&mixed).unwrap_err();
    assert!(matches!(error, FormatError::Mismatch { expected: 0, .. }), "{error:?}");
}

#[test]
fn refuses_postings_out_of_order() {
    let mut values = values();
    values.postings[9] = vec![5, 5];
    assert!(matches!(encode(&values), Err(FormatError::BadOrder { .. })));
}
