//! Rows of event files as events of one experiment.

mod reason;

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;

use edgewise_experiment::{Event, EventKind};
use edgewise_ingest::cells::{Cells, Need, Wanted, decimal, each_row, time_s};
use edgewise_ingest::{IngestError, NoProgress, Sources};
use serde::Serialize;

use super::error::ReportError;
use reason::Reason;

/// The columns, by the key that `--column` names.
const COLUMNS: [(&str, &[&str], Need); 6] = [
    ("event", &["event", "kind", "type", "event_type", "event_name"], Need::Required),
    ("experiment", &["experiment", "experiment_name", "experiment_id"], Need::Optional),
    ("variant", &["variant", "variation", "arm", "group"], Need::Required),
    ("visitor", &["visitor", "visitor_id", "visitor_token", "token", "client_id"], Need::Optional),
    ("time", &["time", "timestamp", "ts", "event_time", "date"], Need::Optional),
    ("value", &["value", "revenue", "amount", "price"], Need::Optional),
];
/// What the words of the event column mean, letter case ignored; those with `item` are of Google Analytics 4. `view` is
/// left out: in most logs it is a look at an item's page.
const KINDS: [(&str, EventKind); 12] = [
    ("impression", EventKind::Impression),
    ("impressions", EventKind::Impression),
    ("view_item_list", EventKind::Impression),
    ("shown", EventKind::Impression),
    ("exposure", EventKind::Impression),
    ("click", EventKind::Click),
    ("clicked", EventKind::Click),
    ("select_item", EventKind::Click),
    ("purchase", EventKind::Purchase),
    ("purchased", EventKind::Purchase),
    ("order", EventKind::Purchase),
    ("conversion", EventKind::Purchase),
];

/// The time of an event that has none.
const NO_TIME: i64 = i64::MIN;

/// Rows that were refused for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Refused {
    /// The reason's name, which never changes.
    pub(super) code: &'static str,
    /// The reason in words.
    pub(super) text: &'static str,
    /// How many.
    pub(super) n_rows: u64,
    /// One of them: `FILE:LINE` and the offending text; none where single rows are not kept.
    pub(super) example: Option<String>,
}

/// What was read.
#[derive(Debug)]
pub(super) struct Read {
    /// Name of the experiment; `None` where the events name none.
    pub(super) experiment: Option<String>,
    /// Names of the variants, by number.
    pub(super) variants: Vec<String>,
    pub(super) events: Vec<Event>,
    pub(super) n_rows: u64,
    /// Rows of other experiments.
    pub(super) n_other: u64,
    pub(super) refused: Vec<Refused>,
    /// Whether there is a column of times.
    pub(super) has_times: bool,
}

/// What of the files is wanted.
pub(super) struct Request<'r> {
    pub(super) paths: &'r [PathBuf],
    /// Column names by key, instead of the usual ones.
    pub(super) columns: &'r [(String, String)],
    pub(super) experiment: Option<&'r str>,
    /// The variants that there are; `None` takes them from the events, ascending.
    pub(super) variants: Option<Vec<String>>,
}

/// Whether `--column` may name a key.
pub(super) fn is_key(key: &str) -> bool {
    COLUMNS.iter().any(|(known, ..)| *known == key)
}

/// Reads the events of one experiment.
///
/// # Errors
/// Files that cannot be read, columns that are not there, and [`ReportError`] when no single experiment is left.
pub(super) fn read(request: &Request<'_>) -> anyhow::Result<Read> {
    let columns = COLUMNS.map(|(key, names, need)| {
        let own = request.columns.iter().rev().find(|(named, _)| named == key);
        match own {
            // A column that was named must be there.
            Some((_, name)) => Wanted { key, names: vec![name.clone()], need: Need::Required },
            None => Wanted { key, names: names.iter().map(|it| (*it).to_owned()).collect(), need },
        }
    });
    let mut reader = Reader::new(request);
    let sources = Sources::new(request.paths);
    each_row(&sources, &columns, &NoProgress, |cells| reader.add(cells))
        .map_err(|error: IngestError| anyhow::Error::new(error))?;
    Ok(reader.finish()?)
}

struct Reader<'r> {
    wanted: Option<&'r str>,
    are_variants_given: bool,
    variants: Vec<String>,
    visitors: HashMap<String, u32>,
    experiments: BTreeMap<String, u64>,
    events: Vec<Event>,
    /// Where the first event without a visitor came from, and the first without a time.
    first_without_visitor: Option<String>,
    first_without_time: Option<String>,
    refused: BTreeMap<Reason, (u64, String)>,
    n_rows: u64,
    n_other: u64,
    has_times: bool,
}

