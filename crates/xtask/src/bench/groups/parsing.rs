//! The same made-up log as plain and compressed CSV and as JSON lines: what reading adds to a build.
//!
//! Where `edgewise build` knows `--timings`, the stages that its last report tells are figures too.

use std::fs;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::super::rows::Row;
use super::super::{Bench, median, usage};
use super::scale::mib;
use super::sizes::len;
use crate::program::Program;
use crate::shop;

/// Endings of the log's file.
const FORMATS: [&str; 3] = ["csv", "csv.zst", "jsonl"];

pub(super) fn run(bench: &Bench<'_>) -> Result<Vec<Row>> {
    let help = shop::edgewise(bench.workspace, "build --help").output().unwrap_or_default();
    let timings = if help.contains("--timings") { "--timings" } else { "" };
    let mut rows = Vec::new();
    for format in FORMATS {
        rows.extend(one(bench, format, timings)?);
    }
    Ok(rows)
}

fn one(bench: &Bench<'_>, format: &str, timings: &str) -> Result<Vec<Row>> {
    let log = bench.folder.join(format!("parsing.{format}"));
    let (bundle, report) = (bench.folder.join("parsing.bundle"), bench.folder.join("parsing.json"));
    let this = crate::program::this()?;
    let synth = Program::new(bench.workspace, this)
        .words("synth --rows 1M --items 10k --seed 1 -o")
        .argument(&log);
    usage::run(&synth)?;
    let build = shop::edgewise(bench.workspace, "build")
        .argument(&log)
        .argument("-o")
        .argument(&bundle)
        .words("--threads 1")
        .words(timings)
        .argument("--report")
        .argument(&report);
    let mut runs = Vec::new();
    for _ in 0..bench.n_rounds() {
        runs.push(usage::run(&build)?);
    }
    let what = format!("build from {format}");
    let config = "1M rows; 10k items; 1 thread";
    let row = |metric, value| bench.row(&what, config, metric, value);
    let cpu_s = median(runs.iter().map(|run| run.cpu_s).collect());
    let most = runs.iter().map(|run| run.peak_rss_bytes).max().unwrap_or_default();
    let mut rows = vec![
        row(("log", "bytes"), len(&log)?),
        row(("CPU time", "s"), cpu_s),
        row(("peak memory", "MiB"), mib(most)),
    ];
    let text = fs::read_to_string(&report).context("`edgewise build` wrote no report")?;
    let report: Value = serde_json::from_str(&text).context("the report is not JSON")?;
    for stage in report["timings"].as_array().into_iter().flatten() {
        let config = format!("of it: {}", stage["stage"].as_str().unwrap_or_default());
        if let Some(seconds) = stage["cpu_s"].as_f64() {
            rows.push(bench.row(&what, &config, ("CPU time", "s"), seconds));
        }
        if let Some(bytes) = stage["peak_rss_bytes"].as_u64() {
            rows.push(bench.row(&what, &config, ("peak memory", "MiB"), mib(bytes)));
        }
    }
    fs::remove_file(&log).context("cannot remove the made-up log")?;
    Ok(rows)
}
