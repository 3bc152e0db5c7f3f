//! Other people's programs on the same data, in the same run as ours: `implicit` and scipy, and Serenade.
//!
//! Both are installed from their registries into `<target>/bench/peers`, by the versions that `crates/xtask/peers`
//! locks, and neither is part of the workspace.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::Value;

use super::rows::{Row, median};
use super::{Bench, data_set, needed, usage};
use crate::console;
use crate::program::Program;
use crate::shop;

/// Items kept per item, by us and by the peers.
const NEIGHBOURS: &str = "50";
/// Versions of the peers, as their lock files have them.
const IMPLICIT: &str = "implicit 0.7.3";
const SCIPY: &str = "scipy 1.17.1";
const SERENADE: &str = "serenade 0.3.1";
/// Figures of a run by their names in its JSON: metric, unit, and which group shows it.
const FIGURES: [(&str, &str, &str, Side); 8] = [
    ("build_cpu_s", "CPU time", "s", Side::Learning),
    ("recall@20", "Recall@20", "share", Side::Both),
    ("hr@20", "HR@20", "share", Side::Both),
    ("query_us_p50", "median", "µs", Side::Answers),
    ("query_us_p99", "p99", "µs", Side::Answers),
    ("neighbour_bytes", "lists", "bytes", Side::Learning),
    ("bits_per_neighbour", "a neighbour", "bits", Side::Learning),
    ("bits_per_neighbour_bound", "a neighbour's bound", "bits", Side::Learning),
];

/// Which group shows a figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Side {
    Learning,
    Answers,
    Both,
}

/// One program on one data set.
#[derive(Debug)]
struct Contestant {
    what: &'static str,
    config: &'static str,
    /// Of a peer; ours are those of the whole run.
    versions: Option<&'static str>,
    program: Program,
    /// One object for each run.
    runs: Vec<Value>,
}

/// What every program needed, measured in turns.
#[derive(Debug)]
pub(super) struct Duels(Vec<Contestant>);

impl Bench<'_> {
    /// The duels; measured when first asked for.
    pub(super) fn duels(&self) -> Result<&Duels> {
        if let Some(duels) = self.duels.get() {
            return Ok(duels);
        }
        let measured = Duels::measure(self)?;
        Ok(self.duels.get_or_init(|| measured))
    }
}

impl Duels {
    fn measure(bench: &Bench<'_>) -> Result<Self> {
        let mut contestants = Vec::new();
        if let Some(folder) = data_set("gowalla") {
            contestants.extend(gowalla(bench, &folder)?);
        }
        if let Some(folder) = data_set("serenade-example") {
            contestants.extend(clicks(bench, &folder)?);
        }
        // In turns, so that a busy minute of the machine falls on all of them.
        for _ in 0..bench.n_rounds() {
            for contestant in &mut contestants {
                let run = usage::run(&contestant.program)?;
                contestant.runs.push(last_object(&run.stdout)?);
            }
        }
        Ok(Self(contestants))
    }

    /// Rows about learning.
    pub(super) fn learning(&self, bench: &Bench<'_>) -> Vec<Row> {
        self.rows(bench, Side::Learning)
    }

    /// Rows about answering.
    pub(super) fn answers(&self, bench: &Bench<'_>) -> Vec<Row> {
        self.rows(bench, Side::Answers)
    }

    fn rows(&self, bench: &Bench<'_>, wanted: Side) -> Vec<Row> {
        let mut rows = Vec::new();
        for contestant in &self.0 {
            for (name, metric, unit, side) in FIGURES {
                let values: Vec<f64> =
                    contestant.runs.iter().filter_map(|run| run[name].as_f64()).collect();
                if values.is_empty() || (side != wanted && side != Side::Both) {
                    continue;
                }
                let row =
                    bench.row(contestant.what, contestant.config, (metric, unit), median(values));
                let versions = contestant.versions.map_or(row.versions.clone(), str::to_owned);
                rows.push(Row { versions, ..row });
            }
        }
        rows
    }
}

/// New items of a user: cosine and a walk over users, ours and the peers'.
fn gowalla(bench: &Bench<'_>, folder: &Path) -> Result<Vec<Contestant>> {
    let ours = |model: &str| {
        shop::edgewise(bench.workspace, "benchmark top-n")
            .argument(folder)
            .words(&format!("--model {model} --neighbours {NEIGHBOURS} --threads 1 --json"))
    };
    let mut contestants = vec![
        contestant("gowalla; cosine", "edgewise; K = 50; 1 thread", None, ours("cosine")),
        contestant("gowalla; RP3beta", "edgewise; K = 50; 1 thread", None, ours("rp3beta")),
    ];
    if let Some(python) = python(bench)? {
        let script = bench.workspace.root().join("crates/xtask/peers/implicit/peer.py");
        let theirs = |model: &str| {
            ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"]
                .into_iter()
                .fold(Program::new(bench.workspace, &python), |program, name| {
                    program.variable(name, "1")
                })
                .argument(&script)
                .argument(model)
                .argument(folder)
                .argument(NEIGHBOURS)
        };
        let config = "implicit; K = 50; 1 thread";
        contestants
            .insert(1, contestant("gowalla; cosine", config, Some(IMPLICIT), theirs("cosine")));
        let config = "scipy; K = 50; 1 thread";
        contestants.push(contestant("gowalla; RP3beta", config, Some(SCIPY), theirs("rp3beta")));
    }
    Ok(contestants)
}

