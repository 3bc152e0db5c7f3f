//! JSON and MessagePack, as much of each as `/recs` speaks.
//!
//! Written by hand for its size: with `serde_json` and `rmp-serde` the smallest shell had 190 KB of code. The tests hold
//! this against both of them.

mod read;
mod write;

pub(crate) use read::{Fault, Input, read_map};
pub(crate) use write::{Writer, push_number};
