//! From gathered rows to the log: what are no items goes, final numbers come, the report is written.

use std::collections::{BTreeMap, BTreeSet};

use edgewise_core::ids::{ItemIdx, OrderIdx, RegionIdx, SegmentIdx, UserIdx};
use edgewise_core::interactions::{Catalog, Interaction, Interactions};

use crate::catalog::{self, CatalogFile, Known};
use crate::error::IngestError;
use crate::gather::Gather;
use crate::keys::{Key, KeySet};
use crate::not_items::NotItemRule;
use crate::report::{CleaningReport, Note, Refusal, Refused};
use crate::settings::{
    Availability, Columns, DecimalMark, ItemCase, NotItems, Settings, Strangers,
};
use crate::tree;

/// Most segments that are told apart.
const MAX_SEGMENTS: usize = 255;

/// A shop's log, read and clean.
#[derive(Clone, Debug, PartialEq)]
pub struct Log {
    /// Who took which item.
    pub interactions: Interactions,
    /// The items.
    pub catalog: Catalog,
    /// What was refused and why.
    pub report: CleaningReport,
}

/// What the reading itself has to report.
pub(crate) struct Read {
    pub(crate) n_files: usize,
    pub(crate) n_bytes: u64,
    pub(crate) notes: Vec<Note>,
}

/// Turns gathered rows into the log.
///
/// # Errors
/// [`IngestError::NothingLeft`] and [`IngestError::TooManyRefused`].
pub(crate) fn finish(
    mut gather: Gather<'_>,
    settings: &Settings,
    columns: &Columns,
    file: Option<&CatalogFile>,
    read: Read,
) -> Result<Log, IngestError> {
    let mut notes = read.notes;
    gather.forget_rows_read();
    let is_kept = judge_items(&mut gather, settings, file, &mut notes)?;
    let mut rows = std::mem::take(&mut gather.rows);
    rows.retain(|row| is_kept[row.item.index()]);
    note_oddities(&gather, settings, &rows, &is_kept, &mut notes);
    let (n_users, n_orders) = renumber_people(&mut rows);
    let separator = settings.category_separator.as_str();
    let region_paths: Vec<String> = gather
        .regions
        .names()
        .map(|name| tree::path(name, separator).unwrap_or_default())
        .collect();
    let region_names: Vec<&str> = region_paths.iter().map(String::as_str).collect();
    let mark = match settings.decimal_mark {
        DecimalMark::Auto => gather.judge.marks.mark(),
        fixed => fixed,
    };
    let known = Known {
        facts: &gather.items,
        mark,
        separator,
        is_kept: &is_kept,
        regions: rows.iter().filter_map(|row| Some(region_names[row.region?.index()])).collect(),
        available_in: where_seen(&rows, &region_names, is_kept.len(), settings.regions),
    };
    let (mut catalog, new_items) = catalog::assemble(&known, file)?;
    if let Some(file) = file {
        note_catalog(file, &gather, &is_kept, &mut notes);
    }
    renumber_names(&mut rows, &new_items, &region_names, &catalog.regions);
    catalog.segments = segments(&mut rows, &gather, &mut notes);
    let report = CleaningReport {
        n_files: read.n_files as u64,
        n_bytes: read.n_bytes,
        n_rows: gather.n_rows,
        n_kept: rows.len() as u64,
        n_items: is_kept.iter().filter(|&&is_kept| is_kept).count() as u64,
        n_users: u64::from(n_users),
        n_orders: u64::from(n_orders),
        n_guest_rows: rows.iter().filter(|row| row.user.is_none()).count() as u64,
        first_time_s: rows.iter().filter_map(|row| row.time_s).min(),
        last_time_s: rows.iter().filter_map(|row| row.time_s).max(),
        refused_share: 0.0,
        refused: refused(&gather, columns.kind.is_some()),
        notes,
    };
    let report = check(report, settings)?;
    Ok(Log { interactions: Interactions { rows, n_users, n_orders }, catalog, report })
}

