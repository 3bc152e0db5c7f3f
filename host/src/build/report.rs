//! What a build did: a summary for people on stderr, and the same as JSON for programs.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;

use anyhow::Context;
use edgewise_bundle::{Bundle, People, hex};
use edgewise_core::{Model, Relation};
use edgewise_ingest::{CleaningReport, Refused, Role};
use edgewise_train::Trained;
use serde::Serialize;

use super::portraits::{self, MonthLine, RegionLine, TrendLine};
use super::timings::{self, StageUse};
use super::{BuildArgs, step};
use crate::config::Config;
use crate::inspect::Contents;
use crate::output::{Terminal, bytes, counted, grouped};
use crate::whole_file;

/// What a build did. The keys of the JSON are these names.
#[derive(Serialize)]
pub(crate) struct Report<'a> {
    output: &'a Path,
    columns: BTreeMap<&'static str, &'a str>,
    cleaning: &'a CleaningReport,
    bundle: Contents,
    trending: Vec<TrendLine>,
    regions: Vec<RegionLine>,
    months: Vec<MonthLine>,
    /// Only when it was asked for: equal input gives equal bytes otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    timings: Option<Vec<StageUse>>,
    #[serde(skip)]
    summary: Summary,
}

/// What the summary says of the bundle.
struct Summary {
    digest: String,
    size_bytes: u64,
    similar: Option<u64>,
    together: Option<u64>,
    n_items: u32,
    n_regions: u32,
    n_categories: u32,
    privacy: Option<edgewise_bundle::Privacy>,
}

impl<'a> Report<'a> {
    pub(crate) fn new(
        args: &'a BuildArgs,
        config: &'a Config,
        cleaning: &'a CleaningReport,
        (bundle, trained): (&Bundle<'_>, &Trained),
        size_bytes: u64,
        timings: Option<Vec<StageUse>>,
    ) -> anyhow::Result<Report<'a>> {
        let columns =
            Role::ALL.into_iter().filter_map(|role| Some((role.key(), config.columns.get(role)?)));
        Ok(Report {
            output: &args.output,
            columns: columns.collect(),
            cleaning,
            bundle: Contents::of(bundle, size_bytes)?,
            trending: portraits::trends(bundle, trained),
            regions: portraits::regions(bundle, trained),
            months: portraits::months(bundle, trained),
            timings,
            summary: Summary {
                digest: hex(&bundle.digest()),
                size_bytes,
                similar: bundle.n_entries(Relation::Similar),
                together: bundle.n_entries(Relation::Together),
                n_items: bundle.n_items(),
                n_regions: bundle.n_regions(),
                n_categories: bundle.n_categories(),
                privacy: bundle.provenance()?.map(|provenance| provenance.privacy),
            },
        })
    }

    /// To the file that was asked for, if any.
    pub(crate) fn write_json(
        &self,
        args: &BuildArgs,
        terminal: &mut Terminal,
    ) -> anyhow::Result<()> {
        let Some(path) = &args.report else {
            return Ok(());
        };
        let text = serde_json::to_string_pretty(self)? + "\n";
        if path == Path::new("-") {
            return Ok(terminal.data(&text)?);
        }
        whole_file::write(path, text.as_bytes())
            .with_context(|| format!("cannot write the report `{}`", path.display()))
    }

    /// For people.
    pub(crate) fn write_summary(&self, terminal: &Terminal) -> std::io::Result<()> {
        let mut notes = terminal.notes();
        self.write_reading(terminal, &mut notes)?;
        self.write_refusals(terminal, &mut notes)?;
        self.write_model(terminal, &mut notes)?;
        self.timings.as_ref().map_or(Ok(()), |stages| timings::write(stages, terminal))
    }

    fn write_reading(&self, terminal: &Terminal, notes: &mut dyn Write) -> std::io::Result<()> {
        let CleaningReport { n_rows, n_files, n_bytes, .. } = *self.cleaning;
        let columns: Vec<String> =
            self.columns.iter().map(|(role, column)| format!("{role} `{column}`")).collect();
        writeln!(
            notes,
            "{}{} rows from {} ({})",
            step(terminal, "read"),
            grouped(n_rows),
            counted(n_files, "file", "files"),
            bytes(n_bytes)
        )?;
        writeln!(notes, "{}{}", step(terminal, "columns"), columns.join(", "))
    }

