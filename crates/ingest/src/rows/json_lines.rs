//! JSON lines: an object a line, nested objects flattened to columns `outer.inner`.
//!
//! The first element of an array is a column `array[].inner`. One array may be exploded: then each of its elements
//! makes a row of its own together with the fields around the array, as the `items` of an analytics event.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use hashbrown::HashMap;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::{Batch, MAX_COLUMNS, MAX_ROW_BYTES};
use crate::error::IngestError;
use crate::open::{Opened, read_error};
use crate::text;

/// Reads a JSON lines file.
pub(crate) struct JsonLinesReader<'a> {
    path: PathBuf,
    input: BufReader<Box<dyn Read + Send + 'a>>,
    line: u64,
    line_bytes: Vec<u8>,
    flat: Flat,
}

impl<'a> JsonLinesReader<'a> {
    pub(super) fn new(path: &Path, opened: Opened<'a>, explode: Option<&str>) -> Self {
        let input = BufReader::with_capacity(64 * 1024, Box::new(opened.into_reader()) as _);
        let flat = Flat { explode: explode.map(str::to_owned), ..Flat::default() };
        Self { path: path.to_owned(), input, line: 0, line_bytes: Vec::new(), flat }
    }

    pub(super) fn fill(&mut self, batch: &mut Batch) -> Result<(), IngestError> {
        let mut n_recoded = 0;
        while !batch.is_full() && self.next_line()? {
            let decoded = std::str::from_utf8(&self.line_bytes).map(Into::into);
            let line = decoded.unwrap_or_else(|_| {
                n_recoded += 1;
                text::windows_1252(&self.line_bytes).into()
            });
            let line: std::borrow::Cow<'_, str> = line;
            if line.trim().is_empty() {
                continue;
            }
            self.flat.clear();
            let mut deserializer = serde_json::Deserializer::from_str(&line);
            let parsed =
                Flatten { flat: &mut self.flat, depth: Depth::Line }.deserialize(&mut deserializer);
            let parsed = parsed.and_then(|()| deserializer.end());
            if let Err(error) = parsed.and_then(|()| self.flat.check()) {
                let (path, found) = (self.path.clone(), error.to_string());
                return Err(IngestError::NotJsonLines { path, line: self.line, found });
            }
            self.flat.push_rows(self.line, batch);
        }
        batch.n_recoded = n_recoded;
        if batch.columns.len() != self.flat.names.len() {
            batch.columns = Arc::new(self.flat.names.clone());
        }
        batch.is_rectangular = false;
        Ok(())
    }

    /// Reads a line into `line_bytes`; `false` at the end of the file.
    fn next_line(&mut self) -> Result<bool, IngestError> {
        self.line_bytes.clear();
        let mut limited = self.input.by_ref().take(MAX_ROW_BYTES as u64 + 1);
        let n_bytes = limited
            .read_until(b'\n', &mut self.line_bytes)
            .map_err(|source| read_error(&self.path, source))?;
        self.line += 1;
        if n_bytes > MAX_ROW_BYTES {
            let (path, line) = (self.path.clone(), self.line);
            return Err(IngestError::RowTooLong { path, line, limit_bytes: MAX_ROW_BYTES });
        }
        if self.line == 1 && self.line_bytes.starts_with(b"\xef\xbb\xbf") {
            self.line_bytes.drain(..3);
        }
        Ok(n_bytes > 0)
    }
}

/// A cell of the current line: its column and its place in [`Flat::text`].
#[derive(Clone, Copy, Debug)]
struct Cell {
    column: usize,
    start: usize,
    end: usize,
}

/// The fields of one line, flattened.
#[derive(Debug, Default)]
struct Flat {
    explode: Option<String>,
    names: Vec<String>,
    columns: HashMap<String, usize>,
    /// The name of the field that is being read.
    path: String,
    text: String,
    cells: Vec<Cell>,
    /// Where in `cells` each element of the exploded array begins and ends.
    elements: Vec<(usize, usize)>,
    has_too_many_columns: bool,
}

impl Flat {
    fn clear(&mut self) {
        self.path.clear();
        self.text.clear();
        self.cells.clear();
        self.elements.clear();
    }

