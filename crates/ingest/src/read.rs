//! Files to a clean log: one thread cuts the files into rows, the other judges and gathers them, in the order of the
//! files, so that threads have no say in the result.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc;
use std::time::Instant;

use crate::clean::{Layout, is_made, wanted};
use crate::error::IngestError;
use crate::files::{SourceFile, discover};
use crate::finish::{self, Log};
use crate::gather::{FileColumns, Gather};
use crate::progress::{Consumed, NoProgress, Progress, Work};
use crate::report::Note;
use crate::room::{Limit, ReadRoom};
use crate::rows::{Batch, RowReader, exploded_array};
use crate::settings::{CatalogSource, Columns, Role, Settings, Sources, TimeFormat};
use crate::time::{self, DayOrder, Reading};
use crate::{catalog, guess};

/// How many batches of rows may wait for the gathering thread.
const WAITING_BATCHES: usize = 4;

/// Reads a log, and a catalogue beside it where there is one.
///
/// The result depends on the rows and not on their order or on how they are spread over files, except for the numbers
/// of users and orders and the order of the rows, which mean nothing.
///
/// # Errors
/// A file that cannot be read, a column that is not there, dates that read both ways, more refused rows than
/// [`Settings::max_refused_share`], or no row left. [`IngestError::hint`] says what to do.
pub fn read(
    sources: &Sources,
    columns: &Columns,
    settings: &Settings,
    catalog: Option<&CatalogSource>,
    progress: &dyn Progress,
) -> Result<Log, IngestError> {
    read_within(sources, columns, settings, catalog, ReadRoom { progress, ..ReadRoom::unlimited() })
}

/// Reads the same log within a room.
///
/// # Errors
/// As [`read`], and [`IngestError::NoRoom`] as soon as it is known that the room does not suffice.
pub fn read_within(
    sources: &Sources,
    columns: &Columns,
    settings: &Settings,
    catalog: Option<&CatalogSource>,
    room: ReadRoom<'_>,
) -> Result<Log, IngestError> {
    let progress = &Consumed::new(room.progress);
    let mut limit = Limit::new(room);
    check_settings(settings)?;
    let files = discover(&sources.paths)?;
    if columns.item.is_none() {
        return Err(guess::no_item_column(sources, &files));
    }
    let catalog = catalog.map(|catalog| catalog::read(catalog, settings)).transpose()?;
    let n_bytes = files.iter().map(|file| file.size_bytes).sum();
    progress.begin(n_bytes);
    let paths: Vec<PathBuf> = files.iter().map(|file| file.path.clone()).collect();
    let mut gather = Gather::new(settings, columns, paths);
    let mut wanted = Wanted::new(columns);
    let mut notes = Vec::new();
    for_each_batch(sources, &files, exploded_array(columns), progress, |file, batch| {
        let began = Instant::now();
        let names = Arc::clone(&batch.columns);
        let layout = wanted.layout(&files[file], &batch)?;
        let file_columns = gather.name_columns(layout, &names)?;
        let offered = offer_all(&mut gather, file, &file_columns, &batch)?;
        if let Offered::NeedsDayOrder { rest_from } = offered {
            let (order, note) = find_day_order(sources, &files, columns)?;
            gather.judge.day_order = Some(order);
            notes.push(note);
            for row in batch.rows().enumerate().skip(rest_from) {
                gather.offer((row.0, &row.1), file, &file_columns, &batch)?;
            }
        }
        gather.n_recoded += batch.n_recoded;
        progress.rows(batch.n_rows() as u64);
        progress.busy(Work::Judge, began.elapsed());
        limit.check(gather.in_use(), progress.share())?;
        Ok(batch)
    })?;
    wanted.check(&files)?;
    progress.all_read();
    let read = finish::Read { n_files: files.len(), n_bytes, notes };
    finish::finish(gather, settings, columns, catalog.as_ref(), read)
}

fn check_settings(settings: &Settings) -> Result<(), IngestError> {
    if !(0.0..=1.0).contains(&settings.max_refused_share) {
        return Err(IngestError::BadSetting {
            key: "max_refused_share",
            found: settings.max_refused_share.to_string(),
            expected: "a share of 0.0 to 1.0",
        });
    }
    if let TimeFormat::Pattern(pattern) = &settings.time_format
        && !time::is_pattern(pattern)
    {
        return Err(IngestError::BadSetting {
            key: "time_format",
            found: pattern.clone(),
            expected: "`auto`, `day-first`, `month-first`, `epoch-s`, `epoch-ms`, `epoch-us` or a pattern of a date \
                       such as `%d.%m.%Y %H:%M`",
        });
    }
    Ok(())
}

/// How far the rows of a batch were taken.
enum Offered {
    All,
    /// The row with this index could not be judged before the order of day and month is known.
    NeedsDayOrder {
        rest_from: usize,
    },
}

fn offer_all(
    gather: &mut Gather<'_>,
    file: usize,
    columns: &FileColumns,
    batch: &Batch,
) -> Result<Offered, IngestError> {
    gather.foresee(batch, columns);
    for (at, row) in batch.rows().enumerate() {
        if !gather.offer((at, &row), file, columns, batch)? {
            return Ok(Offered::NeedsDayOrder { rest_from: at });
        }
    }
    Ok(Offered::All)
}

