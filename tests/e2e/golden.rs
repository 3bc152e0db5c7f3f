//! The same bits everywhere: one file of questions and answers, through native code and both components. The browser
//! tests run the same file through the page's module in Node and in Chromium.

use std::fs;
use std::path::PathBuf;

use bytes::Bytes;
use edgewise_bundle::Bundle;
use edgewise_core::Scratch;
use edgewise_endpoint::{Call, answer_call};
use edgewise_sandbox::{Clock, Limits, Sandbox};
use serde_json::{Value, json};

use crate::tool::{golden, is_update, run_ok, shop_bundle};

/// A golden file and where its bundle is.
type Shop = (&'static str, fn() -> PathBuf);

/// The bundles with a golden file each.
const SHOPS: [Shop; 3] = [
    ("queries.json", || golden("toy.bundle")),
    ("ruled.json", || golden("ruled.bundle")),
    ("online-retail.json", shop_bundle),
];

/// The path that a question goes to when its case names none.
const RECS: &str = "/recs";
/// What the clocks show, in seconds since 1970: 2026-12-24T20:00:00Z.
const NOW_S: u64 = 1_798_142_400;

struct Case {
    path: String,
    query: String,
    answer: String,
}

fn cases(file: &str) -> Vec<Case> {
    let text = fs::read_to_string(golden(file)).expect("a golden file");
    let cases: Vec<Value> = serde_json::from_str(&text).expect("JSON");
    assert!(cases.len() >= 20, "{file} has {} cases", cases.len());
    let case = |case: &Value| Case {
        path: case["path"].as_str().unwrap_or(RECS).to_owned(),
        query: case["query"].to_string(),
        answer: case["answer"].as_str().expect("an answer").to_owned(),
    };
    cases.iter().map(case).collect()
}

fn native(bundle: &Bundle<'_>, path: &str, query: &str) -> String {
    let call = Call { path, body: query.as_bytes(), now_s: Some(NOW_S) };
    let answer =
        answer_call(bundle, &mut Scratch::default(), &call).unwrap_or_else(|problem| problem);
    String::from_utf8(answer).expect("UTF-8")
}

#[test]
fn native_code_gives_the_golden_answers() {
    for (file, path) in SHOPS {
        let bytes = fs::read(path()).expect("a bundle");
        let bundle = Bundle::open(&bytes).expect("a bundle opens");
        if is_update() {
            write_golden(file, &bundle);
        }
        for Case { path, query, answer } in cases(file) {
            assert_eq!(native(&bundle, &path, &query), answer, "{file}: {query}");
        }
    }
}

#[test]
fn both_components_give_the_golden_answers() {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    for shell in ["http", "spin"] {
        for (file, path) in SHOPS {
            let component = folder.path().join(format!("{shell}.wasm"));
            let (bundle, to) = (path(), component.to_str().expect("UTF-8"));
            run_ok(&["bake", bundle.to_str().expect("UTF-8"), "-o", to, "--shell", shell]);
            let component = fs::read(&component).expect("a component");
            let sandbox = Sandbox::with_clock(&component, Limits::default(), Clock::Fixed(NOW_S));
            let sandbox = sandbox.expect("a component runs");
            for Case { path, query, answer } in cases(file) {
                let found = runtime.block_on(ask(&sandbox, &path, &query));
                assert_eq!(found, answer, "{shell}, {file}: {query}");
            }
            // The clock is the shell's where the question does not say when it is asked.
            let bytes = fs::read(&bundle).expect("a bundle");
            let bundle = Bundle::open(&bytes).expect("a bundle opens");
            for query in [r#"{"placement":"popular","k":3}"#, r#"{"seed":7,"explain":true}"#] {
                let found = runtime.block_on(ask(&sandbox, RECS, query));
                assert_eq!(found, native(&bundle, RECS, query), "{shell}, {file}: {query}");
            }
        }
    }
}

async fn ask(sandbox: &Sandbox, path: &str, query: &str) -> String {
    let request = http::Request::post(format!("http://shop.example{path}"))
        .header("content-type", "application/json")
        .body(Bytes::from(query.to_owned()))
        .expect("a request");
    let response = sandbox.answer(request).await.expect("an answer");
    String::from_utf8(response.into_body().to_vec()).expect("UTF-8")
}

/// Writes the file anew: the questions below with today's answers.
fn write_golden(file: &str, bundle: &Bundle<'_>) {
    let has_rules = edgewise_core::Model::policy(bundle).rules().next().is_some();
    let plain = questions(bundle).into_iter().map(|mut query| {
        if has_rules {
            query["at"] = json!(NOW_S);
        }
        (RECS, query)
    });
    let cases: Vec<Value> = plain
        .chain(more_questions(bundle))
        .map(|(path, query)| {
            let answer = native(bundle, path, &query.to_string());
            if path == RECS {
                json!({ "query": query, "answer": answer })
            } else {
                json!({ "path": path, "query": query, "answer": answer })
            }
        })
        .collect();
    let text = serde_json::to_string_pretty(&cases).expect("JSON") + "\n";
    fs::write(golden(file), text).expect("the golden folder can be written");
}

/// Filters, times, seeds, explanations and the other paths. No answer here depends on the clock, which no page can stop.
fn more_questions(bundle: &Bundle<'_>) -> Vec<(&'static str, Value)> {
    let n = edgewise_core::Model::n_items(bundle);
    let id = |row: u32| {
        let row = edgewise_core::ItemIdx(row % n);
        bundle.item_id(row, &mut Vec::new()).map(str::to_owned).expect("an id")
    };
    let (first, second, third) = (id(0), id(n / 2), id(n - 1));
    let mut text = Vec::new();
    let category = bundle.category_name(edgewise_core::CategoryIdx(0), &mut text).unwrap_or("none");
    let is_it = format!("category = \"{category}\"");
    let advent = "2026-12-01T08:00:00Z";
    let mut questions = Vec::new();
    for placement in ["item", "together", "cart", "home", "popular"] {
        for (at, seed) in [(json!(0), json!(1)), (json!(advent), json!("a seed"))] {
            questions.push((RECS, json!({
                "placement": placement, "item": first, "history": [second], "ages": "3",
                "kinds": "purchase", "seen": "show", "at": at, "seed": seed, "k": 6, "explain": true,
            })));
        }
        let filter = format!("not ({is_it} or {is_it})");
        for filter in [&is_it, &filter] {
            let query = json!({ "placement": placement, "filter": filter, "k": 5, "at": 5 });
            questions.push(("/v1/recs", query));
        }
    }
    for target in [&first, &second, &third] {
        for placement in ["item", "home", "popular"] {
            questions.push((
                "/v1/explain",
                json!({
                    "placement": placement, "item": second, "target": target, "filter": is_it,
                    "at": advent, "visitor": "0123456789abcdef",
                }),
            ));
        }
    }
    for distinct in [false, true] {
        questions.push(("/v1/batch", json!({
            "history": [first, third], "at": advent, "k": 4, "distinct": distinct,
            "questions": [
                { "placement": "item", "item": second }, { "k": 0 }, { "placement": "popular", "explain": true },
                { "filter": is_it, "cards": false },
            ],
        })));
    }
    questions.push(("/v1/similar", json!({ "item": second, "k": 3, "at": 5 })));
    questions.push(("/v1/popular", json!({ "category": category, "k": 3, "at": 5 })));
    questions.push(("/v1/trending", json!({ "k": 3, "at": 5 })));
    questions.push(("/v1/items", json!({ "ids": [third, "no such item", first] })));
    questions.push((RECS, json!({ "at": "2026-13-01T00:00:00Z" })));
    questions.push((RECS, json!({ "filter": "colour = 'red'" })));
    questions.push(("/v1/batch", json!({ "questions": [{ "colour": "red" }] })));
    questions
}

/// Every placement over single items, mixed histories and carts, with every filter, and a few mistakes.
fn questions(bundle: &Bundle<'_>) -> Vec<Value> {
    let id =
        |row: u32| bundle.item_id(edgewise_core::ItemIdx(row), &mut Vec::new()).map(str::to_owned);
    let n = edgewise_core::Model::n_items(bundle);
    let rows: Vec<u32> = (0..6).map(|step| step * step * (n / 30 + 1) % n).collect();
    let ids: Vec<String> = rows.iter().filter_map(|&row| id(row)).collect();
    let mut text = Vec::new();
    let mut regions: Vec<String> = Vec::new();
    for row in (0..bundle.n_regions()).map(edgewise_core::RegionIdx) {
        regions.extend(bundle.region_name(row, &mut text).map(str::to_owned));
    }
    let category = bundle.category_name(edgewise_core::CategoryIdx(0), &mut text);
    let mut questions = vec![json!({}), json!({ "k": 100 })];
    for placement in ["item", "together", "cart", "home", "popular"] {
        for item in &ids {
            questions.push(json!({ "placement": placement, "item": item, "k": 5 }));
        }
        for n_seen in [1, 3, 6] {
            let history = &ids[..n_seen.min(ids.len())];
            questions.push(json!({ "placement": placement, "history": history, "k": 8 }));
            questions
                .push(json!({ "placement": placement, "cart": history, "k": 8, "explain": true }));
            questions.push(json!({
                "placement": placement, "item": ids[0], "history": history, "cart": [ids[1]],
                "region": regions.last(), "exclude": [ids[2]], "seen": "show", "k": 12, "cards": false,
            }));
        }
        questions.push(
            json!({ "placement": placement, "region": regions.first(), "category": category }),
        );
    }
    questions.push(json!({ "item": "no such item", "region": "Atlantis" }));
    questions.push(json!({ "k": 0 }));
    questions.push(json!({ "colour": "red" }));
    questions
}
