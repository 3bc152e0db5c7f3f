//! `edgewise tune`: looks for better models and weights on the newest part of a shop's own log, and writes what it found
//! into `edgewise.toml` with the scores that justify it.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::Args;
use edgewise_eval::benchmarks::taken;
use edgewise_eval::{Bootstrap, Settings, Share};
use edgewise_ingest::Log;
use edgewise_train::Params;
use edgewise_tune::{Bench, Found, Goal, Preset, Setup, Task, search, with_first_rung};

use crate::benchmark::now;
use crate::config::Recipes;
use crate::output::Terminal;
use crate::shop_log::{self, LogArgs, ModelArgs};
use crate::whole_file;

/// What `edgewise tune` takes.
#[derive(Args, Debug)]
pub(crate) struct TuneArgs {
    #[command(flatten)]
    log: LogArgs,
    #[command(flatten)]
    model: ModelArgs,
    /// Seconds after which the search stops with the best so far
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    budget: u64,
    /// Part of the log, the newest, that models are compared on
    #[arg(long, value_name = "SHARE", default_value_t = 0.1)]
    validation_share: f64,
    /// Draws what is held out of a basket
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,
    /// The configuration that the settings are written into
    #[arg(short, long, value_name = "FILE", default_value = "edgewise.toml")]
    output: PathBuf,
}

/// Where the written settings begin and end in the file, so that the next run replaces them.
const BEGIN: &str = "# >>> settings found by `edgewise tune`; the next run replaces them";
const END: &str = "# <<< settings found by `edgewise tune`";

/// Searches per placement and writes the best.
///
/// # Errors
/// A log that cannot be read, a configuration that cannot be written.
pub(crate) fn run(args: &TuneArgs, terminal: &mut Terminal) -> anyhow::Result<()> {
    let shop_log = shop_log::read(&args.log, terminal)?;
    let log = &shop_log.log;
    let mut params = shop_log::params(&args.model, &shop_log.config, log).0;
    let goals = goals(log, &params);
    let share = Duration::from_secs(args.budget) / u32::try_from(goals.len().max(1)).unwrap_or(1);
    let mut scores = Vec::new();
    for goal in goals {
        let found = tuned(args, log, goal, &params, share, terminal)?;
        let Some(found) = found else { continue };
        if let (Some(first), Some(last)) = (found.trials.first(), found.trials.last()) {
            scores.push(format!(
                "{}: {:.4}, from {:.4}, in {} trials",
                about(goal),
                last.best,
                first.objective,
                found.trials.len()
            ));
        }
        adopt(&mut params, goal, &found.setup.params);
    }
    write(args, &params, &scores)?;
    for score in &scores {
        writeln!(terminal.notes(), "found    {score}")?;
    }
    writeln!(terminal.notes(), "wrote    {}", args.output.display())?;
    Ok(())
}

/// What the log can be asked, the cheapest first.
fn goals(log: &Log, params: &Params) -> Vec<Goal> {
    let mut goals = Vec::new();
    if params.together.is_some() {
        goals.push(Goal::Completion);
    }
    if params.next.is_some() && params.rebuy.is_none() {
        goals.push(Goal::NextClick);
    } else if log.interactions.n_users > 0 {
        goals.push(Goal::NewItems);
    }
    goals
}

fn about(goal: Goal) -> &'static str {
    match goal {
        Goal::NewItems => "new items of known visitors, Recall@20 + NDCG@20",
        Goal::NextClick => "next clicks, HR@20 + MRR@20",
        Goal::Completion => "what else is in a basket, HR@20 + MRR@20",
        Goal::NextBasket => "next baskets, Recall@10 + NDCG@10",
    }
}

/// A search for one goal, from the model that a build would make; none when the newest part asks nothing.
fn tuned(
    args: &TuneArgs,
    log: &Log,
    goal: Goal,
    params: &Params,
    budget: Duration,
    terminal: &Terminal,
) -> anyhow::Result<Option<Found>> {
    let share = Share { part: args.validation_share, seed: args.seed };
    let split = goal.protocol().validation(&log.interactions, share);
    if split.cases.is_empty() {
        return Ok(None);
    }
    let task = Task { goal, catalog: &log.catalog, train: &split.train, cases: &split.cases };
    let taken = taken(&split.train, log.catalog.items.len());
    let (metrics, ks) = (goal.metrics(), [goal.k()]);
    let bootstrap = Bootstrap { resamples: 1, ..Bootstrap::default() };
    let settings =
        Settings { ks: &ks, metrics: &metrics, taken: &taken, similarity: None, bootstrap };
    let mut bench = Bench::new(task, settings, &now);
    let deadline = Instant::now() + budget;
    let start = best_preset(&mut bench, log, params, terminal)?;
    let mut told = Ok(());
    let found = search(&mut bench, &start, &mut |trial| {
        let (objective, best) = (trial.objective, trial.best);
        told =
            writeln!(terminal.notes(), "tune     {objective:.5}  best {best:.5}  {}", trial.what);
        told.is_ok() && Instant::now() < deadline
    });
    told?;
    Ok(Some(found.context("cannot tune")?))
}

