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
    let bundle = shop::build_bundle(workspace)?;
    let component = bench.folder.join("recs.wasm");
    shop::edgewise(workspace, "bake")
        .argument(&bundle)
        .argument("-o")
        .argument(&component)
        .run()?;
    // With the host, so that cargo builds shared dependencies with the features they have already.
    let program = Program::cargo(
        workspace,
        "bench --quiet --package edgewise-sandbox --package edgewise-host --bench requests --",
    )
    .argument(&component)
    .argument(format!("/recs?item={}&k=20", shop::ITEM));
    let run = usage::run(&program)?;
    Ok(answers::figures(bench, "", &run.stdout))
}
