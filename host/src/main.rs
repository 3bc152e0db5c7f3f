//! The `edgewise` command line: from a folder of invoices to recommendations at the edge and in the browser.
//!
//! Not here: reading files (`edgewise_ingest`), learning (`edgewise_train`), the format (`edgewise_bundle`), scoring
//! (`edgewise_core`). This binary connects them, explains what they did, and runs components as an edge node would.
//!
//! The law: data goes to stdout and all else to stderr; the exit code is 0 when done, 1 when the user can fix it,
//! 2 when the fault is ours or the machine's.
#![forbid(unsafe_code)]

mod bake;
mod benchmark;
mod build;
mod cli;
mod compare;
mod config;
mod evaluate;
mod experiment;
mod failure;
mod filters;
mod init;
mod inspect;
mod output;
mod questions;
mod recommend;
mod rules;
mod serve;
mod shop_log;
mod tune;
mod usage;
mod vocabulary;
mod whole_file;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut terminal = output::Terminal::new();
    match cli::run(&mut terminal) {
        Ok(code) => code,
        Err(error) => failure::report(&error, &mut terminal),
    }
}
