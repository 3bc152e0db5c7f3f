//! `edgewise recommend`: asks a bundle what an edge node would be asked, and shows titles and reasons.

mod answer;
mod asked;
mod error;
mod explained;
mod named;

use std::borrow::Cow;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use edgewise_bundle::Bundle;
use edgewise_bundle::limits::MAX_BUNDLE_BYTES;
use edgewise_core::condition::Condition;
use edgewise_core::{Assigned, Context, Event, MAX_K, Placement, Query, Seen, Visit, recommend};

use crate::filters::{UnknownValue, filter_words};
use crate::output::Terminal;
use crate::rules::RuleFile;
use crate::vocabulary::OfBundle;
use crate::whole_file;

use asked::{ActingRules, Instant};
pub(crate) use error::AskError;
use named::{find_category, find_item, find_region, find_segment};

/// What `edgewise recommend` takes.
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line are independent")]
#[derive(Args, Debug)]
#[command(group = clap::ArgGroup::new("visit").args(["item", "history", "cart", "popular"]).multiple(true).required(true))]
pub(crate) struct RecommendArgs {
    /// The bundle
    pub(crate) bundle: PathBuf,
    /// The item of the page
    #[arg(long, value_name = "ID")]
    pub(crate) item: Option<String>,
    /// What the visitor viewed or bought, oldest first
    #[arg(long, value_name = "A,B,C", value_delimiter = ',')]
    pub(crate) history: Vec<String>,
    /// What is in the cart
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub(crate) cart: Vec<String>,
    /// Ask for what is popular; the same as `--placement popular`
    #[arg(long)]
    pub(crate) popular: bool,
    /// Where the answer would be shown; follows from the other options when it is not given
    #[arg(long, value_enum)]
    pub(crate) placement: Option<PlacementArg>,
    /// The visitor's region
    #[arg(long, value_name = "R")]
    pub(crate) region: Option<String>,
    /// Only items of this category
    #[arg(long, value_name = "C")]
    pub(crate) category: Option<String>,
    /// Items that must not be recommended
    #[arg(long, value_name = "A,B", value_delimiter = ',')]
    pub(crate) exclude: Vec<String>,
    /// Recommend items of the history, too
    #[arg(long)]
    pub(crate) show_seen: bool,
    /// The visitor's segment
    #[arg(long, value_name = "S")]
    pub(crate) segment: Option<String>,
    /// A token of the visitor: the variant that it gets in an experiment answers
    #[arg(long, value_name = "TOKEN")]
    pub(crate) visitor: Option<String>,
    /// What every result must be, such as `category = "Bags" and price < 20`
    #[arg(long, value_name = "FILTER")]
    pub(crate) filter: Option<String>,
    /// The rules that act: `on`, `off`, or the names of sets
    #[arg(long, value_name = "on|off|SET,..", default_value = "on", value_parser = ActingRules::parse)]
    pub(crate) rules: ActingRules,
    /// Try the rules of a `rules.toml` in place of the bundle's own
    #[arg(long, value_name = "FILE")]
    pub(crate) rules_file: Option<PathBuf>,
    /// The time of the question: `2026-12-01T08:30:00Z`, `2026-12-01` or seconds since 1970; now when not given
    #[arg(long, value_name = "TIME", value_parser = Instant::parse)]
    pub(crate) at: Option<Instant>,
    /// What a rotation turns on, a whole number such as a visitor's; without it nothing rotates
    #[arg(long, value_name = "N")]
    pub(crate) seed: Option<u64>,
    /// How many
    #[arg(short, value_name = "N", default_value_t = 10, value_parser = parse_k)]
    pub(crate) k: usize,
    /// Show every part of each score, which rules acted, and the places without them
    #[arg(long)]
    pub(crate) explain: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

fn parse_k(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(k) if (1..=MAX_K).contains(&k) => Ok(k),
        _ => Err(format!("expected a whole number from 1 to {MAX_K}")),
    }
}

