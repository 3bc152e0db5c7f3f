//! Trends against an oracle by the formula, worked numbers, and what may not be told.

use std::collections::BTreeSet;

use edgewise_core::{
    Catalog, CatalogItem, CategoryIdx, EventKind, Interaction, Interactions, ItemIdx, OrderIdx,
    RegionIdx, SegmentIdx, UserIdx, WeightedItem,
};

use super::*;
use crate::testing::Lcg;

const N_ITEMS: u32 = 12;
const DAY_S: i64 = 86_400;

fn catalog() -> Catalog {
    let item = |row: u32| CatalogItem {
        id: format!("item-{row:02}"),
        category: (!row.is_multiple_of(3)).then_some(CategoryIdx(row % 3)),
        ..CatalogItem::default()
    };
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    Catalog {
        items: (0..N_ITEMS).map(item).collect(),
        categories: names(&["gifts", "gifts\u{1f}cups", "gifts\u{1f}pots"]),
        regions: names(&["DE", "UK", "UK\u{1f}Leeds", "UK\u{1f}York"]),
        segments: names(&["private", "trade"]),
        attributes: Vec::new(),
    }
}

/// Half a year of purchases; item 11 is new, and every fifth row is a guest's.
fn log() -> Interactions {
    let mut random = Lcg(3);
    let row = |order| {
        let day = random.below(180);
        let item = random.below(N_ITEMS - 1).min(random.below(N_ITEMS - 1));
        Interaction {
            item: ItemIdx(if day > 170 && order % 4 == 0 { N_ITEMS - 1 } else { item }),
            user: (order % 5 != 0).then(|| UserIdx(random.below(40))),
            order: (order % 10 != 0).then_some(OrderIdx(order)),
            time_s: (order % 50 != 7)
                .then(|| i64::from(day) * DAY_S + i64::from(random.below(80_000))),
            region: [None, Some(0), Some(1), Some(2), Some(3)][random.below(5) as usize]
                .map(RegionIdx),
            segment: [None, Some(0), Some(1)][random.below(3) as usize].map(SegmentIdx),
            kind: EventKind::Purchase,
        }
    };
    Interactions { rows: (0..1_500).map(row).collect(), n_users: 40, n_orders: 1_500 }
}

fn params(min_people: u32) -> Params {
    Params { min_people, ..Params::default() }
}

fn trends(log: &Interactions, params: &Params) -> Trending {
    trending(log, &catalog(), Takers::of(log), params)
}

/// What the naive oracle counts: takers per window of an item's rows.
fn naive_windows(rows: &[&Interaction], newest: i64, takers: Takers) -> Vec<f64> {
    let mut windows = vec![(BTreeSet::new(), 0.0); 20];
    for row in rows {
        let Some(time_s) = row.time_s else { continue };
        let window = &mut windows[usize::try_from((newest - time_s) / (14 * DAY_S)).unwrap()];
        match takers.taker(row) {
            Some(taker) => drop(window.0.insert(taker)),
            None => window.1 += 1.0,
        }
    }
    windows.into_iter().map(|(known, unknown)| exact(known.len() as u64) + unknown).collect()
}

/// The trends of all rows that pass, by the formula and without a minimum of people.
fn naive(log: &Interactions, is_in: &dyn Fn(&Interaction) -> bool) -> Vec<(ItemIdx, f64)> {
    let newest = log.rows.iter().filter_map(|row| row.time_s).max().unwrap();
    let windows: Vec<Vec<f64>> = (0..N_ITEMS)
        .map(|item| {
            let rows: Vec<&Interaction> =
                log.rows.iter().filter(|row| row.item.0 == item && is_in(row)).collect();
            naive_windows(&rows, newest, Takers::of(log))
        })
        .collect();
    let past = |windows: &[f64]| -> f64 {
        (0..).zip(&windows[1..]).map(|(at, n)| n * (-f64::from(at) / 8.0).exp2()).sum()
    };
    let all: f64 = windows.iter().map(|windows| windows[0]).sum();
    let all_past: f64 = windows.iter().map(|windows| past(windows)).sum();
    let n_items = f64::from(N_ITEMS);
    let variance = windows.iter().map(|w| (past(w) / all_past).powi(2)).sum::<f64>() / n_items
        - n_items.powi(-2)
        - 1.0 / n_items / all_past;
    let rate = 1.0 / n_items / variance.max(1e-12 / n_items);
    let mut trends: Vec<(ItemIdx, f64)> = (0..)
        .map(ItemIdx)
        .zip(&windows)
        .map(|(item, windows)| {
            let expected = all * (rate / n_items + past(windows)) / (rate + all_past);
            (item, windows[0] * ((windows[0] + 2.0) / (expected + 2.0)).log2())
        })
        .filter(|trend| trend.1 > 0.0)
        .collect();
    trends.sort_by(|a, b| b.1.total_cmp(&a.1));
    trends
}

