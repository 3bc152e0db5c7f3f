//! The laws that a made-up log keeps.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;
use std::io::BufRead as _;

use expect_test::expect;

use super::orders::{self, N_DAYS, Row};
use super::shop::{ITEM_SHIFT, Shop, Size};
use super::{CSV, JSON_LINES, price, push_decimal, write};

const SIZE: Size = Size { n_rows: 200_000, n_items: 2_000, n_users: 10_000, seed: 1 };

fn log(size: &Size) -> Vec<u8> {
    let mut bytes = Vec::new();
    write(size, &CSV, &mut bytes).unwrap();
    bytes
}

fn rows(size: &Size) -> (Shop, Vec<Row>) {
    let shop = Shop::new(size);
    let mut rows = Vec::new();
    let Ok(()) = orders::for_each(size, &shop, |row| {
        rows.push(row);
        Ok::<(), Infallible>(())
    });
    (shop, rows)
}

fn share(part: usize, whole: usize) -> f64 {
    f64::from(u32::try_from(part).unwrap()) / f64::from(u32::try_from(whole).unwrap())
}

#[test]
fn a_log_has_its_rows_and_the_same_bytes_again() {
    let small = Size { n_rows: 10_001, ..SIZE };
    let text = log(&small);
    assert_eq!(text.lines().count(), 10_002);
    assert!(text == log(&small), "the same seed gave other bytes");
    assert!(text != log(&Size { seed: 2, ..small }), "another seed gave the same bytes");
}

#[test]
fn the_rows_of_a_seed_are_the_same_on_every_machine() {
    let text = String::from_utf8(log(&Size { n_rows: 2_000, ..SIZE })).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let shown = format!("{}\n{}\n", lines[..5].join("\n"), lines[1_999..].join("\n"));
    expect![[r"
        order_id,user_id,item_id,time,quantity,price
        N1,u830,I001058,2024-01-01 06:00:00,6,34.95
        N2,u1662,I000688,2024-01-01 14:30:00,1,0.95
        N3,u206,I000917,2024-01-02 06:00:00,2,11.95
        N3,u206,I000031,2024-01-02 06:00:00,1,183.95
        N1173,u1367,I000587,2025-12-28 06:00:00,5,26.95
        N1173,u1367,I000247,2025-12-28 06:00:00,1,1.95
    "]]
    .assert_eq(&shown);
}

#[test]
fn json_lines_say_what_the_csv_says() {
    let small = Size { n_rows: 500, ..SIZE };
    let mut json = Vec::new();
    write(&small, &JSON_LINES, &mut json).unwrap();
    let fields = |line: &str| -> String {
        let row: serde_json::Value = serde_json::from_str(line).unwrap();
        let keys = ["order_id", "user_id", "item_id", "time", "quantity", "price"];
        let texts = keys.map(|key| row[key].to_string().replace('"', ""));
        texts.join(",")
    };
    let from_json: Vec<String> = str::from_utf8(&json).unwrap().lines().map(fields).collect();
    let csv = String::from_utf8(log(&small)).unwrap();
    assert_eq!(from_json, csv.lines().skip(1).collect::<Vec<_>>());
}

#[test]
fn a_shop_of_one_item_and_one_user_has_rows_too() {
    let text = log(&Size { n_rows: 3, n_items: 1, n_users: 1, seed: 9 });
    assert_eq!(text.lines().count(), 4);
}

/// The slope of a line through the logarithms of counts and shifted ranks is the law's exponent, one.
#[test]
fn sales_fall_with_the_rank_by_the_stated_law() {
    let (_, rows) = rows(&SIZE);
    let mut counts = vec![0_u32; 2_000];
    for row in &rows {
        counts[row.item] += 1;
    }
    // In groups of twenty ranks, so that chance is small against what is measured.
    let points: Vec<(f64, f64)> = (0_u32..)
        .zip(counts.chunks(20))
        .map(|(group, counts)| {
            let rank = f64::from(group * 20) + 10.5;
            let shift = f64::from(u32::try_from(ITEM_SHIFT).unwrap());
            ((rank + shift).ln(), f64::from(counts.iter().sum::<u32>()).ln())
        })
        .collect();
    let n = share(points.len(), 1);
    let mean_x = points.iter().map(|point| point.0).sum::<f64>() / n;
    let mean_y = points.iter().map(|point| point.1).sum::<f64>() / n;
    let covariance: f64 = points.iter().map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    let variance: f64 = points.iter().map(|(x, _)| (x - mean_x).powi(2)).sum();
    let slope = covariance / variance;
    assert!((slope + 1.0).abs() < 0.15, "{slope}");
}

#[test]
fn most_of_an_order_is_from_one_cluster() {
    let (shop, rows) = rows(&SIZE);
    let members: BTreeMap<usize, BTreeSet<u32>> = rows
        .iter()
        .map(|row| (row.cluster, shop.members(row.cluster).iter().copied().collect()))
        .collect();
    let n_inside = rows
        .iter()
        .filter(|row| members[&row.cluster].contains(&u32::try_from(row.item).unwrap()))
        .count();
    // 85 in a hundred by choice, and some of the others by chance; drawing repeated items anew takes some away.
    let inside = share(n_inside, rows.len());
    assert!((0.80..0.90).contains(&inside), "{inside}");
}

#[test]
fn a_user_orders_from_few_clusters_and_few_users_order_much() {
    let (_, rows) = rows(&SIZE);
    let mut of_user: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for row in &rows {
        of_user.entry(row.user).or_default().insert(row.cluster);
    }
    assert!(of_user.values().all(|clusters| clusters.len() <= 4));
    let n_of_first_hundredth = rows.iter().filter(|row| row.user < 100).count();
    let head = share(n_of_first_hundredth, rows.len());
    assert!((0.12..0.18).contains(&head), "{head}");
}

#[test]
fn times_rise_and_follow_the_week() {
    let (_, rows) = rows(&SIZE);
    assert!(rows.is_sorted_by_key(|row| (row.day, row.second, row.order)));
    let days = orders::rows_by_day(SIZE.n_rows);
    assert_eq!((days.len(), days.iter().sum::<u64>()), (N_DAYS, SIZE.n_rows));
    let of_weekday =
        |weekday: usize| days.iter().skip(weekday).step_by(7).sum::<u64>() / (N_DAYS as u64 / 7);
    assert!(of_weekday(5) * 2 > of_weekday(6) * 3, "Saturdays sell half as much again as Sundays");
    let texts = orders::day_texts();
    assert_eq!((texts[0].as_str(), texts[N_DAYS - 1].as_str()), ("2024-01-01", "2025-12-28"));
}

#[test]
fn orders_have_three_items_in_the_mean_and_no_item_often_twice() {
    let (_, rows) = rows(&SIZE);
    let n_orders = rows.last().unwrap().order;
    let mean = share(rows.len(), usize::try_from(n_orders).unwrap());
    assert!((2.7..3.1).contains(&mean), "{mean}");
    let distinct: BTreeSet<(u64, usize)> = rows.iter().map(|row| (row.order, row.item)).collect();
    assert!(share(distinct.len(), rows.len()) > 0.98);
}

#[test]
fn numbers_are_written_with_their_digits() {
    let written = |number, n_digits| {
        let mut text = Vec::new();
        push_decimal(&mut text, number, n_digits);
        String::from_utf8(text).unwrap()
    };
    assert_eq!(written(0, 1), "0");
    assert_eq!(written(7, 2), "07");
    assert_eq!(written(u64::MAX, 6), u64::MAX.to_string());
    assert!((0..10_000).map(price).all(|price| price < 256));
}
