//! `edgewise build`: files of sales or events to a bundle, with a report of everything that was left out.

mod experiments;
mod memory;
mod portraits;
mod report;
mod timings;

use std::borrow::Cow;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use edgewise_bundle::{
    Bundle, CardsWanted, FormatError, Parameters, People, Privacy, Provenance, Source, encode,
};
use edgewise_ingest::{CleaningReport, Log};
use edgewise_train::{Params, Removed, Room, Trained, Watch as _, train_within};
use edgewise_tune::Choice;

use crate::output::{Heading, Terminal, counted};
use crate::rules::{RuleFile, tell};
use crate::shop_log::{self, LogArgs, ModelArgs, ShopLog};
use crate::{usage, whole_file};

use memory::Size;
use timings::BuildWatch;

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
    /// What the shop pins, boosts, caps and hides: a `rules.toml`
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Option<PathBuf>,
    /// ISO 4217 code of the prices, such as GBP
    #[arg(long, value_name = "CODE")]
    pub(crate) currency: Option<String>,
    /// Leave titles, prices and addresses out of the bundle
    #[arg(long)]
    pub(crate) no_cards: bool,
    /// A time of building to write into the bundle; without it, equal input gives equal bytes on any day
    #[arg(long, value_name = "TEXT")]
    pub(crate) built_at: Option<String>,
    /// Memory that reading and learning may take, such as `2GB`; three quarters of the machine's when not given. What of
    /// the model does not fit goes to files in the folder for temporary ones; a log that does not fit is refused
    #[arg(long, value_name = "SIZE")]
    pub(crate) memory: Option<Size>,
    /// Say what each stage took: time, processor time and the most memory at once
    #[arg(long)]
    pub(crate) timings: bool,
}

/// Reads, trains, packs, writes, and says what was done.
///
/// # Errors
/// Files that cannot be read or understood, nothing left to learn from, settings out of range, a bundle over a limit.
pub(crate) fn run(args: &BuildArgs, terminal: &mut Terminal) -> anyhow::Result<()> {
    let watch = BuildWatch::new(terminal, args.timings);
    let memory_bytes = args.memory.map_or_else(memory::usual_limit, |size| size.bytes);
    let for_log = memory_bytes.saturating_sub(usage::rss_bytes().unwrap_or(0));
    // Before anything is learnt, so that a mistake is found at once.
    let rules = args.rules.as_deref().map(RuleFile::read).transpose()?;
    let ShopLog { config, log, busy } =
        shop_log::read_watched(&args.log, terminal, &watch, for_log)?;
    watch.read(&busy);
    let rules = match (rules, &config.rules) {
        (None, Some(path)) => Some(RuleFile::read(path)?),
        (rules, _) => rules,
    };
    watch.stage("choose");
    let (mut params, choices) = shop_log::params(&args.model, &config, &log);
    for choice in &choices {
        let Choice { what, model, why } = choice;
        writeln!(terminal.notes(), "{}{what}: {model}, because {why}", step(terminal, "chose"))?;
    }
    let experiments = config.experiments.fit(&mut params.scoring)?;
    experiments::tell(&experiments, terminal)?;
    let room = Room {
        memory_bytes,
        used_bytes: usage::rss_bytes().unwrap_or(0),
        folder: std::env::temp_dir(),
        watch: &watch,
    };
    let Log { interactions, catalog, report: cleaning } = log;
    let people = Shoppers { n_users: interactions.n_users, n_orders: interactions.n_orders };
    let mut trained = train_within(Cow::Owned(interactions), &catalog, &params, &room)?;
    trained.values.currency = args.currency.clone().or_else(|| config.model.currency.clone());
    experiments::warn(&experiments, &trained.values, terminal)?;
    trained.values.experiments = experiments;
    watch.stage("pack");
    let provenance = provenance(args, &cleaning, people, &trained, &params);
    let mut bytes = pack(args, &trained, &provenance)?;
    if let Some(rules) = &rules {
        bytes = rules.put_into(&bytes)?;
    }
    let bundle = Bundle::open(&bytes)?;
    bundle.check()?;
    watch.stage("write");
    whole_file::write(&args.output, &bytes)
        .with_context(|| format!("cannot write the bundle `{}`", args.output.display()))?;
    let timings = watch.finish();
    let report = report::Report::new(
        args,
        &config,
        &cleaning,
        (&bundle, &trained),
        bytes.len() as u64,
        timings,
    )?;
    report.write_summary(terminal)?;
    if let Some(rules) = &rules {
        write_rules(rules, &bundle, terminal)?;
    }
    report.write_json(args, terminal)
}

/// Says what was compiled, and which rules are probably not what was meant.
fn write_rules(rules: &RuleFile, bundle: &Bundle<'_>, terminal: &Terminal) -> std::io::Result<()> {
    let mut notes = terminal.notes();
    writeln!(
        notes,
        "{}{} in {} from {}; `edgewise inspect --rules` shows them",
        step(terminal, "rules"),
        counted(rules.n_rules() as u64, "rule", "rules"),
        counted(rules.sets().len() as u64, "set", "sets"),
        rules.path().display()
    )?;
    for warning in tell(bundle).warnings() {
        writeln!(notes, "{} {warning}", terminal.heading("warning:", Heading::Warning))?;
    }
    Ok(())
}

/// How many people and orders a log has.
#[derive(Clone, Copy)]
struct Shoppers {
    n_users: u32,
    n_orders: u32,
}

fn provenance(
    args: &BuildArgs,
    cleaning: &CleaningReport,
    people: Shoppers,
    trained: &Trained,
    params: &Params,
) -> Provenance {
    let Removed { similar_pairs, together_pairs, items_hidden, ranking_entries } = trained.removed;
    let CleaningReport { n_rows, n_kept, first_time_s, last_time_s, .. } = *cleaning;
    Provenance {
        generator: concat!("edgewise ", env!("CARGO_PKG_VERSION")).to_owned(),
        built_at: args.built_at.clone(),
        source: Source {
            rows_read: n_rows,
            rows_kept: n_kept,
            users: people.n_users,
            orders: people.n_orders,
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