#[track_caller]
fn assert_close(found: &[WeightedItem], expected: &[(ItemIdx, f64)]) {
    let items = |item: &WeightedItem| item.item;
    assert!(
        found.iter().map(items).eq(expected.iter().map(|entry| entry.0)),
        "{found:?} {expected:?}"
    );
    for (found, expected) in found.iter().zip(expected.iter().map(|entry| entry.1 / expected[0].1))
    {
        assert!((found.weight - expected).abs() < 1e-6, "{found:?} for {expected}");
    }
}

#[test]
fn every_audience_agrees_with_the_dense_oracle() {
    let log = log();
    let found = trends(&log, &params(0)).rankings;
    // Everyone, three categories, four regions, two segments.
    assert_eq!(found.len(), 1 + 3 + 4 + 2);
    assert_close(&found[0], &naive(&log, &|_| true));
    let region = |row: &Interaction| row.region.map(|region| region.0);
    assert_close(&found[4], &naive(&log, &|row| region(row) == Some(0)));
    // The country holds both cities.
    assert_close(&found[5], &naive(&log, &|row| matches!(region(row), Some(1..=3))));
    assert_close(&found[6], &naive(&log, &|row| region(row) == Some(2)));
    assert_close(&found[9], &naive(&log, &|row| row.segment == Some(SegmentIdx(1))));
    let in_category = |item: ItemIdx, among: &[u32]| among.contains(&(item.0 % 3));
    for (ranking, among) in [(&found[1], &[1, 2][..]), (&found[2], &[1]), (&found[3], &[2])] {
        let expected: Vec<(ItemIdx, f64)> = naive(&log, &|_| true)
            .into_iter()
            .filter(|entry| in_category(entry.0, among))
            .collect();
        assert_close(ranking, &expected);
    }
    assert_eq!(found[0][0].item, ItemIdx(N_ITEMS - 1), "what is new trends most");
}

/// `takers` distinct people take item 0 in each window, the newest first, and 8 take item 1.
fn steady(takers: &[u32]) -> Interactions {
    let mut rows = Vec::new();
    for (window, &n) in (0..).zip(takers) {
        let mut add = |item, n| {
            let row = |user| Interaction {
                item: ItemIdx(item),
                user: Some(UserIdx(user)),
                order: None,
                time_s: Some((100 - window) * 14 * DAY_S),
                region: None,
                segment: None,
                kind: EventKind::Purchase,
            };
            rows.extend((0..n).map(row));
        };
        add(0, n);
        add(1, 8);
    }
    Interactions { rows, n_users: 99, n_orders: 0 }
}

/// The worked numbers of `docs/ranking.md`.
#[test]
fn the_worked_example_comes_out() {
    let trend_params = TrendParams { half_life_windows: 10_000.0, ..TrendParams::default() };
    let params = Params { trending: Some(trend_params), ..params(3) };
    let catalog = Catalog { items: catalog().items[..2].to_vec(), ..Catalog::default() };
    let log = steady(&[24, 8, 8]);
    let found = trending(&log, &catalog, Takers::of(&log), &params);
    // Both items had half of 32 takers, so half of the newest 32 are expected of each.
    let [first] = &found.trends[..] else { panic!("one trends: {found:?}") };
    assert_eq!((first.item, first.takers), (ItemIdx(0), 24));
    assert!((first.expected - 16.0).abs() < 1e-3, "{first:?}");
    assert!((first.score - 24.0 * (26.0f64 / 18.0).log2()).abs() < 1e-2, "{first:?}");
    assert!((first.score - 12.73).abs() < 1e-2, "{first:?}");
    // Its share rose from (8 + 2) / (16 + 4) to (24 + 2) / (32 + 4), and had not changed before.
    assert!((first.velocity - (26.0f64 / 36.0 / 0.5).log2()).abs() < 1e-9, "{first:?}");
    assert!((first.velocity - 0.53).abs() < 1e-2, "{first:?}");
    assert!((first.acceleration - first.velocity).abs() < 1e-9, "{first:?}");
}

