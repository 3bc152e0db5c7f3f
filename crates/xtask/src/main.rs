//! Repository chores: build the shells, run the demo, run every check.
//!
//! Not here: anything that a shop runs; that is the `edgewise` binary. A chore never links the code it builds or
//! tests, it calls `cargo` and the built programs as a person would, and shows each command before it runs.
//!
//! Start with [`arguments::Chore`], what can be asked for; [`workspace::Workspace`] knows where things lie, and
//! [`program::Program`] runs other programs.
//!
//! The law: the same sources give the same files under `<target>/edge`, and a chore that reports success has run
//! everything that it names.
//!
//! ```text
//! cargo xtask demo          # the whole story on your own machine
//! cargo xtask test          # every check, the one that CI runs
//! cargo xtask edge          # only the WebAssembly shells
//! cargo xtask bench         # every figure in docs/bench, measured again
//! ```

#![forbid(unsafe_code)]

mod arguments;
mod bench;
mod checks;
mod console;
mod demo;
mod edge;
mod failure;
mod program;
mod shop;
mod spin;
mod synth;
mod tools;
mod workspace;

use std::process::ExitCode;

use anyhow::Result;

use crate::arguments::Chore;
use crate::workspace::Workspace;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            console::error(&error);
            failure::exit_code(&error)
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    match arguments::parse(arguments)? {
        Chore::Help => console::page(arguments::HELP),
        Chore::Edge(optimization) => edge::build(&Workspace::locate()?, optimization)?,
        Chore::Demo(options) => demo::run(&Workspace::locate()?, &options)?,
        Chore::BakeSpin(bundle) => spin::bake(&Workspace::locate()?, bundle.as_deref())?,
        Chore::Bench(options) => bench::run(&Workspace::locate()?, &options)?,
        Chore::Synth(options) => synth::run(&options)?,
        Chore::Test(options) => checks::run(&Workspace::locate()?, &options)?,
    }
    Ok(())
}
