//! The same bits everywhere: one file of questions and answers, through native code and both components. The browser
//! tests run the same file through the page's module in Node and in Chromium.

use std::fs;
use std::path::PathBuf;

use bytes::Bytes;
use edgewise_bundle::Bundle;
use edgewise_core::Scratch;
use edgewise_endpoint::answer_json;
use edgewise_sandbox::{Limits, Sandbox};
use serde_json::{Value, json};

use crate::tool::{golden, is_update, run_ok, shop_bundle};

/// A golden file and where its bundle is.
type Shop = (&'static str, fn() -> PathBuf);

/// The bundles with a golden file each.
const SHOPS: [Shop; 2] =
    [("queries.json", || golden("toy.bundle")), ("online-retail.json", shop_bundle)];

struct Case {
    query: String,
    answer: String,
}

fn cases(file: &str) -> Vec<Case> {
    let text = fs::read_to_string(golden(file)).expect("a golden file");
    let cases: Vec<Value> = serde_json::from_str(&text).expect("JSON");
    assert!(cases.len() >= 20, "{file} has {} cases", cases.len());
    let case = |case: &Value| Case {
        query: case["query"].to_string(),
        answer: case["answer"].as_str().expect("an answer").to_owned(),
    };
    cases.iter().map(case).collect()
}

fn native(bundle: &Bundle<'_>, query: &str) -> String {
    let answer = answer_json(bundle, &mut Scratch::default(), query.as_bytes())
        .unwrap_or_else(|problem| problem);
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
        for Case { query, answer } in cases(file) {
            assert_eq!(native(&bundle, &query), answer, "{file}: {query}");
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
            let sandbox = Sandbox::new(&component, Limits::default()).expect("a component runs");
            for Case { query, answer } in cases(file) {
                let found = runtime.block_on(ask(&sandbox, &query));
                assert_eq!(found, answer, "{shell}, {file}: {query}");
            }
        }
    }
}

async fn ask(sandbox: &Sandbox, query: &str) -> String {
    let request = http::Request::post("http://shop.example/recs")
        .header("content-type", "application/json")
        .body(Bytes::from(query.to_owned()))
        .expect("a request");
    let response = sandbox.answer(request).await.expect("an answer");
    String::from_utf8(response.into_body().to_vec()).expect("UTF-8")
}

/// Writes the file anew: the questions below with today's answers.
fn write_golden(file: &str, bundle: &Bundle<'_>) {
    let cases: Vec<Value> = questions(bundle)
        .into_iter()
        .map(|query| {
            let answer = native(bundle, &query.to_string());
            json!({ "query": query, "answer": answer })
        })
        .collect();
    let text = serde_json::to_string_pretty(&cases).expect("JSON") + "\n";
    fs::write(golden(file), text).expect("the golden folder can be written");
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
