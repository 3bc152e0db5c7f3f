//! Instructions of fixed work, counted by callgrind: they tell a slower program from a busy machine.
//!
//! `docs/bench/instructions.csv` holds the counts that were last looked at. [`check`] counts again and fails when one
//! has grown by more than [`MOST_GROWTH_PERCENT`]; `cargo xtask bench instructions` records anew. Counts depend on the
//! compiler, so another one than recorded is no reason to fail.

use std::path::Path;
use std::process::Stdio;

use anyhow::{Context as _, Result};

use super::super::rows::{self, Row};
use super::super::{Bench, machine, needed, usage};
use crate::checks::Verdict;
use crate::console;
use crate::failure::Failure;
use crate::program::Program;
use crate::shop;
use crate::workspace::Workspace;

/// A count may grow by so much before it is a fault.
const MOST_GROWTH_PERCENT: f64 = 5.0;
const METRIC: (&str, &str) = ("instructions", "millions");
/// Work of `fixed_work`, what it is counted from, and what it is called.
const WORK: [(&str, &str, &str); 3] = [
    ("open", "nothing", "open the shipped bundle 10 times"),
    ("lists", "nothing", "open it and read every list of similar items"),
    ("answers", "questions", "open it and answer 200 questions"),
];
const HINT: &str = "install valgrind (Debian: `apt install valgrind`)";

pub(super) fn run(bench: &Bench<'_>) -> Result<Vec<Row>> {
    if !is_present(bench.workspace) {
        console::note(&format!("skipped: {}", needed("valgrind", HINT)));
        return Ok(Vec::new());
    }
    let counts = counts(bench.workspace)?;
    Ok(counts.into_iter().map(|(what, count)| bench.row(&what, "", METRIC, count)).collect())
}

/// Counts again and compares with what is recorded.
pub(crate) fn check(workspace: &Workspace) -> Result<Verdict> {
    if !is_present(workspace) {
        return Ok(Verdict::Skipped("valgrind is not installed".to_owned()));
    }
    let recorded = rows::read(&workspace.root().join("docs/bench/instructions.csv"))?;
    let compiler = machine::compiler(workspace);
    match recorded.first() {
        None => return Ok(Verdict::Skipped("no counts are recorded".to_owned())),
        Some(row) if !row.versions.contains(&compiler) => {
            let why = format!("the counts are those of another compiler: {}", row.versions);
            return Ok(Verdict::Skipped(why));
        }
        Some(_) => {}
    }
    shop::build_edgewise(workspace)?;
    let grown = grown(&recorded, &counts(workspace)?);
    if grown.is_empty() {
        return Ok(Verdict::Passed);
    }
    Err(Failure::by_caller(grown.join("; "))
        .with_hint("if it is worth it: `cargo xtask bench instructions` records the new counts")
        .into())
}

/// A sentence for each count that has grown too much.
fn grown(recorded: &[Row], counts: &[(String, f64)]) -> Vec<String> {
    let mut grown = Vec::new();
    for (what, count) in counts {
        let Some(row) = recorded.iter().find(|row| row.what == *what) else { continue };
        let percent = (count / row.number() - 1.0) * 100.0;
        console::note(&format!("  {what}: {count:.2} millions, {percent:+.1} %"));
        if percent > MOST_GROWTH_PERCENT {
            let before = &row.value;
            grown.push(format!(
                "`{what}` takes {count:.2} million instructions, {percent:.1} % more than {before}"
            ));
        }
    }
    grown
}

/// What was counted, and its millions of instructions.
fn counts(workspace: &Workspace) -> Result<Vec<(String, f64)>> {
    Program::cargo(
        workspace,
        "build --quiet --release --package edgewise-endpoint --example fixed_work",
    )
    .run()?;
    let worker = workspace.target().join("release/examples/fixed_work");
    let bundle = workspace.root().join("model-artifacts/online-retail/shop.bundle");
    let queries = workspace.root().join("tests/golden/v1/online-retail.json");
    let count_work = |work: &str| {
        let arguments = [Path::new(work), &bundle, &queries];
        count(&arguments.iter().fold(callgrind(workspace, &worker), Program::argument))
    };
    let mut counts = Vec::new();
    for (work, less, what) in WORK {
        counts.push((what.to_owned(), count_work(work)? - count_work(less)?));
    }
    counts.push(("learn from 20k made-up rows".to_owned(), learning(workspace)?));
    Ok(counts)
}

/// A whole build of a made-up shop, on one thread.
fn learning(workspace: &Workspace) -> Result<f64> {
    let folder = workspace.target().join("bench");
    std::fs::create_dir_all(&folder).context("cannot make the benches' folder")?;
    let log = folder.join("instructions.csv");
    let this = crate::program::this()?;
    let synth = Program::new(workspace, this)
        .words("synth --rows 20k --items 1k --seed 1 -o")
        .argument(&log);
    usage::run(&synth)?;
    let build = callgrind(workspace, &workspace.edgewise())
        .argument("build")
        .argument(&log)
        .words("--threads 1 -o")
        .argument(folder.join("instructions.bundle"));
    count(&build)
}

fn is_present(workspace: &Workspace) -> bool {
    Program::new(workspace, "valgrind").words("--version").output().is_some()
}

fn callgrind(workspace: &Workspace, program: &Path) -> Program {
    Program::new(workspace, "valgrind")
        .words("--tool=callgrind --callgrind-out-file=/dev/null")
        .argument(program)
}

/// Millions of instructions that callgrind says at its end.
fn count(program: &Program) -> Result<f64> {
    console::command(&program.shown());
    let output = program
        .command()
        .stdin(Stdio::null())
        .output()
        .with_context(|| needed("valgrind", HINT))?;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        let what = format!("`{}` failed: {}\n{text}", program.shown(), output.status);
        return Err(Failure::by_program(what, output.status.code()).into());
    }
    collected(&text).with_context(|| format!("callgrind told no count:\n{text}"))
}

/// The number behind `Collected : `, in millions.
fn collected(text: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.split_once("Collected : "))?.1;
    Some(line.trim().parse::<f64>().ok()? / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_count_is_read_from_callgrinds_last_words() {
        let text = "==1== Events    : Ir\n==1== Collected : 12500000\n";
        assert_eq!(collected(text), Some(12.5));
        assert_eq!(collected("==1== nothing"), None);
    }

    #[test]
    fn growth_beyond_five_percent_is_told_with_its_size() {
        let row = Row { what: "open".into(), value: "100".into(), ..Row::default() };
        let told = |count| grown(std::slice::from_ref(&row), &[("open".to_owned(), count)]);
        assert!(told(90.0).is_empty() && told(104.9).is_empty());
        assert!(told(106.0)[0].contains("6.0 % more than 100"), "{:?}", told(106.0));
        assert!(grown(&[], &[("new".to_owned(), 1.0)]).is_empty());
    }
}
