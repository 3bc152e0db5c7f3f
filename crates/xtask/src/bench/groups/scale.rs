//! Time, memory and bytes from log to bundle, by the size of a made-up shop.

use std::fs;

use anyhow::Result;

use super::super::rows::{self, Row};
use super::super::{Bench, usage, write};
use super::sizes::len;
use crate::console;
use crate::failure::Failure;
use crate::program::Program;
use crate::shop;

/// Rows and items; small ones first, so that a run that is stopped has figures, and wants `bench --render` only.
const SIZES: [(&str, &str); 9] = [
    ("100k", "10k"),
    ("1M", "10k"),
    ("1M", "100k"),
    ("1M", "1M"),
    ("10M", "10k"),
    ("10M", "100k"),
    ("10M", "1M"),
    ("100M", "100k"),
    ("100M", "1M"),
];

pub(super) fn run(bench: &Bench<'_>) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for (n_rows, n_items) in SIZES {
        if full(n_rows).parse::<u64>().is_ok_and(|n_rows| n_rows > bench.most_rows) {
            continue;
        }
        match one(bench, n_rows, n_items) {
            Ok(found) => {
                rows.extend(found);
                // The next may take an hour: what is measured is not lost when somebody stops it.
                write(&bench.docs.join("scale.csv"), &rows::to_csv(&rows))?;
            }
            // A shop that this machine has no room for leaves the smaller ones their figures.
            Err(error) => {
                console::note(&format!("skipped {n_rows} rows, {n_items} items: {error:#}"));
            }
        }
    }
    if rows.is_empty() {
        return Err(Failure::by_us("no shop of any size could be built").into());
    }
    Ok(rows)
}

fn one(bench: &Bench<'_>, n_rows: &str, n_items: &str) -> Result<Vec<Row>> {
    let log = bench.folder.join("synth.csv.zst");
    let bundle = bench.folder.join("synth.bundle");
    // In a process of its own: what a child is said to have used begins with what its parent has.
    let this = crate::program::this()?;
    let synth = Program::new(bench.workspace, this)
        .words(&format!("synth --rows {n_rows} --items {n_items} --seed 1 -o"))
        .argument(&log);
    let made = usage::run(&synth)?;
    let build =
        shop::edgewise(bench.workspace, "build").argument(&log).argument("-o").argument(&bundle);
    let done = usage::run(&build);
    let bytes = len(&bundle);
    for path in [&log, &bundle] {
        // Some gigabytes that nobody needs any more; they may never have been made.
        _ = fs::remove_file(path);
    }
    let (used, bytes) = (done?, bytes?);
    let what = format!("{n_items} items");
    let config = format!("{} rows", full(n_rows));
    let row = |metric, value| bench.row(&what, &config, metric, value);
    Ok(vec![
        row(("CPU time", "s"), used.cpu_s),
        row(("peak memory", "MiB"), mib(used.peak_rss_bytes)),
        row(("bundle", "bytes"), bytes),
        row(("making up the log", "CPU s"), made.cpu_s),
    ])
}

/// `10M` as `10000000`, for the plot's axis.
fn full(count: &str) -> String {
    count.replace('k', "000").replace('M', "000000")
}

/// Bytes in units of 2^20.
pub(super) fn mib(bytes: u64) -> f64 {
    u32::try_from(bytes >> 10).map_or(f64::INFINITY, |kib| f64::from(kib) / 1_024.0)
}