/// The next click: an index of sessions and, of ours, the lists beside it.
fn clicks(bench: &Bench<'_>, folder: &Path) -> Result<Vec<Contestant>> {
    let ours = shop::edgewise(bench.workspace, "benchmark sessions")
        .argument(folder)
        .words("--model visit --threads 1 --json");
    let theirs = Program::new(bench.workspace, serenade(bench)?)
        .argument(folder.join("train.txt"))
        .argument(folder.join("valid.txt"))
        .words("20");
    let what = "serenade-example; next click";
    Ok(vec![
        contestant(what, "edgewise; sessions and lists", None, ours),
        contestant(what, "serenade; m = 1502; k = 288", Some(SERENADE), theirs),
    ])
}

fn contestant(
    what: &'static str,
    config: &'static str,
    versions: Option<&'static str>,
    program: Program,
) -> Contestant {
    Contestant { what, config, versions, program, runs: Vec::new() }
}

/// The Python of a virtual environment with the locked packages; `None`, with a message, without Python.
fn python(bench: &Bench<'_>) -> Result<Option<PathBuf>> {
    let folder = bench.folder.join("peers/python");
    let python = folder.join("bin/python");
    let wanted = bench.workspace.root().join("crates/xtask/peers/implicit/requirements.txt");
    let stamp = folder.join("requirements.txt");
    let text = fs::read(&wanted).with_context(|| format!("cannot read `{}`", wanted.display()))?;
    if fs::read(&stamp).is_ok_and(|installed| installed == text) {
        return Ok(Some(python));
    }
    let make = Program::new(bench.workspace, "python3").words("-m venv").argument(&folder);
    if make.output().is_none() {
        console::note(&format!("skipped: {}", needed("python3", "install Python 3.11 or newer")));
        return Ok(None);
    }
    Program::new(bench.workspace, &python)
        .words("-m pip install --quiet --disable-pip-version-check --only-binary :all: -r")
        .argument(&wanted)
        .run()
        .context("cannot install the Python peers")?;
    fs::write(&stamp, text).with_context(|| format!("cannot write `{}`", stamp.display()))?;
    Ok(Some(python))
}

/// The built program around Serenade's own files.
fn serenade(bench: &Bench<'_>) -> Result<PathBuf> {
    let folder = bench.folder.join("peers/serenade");
    let sources = bench.workspace.root().join("crates/xtask/peers/serenade");
    fs::create_dir_all(folder.join("src/vmisknn")).context("cannot make a peer's folder")?;
    for (from, to) in
        [("manifest.toml", "Cargo.toml"), ("Cargo.lock", "Cargo.lock"), ("main.rs", "src/main.rs")]
    {
        copy(&sources.join(from), &folder.join(to))?;
    }
    let cargo = |words| {
        let program = Program::cargo(bench.workspace, words).argument("--manifest-path");
        program.argument(folder.join("Cargo.toml"))
    };
    // The crate is fetched by its place in the lock file, and only named features are built.
    let told = cargo("metadata --locked --all-features --format-version 1").output();
    let told = told.context("cannot fetch the crate `serenade`")?;
    let metadata: Value = serde_json::from_str(&told).context("`cargo metadata` is not JSON")?;
    let packages = metadata["packages"].as_array().map_or(&[][..], Vec::as_slice);
    let manifest = packages
        .iter()
        .find(|package| package["name"] == "serenade")
        .and_then(|package| package["manifest_path"].as_str())
        .context("the crate `serenade` is not among the packages")?;
    let theirs = Path::new(manifest).with_file_name("src");
    copy(&theirs.join("io.rs"), &folder.join("src/io.rs"))?;
    for entry in fs::read_dir(theirs.join("vmisknn")).context("cannot list a peer's files")? {
        let path = entry?.path();
        let Some(name) = path.file_name() else { continue };
        copy(&path, &folder.join("src/vmisknn").join(name))?;
    }
    let target = folder.join("target");
    cargo("build --quiet --release --locked").argument("--target-dir").argument(&target).run()?;
    Ok(target.join("release/serenade-peer"))
}

/// Copies, unless both are the same, so that cargo builds nothing anew.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let text = fs::read(from).with_context(|| format!("cannot read `{}`", from.display()))?;
    if fs::read(to).is_ok_and(|there| there == text) {
        return Ok(());
    }
    fs::write(to, text).with_context(|| format!("cannot write `{}`", to.display()))
}

/// The JSON object that ends what a program printed.
fn last_object(stdout: &str) -> Result<Value> {
    let line = stdout.trim_end().lines().next_back().unwrap_or_default();
    let text = if line.starts_with('{') { line } else { stdout };
    serde_json::from_str(text).context("a program printed no JSON at its end")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_the_last_line_or_the_whole() {
        assert_eq!(last_object("reading\n{\"a\":1}\n").unwrap()["a"], 1);
        assert_eq!(last_object("{\n  \"a\": 2\n}\n").unwrap()["a"], 2);
        assert!(last_object("nothing").is_err());
    }

    #[test]
    fn the_versions_told_are_those_that_are_locked() {
        let locked = include_str!("../../peers/implicit/requirements.txt");
        for named in [IMPLICIT, SCIPY] {
            assert!(locked.contains(&named.replace(' ', "==")), "{named}");
        }
        let locked = include_str!("../../peers/serenade/Cargo.lock");
        let version = SERENADE.trim_start_matches("serenade ");
        assert!(locked.contains(&format!("name = \"serenade\"\nversion = \"{version}\"")));
    }
}
