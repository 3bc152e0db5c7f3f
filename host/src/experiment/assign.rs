//! `edgewise experiment assign`: which variant of a bundle's experiments visitors get, as an edge node decides it.

use std::io::Read as _;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::Context;
use clap::Args;
use edgewise_bundle::Bundle;
use edgewise_bundle::limits::MAX_BUNDLE_BYTES;
use edgewise_core::Visit;

use crate::output::Terminal;
use crate::recommend::PlacementArg;
use crate::whole_file;

/// What `edgewise experiment assign` takes.
#[derive(Args, Debug)]
pub(super) struct AssignArgs {
    /// The bundle
    bundle: PathBuf,
    /// Tokens of visitors; read from the standard input, one a line, when none is given
    #[arg(value_name = "TOKEN")]
    visitors: Vec<String>,
    /// Where the answer would be shown
    #[arg(long, value_enum)]
    placement: PlacementArg,
    /// When, such as `2026-12-01T09:00:00Z`; now when not given
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    at: Option<u64>,
}

/// A time in seconds since 1970, for an option.
pub(crate) fn parse_time(text: &str) -> Result<u64, String> {
    let time_s = edgewise_ingest::cells::time_s(text).and_then(|time_s| u64::try_from(time_s).ok());
    time_s.ok_or_else(|| "expected a time such as 2026-12-01T09:00:00Z".to_owned())
}

/// Seconds since 1970.
pub(crate) fn now_s() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

/// Prints a CSV line per visitor; experiment and variant are empty outside experiments.
///
/// # Errors
/// A bundle that cannot be read or is refused; a standard input that is not UTF-8.
pub(super) fn run(args: &AssignArgs, terminal: &mut Terminal) -> anyhow::Result<()> {
    let bytes = whole_file::read(&args.bundle, MAX_BUNDLE_BYTES.into())
        .with_context(|| format!("cannot read the bundle `{}`", args.bundle.display()))?;
    let bundle = Bundle::open(&bytes)
        .with_context(|| format!("cannot open the bundle `{}`", args.bundle.display()))?;
    let mut input = String::new();
    if args.visitors.is_empty() {
        std::io::stdin().read_to_string(&mut input).context("cannot read the standard input")?;
    }
    let given = args.visitors.iter().map(String::as_str);
    let now_s = args.at.unwrap_or_else(now_s);
    let mut text = "visitor,experiment,variant\n".to_owned();
    for token in given.chain(input.lines()) {
        let visit = Visit { placement: args.placement.placement(), now_s, token: token.as_bytes() };
        let experiments = bundle.experiments();
        let found = experiments.assign(&visit).and_then(|assigned| experiments.get(assigned));
        let names =
            found.map_or(("", ""), |(experiment, variant)| (&experiment.name, &variant.name));
        let cells = [token, names.0, names.1].map(cell);
        text.push_str(&cells.join(","));
        text.push('\n');
    }
    Ok(terminal.data(&text)?)
}

/// A text as a cell of CSV.
fn cell(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        assert_eq!(["a b", "a,b", "a\"b"].map(cell), ["a b", "\"a,b\"", "\"a\"\"b\""]);
        assert_eq!(parse_time("1970-01-02"), Ok(86_400));
        assert!(parse_time("1969-01-02").is_err() && parse_time("soon").is_err());
    }
}
