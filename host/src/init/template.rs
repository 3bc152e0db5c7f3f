//! The text of a commented configuration.

use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};

use edgewise_ingest::{
    Availability, CatalogGuess, CatalogSource, Guess, NotItems, Reason, Settings, Strangers,
};

use crate::config::{Model, TimeModel};

/// How wide comments are.
const WIDTH: usize = 100;

/// The keys of `[cleaning]` and what their values mean.
const CLEANING: [(&str, &str); 13] = [
    (
        "time_format",
        "\"auto\", \"day-first\", \"month-first\", \"epoch-s\", \"epoch-ms\", \"epoch-us\", or a pattern such as \
         \"%d.%m.%Y %H:%M\".",
    ),
    (
        "decimal_mark",
        "\".\": 1,234.50. \",\": 1.234,50. \"auto\": what more numbers of the log can only be.",
    ),
    (
        "price_per",
        "\"unit\": the price is that of one piece. \"line\": of the whole row, and is divided by the quantity.",
    ),
    (
        "item_case",
        "\"keep\": a1 and A1 are two items. \"upper\": ids are upper-cased, so they are one.",
    ),
    (
        "kind_when_absent",
        "What a row is when there is no kind column: \"view\", \"cart\" or \"purchase\".",
    ),
    (
        "cancelled_orders",
        "Order ids that begin so are cancellations. With none, C and digits is one if its quantity is not positive.",
    ),
    ("guest_users", "User ids that stand for guests, such as \"0\"."),
    (
        "not_items",
        "Ids that are no items, as globs, letter case ignored; [] keeps every id. When not set: in a log where 95 % of \
         the rows have an id with a digit, ids without one and a few known codes; else none.",
    ),
    (
        "exact_duplicates",
        "Rows that equal an earlier one in every column. \"refuse\": exports may overlap. \"keep\": equal rows are \
         separate events.",
    ),
    (
        "max_refused_share",
        "The largest share of faulty rows. 0.0: one faulty row stops the build. 1.0: any share passes. Cancellations, \
         exact duplicates and ignored kinds are no faults.",
    ),
    (
        "category_separator",
        "What stands between the parts of a category or region such as Home > Kitchen > Mugs. ` > ` always does.",
    ),
    (
        "regions_from_rows",
        "false: items may be shown everywhere. true: only in the regions in which the log has them.",
    ),
    (
        "only_catalog_items",
        "false: items that a catalogue file lacks are kept. true: their rows are left out.",
    ),
];

/// What a commented configuration says.
pub(super) struct Template {
    /// The paths as the configuration writes them.
    pub(super) paths: Vec<PathBuf>,
    /// What the log suggests.
    pub(super) guess: Guess,
    /// The catalogue as the configuration writes it, and what it suggests.
    pub(super) catalog: Option<(CatalogSource, CatalogGuess)>,
}

impl Template {
    /// The configuration, which loads as just what it was made from.
    pub(super) fn to_toml(&self) -> String {
        let mut text = String::new();
        // Cannot fail: writing to a string.
        let _ = self.write(&mut text);
        text
    }

    fn write(&self, out: &mut String) -> fmt::Result {
        comment(
            out,
            "How `edgewise build` reads this shop's data. Suggested by `edgewise init` from the first rows.",
        )?;
        self.source(out)?;
        self.columns(out)?;
        self.cleaning(out)?;
        kinds(out)?;
        self.catalog(out)?;
        model(out)?;
        experiment(out)
    }

    fn source(&self, out: &mut String) -> fmt::Result {
        out.push_str("\n[source]\n");
        comment(
            out,
            "Files, folders or globs of CSV, JSON lines or Parquet, from the folder of this file.",
        )?;
        let paths: Vec<String> = self.paths.iter().map(|path| quoted(path_text(path))).collect();
        writeln!(out, "paths = [{}]", paths.join(", "))?;
        comment(out, "What stands between two cells of a CSV file. Recognised when not set.")?;
        writeln!(out, "# delimiter = \";\"")?;
        comment(
            out,
            "true: \" encloses cells. false: \" is a character like others, as in tab-separated files with inches.",
        )?;
        writeln!(out, "quotes = true")
    }

    fn columns(&self, out: &mut String) -> fmt::Result {
        out.push_str("\n[columns]\n");
        comment(out, &format!("The files have the columns {}.", listed(&self.guess.found)))?;
        comment(out, "A column that is not named here is not used.")?;
        for role in edgewise_ingest::Role::ALL {
            column(out, &self.guess.reasons, role.key())?;
        }
        comment(
            out,
            "`region` may be a list, from the widest to the narrowest: [\"country\", \"city\"]. `segment` tells customers \
             apart.",
        )?;
        writeln!(out, "# segment = \"customer_group\"")
    }

