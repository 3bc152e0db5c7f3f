//! Why a log could not be read, and what cures it.

use std::path::PathBuf;

use crate::report::CleaningReport;
use crate::text::bare;

/// Why a log could not be read. [`IngestError::hint`] says what cures it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum IngestError {
    /// A path that was asked for does not exist.
    #[error("there is no file or folder `{}`", path.display())]
    NotFound {
        /// The path as it was given.
        path: PathBuf,
    },
    /// A pattern is no glob.
    #[error("`{glob}` is not a pattern for files or ids")]
    BadGlob {
        /// The pattern as it was given.
        glob: String,
        /// What is wrong with it.
        #[source]
        source: globset::Error,
    },
    /// A glob matches no file.
    #[error("no file matches `{glob}`")]
    NoMatch {
        /// The pattern as it was given.
        glob: String,
    },
    /// A folder has no file of a known kind.
    #[error("the folder `{}` has no file with a known ending", path.display())]
    EmptyFolder {
        /// The folder.
        path: PathBuf,
    },
    /// The operating system refused, or a compressed file is damaged.
    #[error("cannot read `{}`", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system or the decompressor said.
        #[source]
        source: std::io::Error,
    },
    /// A file ends in the middle of its compressed content.
    #[error("`{}` is cut short: its compressed content ends early", path.display())]
    Truncated {
        /// The file.
        path: PathBuf,
        /// What the decompressor said.
        #[source]
        source: std::io::Error,
    },
    /// A file is no readable Parquet file.
    #[error("`{}` is not a whole Parquet file", path.display())]
    Parquet {
        /// The file.
        path: PathBuf,
        /// What the Parquet reader said.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// A text file is in an encoding that is not read.
    #[error("`{}` is encoded as {found}, expected UTF-8", path.display())]
    Encoding {
        /// The file.
        path: PathBuf,
        /// The encoding found.
        found: &'static str,
    },
    /// A file has no header or no row at all.
    #[error("`{}` is empty", path.display())]
    EmptyFile {
        /// The file.
        path: PathBuf,
    },
    /// A row is longer than any sane row.
    #[error(
        "the row at line {line} of `{}` is longer than {limit_bytes} bytes", path.display()
    )]
    RowTooLong {
        /// The file.
        path: PathBuf,
        /// Where the row begins, counted from 1.
        line: u64,
        /// The limit: [`crate::rows::MAX_ROW_BYTES`].
        limit_bytes: usize,
    },
    /// A file has more columns than any sane file.
    #[error("`{}` has more than {limit} columns", path.display())]
    TooManyColumns {
        /// The file.
        path: PathBuf,
        /// The limit: [`crate::rows::MAX_COLUMNS`].
        limit: usize,
    },
    /// A line of a JSON lines file is no object.
    #[error("line {line} of `{}` is not a JSON object: {found}", path.display())]
    NotJsonLines {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: u64,
        /// What was found there.
        found: String,
    },
    /// A column that was asked for is not in a file.
    #[error("`{}` has no column `{wanted}` for `{role}`; its columns are {}", path.display(), list(found))]
    NoSuchColumn {
        /// The file.
        path: PathBuf,
        /// The configured name.
        wanted: String,
        /// What the column was to be used for.
        role: &'static str,
        /// The columns of the file.
        found: Vec<String>,
    },
    /// No column could be recognised as the item id.
    #[error("no column of `{}` looks like an item id; its columns are {}", path.display(), list(found))]
    NoItemColumn {
        /// The file.
        path: PathBuf,
        /// The columns of the file.
        found: Vec<String>,
        /// The section of the configuration in which to name it: `columns` or `catalog`.
        section: &'static str,
        /// The key of the section under which to name it.
        key: &'static str,
    },
    /// The dates of the log can be read in two ways.
    #[error(
        "the dates of column `{column}` read both as day/month and as month/day, for example `{example}`"
    )]
    AmbiguousDates {
        /// The column.
        column: String,
        /// One of its values.
        example: String,
    },
    /// A setting is out of its range or does not fit the others.
    #[error("`{key}` is `{found}`, expected {expected}")]
    BadSetting {
        /// The setting.
        key: &'static str,
        /// Its value.
        found: String,
        /// What it may be.
        expected: &'static str,
    },
    /// More rows were refused than the settings allow.
    #[error(
        "{:.1} % of the rows were refused, allowed are {:.1} %; most often: {}",
        report.refused_share * 100.0, limit * 100.0, report.most_frequent()
    )]
    TooManyRefused {
        /// What was refused and why.
        report: Box<CleaningReport>,
        /// The allowed share.
        limit: f64,
    },
    /// No row was left.
    #[error("none of the {} rows could be used; most often: {}", report.n_rows, report.most_frequent())]
    NothingLeft {
        /// What was refused and why.
        report: Box<CleaningReport>,
    },
    /// The log takes more memory than it may.
    #[error(
        "reading needs {} MiB of memory for {n_rows} rows, more than the limit of {} MiB",
        needed_bytes.div_ceil(1 << 20), limit_bytes >> 20
    )]
    NoRoom {
        /// Rows that were read, or that all files are expected to have.
        n_rows: u64,
        /// Bytes that these rows need.
        needed_bytes: u64,
        /// Bytes that they may take.
        limit_bytes: u64,
    },
    /// An attribute has more values than a bundle tells apart.
    #[error("the attribute `{name}` has {found} distinct values, expected at most {limit}")]
    TooManyValues {
        /// The attribute.
        name: String,
        /// Its values.
        found: u32,
        /// The largest number.
        limit: u32,
    },
    /// There are more attributes than a bundle has room for.
    #[error("items have {found} attributes, expected at most {limit}")]
    TooManyAttributes {
        /// How many there are.
        found: usize,
        /// The largest number.
        limit: u32,
    },
    /// The log is larger than the model's numbers reach.
    #[error("the log has more than {limit} {what}")]
    TooMany {
        /// What there is too much of.
        what: &'static str,
        /// The largest number.
        limit: u64,
    },
}

