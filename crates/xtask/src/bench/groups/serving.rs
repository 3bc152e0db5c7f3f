//! What a request costs on an edge node: a fresh instance, one request in process, and requests over loopback HTTP; and
//! the same by the size of the bundle.

use anyhow::Result;

use super::super::rows::Row;
use super::super::{Bench, usage};
use super::{answers, engine};
use crate::program::Program;
use crate::shop;

/// Sizes of made-up bundles in MB, and how many items with 50 random neighbours each come to that.
const SIZES: [(u32, u32); 5] =
    [(1, 11_000), (5, 48_000), (10, 90_000), (20, 172_000), (40, 321_800)];

pub(super) fn run(bench: &Bench<'_>) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (name, bundle) in answers::bundles(bench)? {
        let component = engine::component(bench, &bundle)?;
        let questions = match name {
            "shop" => vec![("an item", format!("/recs?item={}&k=20", shop::ITEM))],
            _ => vec![
                ("an item", "/recs?item=77&k=20&cards=0".to_owned()),
                ("a history of 20", history_of((0..20).map(|place| place * place * 7 + 3))),
            ],
        };
        for (question, path) in questions {
            let program = engine::requests(bench.workspace).argument(&component).argument(path);
            let run = usage::run(&program)?;
            rows.extend(answers::figures(bench, &format!("{name}, {question}"), &run.stdout));
        }
    }
    rows.extend(by_size(bench)?);
    Ok(rows)
}

/// The same question to bundles of any size.
fn by_size(bench: &Bench<'_>) -> Result<Vec<Row>> {
    let bundle = bench.folder.join("synthetic.bundle");
    let mut rows = Vec::new();
    for (megabytes, n_items) in SIZES {
        // With the host, as the bench: shared dependencies keep their features.
        let synthetic = Program::cargo(
            bench.workspace,
            "run --quiet --release --package edgewise-bundle --example synthetic --",
        )
        .argument(n_items.to_string())
        .argument("50")
        .argument(&bundle);
        usage::run(&synthetic)?;
        let component = engine::component(bench, &bundle)?;
        // From all over the catalogue: every list lies in a page of its own.
        let path = history_of((0..20).map(|place| place * (n_items / 20) + 3));
        let program = engine::requests(bench.workspace).argument(&component).argument(path);
        let run = usage::run(&program)?;
        let config = format!("{megabytes} MB, a history of 20");
        rows.extend(answers::figures(bench, &config, &run.stdout));
    }
    Ok(rows)
}

/// A visitor's question about items that are called by numbers.
fn history_of(ids: impl Iterator<Item = u32>) -> String {
    let ids: Vec<String> = ids.map(|id| id.to_string()).collect();
    format!("/recs?placement=home&cards=0&k=20&history={}", ids.join(","))
}