#[test]
fn what_too_few_people_took_lately_does_not_trend() {
    let log = log();
    let takers = Takers::of(&log);
    let newest = log.rows.iter().filter_map(|row| row.time_s).max().unwrap();
    for min_people in [1, 3, 6] {
        let found = trends(&log, &params(min_people));
        for trend in &found.trends {
            let recent = log.rows.iter().filter(|row| {
                row.item == trend.item && row.time_s.is_some_and(|time| newest - time < 14 * DAY_S)
            });
            let people: BTreeSet<_> = recent
                .filter_map(|row| takers.taker(row).filter(|t| takers.is_person(*t)))
                .collect();
            assert!(people.len() >= min_people as usize, "{trend:?}");
        }
    }
    assert!(trends(&log, &params(41)).rankings.is_empty(), "nobody has forty people");
}

#[test]
fn a_past_of_too_few_people_counts_as_none() {
    // Two people took item 2 before; lately three others did.
    let mut log = steady(&[8, 8, 8]);
    let template = log.rows[0];
    let row = |user, window: i64| Interaction {
        item: ItemIdx(2),
        user: Some(UserIdx(user)),
        time_s: Some((100 - window) * 14 * DAY_S),
        ..template
    };
    log.rows.extend([row(1, 0), row(2, 0), row(3, 0)]);
    let unseen = trends(&log, &params(3));
    log.rows.extend([row(5, 1), row(6, 1)]);
    let seen_by_two = trends(&log, &params(3));
    let expected = |trending: &Trending| {
        trending.trends.iter().find(|trend| trend.item == ItemIdx(2)).unwrap().expected
    };
    // The shop's counts differ a little by the two, the item's own do not.
    assert!((expected(&unseen) - expected(&seen_by_two)).abs() < 0.2);
    let told = expected(&trends(&log, &params(1)));
    assert!(told > expected(&seen_by_two) + 0.5, "{told}");
}

#[test]
fn a_category_lifts_its_items_when_asked_to() {
    let log = log();
    let lifted = TrendParams { category: 1.0, ..TrendParams::default() };
    let lifted = trends(&log, &Params { trending: Some(lifted), ..params(1) });
    let plain = trends(&log, &params(1));
    let score = |trending: &Trending, item| {
        trending.trends.iter().find(|trend| trend.item == item).map(|trend| trend.score)
    };
    // Item 11 is of the category 2, whose other items lose to it; item 0 has none.
    let newest = ItemIdx(N_ITEMS - 1);
    assert!(score(&lifted, newest).unwrap() < score(&plain, newest).unwrap());
    let alike = |item| score(&lifted, item).is_none_or(|found| score(&plain, item) == Some(found));
    assert!((0..N_ITEMS).step_by(3).map(ItemIdx).all(alike));
}

#[test]
fn a_log_of_one_window_or_without_times_has_no_trends() {
    let mut short = steady(&[8]);
    assert!(trends(&short, &params(1)).rankings.is_empty());
    short.rows.iter_mut().for_each(|row| row.time_s = None);
    assert!(trends(&short, &params(1)).rankings.is_empty());
    let off = Params { trending: None, ..params(1) };
    assert!(trends(&log(), &off).rankings.is_empty());
}

#[test]
fn every_setting_has_two_ends() {
    let usual = TrendParams::default();
    assert_eq!(usual.check(), Ok(()));
    for bad in [
        TrendParams { window_days: 0.0, ..usual },
        TrendParams { half_life_windows: f64::NAN, ..usual },
        TrendParams { damping: 0.0, ..usual },
        TrendParams { category: 1.5, ..usual },
    ] {
        assert!(matches!(bad.check(), Err(TrainError::OutOfRange { .. })), "{bad:?}");
    }
}
