//! `edgewise recommend`: asks a bundle what an edge node would be asked, and shows titles and reasons.

mod answer;

use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use edgewise_bundle::Bundle;
use edgewise_bundle::limits::MAX_BUNDLE_BYTES;
use edgewise_core::{Context, Event, ItemIdx, MAX_K, Model, Placement, Query, Seen, recommend};

use crate::output::Terminal;
use crate::whole_file;

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
    /// How many
    #[arg(short, value_name = "N", default_value_t = 10, value_parser = parse_k)]
    pub(crate) k: usize,
    /// Show every part of each score
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
    fn placement(self) -> Placement {
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

/// Why a question cannot be asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum AskError {
    /// A name that the bundle does not know.
    #[error("the bundle knows no {what} `{found}`")]
    Unknown {
        /// What the name should name.
        what: &'static str,
        /// The name.
        found: String,
        /// Names that look like it.
        similar: Vec<String>,
    },
}

impl AskError {
    /// What the user can do about it.
    pub(crate) fn hint(&self) -> String {
        let AskError::Unknown { what, similar, .. } = self;
        let names: Vec<String> = similar.iter().map(|name| format!("`{name}`")).collect();
        if names.is_empty() {
            format!(
                "`edgewise inspect` shows what the bundle holds; the {what} may have had no clean rows"
            )
        } else {
            format!("did you mean {}?", names.join(", "))
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
    let bundle = Bundle::open(&bytes)
        .with_context(|| format!("cannot open the bundle `{}`", args.bundle.display()))?;
    let find_all =
        |ids: &[String]| ids.iter().map(|id| find_item(&bundle, id)).collect::<Result<Vec<_>, _>>();
    let (history, cart, exclude) =
        (find_all(&args.history)?, find_all(&args.cart)?, find_all(&args.exclude)?);
    let item = args.item.as_deref().map(|id| find_item(&bundle, id)).transpose()?;
    let region = args.region.as_deref().map(|name| {
        let names = (0..bundle.n_regions())
            .filter_map(|row| bundle.region_name(edgewise_core::RegionIdx(row)));
        bundle.find_region(name).ok_or_else(|| unknown("region", name, names))
    });
    let category = args.category.as_deref().map(|name| {
        let names = (0..bundle.n_categories())
            .filter_map(|row| bundle.category_name(edgewise_core::CategoryIdx(row)));
        bundle.find_category(name).ok_or_else(|| unknown("category", name, names))
    });
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
        context: Context::default(),
    };
    let results = recommend(&bundle, &query);
    let answer = answer::Answer::new(&bundle, &query, &results, args.explain);
    let text =
        if args.json { serde_json::to_string_pretty(&answer)? + "\n" } else { answer.to_string() };
    Ok(terminal.data(&text)?)
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

fn find_item(bundle: &Bundle<'_>, id: &str) -> Result<ItemIdx, AskError> {
    bundle.find_item(id).ok_or_else(|| {
        let name = |row| bundle.item_id(ItemIdx(row), &mut Vec::new()).map(str::to_owned);
        let names: Vec<String> = (0..bundle.n_items()).filter_map(name).collect();
        unknown("item", id, names.iter().map(String::as_str))
    })
}

/// An error with the up to three names that look most like what was found.
fn unknown<'n>(what: &'static str, found: &str, names: impl Iterator<Item = &'n str>) -> AskError {
    let lower = found.to_lowercase();
    let mut scored: Vec<(f64, &str)> = names
        .map(|name| (strsim::jaro_winkler(&lower, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness > 0.85)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let similar = scored.into_iter().take(3).map(|(_, name)| name.to_owned()).collect();
    AskError::Unknown { what, found: found.to_owned(), similar }
}
