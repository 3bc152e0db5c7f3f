//! Section `provenance`: how the bundle was made, for people and tools. MessagePack with named fields, because it
//! grows; no reader at the edge looks at it. Holds no path, clock or host name unless the builder was given one.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::cursor::Cursor;
use crate::error::FormatError;
use crate::limits::MAX_PROVENANCE_BYTES;

/// How a bundle was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// Program and version.
    pub generator: String,
    /// When, as the builder was told; absent unless asked for, so that equal input gives equal bytes.
    pub built_at: Option<String>,
    /// What was read.
    pub source: Source,
    /// With which settings.
    pub parameters: Parameters,
    /// What was left out to protect people.
    pub privacy: Privacy,
}

/// What a bundle was trained on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// Rows read.
    pub rows_read: u64,
    /// Rows kept after cleaning.
    pub rows_kept: u64,
    /// Distinct known users.
    pub users: u32,
    /// Distinct orders or sessions.
    pub orders: u32,
    /// Oldest event, seconds since 1970.
    pub first_event_s: Option<i64>,
    /// Newest event, seconds since 1970; popularity decays relative to it.
    pub last_event_s: Option<i64>,
}

/// The trainer's settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameters {
    /// Lists keep this many of the best per target item.
    pub neighbours: u32,
    /// A pair bought together needs this many baskets.
    pub min_support: u32,
    /// A purchase this many days before the newest event counts half.
    pub half_life_days: f64,
}

/// Who counts as a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum People {
    /// Known users; guests never count.
    Users,
    /// Orders or sessions, in a log that names no users.
    Orders,
}

/// The minimum number of distinct people per fact, and what it removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Privacy {
    /// Who counts as a person.
    pub people: People,
    /// The minimum.
    pub min_people: u32,
    /// Pairs of similar items with fewer.
    pub similar_pairs_removed: u64,
    /// Pairs of items bought together with fewer.
    pub together_pairs_removed: u64,
    /// Items whose popularity is hidden.
    pub items_hidden: u32,
    /// Entries of category and region rankings with fewer.
    pub ranking_entries_removed: u64,
}

/// Makes the section.
pub(crate) fn encode(provenance: &Provenance) -> Result<Vec<u8>, FormatError> {
    rmp_serde::to_vec_named(provenance).map_err(|error| bad(0, error.to_string()))
}

/// Decodes the section.
pub(crate) fn decode(mut cursor: Cursor<'_>) -> Result<Provenance, FormatError> {
    let (at, len) = (cursor.offset(), cursor.len());
    if len > MAX_PROVENANCE_BYTES as usize {
        let found = u32::try_from(len).unwrap_or(u32::MAX);
        return Err(FormatError::TooMany {
            field: "provenance",
            at,
            found,
            limit: MAX_PROVENANCE_BYTES,
        });
    }
    rmp_serde::from_slice(cursor.bytes("provenance", len)?)
        .map_err(|error| bad(at, error.to_string()))
}

fn bad(at: usize, cause: String) -> FormatError {
    FormatError::BadTable { section: "provenance", at, cause }
}
