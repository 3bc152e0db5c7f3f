//! `edgewise benchmark`: how good models are on public data, by the data's own protocol, as the bundles that are served.

mod table;

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::{Args, ValueEnum};
use edgewise_eval::benchmarks::folder::{Chosen, Form, find};
use edgewise_eval::benchmarks::{Benchmark, taken};
use edgewise_eval::{Bootstrap, Metric, Settings, Share};
use edgewise_tune::{Bench, Goal, Measured, Preset, Setup, Task, search};

use crate::output::Terminal;
use crate::usage::{self, Usage};
use crate::whole_file;
use table::Row;

/// What `edgewise benchmark` takes.
#[derive(Args, Debug)]
pub(crate) struct BenchmarkArgs {
    /// What is asked
    #[arg(value_name = "PROTOCOL")]
    protocol: ProtocolName,
    /// The folder of the data
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Only this model; all of the protocol's when not given, and with `--json` or `--tune` its usual one
    #[arg(long, value_name = "NAME")]
    model: Option<String>,
    /// Look for better settings on a validation cut of the training part first
    #[arg(long)]
    tune: bool,
    /// Seconds after which a search stops with the best so far
    #[arg(long, value_name = "SECONDS", default_value_t = 600)]
    budget: u64,
    /// The training part, when it is called otherwise
    #[arg(long, value_name = "FILE")]
    train: Option<String>,
    /// The test part, when it is called otherwise
    #[arg(long, value_name = "FILE")]
    test: Option<String>,
    /// Distinct people behind every published fact; published figures have no minimum
    #[arg(long, value_name = "N", default_value_t = 1)]
    min_people: u32,
    /// Related items kept per item; the model's own number when not given
    #[arg(long, value_name = "N")]
    neighbours: Option<u32>,
    /// Write the bundle that was measured; of several models, the last one's
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Print one object with the figures, for machines
    #[arg(long)]
    json: bool,
    /// Threads that learn and ask; as many as the machine has cores when not given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
}

/// The protocols of public benchmarks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ProtocolName {
    /// Which new items a user takes
    TopN,
    /// What is clicked next in a session
    Sessions,
    /// What else is in a basket
    Baskets,
    /// What a user's next basket holds
    NextBasket,
}

impl ProtocolName {
    fn goal(self) -> Goal {
        match self {
            ProtocolName::TopN => Goal::NewItems,
            ProtocolName::Sessions => Goal::NextClick,
            ProtocolName::Baskets => Goal::Completion,
            ProtocolName::NextBasket => Goal::NextBasket,
        }
    }

    fn has(self, form: Form) -> bool {
        let of_form = match form {
            Form::TopN => ProtocolName::TopN,
            Form::SessionLines | Form::SessionTable => ProtocolName::Sessions,
            Form::Baskets => ProtocolName::Baskets,
            Form::NextBasket => ProtocolName::NextBasket,
        };
        self == of_form
    }
}

/// Why there is nothing to measure.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BenchmarkRefusal {
    /// The folder holds other benchmarks.
    #[error("no files of this protocol in `{folder}`")]
    OtherProtocol {
        /// The folder.
        folder: String,
    },
    /// The protocol has no such model.
    #[error("there is no model `{found}` for this protocol, expected {expected}")]
    UnknownModel {
        /// The name.
        found: String,
        /// The names there are.
        expected: String,
    },
}

impl BenchmarkRefusal {
    /// What cures it.
    pub(crate) fn hint(&self) -> String {
        match self {
            BenchmarkRefusal::OtherProtocol { .. } => {
                "name the files with `--train` and `--test`; docs/evaluation.md shows their forms"
                    .to_owned()
            }
            BenchmarkRefusal::UnknownModel { .. } => {
                "leave `--model` out to see them all".to_owned()
            }
        }
    }
}

/// The part of the training rows that is held out for a search: as much as public splits hold out for their test.
const VALIDATION: Share = Share { part: 0.2, seed: 1 };

