//! Which column means what: guessed from headers and the first rows, with a reason for each choice.

mod names;
mod profile;

use edgewise_core::interactions::EventKind;
use hashbrown::HashMap;

use self::profile::{Profile, Sample};
use crate::catalog;
use crate::error::IngestError;
use crate::files::{SourceFile, discover};
use crate::kinds::kind_name;
use crate::settings::{
    CatalogColumns, Columns, ItemCase, ORDER_USER_DAY, PricePer, Role, Settings, Sources,
    TimeFormat,
};
use crate::text::{bare, fold_whitespace};

/// Columns and settings that fit a log, with reasons.
#[derive(Clone, Debug, PartialEq)]
pub struct Guess {
    /// The column of each role.
    pub columns: Columns,
    /// The settings: the defaults, but for what the values suggest.
    pub settings: Settings,
    /// Why, one for each role and one for each setting that was thought about.
    pub reasons: Vec<Reason>,
    /// Every column there is.
    pub found: Vec<String>,
}

/// Columns that fit a catalogue file, with reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogGuess {
    /// The column of each field.
    pub columns: CatalogColumns,
    /// Why, one for each field.
    pub reasons: Vec<Reason>,
    /// Every column there is.
    pub found: Vec<String>,
}

/// Why a column or a setting was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The key in the configuration.
    pub key: &'static str,
    /// What was chosen.
    pub chosen: Option<String>,
    /// Why: a sentence without a period.
    pub why: String,
    /// What else could have been.
    pub considered: Vec<Considered>,
}

/// A column that was not chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Considered {
    /// The column.
    pub column: String,
    /// Why not.
    pub why: String,
}

/// Guesses columns and settings of a log. Columns of `given` are kept.
///
/// # Errors
/// Files that cannot be read; no column that could be the item id.
pub fn guess(sources: &Sources, given: &Columns) -> Result<Guess, IngestError> {
    let files = discover(&sources.paths)?;
    let sample = Sample::read(sources, &files)?;
    let mut chooser = Chooser::new(&sample, given.clone(), names::of);
    for role in Role::ALL {
        chooser.choose(role);
    }
    let Chooser {
        columns,
        mut reasons,
        ..
    } = chooser;
    if columns.item.is_none() {
        return Err(no_item(&files, sample.names, "columns", "item"));
    }
    let settings = guess_settings(&sample, &columns, &mut reasons);
    Ok(Guess {
        columns,
        settings,
        reasons,
        found: sample.names,
    })
}

/// Guesses the columns of a catalogue file. Columns of `given` are kept.
///
/// # Errors
/// Files that cannot be read; no column that could be the item id.
pub fn guess_catalog(
    sources: &Sources,
    given: &CatalogColumns,
) -> Result<CatalogGuess, IngestError> {
    const ROLES: [Role; 7] = [
        Role::Item,
        Role::Title,
        Role::Price,
        Role::Url,
        Role::Image,
        Role::Category,
        Role::Region,
    ];
    let files = discover(&sources.paths)?;
    let sample = Sample::read(sources, &files)?;
    let usual = |role| {
        if role == Role::Region {
            names::AVAILABILITY
        } else {
            names::of(role)
        }
    };
    let mut chooser = Chooser::new(&sample, catalog::as_roles(given), usual);
    chooser.further_items = names::CATALOG_ID;
    for role in ROLES {
        chooser.choose(role);
    }
    let Chooser {
        columns,
        mut reasons,
        ..
    } = chooser;
    for (reason, role) in reasons.iter_mut().zip(ROLES) {
        reason.key = catalog::catalog_key(role);
    }
    let columns = CatalogColumns {
        id: columns.item,
        title: columns.title,
        price: columns.price,
        url: columns.url,
        image: columns.image,
        category: columns.category,
        availability: columns.region,
    };
    if columns.id.is_none() {
        return Err(no_item(&files, sample.names, "catalog", "id"));
    }
    Ok(CatalogGuess {
        columns,
        reasons,
        found: sample.names,
    })
}

/// The error of a log without a configured item column.
pub(crate) fn no_item_column(sources: &Sources, files: &[SourceFile]) -> IngestError {
    match Sample::read(sources, files) {
        Ok(sample) => no_item(files, sample.names, "columns", "item"),
        Err(error) => error,
    }
}

