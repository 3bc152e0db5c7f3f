//! Rows of any format as one shape: batches of text cells under named columns.
//!
//! A reader fills a `Batch`, which it is given back when the batch was used, so that a file of any length passes
//! through a fixed amount of memory.

mod delimited;
mod json_lines;
mod parquet;

use std::sync::Arc;

use crate::error::IngestError;
use crate::files::{Format, SourceFile};
use crate::open;
use crate::progress::Progress;
use crate::settings::{Columns, Quotes, Sources};
use crate::text;

/// The longest row of a text file. A longer one is a quote that is never closed.
pub const MAX_ROW_BYTES: usize = 4 << 20;
/// The largest number of columns.
pub const MAX_COLUMNS: usize = 4096;

/// A batch is full with this many bytes of cells, or with [`BATCH_ROWS`] rows.
const BATCH_BYTES: usize = 256 * 1024;
const BATCH_ROWS: usize = 4096;

/// Some rows of one file.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    /// The columns; a JSON lines file may get more from batch to batch.
    pub(crate) columns: Arc<Vec<String>>,
    /// Whether every row must have exactly one cell a column.
    pub(crate) is_rectangular: bool,
    /// How many rows of the batch were not UTF-8.
    pub(crate) n_recoded: u64,
    /// The cells, one after the other.
    bytes: Vec<u8>,
    /// Where in `bytes` each cell ends.
    ends: Vec<usize>,
    rows: Vec<RowAt>,
}

#[derive(Clone, Copy, Debug)]
struct RowAt {
    line: u64,
    first_byte: usize,
    first_cell: usize,
    end_cell: usize,
}

/// One row of a batch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'a> {
    /// Line of a text file or row of a Parquet file, counted from 1.
    pub(crate) line: u64,
    bytes: &'a [u8],
    first_byte: usize,
    ends: &'a [usize],
}

impl<'a> Row<'a> {
    /// The cell of a column; empty where the row has none.
    #[inline]
    pub(crate) fn cell(&self, column: usize) -> &'a str {
        let Some(&end) = self.ends.get(column) else {
            return "";
        };
        let start = if column == 0 { self.first_byte } else { self.ends[column - 1] };
        // Cannot fail: `Batch::recode` leaves only cells that are UTF-8.
        std::str::from_utf8(&self.bytes[start..end]).unwrap_or("")
    }

    /// The bytes of a cell.
    #[inline]
    pub(crate) fn cell_bytes(&self, column: usize) -> &'a [u8] {
        let Some(&end) = self.ends.get(column) else {
            return b"";
        };
        let start = if column == 0 { self.first_byte } else { self.ends[column - 1] };
        &self.bytes[start..end]
    }

    /// How many cells the row has.
    pub(crate) fn n_cells(&self) -> usize {
        self.ends.len()
    }
}

impl Batch {
    /// The rows, in the order of the file.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|at| Row {
            line: at.line,
            bytes: &self.bytes,
            first_byte: at.first_byte,
            ends: &self.ends[at.first_cell..at.end_cell],
        })
    }

    /// How many rows there are.
    pub(crate) fn n_rows(&self) -> usize {
        self.rows.len()
    }

    fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.rows.clear();
        self.n_recoded = 0;
    }

    fn is_full(&self) -> bool {
        self.bytes.len() >= BATCH_BYTES || self.rows.len() >= BATCH_ROWS
    }

    /// Adds a row.
    fn push<'c>(&mut self, line: u64, cells: impl Iterator<Item = &'c [u8]>) {
        let (first_byte, first_cell) = (self.bytes.len(), self.ends.len());
        for cell in cells {
            self.bytes.extend_from_slice(cell);
            self.ends.push(self.bytes.len());
        }
        self.rows.push(RowAt { line, first_byte, first_cell, end_cell: self.ends.len() });
    }

    /// Makes every cell UTF-8: a row that is not is read as Windows-1252, whole. What a row becomes does not depend on
    /// the rows around it.
    fn recode(&mut self) {
        if self.bytes.is_ascii() || self.rows().all(|row| is_utf8(&row)) {
            return;
        }
        let old = std::mem::take(self);
        self.columns = Arc::clone(&old.columns);
        self.is_rectangular = old.is_rectangular;
        for row in old.rows() {
            let cells = (0..row.n_cells()).map(|column| row.cell_bytes(column));
            if is_utf8(&row) {
                self.push(row.line, cells);
            } else {
                self.n_recoded += 1;
                let cells: Vec<String> = cells.map(text::windows_1252).collect();
                self.push(row.line, cells.iter().map(String::as_bytes));
            }
        }
    }
}

fn is_utf8(row: &Row<'_>) -> bool {
    (0..row.n_cells()).all(|column| std::str::from_utf8(row.cell_bytes(column)).is_ok())
}

/// Reads the rows of one file.
pub(crate) enum RowReader<'a> {
    Delimited(Box<delimited::DelimitedReader<'a>>),
    JsonLines(json_lines::JsonLinesReader<'a>),
    Parquet(parquet::ParquetReader<'a>),
}

impl<'a> RowReader<'a> {
    /// Opens a file. `explode` names the array of a JSON lines file whose elements become rows; see
    /// [`exploded_array`].
    ///
    /// # Errors
    /// A file that cannot be read, or whose first row names no columns.
    pub(crate) fn open(
        file: &SourceFile,
        sources: &Sources,
        explode: Option<&str>,
        progress: &'a dyn Progress,
    ) -> Result<Self, IngestError> {
        if file.format == Format::Parquet {
            return parquet::ParquetReader::open(file, progress).map(Self::Parquet);
        }
        let opened = open::open(file, progress)?;
        match opened.format {
            Format::Parquet => parquet::ParquetReader::open(file, progress).map(Self::Parquet),
            Format::JsonLines => {
                Ok(Self::JsonLines(json_lines::JsonLinesReader::new(&file.path, opened, explode)))
            }
            Format::Delimited | Format::Unknown => {
                let reader = delimited::DelimitedReader::new(&file.path, opened, sources)?;
                Ok(Self::Delimited(Box::new(reader)))
            }
        }
    }

    /// Replaces the content of `batch` by the next rows; a batch without rows is the end of the file.
    ///
    /// # Errors
    /// A file that cannot be read further.
    pub(crate) fn fill(&mut self, batch: &mut Batch) -> Result<(), IngestError> {
        batch.clear();
        match self {
            Self::Delimited(reader) => reader.fill(batch)?,
            Self::JsonLines(reader) => reader.fill(batch)?,
            Self::Parquet(reader) => reader.fill(batch)?,
        }
        batch.recode();
        Ok(())
    }
}

/// The array whose elements become rows: what stands before `[].` in the name of the item column, as in
/// `items[].item_id`.
pub(crate) fn exploded_array(columns: &Columns) -> Option<&str> {
    columns.item.as_deref()?.rsplit_once("[].").map(|(array, _)| array)
}

/// Whether quotes enclose cells.
fn quoting(quotes: Quotes) -> bool {
    quotes == Quotes::Enclose
}

#[cfg(test)]
mod tests;