/// For each provisional item whether it is kept; the others are counted as refused, the most frequent first.
fn judge_items(
    gather: &mut Gather<'_>,
    settings: &Settings,
    file: Option<&CatalogFile>,
    notes: &mut Vec<Note>,
) -> Result<Vec<bool>, IngestError> {
    let rule = NotItemRule::new(&settings.not_items)?;
    let ids: Vec<&str> = gather.items.ids.names().collect();
    let n_rows = &gather.items.n_rows;
    let no_items = rule.judge(ids.iter().copied().zip(n_rows.iter().copied()));
    let reason_of = |item: usize| match file {
        _ if no_items[item] => Some(Refusal::NotAnItem),
        Some(file) if settings.strangers == Strangers::Refuse => {
            file.facts.ids.find(ids[item]).is_none().then_some(Refusal::NotInCatalog)
        }
        _ => None,
    };
    let mut refused: Vec<(Refusal, u64, &str, u32)> = (0..)
        .zip(&ids)
        .filter_map(|(item, id)| {
            Some((reason_of(item as usize)?, n_rows[item as usize], *id, item))
        })
        .collect();
    refused.sort_unstable_by(|a, b| b.1.cmp(&a.1).then(a.2.cmp(b.2)));
    let no_item_ids: Vec<&str> =
        refused.iter().filter(|it| it.0 == Refusal::NotAnItem).map(|it| it.2).collect();
    if !no_item_ids.is_empty() && settings.not_items == NotItems::Auto {
        notes.push(Note {
            code: "not_items",
            count: no_item_ids.len() as u64,
            text: format!(
                "nearly every id has a digit, so these were taken for postage, fees and the like: {}; `not_items` lists \
                 others",
                shown(&no_item_ids)
            ),
        });
    }
    let mut is_kept = vec![true; ids.len()];
    let refused: Vec<(Refusal, u32)> = refused.iter().map(|it| (it.0, it.3)).collect();
    for (reason, item) in refused {
        is_kept[item as usize] = false;
        gather.refuse_item(reason, item);
    }
    Ok(is_kept)
}

/// Up to twenty names in backticks.
fn shown(names: &[&str]) -> String {
    let mut text: Vec<String> = names.iter().take(20).map(|name| format!("`{name}`")).collect();
    if names.len() > 20 {
        text.push(format!("and {} more", names.len() - 20));
    }
    text.join(", ")
}

fn note_oddities(
    gather: &Gather<'_>,
    settings: &Settings,
    rows: &[Interaction],
    is_kept: &[bool],
    notes: &mut Vec<Note>,
) {
    if gather.n_recoded > 0 {
        let (code, count) = ("not_utf8", gather.n_recoded);
        notes.push(Note {
            code,
            count,
            text: format!("{count} rows are not UTF-8 and were read as Windows-1252"),
        });
    }
    if settings.item_case == ItemCase::Keep {
        let mut spellings = KeySet::default();
        let kept = gather.items.ids.names().zip(is_kept).filter(|(_, is_kept)| **is_kept);
        let repeated = kept.filter(|(id, _)| !spellings.insert(Key::of(&id.to_uppercase())));
        let count = repeated.count() as u64;
        if count > 0 {
            let text = format!(
                "{count} item ids differ from another one in letter case only; `item_case = \"upper\"` unites them"
            );
            notes.push(Note { code: "case_variants", count, text });
        }
    }
    let mut of_user = vec![0_u32; gather.users.len()];
    for user in rows.iter().filter_map(|row| row.user) {
        of_user[user.index()] = of_user[user.index()].saturating_add(1);
    }
    let busiest = (0..).zip(of_user).max_by_key(|&(user, count)| (count, user));
    if let Some((user, count)) = busiest
        && let count = u64::from(count)
        && count >= 1_000
        && count * 10 > rows.len() as u64
    {
        let id = gather.users.name(user);
        let text = format!(
            "user `{id}` has {count} rows; if that id stands for guests, list it in `guest_users`"
        );
        notes.push(Note { code: "busy_user", count, text });
    }
}

fn note_catalog(file: &CatalogFile, gather: &Gather<'_>, is_kept: &[bool], notes: &mut Vec<Note>) {
    let in_log = |id: &str| gather.items.ids.find(id).is_some_and(|item| is_kept[item as usize]);
    let kept = gather.items.ids.names().zip(is_kept).filter(|(_, is_kept)| **is_kept);
    let mut strangers: Vec<&str> =
        kept.map(|(id, _)| id).filter(|id| file.facts.ids.find(id).is_none()).collect();
    let n_unseen = file.facts.ids.names().filter(|id| !in_log(id)).count();
    let mut add = |code, count: u64, text: String| {
        if count > 0 {
            notes.push(Note { code, count, text });
        }
    };
    let n_strangers = strangers.len() as u64;
    strangers.sort_unstable();
    let names = shown(&strangers);
    add(
        "not_in_catalog",
        n_strangers,
        format!("{n_strangers} items of the log are not in the catalogue: {names}"),
    );
    add(
        "not_in_log",
        n_unseen as u64,
        format!("{n_unseen} items of the catalogue have no row in the log"),
    );
    let n = file.n_without_id;
    add("catalog_without_id", n, format!("{n} rows of the catalogue have no id and were left out"));
    let n = file.n_bad_prices;
    add(
        "catalog_bad_price",
        n,
        format!("{n} prices of the catalogue are no positive numbers and were left out"),
    );
}

