//! Runs a program to its end and says what it used of the machine.

use std::io::Read as _;
use std::process::Stdio;

use anyhow::{Context as _, Result};
use wait4::Wait4 as _;

use crate::console;
use crate::failure::Failure;
use crate::program::Program;

/// What one run took.
#[derive(Debug)]
pub(super) struct Run {
    /// What it printed.
    pub(super) stdout: String,
    /// Seconds of all its threads, in user mode and in the kernel.
    pub(super) cpu_s: f64,
    /// The most memory that it had at once, in bytes.
    pub(super) peak_rss_bytes: u64,
}

/// Shows the command, runs it, and fails unless it exits with 0.
pub(super) fn run(program: &Program) -> Result<Run> {
    console::command(&program.shown());
    let mut child = program
        .command()
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start `{}`", program.shown()))?;
    let mut stdout = String::new();
    if let Some(mut pipe) = child.stdout.take() {
        pipe.read_to_string(&mut stdout).context("cannot read what a program prints")?;
    }
    let used = child.wait4().context("cannot wait for a program")?;
    if !used.status.success() {
        let what = format!("`{}` failed: {}", program.shown(), used.status);
        return Err(Failure::by_program(what, used.status.code()).into());
    }
    let cpu_s = (used.rusage.utime + used.rusage.stime).as_secs_f64();
    Ok(Run { stdout, cpu_s, peak_rss_bytes: used.rusage.maxrss })
}
