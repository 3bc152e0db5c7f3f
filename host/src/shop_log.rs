//! The shop's own log, read the same way by every command that learns from it or asks about it.

mod progress;

use std::path::PathBuf;

use clap::Args;
use edgewise_ingest::{CatalogSource, Log, ReadRoom, Sources};
use edgewise_train::{NoWatch, Params, TrendParams, Watch};
use edgewise_tune::{Choice, Shape, choose};

use crate::config::{self, Config};
use crate::output::Terminal;

/// Where a log is and how it is read.
#[derive(Args, Debug)]
pub(crate) struct LogArgs {
    /// Files, folders or globs of CSV, JSON lines or Parquet
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Columns and settings, as `edgewise init` writes them; guessed from the data when not given
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// A catalogue beside the log: titles, prices, pages, pictures, categories, availability
    #[arg(long, value_name = "FILE")]
    pub(crate) catalog: Option<PathBuf>,
    /// Threads that learn and ask; as many as the machine has cores when not given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
}

/// How the model is made.
#[derive(Args, Debug)]
pub(crate) struct ModelArgs {
    /// Related items kept per item
    #[arg(long, value_name = "N")]
    pub(crate) neighbours: Option<u32>,
    /// Distinct people behind every published fact
    #[arg(long, value_name = "N")]
    pub(crate) min_people: Option<u32>,
    /// Baskets that must hold a pair
    #[arg(long, value_name = "N")]
    pub(crate) min_support: Option<u32>,
    /// Age in days at which an interaction counts half for popularity
    #[arg(long, value_name = "DAYS")]
    pub(crate) half_life_days: Option<f64>,
}

/// A log that was read, and by which configuration.
#[derive(Debug)]
pub(crate) struct ShopLog {
    pub(crate) config: Config,
    pub(crate) log: Log,
    /// What the threads of the reading were busy with, in seconds.
    pub(crate) busy: Vec<(&'static str, f64)>,
}

/// Reads and cleans, and shows how far it is. Sets the number of threads for all that follows.
///
/// # Errors
/// Files that cannot be read or understood, nothing left after cleaning.
pub(crate) fn read(args: &LogArgs, terminal: &Terminal) -> anyhow::Result<ShopLog> {
    read_watched(args, terminal, &NoWatch, u64::MAX)
}

/// [`read`] within `memory_bytes`, with its stages told to `watch`.
pub(crate) fn read_watched(
    args: &LogArgs,
    terminal: &Terminal,
    watch: &dyn Watch,
    memory_bytes: u64,
) -> anyhow::Result<ShopLog> {
    if let Some(threads) = args.threads {
        rayon::ThreadPoolBuilder::new().num_threads(threads.into()).build_global()?;
    }
    let config = configure(args)?;
    let catalog = catalog_source(args, &config);
    let shown = progress::start(terminal);
    watch.stage("read");
    let staged = progress::Staged::new(shown.as_ref(), watch, memory_bytes);
    let log = edgewise_ingest::read_within(
        &config.sources,
        &config.columns,
        &config.settings,
        catalog.as_ref(),
        ReadRoom { memory_bytes, progress: &staged },
    );
    shown.finish();
    Ok(ShopLog { log: log?, config, busy: staged.busy_s() })
}

/// What the shape of the log asks for, and why, unless the configuration says which models; with the command line's
/// numbers before the configuration's.
pub(crate) fn params(args: &ModelArgs, config: &Config, log: &Log) -> (Params, Vec<Choice>) {
    let model = &config.model;
    let (chosen, choices) = match &model.recipes {
        Some(recipes) => (recipes.clone(), Vec::new()),
        None => choose(Shape::of(&log.interactions, &log.catalog)),
    };
    let mut params = Params {
        min_people: args.min_people.unwrap_or(model.min_people),
        min_support: args.min_support.unwrap_or(model.min_support),
        half_life_days: args.half_life_days.unwrap_or(model.half_life_days),
        kind_weights: model.time.kind_weights,
        trending: Some(TrendParams {
            window_days: model.time.trending_days,
            ..TrendParams::default()
        }),
        seasons: model.time.seasons,
        time_zone: model.time.time_zone.clone(),
        ..chosen
    };
    if model.recipes.is_none() || args.neighbours.is_some() {
        params.set_neighbours(args.neighbours.unwrap_or(model.neighbours));
    }
    (params, choices)
}

/// The configuration file, or what the data suggests.
fn configure(args: &LogArgs) -> anyhow::Result<Config> {
    match &args.config {
        Some(path) => Ok(config::load(path, &args.paths)?),
        None => Ok(config::guess(&args.paths)?),
    }
}

/// The command line's catalogue comes before the configuration's.
fn catalog_source(args: &LogArgs, config: &Config) -> Option<CatalogSource> {
    match &args.catalog {
        None => config.catalog.clone(),
        Some(path) => Some(CatalogSource {
            sources: Sources::new([path]),
            columns: config
                .catalog
                .as_ref()
                .map(|catalog| catalog.columns.clone())
                .unwrap_or_default(),
        }),
    }
}
