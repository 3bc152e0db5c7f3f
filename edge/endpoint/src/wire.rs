//! JSON and MessagePack, as much of each as `/recs` speaks.
//!
//! Written by hand for its size: serde_json and rmp-serde made the smallest shell 190 KB of code, this and what it
//! pulls in a few. The tests hold it against both of them.

mod read;
mod write;

pub(crate) use read::{Fault, Input, read_map};
pub(crate) use write::{Value, encode, hex_digit};