    fn cleaning(&self, out: &mut String) -> fmt::Result {
        out.push_str("\n[cleaning]\n");
        for (key, meaning) in CLEANING {
            comment(out, meaning)?;
            if let Some(reason) = self.guess.reasons.iter().find(|reason| reason.key == key) {
                comment(out, &format!("Here: {}.", reason.why))?;
            }
            match cleaning_value(&self.guess.settings, key) {
                Some(value) => writeln!(out, "{key} = {value}")?,
                None => writeln!(out, "# {key} = [\"POST*\", \"GIFT_*\"]")?,
            }
        }
        comment(out, "What stands between the parts of a region in one cell, as in `UK/Leeds`.")?;
        writeln!(out, "# region_separator = \"/\"")
    }

    fn catalog(&self, out: &mut String) -> fmt::Result {
        let about = "A catalogue file: what it says of an item comes before what the log says.";
        let Some((source, guess)) = &self.catalog else {
            out.push('\n');
            comment(out, about)?;
            out.push_str("# [catalog]\n# path = \"products.csv\"\n");
            comment(out, "Its columns are recognised when `id` is not set.")?;
            for key in ["id", "title", "price", "url", "image", "category"] {
                writeln!(out, "# {key} = \"{key}\"")?;
            }
            comment(out, "Regions where an item may be shown, separated by |.")?;
            writeln!(out, "# availability = \"regions\"")?;
            further_columns(out)?;
            return attributes(out);
        };
        out.push_str("\n[catalog]\n");
        comment(out, about)?;
        let path = source.sources.paths.first().map_or(Path::new(""), PathBuf::as_path);
        writeln!(out, "path = {}", quoted(path_text(path)))?;
        comment(out, &format!("It has the columns {}.", listed(&guess.found)))?;
        for reason in &guess.reasons {
            column(out, &guess.reasons, reason.key)?;
        }
        attributes(out)
    }
}

fn further_columns(out: &mut String) -> fmt::Result {
    comment(out, "The brand, and what items are variants of: variants never fill a list.")?;
    writeln!(out, "# brand = \"brand\"\n# product = \"item_group_id\"")
}

fn attributes(out: &mut String) -> fmt::Result {
    comment(
        out,
        "Columns to filter by, under their names: numbers, or texts with | between several. \"price\" is the price.",
    )?;
    writeln!(out, "# attributes = [\"price\", \"colour\", \"stock\"]")
}

fn kinds(out: &mut String) -> fmt::Result {
    out.push_str("\n[kinds]\n");
    comment(
        out,
        "What values of the kind column mean, before the words that are known: \"view\", \"cart\", \"purchase\" or \
         \"ignore\".",
    )?;
    out.push_str("# wishlist = \"cart\"\n# \"add to compare\" = \"ignore\"\n");
    Ok(())
}

fn model(out: &mut String) -> fmt::Result {
    let Model { neighbours, min_people, min_support, half_life_days, time, .. } = Model::default();
    out.push_str("\n[model]\n");
    comment(
        out,
        "Related items kept per item. 1: only the best. 1024: nearly all, the largest bundle.",
    )?;
    writeln!(out, "neighbours = {neighbours}")?;
    comment(
        out,
        "Distinct people behind every published fact. 1: no protection, a basket can be read from the bundle. 1000000: \
         only mass behaviour remains.",
    )?;
    writeln!(out, "min_people = {min_people}")?;
    comment(
        out,
        "Baskets that must hold a pair. 1: chance pairs stay. 1000000: only staple pairs.",
    )?;
    writeln!(out, "min_support = {min_support}")?;
    comment(
        out,
        "Age in days at which an interaction counts half for popularity. 0.01: only the last minutes count. 36500: all \
         time counts the same.",
    )?;
    writeln!(out, "half_life_days = {half_life_days:?}")?;
    clock(out, &time)?;
    comment(out, "The currency of the prices, by its ISO code.")?;
    writeln!(out, "# currency = \"GBP\"")?;
    out.push('\n');
    comment(out, "What the shop pins, boosts, caps and hides.")?;
    writeln!(out, "# [rules]\n# path = \"rules.toml\"")
}

