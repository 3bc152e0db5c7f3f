//! Session neighbours against the paper's algorithm in floating point, and their bounds.

use alloc::collections::BTreeMap;
use alloc::vec;
use alloc::vec::Vec;

use super::*;
use crate::values::{SessionRow, SessionValues};

const N_ITEMS: u32 = 40;

struct Lcg(u64);

impl Lcg {
    fn below(&mut self, n: u32) -> u32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(n)).unwrap()
    }
}

fn tables(similarity: SessionSimilarity, n_neighbours: u16) -> SessionTables {
    SessionTables {
        similarity,
        n_neighbours,
        similarity_by_place: vec![256, 192, 128, 64],
        credit_by_place: vec![256, 230, 204, 178],
        after: vec![100, 256, 200, 150],
        before: vec![0, 200, 150, 100],
    }
}

/// 300 sessions, a posting list cut to the newest 60.
fn index(tables: SessionTables) -> SessionValues {
    let mut random = Lcg(3);
    let mut postings = vec![Vec::new(); N_ITEMS as usize];
    let mut sessions = Vec::new();
    for session in 0..300 {
        let mut items: Vec<ItemIdx> = Vec::new();
        for _ in 0..2 + random.below(7) {
            let item = ItemIdx(random.below(N_ITEMS).min(random.below(N_ITEMS)));
            if !items.contains(&item) {
                items.push(item);
            }
        }
        for item in &items {
            let list: &mut Vec<u32> = &mut postings[item.index()];
            if list.len() < 60 {
                list.push(session);
            }
        }
        let norm = if tables.similarity == SessionSimilarity::Weighted {
            65_535 / u16::try_from(items.len()).unwrap()
        } else {
            u16::try_from(items.len()).unwrap()
        };
        sessions.push(SessionRow { items, norm });
    }
    let weights = |item: u32| {
        let as_origin = u8::try_from(100 + item * 3).unwrap();
        let as_candidate = u8::try_from(60 + item * 4).unwrap();
        ItemWeights { as_origin, as_candidate }
    };
    let item_weights = (0..N_ITEMS).map(weights).collect();
    SessionValues { sessions, postings, item_weights, tables }
}

/// How alike a session is, by the textbook.
fn similarity(index: &SessionValues, origins: &[ItemIdx], session: usize) -> f64 {
    let row = &index.sessions[session];
    let n_session = u32::try_from(session).unwrap();
    let shares = |item: &ItemIdx| index.postings[item.index()].contains(&n_session);
    let n_shared = f64::from(u32::try_from(origins.iter().filter(|o| shares(o)).count()).unwrap());
    let n_visit = f64::from(u32::try_from(origins.len()).unwrap());
    let n_row = f64::from(u32::try_from(row.items.len()).unwrap());
    match index.tables.similarity {
        SessionSimilarity::Weighted => origins
            .iter()
            .zip(&index.tables.similarity_by_place)
            .filter(|(origin, _)| shares(origin))
            .map(|(origin, near)| {
                f64::from(*near) * f64::from(index.item_weights[origin.index()].as_origin)
            })
            .map(|weight| weight * f64::from(row.norm))
            .sum(),
        SessionSimilarity::Jaccard => n_shared / (n_visit + n_row - n_shared),
        SessionSimilarity::Pearson => {
            let n = f64::from(N_ITEMS);
            let covariance = n_shared / n - (n_visit / n) * (n_row / n);
            let variance = |ones: f64| (ones / n) * (1.0 - ones / n);
            (covariance / libm_sqrt(variance(n_visit) * variance(n_row))).max(0.0)
        }
    }
}

/// Newton's method: `core` has no root, and the oracle needs no speed.
fn libm_sqrt(square: f64) -> f64 {
    let mut root = 1.0;
    for _ in 0..60 {
        root = f64::midpoint(root, square / root);
    }
    root
}

/// Scores by the paper, scaled to what the integers stand for.
fn naive(index: &SessionValues, origins: &[ItemIdx]) -> BTreeMap<ItemIdx, f64> {
    let tables = &index.tables;
    let origins = &origins[..origins.len().min(tables.similarity_by_place.len())];
    let mut similar: Vec<(f64, usize)> = (0..index.sessions.len())
        .map(|session| (similarity(index, origins, session), session))
        .filter(|entry| entry.0 > 1e-12)
        .collect();
    // Equal similarities, but for rounding: the newer first.
    similar.sort_by(|a, b| {
        let equal = (a.0 - b.0).abs() < 1e-9 * a.0;
        if equal { a.1.cmp(&b.1) } else { b.0.total_cmp(&a.0) }
    });
    similar.truncate(tables.n_neighbours.into());
    let total: f64 = similar.iter().map(|entry| entry.0).sum();
    let mut scores = BTreeMap::new();
    for (similarity, session) in similar {
        let items = &index.sessions[session].items;
        let place = origins.iter().position(|origin| items.contains(origin)).unwrap();
        let shared_at = items.iter().position(|item| *item == origins[place]).unwrap();
        for (position, item) in items.iter().enumerate() {
            let table = if position < shared_at { &tables.before } else { &tables.after };
            let near = table[position.abs_diff(shared_at).min(table.len() - 1)];
            let weight = similarity / total
                * f64::from(tables.credit_by_place[place])
                * f64::from(near)
                * f64::from(index.item_weights[item.index()].as_candidate);
            *scores.entry(*item).or_insert(0.0) += weight * 4_096.0;
        }
    }
    scores
}

