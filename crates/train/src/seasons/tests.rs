//! Factors against an oracle by the formula, worked numbers, and what may not be told.

use edgewise_core::{
    Catalog, CatalogItem, CategoryIdx, Cell, EventKind, Interaction, Interactions, ItemIdx,
    LocalTime, TimeZone, Transition, UserIdx,
};

use super::*;
use crate::testing::Lcg;

const N_ITEMS: u32 = 6;

fn catalog() -> Catalog {
    let item = |row: u32| CatalogItem {
        id: format!("item-{row}"),
        category: (row % 2 == 1).then_some(CategoryIdx(0)),
        ..CatalogItem::default()
    };
    let categories = vec!["tea".to_owned()];
    Catalog { items: (0..N_ITEMS).map(item).collect(), categories, ..Catalog::default() }
}

/// Three years of purchases. Item 0 is wanted in December, item 1 at weekends, item 2 at night; item 5 is new.
fn log() -> Interactions {
    let mut random = Lcg(8);
    let mut rows = Vec::new();
    while rows.len() < 12_000 {
        let time_s = i64::from(random.below(3 * 365 * 24)) * 3_600 + i64::from(random.below(3_600));
        let item = random.below(N_ITEMS);
        let at = LocalTime::at(time_s, 0);
        let is_wanted = match item {
            0 => at.month == 11,
            1 => at.weekday >= 5,
            2 => at.hour < 4,
            5 => time_s > 800 * DAY_S,
            _ => true,
        };
        if is_wanted || random.below(3) == 0 && item != 5 {
            rows.push(Interaction {
                item: ItemIdx(item),
                user: Some(UserIdx(random.below(500))),
                order: None,
                time_s: Some(time_s),
                region: None,
                segment: None,
                kind: EventKind::Purchase,
            });
        }
    }
    Interactions { rows, n_users: 500, n_orders: 0 }
}

fn params(season_params: SeasonParams) -> Params {
    Params { seasons: Some(season_params), ..Params::default() }
}

fn learnt(log: &Interactions, params: &Params) -> SeasonValues {
    seasons(log, &catalog(), Takers::of(log), params).expect("a log with times")
}

/// The ratio of a cell by the formula: visits, expected visits.
fn naive_counts(log: &Interactions, item: u32, cell: u8) -> [f64; 2] {
    let in_cell = |time_s: i64| LocalTime::at(time_s, 0).cells().contains(&Cell(cell));
    let mut visits: Vec<(u32, i64, UserIdx, i64)> = log
        .rows
        .iter()
        .map(|row| {
            let time_s = row.time_s.unwrap();
            (row.item.0, time_s.div_euclid(DAY_S), row.user.unwrap(), time_s)
        })
        .collect();
    visits.sort_unstable();
    visits.dedup_by_key(|visit| (visit.0, visit.1, visit.2));
    let own: Vec<i64> =
        visits.iter().filter(|visit| visit.0 == item).map(|visit| visit.3).collect();
    let first_day = own.iter().min().unwrap().div_euclid(DAY_S);
    let since: Vec<i64> =
        visits.iter().filter(|visit| visit.1 >= first_day).map(|visit| visit.3).collect();
    let n = |times: &[i64]| exact(times.iter().filter(|&&time_s| in_cell(time_s)).count() as u64);
    [n(&own), exact(own.len() as u64) * n(&since) / exact(since.len() as u64)]
}

/// The step that is nearest to a number.
fn nearest(value: f64) -> u16 {
    let distance = |step: &u16| (f64::from(*step) - value).abs();
    SEASON_STEPS.into_iter().min_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap()
}

#[test]
fn factors_agree_with_the_dense_oracle() {
    let log = log();
    let usual = SeasonParams { significance: 0.0, ..SeasonParams::default() };
    let found = learnt(&log, &params(usual));
    let mut n_factors = 0;
    for item in 0..N_ITEMS {
        let expected: Vec<(Cell, u16)> = (0..N_CELLS)
            .filter_map(|cell| {
                let [n, m] = naive_counts(&log, item, cell);
                let of_category = [1, 3, 5].map(|item| naive_counts(&log, item, cell));
                let sum = |at: usize| of_category.iter().map(|counts| counts[at]).sum::<f64>();
                let ratio = if item % 2 == 1 { (sum(0) + 100.0) / (sum(1) + 100.0) } else { 1.0 };
                let factor = (n + 100.0 * ratio) / (m + 100.0);
                let quarters = (factor.log2() * 4.0).round().clamp(-8.0, 8.0);
                (quarters != 0.0 && m > 0.0)
                    .then(|| (Cell(cell), nearest(256.0 * (quarters / 4.0).exp2())))
            })
            .collect();
        assert_eq!(found.factors[item as usize], expected, "{item}");
        n_factors += expected.len();
    }
    assert!(n_factors > 20, "{n_factors}");
}

