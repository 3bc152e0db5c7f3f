//! What was read, what was refused and why: the report of a reading.

use std::path::PathBuf;

use serde::Serialize;

/// How many examples of each reason are kept.
pub const MAX_EXAMPLES: usize = 3;
/// How much of an offending text is kept.
const MAX_EXAMPLE_CHARS: usize = 80;

/// Why a row was refused. A row has one reason: the first that applies, in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// It has more or fewer cells than the header.
    WrongCellCount,
    /// Its kind is none that is known, or one that is to be ignored.
    IgnoredKind,
    /// It names no item.
    MissingItem,
    /// It takes back an order.
    Cancellation,
    /// Its quantity or price is not a number.
    UnreadableNumber,
    /// Its quantity is zero or less.
    NonPositiveQuantity,
    /// Its price is zero or less.
    NonPositivePrice,
    /// Its time is missing or in no known form.
    UnreadableTime,
    /// It equals an earlier row in every column.
    Duplicate,
    /// What it names is no item but postage, a fee and the like.
    NotAnItem,
    /// Its item is not in the catalogue file, and only such items are wanted.
    NotInCatalog,
}

impl Refusal {
    /// Every reason, in the order of the checks.
    pub const ALL: [Self; 11] = [
        Self::WrongCellCount,
        Self::IgnoredKind,
        Self::MissingItem,
        Self::Cancellation,
        Self::UnreadableNumber,
        Self::NonPositiveQuantity,
        Self::NonPositivePrice,
        Self::UnreadableTime,
        Self::Duplicate,
        Self::NotAnItem,
        Self::NotInCatalog,
    ];

    /// The name that reports use. It never changes.
    pub const fn code(self) -> &'static str {
        match self {
            Self::WrongCellCount => "wrong_cell_count",
            Self::IgnoredKind => "ignored_kind",
            Self::MissingItem => "missing_item",
            Self::Cancellation => "cancellation",
            Self::UnreadableNumber => "unreadable_number",
            Self::NonPositiveQuantity => "non_positive_quantity",
            Self::NonPositivePrice => "non_positive_price",
            Self::UnreadableTime => "unreadable_time",
            Self::Duplicate => "duplicate",
            Self::NotAnItem => "not_an_item",
            Self::NotInCatalog => "not_in_catalog",
        }
    }

    /// The reason in words.
    pub const fn text(self) -> &'static str {
        match self {
            Self::WrongCellCount => "more or fewer cells than the header",
            Self::IgnoredKind => "a kind of event that is not used",
            Self::MissingItem => "no item id",
            Self::Cancellation => "a cancelled order",
            Self::UnreadableNumber => "a quantity or price that is no number",
            Self::NonPositiveQuantity => "a quantity of zero or less",
            Self::NonPositivePrice => "a price of zero or less",
            Self::UnreadableTime => "no readable time",
            Self::Duplicate => "equal to an earlier row in every column",
            Self::NotAnItem => "an id that is no item",
            Self::NotInCatalog => "an item that the catalogue lacks",
        }
    }

    /// Whether such rows count against `max_refused_share`. What a healthy log contains does not: cancellations, exact
    /// duplicates, kinds that are not used, and items that were left out on request. Rows without an item do only where
    /// the log has no kind column, since a page view may well be of no item.
    pub(crate) const fn is_fault(self, has_kinds: bool) -> bool {
        match self {
            Self::IgnoredKind | Self::Cancellation | Self::Duplicate | Self::NotInCatalog => false,
            Self::MissingItem => !has_kinds,
            _ => true,
        }
    }
}

/// One refused row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Example {
    /// The file.
    pub file: PathBuf,
    /// The line of a text file or the row of a Parquet file, counted from 1.
    pub line: u64,
    /// The offending text, cut to 80 characters.
    pub text: String,
}

impl Example {
    pub(crate) fn new(file: PathBuf, line: u64, text: &str) -> Self {
        Self { file, line, text: text.chars().take(MAX_EXAMPLE_CHARS).collect() }
    }
}

/// How many rows were refused for one reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// [`Refusal::code`].
    pub code: &'static str,
    /// [`Refusal::text`].
    pub text: &'static str,
    /// The number of rows.
    pub n_rows: u64,
    /// Whether these rows count against `max_refused_share`.
    pub is_fault: bool,
    /// Up to [`MAX_EXAMPLES`] of them.
    pub examples: Vec<Example>,
}

/// Something that the reader decided or noticed, and that refused no row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Note {
    /// A name that never changes.
    pub code: &'static str,
    /// How many rows or items it concerns.
    pub count: u64,
    /// A sentence.
    pub text: String,
}

/// What was read, what was refused and why.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct CleaningReport {
    /// Number of files read.
    pub n_files: u64,
    /// Their length as stored.
    pub n_bytes: u64,
    /// Rows read.
    pub n_rows: u64,
    /// Rows kept.
    pub n_kept: u64,
    /// Items with at least one kept row.
    pub n_items: u64,
    /// Known users with at least one kept row.
    pub n_users: u64,
    /// Orders or sessions with at least one kept row.
    pub n_orders: u64,
    /// Kept rows without a known user.
    pub n_guest_rows: u64,
    /// The earliest kept time, seconds since 1970.
    pub first_time_s: Option<i64>,
    /// The latest kept time, seconds since 1970.
    pub last_time_s: Option<i64>,
    /// Rows refused for a fault, as a share of all rows: `0.0..=1.0`.
    pub refused_share: f64,
    /// Refused rows by reason, in the order of the checks; reasons without a row are left out.
    pub refused: Vec<Refused>,
    /// What else is worth knowing.
    pub notes: Vec<Note>,
}

impl CleaningReport {
    /// Rows refused for `reason`.
    pub fn n_refused(&self, reason: Refusal) -> u64 {
        self.refused.iter().find(|refused| refused.code == reason.code()).map_or(0, |it| it.n_rows)
    }

    /// The most frequent reason with its count and first example, as a clause of a sentence.
    pub(crate) fn most_frequent(&self) -> String {
        let Some(most) = self.refused.iter().rev().max_by_key(|refused| refused.n_rows) else {
            return "the files have no rows".into();
        };
        let example = most.examples.first().map(|example| {
            format!(", as `{}` at {}:{}", example.text, example.file.display(), example.line)
        });
        format!("{} ({} rows){}", most.text, most.n_rows, example.unwrap_or_default())
    }
}
