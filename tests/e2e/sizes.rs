//! Budgets in bytes: what travels to edge nodes and browsers must not grow unseen.

use std::fs;

use serde_json::Value;

use crate::tool::{golden, run_ok, shop_bundle};

/// The http shell as a component, without a bundle. `cargo xtask test` builds it with `wasm-opt`.
const HTTP_SHELL_BYTES: usize = 72_000;
/// The lists of similar items of the shipped bundle: 20 neighbours kept per item, offsets included.
const SIMILAR_BYTES: u64 = 200 * 1024;

#[test]
fn the_http_shell_stays_within_its_budget() {
    let folder = tempfile::tempdir().expect("a folder");
    let (bundle, component) = (golden("toy.bundle"), folder.path().join("toy.wasm"));
    run_ok(&["bake".as_ref(), bundle.as_os_str(), "-o".as_ref(), component.as_os_str()]);
    let len = |path| fs::read(path).expect("a file").len();
    let shell = len(&component) - len(&bundle);
    assert!(
        shell <= HTTP_SHELL_BYTES,
        "{shell} bytes; was the shell built with `cargo xtask edge --optimize`?"
    );
}

#[test]
fn neighbours_stay_within_their_budget() {
    let bundle = shop_bundle();
    let contents = run_ok(&["inspect".as_ref(), bundle.as_os_str(), "--json".as_ref()]);
    let contents: Value = serde_json::from_str(&contents).expect("JSON");
    assert_eq!(contents["provenance"]["parameters"]["neighbours"], 20);
    let sections = contents["sections"].as_array().expect("sections");
    let similar =
        sections.iter().find(|section| section["section"] == "similar").expect("a section");
    let size = similar["size_bytes"].as_u64().expect("a size");
    assert!(size <= SIMILAR_BYTES, "{size} bytes");
}