impl<'r> Reader<'r> {
    fn new(request: &Request<'r>) -> Reader<'r> {
        Reader {
            wanted: request.experiment,
            are_variants_given: request.variants.is_some(),
            variants: request.variants.clone().unwrap_or_default(),
            visitors: HashMap::new(),
            experiments: BTreeMap::new(),
            events: Vec::new(),
            first_without_visitor: None,
            first_without_time: None,
            refused: BTreeMap::new(),
            n_rows: 0,
            n_other: 0,
            has_times: false,
        }
    }

    fn add(&mut self, cells: &Cells<'_>) {
        self.n_rows += 1;
        if let Err((reason, text)) = self.take(cells) {
            let example = || format!("{}:{} `{text}`", cells.file.display(), cells.line);
            self.refused.entry(reason).or_insert_with(|| (0, example())).0 += 1;
        }
    }

    fn take(&mut self, cells: &Cells<'_>) -> Result<(), (Reason, String)> {
        let Some(&[kind, experiment, variant, visitor, time, value]) = cells.values else {
            return Err((Reason::WrongCellCount, String::new()));
        };
        if !experiment.is_empty() {
            *self.experiments.entry(experiment.to_owned()).or_default() += 1;
        }
        if self.wanted.is_some_and(|wanted| wanted != experiment && !experiment.is_empty()) {
            self.n_other += 1;
            return Ok(());
        }
        let known = KINDS.iter().find(|(word, _)| word.eq_ignore_ascii_case(kind));
        let kind = known.ok_or_else(|| (Reason::UnknownEvent, kind.to_owned()))?.1;
        if variant.is_empty() {
            return Err((Reason::NoVariant, String::new()));
        }
        let variant = self.variant(variant)?;
        let time_s = match time {
            "" => NO_TIME,
            text => time_s(text).ok_or_else(|| (Reason::UnreadableTime, text.to_owned()))?,
        };
        self.has_times |= !time.is_empty();
        let value = match (kind, value) {
            (EventKind::Purchase, "") => 0.0,
            (EventKind::Purchase, text) => {
                decimal(text).ok_or_else(|| (Reason::UnreadableValue, text.to_owned()))?
            }
            _ => 0.0,
        };
        let visitor = (!visitor.is_empty()).then(|| self.visitor(visitor));
        let place = || format!("{}:{}", cells.file.display(), cells.line);
        if visitor.is_none() {
            self.first_without_visitor.get_or_insert_with(place);
        }
        if time_s == NO_TIME {
            self.first_without_time.get_or_insert_with(place);
        }
        self.events.push(Event { time_s, kind, variant, visitor, value });
        Ok(())
    }

    fn variant(&mut self, name: &str) -> Result<u16, (Reason, String)> {
        let at = self.variants.iter().position(|known| known == name);
        let at = match at {
            Some(at) => at,
            None if self.are_variants_given => {
                return Err((Reason::UnknownVariant, name.to_owned()));
            }
            None => {
                self.variants.push(name.to_owned());
                self.variants.len() - 1
            }
        };
        // Far more variants than may be compared end in an error later.
        u16::try_from(at).map_err(|_| (Reason::UnknownVariant, name.to_owned()))
    }

    fn visitor(&mut self, token: &str) -> u32 {
        if let Some(&number) = self.visitors.get(token) {
            return number;
        }
        // More than four thousand million visitors would not fit into memory.
        let number = u32::try_from(self.visitors.len()).unwrap_or(u32::MAX);
        self.visitors.insert(token.to_owned(), number);
        number
    }

    fn finish(mut self) -> Result<Read, ReportError> {
        let found: Vec<String> = self.experiments.keys().cloned().collect();
        let wanted = self.wanted.map(str::to_owned);
        let is_there =
            wanted.as_ref().is_none_or(|wanted| found.is_empty() || found.contains(wanted));
        if !is_there || wanted.is_none() && found.len() > 1 {
            return Err(ReportError::Experiment { wanted, found });
        }
        self.leave_out_incomplete();
        if !self.are_variants_given {
            self.sort_variants();
        }
        let refused: Vec<Refused> = self
            .refused
            .into_iter()
            .map(|(reason, (n_rows, example))| Refused {
                code: reason.code(),
                text: reason.text(),
                n_rows,
                example: Some(example),
            })
            .collect();
        if self.events.is_empty() {
            let most = refused.iter().max_by_key(|refused| refused.n_rows);
            let reason = most.map_or_else(
                || "there is none".to_owned(),
                |it| format!("{}, as {}", it.text, it.example.as_deref().unwrap_or_default()),
            );
            return Err(ReportError::NothingLeft { n_rows: self.n_rows, reason });
        }
        Ok(Read {
            experiment: wanted.or_else(|| found.into_iter().next()),
            variants: self.variants,
            events: self.events,
            n_rows: self.n_rows,
            n_other: self.n_other,
            refused,
            has_times: self.has_times,
        })
    }

    /// Where some events have a visitor or a time, those without cannot be told where they belong.
    fn leave_out_incomplete(&mut self) {
        let mut leave_out = |reason, example: Option<String>, is_right: fn(&Event) -> bool| {
            let n_before = self.events.len();
            self.events.retain(is_right);
            let n_without = (n_before - self.events.len()) as u64;
            if let (Some(example), 1..) = (example, n_without) {
                let entry = self.refused.entry(reason).or_insert((0, example));
                entry.0 += n_without;
            }
        };
        if !self.visitors.is_empty() {
            let example = self.first_without_visitor.take();
            leave_out(Reason::NoVisitor, example, |event| event.visitor.is_some());
        }
        if self.has_times {
            let example = self.first_without_time.take();
            leave_out(Reason::UnreadableTime, example, |event| event.time_s != NO_TIME);
        } else {
            self.events.iter_mut().for_each(|event| event.time_s = 0);
        }
    }

    /// Numbers the variants by name, so that the order of the rows does not show.
    fn sort_variants(&mut self) {
        let mut names = self.variants.clone();
        names.sort();
        let place = |name: &String| names.binary_search(name).unwrap_or(0);
        let places: Vec<usize> = self.variants.iter().map(place).collect();
        for event in &mut self.events {
            let place = places.get(usize::from(event.variant)).copied().unwrap_or(0);
            event.variant = u16::try_from(place).unwrap_or(u16::MAX);
        }
        self.variants = names;
    }
}

#[cfg(test)]
mod tests;
