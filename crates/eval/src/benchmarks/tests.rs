//! Each form in a few lines, and what is refused.

use edgewise_core::{Placement, Seen};

use super::*;

fn source(text: &str) -> Source<'_> {
    Source { name: "a.txt", text }
}

/// One line per case: unit, past with ages in whole days or seconds, cart, truth. Items by their ids.
fn cases(benchmark: &Benchmark, per_day: f64) -> String {
    let id = |item: ItemIdx| benchmark.catalog.items[item.index()].id.clone();
    let case = |case: &Case| {
        let past = case.history.iter();
        let past =
            past.map(|past| format!("{}@{}", id(past.item), (past.age_days * per_day).round()));
        let past: Vec<String> = past.chain(case.cart.iter().map(|&item| id(item))).collect();
        let relevant: Vec<String> = case.relevant.iter().map(|&item| id(item)).collect();
        format!("{}: {} -> {}\n", case.unit.0, past.join(" "), relevant.join(" "))
    };
    benchmark.cases.iter().map(case).collect()
}

/// One line per row: user, order, time, item.
fn rows(benchmark: &Benchmark) -> String {
    let text = |number: Option<i64>| number.map_or("-".to_owned(), |number| number.to_string());
    let row = |row: &Interaction| {
        let user = text(row.user.map(|user| user.0.into()));
        let order = text(row.order.map(|order| order.0.into()));
        let id = &benchmark.catalog.items[row.item.index()].id;
        format!("{user} {order} {} {id}\n", text(row.time_s))
    };
    benchmark.train.rows.iter().map(row).collect()
}

#[track_caller]
fn refuses(found: Result<Benchmark, BenchmarkError>, expected: &str) {
    let error = found.expect_err("refused");
    assert_eq!(error.to_string(), expected);
    assert!(!error.hint().is_empty());
}

#[test]
fn users_may_be_missing_empty_repeated_and_out_of_order() {
    let train = "7 100 9\n\n3\n7 20\r\n5 9\n";
    let found = top_n(source(train), source("5 100 20\n9 9\n7\n")).expect("a benchmark");
    let ids: Vec<&str> = found.catalog.items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(ids, ["100", "20", "9"], "ascending by bytes");
    assert_eq!(rows(&found), "1 - - 9\n2 - - 100\n2 - - 9\n2 - - 20\n");
    assert_eq!(cases(&found, 1.0), "1: 9@0 -> 100 20\n3:  -> 9\n");
    assert_eq!((found.train.n_users, found.cases[0].seen), (4, Seen::Hide));
    assert_eq!(taken(&found.train, 3), [1, 1, 2]);
}

#[test]
fn sessions_of_lines_get_times_from_their_places() {
    let test = "1 2 3\t4\n1 2\t3\n1\t2\n5\t1\n";
    let found = session_lines(source("1 2\n2 5 2\n"), source(test)).expect("a benchmark");
    assert_eq!(rows(&found), "- 0 0 1\n- 0 1 2\n- 1 60 2\n- 1 61 5\n- 1 62 2\n");
    let expected = "0: 1@3 2@2 3@1 -> 4\n0: 1@2 2@1 -> 3\n0: 1@1 -> 2\n1: 5@1 -> 1\n";
    assert_eq!(cases(&found, 86_400.0), expected);
    assert_eq!((found.cases[0].seen, found.protocol), (Seen::Show, Protocol::Sessions));
}

#[test]
fn a_table_of_sessions_goes_by_time_whatever_its_columns() {
    let train = "Time\tSessionId\tItemId\n20.5\ta\t2\n10.0\ta\t1\n";
    let test = "SessionId\tItemId\tTime\n9\t3\t70\n9\t2\t40\n8\t1\t5\n9\t1\t100\n";
    let found = session_table(source(train), source(test)).expect("a benchmark");
    assert_eq!(rows(&found), "- 0 10 1\n- 0 20 2\n");
    assert_eq!(cases(&found, 86_400.0), "0: 2@30 -> 3\n0: 2@60 3@30 -> 1\n");
    assert!(super::session_table::has_header(train));
    assert!(!super::session_table::has_header("1 2 3\n"));
}