fn no_item(
    files: &[SourceFile],
    found: Vec<String>,
    section: &'static str,
    key: &'static str,
) -> IngestError {
    let path = files
        .first()
        .map(|file| file.path.clone())
        .unwrap_or_default();
    IngestError::NoItemColumn {
        path,
        found,
        section,
        key,
    }
}

/// Gives columns out, one role after the other, each column once.
struct Chooser<'a> {
    sample: &'a Sample,
    columns: Columns,
    usual: fn(Role) -> &'static [&'static str],
    further_items: &'static [&'static str],
    reasons: Vec<Reason>,
    /// The role of each column that is taken.
    taken: HashMap<String, Role>,
}

/// How well a header fits a role: lower is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It is the n-th of the usual names.
    Usual(usize),
    /// Its last part is, as in `items[].item_id`.
    LastPart(usize),
    /// It contains a usual name of this length; stored so that longer is lower.
    Contains(usize),
    /// Only the values fit.
    Values,
}

impl<'a> Chooser<'a> {
    fn new(sample: &'a Sample, given: Columns, usual: fn(Role) -> &'static [&'static str]) -> Self {
        let taken = Role::ALL
            .into_iter()
            .filter_map(|role| Some((given.get(role)?.to_owned(), role)))
            .collect();
        Self {
            sample,
            columns: given,
            usual,
            further_items: &[],
            reasons: Vec::new(),
            taken,
        }
    }

    fn choose(&mut self, role: Role) {
        if let Some(given) = self.columns.get(role) {
            let chosen = Some(given.to_owned());
            let why = "named by you".to_owned();
            self.reasons.push(Reason {
                key: role.key(),
                chosen,
                why,
                considered: Vec::new(),
            });
            return;
        }
        let mut candidates: Vec<(Fit, usize)> = (0..self.sample.names.len())
            .filter_map(|at| Some((self.fit(role, at)?, at)))
            .collect();
        candidates.sort_unstable();
        let mut considered = Vec::new();
        let mut chosen = None;
        for (fit, at) in candidates {
            let (name, profile) = (&self.sample.names[at], &self.sample.profiles[at]);
            let objection = match self.taken.get(name) {
                Some(other) => Some(format!("already taken as {}", names::noun(*other))),
                None => unfit(role, profile, self.sample.n_rows),
            };
            match (objection, &chosen) {
                (None, None) => chosen = Some((fit, at)),
                // That no usual name fits is no news for each column that looks like a time.
                (None, Some(_)) if fit != Fit::Values => considered.push(Considered {
                    column: name.clone(),
                    why: "a usual name too, but the less telling one".to_owned(),
                }),
                (Some(why), _) if fit != Fit::Values => {
                    considered.push(Considered {
                        column: name.clone(),
                        why,
                    });
                }
                _ => {}
            }
        }
        let why = match chosen {
            Some((fit, at)) => self.why(role, fit, at),
            None => self.why_none(role, &considered),
        };
        let chosen = chosen.map(|(_, at)| self.sample.names[at].clone());
        if let Some(name) = &chosen {
            self.taken.insert(name.clone(), role);
            *self.columns.slot(role) = Some(name.clone());
        }
        self.reasons.push(Reason {
            key: role.key(),
            chosen,
            why,
            considered,
        });
    }

    fn fit(&self, role: Role, at: usize) -> Option<Fit> {
        let header = &self.sample.names[at];
        let whole = bare(header);
        // Shopify's export names orders `Name` and items `Lineitem name`.
        let is_shopify = self
            .sample
            .names
            .iter()
            .any(|name| bare(name).starts_with("lineitem"));
        if is_shopify && whole == "name" {
            return (role == Role::Order).then_some(Fit::Usual(0));
        }
        let usual = (self.usual)(role);
        let further = if role == Role::Item {
            self.further_items
        } else {
            &[]
        };
        let position = |name: &str| usual.iter().chain(further).position(|usual| *usual == name);
        if let Some(rank) = position(&whole) {
            return Some(Fit::Usual(rank));
        }
        let last = header
            .rsplit(['.', ':'])
            .next()
            .map(bare)
            .unwrap_or_default();
        if let Some(rank) = position(&last) {
            return Some(Fit::LastPart(rank));
        }
        let contained = usual
            .iter()
            .filter(|name| name.len() >= 6 && whole.contains(*name));
        if let Some(longest) = contained.map(|name| name.len()).max() {
            return Some(Fit::Contains(usize::MAX - longest));
        }
        let profile = &self.sample.profiles[at];
        let values_fit = match role {
            Role::Time => profile.is_mostly(profile.n_times, 95) && profile.n_distinct() > 1,
            Role::Kind => {
                profile.is_mostly(profile.n_known_kinds, 90) && profile.n_distinct() <= 20
            }
            _ => false,
        };
        values_fit.then_some(Fit::Values)
    }

    fn why(&self, role: Role, fit: Fit, at: usize) -> String {
        let (name, profile) = (&self.sample.names[at], &self.sample.profiles[at]);
        let noun = names::noun(role);
        let header = match fit {
            Fit::Usual(_) => format!("header `{name}` is a usual name for {noun}"),
            Fit::LastPart(_) => {
                format!("the last part of header `{name}` is a usual name for {noun}")
            }
            Fit::Contains(_) => format!("header `{name}` contains a usual name for {noun}"),
            Fit::Values => format!("the values of `{name}` read as {noun}"),
        };
        let n_rows = grouped(self.sample.n_rows);
        let values = match role {
            Role::Time => format!("for example `{}`", profile.example),
            Role::Kind => format!(
                "{} of {n_rows} rows have a known word, for example `{}`",
                grouped(profile.n_known_kinds),
                profile.example
            ),
            Role::Quantity | Role::Price => {
                format!(
                    "{} of {n_rows} rows have a number",
                    grouped(profile.n_numbers)
                )
            }
            _ => {
                let n_distinct = grouped(profile.n_distinct());
                let n_empty = self.sample.n_rows - profile.n_filled;
                match n_empty {
                    0 => format!("{n_distinct} distinct values in {n_rows} rows"),
                    _ => format!(
                        "{n_distinct} distinct values in {n_rows} rows, {} of which have none",
                        grouped(n_empty)
                    ),
                }
            }
        };
        format!("{header}; {values}")
    }

    fn why_none(&self, role: Role, considered: &[Considered]) -> String {
        let noun = names::noun(role);
        if !considered.is_empty() {
            return format!("no column with a usual name for {noun} has fitting values");
        }
        if role == Role::Order && self.columns.user.is_some() {
            return format!(
                "no header is a usual name for {noun}; `{ORDER_USER_DAY}` would make an order of all that a user does on a day"
            );
        }
        format!("no header is a usual name for {noun}")
    }
}

/// Why the values of a column cannot be those of a role.
fn unfit(role: Role, profile: &Profile, n_rows: usize) -> Option<String> {
    if profile.n_filled == 0 && n_rows > 0 {
        return Some("it is empty".into());
    }
    // Without rows only the header counts.
    if n_rows == 0 {
        return None;
    }
    let example = &profile.example;
    match role {
        Role::Time if !profile.is_mostly(profile.n_times, 80) => {
            Some(format!("its values are not times, for example `{example}`"))
        }
        Role::Quantity | Role::Price if !profile.is_mostly(profile.n_numbers, 80) => Some(format!(
            "its values are not numbers, for example `{example}`"
        )),
        Role::Kind if profile.n_known_kinds == 0 => Some(format!(
            "none of its values is a known kind, for example `{example}`"
        )),
        Role::Url | Role::Image if !profile.is_mostly(profile.n_links, 80) => {
            Some(format!("its values are not links, for example `{example}`"))
        }
        Role::Region if profile.is_mostly(profile.n_stock_words, 50) => Some(format!(
            "its values are states of stock, for example `{example}`"
        )),
        _ => None,
    }
}

/// The settings that the values suggest.
fn guess_settings(sample: &Sample, columns: &Columns, reasons: &mut Vec<Reason>) -> Settings {
    let (time_format, why) = time_format(sample, columns);
    let mut reason = |key, chosen: &str, why: String| {
        let chosen = Some(chosen.to_owned());
        reasons.push(Reason {
            key,
            chosen,
            why,
            considered: Vec::new(),
        });
    };
    reason("time_format", time_format.as_str(), why);
    let (kind_when_absent, why) = kind_when_absent(columns);
    reason("kind_when_absent", kind_name(kind_when_absent), why);
    let is_line = columns
        .price
        .as_ref()
        .is_some_and(|name| names::LINE_PRICES.contains(&bare(name).as_str()));
    let (price_per, word, why) = match (&columns.price, is_line && columns.quantity.is_some()) {
        (Some(name), true) => (
            PricePer::Line,
            "line",
            format!("`{name}` is a usual name for the value of the whole row"),
        ),
        (Some(name), false) => (
            PricePer::Unit,
            "unit",
            format!("`{name}` is a usual name for the price of one piece"),
        ),
        (None, _) => (
            PricePer::Unit,
            "unit",
            "there is no price column".to_owned(),
        ),
    };
    reason("price_per", word, why);
    let (item_case, word, why) = item_case(sample, columns);
    reason("item_case", word, why);
    Settings {
        time_format,
        kind_when_absent,
        price_per,
        item_case,
        ..Settings::default()
    }
}

fn time_format(sample: &Sample, columns: &Columns) -> (TimeFormat, String) {
    let profile = columns.time.as_ref().and_then(|name| {
        let at = sample.names.iter().position(|found| found == name)?;
        Some(&sample.profiles[at])
    });
    match profile.map_or((0, 0), |profile| {
        (profile.n_day_first, profile.n_month_first)
    }) {
        (n @ 1.., 0) => (
            TimeFormat::DayFirst,
            format!("{} dates can only be day/month", grouped(n)),
        ),
        (0, n @ 1..) => (
            TimeFormat::MonthFirst,
            format!("{} dates can only be month/day", grouped(n)),
        ),
        (1.., 1..) => (
            TimeFormat::Auto,
            "some dates can only be day/month and some only month/day".to_owned(),
        ),
        (0, 0) => (
            TimeFormat::Auto,
            "the form of the times tells how to read them".to_owned(),
        ),
    }
}

fn kind_when_absent(columns: &Columns) -> (EventKind, String) {
    let is_session = columns
        .order
        .as_ref()
        .is_some_and(|name| names::SESSIONS.contains(&bare(name).as_str()));
    if let Some(name) = &columns.kind {
        return (
            EventKind::Purchase,
            format!("not used: `{name}` says what happened"),
        );
    }
    if columns.quantity.is_some() || columns.price.is_some() {
        let why = "there is no kind column, and rows with a quantity or price are purchases";
        return (EventKind::Purchase, why.to_owned());
    }
    match &columns.order {
        Some(name) if !is_session => (
            EventKind::Purchase,
            format!("there is no kind column, and `{name}` names orders"),
        ),
        _ => (
            EventKind::View,
            "nothing says that a row is a purchase".to_owned(),
        ),
    }
}

/// Whether ids that differ in letter case only bear the same title.
fn item_case(sample: &Sample, columns: &Columns) -> (ItemCase, &'static str, String) {
    let (Some(item), Some(title)) = (&columns.item, &columns.title) else {
        let why = "without titles nothing tells whether `a1` and `A1` are the same item".to_owned();
        return (ItemCase::Keep, "keep", why);
    };
    let mut by_upper: HashMap<(String, String), String> = HashMap::new();
    let mut example = None;
    let mut n_rows = 0usize;
    sample.for_each_pair(item, title, |id, title| {
        let title = fold_whitespace(title).to_uppercase();
        if title.is_empty() {
            return;
        }
        let first = by_upper
            .entry((id.to_uppercase(), title))
            .or_insert_with(|| id.to_owned());
        if first != id {
            n_rows += 1;
            example.get_or_insert_with(|| (first.clone(), id.to_owned()));
        }
    });
    match example {
        Some((first, second)) => {
            let n_rows = grouped(n_rows);
            let why = format!(
                "`{first}` and `{second}` bear the same title; so do others, {n_rows} rows in all"
            );
            (ItemCase::Upper, "upper", why)
        }
        None => (
            ItemCase::Keep,
            "keep",
            "no two ids of one title differ in letter case only".to_owned(),
        ),
    }
}

/// A number with its thousands grouped: `10,000`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests;