/// Reads, trains, packs, asks, and prints the figures.
///
/// # Errors
/// Files that cannot be read or understood, an unknown model, settings out of range.
pub(crate) fn run(args: &BenchmarkArgs, terminal: &mut Terminal) -> anyhow::Result<()> {
    if let Some(threads) = args.threads {
        rayon::ThreadPoolBuilder::new().num_threads(threads.into()).build_global()?;
    }
    let benchmark = read(args)?;
    let goal = args.protocol.goal();
    for note in &benchmark.notes {
        writeln!(terminal.notes(), "note     {note}")?;
    }
    let taken = taken(&benchmark.train, benchmark.catalog.items.len());
    let presets = chosen(args, goal)?;
    let mut rows = Vec::new();
    for preset in presets {
        let name = preset.name;
        let mut setup = preset.for_log(&benchmark.train, &benchmark.catalog).setup;
        setup.params.min_people = args.min_people;
        if let Some(neighbours) = args.neighbours {
            setup.params.set_neighbours(neighbours);
        }
        if args.tune {
            setup = tuned(args, &benchmark, &taken, &setup, terminal)?;
        }
        let task = Task {
            goal,
            catalog: &benchmark.catalog,
            train: &benchmark.train,
            cases: &benchmark.cases,
        };
        let (measured, usage) = measure(task, &taken, &setup)?;
        if let Some(output) = &args.output {
            whole_file::write(output, &measured.bundle)
                .with_context(|| format!("cannot write the bundle `{}`", output.display()))?;
        }
        rows.push(Row::new(name, goal, &setup, &measured, usage));
    }
    let text = if args.json { table::json(&rows)? } else { table::text(&rows) };
    Ok(terminal.data(&text)?)
}

fn read(args: &BenchmarkArgs) -> anyhow::Result<Benchmark> {
    let chosen = Chosen { train: args.train.as_deref(), test: args.test.as_deref(), form: None };
    let found = find(&args.folder, chosen)?;
    let files = found.into_iter().find(|files| args.protocol.has(files.form));
    let files = files.ok_or_else(|| BenchmarkRefusal::OtherProtocol {
        folder: args.folder.display().to_string(),
    })?;
    Ok(files.read()?)
}

/// The models to measure.
fn chosen(args: &BenchmarkArgs, goal: Goal) -> Result<Vec<Preset>, BenchmarkRefusal> {
    let presets = goal.presets();
    match &args.model {
        None if args.json || args.tune => Ok(vec![goal.usual()]),
        None => Ok(presets),
        Some(name) => {
            let names: Vec<String> =
                presets.iter().map(|preset| format!("`{}`", preset.name)).collect();
            let preset = presets.into_iter().find(|preset| preset.name == name.as_str());
            preset.map(|preset| vec![preset]).ok_or_else(|| BenchmarkRefusal::UnknownModel {
                found: name.clone(),
                expected: names.join(", "),
            })
        }
    }
}

/// Better settings, found on a cut of the training part alone.
fn tuned(
    args: &BenchmarkArgs,
    benchmark: &Benchmark,
    taken: &[u64],
    start: &Setup,
    terminal: &mut Terminal,
) -> anyhow::Result<Setup> {
    let goal = args.protocol.goal();
    let split = benchmark.validation(VALIDATION);
    let task = Task { goal, catalog: &benchmark.catalog, train: &split.train, cases: &split.cases };
    let metrics = goal.metrics();
    let ks = [goal.k()];
    let settings = Settings {
        ks: &ks,
        metrics: &metrics,
        taken,
        similarity: None,
        bootstrap: Bootstrap { resamples: 1, ..Bootstrap::default() },
    };
    let mut bench = Bench::new(task, settings, &now);
    let deadline = Instant::now() + Duration::from_secs(args.budget);
    let mut lines = Ok(());
    let found = search(&mut bench, start, &mut |trial| {
        let line =
            format!("tune     {:.5}  best {:.5}  {}", trial.objective, trial.best, trial.what);
        lines = writeln!(terminal.notes(), "{line}");
        lines.is_ok() && Instant::now() < deadline
    });
    lines?;
    Ok(found?.setup)
}

fn measure(task: Task<'_>, taken: &[u64], setup: &Setup) -> anyhow::Result<(Measured, Usage)> {
    let ks = [10, 20];
    let settings = Settings {
        ks: &ks,
        metrics: &Metric::ALL,
        taken,
        similarity: None,
        bootstrap: Bootstrap::default(),
    };
    let mut bench = Bench::new(task, settings, &now);
    let before = Usage::now();
    let bundle = bench.build(&setup.params)?;
    let usage = Usage::now().since(&before);
    let measured = bench.ask(bundle, setup.newest).context("cannot ask the packed model")?;
    Ok((measured, usage))
}

/// Time since the program first asked.
pub(crate) fn now() -> Duration {
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    START.elapsed()
}