#[test]
fn baskets_put_their_inputs_into_the_cart() {
    let found = baskets(source("1 2\n3\n"), source("1 2\t3\n3 1\t2\n1\t2 3\n4\t1\n"));
    let found = found.expect("a benchmark");
    assert_eq!(rows(&found), "- 0 0 1\n- 0 0 2\n- 1 60 3\n");
    assert_eq!(cases(&found, 1.0), "0: 1 2 -> 3\n0: 3 1 -> 2\n0: 1 -> 2 3\n1: 4 -> 1\n");
    assert_eq!(found.cases[0].placement, Placement::Cart);
}

const MERGED: &str = r#"{"b": [[1, 2], [2], [3, 1]], "a": [[4], [5]]}"#;

#[test]
fn a_users_last_basket_is_the_truth_and_lies_on_the_same_day_for_all() {
    let found = next_basket(source(MERGED), None).expect("a benchmark");
    assert_eq!(rows(&found), "0 0 172800 4\n1 1 86400 1\n1 1 86400 2\n1 2 172800 2\n");
    assert_eq!(cases(&found, 1.0), "0: 4@1 -> 5\n1: 1@2 2@2 2@1 -> 3 1\n");
    assert_eq!((found.train.n_users, found.train.n_orders), (2, 3));
}

#[test]
fn future_baskets_are_the_truth_only_where_they_fit() {
    let read = |future: &str| {
        let text = format!("user_id,order_number,product_id\n{future}");
        next_basket(source(MERGED), Some(source(&text))).expect("a benchmark")
    };
    let plain = next_basket(source(MERGED), None).expect("a benchmark");
    let repeated = read("b,3,1\nb,3,3\na,2,5\n");
    assert_eq!(repeated.cases, plain.cases);
    assert!(repeated.notes[1].contains("repeats"));
    let behind = read("b,4,2\na,3,4\na,3,5\n");
    assert_eq!(cases(&behind, 1.0), "0: 4@2 5@1 -> 4 5\n1: 1@3 2@3 2@2 3@1 1@1 -> 2\n");
    let strange = read("b,3,2\na,7,4\n");
    assert_eq!(strange.cases, plain.cases);
    assert!(strange.notes[1].contains("contradicts"));
}

#[test]
fn a_malformed_line_is_named() {
    let top = "expected a user's number and the numbers of items, with blanks between";
    let good = source("1 2\n");
    refuses(top_n(source("1 2\n3 x\n"), good), &format!("line 2 of `a.txt` is `3 x`, {top}"));
    refuses(top_n(good, source("\n")), &format!("`a.txt` is empty, {top}"));
    let next = "expected the numbers of a session so far, a tab, and the next item";
    for bad in ["1 2 3", "1\t", "1\t2 3", "1\t-2"] {
        let found = session_lines(good, source(bad));
        refuses(found, &format!("line 1 of `a.txt` is `{bad}`, {next}"));
    }
    let held_out = "expected the items given, a tab, and what was held out";
    refuses(baskets(good, source("1 2")), &format!("line 1 of `a.txt` is `1 2`, {held_out}"));
    let header = "expected the names `SessionId`, `ItemId` and `Time`, with tabs between";
    refuses(session_table(good, good), &format!("line 1 of `a.txt` is `1 2`, {header}"));
    let table = source("SessionId\tItemId\tTime\n1\t2\tnan\n");
    let found = session_table(table, table).expect_err("no time").to_string();
    assert!(found.starts_with("line 2 of `a.txt` is `1\t2\tnan`, expected a session"));
    let found = next_basket(source("{\"1\":\n[[true]]}"), None).expect_err("no number").to_string();
    assert!(found.starts_with("line 2 of `a.txt` is `invalid type"), "{found}");
    let future = Some(source("user_id,order_number,product_id\n1;2;3\n"));
    let found = next_basket(source(MERGED), future).expect_err("no commas").to_string();
    assert!(found.starts_with("line 2 of `a.txt` is `1;2;3`, expected a user"), "{found}");
}

#[test]
fn a_long_line_is_shortened_in_the_message() {
    let long = "x".repeat(500);
    let error = top_n(source(&long), source("1 2")).expect_err("no number").to_string();
    assert!(error.len() < 300 && error.contains('…'));
}
