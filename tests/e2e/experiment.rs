//! An experiment from its lines in `edgewise.toml` to the report of what visitors did.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use edgewise_bundle::Bundle;
use edgewise_core::{Event, Placement, Query, Seen, Visit, recommend, slot};
use serde_json::Value;

use crate::tool::{run_ok, shop_folder};

const EXPERIMENT: &str = r#"
[[experiment]]
name = "companions first"
placements = ["home"]
start = 2026-12-01
end = 2026-12-29
[[experiment.variant]]
name = "control"
share = 0.5
[[experiment.variant]]
name = "companions"
share = 0.4
ladders.home = ["1 together from history by 0", "popular in everyone"]
"#;
/// 2026-12-01.
const START_S: u64 = 1_796_083_200;
const DAY_S: u64 = 86_400;
const VISITORS: u64 = 20_000;

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn built(folder: &Path) -> PathBuf {
    let log = shop_folder().join("invoices.csv.zst");
    let config = format!("[source]\npaths = ['{}']\n{EXPERIMENT}", log.display());
    fs::write(folder.join("edgewise.toml"), config).expect("a file is written");
    let bundle = folder.join("shop.bundle");
    let config = folder.join("edgewise.toml");
    run_ok(&["build", text(&log), "--config", text(&config), "-o", text(&bundle)]);
    bundle
}

fn token(visitor: u64) -> String {
    format!("visitor-{visitor}")
}

/// What visitors do: one in ten clicks on what the control shows, and more do on companions, by a factor.
fn events(bundle: &Bundle<'_>, factor: u16) -> String {
    let item = bundle.find_item("85123A").expect("an item of the shop");
    let mut text = "time,event,experiment,variant,visitor\n".to_owned();
    for visitor in 0..VISITORS {
        let token = token(visitor);
        let now_s = START_S + visitor * 28 * DAY_S / VISITORS;
        let visit = Visit { placement: Placement::Home, now_s, token: token.as_bytes() };
        let Some(assigned) = bundle.experiments().assign(&visit) else { continue };
        let history = [Event::of(item)];
        let query = Query {
            placement: Placement::Home,
            item: None,
            history: &history,
            cart: &[],
            region: None,
            category: None,
            exclude: &[],
            seen: Seen::Hide,
            k: 5,
            context: edgewise_core::Context {
                variant: Some(assigned),
                ..edgewise_core::Context::default()
            },
        };
        // The answer depends on the variant and on nothing else of the visitor.
        if visitor < 100 {
            let context = edgewise_core::Context::default();
            let plain = recommend(bundle, &Query { context, ..query });
            assert_eq!(recommend(bundle, &query) == plain, assigned.variant == 0);
        }
        let (experiment, variant) = bundle.experiments().get(assigned).expect("its names");
        let mut line = |kind: &str| {
            writeln!(text, "{now_s},{kind},{},{},{token}", experiment.name, variant.name)
                .expect("a string");
        };
        line("impression");
        let chance = if assigned.variant == 1 { 10 * factor } else { 1_000 };
        if slot("who clicks", token.as_bytes()) < chance {
            line("click");
        }
    }
    text
}

#[test]
fn an_experiment_is_built_assigned_and_judged() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = built(folder.path());
    let bytes = fs::read(&path).expect("a bundle");
    let bundle = Bundle::open(&bytes).expect("a bundle");
    let report = |factor: u16| -> Value {
        let file = folder.path().join("events.csv");
        fs::write(&file, events(&bundle, factor)).expect("a file is written");
        let page = folder.path().join("report.html");
        let arguments = [
            "experiment",
            "report",
            text(&file),
            "--bundle",
            text(&path),
            "--effect",
            "0.2",
            "--json",
            "--report",
            text(&page),
        ];
        let found = serde_json::from_str(&run_ok(&arguments)).expect("JSON");
        let page = fs::read_to_string(&page).expect("a page");
        assert!(page.contains("companions") && !page.contains("<script"));
        found
    };
    for (factor, verdict) in [(100, "open"), (130, "better"), (70, "worse")] {
        let found = report(factor);
        assert_eq!(found["comparisons"][0]["verdict"], verdict, "{found:#}");
        assert_eq!(found["goal"], "clickers");
        assert_eq!(found["sample_ratio"]["is_suspicious"], false);
        // The first days have too few clicks to be looked at.
        let n_days = found["comparisons"][0]["days"].as_array().map_or(0, Vec::len);
        assert!((20..=28).contains(&n_days), "{n_days}");
        assert_eq!(found["left_out"], Value::Array(Vec::new()));
    }
}

#[test]
fn the_program_assigns_as_the_bundle_does() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = built(folder.path());
    let bytes = fs::read(&path).expect("a bundle");
    let bundle = Bundle::open(&bytes).expect("a bundle");
    let tokens: Vec<String> = (0..200).map(token).collect();
    let mut arguments =
        vec!["experiment", "assign", text(&path), "--placement", "home", "--at", "2026-12-05"];
    arguments.extend(tokens.iter().map(String::as_str));
    let mut n_of = BTreeMap::new();
    for (line, token) in run_ok(&arguments).lines().skip(1).zip(&tokens) {
        let now_s = START_S + 4 * DAY_S;
        let visit = Visit { placement: Placement::Home, now_s, token: token.as_bytes() };
        let experiments = bundle.experiments();
        let found = experiments.assign(&visit).and_then(|assigned| experiments.get(assigned));
        let names =
            found.map_or(",".to_owned(), |(of, variant)| format!("{},{}", of.name, variant.name));
        assert_eq!(line, format!("{token},{names}"));
        *n_of.entry(names).or_insert(0) += 1;
    }
    // About a half, four tenths, and a tenth outside.
    assert_eq!(n_of.len(), 3, "{n_of:?}");
    let late = run_ok(&[
        "experiment",
        "assign",
        text(&path),
        "--placement",
        "home",
        "--at",
        "2026-12-29",
        "a",
    ]);
    assert_eq!(late, "visitor,experiment,variant\na,,\n");
}
