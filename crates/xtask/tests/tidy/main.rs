//! The house rules that a program can check, over every file that git tracks or would add.
//!
//! Each rule is a function from text to violations, with tests that show it failing on bad input.
//! The `repository_*` tests apply them to this repository.

mod architecture;
mod links;
mod manifests;
mod prose;
mod repository;
mod rust_files;
mod rust_text;
mod violation;
mod vocabulary;
mod weights;

use std::collections::BTreeSet;
use std::io::Write as _;

use repository::{Repository, has_extension};
use violation::Violations;

#[test]
fn repository_rust_files_keep_the_rules() {
    let repository = Repository::open();
    let mut found = Violations::default();
    for (path, text) in repository.texts(|path| has_extension(path, "rs")) {
        found.extend(&path, rust_files::check(&path, &text));
        found.extend(&path, vocabulary::check_names(&path, &text));
        if let Some(note) = rust_files::note(&text) {
            // Past the test runner's capture: a note is to be seen although the test passes.
            let _ = writeln!(std::io::stderr(), "note: {path} {note}");
        }
    }
    found.report();
}

#[test]
fn repository_has_every_file_that_may_be_unsafe() {
    let repository = Repository::open();
    for path in rust_files::UNSAFE_ALLOWED {
        let is_needed = repository.text(path).is_some_and(|text| text.contains("unsafe"));
        assert!(is_needed, "`{path}` needs no exception any more");
    }
}

#[test]
fn repository_manifests_keep_the_rules() {
    let repository = Repository::open();
    let mut found = Violations::default();
    for (path, text) in repository.texts(|path| path.ends_with("Cargo.toml")) {
        found.extend(&path, manifests::check(&path, &text));
    }
    found.report();
}

#[test]
fn repository_prose_has_one_sentence_a_line_and_links_that_lead_somewhere() {
    let repository = Repository::open();
    let mut found = Violations::default();
    for (path, text) in repository.texts(|path| has_extension(path, "md")) {
        found.extend(&path, prose::check(&text));
        found.extend(&path, links::check(&path, &text, |target| repository.exists(target)));
    }
    found.report();
}

#[test]
fn repository_architecture_is_short_and_names_only_what_exists() {
    let repository = Repository::open();
    let mut found = Violations::default();
    let path = "ARCHITECTURE.md";
    match repository.text(path) {
        Some(text) => {
            found.extend(path, architecture::check(&text, |named| repository.exists(named)));
        }
        None => found.extend(path, vec!["the file is missing".to_owned()]),
    }
    found.report();
}

#[test]
fn repository_texts_name_no_place_outside_and_no_unfinished_work() {
    let repository = Repository::open();
    let mut found = Violations::default();
    let is_text = |path: &str| {
        let ends = [".rs", ".md", ".toml", ".js", ".mjs", ".ts", ".css", ".html", ".json", ".wit"];
        ends.iter().any(|end| path.ends_with(end)) || path == ".ci/run"
    };
    for (path, text) in repository.texts(is_text) {
        found.extend(&path, vocabulary::check_text(&path, &text));
    }
    for (path, text) in repository.texts(|path| path.ends_with("package-lock.json")) {
        found.extend(&path, weights::check_npm_lock(&text));
    }
    found.report();
}

#[test]
fn repository_files_are_light_and_well_named() {
    let repository = Repository::open();
    let mut found = Violations::default();
    for (path, size_bytes) in repository.sizes() {
        found.extend(&path, weights::check(size_bytes));
        found.extend(&path, vocabulary::check_path(&path));
    }
    found.report();
}

#[test]
fn repository_has_what_the_rules_are_about() {
    let repository = Repository::open();
    let kinds: BTreeSet<&str> = repository
        .paths()
        .filter_map(|path| path.rsplit_once('.'))
        .map(|(_, extension)| extension)
        .collect();
    for extension in ["rs", "toml", "md", "json"] {
        assert!(kinds.contains(extension), "no `.{extension}` file was looked at");
    }
}