    fn write_refusals(&self, terminal: &Terminal, notes: &mut dyn Write) -> std::io::Result<()> {
        let CleaningReport { n_rows, n_kept, n_items, n_users, n_orders, n_guest_rows, .. } =
            *self.cleaning;
        let n_refused = n_rows - n_kept;
        let percent = n_refused * 1_000 / n_rows.max(1);
        writeln!(
            notes,
            "{}{} ({}.{} %)",
            step(terminal, "refused"),
            counted(n_refused, "row", "rows"),
            percent / 10,
            percent % 10
        )?;
        for Refused { text, n_rows, examples, .. } in &self.cleaning.refused {
            write!(notes, "  {:>9}  {text}", grouped(*n_rows))?;
            if let Some(example) = examples.first() {
                let file = example.file.file_name().unwrap_or(example.file.as_os_str());
                write!(notes, ", as `{}` at {}:{}", example.text, file.display(), example.line)?;
            }
            writeln!(notes)?;
        }
        for note in &self.cleaning.notes {
            writeln!(notes, "{}{}", step(terminal, "note"), note.text)?;
        }
        writeln!(
            notes,
            "{}{} rows: {}, {}, {}, {} without a known user",
            step(terminal, "kept"),
            grouped(n_kept),
            counted(n_items, "item", "items"),
            counted(n_users, "user", "users"),
            counted(n_orders, "order", "orders"),
            counted(n_guest_rows, "row", "rows")
        )?;
        match (self.cleaning.first_time_s, self.cleaning.last_time_s) {
            (Some(first), Some(last)) => {
                writeln!(notes, "{}{} to {}", step(terminal, "period"), day(first), day(last))
            }
            _ => Ok(()),
        }
    }

    fn write_model(&self, terminal: &Terminal, notes: &mut dyn Write) -> std::io::Result<()> {
        let Summary {
            digest,
            size_bytes,
            similar,
            together,
            n_items,
            n_regions,
            n_categories,
            privacy,
        } = &self.summary;
        let lists = |count: &Option<u64>| count.map_or("none".to_owned(), grouped);
        writeln!(
            notes,
            "{}{} similar and {} bought-together neighbours, rankings of {} for everyone, {}, {}",
            step(terminal, "learnt"),
            lists(similar),
            lists(together),
            counted(u64::from(*n_items), "item", "items"),
            counted(u64::from(*n_categories), "category", "categories"),
            counted(u64::from(*n_regions), "region", "regions")
        )?;
        if let Some(privacy) = privacy {
            let people = match privacy.people {
                People::Users => "users",
                People::Orders => "orders",
            };
            writeln!(
                notes,
                "{}at least {} {people} behind every fact: removed {} similar pairs, {} pairs bought together, \
                 {} ranking entries; hid the popularity of {}",
                step(terminal, "privacy"),
                privacy.min_people,
                grouped(privacy.similar_pairs_removed),
                grouped(privacy.together_pairs_removed),
                grouped(privacy.ranking_entries_removed),
                counted(privacy.items_hidden.into(), "item", "items")
            )?;
        }
        writeln!(
            notes,
            "{}{}: {}",
            step(terminal, "wrote"),
            self.output.display(),
            bytes(*size_bytes)
        )?;
        writeln!(notes, "{}{digest}", step(terminal, "digest"))
    }
}

/// The day of a time in UTC, as `2011-10-31`; the bare number when no calendar reaches that far.
pub(crate) fn day(time_s: i64) -> String {
    match jiff::Timestamp::from_second(time_s) {
        Ok(time) => time.strftime("%Y-%m-%d").to_string(),
        Err(_) => time_s.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_those_of_the_calendar() {
        for (time_s, expected) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (951_782_400, "2000-02-29"),
            (1_320_019_200, "2011-10-31"),
            (4_102_444_799, "2099-12-31"),
            (i64::MAX, "9223372036854775807"),
        ] {
            assert_eq!(day(time_s), expected);
        }
    }
}
