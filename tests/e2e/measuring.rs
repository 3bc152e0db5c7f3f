//! `evaluate` and `compare` on the shipped data: figures that a stranger would get, and what cannot be asked.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::tool::{run, run_ok, shop_folder};

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn json(out: &str) -> Value {
    serde_json::from_str(out).expect("JSON")
}

/// The shipped invoices.
fn invoices() -> String {
    text(&shop_folder().join("invoices.csv.zst")).to_owned()
}

/// A line per month, customer and item of a small shop, with the columns that are wanted.
fn small_shop(columns: &[&str]) -> String {
    let mut csv = columns.join(",") + "\n";
    for order in 0..240 {
        for item in 0..3 {
            let cells = columns.iter().map(|column| match *column {
                "item" => format!("cup{}", (order % 8 + item * 3) % 11),
                "user" => format!("u{}", order % 12),
                "order" => format!("o{order}"),
                "time" => format!("2024-{:02}-{:02}", order / 20 % 12 + 1, order % 20 + 1),
                other => panic!("no column {other}"),
            });
            let cells: Vec<String> = cells.collect();
            writeln!(csv, "{}", cells.join(",")).expect("a line");
        }
    }
    csv
}

fn find<'v>(list: &'v Value, key: &str, wanted: &str) -> &'v Value {
    let found = list.as_array().expect("a list").iter().find(|entry| entry[key] == wanted);
    found.unwrap_or_else(|| panic!("no {wanted} in {list}"))
}

#[track_caller]
fn is_page(path: &Path, holds: &[&str]) {
    let html = fs::read_to_string(path).expect("a page");
    assert!(html.starts_with("<!doctype html>") && !html.contains("<script"));
    for text in holds {
        assert!(html.contains(text), "{text}");
    }
}

#[test]
fn evaluate_beats_the_best_sellers_at_every_placement_of_the_shipped_shop() {
    let folder = tempfile::tempdir().expect("a folder");
    let page = folder.path().join("report.html");
    let found = json(&run_ok(&["evaluate", &invoices(), "--report", text(&page), "--json"]));
    let older = &found["split"]["older"];
    assert_eq!(
        (&older["first_day"], &older["last_day"]),
        (&"2010-12-01".into(), &"2011-10-06".into())
    );
    assert_eq!(found["split"]["newer"]["orders"], 1_621);
    for question in ["home", "home_repeats", "cart", "item", "together"] {
        let placement = find(&found["placements"], "question", question);
        let headline = placement["headline"].as_str().expect("a figure's key");
        let mean = |system| {
            let found = find(&placement["systems"], "system", system);
            found["figures"][headline]["mean"].as_f64().expect("a number")
        };
        let (model, popularity) = (mean("model"), mean("popularity"));
        assert!(model > 2.0 * popularity, "{question}: {model} and {popularity}");
        let behind = find(&placement["systems"], "system", "popularity");
        assert_eq!(behind["model_less_this_at_headline"]["verdict"], "better");
        assert!(placement["n_cases"].as_u64() > Some(500), "{question}");
    }
    is_page(
        &page,
        &["Best sellers", "Plain cosine", "Cart page", "WHITE HANGING HEART T-LIGHT HOLDER"],
    );
}

#[test]
fn evaluate_prints_the_dates_and_the_same_figures_on_any_number_of_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log.csv");
    fs::write(&log, small_shop(&["order", "user", "item", "time"])).expect("a log");
    let figures = |threads: &str| {
        let mut found = json(&run_ok(&["evaluate", text(&log), "--json", "--threads", threads]));
        for placement in found["placements"].as_array_mut().expect("placements") {
            for system in placement["systems"].as_array_mut().expect("systems") {
                system
                    .as_object_mut()
                    .expect("a system")
                    .retain(|key, _| !key.starts_with("query"));
            }
        }
        found
    };
    assert_eq!(figures("1"), figures("3"));
    let table = run_ok(&["evaluate", text(&log), "--test-share", "0.25"]);
    assert!(table.starts_with("learnt from  2024-01-01 to 2024-09-20: "), "{table}");
    assert!(table.contains("cart (cart page): 60 questions from 12 customers"), "{table}");
}

