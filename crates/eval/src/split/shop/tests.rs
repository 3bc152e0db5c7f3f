//! The questions of one small shop, and what holds for all of them.

use edgewise_core::{OrderIdx, Seen, UserIdx};

use super::*;

const DAY_S: i64 = 86_400;
const CUT: ShopCut = ShopCut { cut_s: 8 * DAY_S, seed: 1 };

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

/// User 0 buys 1 and 2, then 2, then 1 and 3; user 1 buys 4 in an order that ends after the cut; a guest buys 5 and 6.
fn log() -> Interactions {
    let rows = vec![
        row(Some(0), 0, 1, 1),
        row(Some(0), 0, 1, 2),
        row(Some(0), 1, 5, 2),
        row(Some(0), 2, 9, 1),
        row(Some(0), 2, 9, 3),
        row(Some(1), 3, 7, 4),
        row(Some(1), 3, 8, 5),
        row(None, 4, 8, 5),
        row(None, 4, 8, 6),
    ];
    Interactions { rows, n_users: 2, n_orders: 5 }
}

fn cases(split: &ShopSplit, question: Question) -> Result<&[Case], Unasked> {
    let found = split.questions.iter().find(|(other, _)| *other == question);
    found.expect("every question is there").1.as_deref().map_err(|why| *why)
}

#[test]
fn an_order_lies_wholly_on_the_side_on_which_it_begins() {
    let split = shop(&log(), CUT);
    assert_eq!((split.train.rows.len(), split.test.rows.len()), (5, 4));
    assert!(split.train.rows.contains(&row(Some(1), 3, 8, 5)));
    assert_eq!(split.questions.len(), Question::ALL.len());
}

#[test]
fn a_known_user_is_asked_for_new_items_and_for_all_where_people_repeat() {
    let split = shop(&log(), CUT);
    let [new] = cases(&split, Question::NewItems).expect("cases") else { panic!("one case") };
    assert_eq!((new.relevant.as_slice(), new.seen), ([ItemIdx(3)].as_slice(), Seen::Hide));
    assert_eq!((new.history.len(), new.history[0].age_days.to_bits()), (3, 7.0_f64.to_bits()));
    // One of five takes of the older part is a repeat.
    let [any] = cases(&split, Question::AnyItems).expect("cases") else { panic!("one case") };
    assert_eq!(
        (any.relevant.as_slice(), any.seen),
        ([ItemIdx(1), ItemIdx(3)].as_slice(), Seen::Show)
    );
    let mut once = log();
    once.rows.remove(2);
    assert_eq!(cases(&shop(&once, CUT), Question::AnyItems), Err(Unasked::FewRepeats));
}

#[test]
fn newer_baskets_ask_for_what_was_held_out_and_for_the_rest_of_the_page() {
    let split = shop(&log(), CUT);
    for question in [Question::Cart, Question::Item, Question::Together] {
        let found = cases(&split, question).expect("cases");
        // A guest's unit is the order, numbered behind the users.
        assert_eq!(found.iter().map(|case| case.unit.0).collect::<Vec<_>>(), [0, 2 + 4]);
        for (case, basket) in found.iter().zip([[1, 3], [5, 6]]) {
            let asked = case.cart.iter().chain(&case.item).chain(&case.relevant).copied();
            assert_eq!(distinct(asked), basket.map(ItemIdx));
            assert_eq!((case.placement, case.history.len()), (question.placement(), 0));
        }
    }
}

#[test]
fn looks_belong_to_the_session_and_to_no_basket() {
    let mut looks = log();
    looks.rows[4].kind = EventKind::View;
    let split = shop(&looks, CUT);
    let n_cases = |question| cases(&split, question).map(<[Case]>::len);
    assert_eq!((n_cases(Question::Item), n_cases(Question::Cart)), (Ok(2), Ok(1)));
    looks.rows.iter_mut().for_each(|row| row.kind = EventKind::View);
    let split = shop(&looks, CUT);
    assert_eq!(cases(&split, Question::Together), Err(Unasked::NoBaskets));
    assert_eq!(cases(&split, Question::Item).map(<[Case]>::len), Ok(2));
}

#[test]
fn what_a_log_lacks_is_told() {
    let mut guests = log();
    guests.rows.iter_mut().for_each(|row| row.user = None);
    guests.n_users = 0;
    let split = shop(&guests, CUT);
    assert_eq!(cases(&split, Question::NewItems), Err(Unasked::NoUsers));
    assert_eq!(cases(&split, Question::AnyItems), Err(Unasked::NoUsers));
    let mut loose = log();
    loose.rows.iter_mut().for_each(|row| row.order = None);
    assert_eq!(cases(&shop(&loose, CUT), Question::Cart), Err(Unasked::NoOrders));
    let late = shop(&log(), ShopCut { cut_s: 20 * DAY_S, ..CUT });
    assert_eq!(cases(&late, Question::NewItems), Err(Unasked::NoCases));
    assert!(late.test.rows.is_empty());
}

#[test]
fn neither_the_order_of_rows_nor_the_numbers_of_orders_decide_what_is_drawn() {
    let mut turned = log();
    turned.rows.reverse();
    assert_eq!(shop(&turned, CUT).questions, shop(&log(), CUT).questions);
    let drawn = |log: &Interactions| {
        let split = shop(log, ShopCut { seed: 7, ..CUT });
        let cases = cases(&split, Question::Item).expect("cases");
        cases.iter().map(|case| case.item).collect::<BTreeSet<_>>()
    };
    for row in &mut turned.rows {
        row.order = row.order.map(|order| OrderIdx(4 - order.0));
    }
    assert_eq!(drawn(&turned), drawn(&log()));
}
