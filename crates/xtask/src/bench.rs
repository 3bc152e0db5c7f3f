//! Every figure in `docs/bench`, made again by one command: `cargo xtask bench`.
//!
//! A group of figures is one CSV file, [`rows`] says of what form. Tables in `docs/bench/README.md` and the plots beside
//! it are made from those files, by this command or by `--render` alone, and a test fails when they do not agree.
//! Data sets that the repository may not ship lie in the folder that `EDGEWISE_BENCH_DATA` names, one folder each
//! (`gowalla`, `serenade-example`); without it, their figures are left out with a message. Peers are installed from
//! their registries into `<target>/bench/peers`, by locked versions.

mod groups;
mod machine;
mod options;
mod page;
mod peers;
mod plot;
mod rows;
mod usage;

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

pub(crate) use self::groups::instructions::check as check_instructions;
use self::groups::{GROUPS, Group};
pub(crate) use self::options::{BenchOptions, parse};
use self::peers::Duels;
use self::rows::{Row, median, short};
use crate::checks::Verdict;
use crate::console;
use crate::failure::Failure;
use crate::shop;
use crate::workspace::Workspace;

/// Names the folder of data sets that the repository does not ship.
const DATA_VARIABLE: &str = "EDGEWISE_BENCH_DATA";

/// The data sets that figures are about, by the folders' names; such a figure's `what` begins with one.
const DATA_SETS: [&str; 2] = ["gowalla", "serenade-example"];

/// What every group measures with.
#[derive(Debug)]
struct Bench<'a> {
    workspace: &'a Workspace,
    quick: bool,
    /// Rows of the largest made-up log.
    most_rows: u64,
    measured_on: String,
    machine: String,
    versions: String,
    /// Where groups put what they make.
    folder: PathBuf,
    /// Where the figures are.
    docs: PathBuf,
    /// Two groups show different sides of the same runs.
    duels: OnceCell<Duels>,
}

impl Bench<'_> {
    /// How often what is noisy is measured: its median counts.
    fn n_rounds(&self) -> usize {
        if self.quick { 1 } else { 5 }
    }

    /// A figure of ours.
    fn row(&self, what: &str, config: &str, metric: (&str, &str), value: f64) -> Row {
        Row {
            measured_on: self.measured_on.clone(),
            machine: self.machine.clone(),
            versions: self.versions.clone(),
            what: what.to_owned(),
            config: config.to_owned(),
            metric: metric.0.to_owned(),
            value: short(value),
            unit: metric.1.to_owned(),
        }
    }
}

/// Runs the groups that `options` ask for, and renders what they found.
pub(crate) fn run(workspace: &Workspace, options: &BenchOptions) -> Result<()> {
    let docs = workspace.root().join("docs/bench");
    if options.check {
        return match check_instructions(workspace)? {
            Verdict::Passed => Ok(()),
            Verdict::Skipped(why) => {
                console::note(&format!("skipped: {why}"));
                Ok(())
            }
        };
    }
    if !options.render {
        measure(workspace, options, &docs)?;
    }
    render(&docs)
}

fn measure(workspace: &Workspace, options: &BenchOptions, docs: &Path) -> Result<()> {
    shop::build_edgewise(workspace)?;
    let folder = workspace.target().join("bench");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    let quick = if options.quick { "; one quick run" } else { "" };
    let (ours, compiler) = (machine::revision(workspace), machine::compiler(workspace));
    let bench = Bench {
        workspace,
        quick: options.quick,
        most_rows: options.most_rows(),
        measured_on: machine::today(),
        machine: machine::machine(),
        versions: format!("{ours}; {compiler}{quick}"),
        folder,
        docs: docs.to_owned(),
        duels: OnceCell::new(),
    };
    let is_wanted = |group: &&Group| {
        options.groups.is_empty() || options.groups.iter().any(|name| name == group.name)
    };
    for group in GROUPS.iter().filter(is_wanted) {
        console::note(&format!("\n==> {}: {}", group.name, group.about));
        let rows = (group.run)(&bench)?;
        if rows.is_empty() {
            console::note(&format!("<== {}: nothing measured, the old file stays", group.name));
            continue;
        }
        let path = docs.join(format!("{}.csv", group.name));
        let kept = kept(rows::read(&path)?, |name| find_data_set(name).is_none());
        write(&path, &rows::to_csv(&[kept, rows].concat()))?;
    }
    Ok(())
}

