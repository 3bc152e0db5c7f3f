//! Named columns of any table, row by row: for files that are no log of interactions.

use std::path::Path;
use std::sync::Arc;

use crate::error::IngestError;
use crate::files::discover;
use crate::number::Number;
use crate::progress::Progress;
use crate::read::for_each_batch;
use crate::settings::{DecimalMark, Sources};
use crate::text;
use crate::time::{Reading, read_auto};

/// A column that a reader wants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// What it means, as messages say it.
    pub key: &'static str,
    /// The names that it may have; the first that a file has is read.
    pub names: Vec<String>,
    /// Whether it must be there.
    pub need: Need,
}

/// Whether a column must be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// In every CSV file, and in some file of another format.
    Required,
    /// Where it is not, its cells are empty.
    Optional,
}

/// One row.
#[derive(Clone, Copy, Debug)]
pub struct Cells<'r> {
    /// The file.
    pub file: &'r Path,
    /// Line of a text file or row of a Parquet file, counted from 1.
    pub line: u64,
    /// A trimmed cell per wanted column; empty where the row has none, or says so by a word such as `NULL`. `None` where the
    /// row has more or fewer cells than its file has columns.
    pub values: Option<&'r [&'r str]>,
}

/// Gives `each` the wanted columns of every row, file by file in the order of their paths.
///
/// # Errors
/// A file that cannot be read, or a required column that is not there.
pub fn each_row(
    sources: &Sources,
    columns: &[Wanted],
    progress: &dyn Progress,
    mut each: impl FnMut(&Cells<'_>),
) -> Result<(), IngestError> {
    let files = discover(&sources.paths)?;
    progress.begin(files.iter().map(|file| file.size_bytes).sum());
    let mut layout: (Option<Arc<Vec<String>>>, Vec<Option<usize>>) = (None, Vec::new());
    let mut was_found = vec![false; columns.len()];
    for_each_batch(sources, &files, None, progress, |file, batch| {
        let path = files[file].path.as_path();
        if layout.0.as_ref().is_none_or(|names| !Arc::ptr_eq(names, &batch.columns)) {
            let places = columns.iter().map(|wanted| wanted.place(&batch.columns)).collect();
            layout = (Some(Arc::clone(&batch.columns)), places);
            for (wanted, (place, was_found)) in
                columns.iter().zip(layout.1.iter().zip(&mut was_found))
            {
                *was_found |= place.is_some();
                if batch.is_rectangular && place.is_none() && wanted.need == Need::Required {
                    return Err(wanted.missing(path, batch.columns.to_vec()));
                }
            }
        }
        let mut values = Vec::with_capacity(columns.len());
        for row in batch.rows() {
            values.clear();
            let cells = layout.1.iter().map(|place| place.map_or("", |at| row.cell(at).trim()));
            values.extend(cells.map(|cell| if text::is_missing(cell) { "" } else { cell }));
            let is_whole = !batch.is_rectangular || row.n_cells() == batch.columns.len();
            each(&Cells {
                file: path,
                line: row.line,
                values: is_whole.then_some(values.as_slice()),
            });
        }
        progress.rows(batch.n_rows() as u64);
        Ok(batch)
    })?;
    progress.all_read();
    let mut absent =
        columns.iter().zip(was_found).filter(|(wanted, _)| wanted.need == Need::Required);
    match (absent.find(|(_, was_found)| !was_found), files.first()) {
        (Some((wanted, _)), Some(file)) => {
            let found = layout.0.map_or_else(Vec::new, |names| names.to_vec());
            Err(wanted.missing(&file.path, found))
        }
        _ => Ok(()),
    }
}

impl Wanted {
    fn place(&self, columns: &[String]) -> Option<usize> {
        self.names.iter().find_map(|name| columns.iter().position(|column| column == name))
    }

    fn missing(&self, path: &Path, found: Vec<String>) -> IngestError {
        let wanted = self.names.first().cloned().unwrap_or_default();
        IngestError::NoSuchColumn { path: path.to_owned(), wanted, role: self.key, found }
    }
}

/// The time that a text writes, in seconds since 1970; `None` for what is no time, and for a date such as `1/2/2011` that
/// reads both ways.
pub fn time_s(text: &str) -> Option<i64> {
    match read_auto(text) {
        Reading::At(time_s)
        | Reading::Either { day_first: Some(time_s), month_first: None }
        | Reading::Either { day_first: None, month_first: Some(time_s) } => Some(time_s),
        Reading::Either { .. } | Reading::Unreadable => None,
    }
}

/// The number that a text writes, exact to a millionth; `1.234` is one and a bit.
pub fn decimal(text: &str) -> Option<f64> {
    let number = Number::read(text, DecimalMark::Auto)?;
    let millionths = number.value(DecimalMark::Point)?;
    // Every number of twelve digits before the point and six behind is below 2^60; its nearest float is near enough.
    #[expect(clippy::cast_precision_loss, reason = "rounding beyond 15 digits does not matter")]
    Some(millionths as f64 / 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::progress::NoProgress;

    fn wanted() -> [Wanted; 3] {
        let column = |key, names: &[&str], need| Wanted {
            key,
            names: names.iter().map(|name| (*name).to_owned()).collect(),
            need,
        };
        [
            column("kind", &["event", "kind"], Need::Required),
            column("visitor", &["visitor"], Need::Optional),
            column("value", &["value"], Need::Optional),
        ]
    }

    /// A line's number, and its cells where it has the right number of them.
    type Line = (u64, Option<Vec<String>>);

    fn read(name: &str, text: &str) -> Result<Vec<Line>, IngestError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        let mut rows = Vec::new();
        each_row(&Sources::new([path]), &wanted(), &NoProgress, |cells| {
            let values =
                cells.values.map(|row| row.iter().map(|cell| (*cell).to_owned()).collect());
            rows.push((cells.line, values));
        })?;
        Ok(rows)
    }

    #[test]
    fn columns_are_found_by_any_of_their_names_in_any_order() {
        let row = |values: [&str; 3]| Some(values.map(str::to_owned).to_vec());
        assert_eq!(
            read("a.csv", "value,kind\n 3.5 ,click\nNULL,view\n1,2,3\n").unwrap(),
            [(2, row(["click", "", "3.5"])), (3, row(["view", "", ""])), (4, None)]
        );
        let lines = "{\"event\":\"click\",\"value\":2}\n{\"visitor\":\"v\",\"event\":\"view\"}\n";
        assert_eq!(
            read("a.jsonl", lines).unwrap(),
            [(1, row(["click", "", "2"])), (2, row(["view", "v", ""]))]
        );
    }

    #[test]
    fn a_required_column_must_be_somewhere() {
        for (name, text) in [("a.csv", "visitor\nv\n"), ("a.jsonl", "{\"visitor\":\"v\"}\n")] {
            let error = read(name, text).unwrap_err();
            assert!(matches!(error, IngestError::NoSuchColumn { role: "kind", .. }), "{error}");
        }
    }

    #[test]
    fn times_and_numbers_are_read_where_they_read_one_way() {
        assert_eq!(time_s("1970-01-02"), Some(86_400));
        assert_eq!(time_s("13/1/1970"), Some(12 * 86_400));
        assert_eq!((time_s("1/2/1970"), time_s("soon")), (None, None));
        assert_eq!(decimal("1,299.50"), Some(1_299.5));
        assert_eq!((decimal("2,95"), decimal("x")), (Some(2.95), None));
    }
}
