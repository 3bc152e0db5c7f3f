//! CSV and its relatives: a header line, then a row a record, the delimiter recognised from the first lines.

use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use csv_core::{ReadRecordResult, Reader, ReaderBuilder};

use super::{BATCH_BYTES, BATCH_ROWS, Batch, MAX_COLUMNS, MAX_ROW_BYTES, RowAt, quoting};
use crate::error::IngestError;
use crate::open::{Opened, read_error};
use crate::settings::{Quotes, Sources};
use crate::text;

/// The delimiters that are recognised, the likeliest first.
const DELIMITERS: [u8; 4] = *b",;\t|";
/// How many lines the delimiter is recognised from.
const SNIFFED_ROWS: usize = 200;

/// Reads a delimited file.
pub(crate) struct DelimitedReader<'a> {
    path: PathBuf,
    columns: Arc<Vec<String>>,
    records: Records<Box<dyn Read + Send + 'a>>,
}

impl<'a> DelimitedReader<'a> {
    /// Recognises the delimiter and reads the header.
    pub(super) fn new(
        path: &Path,
        opened: Opened<'a>,
        sources: &Sources,
    ) -> Result<Self, IngestError> {
        let delimiter =
            sources.delimiter.unwrap_or_else(|| sniff_delimiter(&opened.head, sources.quotes));
        let mut records =
            Records::new(Box::new(opened.into_reader()) as _, delimiter, sources.quotes);
        let mut header = Batch::default();
        if records.fill(path, &mut header, 1)? == 0 {
            return Err(IngestError::EmptyFile { path: path.to_owned() });
        }
        header.seal();
        let columns: Vec<String> = header
            .rows()
            .flat_map(|row| (0..row.n_cells()).map(move |column| row.cell(column)))
            .map(|name| text::fold_whitespace(name).into_owned())
            .collect();
        Ok(Self { path: path.to_owned(), columns: Arc::new(columns), records })
    }

    pub(super) fn fill(&mut self, batch: &mut Batch) -> Result<(), IngestError> {
        batch.columns = Arc::clone(&self.columns);
        batch.is_rectangular = true;
        self.records.fill(&self.path, batch, BATCH_ROWS).map(|_| ())
    }
}

/// Room for what the parser writes, in bytes and in cells: made in steps behind what a batch holds, and cut off when the
/// batch is full. A step a row took as long as the parser itself.
const ROOM_STEP: (usize, usize) = (32 * 1024, 4 * 1024);

/// How much of a batch is filled.
#[derive(Clone, Copy, Debug, Default)]
struct Filled {
    n_bytes: usize,
    n_cells: usize,
}

/// Cuts a stream into records.
struct Records<R> {
    input: R,
    parser: Reader,
    buffer: Vec<u8>,
    /// The part of `buffer` that is not yet parsed.
    start: usize,
    end: usize,
}

impl<R: Read> Records<R> {
    fn new(input: R, delimiter: u8, quotes: Quotes) -> Self {
        Self {
            input,
            parser: parser(delimiter, quotes),
            buffer: vec![0; 64 * 1024],
            start: 0,
            end: 0,
        }
    }

    /// Appends at most `n_rows` records to an empty batch, until it is full; returns how many.
    fn fill(
        &mut self,
        path: &Path,
        batch: &mut Batch,
        n_rows: usize,
    ) -> Result<usize, IngestError> {
        let mut filled = Filled::default();
        while filled.n_bytes < BATCH_BYTES
            && batch.rows.len() < n_rows
            && self.read(path, batch, &mut filled)?
        {}
        batch.bytes.truncate(filled.n_bytes);
        batch.ends.truncate(filled.n_cells);
        Ok(batch.rows.len())
    }

    /// Appends the next record to `batch`; `false` at the end of the file.
    fn read(
        &mut self,
        path: &Path,
        batch: &mut Batch,
        filled: &mut Filled,
    ) -> Result<bool, IngestError> {
        self.skip_line_ends(path)?;
        let line = self.parser.line();
        let Filled { n_bytes: first_byte, n_cells: first_cell } = *filled;
        let found = loop {
            self.refill(path)?;
            make_room(batch, *filled);
            let (result, n_in, n_out, n_ends) = self.parser.read_record(
                &self.buffer[self.start..self.end],
                &mut batch.bytes[filled.n_bytes..],
                &mut batch.ends[filled.n_cells..],
            );
            self.start += n_in;
            filled.n_bytes += n_out;
            filled.n_cells += n_ends;
            if filled.n_bytes - first_byte > MAX_ROW_BYTES {
                let limit_bytes = MAX_ROW_BYTES;
                return Err(IngestError::RowTooLong { path: path.to_owned(), line, limit_bytes });
            }
            if filled.n_cells - first_cell > MAX_COLUMNS {
                let limit = MAX_COLUMNS;
                return Err(IngestError::TooManyColumns { path: path.to_owned(), limit });
            }
            match result {
                ReadRecordResult::Record => break true,
                ReadRecordResult::End => break false,
                ReadRecordResult::InputEmpty
                | ReadRecordResult::OutputFull
                | ReadRecordResult::OutputEndsFull => {}
            }
        };
        let end_cell = filled.n_cells;
        for end in &mut batch.ends[first_cell..end_cell] {
            *end += first_byte;
        }
        if found {
            batch.rows.push(RowAt { line, first_byte, first_cell, end_cell });
        } else {
            *filled = Filled { n_bytes: first_byte, n_cells: first_cell };
        }
        Ok(found)
    }