/// What goes by the clock.
fn clock(out: &mut String, time: &TimeModel) -> fmt::Result {
    comment(
        out,
        "What a view, a cart and a purchase count for popularity where the log has several of them. 0: nothing. 256: \
         whole.",
    )?;
    let [view, cart, purchase] = time.kind_weights;
    writeln!(out, "kind_weights = [{view}, {cart}, {purchase}]")?;
    comment(
        out,
        "Days in which an item must be taken more than before to trend. 0.01: the last minutes. 3650: ten years.",
    )?;
    writeln!(out, "trending_days = {:?}", time.trending_days)?;
    comment(
        out,
        "Whether items are wanted more in some months, weekdays and hours. false: not learnt. \"auto\": from what came \
         twice, months from two years. \"always\": months from a single year, too.",
    )?;
    writeln!(out, "seasons = false")?;
    comment(out, "The shop's time zone, by its name in the tz database, such as `Europe/London`.")?;
    writeln!(out, "time_zone = {}", quoted(&time.time_zone.name))
}

fn experiment(out: &mut String) -> fmt::Result {
    out.push('\n');
    comment(
        out,
        "An experiment: visitors are divided by a hash of their token, and variants answer with ladders of their own. \
         `edgewise experiment plan` tells how many visitors it takes, `edgewise experiment report` what came of it.",
    )?;
    out.push_str("# [[experiment]]\n# name = \"companions first\"\n# placements = [\"home\"]\n");
    out.push_str("# start = 2026-12-01\n# end = 2026-12-29\n");
    out.push_str("# [[experiment.variant]]\n# name = \"control\"\n# share = 0.5\n");
    out.push_str("# [[experiment.variant]]\n# name = \"companions\"\n# share = 0.5\n");
    comment(out, "Decays that the ladders name by number; without them those of the model.")?;
    out.push_str("# decays = [[256, 128, 64]]\n");
    out.push_str("# ladders.home = [\"1 together from history by 0\", \"popular in everyone\"]\n");
    Ok(())
}

/// A column with its reason and what else could have been; commented out where there is none.
fn column(out: &mut String, reasons: &[Reason], key: &str) -> fmt::Result {
    let Some(reason) = reasons.iter().find(|reason| reason.key == key) else {
        return Ok(());
    };
    comment(out, &format!("{key}: {}.", reason.why))?;
    for other in &reason.considered {
        comment(out, &format!("Not `{}`: {}.", other.column, other.why))?;
    }
    match &reason.chosen {
        Some(name) => writeln!(out, "{key} = {}", quoted(name)),
        None => writeln!(out, "# {key} = \"\""),
    }
}

/// The value of a key of `[cleaning]`; `None` where not setting it has a meaning of its own.
fn cleaning_value(settings: &Settings, key: &str) -> Option<String> {
    Some(match key {
        "time_format" => quoted(settings.time_format.as_str()),
        "decimal_mark" => quoted(settings.decimal_mark.as_str()),
        "price_per" => quoted(settings.price_per.as_str()),
        "item_case" => quoted(settings.item_case.as_str()),
        "kind_when_absent" => quoted(settings.kind_when_absent.name()),
        "cancelled_orders" => list(&settings.cancelled_orders),
        "guest_users" => list(&settings.guest_users),
        "not_items" => match &settings.not_items {
            NotItems::Auto => return None,
            NotItems::Globs(globs) => list(globs),
        },
        "exact_duplicates" => quoted(settings.duplicates.as_str()),
        "max_refused_share" => format!("{:?}", settings.max_refused_share),
        "category_separator" => quoted(&settings.category_separator),
        "regions_from_rows" => (settings.regions == Availability::WhereSeen).to_string(),
        "only_catalog_items" => (settings.strangers == Strangers::Refuse).to_string(),
        _ => return None,
    })
}

/// A comment, folded.
fn comment(out: &mut String, text: &str) -> fmt::Result {
    let mut line = String::from("#");
    // Values of the shop's own data are part of reasons; a line end among them must not end the comment.
    for word in
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty())
    {
        if line.len() > 1 && line.chars().count() + 1 + word.chars().count() > WIDTH {
            writeln!(out, "{line}")?;
            line.truncate(1);
        }
        line.push(' ');
        line.push_str(word);
    }
    writeln!(out, "{line}")
}

/// A TOML string.
fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

fn list(texts: &[String]) -> String {
    let quoted: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", quoted.join(", "))
}

fn listed(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The path as text. Cannot lose anything: `from_folder_of` refuses paths that are not UTF-8.
fn path_text(path: &Path) -> &str {
    path.to_str().unwrap_or_default()
}
