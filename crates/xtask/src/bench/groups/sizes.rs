//! Bytes that travel: shells, the browser's module, the shipped bundle and its sections.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::super::rows::Row;
use super::super::{Bench, usage};
use crate::console;
use crate::edge::{self, Optimization};
use crate::shop;
use crate::tools::node;

const SIZE: (&str, &str) = ("size", "bytes");
/// Prints the size of each named file after brotli at its highest level, a line each.
const BROTLI: &str = "const z=require('zlib');for(const f of process.argv.slice(1))\
                      console.log(z.brotliCompressSync(require('fs').readFileSync(f)).length)";

pub(super) fn run(bench: &Bench<'_>) -> Result<Vec<Row>> {
    let workspace = bench.workspace;
    edge::build(workspace, Optimization::WasmOpt)?;
    let bundle = shop::build_bundle(workspace)?;
    let mut rows = vec![bench.row("shop bundle", "all sections", SIZE, len(&bundle)?)];
    rows.extend(sections(bench, &bundle)?);
    let toy = workspace.root().join("tests/golden/v1/toy.bundle");
    rows.push(bench.row("toy bundle", "a shop of a few items", SIZE, len(&toy)?));
    let component = bench.folder.join("toy.wasm");
    for shell in ["http", "spin"] {
        shop::edgewise(workspace, "bake")
            .argument(&toy)
            .argument("-o")
            .argument(&component)
            .words("--shell")
            .argument(shell)
            .run()?;
        let what = format!("{shell} component");
        rows.push(bench.row(&what, "without its bundle", SIZE, len(&component)? - len(&toy)?));
    }
    rows.extend(compressed(bench, &bundle)?);
    Ok(rows)
}

/// Each section's bytes and, where `inspect` tells them, the bits of a fact in it beside the least that could hold it.
fn sections(bench: &Bench<'_>, bundle: &Path) -> Result<Vec<Row>> {
    const FIGURES: [(&str, (&str, &str)); 3] = [
        ("size_bytes", SIZE),
        ("bits_per_fact", ("a fact", "bits")),
        ("bound_bits_per_fact", ("its bound", "bits")),
    ];
    let help = shop::edgewise(bench.workspace, "inspect --help").output().unwrap_or_default();
    let more = if help.contains("--sizes") { "--sizes" } else { "" };
    let inspect = shop::edgewise(bench.workspace, "inspect").argument(bundle).words(more);
    let contents: Value = serde_json::from_str(&usage::run(&inspect.words("--json"))?.stdout)?;
    let sections = contents["sections"].as_array().context("`inspect` tells no sections")?;
    let mut rows = Vec::new();
    for section in sections {
        let name = section["section"].as_str().unwrap_or_default();
        for (key, metric) in FIGURES {
            if let Some(value) = section[key].as_f64() {
                rows.push(bench.row("shop bundle", name, metric, value));
            }
        }
    }
    Ok(rows)
}

/// What a browser loads, as a web server compresses it.
fn compressed(bench: &Bench<'_>, bundle: &Path) -> Result<Vec<Row>> {
    if !node::is_present(bench.workspace) {
        console::note("skipped: brotli, which Node.js brings");
        return Ok(Vec::new());
    }
    let site = bench.workspace.site();
    let names = ["browser module", "browser scripts", "browser scripts, bindings"];
    let files = ["edgewise_browser_bg.wasm", "edgewise.js", "edgewise_browser.js"];
    let program = files
        .iter()
        .fold(node::node(bench.workspace).argument("-e").argument(BROTLI), |program, file| {
            program.argument(site.join(file))
        });
    let run = usage::run(&program.argument(bundle))?;
    let sizes = run.stdout.lines().filter_map(|line| line.parse::<f64>().ok());
    let row = |(what, size): (&str, f64)| bench.row(what, "brotli", SIZE, size);
    Ok(names.into_iter().chain(["shop bundle"]).zip(sizes).map(row).collect())
}

/// Size of a file in bytes.
pub(super) fn len(path: &Path) -> Result<f64> {
    let metadata = fs::metadata(path).with_context(|| format!("no `{}`", path.display()))?;
    // Cannot fail below four gigabytes, which nothing here has.
    Ok(u32::try_from(metadata.len()).map_or(f64::INFINITY, f64::from))
}