    fn check(&self) -> Result<(), serde_json::Error> {
        if self.has_too_many_columns {
            return Err(serde::de::Error::custom(format!("more than {MAX_COLUMNS} fields")));
        }
        Ok(())
    }

    fn push_value(&mut self, value: &str) {
        let n_columns = self.names.len();
        let column = match self.columns.get(&self.path) {
            Some(&column) => column,
            None if n_columns == MAX_COLUMNS => {
                self.has_too_many_columns = true;
                return;
            }
            None => {
                self.names.push(self.path.clone());
                self.columns.insert(self.path.clone(), n_columns);
                n_columns
            }
        };
        let start = self.text.len();
        self.text.push_str(value);
        self.cells.push(Cell { column, start, end: self.text.len() });
    }

    /// One row, or one for each element of the exploded array.
    fn push_rows(&mut self, line: u64, batch: &mut Batch) {
        let whole = [(0, self.cells.len())];
        let elements = if self.elements.is_empty() { &whole[..] } else { &self.elements[..] };
        // The elements of the one exploded array lie side by side.
        let first = elements.first().map_or(0, |&(start, _)| start);
        let last = elements.last().map_or(0, |&(_, end)| end);
        let mut row = vec![(0, 0); self.names.len()];
        for cell in self.cells[..first].iter().chain(&self.cells[last..]) {
            row[cell.column] = (cell.start, cell.end);
        }
        let around = row.clone();
        for &(start, end) in elements {
            row.clone_from(&around);
            for cell in &self.cells[start..end] {
                row[cell.column] = (cell.start, cell.end);
            }
            let cells = row.iter().map(|&(start, end)| &self.text.as_bytes()[start..end]);
            batch.push(line, cells, |cell, bytes| bytes.extend_from_slice(cell));
        }
    }
}

/// Reads any JSON value into the [`Flat`] under its current path.
struct Flatten<'f> {
    flat: &'f mut Flat,
    depth: Depth,
}

/// Whether a value is the whole line, which must be an object, or inside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Depth {
    Line,
    Inside,
}

impl<'de> DeserializeSeed<'de> for Flatten<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        match self.depth {
            Depth::Line => deserializer.deserialize_map(self),
            Depth::Inside => deserializer.deserialize_any(self),
        }
    }
}

impl<'de> Visitor<'de> for Flatten<'_> {
    type Value = ();

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a JSON object")
    }

    fn visit_bool<E>(self, value: bool) -> Result<(), E> {
        self.flat.push_value(if value { "true" } else { "false" });
        Ok(())
    }

    fn visit_i64<E>(self, value: i64) -> Result<(), E> {
        self.flat.push_value(&value.to_string());
        Ok(())
    }

    fn visit_u64<E>(self, value: u64) -> Result<(), E> {
        self.flat.push_value(&value.to_string());
        Ok(())
    }

    fn visit_f64<E>(self, value: f64) -> Result<(), E> {
        self.flat.push_value(&value.to_string());
        Ok(())
    }

    fn visit_str<E>(self, value: &str) -> Result<(), E> {
        self.flat.push_value(value);
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let flat = self.flat;
        let outer = flat.path.len();
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            if outer > 0 {
                flat.path.push('.');
            }
            flat.path.push_str(&key);
            map.next_value_seed(Flatten { flat: &mut *flat, depth: Depth::Inside })?;
            flat.path.truncate(outer);
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        let flat = self.flat;
        let outer = flat.path.len();
        let is_exploded = flat.explode.as_deref() == Some(flat.path.as_str());
        flat.path.push_str("[]");
        let mut is_first = true;
        loop {
            let start = flat.cells.len();
            if !is_first && !is_exploded {
                if elements.next_element::<serde::de::IgnoredAny>()?.is_none() {
                    break;
                }
                continue;
            }
            if elements
                .next_element_seed(Flatten { flat: &mut *flat, depth: Depth::Inside })?
                .is_none()
            {
                break;
            }
            if is_exploded {
                flat.elements.push((start, flat.cells.len()));
            }
            is_first = false;
        }
        flat.path.truncate(outer);
        Ok(())
    }
}
