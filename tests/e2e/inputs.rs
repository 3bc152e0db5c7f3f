//! Broken inputs: a clear error with a hint, the right exit code, and nothing lost.

use std::fs;
use std::net::TcpListener;
use std::path::Path;

use expect_test::{Expect, expect};

use crate::tool::{run, shop_bundle, shop_folder};

/// Runs and compares exit code and stderr; the folder's path reads `DIR`.
#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "reads better where it is called")]
fn check(folder: &Path, arguments: &[&str], expected: Expect) {
    let in_folder = |argument: &&str| argument.replace("DIR", folder.to_str().expect("UTF-8"));
    let arguments: Vec<String> = arguments.iter().map(in_folder).collect();
    let output = run(&arguments);
    assert!(output.stdout.is_empty(), "an error is no data");
    let notes =
        String::from_utf8_lossy(&output.stderr).replace(folder.to_str().expect("UTF-8"), "DIR");
    let code = output.status.code().expect("it was not killed");
    expected.assert_eq(&format!("exit {code}\n{notes}"));
}

fn folder_with(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).expect("a file is written");
    }
    folder
}

#[test]
fn an_empty_folder_a_missing_path_and_a_glob_without_match() {
    let folder = folder_with(&[]);
    check(
        folder.path(),
        &["build", "DIR", "-o", "DIR/a"],
        expect![[r"
            exit 1
            error: the columns of the log cannot be guessed
              caused by: the folder `DIR` has no file with a known ending

            hint: known endings are `.csv`, `.tsv`, `.jsonl`, `.ndjson` (each also `.gz` or `.zst`) and `.parquet`; name other files one by one
        "]],
    );
    check(
        folder.path(),
        &["build", "DIR/sales.csv", "-o", "DIR/a"],
        expect![[r"
            exit 1
            error: the columns of the log cannot be guessed
              caused by: there is no file or folder `DIR/sales.csv`

            hint: check the spelling; relative paths of a configuration start at its folder
        "]],
    );
    check(
        folder.path(),
        &["build", "DIR/*.parquet", "-o", "DIR/a"],
        expect![[r"
            exit 1
            error: the columns of the log cannot be guessed
              caused by: no file matches `DIR/*.parquet`

            hint: `*` stays within a folder, `**` crosses folders; quote the pattern for the shell
        "]],
    );
}

#[test]
fn columns_that_cannot_be_guessed_are_asked_for() {
    let folder = folder_with(&[("x.csv", b"alpha,beta\n1,2\n3,4\n")]);
    check(
        folder.path(),
        &["build", "DIR/x.csv", "-o", "DIR/a"],
        expect![[r#"
            exit 1
            error: the columns of the log cannot be guessed
              caused by: no column of `DIR/x.csv` looks like an item id; its columns are `alpha`, `beta`

            hint: name the right one in the configuration, for example:
            [columns]
            item = "alpha"
        "#]],
    );
    check(
        folder.path(),
        &["init", "DIR/x.csv", "-o", "DIR/edgewise.toml"],
        expect![[r#"
            exit 1
            error: cannot suggest a configuration
              caused by: no column of `DIR/x.csv` looks like an item id; its columns are `alpha`, `beta`

            hint: name the right one in the configuration, for example:
            [columns]
            item = "alpha"
        "#]],
    );
}

#[test]
fn a_log_in_which_nothing_is_left_is_no_model() {
    let rows = b"order_id,sku,quantity\n1,tea-1,-2\n2,tea-2,0\n";
    let folder = folder_with(&[("x.csv", rows)]);
    check(
        folder.path(),
        &["build", "DIR/x.csv", "-o", "DIR/a"],
        expect![[r"
            exit 1
            error: none of the 2 rows could be used; most often: a quantity of zero or less (2 rows), as `-2` at DIR/x.csv:2

            hint: check `[columns]` and `[cleaning]` against the examples above; `max_refused_share` allows more
        "]],
    );
    assert!(!folder.path().join("a").exists());
}

#[test]
fn truncated_files_are_named() {
    let zst = fs::read(shop_folder().join("invoices.csv.zst")).expect("the shipped data");
    let folder = folder_with(&[
        ("cut.csv.zst", &zst[..zst.len() / 2]),
        ("cut.parquet", b"PAR1\x15\x04\x15"),
    ]);
    check(
        folder.path(),
        &["build", "DIR/cut.csv.zst", "-o", "DIR/a"],
        expect![[r"
            exit 1
            error: `DIR/cut.csv.zst` is cut short: its compressed content ends early
              caused by: incomplete frame

            hint: copy or export the file again; an upload may still be running
        "]],
    );
    check(
        folder.path(),
        &["build", "DIR/cut.parquet", "-o", "DIR/a"],
        expect![[r"
            exit 1
            error: the columns of the log cannot be guessed
              caused by: `DIR/cut.parquet` is not a whole Parquet file
              caused by: EOF: Parquet file too small. Size is 7 but need 8

            hint: a Parquet file ends with its index: copy it again, or export it as CSV
        "]],
    );
}

#[test]
fn a_failed_build_leaves_the_old_bundle() {
    let folder = folder_with(&[("x.csv", b"order_id,sku\n"), ("old.bundle", b"old")]);
    let (from, to) = (folder.path().join("x.csv"), folder.path().join("old.bundle"));
    let output = run(&[Path::new("build"), &from, Path::new("-o"), &to]);
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(fs::read(&to).expect("the old bundle"), b"old");
}

#[test]
fn settings_out_of_range_are_named() {
    let folder = folder_with(&[("x.csv", b"order_id,sku\n1,tea-1\n1,tea-2\n")]);
    check(
        folder.path(),
        &["build", "DIR/x.csv", "-o", "DIR/a", "--neighbours", "5000"],
        expect![[r"
            exit 1
            chose    similar: ridge for dense rows, because 100.00 % of all pairs of people and items are known
            chose    together: ridge, because orders hold 2.0 items on average
            error: `neighbours` is `5000`, expected `1` to `1024`

            hint: change the setting under `[model]` in `edgewise.toml`
        "]],
    );
}

#[test]
fn a_bundle_that_is_cut_changed_or_none_is_refused() {
    let bundle = fs::read(shop_bundle()).expect("the shipped bundle");
    let mut changed = bundle.clone();
    changed[5_000] ^= 1;
    let folder = folder_with(&[
        ("cut.bundle", &bundle[..10_000]),
        ("changed.bundle", &changed),
        (
            "none.bundle",
            b"PK\x03\x04 this is a zip file and no bundle, but it is long enough to look at",
        ),
    ]);
    check(
        folder.path(),
        &["inspect", "DIR/cut.bundle"],
        expect![[r"
            exit 1
            error: cannot open the bundle `DIR/cut.bundle`
              caused by: `bundle` at byte 0 needs 286880 bytes, found 10000

            hint: the file was cut short or changed on its way: copy it again, or rebuild it with `edgewise build`
        "]],
    );
    let output = run(&[Path::new("inspect"), &folder.path().join("changed.bundle")]);
    let notes = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    assert!(notes.contains("the digest of the bytes is") && notes.contains("hint: "), "{notes}");
    check(
        folder.path(),
        &["recommend", "DIR/none.bundle", "--popular"],
        expect![[r"
            exit 1
            error: cannot open the bundle `DIR/none.bundle`
              caused by: not a bundle: starts with `PK...thi`, expected `EDGEWISE`

            hint: make a bundle from your log with `edgewise build … -o shop.bundle`
        "]],
    );
    check(
        folder.path(),
        &["bake", "DIR/cut.bundle", "-o", "DIR/a.wasm"],
        expect![[r"
            exit 1
            error: the bundle is refused
              caused by: `bundle` at byte 0 needs 286880 bytes, found 10000

            hint: the file was cut short or changed on its way: copy it again, or rebuild it with `edgewise build`
        "]],
    );
    check(
        folder.path(),
        &["serve", "DIR/none.bundle", "--listen", "127.0.0.1:0"],
        expect![[r"
            exit 1
            error: `DIR/none.bundle` is no component and no manifest, and no bundle that can be served
              caused by: not a bundle: starts with `PK...thi`, expected `EDGEWISE`

            hint: make a bundle from your log with `edgewise build … -o shop.bundle`
        "]],
    );
}

#[test]
fn an_unknown_item_is_answered_with_what_looks_like_it() {
    let bundle = shop_bundle();
    let folder = folder_with(&[("shop.bundle", &fs::read(bundle).expect("the shipped bundle"))]);
    check(
        folder.path(),
        &["recommend", "DIR/shop.bundle", "--item", "85123"],
        expect![[r"
            exit 1
            error: the bundle knows no item `85123`

            hint: did you mean `85123A`, `85213` or `85125`?
        "]],
    );
    check(
        folder.path(),
        &["recommend", "DIR/shop.bundle", "--popular", "--region", "Frence"],
        expect![[r"
            exit 1
            error: the bundle knows no region `Frence`

            hint: did you mean `France`?
        "]],
    );
}

#[test]
fn a_port_in_use_is_said_before_anything_is_compiled() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let output =
        run(&[Path::new("serve"), &shop_bundle(), Path::new("--listen"), Path::new(&address)]);
    let notes = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{notes}");
    assert!(
        notes.contains(&format!("cannot listen on {address}")) && notes.contains("hint: "),
        "{notes}"
    );
}

#[test]
fn a_wrong_command_line_is_the_users_to_fix() {
    for arguments in [
        &["build"][..],
        &["bild"],
        &["recommend", "x.bundle"],
        &["serve", "x", "--listen", "nowhere"],
    ] {
        assert_eq!(run(arguments).status.code(), Some(1), "{arguments:?}");
    }
    assert_eq!(run(&["--version"]).status.code(), Some(0));
}
