//! What can be typed, and which module it goes to.

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::output::Terminal;
use crate::{
    bake, benchmark, build, compare, evaluate, experiment, init, inspect, recommend, serve, tune,
};

/// Recommendations that run where the visitor is.
///
/// Turns a shop's sales and event logs into a small model, and scores it in a WebAssembly component at an edge node or
/// in the visitor's own browser.
#[derive(Debug, Parser)]
#[command(name = "edgewise", version, max_term_width = 100, after_help = EXAMPLE)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXAMPLE: &str = "Example:
  edgewise build invoices/ -o shop.bundle
  edgewise recommend shop.bundle --item 85123A
  edgewise serve shop.bundle";

#[derive(Debug, Subcommand)]
enum Command {
    /// Look at the data and write a commented `edgewise.toml`
    Init(init::InitArgs),
    /// Turn files of sales or events into a bundle
    Build(build::BuildArgs),
    /// Show what a bundle holds and how it was made
    Inspect(inspect::InspectArgs),
    /// Ask a bundle for recommendations
    Recommend(recommend::RecommendArgs),
    /// Measure on your own log how good the recommendations are, against best sellers and plain cosine
    Evaluate(evaluate::EvaluateArgs),
    /// Ask two bundles the same questions of your own log, and show what changes
    Compare(compare::CompareArgs),
    /// Look for better models and weights on the newest part of the log, and write them into `edgewise.toml`
    Tune(tune::TuneArgs),
    /// Measure models on public data, by the data's own protocol
    Benchmark(benchmark::BenchmarkArgs),
    /// Plan an experiment, see who gets which variant, and read what came of it
    Experiment(experiment::ExperimentArgs),
    /// Put a bundle into a WebAssembly component
    Bake(bake::BakeArgs),
    /// Run a bundle or component as an edge node would, with a demo page
    Serve(serve::ServeArgs),
}

/// Parses the command line and runs it.
pub(crate) fn run(terminal: &mut Terminal) -> anyhow::Result<ExitCode> {
    let command = match Cli::try_parse() {
        Ok(cli) => cli.command,
        Err(error) => {
            // Help and version are answers; the rest is a mistake that the user can mend.
            let code = if error.use_stderr() { ExitCode::FAILURE } else { ExitCode::SUCCESS };
            error.print()?;
            return Ok(code);
        }
    };
    match command {
        Command::Init(args) => init::run(&args, &mut terminal.notes())?,
        Command::Build(args) => build::run(&args, terminal)?,
        Command::Inspect(args) => inspect::run(&args, terminal)?,
        Command::Recommend(args) => recommend::run(&args, terminal)?,
        Command::Evaluate(args) => evaluate::run(&args, terminal)?,
        Command::Compare(args) => compare::run(&args, terminal)?,
        Command::Tune(args) => tune::run(&args, terminal)?,
        Command::Benchmark(args) => benchmark::run(&args, terminal)?,
        Command::Experiment(args) => experiment::run(&args, terminal)?,
        Command::Bake(args) => bake::run(&args, &mut terminal.notes())?,
        Command::Serve(args) => serve::run(&args, &mut terminal.notes())?,
    }
    Ok(ExitCode::SUCCESS)
}
