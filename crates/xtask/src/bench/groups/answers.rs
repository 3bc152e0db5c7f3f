//! What one answer costs in native code: beside the peers' on public data, and in the packages' own benches.
//!
//! A bench that is to have its figures here prints CSV: a line `figure,NAME_UNIT,…` and then a line a figure with as many
//! fields; units are `us`, `ns`, `s` and `bytes`. It lies in `crates/*/benches` or `edge/*/benches` and is named
//! `answering`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use super::super::rows::Row;
use super::super::{Bench, usage};
use crate::program::Program;

/// The target of a package's `Cargo.toml` that this group runs.
const BENCH: &str = "answering";

pub(super) fn run(bench: &Bench<'_>) -> Result<Vec<Row>> {
    let mut rows = bench.duels()?.answers(bench);
    for package in packages(bench)? {
        let program = Program::cargo(bench.workspace, "bench --quiet --package")
            .argument(&package)
            .words("--bench")
            .argument(BENCH);
        rows.extend(figures(bench, &package, &usage::run(&program)?.stdout));
    }
    Ok(rows)
}

/// Packages with a bench of that name.
fn packages(bench: &Bench<'_>) -> Result<Vec<String>> {
    let mut packages = Vec::new();
    for folder in ["crates", "edge"] {
        let folder = bench.workspace.root().join(folder);
        let listing =
            fs::read_dir(&folder).with_context(|| format!("cannot list `{}`", folder.display()))?;
        let mut found: Vec<PathBuf> = listing.flatten().map(|entry| entry.path()).collect();
        found.retain(|package| {
            let benches = package.join("benches");
            benches.join(format!("{BENCH}.rs")).is_file() || benches.join(BENCH).is_dir()
        });
        found.sort();
        let name = |path: &PathBuf| Some(format!("edgewise-{}", path.file_name()?.to_str()?));
        packages.extend(found.iter().filter_map(name));
    }
    Ok(packages)
}

/// The figures of a bench's CSV; lines of another form are its messages.
pub(super) fn figures(bench: &Bench<'_>, config: &str, text: &str) -> Vec<Row> {
    let mut heads: Vec<(String, &str)> = Vec::new();
    let mut rows = Vec::new();
    for line in text.lines() {
        let mut fields = line.split(',');
        let figure = fields.next().unwrap_or_default();
        if figure == "figure" {
            heads = fields.map(head).collect();
            continue;
        }
        let values: Vec<f64> = fields.map_while(|field| field.trim().parse().ok()).collect();
        if values.len() == heads.len() {
            let row = |((metric, unit), value): (&(String, &str), f64)| {
                bench.row(figure, config, (metric, unit), value)
            };
            rows.extend(heads.iter().zip(values).map(row));
        }
    }
    rows
}

/// Metric and unit of a column: `p50_us` is the median in microseconds.
fn head(column: &str) -> (String, &'static str) {
    let units = [
        ("_us", "µs"),
        ("_ns", "ns"),
        ("_bytes", "bytes"),
        ("_per_cpu_s", "per CPU s"),
        ("_per_s", "per s"),
        ("_s", "s"),
    ];
    let (name, unit) = units
        .iter()
        .find_map(|(end, unit)| Some((column.strip_suffix(end)?, *unit)))
        .unwrap_or((column, "1"));
    let name = match name {
        "p50" => "median".to_owned(),
        name => name.replace('_', " "),
    };
    (name, unit)
}

#[cfg(test)]
mod tests {
    use super::head;

    #[test]
    fn a_column_tells_metric_and_unit() {
        let shown = |column| {
            let (metric, unit) = head(column);
            format!("{metric}, {unit}")
        };
        assert_eq!(shown("p50_us"), "median, µs");
        assert_eq!(shown("mean_cpu_us"), "mean cpu, µs");
        assert_eq!(shown("requests_per_cpu_s"), "requests, per CPU s");
        assert_eq!(shown("requests_per_s"), "requests, per s");
        assert_eq!(shown("hits"), "hits, 1");
    }
}