/// Numbers users and orders anew, in the order of the rows, so that each has a row; returns how many there are.
fn renumber_people(rows: &mut [Interaction]) -> (u32, u32) {
    let (mut users, mut orders) = (Renumbering::default(), Renumbering::default());
    for row in rows {
        row.user = row.user.map(|user| UserIdx(users.number(user.0)));
        row.order = row.order.map(|order| OrderIdx(orders.number(order.0)));
    }
    (users.n_numbered, orders.n_numbered)
}

/// New numbers in the order in which old ones come.
#[derive(Default)]
struct Renumbering {
    new: Vec<u32>,
    n_numbered: u32,
}

impl Renumbering {
    /// No number: there are fewer texts than that.
    const NONE: u32 = u32::MAX;

    fn number(&mut self, old: u32) -> u32 {
        let old = old as usize;
        if old >= self.new.len() {
            self.new.resize(old + 1, Renumbering::NONE);
        }
        let new = &mut self.new[old];
        if *new == Renumbering::NONE {
            *new = self.n_numbered;
            self.n_numbered += 1;
        }
        *new
    }
}

/// For each item the regions in which it has a row, where that decides where it may be shown.
fn where_seen<'a>(
    rows: &[Interaction],
    names: &[&'a str],
    n_items: usize,
    rule: Availability,
) -> Vec<BTreeSet<&'a str>> {
    let mut seen = vec![BTreeSet::new(); n_items];
    if rule == Availability::WhereSeen {
        for row in rows {
            seen[row.item.index()].extend(row.region.map(|region| names[region.index()]));
        }
    }
    seen
}

/// Gives rows the final numbers of items and regions.
fn renumber_names(
    rows: &mut [Interaction],
    new_items: &[Option<ItemIdx>],
    old_regions: &[&str],
    regions: &[String],
) {
    let by_name: BTreeMap<&str, u32> = regions.iter().map(String::as_str).zip(0..).collect();
    let new_regions: Vec<Option<RegionIdx>> =
        old_regions.iter().map(|name| by_name.get(name).copied().map(RegionIdx)).collect();
    for row in rows {
        // Cannot fail: every item of a kept row is in the catalogue.
        row.item = new_items[row.item.index()].unwrap_or(row.item);
        row.region = row.region.and_then(|region| new_regions[region.index()]);
    }
}

/// The names of the segments in order, with their numbers in the rows; none when there are more than can be numbered.
fn segments(rows: &mut [Interaction], gather: &Gather<'_>, notes: &mut Vec<Note>) -> Vec<String> {
    let old: Vec<&str> = gather.segments.names().collect();
    if old.len() > MAX_SEGMENTS {
        let (count, limit) = (old.len(), MAX_SEGMENTS);
        let text = format!("{count} segments are more than {limit}, so none is told apart");
        notes.push(Note { code: "too_many_segments", count: count as u64, text });
        for row in rows.iter_mut() {
            row.segment = None;
        }
        return Vec::new();
    }
    let used: BTreeSet<&str> =
        rows.iter().filter_map(|row| Some(old[row.segment?.index()])).collect();
    let by_name: BTreeMap<&str, u8> = used.iter().copied().zip(0..).collect();
    for row in rows {
        row.segment = row
            .segment
            .and_then(|segment| by_name.get(old[segment.index()]).copied().map(SegmentIdx));
    }
    used.into_iter().map(str::to_owned).collect()
}

fn refused(gather: &Gather<'_>, has_kinds: bool) -> Vec<Refused> {
    gather
        .refused
        .iter()
        .map(|(&reason, counted)| Refused {
            code: reason.code(),
            text: reason.text(),
            n_rows: counted.n_rows,
            is_fault: reason.is_fault(has_kinds),
            examples: counted.examples.clone(),
        })
        .collect()
}

/// The report, unless it says that the log is not usable.
fn check(mut report: CleaningReport, settings: &Settings) -> Result<CleaningReport, IngestError> {
    let n_faults: u64 = report.refused.iter().filter(|it| it.is_fault).map(|it| it.n_rows).sum();
    #[expect(clippy::cast_precision_loss, reason = "row counts are far below 2^52")]
    let share = n_faults as f64 / report.n_rows.max(1) as f64;
    report.refused_share = share;
    if report.n_kept == 0 {
        return Err(IngestError::NothingLeft { report: Box::new(report) });
    }
    if share > settings.max_refused_share {
        let limit = settings.max_refused_share;
        return Err(IngestError::TooManyRefused { report: Box::new(report), limit });
    }
    Ok(report)
}