fn found(index: &SessionValues, origins: &[ItemIdx]) -> BTreeMap<ItemIdx, u64> {
    let mut scores = BTreeMap::new();
    session_contributions(index, origins, |candidate, origin, score| {
        assert!(origins.contains(&origin));
        *scores.entry(candidate).or_insert(0) += score;
    });
    scores
}

/// Distinct items, newest first.
fn visit(random: &mut Lcg) -> Vec<ItemIdx> {
    let mut origins = Vec::new();
    for _ in 0..=random.below(6) {
        let item = ItemIdx(random.below(N_ITEMS));
        if !origins.contains(&item) {
            origins.push(item);
        }
    }
    origins
}

#[test]
#[expect(clippy::cast_precision_loss, reason = "scores below 2^53 are exact")]
fn scores_agree_with_the_paper_in_floating_point() {
    let mut random = Lcg(17);
    for (similarity, n_neighbours) in [
        (SessionSimilarity::Weighted, 20),
        (SessionSimilarity::Weighted, 1),
        (SessionSimilarity::Jaccard, 1_024),
        (SessionSimilarity::Pearson, 1_024),
    ] {
        let index = index(tables(similarity, n_neighbours));
        for _ in 0..50 {
            let origins = visit(&mut random);
            let origins = &origins[..origins.len().min(4)];
            let (expected, found) = (naive(&index, origins), found(&index, origins));
            let largest = expected.values().copied().fold(0.0, f64::max);
            for (item, &score) in &expected {
                let error = (found.get(item).map_or(0.0, |&found| found as f64) - score).abs();
                assert!(error <= largest * 0.005, "{similarity:?} {item:?} {score} {error}");
            }
            assert!(found.keys().all(|item| expected.contains_key(item)));
        }
    }
}

#[test]
fn equal_sessions_are_asked_newest_first() {
    let row = |items: [u32; 2]| SessionRow { items: items.map(ItemIdx).into(), norm: 9 };
    let tables = SessionTables { n_neighbours: 1, ..tables(SessionSimilarity::Weighted, 1) };
    let index = SessionValues {
        sessions: vec![row([0, 1]), row([0, 2])],
        postings: vec![vec![0, 1], vec![0], vec![1]],
        item_weights: vec![ItemWeights { as_origin: 5, as_candidate: 5 }; 3],
        tables,
    };
    let scores = found(&index, &[ItemIdx(0)]);
    assert_eq!(scores.keys().copied().collect::<Vec<_>>(), [ItemIdx(0), ItemIdx(1)]);
}

#[test]
fn the_largest_score_is_within_its_bound_and_hostile_rows_are_harmless() {
    let full = ItemWeights { as_origin: 255, as_candidate: 255 };
    let tables = SessionTables {
        similarity: SessionSimilarity::Weighted,
        n_neighbours: MAX_SESSION_NEIGHBOURS,
        similarity_by_place: vec![256; MAX_HISTORY],
        credit_by_place: vec![256; MAX_HISTORY],
        after: vec![256],
        before: vec![256],
    };
    assert_eq!(tables.check(), Ok(()));
    let origins: Vec<ItemIdx> = (0..100).map(ItemIdx).collect();
    let sessions = vec![SessionRow { items: origins.clone(), norm: u16::MAX }; 2_000];
    let postings: Vec<Vec<u32>> = vec![(0..2_500).collect(); 100];
    let index = SessionValues { sessions, postings, item_weights: vec![full; 100], tables };
    let scores = found(&index, &origins);
    assert!(scores.values().all(|&score| score > 0 && score <= 1 << 36));
    for similarity in [SessionSimilarity::Jaccard, SessionSimilarity::Pearson] {
        let tables = SessionTables { similarity, ..index.tables.clone() };
        let index = SessionValues { tables, ..index.clone() };
        assert!(found(&index, &origins).values().all(|&score| score <= 1 << 36));
    }
    assert!(found(&index, &[ItemIdx(u32::MAX)]).is_empty());
    assert!(found(&index, &[]).is_empty());
}

#[test]
fn refuses_tables_of_another_shape() {
    let good = || tables(SessionSimilarity::Weighted, 5);
    assert_eq!(good().check(), Ok(()));
    for bad in [
        SessionTables { n_neighbours: 0, ..good() },
        SessionTables { n_neighbours: 1_025, ..good() },
        SessionTables { similarity_by_place: vec![], credit_by_place: vec![], ..good() },
        SessionTables { credit_by_place: vec![1], ..good() },
        SessionTables { after: vec![], before: vec![], ..good() },
        SessionTables { before: vec![257; 4], ..good() },
    ] {
        assert!(bad.check().is_err(), "{bad:?}");
    }
}
