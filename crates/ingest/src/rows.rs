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
    /// The cells, one after the other, while the batch is filled.
    bytes: Vec<u8>,
    /// The same, once they are known to be text.
    text: String,
    /// Where each cell ends.
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
    text: &'a str,
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
        // Cannot fail: `Batch::seal` leaves only cells that are text.
        self.text.get(start..end).unwrap_or("")
    }

    /// The bytes of a cell.
    #[inline]
    pub(crate) fn cell_bytes(&self, column: usize) -> &'a [u8] {
        self.cell(column).as_bytes()
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
            text: &self.text,
            first_byte: at.first_byte,
            ends: &self.ends[at.first_cell..at.end_cell],
        })
    }

    /// How many rows there are.
    pub(crate) fn n_rows(&self) -> usize {
        self.rows.len()
    }

    fn clear(&mut self) {
        if self.bytes.capacity() == 0 {
            self.bytes = std::mem::take(&mut self.text).into_bytes();
        }
        self.bytes.clear();
        self.ends.clear();
        self.rows.clear();
        self.n_recoded = 0;
    }

    fn is_full(&self) -> bool {
        self.bytes.len() >= BATCH_BYTES || self.rows.len() >= BATCH_ROWS
    }

    /// Adds a row, whose cells write themselves.
    fn push<C>(
        &mut self,
        line: u64,
        cells: impl Iterator<Item = C>,
        mut write: impl FnMut(C, &mut Vec<u8>),
    ) {
        let (first_byte, first_cell) = (self.bytes.len(), self.ends.len());
        for cell in cells {
            write(cell, &mut self.bytes);
            self.ends.push(self.bytes.len());
        }
        self.rows.push(RowAt { line, first_byte, first_cell, end_cell: self.ends.len() });
    }

    /// Makes every cell text: a row that is not UTF-8 is read as Windows-1252, whole. What a row becomes does not depend
    /// on the rows around it.
    fn seal(&mut self) {
        match String::from_utf8(std::mem::take(&mut self.bytes)) {
            Ok(text) if self.are_boundaries(&text) => self.text = text,
            Ok(text) => self.recode(text.as_bytes()),
            Err(error) => self.recode(error.as_bytes()),
        }
    }

    /// Whether no character reaches over the end of a cell.
    fn are_boundaries(&self, text: &str) -> bool {
        text.is_ascii() || self.ends.iter().all(|&end| text.is_char_boundary(end))
    }

    fn recode(&mut self, bytes: &[u8]) {
        let mut ends = Vec::with_capacity(self.ends.len());
        let mut text = String::with_capacity(bytes.len());
        for row in &mut self.rows {
            let (mut start, first_byte) = (row.first_byte, text.len());
            let cells = self.ends[row.first_cell..row.end_cell].iter().map(|&end| {
                let cell = &bytes[start..end];
                start = end;
                cell
            });
            let cells: Vec<&[u8]> = cells.collect();
            let is_utf8 = cells.iter().all(|cell| std::str::from_utf8(cell).is_ok());
            self.n_recoded += u64::from(!is_utf8);
            for cell in cells {
                match std::str::from_utf8(cell) {
                    Ok(cell) if is_utf8 => text.push_str(cell),
                    _ => text.push_str(&text::windows_1252(cell)),
                }
                ends.push(text.len());
            }
            row.first_byte = first_byte;
        }
        (self.text, self.ends) = (text, ends);
    }
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
        batch.seal();
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
