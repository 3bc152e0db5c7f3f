//! Every split on one small log, and what holds for all of them.

use edgewise_core::{
    EventKind, Interaction, Interactions, ItemIdx, OrderIdx, Placement, Seen, UserIdx,
};

use super::*;

const DAY_S: i64 = 86_400;

fn row(user: Option<u32>, order: u32, day: i64, item: u32) -> Interaction {
    Interaction {
        item: ItemIdx(item),
        user: user.map(UserIdx),
        order: Some(OrderIdx(order)),
        time_s: Some(day * DAY_S),
        region: None,
        segment: None,
        kind: EventKind::Purchase,
    }
}

/// User 0 buys 1 and 2, then 2 and 3, then 1; user 1 buys 4 once; a guest buys 5 and 6.
fn log() -> Interactions {
    let rows = vec![
        row(Some(0), 0, 1, 1),
        row(Some(0), 0, 1, 2),
        row(Some(0), 1, 5, 2),
        row(Some(0), 1, 5, 3),
        row(Some(0), 2, 9, 1),
        row(Some(1), 3, 6, 4),
        row(None, 4, 8, 5),
        row(None, 4, 8, 6),
    ];
    Interactions { rows, n_users: 2, n_orders: 5 }
}

/// One line per case, then the items that are learnt from.
fn text(split: &Split) -> String {
    let rows = |items: Vec<ItemIdx>| {
        let mut rows: Vec<u32> = items.iter().map(|item| item.0).collect();
        rows.sort_unstable();
        rows.iter().map(u32::to_string).collect::<Vec<_>>().join(" ")
    };
    let case = |case: &Case| {
        let past = case.history.iter().map(|past| format!("{}@{}", past.item.0, past.age_days));
        let past = past.chain(case.cart.iter().map(|item| format!("{}", item.0)));
        let past = past.collect::<Vec<_>>().join(" ");
        format!("{}: {past} -> {}\n", case.unit.0, rows(case.relevant.clone()))
    };
    let train = split.train.rows.iter().map(|row| row.item).collect();
    split.cases.iter().map(case).collect::<String>() + "train " + &rows(train)
}

#[track_caller]
fn check(split: &Split, expected: &str) {
    assert_eq!(text(split), expected);
}

#[test]
fn a_cut_in_time_asks_users_who_are_on_both_sides() {
    let at = |repeats| temporal(&log(), Temporal { cut_s: 5 * DAY_S, repeats });
    check(&at(Repeats::NewOnly), "0: 1@4 2@4 -> 3\ntrain 1 2");
    check(&at(Repeats::Allowed), "0: 1@4 2@4 -> 1 2 3\ntrain 1 2");
    assert_eq!(at(Repeats::NewOnly).cases[0].seen, Seen::Hide);
    assert_eq!(at(Repeats::Allowed).cases[0].seen, Seen::Show);
}

#[test]
fn the_last_event_or_basket_is_held_out_of_users_with_an_earlier_one() {
    let mut log = log();
    log.rows.push(row(Some(0), 2, 9, 7));
    let at = |part, repeats| last_out(&log, LastOut { part, repeats });
    let event = "0: 1@8 2@8 2@4 3@4 1@0 -> 7\ntrain 1 1 2 2 3 4 5 6";
    check(&at(LastPart::Event, Repeats::Allowed), event);
    let basket = |truth| format!("0: 1@8 2@8 2@4 3@4 -> {truth}\ntrain 1 2 2 3 4 5 6");
    check(&at(LastPart::Basket, Repeats::Allowed), &basket("1 7"));
    check(&at(LastPart::Basket, Repeats::NewOnly), &basket("7"));
    assert_eq!(next_basket(&log), at(LastPart::Basket, Repeats::Allowed));
}

#[test]
fn every_prefix_of_a_later_session_asks_for_the_next_item() {
    let mut log = log();
    log.rows.push(row(None, 4, 10, 6));
    let split = session_prefixes(&log, 8 * DAY_S);
    check(&split, "4: 5@0 -> 6\n4: 5@2 6@2 -> 6\ntrain 1 2 2 3 4");
    assert_eq!(split.cases[0].seen, Seen::Show);
}

#[test]
fn a_later_basket_lacks_one_item_or_each() {
    let at = |held_out| basket_completion(&log(), BasketCompletion { cut_s: 5 * DAY_S, held_out });
    let each = "1: 3 -> 2\n1: 2 -> 3\n4: 6 -> 5\n4: 5 -> 6\ntrain 1 2";
    check(&at(HeldOut::Each), each);
    let one = at(HeldOut::One { seed: 3 });
    assert_eq!(one.cases.len(), 2);
    assert!(one.cases.iter().all(|case| at(HeldOut::Each).cases.contains(case)));
    assert_eq!(one.cases[0].placement, Placement::Cart);
}

#[test]
fn a_random_share_leaves_every_user_something_on_both_sides() {
    for part in [0.0, 0.3, 1.0] {
        let split = random_share(&log(), Share { part, seed: 5 });
        let case = &split.cases[0];
        let n_relevant = if part > 0.5 { 2 } else { 1 };
        assert_eq!((split.cases.len(), case.relevant.len()), (1, n_relevant));
        assert!(case.history.iter().all(|past| !case.relevant.contains(&past.item)));
    }
}

#[test]
fn the_newest_share_counts_orders_where_there_are_some() {
    assert_eq!(newest_share(&log(), 0.4), Some(8 * DAY_S));
    assert_eq!(newest_share(&log(), 0.0), Some(9 * DAY_S));
    let mut loose = log();
    loose.rows.iter_mut().for_each(|row| row.order = None);
    assert_eq!(newest_share(&loose, 0.5), Some(6 * DAY_S));
    loose.rows.iter_mut().for_each(|row| row.time_s = None);
    assert_eq!(newest_share(&loose, 0.5), None);
}

#[test]
fn validation_follows_the_rules_of_the_test() {
    let share = Share { part: 0.4, seed: 1 };
    check(&Protocol::Sessions.validation(&log(), share), "4: 5@0 -> 6\ntrain 1 2 2 3 4");
    let baskets = Protocol::BasketCompletion.validation(&log(), share);
    assert_eq!((baskets.cases.len(), baskets.cases[0].unit.0), (1, 4));
    let mut old_user = log();
    old_user.rows.push(row(Some(1), 2, 9, 3));
    check(&Protocol::TopN.validation(&old_user, share), "1: 4@2 -> 3\ntrain 1 2 2 3 4");
    check(&Protocol::NextBasket.validation(&log(), share), &text(&next_basket(&log())));
    let mut timeless = log();
    timeless.rows.iter_mut().for_each(|row| row.time_s = None);
    assert_eq!(Protocol::TopN.validation(&timeless, share), random_share(&timeless, share));
}

#[test]
fn the_order_of_rows_does_not_matter() {
    let mut turned = log();
    turned.rows.reverse();
    let share = Share { part: 0.4, seed: 1 };
    for protocol in
        [Protocol::TopN, Protocol::Sessions, Protocol::BasketCompletion, Protocol::NextBasket]
    {
        let of = |log: &Interactions| text(&protocol.validation(log, share));
        assert_eq!(of(&turned), of(&log()), "{protocol:?}");
    }
}
