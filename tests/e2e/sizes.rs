//! Budgets in bytes: what travels to edge nodes and browsers must not grow unseen, and what was won stays won.
//!
//! They stand in `tests/budgets.json`, each with its reason; those that begin with `browser` are held by
//! `tests/browser/module.test.js`, the others here.

use std::collections::BTreeMap;
use std::fs;

use serde_json::Value;

use crate::tool::{golden, root, run_ok, shop_bundle};

/// A budget may be this many percent above the size: more would hide growth that nobody decided on.
const MAX_SLACK_PERCENT: u64 = 10;

#[test]
fn everything_stays_within_its_budget_and_every_budget_is_tight() {
    let budgets = budgets();
    let sizes = sizes();
    let names = |map: &BTreeMap<String, u64>| map.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&budgets), names(&sizes), "`tests/budgets.json` beside what is measured");
    let broken: Vec<String> = sizes
        .iter()
        .filter_map(|(name, &size)| Some(format!("{name}: {}", broken(size, budgets[name])?)))
        .collect();
    assert!(
        broken.is_empty(),
        "{}\nwas the http shell built with `cargo xtask edge --optimize`?",
        broken.join("\n")
    );
}

#[test]
fn a_budget_is_broken_by_growth_and_by_slack() {
    assert_eq!((broken(100, 100), broken(100, 110)), (None, None));
    assert!(broken(101, 100).is_some_and(|told| told.contains("1 above")));
    assert!(broken(100, 111).is_some_and(|told| told.contains("lower it")));
}

/// What is wrong with a size under its budget.
fn broken(size: u64, budget: u64) -> Option<String> {
    if size > budget {
        return Some(format!("{size} bytes, {} above its budget of {budget}", size - budget));
    }
    let is_slack = budget * 100 > size * (100 + MAX_SLACK_PERCENT);
    is_slack.then(|| {
        format!(
            "{size} bytes, more than {MAX_SLACK_PERCENT} % below its budget of {budget}: lower it"
        )
    })
}

fn budgets() -> BTreeMap<String, u64> {
    let text = fs::read_to_string(root().join("tests/budgets.json")).expect("the budgets");
    let budgets: Value = serde_json::from_str(&text).expect("JSON");
    let budgets = budgets.as_object().expect("an object of budgets");
    let is_ours = |name: &&String| !name.starts_with("browser ");
    let bytes = |name: &String| budgets[name]["bytes"].as_u64().expect("a number of bytes");
    budgets.keys().filter(is_ours).map(|name| (name.clone(), bytes(name))).collect()
}

fn sizes() -> BTreeMap<String, u64> {
    let folder = tempfile::tempdir().expect("a folder");
    let (toy, component) = (golden("toy.bundle"), folder.path().join("toy.wasm"));
    run_ok(&["bake".as_ref(), toy.as_os_str(), "-o".as_ref(), component.as_os_str()]);
    let len = |path| fs::metadata(path).expect("a file").len();
    let mut sizes = BTreeMap::from([
        ("http shell".to_owned(), len(&component) - len(&toy)),
        ("toy bundle".to_owned(), len(&toy)),
        ("shop bundle".to_owned(), len(&shop_bundle())),
    ]);
    let bundle = shop_bundle();
    let contents = run_ok(&["inspect".as_ref(), bundle.as_os_str(), "--json".as_ref()]);
    let contents: Value = serde_json::from_str(&contents).expect("JSON");
    assert_eq!(contents["provenance"]["parameters"]["neighbours"], 20);
    for section in contents["sections"].as_array().expect("sections") {
        let name = section["section"].as_str().expect("a name");
        sizes.insert(format!("shop {name}"), section["size_bytes"].as_u64().expect("a size"));
    }
    sizes
}