/// The public starting point that answers best, protected as the model is.
fn best_preset(
    bench: &mut Bench<'_>,
    log: &Log,
    params: &Params,
    terminal: &Terminal,
) -> anyhow::Result<Setup> {
    let mut best: Option<(f64, Setup)> = None;
    for preset in bench.task().goal.presets() {
        let Preset { name, mut setup, .. } = preset.for_log(&log.interactions, &log.catalog);
        if setup.params.sessions.is_some() {
            continue;
        }
        setup.params.min_people = params.min_people;
        setup.params.min_support = params.min_support;
        setup.params.half_life_days = params.half_life_days;
        let neighbours = params.similar.as_ref().map_or(20, |recipe| recipe.neighbours);
        setup.params.set_neighbours(neighbours);
        let objective = bench.measure(&setup).context("cannot tune")?.objective;
        writeln!(terminal.notes(), "tune     {objective:.5}  {name}")?;
        if best.as_ref().is_none_or(|best| objective > best.0) {
            best = Some((objective, setup));
        }
    }
    // Cannot fail: every goal has a public starting point, the popularity.
    best.map(|best| best.1).context("there is no model to start from")
}

/// Takes the lists that a search found over into the whole model: every rung that was measured asks what it was measured
/// with. Where the best sellers answer best there are none, and a build's own stay for the other placements. In a log of
/// visits the rung itself is taken over, too.
fn adopt(params: &mut Params, goal: Goal, found: &Params) {
    for (lists, theirs) in [
        (&mut params.similar, &found.similar),
        (&mut params.together, &found.together),
        (&mut params.next, &found.next),
    ] {
        if theirs.is_some() {
            lists.clone_from(theirs);
        }
    }
    if goal == Goal::NextClick {
        params.scoring = with_first_rung(&params.scoring, &found.scoring, goal.placement());
    }
}

/// Puts the settings between their marks at the end of the file, in place of those of an earlier run.
fn write(args: &TuneArgs, params: &Params, scores: &[String]) -> anyhow::Result<()> {
    let path = &args.output;
    let old = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            return Err(error).with_context(|| format!("cannot read `{}`", path.display()));
        }
    };
    let text = with_block(&old, &block(params, scores)?);
    whole_file::write(path, text.as_bytes())
        .with_context(|| format!("cannot write `{}`", path.display()))
}

/// The settings as text, between their marks.
fn block(params: &Params, scores: &[String]) -> anyhow::Result<String> {
    #[derive(serde::Serialize)]
    struct Model {
        model: Recipes,
    }
    let tables = toml::to_string(&Model { model: Recipes::of(params) })?;
    let mut text = format!("{BEGIN}\n");
    for score in scores {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "# {score}");
    }
    Ok(format!("{text}{tables}{END}\n"))
}

fn with_block(old: &str, block: &str) -> String {
    let (before, after) = match (old.find(BEGIN), old.find(END)) {
        (Some(begin), Some(end)) if begin < end => {
            (&old[..begin], old[end + END.len()..].trim_start_matches('\n'))
        }
        _ => (old, ""),
    };
    let gap = if before.is_empty() || before.ends_with("\n\n") { "" } else { "\n" };
    format!("{before}{gap}{block}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use edgewise_core::{Catalog, Interactions};
    use edgewise_tune::{Shape, choose};

    #[test]
    fn settings_replace_those_of_an_earlier_run_and_nothing_else() {
        let mine = "[columns]\nitem = \"sku\" # mine\n";
        let first = with_block(mine, &format!("{BEGIN}\na\n{END}\n"));
        assert_eq!(first, format!("{mine}\n{BEGIN}\na\n{END}\n"));
        let second = with_block(&first, &format!("{BEGIN}\nb\n{END}\n"));
        assert_eq!(second, format!("{mine}\n{BEGIN}\nb\n{END}\n"));
    }

    #[test]
    fn what_is_written_is_a_configuration() {
        let shape = Shape::of(&Interactions::default(), &Catalog::default());
        let params = choose(shape).0;
        let text = block(&params, &["a score".to_owned()]).expect("text");
        assert!(text.contains("# a score\n"));
        let table: toml::Table = toml::from_str(&text).expect("TOML");
        assert!(table["model"]["scoring"]["ladders"]["home"].is_array());
    }
}