    /// Reads more input when all of it is parsed; at the end of the file there is then none.
    fn refill(&mut self, path: &Path) -> Result<(), IngestError> {
        while self.start == self.end {
            match self.input.read(&mut self.buffer) {
                Ok(n_bytes) => {
                    (self.start, self.end) = (0, n_bytes);
                    break;
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(read_error(path, error)),
            }
        }
        Ok(())
    }

    /// Skips blank lines and what is left of the last line's end, so that the next record begins on the line told.
    fn skip_line_ends(&mut self, path: &Path) -> Result<(), IngestError> {
        loop {
            self.refill(path)?;
            match self.buffer[self.start..self.end].first() {
                Some(b'\n') => self.parser.set_line(self.parser.line() + 1),
                Some(b'\r') => {}
                _ => return Ok(()),
            }
            self.start += 1;
        }
    }
}

/// Room for at least a part of a row behind what is filled.
fn make_room(batch: &mut Batch, filled: Filled) {
    if batch.bytes.len() < filled.n_bytes + 64 {
        batch.bytes.resize(filled.n_bytes + ROOM_STEP.0, 0);
    }
    if batch.ends.len() < filled.n_cells + 8 {
        batch.ends.resize(filled.n_cells + ROOM_STEP.1, 0);
    }
}

fn parser(delimiter: u8, quotes: Quotes) -> Reader {
    ReaderBuilder::new().delimiter(delimiter).quoting(quoting(quotes)).build()
}

/// The delimiter that cuts the first lines into the most cells, best the same number in (nearly) every line.
fn sniff_delimiter(head: &[u8], quotes: Quotes) -> u8 {
    let fit = |delimiter| {
        let widths = row_widths(head, delimiter, quotes);
        let (&header, rows) = widths.split_first().unwrap_or((&0, &[]));
        let n_equal = rows.iter().filter(|&&width| width == header).count();
        let is_regular = n_equal * 10 >= rows.len() * 9;
        // One that does not occur cuts every line alike as well.
        if header > 1 { (is_regular, header) } else { (false, 0) }
    };
    // Of equals `max_by_key` takes the last one, so the likeliest delimiter comes last.
    DELIMITERS.into_iter().rev().max_by_key(|&delimiter| fit(delimiter)).unwrap_or(b',')
}

/// How many cells each of the first rows has, the last one left out where it may be cut.
fn row_widths(head: &[u8], delimiter: u8, quotes: Quotes) -> Vec<usize> {
    let mut parser = parser(delimiter, quotes);
    let (mut cells, mut ends) = (vec![0; head.len() + 1], vec![0; MAX_COLUMNS]);
    let mut widths = Vec::new();
    let mut start = 0;
    while start < head.len() && widths.len() < SNIFFED_ROWS {
        let (result, n_in, _, n_ends) = parser.read_record(&head[start..], &mut cells, &mut ends);
        start += n_in;
        match result {
            ReadRecordResult::Record => widths.push(n_ends),
            // The end of the head, and not of a line: cut, unless it is the only line.
            ReadRecordResult::InputEmpty if widths.is_empty() => {
                widths.push(n_ends + 1);
                break;
            }
            _ => break,
        }
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delimiter_is_the_one_that_cuts_every_line_alike() {
        for (text, expected) in [
            ("a,b,c\n1,2,3\n", b','),
            ("a;b;c\n1,5;2,5;3\n1,5;2,5;3,0\n", b';'),
            ("item\ttitle\n1\tone, two, three\n", b'\t'),
            ("a|b\n1|2\n", b'|'),
            ("item\n1\n2\n", b','),
            ("a,b\n\"x;y;z\",2\n\"x;y\",3\n", b','),
            ("a;b", b';'),
            ("a;b\n1\n1;2;3\n", b';'),
        ] {
            assert_eq!(sniff_delimiter(text.as_bytes(), Quotes::Enclose), expected, "{text:?}");
        }
    }
}
