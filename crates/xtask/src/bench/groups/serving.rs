//! What a request costs on an edge node: a fresh instance, one request in process, and requests over loopback HTTP.

use anyhow::Result;

use super::super::rows::Row;
use super::super::{Bench, usage};
use super::answers;
use crate::edge::{self, Optimization};
use crate::program::Program;
use crate::shop;

pub(super) fn run(bench: &Bench<'_>) -> Result<Vec<Row>> {
    let workspace = bench.workspace;
    edge::build(workspace, Optimization::WasmOpt)?;
    let component = bench.folder.join("recs.wasm");
    let mut rows = Vec::new();
    for (name, bundle) in answers::bundles(bench)? {
        shop::edgewise(workspace, "bake")
            .argument(&bundle)
            .argument("-o")
            .argument(&component)
            .run()?;
        let questions = match name {
            "shop" => vec![("an item", format!("/recs?item={}&k=20", shop::ITEM))],
            _ => vec![
                ("an item", "/recs?item=77&k=20&cards=0".to_owned()),
                ("a history of 20", history_of_20()),
            ],
        };
        for (question, path) in questions {
            // With the host, so that cargo builds shared dependencies with the features they have already.
            let program = Program::cargo(
                workspace,
                "bench --quiet --package edgewise-sandbox --package edgewise-host --bench requests --",
            )
            .argument(&component)
            .argument(path);
            let run = usage::run(&program)?;
            rows.extend(answers::figures(bench, &format!("{name}, {question}"), &run.stdout));
        }
    }
    Ok(rows)
}

/// A visitor's question with items of every popularity, by gowalla's ids.
fn history_of_20() -> String {
    let ids: Vec<String> = (0..20).map(|place| (place * place * 7 + 3).to_string()).collect();
    format!("/recs?placement=home&cards=0&k=20&history={}", ids.join(","))
}
