//! What one answer costs: in native code beside the peers' on public data, in the packages' own benches, in wasmtime, and
//! in a browser.
//!
//! A package's bench has its figures here when it is named `answers`; it gets the path of a bundle, and the path of a
//! file for its questions. `tests/browser/*.bench.js` are run by Node.js, with both and the variables of the browser's
//! tests. Both print CSV to stdout: either `what,config,metric,value,unit` and a figure a line, or `figure` with
//! columns such as `p50_us`, and a line a figure with as many fields. Other lines are messages.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::super::rows::Row;
use super::super::{Bench, data_set, usage};
use super::engine;
use crate::edge::{self, Optimization};
use crate::program::Program;
use crate::shop;
use crate::tools::{chromium, node};

/// The target of a package's `Cargo.toml` that this group runs.
const BENCH: &str = "answers";
/// The first line of figures in the long form.
const LONG: [&str; 5] = ["what", "config", "metric", "value", "unit"];

pub(super) fn run(bench: &Bench<'_>) -> Result<Vec<Row>> {
    let mut rows = bench.duels()?.answers(bench);
    let questions = bench.folder.join("questions.txt");
    for (name, bundle) in bundles(bench)? {
        for package in packages(bench)? {
            let program = Program::cargo(bench.workspace, "bench --quiet --package")
                .argument(&package)
                .words("--bench")
                .argument(BENCH)
                .argument("--")
                .argument(&bundle)
                .argument(&questions);
            rows.extend(figures(bench, name, &usage::run(&program)?.stdout));
        }
        rows.extend(engine::answers(bench, name, &bundle, &questions)?);
        rows.extend(in_browsers(bench, name, &bundle, &questions)?);
    }
    Ok(rows)
}

/// Bundles to ask, with the names that their figures get: the shop's, and gowalla's where the data is at hand.
pub(super) fn bundles(bench: &Bench<'_>) -> Result<Vec<(&'static str, PathBuf)>> {
    let mut bundles = vec![("shop", shop::build_bundle(bench.workspace)?)];
    if let Some(folder) = data_set("gowalla") {
        let bundle = bench.folder.join("gowalla.bundle");
        let program = shop::edgewise(bench.workspace, "benchmark")
            .words("top-n")
            .argument(folder)
            .words("--json --output")
            .argument(&bundle);
        usage::run(&program)?;
        bundles.push(("gowalla", bundle));
    }
    Ok(bundles)
}

/// The benches of the page's module.
fn in_browsers(bench: &Bench<'_>, name: &str, bundle: &Path, questions: &Path) -> Result<Vec<Row>> {
    let files = listed(&bench.workspace.root().join("tests/browser"))?;
    let is_bench = |path: &&PathBuf| path.to_string_lossy().ends_with(".bench.js");
    let mut rows = Vec::new();
    for file in files.iter().filter(is_bench) {
        node::ensure(bench.workspace)?;
        node::install(bench.workspace, &bench.workspace.root().join("tests/browser"))?;
        edge::build(bench.workspace, Optimization::WasmOpt)?;
        let program = node::node(bench.workspace)
            .argument(file)
            .argument(bundle)
            .argument(questions)
            .variable("CHROMIUM", chromium::ensure(bench.workspace)?)
            .variable("EDGEWISE_SITE", bench.workspace.site())
            .variable("EDGEWISE_BIN", bench.workspace.edgewise())
            .variable("EDGEWISE_BUNDLE", bundle);
        rows.extend(figures(bench, name, &usage::run(&program)?.stdout));
    }
    Ok(rows)
}

/// Packages with a bench of that name.
fn packages(bench: &Bench<'_>) -> Result<Vec<String>> {
    let mut packages = Vec::new();
    for folder in ["crates", "edge"] {
        let mut found = listed(&bench.workspace.root().join(folder))?;
        found.retain(|package| {
            let benches = package.join("benches");
            benches.join(format!("{BENCH}.rs")).is_file() || benches.join(BENCH).is_dir()
        });
        let name = |path: &PathBuf| Some(format!("edgewise-{}", path.file_name()?.to_str()?));
        packages.extend(found.iter().filter_map(name));
    }
    Ok(packages)
}

