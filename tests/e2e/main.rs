//! End to end: the built `edgewise`, the built shells, the shipped data; what a stranger would do and see.
//!
//! `cargo xtask test` builds what these tests run. By hand: `cargo xtask edge` and
//! `cargo build --release --package edgewise-host` first.

mod document;
mod experiment;
mod golden;
mod inputs;
mod main_job;
mod measuring;
mod rules;
mod server;
mod sizes;
mod tool;