#[test]
fn evaluate_says_what_a_log_cannot_be_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log.csv");
    fs::write(&log, small_shop(&["order", "item", "time"])).expect("a log");
    let output = run(&["evaluate", text(&log), "--json"]);
    let notes = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{notes}");
    assert!(notes.contains("skipped  home: the log names no users"), "{notes}");
    let found = json(&String::from_utf8_lossy(&output.stdout));
    find(&found["split"]["unasked"], "question", "home");
    assert_eq!(find(&found["placements"], "question", "cart")["units"], "baskets");
    for (columns, expected) in [
        (vec!["order", "user", "item"], "error: the log has no times"),
        (vec!["item", "time"], "`cart`: the log has no orders or sessions"),
    ] {
        fs::write(&log, small_shop(&columns)).expect("a log");
        let output = run(&["evaluate", text(&log)]);
        let notes = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{notes}");
        assert!(notes.contains(expected) && notes.contains("hint:"), "{notes}");
        assert!(output.stdout.is_empty(), "an error is no data");
    }
}

#[test]
fn evaluate_warns_where_the_model_is_no_better_than_the_best_sellers() {
    let folder = tempfile::tempdir().expect("a folder");
    let log = folder.path().join("log.csv");
    fs::write(&log, small_shop(&["order", "user", "item", "time"])).expect("a log");
    // Nothing has so many people behind it, so the model is the best sellers.
    let output = run(&["evaluate", text(&log), "--min-people", "500"]);
    let notes = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{notes}");
    let warning =
        "warning: cart: the model is not surely better than the best sellers (HR@20 +0.0000";
    assert!(notes.contains(warning) && notes.contains("--min-support"), "{notes}");
    let output = run(&["evaluate", text(&log), "--min-people", "0"]);
    assert_eq!(output.status.code(), Some(1), "a setting is the user's");
}

#[test]
fn compare_says_which_placements_gain_and_who_has_seen_the_answers() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let (few, many, page) = (path("few.bundle"), path("many.bundle"), path("page.html"));
    let invoices = invoices();
    run_ok(&["build", &invoices, "-o", text(&few), "--neighbours", "1"]);
    run_ok(&["build", &invoices, "-o", text(&many)]);
    let compare = ["compare", text(&few), text(&many), &invoices];
    let output = run(&[&compare[..], &["--report", text(&page)]].concat());
    let (table, notes) =
        (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{notes}");
    assert!(
        notes.contains("warning: `few.bundle` and `many.bundle` learnt from rows after the cut"),
        "{notes}"
    );
    assert!(table.contains("B is better: home, ") && table.contains("times, now "), "{table}");
    is_page(
        &page,
        &["few.bundle", "<p class=\"caution\">Mind: few.bundle and", "Items that change most"],
    );
    let found = json(&run_ok(&[&compare[..], &["--json"]].concat()));
    assert_eq!(found["before"]["has_seen_answers"], true);
    let item = find(&found["placements"], "question", "item");
    assert_eq!((&item["verdict"], &item["headline"]), (&"better".into(), &"recall@20".into()));
    assert_eq!(item["items"].as_array().map(Vec::len), Some(10));
}

#[test]
fn evaluate_measures_what_build_makes_of_the_older_rows() {
    let folder = tempfile::tempdir().expect("a folder");
    let (log, older) = (folder.path().join("log.csv"), folder.path().join("older.csv"));
    let bundle = folder.path().join("older.bundle");
    let csv = small_shop(&["order", "user", "item", "time"]);
    let is_older = |line: &&str| line.rsplit(',').next().is_some_and(|time| time < "2024-10");
    let header = csv.lines().take(1);
    let rows: Vec<&str> = header.chain(csv.lines().skip(1).filter(is_older)).collect();
    fs::write(&log, &csv).expect("a log");
    fs::write(&older, rows.join("\n")).expect("a log");
    run_ok(&["build", text(&older), "-o", text(&bundle)]);
    let ask = ["--test-share", "0.25", "--json"];
    let evaluated = json(&run_ok(&[&["evaluate", text(&log)], &ask[..]].concat()));
    let bundles = ["compare", text(&bundle), text(&bundle), text(&log)];
    let compared = json(&run_ok(&[&bundles[..], &ask[..]].concat()));
    assert_eq!(compared["after"]["has_seen_answers"], false);
    for placement in evaluated["placements"].as_array().expect("placements") {
        let name = placement["question"].as_str().expect("a name");
        let model = find(&placement["systems"], "system", "model");
        let same = find(&compared["placements"], "question", name);
        for figure in same["figures"].as_array().expect("figures") {
            let key = figure["figure"].as_str().expect("a key");
            assert_eq!(figure["after"], model["figures"][key]["mean"], "{name}: {key}");
        }
    }
}

