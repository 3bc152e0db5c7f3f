//! `edgewise build`: files of sales or events to a bundle, with a report of everything that was left out.

mod report;

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use edgewise_bundle::{
    Bundle, CardsWanted, FormatError, Parameters, People, Privacy, Provenance, Source, encode,
};
use edgewise_ingest::{CleaningReport, Log};
use edgewise_train::{Params, Removed, Trained, train};
use edgewise_tune::Choice;

use crate::output::{Heading, Terminal};
use crate::shop_log::{self, LogArgs, ModelArgs, ShopLog};
use crate::whole_file;

pub(crate) use report::day;

/// What `edgewise build` takes.
#[derive(Args, Debug)]
pub(crate) struct BuildArgs {
    #[command(flatten)]
    pub(crate) log: LogArgs,
    #[command(flatten)]
    pub(crate) model: ModelArgs,
    /// Where the bundle goes
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: PathBuf,
    /// Write what was read, refused, learnt and removed as JSON; `-` is stdout
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,
    /// ISO 4217 code of the prices, such as GBP
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<String>,
    /// Leave titles, prices and addresses out of the bundle
    #[arg(long)]
    pub(crate) no_cards: bool,
    /// A time of building to write into the bundle; without it, equal input gives equal bytes on any day
    #[arg(long, value_name = "TEXT")]
    pub(crate) built_at: Option<String>,
}

/// Reads, trains, packs, writes, and says what was done.
///
/// # Errors
/// Files that cannot be read or understood, nothing left to learn from, settings out of range, a bundle over a limit.
pub(crate) fn run(args: &BuildArgs, terminal: &mut Terminal) -> anyhow::Result<()> {
    let ShopLog { config, log } = shop_log::read(&args.log, terminal)?;
    let (params, choices) = shop_log::params(&args.model, &config, &log);
    for choice in &choices {
        let Choice { what, model, why } = choice;
        writeln!(terminal.notes(), "{}{what}: {model}, because {why}", step(terminal, "chose"))?;
    }
    let mut trained = train(&log.interactions, &log.catalog, &params)?;
    trained.values.currency = args.currency.clone().or_else(|| config.model.currency.clone());
    let provenance = provenance(args, &log, &trained, &params);
    let bytes = pack(args, &trained, &provenance)?;
    let bundle = Bundle::open(&bytes)?;
    bundle.check()?;
    whole_file::write(&args.output, &bytes)
        .with_context(|| format!("cannot write the bundle `{}`", args.output.display()))?;
    let report = report::Report::new(args, &config, &log.report, &bundle, bytes.len() as u64)?;
    report.write_summary(terminal)?;
    report.write_json(args, terminal)
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
pub(crate) fn step(terminal: &Terminal, name: &str) -> String {
    let padded = format!("{name:<9}");
    terminal.heading(&padded, Heading::Step)
}
