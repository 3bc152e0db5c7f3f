//! Which bytes may I believe? Bundle bytes to the views that `edgewise-core` scores, and back.
//!
//! This crate is *not* a transport (it takes slices and returns values), not a trainer, and holds no scoring rule.
//! `docs/format.md` is the law for every byte; a test holds its tables against the constants here.
//!
//! The main types are [`Bundle`], which implements [`edgewise_core::Model`] over borrowed bytes, [`FormatError`],
//! and, with the feature `write`, [`encode`].
//!
//! The law: bytes from outside are hostile. Opening never panics, allocates at most the length of its input, and
//! refuses with offset, found and expected. There is exactly one encoding of a model, so equal models have equal
//! bytes.
//!
//! ```
//! use edgewise_bundle::{Bundle, FormatError};
//!
//! let error = Bundle::open(b"PK\x03\x04 surely a zip file, and long enough to have a header of its own").err();
//! assert!(matches!(error, Some(FormatError::BadMagic { .. })));
//! ```
#![no_std]
#![forbid(unsafe_code)]
#![warn(clippy::indexing_slicing)]

extern crate alloc;

mod attributes;
mod bit_table;
mod bits;
mod bundle;
mod cards;
mod cursor;
mod directory;
#[cfg(feature = "write")]
mod encode;
mod ends;
mod error;
mod experiments;
mod facets;
mod hex;
mod items;
pub mod limits;
mod lists;
mod names;
mod permutation;
mod policy;
#[cfg(feature = "write")]
mod provenance;
mod rankings;
mod rebuy;
mod rules;
mod scoring;
mod seasons;
mod sessions;
mod table;
mod text_code;
mod varint;

pub use bundle::Bundle;
pub use cards::Card;
pub use directory::{
    ALIGNMENT, DIGEST_AT, ENTRY_BYTES, FLAG_IGNORABLE, FLAG_PRIVATE, HEADER_BYTES, MAGIC, Section,
    SectionKind, VERSION,
};
#[cfg(feature = "write")]
pub use encode::{CardsWanted, encode, with_policy};
pub use error::FormatError;
pub use facets::AttributeKind;
pub use hex::hex;
#[cfg(feature = "write")]
pub use lists::ListSizes;
#[cfg(feature = "write")]
pub use provenance::{Parameters, People, Privacy, Provenance, Source};
pub use sessions::SESSIONS_PER_BLOCK;