/// [`Placement`] on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlacementArg {
    /// Beside an item: others like it
    Item,
    /// Beside an item: what goes into the same basket
    Together,
    /// On the cart: companions of what is in it
    Cart,
    /// On a start page: for this visitor
    Home,
    /// Best sellers
    Popular,
    /// What is taken more than usual these days
    Trending,
}

impl PlacementArg {
    /// The same for the model.
    pub(crate) fn placement(self) -> Placement {
        match self {
            PlacementArg::Item => Placement::Item,
            PlacementArg::Together => Placement::Together,
            PlacementArg::Cart => Placement::Cart,
            PlacementArg::Home => Placement::Home,
            PlacementArg::Popular => Placement::Popular,
            PlacementArg::Trending => Placement::Trending,
        }
    }
}

/// Asks and prints the answer.
///
/// # Errors
/// A bundle that cannot be read or is refused; [`AskError`].
pub(crate) fn run(args: &RecommendArgs, terminal: &mut Terminal) -> anyhow::Result<()> {
    let bytes = whole_file::read(&args.bundle, MAX_BUNDLE_BYTES.into())
        .with_context(|| format!("cannot read the bundle `{}`", args.bundle.display()))?;
    let bytes = match &args.rules_file {
        None => Cow::Borrowed(&bytes),
        Some(path) => Cow::Owned(RuleFile::read(path)?.put_into(&bytes)?),
    };
    let bundle = Bundle::open(&bytes)
        .with_context(|| format!("cannot open the bundle `{}`", args.bundle.display()))?;
    let find_all =
        |ids: &[String]| ids.iter().map(|id| find_item(&bundle, id)).collect::<Result<Vec<_>, _>>();
    let (history, cart, exclude) =
        (find_all(&args.history)?, find_all(&args.cart)?, find_all(&args.exclude)?);
    let item = args.item.as_deref().map(|id| find_item(&bundle, id)).transpose()?;
    let region = args.region.as_deref().map(|name| find_region(&bundle, name));
    let category = args.category.as_deref().map(|name| find_category(&bundle, name));
    let segment = args.segment.as_deref().map(|name| find_segment(&bundle, name));
    let filter = args.filter.as_deref().map(|text| {
        filter_words(text, &OfBundle(&bundle), UnknownValue::Nothing)
            .map_err(|fault| AskError::Filter { fault })
    });
    let filter = filter.transpose()?.unwrap_or_default();
    let context = Context {
        minute: Some(args.at.unwrap_or_else(Instant::now).minute()),
        seed: args.seed,
        filter: Condition(&filter),
        sets: args.rules.sets(&bundle)?,
        segment: segment.transpose()?,
        variant: variant(args, &bundle),
    };
    let query = Query {
        placement: placement(args),
        item,
        history: &history.into_iter().map(Event::of).collect::<Vec<_>>(),
        cart: &cart,
        region: region.transpose()?,
        category: category.transpose()?,
        exclude: &exclude,
        seen: if args.show_seen { Seen::Show } else { Seen::Hide },
        k: args.k,
        context,
    };
    let results = recommend(&bundle, &query);
    let answer = answer::Answer::new(&bundle, &query, &results, args.explain);
    let text =
        if args.json { serde_json::to_string_pretty(&answer)? + "\n" } else { answer.to_string() };
    Ok(terminal.data(&text)?)
}

/// The variant that the visitor gets.
fn variant(args: &RecommendArgs, bundle: &Bundle<'_>) -> Option<Assigned> {
    let token = args.visitor.as_ref()?.as_bytes();
    let now_s = u64::from(args.at.unwrap_or_else(Instant::now).minute()) * 60;
    bundle.experiments().assign(&Visit { placement: placement(args), now_s, token })
}

fn placement(args: &RecommendArgs) -> Placement {
    match args.placement {
        Some(placement) => placement.placement(),
        None if args.popular => Placement::Popular,
        None if args.item.is_some() => Placement::Item,
        None if args.cart.is_empty() => Placement::Home,
        None => Placement::Cart,
    }
}
