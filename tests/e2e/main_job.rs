//! The main job on the shipped data: file to bundle, the same digest whatever the order and the threads.

use std::fs;
use std::io::Write;
use std::path::Path;

use serde_json::Value;

use crate::tool::{command, is_update, run, run_ok, shop_bundle, shop_folder};

fn text(path: &Path) -> &str {
    path.to_str().expect("UTF-8")
}

fn invoices() -> String {
    let compressed =
        fs::File::open(shop_folder().join("invoices.csv.zst")).expect("the shipped data");
    String::from_utf8(zstd::decode_all(compressed).expect("it unpacks")).expect("UTF-8")
}

/// The command that `model-artifacts/online-retail/README.md` gives.
fn build(from: &Path, to: &Path, more: &[&str]) {
    let arguments = ["build", text(from), "--currency", "GBP", "-o", text(to)];
    run_ok(&[&arguments, more].concat());
}

#[test]
fn the_shipped_bundle_is_made_again_digest_for_digest() {
    let folder = tempfile::tempdir().expect("a folder");
    let bundle = folder.path().join("shop.bundle");
    build(&shop_folder().join("invoices.csv.zst"), &bundle, &[]);
    let made = fs::read(&bundle).expect("a bundle");
    if is_update() {
        fs::write(shop_bundle(), &made).expect("the artifact can be written");
    }
    assert!(
        made == fs::read(shop_bundle()).expect("the shipped bundle"),
        "the shipped bundle is out of date"
    );
}

#[test]
fn shuffled_rows_in_other_files_and_other_threads_give_the_same_digest() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = invoices();
    let (header, rows) = text.split_once('\n').expect("a header");
    let mut rows: Vec<&str> = rows.lines().collect();
    let mut state = 9u64;
    for at in (1..rows.len()).rev() {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        rows.swap(at, usize::try_from((state >> 33) % (at as u64 + 1)).expect("a row"));
    }
    let log = folder.path().join("log");
    fs::create_dir(&log).expect("a folder");
    for (name, part) in ["z.csv", "a.csv", "m.csv"].iter().zip(rows.chunks(rows.len() / 3 + 1)) {
        let mut file = fs::File::create(log.join(name)).expect("a file");
        writeln!(file, "{header}\n{}", part.join("\n")).expect("rows are written");
    }
    let bundle = folder.path().join("shop.bundle");
    for threads in ["1", "5"] {
        build(&log, &bundle, &["--threads", threads]);
        assert!(
            fs::read(&bundle).expect("a bundle")
                == fs::read(shop_bundle()).expect("the shipped bundle")
        );
    }
}

#[test]
fn little_memory_gives_the_same_digest_by_way_of_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let (bundle, log) = (folder.path().join("shop.bundle"), shop_folder().join("invoices.csv.zst"));
    let arguments = ["build", text(&log), "--currency", "GBP", "-o", text(&bundle), "--memory"];
    let built = |memory: &str| {
        let mut command = command(&[&arguments[..], &[memory]].concat());
        let output = command.env("TMPDIR", folder.path()).output().expect("edgewise starts");
        (output.status.code(), String::from_utf8(output.stderr).expect("UTF-8"))
    };
    let (_, too_large) = built("32MB");
    assert!(too_large.contains("memory   reading about "), "{too_large}");
    let (_, refused) = built("56MB");
    for (memory, what) in [("1MB", "reading"), ("32MB", "reading"), ("56MB", "training")] {
        let (code, refused) = built(memory);
        assert_eq!(code, Some(1), "{refused}");
        assert!(refused.contains(&format!("{what} needs ")), "{refused}");
        assert!(refused.contains("hint: raise `--memory`"), "{refused}");
    }
    let (_, needed) = refused.split_once("training needs ").expect("what it needs");
    let needed = needed.split_ascii_whitespace().find_map(|word| word.parse::<u64>().ok());
    // What is in use before the training begins differs a little from run to run.
    let memory = (needed.expect("what it needs") + (6 << 20)).to_string();
    let (code, notes) = built(&memory);
    assert_eq!(code, Some(0), "{notes}");
    assert!(notes.contains("spilling ") && notes.contains(" runs"), "{notes}");
    assert!(
        fs::read(&bundle).expect("a bundle")
            == fs::read(shop_bundle()).expect("the shipped bundle")
    );
    assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing is left behind");
}

