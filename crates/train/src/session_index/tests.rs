//! What an index keeps, in which order, and what it refuses.

use edgewise_core::{
    EventKind, Interaction, Interactions, ItemIdx, OrderIdx, SessionSimilarity, UserIdx,
};

use super::{SessionIndexParams, session_index};
use crate::sequences::Sequences;

/// Sessions in the order of their ages, the oldest first, each by its items.
fn sequences(sessions: &[&[u32]]) -> Sequences {
    let mut rows = Vec::new();
    for (order, items) in (0u32..).zip(sessions) {
        for (step, item) in (0i64..).zip(*items) {
            rows.push(Interaction {
                item: ItemIdx(*item),
                user: None,
                order: Some(OrderIdx(order)),
                time_s: Some(i64::from(order) * 100 + step),
                region: None,
                segment: None,
                kind: EventKind::View,
            });
        }
    }
    let n_orders = u32::try_from(sessions.len()).expect("few");
    Sequences::of(&Interactions { rows, n_users: 0, n_orders }, 5)
}

fn items(row: &edgewise_core::SessionRow) -> Vec<u32> {
    row.items.iter().map(|item| item.0).collect()
}

#[test]
fn sessions_are_newest_first_with_distinct_items_by_last_event() {
    let log = sequences(&[&[0, 1], &[3], &[2, 0, 2], &[4, 1, 4, 3]]);
    let index = session_index(&log, &SessionIndexParams::default()).unwrap();
    let found: Vec<Vec<u32>> = index.sessions.iter().map(items).collect();
    assert_eq!(found, [vec![1, 4, 3], vec![0, 2], vec![0, 1]]);
    assert_eq!(index.postings, [vec![1, 2], vec![0, 2], vec![1], vec![0], vec![0]]);
    assert_eq!(index.tables.check(), Ok(()));
}

#[test]
fn a_session_that_is_nobodys_newest_is_left_out() {
    let log = sequences(&[&[0, 1], &[1, 2], &[0, 1], &[1, 0]]);
    let params = SessionIndexParams { sessions_per_item: 1, ..SessionIndexParams::default() };
    let index = session_index(&log, &params).unwrap();
    assert_eq!(index.sessions.iter().map(items).collect::<Vec<_>>(), [[1, 0], [1, 2]]);
    assert_eq!(index.postings, [vec![0], vec![0], vec![1], vec![], vec![]]);
    let rarities: Vec<u8> = index.item_weights.iter().map(|w| w.as_candidate).collect();
    assert!(rarities[2] > rarities[0] && rarities[0] > rarities[1], "{rarities:?}");
}

#[test]
fn age_and_length_lower_the_norm_and_a_set_similarity_keeps_the_length() {
    let log = sequences(&[&[0, 1], &[0, 1, 2], &[0, 1]]);
    let norms = |similarity| {
        let params = SessionIndexParams { similarity, ..SessionIndexParams::default() };
        let index = session_index(&log, &params).unwrap();
        index.sessions.iter().map(|row| row.norm).collect::<Vec<_>>()
    };
    let weighted = norms(SessionSimilarity::Weighted);
    assert!(weighted[0] > weighted[1] && weighted[1] > weighted[2], "{weighted:?}");
    assert_eq!(norms(SessionSimilarity::Jaccard), [2, 3, 2]);
    assert_eq!(norms(SessionSimilarity::Pearson), [2, 3, 2]);
}

#[test]
fn numbers_and_order_of_rows_do_not_matter() {
    let rows: Vec<Interaction> = (0..300u32)
        .map(|at| Interaction {
            item: ItemIdx(at * at % 11 % 5),
            user: (at % 3 > 0).then_some(UserIdx(at % 7)),
            order: Some(OrderIdx(at % 40)),
            time_s: Some(i64::from(at % 90)),
            region: None,
            segment: None,
            kind: EventKind::View,
        })
        .collect();
    let renamed = rows.iter().rev().map(|row| Interaction {
        user: row.user.map(|user| UserIdx(6 - user.0)),
        order: row.order.map(|order| OrderIdx((order.0 * 7 + 3) % 40)),
        ..*row
    });
    let log = Interactions { rows: renamed.collect(), n_users: 7, n_orders: 40 };
    let of = |log: &Interactions| {
        session_index(&Sequences::of(log, 5), &SessionIndexParams::default()).unwrap()
    };
    assert_eq!(of(&log), of(&Interactions { rows, n_users: 7, n_orders: 40 }));
}

#[test]
fn every_setting_has_two_ends() {
    let good = SessionIndexParams::default;
    assert_eq!(good().check(), Ok(()));
    for similarity in [SessionSimilarity::Weighted, SessionSimilarity::Jaccard] {
        assert_eq!(SessionIndexParams::of_users(similarity).check(), Ok(()));
    }
    for bad in [
        SessionIndexParams { sessions_per_item: 0, ..good() },
        SessionIndexParams { neighbours: 1_025, ..good() },
        SessionIndexParams { last_items: 0, ..good() },
        SessionIndexParams { items_per_session: 1, ..good() },
        SessionIndexParams { place_decay: 0.0, ..good() },
        SessionIndexParams { distance_decay: f64::NAN, ..good() },
        SessionIndexParams { backward: -0.1, ..good() },
        SessionIndexParams { origin_rarity: 4.5, ..good() },
        SessionIndexParams { oldest: 0.0, ..good() },
    ] {
        assert!(session_index(&sequences(&[]), &bad).is_err(), "{bad:?}");
    }
}
