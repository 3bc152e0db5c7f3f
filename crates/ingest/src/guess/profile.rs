//! What the values of a column look like in the first rows.

use hashbrown::{DefaultHashBuilder, HashSet};
use std::hash::BuildHasher;

use crate::error::IngestError;
use crate::files::SourceFile;
use crate::kinds;
use crate::number::Number;
use crate::progress::NoProgress;
use crate::rows::{Batch, Row, RowReader};
use crate::settings::{DecimalMark, Sources};
use crate::text;
use crate::time::{self, Reading};

/// How many rows a guess looks at.
const SAMPLED_ROWS: usize = 10_000;

/// What the values of one column look like.
#[derive(Clone, Debug, Default)]
pub(super) struct Profile {
    pub(super) n_filled: usize,
    pub(super) n_numbers: usize,
    pub(super) n_times: usize,
    /// Dates that can only be day/month, and only month/day.
    pub(super) n_day_first: usize,
    pub(super) n_month_first: usize,
    pub(super) n_known_kinds: usize,
    pub(super) n_links: usize,
    pub(super) n_stock_words: usize,
    pub(super) example: String,
    distinct: HashSet<u64>,
    hasher: DefaultHashBuilder,
}

impl Profile {
    fn add(&mut self, cell: &str) {
        if self.n_filled == 0 {
            self.example.push_str(cell);
        }
        self.n_filled += 1;
        self.distinct.insert(self.hasher.hash_one(cell));
        self.n_numbers += usize::from(Number::read(cell, DecimalMark::Auto).is_some());
        match time::read_auto(cell) {
            Reading::At(_) => self.n_times += 1,
            Reading::Either { day_first, month_first } => {
                self.n_times += 1;
                self.n_day_first += usize::from(month_first.is_none());
                self.n_month_first += usize::from(day_first.is_none());
            }
            Reading::Unreadable => {}
        }
        self.n_known_kinds += usize::from(kinds::known(cell).is_some());
        let is_link =
            cell.starts_with("http://") || cell.starts_with("https://") || cell.starts_with('/');
        self.n_links += usize::from(is_link);
        let is_stock_word = matches!(
            text::bare(cell).as_str(),
            "instock" | "outofstock" | "preorder" | "backorder"
        );
        self.n_stock_words += usize::from(is_stock_word);
    }

    pub(super) fn n_distinct(&self) -> usize {
        self.distinct.len()
    }

    /// Whether at least `percent` of the values are among `n`.
    pub(super) fn is_mostly(&self, n: usize, percent: usize) -> bool {
        self.n_filled > 0 && n * 100 >= self.n_filled * percent
    }
}

/// The first rows of a log, column by column and some of them whole.
#[derive(Debug, Default)]
pub(super) struct Sample {
    pub(super) n_rows: usize,
    pub(super) names: Vec<String>,
    pub(super) profiles: Vec<Profile>,
    batches: Vec<Batch>,
}

impl Sample {
    /// Reads the first rows of the first files.
    pub(super) fn read(sources: &Sources, files: &[SourceFile]) -> Result<Self, IngestError> {
        let mut sample = Self::default();
        for file in files {
            let mut reader = RowReader::open(file, sources, None, &NoProgress)?;
            while sample.n_rows < SAMPLED_ROWS {
                let mut batch = Batch::default();
                reader.fill(&mut batch)?;
                sample.add(batch.columns.as_slice(), &batch);
                if batch.n_rows() == 0 {
                    break;
                }
                sample.batches.push(batch);
            }
            if sample.n_rows >= SAMPLED_ROWS {
                break;
            }
        }
        Ok(sample)
    }

    fn add(&mut self, names: &[String], batch: &Batch) {
        let mut places = Vec::with_capacity(names.len());
        for name in names {
            let at = self.names.iter().position(|known| known == name).unwrap_or(self.names.len());
            if at == self.names.len() {
                self.names.push(name.clone());
                self.profiles.push(Profile::default());
            }
            places.push(at);
        }
        for row in batch.rows() {
            self.n_rows += 1;
            for (column, &at) in places.iter().enumerate() {
                let cell = row.cell(column).trim();
                if !text::is_missing(cell) {
                    self.profiles[at].add(cell);
                }
            }
        }
    }

    /// Calls `each` with the cells of two columns of each row.
    pub(super) fn for_each_pair(
        &self,
        first: &str,
        second: &str,
        mut each: impl FnMut(&str, &str),
    ) {
        for batch in &self.batches {
            let place = |wanted| batch.columns.iter().position(|name| name == wanted);
            let (Some(first), Some(second)) = (place(first), place(second)) else {
                continue;
            };
            for row in batch.rows() {
                let cell = |row: &Row<'_>, column| text::id(row.cell(column)).to_owned();
                each(&cell(&row, first), &cell(&row, second));
            }
        }
    }
}