/// What a folder holds, by name.
fn listed(folder: &Path) -> Result<Vec<PathBuf>> {
    let listing =
        fs::read_dir(folder).with_context(|| format!("cannot list `{}`", folder.display()))?;
    let mut found: Vec<PathBuf> = listing.flatten().map(|entry| entry.path()).collect();
    found.sort();
    Ok(found)
}

/// The figures of a bench's CSV; lines of another form are its messages.
pub(super) fn figures(bench: &Bench<'_>, from: &str, text: &str) -> Vec<Row> {
    let row = |figure: &Figure| {
        let config = [from, figure.config.as_str()];
        let config = config.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>();
        bench.row(&figure.what, &config.join("; "), (&figure.metric, &figure.unit), figure.value)
    };
    parsed(text).iter().map(row).collect()
}

/// One figure that a bench printed, with times in microseconds.
#[derive(Debug, PartialEq)]
struct Figure {
    what: String,
    config: String,
    metric: String,
    value: f64,
    unit: String,
}

impl Figure {
    fn new([what, config, metric, unit]: [&str; 4], value: f64) -> Self {
        let (value, unit) = match unit {
            "ns" => (value / 1e3, "µs"),
            "us" => (value, "µs"),
            other => (value, other),
        };
        let metric = match metric {
            "p50" => "median".to_owned(),
            name => name.replace('_', " ").replace("cpu", "CPU"),
        };
        Self { what: what.into(), config: config.into(), metric, value, unit: unit.into() }
    }
}

fn parsed(text: &str) -> Vec<Figure> {
    let mut heads: Vec<String> = Vec::new();
    let mut figures = Vec::new();
    for line in text.lines() {
        let fields = fields(line);
        if fields == LONG || fields.first().is_some_and(|first| first == "figure") {
            heads = fields;
            continue;
        }
        if fields.len() != heads.len() {
            continue;
        }
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        if heads == LONG {
            if let [what, config, metric, value, unit] = fields[..]
                && let Ok(value) = value.parse()
            {
                figures.push(Figure::new([what, config, metric, unit], value));
            }
            continue;
        }
        for (head, value) in heads.iter().zip(&fields).skip(1) {
            if let Ok(value) = value.trim().parse() {
                let (metric, unit) = head_of(head);
                figures.push(Figure::new([fields[0], "", metric, unit], value));
            }
        }
    }
    figures
}

/// The fields of a line, of which some may be in quotes.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    for (index, part) in line.split('"').enumerate() {
        let mut pieces = if index % 2 == 0 { part.split(',').collect() } else { vec![part] };
        let rest = pieces.split_off(1);
        if let (Some(last), Some(piece)) = (fields.last_mut(), pieces.first()) {
            last.push_str(piece);
        }
        fields.extend(rest.into_iter().map(str::to_owned));
    }
    fields
}

/// Metric and unit of a column: `p50_us` is `p50` in `us`.
fn head_of(column: &str) -> (&str, &'static str) {
    let units = [
        ("_us", "us"),
        ("_ns", "ns"),
        ("_bytes", "bytes"),
        ("_per_cpu_s", "per CPU s"),
        ("_per_s", "per s"),
        ("_s", "s"),
    ];
    units
        .iter()
        .find_map(|(end, unit)| Some((column.strip_suffix(end)?, *unit)))
        .unwrap_or((column, "1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let shown = |figure: &Figure| {
            let Figure { what, config, metric, value, unit } = figure;
            format!("{what}|{config}|{metric}|{value}|{unit}")
        };
        assert_eq!(parsed(text).iter().map(shown).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn figures_in_columns_are_read() {
        check(
            "warming up\nfigure,p50_us,mean_cpu_us\nrequest,1.5,2\nfigure,requests_per_cpu_s\nHTTP,9\n",
            &["request||median|1.5|µs", "request||mean CPU|2|µs", "HTTP||requests|9|per CPU s"],
        );
    }

    #[test]
    fn figures_in_the_long_form_are_read() {
        check(
            "what,config,metric,value,unit\n\"open, checked\",\"k 20\",p50,1500,ns\nread,,bytes,7,bytes\n",
            &["open, checked|k 20|median|1.5|µs", "read||bytes|7|bytes"],
        );
    }

    #[test]
    fn messages_are_no_figures() {
        check("no bundle named\n", &[]);
        check("what,config,metric,value,unit\na,b\na,b,c,many,s\n", &[]);
    }
}
