//! The settings that columns and values suggest.

use edgewise_core::interactions::EventKind;
use hashbrown::HashMap;

use super::profile::Sample;
use super::{Reason, counted, names};
use crate::settings::{Columns, ItemCase, PricePer, Settings, TimeFormat};
use crate::text::{bare, fold_whitespace};

impl Settings {
    /// The defaults for a log with these columns: what a row is without a kind column, and what its price is the price
    /// of, follow from the names of the columns.
    pub fn for_columns(columns: &Columns) -> Self {
        Self {
            kind_when_absent: kind_when_absent(columns).0,
            price_per: price_per(columns).0,
            ..Self::default()
        }
    }
}

/// The settings that the columns and their values suggest.
pub(super) fn settings(sample: &Sample, columns: &Columns, reasons: &mut Vec<Reason>) -> Settings {
    let mut reason = |key, chosen: &str, why: String| {
        let chosen = Some(chosen.to_owned());
        reasons.push(Reason { key, chosen, why, considered: Vec::new() });
    };
    let (time_format, why) = time_format(sample, columns);
    reason("time_format", time_format.as_str(), why);
    let (kind, why) = kind_when_absent(columns);
    reason("kind_when_absent", kind.name(), why);
    let (price_per, why) = price_per(columns);
    reason("price_per", price_per.as_str(), why);
    let (item_case, why) = item_case(sample, columns);
    reason("item_case", item_case.as_str(), why);
    Settings { time_format, item_case, ..Settings::for_columns(columns) }
}

fn price_per(columns: &Columns) -> (PricePer, String) {
    let Some(name) = &columns.price else {
        return (PricePer::Unit, "there is no price column".to_owned());
    };
    let is_line = names::LINE_PRICES.contains(&bare(name).as_str());
    if is_line && columns.quantity.is_some() {
        return (
            PricePer::Line,
            format!("`{name}` is a usual name for the value of the whole row"),
        );
    }
    (PricePer::Unit, format!("`{name}` is not a usual name for the value of a whole row"))
}

fn time_format(sample: &Sample, columns: &Columns) -> (TimeFormat, String) {
    let profile = columns.time.as_ref().and_then(|name| {
        let at = sample.names.iter().position(|found| found == name)?;
        Some(&sample.profiles[at])
    });
    match profile.map_or((0, 0), |profile| (profile.n_day_first, profile.n_month_first)) {
        (n @ 1.., 0) => {
            (TimeFormat::DayFirst, format!("{} can only be day/month", counted(n, "date", "dates")))
        }
        (0, n @ 1..) => (
            TimeFormat::MonthFirst,
            format!("{} can only be month/day", counted(n, "date", "dates")),
        ),
        (1.., 1..) => (
            TimeFormat::Auto,
            "some dates can only be day/month and some only month/day".to_owned(),
        ),
        (0, 0) => (TimeFormat::Auto, "the form of the times tells how to read them".to_owned()),
    }
}

fn kind_when_absent(columns: &Columns) -> (EventKind, String) {
    let is_session =
        columns.order.as_ref().is_some_and(|name| names::SESSIONS.contains(&bare(name).as_str()));
    if let Some(name) = &columns.kind {
        return (EventKind::Purchase, format!("not used: `{name}` says what happened"));
    }
    if columns.quantity.is_some() || columns.price.is_some() {
        let why = "there is no kind column, and rows with a quantity or price are purchases";
        return (EventKind::Purchase, why.to_owned());
    }
    match &columns.order {
        Some(name) if !is_session => {
            (EventKind::Purchase, format!("there is no kind column, and `{name}` names orders"))
        }
        _ => (EventKind::View, "nothing says that a row is a purchase".to_owned()),
    }
}

/// Whether ids that differ in letter case only bear the same title.
fn item_case(sample: &Sample, columns: &Columns) -> (ItemCase, String) {
    let (Some(item), Some(title)) = (&columns.item, &columns.title) else {
        let why = "without titles nothing tells whether `a1` and `A1` are the same item".to_owned();
        return (ItemCase::Keep, why);
    };
    let mut by_upper: HashMap<(String, String), String> = HashMap::new();
    let mut example = None;
    let mut n_rows = 0usize;
    sample.for_each_pair(item, title, |id, title| {
        let title = fold_whitespace(title).to_uppercase();
        if title.is_empty() {
            return;
        }
        let first = by_upper.entry((id.to_uppercase(), title)).or_insert_with(|| id.to_owned());
        if first != id {
            n_rows += 1;
            example.get_or_insert_with(|| (first.clone(), id.to_owned()));
        }
    });
    match example {
        Some((first, second)) => {
            let n_rows = counted(n_rows, "row", "rows");
            let why = format!("`{first}` and `{second}` bear the same title; it concerns {n_rows}");
            (ItemCase::Upper, why)
        }
        None => (ItemCase::Keep, "no two ids of one title differ in letter case only".to_owned()),
    }
}
