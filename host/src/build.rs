//! `edgewise build`: files of sales or events to a bundle, with a report of everything that was left out.

mod progress;
mod report;

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use edgewise_bundle::{
    Bundle, CardsWanted, FormatError, Parameters, People, Privacy, Provenance, Source, encode,
};
use edgewise_ingest::{CatalogSource, CleaningReport, Log, Sources};
use edgewise_train::{Params, Removed, Trained, train};
use edgewise_tune::{Choice, Shape, choose};

use crate::config::{self, Config};
use crate::output::{Heading, Terminal};
use crate::whole_file;

pub(crate) use report::day;

/// What `edgewise build` takes.
#[derive(Args, Debug)]
pub(crate) struct BuildArgs {
    /// Files, folders or globs of CSV, JSON lines or Parquet
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Columns and settings, as `edgewise init` writes them; guessed from the data when not given
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// A catalogue beside the log: titles, prices, pages, pictures, categories, availability
    #[arg(long, value_name = "FILE")]
    pub(crate) catalog: Option<PathBuf>,
    /// Where the bundle goes
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// Write what was read, refused, learnt and removed as JSON; `-` is stdout
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
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
    /// ISO 4217 code of the prices, such as GBP
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<String>,
    /// Leave titles, prices and addresses out of the bundle
    #[arg(long)]
    pub(crate) no_cards: bool,
    /// A time of building to write into the bundle; without it, equal input gives equal bytes on any day
    #[arg(long, value_name = "TEXT")]
    pub(crate) built_at: Option<String>,
    /// Threads that learn; as many as the machine has cores when not given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
}

/// Reads, trains, packs, writes, and says what was done.
///
/// # Errors
/// Files that cannot be read or understood, nothing left to learn from, settings out of range, a bundle over a limit.
pub(crate) fn run(args: &BuildArgs, terminal: &mut Terminal) -> anyhow::Result<()> {
    if let Some(threads) = args.threads {
        rayon::ThreadPoolBuilder::new().num_threads(threads.into()).build_global()?;
    }
    let config = configure(args)?;
    let catalog = catalog_source(args, &config);
    let progress = progress::start(terminal);
    let log = edgewise_ingest::read(
        &config.sources,
        &config.columns,
        &config.settings,
        catalog.as_ref(),
        progress.as_ref(),
    );
    progress.finish();
    let log = log?;
    let (params, choices) = params(args, &config, &log);
    for choice in &choices {
        let Choice { what, model, why } = choice;
        writeln!(terminal.notes(), "{}{what}: {model}, because {why}", step(terminal, "chose"))?;
    }
    let mut trained = train(&log.interactions, &log.catalog, &params)?;
    trained.values.currency = args.currency.clone().or_else(|| config.model.currency.clone());
    let provenance = provenance(args, &log, &trained, &params);
    let bytes = pack(args, &trained, &provenance)?;
    whole_file::write(&args.output, &bytes)
        .with_context(|| format!("cannot write the bundle `{}`", args.output.display()))?;
    let report = report::Report::new(
        args,
        &config,
        &log.report,
        &Bundle::open(&bytes)?,
        bytes.len() as u64,
    )?;
    report.write_summary(terminal)?;
    report.write_json(args, terminal)
}

/// The configuration file, or what the data suggests.
fn configure(args: &BuildArgs) -> anyhow::Result<Config> {
    match &args.config {
        Some(path) => Ok(config::load(path, &args.paths)?),
        None => Ok(config::guess(&args.paths)?),
    }
}

/// The command line's catalogue comes before the configuration's.
fn catalog_source(args: &BuildArgs, config: &Config) -> Option<CatalogSource> {
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

/// What the shape of the log asks for, with the command line's settings before the configuration's.
fn params(args: &BuildArgs, config: &Config, log: &Log) -> (Params, Vec<Choice>) {
    let model = &config.model;
    let (chosen, choices) = match &model.recipes {
        Some(recipes) => (recipes.clone(), Vec::new()),
        None => choose(Shape::of(&log.interactions, &log.catalog)),
    };
    let mut params = Params {
        min_people: args.min_people.unwrap_or(model.min_people),
        min_support: args.min_support.unwrap_or(model.min_support),
        half_life_days: args.half_life_days.unwrap_or(model.half_life_days),
        ..chosen
    };
    if model.recipes.is_none() || args.neighbours.is_some() {
        params.set_neighbours(args.neighbours.unwrap_or(model.neighbours));
    }
    (params, choices)
}

fn provenance(args: &BuildArgs, log: &Log, trained: &Trained, params: &Params) -> Provenance {
    let Removed { similar_pairs, together_pairs, items_hidden, ranking_entries } = trained.removed;
    let CleaningReport { n_rows, n_kept, first_time_s, last_time_s, .. } = log.report;
    Provenance {
        generator: concat!("edgewise ", env!("CARGO_PKG_VERSION")).to_owned(),
        built_at: args.built_at.clone(),
        source: Source {
            rows_read: n_rows,
            rows_kept: n_kept,
            users: log.interactions.n_users,
            orders: log.interactions.n_orders,
            first_event_s: first_time_s,
            last_event_s: last_time_s,
        },
        parameters: Parameters {
            neighbours: params.similar.as_ref().map_or(0, |recipe| recipe.neighbours),
            min_support: params.min_support,
            half_life_days: params.half_life_days,
        },
        privacy: Privacy {
            people: match trained.people {
                edgewise_train::People::Users => People::Users,
                edgewise_train::People::Orders => People::Orders,
            },
            min_people: params.min_people,
            similar_pairs_removed: similar_pairs,
            together_pairs_removed: together_pairs,
            items_hidden,
            ranking_entries_removed: ranking_entries,
        },
    }
}

fn pack(
    args: &BuildArgs,
    trained: &Trained,
    provenance: &Provenance,
) -> Result<Vec<u8>, FormatError> {
    let cards = if args.no_cards { CardsWanted::No } else { CardsWanted::Yes };
    encode(&trained.values, Some(provenance), cards)
}

/// A step's name as the summary begins its line.
fn step(terminal: &Terminal, name: &str) -> String {
    let padded = format!("{name:<9}");
    terminal.heading(&padded, Heading::Step)
}
