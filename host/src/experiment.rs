//! `edgewise experiment`: how many visitors an experiment needs, who gets which variant, and what came of it.

mod assign;
mod error;
mod events;
mod page;
mod plan;
mod report;
mod table;
mod words;

use clap::{Args, Subcommand};

use crate::output::Terminal;

pub(crate) use error::ReportError;

/// What `edgewise experiment` takes.
#[derive(Args, Debug)]
pub(crate) struct ExperimentArgs {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Tell how many visitors an effect needs
    Plan(plan::PlanArgs),
    /// Tell which variant of a bundle's experiments a visitor gets
    Assign(assign::AssignArgs),
    /// Read what visitors did, and judge each variant
    Report(report::ReportArgs),
}

/// Runs the command.
///
/// # Errors
/// What the command says.
pub(crate) fn run(args: &ExperimentArgs, terminal: &mut Terminal) -> anyhow::Result<()> {
    match &args.command {
        Command::Plan(args) => plan::run(args, terminal),
        Command::Assign(args) => assign::run(args, terminal),
        Command::Report(args) => report::run(args, terminal),
    }
}
