//! What learning costs: one model of a public data set beside the peers', and the shipped log from file to bundle.

use anyhow::Result;

use super::super::rows::Row;
use super::super::{Bench, median, usage};
use super::scale::mib;
use crate::shop;

pub(super) fn run(bench: &Bench<'_>) -> Result<Vec<Row>> {
    let mut rows = bench.duels()?.learning(bench);
    let build = shop::edgewise(bench.workspace, "build")
        .argument(bench.workspace.root().join("model-artifacts/online-retail/invoices.csv.zst"))
        .words("--currency GBP -o")
        .argument(bench.folder.join("learning.bundle"));
    let mut runs = Vec::new();
    for _ in 0..bench.n_rounds() {
        runs.push(usage::run(&build)?);
    }
    let most = runs.iter().map(|run| run.peak_rss_bytes).max().unwrap_or_default();
    let cpu_s = median(runs.iter().map(|run| run.cpu_s).collect());
    let row = |metric, value| {
        bench.row("Online Retail, from file to bundle", "edgewise; all models", metric, value)
    };
    rows.push(row(("CPU time", "s"), cpu_s));
    rows.push(row(("peak memory", "MiB"), mib(most)));
    Ok(rows)
}