#[test]
fn items_are_wanted_when_they_are_wanted() {
    let found = learnt(&log(), &params(SeasonParams::default()));
    let factor = |item: usize, cell| {
        let factors = &found.factors[item];
        factors.iter().find(|entry| entry.0 == Cell(cell)).map_or(256, |entry| entry.1)
    };
    assert!(factor(0, 11) >= 362 && factor(0, 5) <= 256, "December");
    assert!(factor(1, 12 + 6) > 256 && factor(1, 12 + 1) < 256, "Sunday");
    assert!(factor(2, 19 + 2) > 256, "at night");
    assert!(found.factors[5].is_empty(), "what was not there yet was not unwanted: {found:?}");
}

/// The worked number of `docs/ranking.md`.
#[test]
fn a_hundred_and_fifty_visits_where_fifty_were_expected_are_told_as_one_and_two_thirds() {
    // (150 + 100) / (50 + 100) is 5 / 3, which is nearest to three quarters of an octave.
    assert_eq!(step(250.0 / 150.0), Some(431));
    assert_eq!(step(1.08), None);
    assert_eq!((step(0.91), step(0.9)), (Some(215), Some(215)));
    assert_eq!((step(100.0), step(0.001)), (Some(1_024), Some(64)));
}

#[test]
fn what_too_few_people_did_is_not_told() {
    let mut log = log();
    // Only two people take item 0.
    for (at, row) in (0..).zip(&mut log.rows).filter(|(_, row)| row.item.0 == 0) {
        row.user = Some(UserIdx(at % 2));
    }
    let usual = SeasonParams { prior_visits: 1.0, significance: 0.0, ..SeasonParams::default() };
    let two = Params { min_people: 2, ..params(usual) };
    assert!(!learnt(&log, &two).factors[0].is_empty());
    assert!(learnt(&log, &params(usual)).factors[0].is_empty());
}

#[test]
fn months_take_two_years_unless_one_shall_do() {
    let mut log = log();
    log.rows.retain(|row| row.time_s.unwrap() < 400 * DAY_S);
    let has_months = |months| {
        let usual = SeasonParams { prior_visits: 10.0, months, ..SeasonParams::default() };
        let values = learnt(&log, &params(usual));
        values.factors.iter().flatten().any(|entry| entry.0 < Cell(12))
    };
    assert!(!has_months(Months::Repeated));
    assert!(has_months(Months::Single));
}

#[test]
fn the_zone_moves_hours_and_is_told() {
    let log = log();
    let transition = Transition { utc_s: 0, offset_s: 6 * 3_600 };
    let time_zone = TimeZone { name: "Toy/East".to_owned(), transitions: vec![transition] };
    let east = learnt(&log, &Params { time_zone, ..params(SeasonParams::default()) });
    assert_eq!(east.zone.name, "Toy/East");
    let hours = |values: &SeasonValues| -> Vec<u8> {
        let cells = values.factors[2].iter().filter(|entry| entry.1 > 256 && entry.0 >= Cell(19));
        cells.map(|entry| entry.0.0 - 19).collect()
    };
    assert_eq!(hours(&learnt(&log, &params(SeasonParams::default()))), [0, 1, 2, 3]);
    assert_eq!(hours(&east), [6, 7, 8, 9]);
}

#[test]
fn a_zone_is_kept_for_the_log_and_ten_years_more() {
    let year_s = 365 * DAY_S;
    let transitions = (0..50i32)
        .map(|year| Transition { utc_s: i64::from(year) * year_s, offset_s: year % 2 * 3_600 });
    let zone = TimeZone { name: "Toy/Swing".to_owned(), transitions: transitions.collect() };
    let kept = needed(&zone, 20 * year_s + 5, 21 * year_s);
    assert_eq!(kept.transitions.first(), zone.transitions.get(20), "the one in force at first");
    assert_eq!(kept.transitions.last(), zone.transitions.get(31));
    let utc = TimeZone::default();
    assert_eq!(needed(&utc, 0, year_s), utc);
}

#[test]
fn rows_in_another_order_and_other_threads_learn_the_same() {
    let log = log();
    let expected = learnt(&log, &params(SeasonParams::default()));
    let mut backward = log.clone();
    backward.rows.reverse();
    backward.rows.iter_mut().for_each(|row| row.user = row.user.map(|user| UserIdx(499 - user.0)));
    for n_threads in [1, 2, 3, 8] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().expect("threads");
        let found = pool.install(|| learnt(&backward, &params(SeasonParams::default())));
        assert_eq!(found, expected, "{n_threads}");
    }
}
