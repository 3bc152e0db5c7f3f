//! What `edgewise experiment report` may be told.

use std::path::PathBuf;

use clap::Args;
use edgewise_experiment::Figure;

use super::super::events;

/// What `edgewise experiment report` takes.
#[derive(Args, Debug)]
pub(in super::super) struct ReportArgs {
    /// Files, folders or globs of CSV, JSON lines or Parquet with the columns event, variant and, where there are any,
    /// experiment, visitor, time and value
    #[arg(required = true, value_name = "EVENTS")]
    pub(super) paths: Vec<PathBuf>,
    /// Which experiment, where the events are of several
    #[arg(long, value_name = "NAME")]
    pub(super) experiment: Option<String>,
    /// The variant that the others are compared with; `control` when there is one, else the first
    #[arg(long, value_name = "NAME")]
    pub(super) control: Option<String>,
    /// The figure that decides; by default the share of visitors who bought, or clicked where nobody bought, or the same
    /// per impression where the events name no visitors
    #[arg(long, value_name = "FIGURE", value_parser = parse_goal)]
    pub(super) goal: Option<Figure>,
    /// Chance of a false alarm over the whole experiment, looked at daily. Near 0: hardly anything is proved. Near 1: alarms
    /// mean nothing
    #[arg(long, value_name = "CHANCE", default_value_t = 0.05, value_parser = parse_alpha)]
    pub(super) alpha: f64,
    /// Change that was planned for, relative; set before the experiment, not by what is found. Far from the true change
    /// either way: it is proved later
    #[arg(long, value_name = "CHANGE", default_value_t = 0.05, value_parser = parse_effect)]
    pub(super) effect: f64,
    /// Shares of the variants as planned, such as `control=1,bold=1`; equal when not given
    #[arg(long, value_name = "NAME=SHARE,…", value_delimiter = ',', value_parser = parse_share, conflicts_with = "bundle")]
    pub(super) shares: Vec<(String, f64)>,
    /// The bundle that was served: it knows the variants and their shares
    #[arg(long, value_name = "FILE")]
    pub(super) bundle: Option<PathBuf>,
    /// A column by another name, such as `visitor=uid`; may be repeated
    #[arg(long = "column", value_name = "KEY=NAME", value_parser = parse_column)]
    pub(super) columns: Vec<(String, String)>,
    /// Print one object with all figures, for machines
    #[arg(long)]
    pub(super) json: bool,
    /// Write a page with plots
    #[arg(long, value_name = "FILE.html")]
    pub(super) report: Option<PathBuf>,
}

fn parse_goal(text: &str) -> Result<Figure, String> {
    let names = Figure::ALL.map(Figure::name).join(", ");
    Figure::from_name(text).ok_or_else(|| format!("expected one of {names}"))
}

fn parse_alpha(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(alpha) if (1e-6..=0.5).contains(&alpha) => Ok(alpha),
        _ => Err("expected a number from 0.000001 to 0.5".to_owned()),
    }
}

fn parse_effect(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(effect) if (0.0001..=10.0).contains(&effect) => Ok(effect),
        _ => Err("expected a number from 0.0001 to 10".to_owned()),
    }
}

fn parse_share(text: &str) -> Result<(String, f64), String> {
    let named = text.split_once('=').and_then(|(name, share)| Some((name, share.parse().ok()?)));
    match named {
        Some((name, share)) if f64::is_finite(share) && share > 0.0 => Ok((name.to_owned(), share)),
        _ => Err("expected a variant and its share, such as control=1".to_owned()),
    }
}

fn parse_column(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, name)) if events::is_key(key) && !name.is_empty() => {
            Ok((key.to_owned(), name.to_owned()))
        }
        _ => Err(
            "expected event, experiment, variant, visitor, time or value, then = and the column's name"
                .to_owned(),
        ),
    }
}