/// The old figures of data sets that are not here to be measured again.
fn kept(old: Vec<Row>, is_absent: impl Fn(&str) -> bool) -> Vec<Row> {
    let is_about =
        |row: &Row, name: &str| row.what.split(';').next().is_some_and(|what| what == name);
    let is_kept = |row: &Row| DATA_SETS.iter().any(|name| is_about(row, name) && is_absent(name));
    old.into_iter().filter(is_kept).collect()
}

/// Writes the page's tables and the plots anew.
fn render(docs: &Path) -> Result<()> {
    for (name, text) in rendered(docs)? {
        write(&docs.join(name), &text)?;
    }
    Ok(())
}

/// Name and text of every file that is made from the figures in `docs`.
fn rendered(docs: &Path) -> Result<Vec<(String, String)>> {
    let mut figures = BTreeMap::new();
    for group in &GROUPS {
        let rows = rows::read(&docs.join(format!("{}.csv", group.name)))?;
        figures.insert(group.name.to_owned(), rows);
    }
    let path = docs.join("README.md");
    let page =
        fs::read_to_string(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let mut files = vec![("README.md".to_owned(), page::filled(&page, &figures)?)];
    for plot in &plot::PLOTS {
        let rows = figures.get(plot.group).map_or(&[][..], Vec::as_slice);
        files.push((plot.file.to_owned(), plot::drawn(plot, rows)));
    }
    Ok(files)
}

/// Writes `text`, beside its place first.
fn write(path: &Path, text: &str) -> Result<()> {
    let beside = path.with_extension("part");
    fs::write(&beside, text)
        .and_then(|()| fs::rename(&beside, path))
        .with_context(|| format!("cannot write `{}`", path.display()))
}

/// The folder of a data set; `None`, with a message, when it is not there.
fn data_set(name: &str) -> Option<PathBuf> {
    let found = find_data_set(name);
    if found.is_none() {
        console::note(&format!(
            "skipped: `{name}` is not in the folder that {DATA_VARIABLE} names"
        ));
    }
    found
}

fn find_data_set(name: &str) -> Option<PathBuf> {
    let folder = PathBuf::from(std::env::var_os(DATA_VARIABLE)?).join(name);
    folder.is_dir().then_some(folder)
}

/// Fails when a program that a group cannot do without is not there.
fn needed(what: &str, hint: &str) -> anyhow::Error {
    Failure::by_caller(format!("`{what}` is missing")).with_hint(hint).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page shows what the files say: `cargo xtask bench --render` mends it.
    #[test]
    fn tables_and_plots_agree_with_the_figures() {
        let docs = Workspace::locate().unwrap().root().join("docs/bench");
        for (name, text) in rendered(&docs).unwrap() {
            let there = fs::read_to_string(docs.join(&name)).unwrap_or_default();
            assert!(there == text, "`docs/bench/{name}` is not what its figures make of it");
        }
    }

    #[test]
    fn figures_of_absent_data_are_kept_and_no_others() {
        let row = |what: &str| Row { what: what.to_owned(), ..Row::default() };
        let old = || vec![row("gowalla; cosine"), row("Online Retail"), row("serenade-example")];
        let names = |rows: Vec<Row>| rows.into_iter().map(|row| row.what).collect::<Vec<_>>();
        assert_eq!(names(kept(old(), |name| name == "gowalla")), ["gowalla; cosine"]);
        assert!(kept(old(), |_| false).is_empty());
    }

    #[test]
    fn every_file_of_figures_has_a_group_and_every_group_a_table() {
        let docs = Workspace::locate().unwrap().root().join("docs/bench");
        let page = fs::read_to_string(docs.join("README.md")).unwrap();
        for entry in fs::read_dir(&docs).unwrap() {
            let name = entry.unwrap().file_name().to_string_lossy().into_owned();
            let Some(stem) = name.strip_suffix(".csv") else { continue };
            assert!(GROUPS.iter().any(|group| group.name == stem), "`{name}` has no group");
        }
        for group in &GROUPS {
            let mark = format!("<!-- table: {} -->", group.name);
            assert!(page.contains(&mark), "the page has no `{mark}`");
        }
        for plot in &plot::PLOTS {
            assert!(page.contains(&format!("]({})", plot.file)), "no link to `{}`", plot.file);
        }
    }
}
