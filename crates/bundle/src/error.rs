//! Why bytes are refused.

use alloc::boxed::Box;
use alloc::string::String;
use core::fmt::{self, Write as _};

use edgewise_core::{ExperimentError, ScoringError};

use crate::hex::hex;

/// Why bytes are not a bundle, or values cannot become one. `at` is an offset in bytes from the bundle's start.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum FormatError {
    /// The bytes end before a field does.
    TooShort {
        /// The field.
        field: &'static str,
        /// Where it starts.
        at: usize,
        /// Bytes it needs.
        needed: usize,
        /// Bytes there are.
        found: usize,
    },
    /// The first eight bytes are not a bundle's.
    BadMagic {
        /// The bytes found.
        found: [u8; 8],
    },
    /// The bundle is of another version.
    UnsupportedVersion {
        /// The version found.
        found: u32,
    },
    /// A field must have one value and has another.
    Mismatch {
        /// The field.
        field: &'static str,
        /// Where it is.
        at: usize,
        /// The value found.
        found: u32,
        /// The value it must have.
        expected: u32,
    },
    /// A count, length or row is above its limit.
    TooMany {
        /// The field.
        field: &'static str,
        /// Where it is.
        at: usize,
        /// The value found.
        found: u32,
        /// The largest value allowed.
        limit: u32,
    },
    /// The bytes were changed after the bundle was made.
    DigestMismatch {
        /// The digest of the bytes. Boxed, so that the error is small wherever it is passed on.
        found: Box<[u8; 32]>,
        /// The digest that the header states.
        expected: Box<[u8; 32]>,
    },
    /// A section that this reader does not know and must not skip.
    UnknownSection {
        /// Its number.
        kind: u32,
        /// Where its directory entry is.
        at: usize,
    },
    /// A section that every bundle must have is absent.
    MissingSection {
        /// Its name.
        section: &'static str,
    },
    /// Entries are not in the order that the format asks for, or repeat.
    BadOrder {
        /// The field.
        field: &'static str,
        /// Where the entry is.
        at: usize,
    },
    /// A number is not in its shortest form.
    BadVarint {
        /// The field.
        field: &'static str,
        /// Where it starts.
        at: usize,
    },
    /// Text is not UTF-8.
    BadText {
        /// The field.
        field: &'static str,
        /// Where the text starts.
        at: usize,
    },
    /// A table of fixed shape cannot be decoded.
    BadTable {
        /// The section.
        section: &'static str,
        /// Where it starts.
        at: usize,
        /// What its decoder said.
        cause: String,
    },
    /// The scoring table is out of range.
    Scoring(ScoringError),
    /// The experiments are out of range or do not fit together.
    Experiments(ExperimentError),
    /// A weight to be packed is not in `0.0 < weight <= 1.0`. Only packing says so, and formatting a real number costs
    /// a page six kilobytes.
    #[cfg(feature = "write")]
    BadWeight {
        /// The list.
        field: &'static str,
        /// The row of the weight's item.
        item: u32,
        /// The weight found.
        found: f64,
    },
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FormatError::TooShort { field, at, needed, found } => {
                write!(f, "`{field}` at byte {at} needs {needed} bytes, found {found}")
            }
            FormatError::BadMagic { found } => {
                write!(f, "not a bundle: starts with `{}`, expected `EDGEWISE`", Shown(found))
            }
            FormatError::UnsupportedVersion { found } => {
                write!(f, "format version `{found}` at byte 8, this reader knows `1`")
            }
            FormatError::Mismatch { field, at, found, expected } => {
                write!(f, "`{field}` at byte {at} is `{found}`, expected `{expected}`")
            }
            FormatError::TooMany { field, at, found, limit } => {
                write!(f, "`{field}` at byte {at} is `{found}`, expected at most `{limit}`")
            }
            FormatError::DigestMismatch { found, expected } => {
                write!(
                    f,
                    "the digest of the bytes is `{}`, the header states `{}`",
                    hex(&**found),
                    hex(&**expected)
                )
            }
            FormatError::UnknownSection { kind, at } => {
                write!(
                    f,
                    "section kind `{kind}` at byte {at} is unknown and not marked as ignorable"
                )
            }
            FormatError::MissingSection { section } => {
                write!(f, "the section `{section}` is absent")
            }
            FormatError::BadOrder { field, at } => {
                write!(f, "`{field}` at byte {at} is out of order or repeated")
            }
            FormatError::BadVarint { field, at } => {
                write!(f, "`{field}` at byte {at} is not a number in its shortest form")
            }
            FormatError::BadText { field, at } => write!(f, "`{field}` at byte {at} is not UTF-8"),
            FormatError::BadTable { section, at, cause } => {
                write!(f, "the section `{section}` at byte {at} cannot be decoded: {cause}")
            }
            FormatError::Scoring(_) => write!(f, "the section `scoring` is out of range"),
            FormatError::Experiments(_) => write!(f, "the section `experiments` is out of range"),
            #[cfg(feature = "write")]
            FormatError::BadWeight { field, item, found } => {
                write!(
                    f,
                    "`{field}` gives item {item} the weight `{found}`, expected above 0 and at most 1"
                )
            }
        }
    }
}

impl core::error::Error for FormatError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            FormatError::Scoring(cause) => Some(cause),
            FormatError::Experiments(cause) => Some(cause),
            _ => None,
        }
    }
}

impl FormatError {
    /// What cures it.
    pub fn hint(&self) -> &'static str {
        match self {
            FormatError::TooShort { .. } | FormatError::DigestMismatch { .. } => {
                "the file was cut short or changed on its way: copy it again, or rebuild it with `edgewise build`"
            }
            FormatError::BadMagic { .. } => {
                "make a bundle from your log with `edgewise build … -o shop.bundle`"
            }
            FormatError::UnsupportedVersion { .. } | FormatError::UnknownSection { .. } => {
                "rebuild the bundle with this version of `edgewise`, or update this reader"
            }
            #[cfg(feature = "write")]
            FormatError::BadWeight { .. } => "this is a fault of the trainer, please report it",
            _ => {
                "the file is damaged or was made by something else: rebuild it with `edgewise build`"
            }
        }
    }
}

/// Bytes as letters, where they are any; a point stands for the others.
struct Shown<'a>(&'a [u8]);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let letter = |byte: u8| {
            if byte.is_ascii_graphic() { char::from(byte) } else { '.' }
        };
        self.0.iter().try_for_each(|byte| f.write_char(letter(*byte)))
    }
}
