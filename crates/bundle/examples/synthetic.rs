//! Writes a bundle of random lists, of any size: what a request costs must not depend on it.
//!
//! `cargo run --release -p edgewise-bundle --example synthetic -- 88000 50 synthetic.bundle` makes about 10 MB: so many
//! items, with so many similar items each. Items are called by their row.

use std::io::{self, Write};
use std::process::ExitCode;

use edgewise_bundle::{CardsWanted, encode};
use edgewise_core::{CatalogItem, ItemIdx, ModelValues, Scoring, WeightedItem};

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.as_slice() {
        [n_items, n_neighbours, path] => write(n_items, n_neighbours, path),
        _ => Err(io::Error::other("expected ITEMS NEIGHBOURS FILE")),
    };
    if let Err(error) = done {
        _ = writeln!(io::stderr().lock(), "error: {error}");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}

fn write(n_items: &str, n_neighbours: &str, path: &str) -> io::Result<()> {
    let n_items: u32 = n_items.parse().map_err(io::Error::other)?;
    let n_neighbours: usize = n_neighbours.parse().map_err(io::Error::other)?;
    let bytes = encode(&values(n_items, n_neighbours), None, CardsWanted::No);
    std::fs::write(path, bytes.map_err(io::Error::other)?)
}

fn values(n_items: u32, n_neighbours: usize) -> ModelValues {
    let mut state = 1u64;
    // Knuth's MMIX generator: the same on every machine.
    let mut random = |n: u32| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((state >> 33) % u64::from(n.max(1))).unwrap_or(0)
    };
    let mut list = |of: u32| {
        let mut rows: Vec<u32> = (0..n_neighbours).map(|_| random(n_items)).collect();
        rows.sort_unstable();
        rows.dedup();
        rows.retain(|row| *row != of);
        let weighted = |row| (row, f64::from(1 + random(1_000)) / 1_000.0);
        let rows = rows.into_iter().map(weighted);
        rows.map(|(row, weight)| WeightedItem { item: ItemIdx(row), weight }).collect()
    };
    let similar = (0..n_items).map(&mut list).collect();
    let popularity = |row| WeightedItem { item: ItemIdx(row), weight: 1.0 / f64::from(1 + row) };
    ModelValues {
        items: (0..n_items)
            .map(|row| CatalogItem { id: row.to_string(), ..CatalogItem::default() })
            .collect(),
        categories: Vec::new(),
        regions: Vec::new(),
        attributes: Vec::new(),
        currency: None,
        similar,
        together: Vec::new(),
        next: Vec::new(),
        content: Vec::new(),
        rebuy: Vec::new(),
        rules: Vec::new(),
        rankings: vec![(0..n_items).map(popularity).collect()],
        scoring: Scoring::standard(),
        policy: None,
        segments: vec![],
        trending: vec![],
        seasons: None,
        experiments: edgewise_core::Experiments::default(),
        sessions: None,
    }
}