/// The configured columns that were not found so far. A CSV file must have each; other formats may leave a column out
/// of a file, but not out of all.
struct Wanted<'c> {
    columns: &'c Columns,
    missing: Vec<(Role, String)>,
    found_names: Vec<String>,
    last: Option<(Arc<Vec<String>>, Layout)>,
}

impl<'c> Wanted<'c> {
    fn new(columns: &'c Columns) -> Self {
        let missing = wanted(columns).filter(|(role, wanted)| !is_made(*role, wanted)).collect();
        Self { columns, missing, found_names: Vec::new(), last: None }
    }

    fn layout(&mut self, file: &SourceFile, batch: &Batch) -> Result<Layout, IngestError> {
        if let Some((names, layout)) = &self.last
            && Arc::ptr_eq(names, &batch.columns)
        {
            return Ok(layout.clone());
        }
        let (layout, missing) = Layout::find(self.columns, &batch.columns);
        if batch.is_rectangular
            && let Some((role, wanted)) = missing.first()
        {
            return Err(no_such_column(file, *role, wanted, batch.columns.to_vec()));
        }
        self.missing.retain(|column| missing.contains(column));
        for name in batch.columns.iter() {
            if !self.found_names.contains(name) {
                self.found_names.push(name.clone());
            }
        }
        self.last = Some((Arc::clone(&batch.columns), layout.clone()));
        Ok(layout)
    }

    fn check(self, files: &[SourceFile]) -> Result<(), IngestError> {
        match (self.missing.first(), files.first()) {
            (Some((role, wanted)), Some(file)) => {
                Err(no_such_column(file, *role, wanted, self.found_names))
            }
            _ => Ok(()),
        }
    }
}

fn no_such_column(file: &SourceFile, role: Role, wanted: &str, found: Vec<String>) -> IngestError {
    let (path, wanted) = (file.path.clone(), wanted.to_owned());
    IngestError::NoSuchColumn { path, wanted, role: role.key(), found }
}

/// Gives `each` the rows of every file, batch by batch; it gives the batch back to be filled again. The first batch of
/// a file comes even when it has no rows.
pub(crate) fn for_each_batch(
    sources: &Sources,
    files: &[SourceFile],
    explode: Option<&str>,
    progress: &dyn Progress,
    mut each: impl FnMut(usize, Batch) -> Result<Batch, IngestError>,
) -> Result<(), IngestError> {
    let (full_in, full_out) = mpsc::sync_channel::<(usize, Batch)>(WAITING_BATCHES);
    let (empty_in, empty_out) = mpsc::channel::<Batch>();
    std::thread::scope(|scope| {
        let reading = scope.spawn(move || -> Result<(), IngestError> {
            for (index, file) in files.iter().enumerate() {
                let mut reader = RowReader::open(file, sources, explode, progress)?;
                let mut is_first = true;
                loop {
                    let mut batch = empty_out.try_recv().unwrap_or_default();
                    let began = Instant::now();
                    reader.fill(&mut batch)?;
                    progress.busy(Work::Parse, began.elapsed());
                    let is_end = batch.n_rows() == 0;
                    // Nobody listens any more when `each` failed; its error is the one to tell.
                    if (is_first || !is_end) && full_in.send((index, batch)).is_err() {
                        return Ok(());
                    }
                    is_first = false;
                    if is_end {
                        break;
                    }
                }
            }
            Ok(())
        });
        let mut judged = Ok(());
        for (index, batch) in &full_out {
            match each(index, batch) {
                // The reader may have ended already and need no more batches.
                Ok(batch) => drop(empty_in.send(batch)),
                Err(error) => {
                    judged = Err(error);
                    break;
                }
            }
        }
        drop(full_out);
        let read = reading.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        judged.and(read)
    })
}

/// Whether the log writes the day or the month first: what more of its dates can only be.
fn find_day_order(
    sources: &Sources,
    files: &[SourceFile],
    columns: &Columns,
) -> Result<(DayOrder, Note), IngestError> {
    let (mut n_day_first, mut n_month_first) = (0u64, 0u64);
    let mut example = String::new();
    let explode = exploded_array(columns);
    for_each_batch(sources, files, explode, &NoProgress, |_, batch| {
        let (layout, _) = Layout::find(columns, &batch.columns);
        for row in batch.rows() {
            let Some(cell) = layout.value(&row, Role::Time) else {
                continue;
            };
            match time::read_auto(cell) {
                Reading::Either { month_first: None, .. } => n_day_first += 1,
                Reading::Either { day_first: None, .. } => n_month_first += 1,
                Reading::Either { .. } if example.is_empty() => example.push_str(cell),
                _ => {}
            }
        }
        Ok(batch)
    })?;
    let (order, name, count) = match n_day_first.cmp(&n_month_first) {
        std::cmp::Ordering::Greater => (DayOrder::DayFirst, "day/month", n_day_first),
        std::cmp::Ordering::Less => (DayOrder::MonthFirst, "month/day", n_month_first),
        std::cmp::Ordering::Equal => {
            let column = columns.time.clone().unwrap_or_default();
            return Err(IngestError::AmbiguousDates { column, example });
        }
    };
    let text = format!("dates are read as {name}, which {count} of them can only be");
    Ok((order, Note { code: "day_order", count, text }))
}

#[cfg(test)]
mod tests;