#[test]
fn stages_are_timed_when_that_is_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let (bundle, report) = (folder.path().join("shop.bundle"), folder.path().join("report.json"));
    build(
        &shop_folder().join("invoices.csv.zst"),
        &bundle,
        &["--timings", "--report", text(&report)],
    );
    let report: Value =
        serde_json::from_slice(&fs::read(&report).expect("a report")).expect("JSON");
    let stages = report["timings"].as_array().expect("timings");
    let names: Vec<&str> = stages.iter().filter_map(|stage| stage["stage"].as_str()).collect();
    for name in ["read", "read: load", "read: judge", "clean", "learn similar", "pack", "write"] {
        assert!(names.contains(&name), "{names:?}");
    }
    assert!(stages.iter().all(|stage| stage["wall_s"].is_number()), "{stages:?}");
}

#[test]
fn the_report_counts_every_refused_row_by_reason() {
    let folder = tempfile::tempdir().expect("a folder");
    let (bundle, report) = (folder.path().join("shop.bundle"), folder.path().join("report.json"));
    build(&shop_folder().join("invoices.csv.zst"), &bundle, &["--report", text(&report)]);
    let report: Value =
        serde_json::from_slice(&fs::read(&report).expect("a report")).expect("JSON");
    let cleaning = &report["cleaning"];
    let count = |value: &Value| value.as_u64().expect("a count");
    let refused = cleaning["refused"].as_array().expect("refusals");
    let n_refused: u64 = refused.iter().map(|reason| count(&reason["n_rows"])).sum();
    assert_eq!(count(&cleaning["n_rows"]), 431_673);
    assert_eq!(count(&cleaning["n_rows"]), count(&cleaning["n_kept"]) + n_refused);
    for reason in refused {
        let example = &reason["examples"][0];
        assert!(
            example["file"].as_str().is_some_and(|file| file.ends_with("invoices.csv.zst")),
            "{reason}"
        );
        assert!(count(&example["line"]) > 1, "{reason}");
    }
    let codes: Vec<&str> = refused.iter().filter_map(|reason| reason["code"].as_str()).collect();
    for code in
        ["cancellation", "non_positive_price", "non_positive_quantity", "not_an_item", "duplicate"]
    {
        assert!(codes.contains(&code), "{code} is not among {codes:?}");
    }
    assert_eq!(report["columns"]["item"], "StockCode");
    assert_eq!(report["bundle"]["provenance"]["privacy"]["min_people"], 3);
}

#[test]
fn inspect_and_recommend_speak_json() {
    let bundle = shop_bundle();
    let contents: Value =
        serde_json::from_str(&run_ok(&["inspect", text(&bundle), "--json"])).expect("JSON");
    assert_eq!(contents["format"], 1);
    let size: u64 = contents["sections"]
        .as_array()
        .expect("sections")
        .iter()
        .filter_map(|s| s["size_bytes"].as_u64())
        .sum();
    assert!(size <= contents["size_bytes"].as_u64().expect("a size"));
    let answer: Value = serde_json::from_str(&run_ok(&[
        "recommend",
        text(&bundle),
        "--item",
        "85123A",
        "--history",
        "22386,21499",
        "-k",
        "5",
        "--explain",
        "--json",
    ]))
    .expect("JSON");
    let items = answer["items"].as_array().expect("items");
    assert_eq!(items.len(), 5);
    for item in items {
        assert!(item["title"].is_string(), "{item}");
        let parts: u64 = item["because"]
            .as_array()
            .expect("parts")
            .iter()
            .filter_map(|part| part["score"].as_u64())
            .sum();
        assert_eq!(Some(parts), item["score"].as_u64(), "{item}");
    }
}

#[test]
fn a_closed_pipe_is_success() {
    use std::process::Stdio;
    let bundle = shop_bundle();
    let mut child = crate::tool::command(&["recommend", text(&bundle), "--popular", "-k", "100"])
        .stdout(Stdio::piped())
        .spawn()
        .expect("edgewise starts");
    drop(child.stdout.take());
    assert!(child.wait().expect("it ends").success());
}

#[test]
fn init_writes_a_configuration_that_builds_the_same_model() {
    let folder = tempfile::tempdir().expect("a folder");
    let (config, bundle) = (folder.path().join("edgewise.toml"), folder.path().join("shop.bundle"));
    let data = shop_folder().join("invoices.csv.zst");
    run_ok(&["init", text(&data), "-o", text(&config)]);
    let written = fs::read_to_string(&config).expect("a configuration");
    assert!(written.contains("item = \"StockCode\""), "{written}");
    assert!(
        !run(&["init", text(&data), "-o", text(&config)]).status.success(),
        "it must not overwrite"
    );
    build(&data, &bundle, &["--config", text(&config)]);
    assert!(
        fs::read(&bundle).expect("a bundle")
            == fs::read(shop_bundle()).expect("the shipped bundle")
    );
}
