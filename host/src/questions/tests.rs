//! What can be asked of small logs, and how it is told.

use edgewise_core::{Catalog, CatalogItem, EventKind, Interaction, ItemIdx, OrderIdx, UserIdx};
use edgewise_ingest::CleaningReport;

use super::*;

fn log(n_orders: u32) -> Log {
    let row = |(order, item)| Interaction {
        item: ItemIdx(item),
        user: Some(UserIdx(order % 2)),
        order: Some(OrderIdx(order)),
        time_s: Some(i64::from(order) * 86_400),
        region: None,
        segment: None,
        kind: EventKind::Purchase,
    };
    let rows = (0..n_orders).flat_map(|order| [(order, 0), (order, 1)]).map(row).collect();
    let item = |id: &str, title: Option<&str>| CatalogItem {
        id: id.to_owned(),
        title: title.map(str::to_owned),
        ..CatalogItem::default()
    };
    let items = vec![item("cup", Some("Tea cup")), item("pot", None)];
    Log {
        interactions: Interactions { rows, n_users: 2, n_orders },
        catalog: Catalog { items, ..Catalog::default() },
        report: CleaningReport::default(),
    }
}

#[test]
fn both_sides_of_the_cut_are_told_with_their_days() {
    let log = log(10);
    let questions = Questions::new(&log, 0.2).expect("questions");
    let [older, newer] = questions.parts();
    assert_eq!(older.period(), "1970-01-01 to 1970-01-08");
    assert_eq!(older.counts(), "16 rows, 2 users, 8 orders");
    assert_eq!(newer.counts(), "4 rows, 2 users, 2 orders");
    assert_eq!(
        (questions.title(ItemIdx(0)).as_str(), questions.title(ItemIdx(1)).as_str()),
        ("Tea cup", "pot")
    );
    let asked: Vec<&str> = questions.asked.iter().map(|(question, _)| key(*question)).collect();
    assert_eq!(asked, ["home_repeats", "cart", "item", "together"]);
    assert_eq!(questions.json()["unasked"][0]["question"], "home");
    assert_eq!(questions.unit_name(Question::Cart), "customers");
}

#[test]
fn a_log_that_cannot_be_asked_says_why() {
    let mut timeless = log(10);
    timeless.interactions.rows.iter_mut().for_each(|row| row.time_s = None);
    assert!(matches!(Questions::new(&timeless, 0.1), Err(EvaluationError::NoTimes)));
    let mut bare = log(10);
    for row in &mut bare.interactions.rows {
        (row.user, row.order) = (None, None);
    }
    let Err(error) = Questions::new(&bare, 0.1) else { panic!("nothing can be asked") };
    let text = error.to_string();
    assert!(text.contains("`home`: the log names no users"), "{text}");
    assert!(text.contains("`cart`: the log has no orders or sessions"), "{text}");
    assert!(error.hint().contains("`user` and `order`"));
}

#[test]
fn shares_are_numbers_from_a_thousandth_to_one() {
    assert_eq!(parse_share("0.25"), Ok(0.25));
    for wrong in ["0", "1.1", "-1", "NaN", "ten"] {
        assert!(parse_share(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn headlines_are_among_the_figures_and_cuts() {
    for question in Question::ALL {
        let wording = Wording::of(question);
        assert!(wording.figures().contains(&wording.headline));
        assert!(
            wording.figures().iter().all(|(metric, k)| METRICS.contains(metric) && KS.contains(k))
        );
    }
}

#[test]
fn dates_are_not_broken_and_names_keep_their_hyphens() {
    let text = unbroken("my-shop.bundle, from 2011-10-06 on-");
    assert_eq!(text, "my-shop.bundle, from 2011\u{2011}10\u{2011}06 on-");
}