#[test]
fn compare_finds_nothing_between_a_bundle_and_itself_and_refuses_another_shop() {
    let folder = tempfile::tempdir().expect("a folder");
    let (log, other) = (folder.path().join("log.csv"), folder.path().join("other.csv"));
    let bundle = folder.path().join("shop.bundle");
    let csv = small_shop(&["order", "user", "item", "time"]);
    fs::write(&log, &csv).expect("a log");
    run_ok(&["build", text(&log), "-o", text(&bundle)]);
    let table = run_ok(&["compare", text(&bundle), text(&bundle), text(&log)]);
    assert!(table.contains("B is better: none; worse: none; no sure change: "), "{table}");
    fs::write(&other, csv.replace("cup", "pot")).expect("a log");
    let output = run(&["compare", text(&bundle), text(&bundle), text(&other)]);
    let notes = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{notes}");
    assert!(notes.contains("knows none of the items of the log"), "{notes}");
}

#[test]
fn what_a_search_finds_is_written_and_built() {
    let folder = tempfile::tempdir().expect("a folder");
    let [config, bundle] = ["edgewise.toml", "shop.bundle"].map(|name| folder.path().join(name));
    fs::write(&config, "# mine\n").expect("a file");
    let tune = ["tune", &invoices(), "--budget", "4", "-o", text(&config)];
    run_ok(&tune);
    let written = fs::read_to_string(&config).expect("the configuration");
    assert!(written.starts_with("# mine\n"), "{written}");
    for part in ["[model.together.parts.ridge]", "[model.scoring.ladders]", "HR@20 + MRR@20: 0."] {
        assert!(written.contains(part), "{part} is not in {written}");
    }
    run_ok(&["build", &invoices(), "--config", text(&config), "-o", text(&bundle)]);
    let contents = run_ok(&["inspect", text(&bundle), "--json"]);
    assert!(contents.contains("\"section\": \"together\""), "{contents}");
    // The next run replaces what this one wrote.
    run_ok(&tune);
    let again = fs::read_to_string(&config).expect("the configuration");
    assert_eq!(again.matches("[model.scoring.ladders]").count(), 1);
}

#[test]
fn a_benchmark_says_how_many_bits_a_neighbour_takes_and_keeps_the_bundle() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut train, mut test) = (String::new(), String::new());
    for user in 0..200 {
        // Twenty items in each of five shelves; a user takes eight of one shelf, and one more later.
        let item = |taken: u32| user % 5 * 20 + (user / 5 * 7 + taken * 3) % 20;
        let taken: Vec<String> = (0..8).map(|taken| item(taken).to_string()).collect();
        writeln!(train, "{user} {}", taken.join(" ")).expect("a line");
        writeln!(test, "{user} {}", item(8)).expect("a line");
    }
    fs::write(folder.path().join("train.txt"), train).expect("a file");
    fs::write(folder.path().join("test.txt"), test).expect("a file");
    let bundle = folder.path().join("measured.bundle");
    let found = run_ok(&[
        "benchmark",
        "top-n",
        text(folder.path()),
        "--model=cosine",
        "--json",
        "--output",
        text(&bundle),
    ]);
    let found = json(&found);
    let figure = |key: &str| found[key].as_f64().expect("a number");
    assert!(figure("bits_per_neighbour_bound") > 1.0);
    // So few items do not earn the tables of the code back.
    assert!(figure("bits_per_neighbour") > figure("bits_per_neighbour_bound"));
    assert_eq!(fs::read(&bundle).expect("a bundle").len() as u64, found["bundle_bytes"]);
}
