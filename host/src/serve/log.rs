//! One line for each request, to stderr.

use std::io::{self, IsTerminal};
use std::time::Duration;

use clap::ValueEnum;
use tracing_subscriber::filter::LevelFilter;

/// How requests are logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
    /// Not at all.
    Off,
}

/// Starts logging for the whole process. A second call changes nothing.
pub(crate) fn start(format: LogFormat) {
    let colours = io::stderr().is_terminal()
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    let lines = tracing_subscriber::fmt()
        .with_writer(io::stderr)
        .with_ansi(colours)
        .with_target(false)
        .with_max_level(LevelFilter::INFO);
    // The first one stays, which is right for tests that start several servers.
    _ = match format {
        LogFormat::Text => lines.try_init(),
        LogFormat::Json => lines.json().flatten_event(true).try_init(),
        LogFormat::Off => Ok(()),
    };
}

/// What is logged of a request. Never its query or body: they hold a visitor's history.
pub(crate) struct Answered<'a> {
    /// The request's method.
    pub(crate) method: &'a str,
    /// Its path, without the query.
    pub(crate) path: &'a str,
    /// The answer's status.
    pub(crate) status: u16,
    /// From the whole request read to the whole answer made.
    pub(crate) took: Duration,
    /// Of the answer's body.
    pub(crate) n_bytes: usize,
}

/// Logs one request.
pub(crate) fn answered(answered: &Answered<'_>) {
    let Answered { method, path, status, took, n_bytes } = *answered;
    let micros = u64::try_from(took.as_micros()).unwrap_or(u64::MAX);
    tracing::info!(method, path, status, micros, bytes = n_bytes, "request");
}