impl IngestError {
    /// What the user can do about it.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::NotFound { .. } => "check the spelling; relative paths of a configuration start at its folder".into(),
            Self::TooManyValues { .. } => "an attribute is what many items share; leave out of `attributes` what each item has for itself".into(),
            Self::TooManyAttributes { .. } => "name only those in `attributes` that a page asks for".into(),
            Self::NoMatch { .. } => "`*` stays within a folder, `**` crosses folders; quote the pattern for the shell".into(),
            Self::EmptyFolder { .. } => {
                format!("known endings are {}; name other files one by one", crate::files::KNOWN_ENDINGS)
            }
            Self::Truncated { .. } => "copy or export the file again; an upload may still be running".into(),
            Self::Parquet { .. } => "a Parquet file ends with its index: copy it again, or export it as CSV".into(),
            Self::Encoding { .. } => "save it as UTF-8, for example with `iconv -f UTF-16 -t UTF-8`".into(),
            Self::EmptyFile { .. } => "the first line must name the columns".into(),
            Self::RowTooLong { .. } => {
                "a quote is probably never closed; if `\"` is a plain character in this file, set `quotes = false` in `[source]`".into()
            }
            Self::NotJsonLines { .. } => {
                "one object a line is expected; `jq -c '.[]' in.json > out.jsonl` turns an array into that".into()
            }
            Self::NoSuchColumn { role, wanted, found, .. } => match closest(wanted, found) {
                Some(name) => format!("did you mean `{role} = \"{name}\"`?"),
                None => "correct the name, or read only files that have the column".into(),
            },
            Self::NoItemColumn { found, section, key, .. } => format!(
                "name the right one in the configuration, for example:\n[{section}]\n{key} = \"{}\"",
                found.first().map_or("column", String::as_str)
            ),
            Self::AmbiguousDates { .. } => {
                "set `time_format` in `[cleaning]` to \"day-first\", \"month-first\" or a pattern like \"%d/%m/%Y %H:%M\"".into()
            }
            Self::TooManyRefused { .. } | Self::NothingLeft { .. } => {
                "check `[columns]` and `[cleaning]` against the examples above; `max_refused_share` allows more".into()
            }
            Self::NoRoom { .. } => {
                "raise `--memory`, or read fewer rows: the newest months are worth the most".into()
            }
            Self::BadGlob { .. }
            | Self::Read { .. }
            | Self::TooManyColumns { .. }
            | Self::BadSetting { .. }
            | Self::TooMany { .. } => return None,
        })
    }

    /// What was refused, where that is the reason of the error.
    pub fn report(&self) -> Option<&CleaningReport> {
        match self {
            Self::TooManyRefused { report, .. } | Self::NothingLeft { report } => Some(report),
            _ => None,
        }
    }
}

/// The name that is spelled most like `wanted`: the same letters, or the longest common beginning of three or more.
fn closest<'a>(wanted: &str, found: &'a [String]) -> Option<&'a str> {
    let wanted = bare(wanted);
    let likeness = |name: &str| {
        let name = bare(name);
        let n_common = name.chars().zip(wanted.chars()).take_while(|(a, b)| a == b).count();
        (name == wanted, n_common)
    };
    let best = found.iter().max_by_key(|name| likeness(name))?;
    let (is_same, n_common) = likeness(best);
    (is_same || n_common >= 3).then_some(best)
}

/// The names in backticks, at most twenty.
fn list(names: &[String]) -> String {
    let mut shown: Vec<String> = names.iter().take(20).map(|name| format!("`{name}`")).collect();
    match names.len() {
        0 => shown.push("none".into()),
        n @ 21.. => shown.push(format!("and {} more", n - 20)),
        _ => {}
    }
    shown.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelled_column_is_found_and_no_other_is_suggested() {
        let found = ["Stock Code", "InvoiceNo", "Invoice Date"].map(str::to_owned);
        for (wanted, expected) in [
            ("stock_code", Some("Stock Code")),
            ("InvoiceDates", Some("Invoice Date")),
            ("sku", None),
            ("price", None),
        ] {
            assert_eq!(closest(wanted, &found), expected, "{wanted}");
        }
    }
}
