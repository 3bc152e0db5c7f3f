//! The built `edgewise` and where things are.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace").to_owned()
}

/// The folder of the shipped data and bundle.
pub(crate) fn shop_folder() -> PathBuf {
    root().join("model-artifacts/online-retail")
}

/// The shipped bundle.
pub(crate) fn shop_bundle() -> PathBuf {
    shop_folder().join("shop.bundle")
}

/// Golden files of the current format.
pub(crate) fn golden(name: &str) -> PathBuf {
    root().join("tests/golden/v1").join(name)
}

/// Whether golden files are to be written and not compared.
pub(crate) fn is_update() -> bool {
    std::env::var_os("UPDATE_EXPECT").is_some()
}

/// The built program: `EDGEWISE_BIN`, or the one of the profile that these tests were built with.
pub(crate) fn edgewise() -> PathBuf {
    let beside_tests = || {
        let test = std::env::current_exe().expect("this test's path");
        test.parent().and_then(Path::parent).expect("the profile's folder").join("edgewise")
    };
    let path = std::env::var_os("EDGEWISE_BIN").map_or_else(beside_tests, PathBuf::from);
    assert!(
        path.exists(),
        "{} is missing: run `cargo build --release --package edgewise-host`",
        path.display()
    );
    path
}

/// A command of the built program that reads no terminal and shows no colour.
pub(crate) fn command<S: AsRef<OsStr>>(arguments: &[S]) -> Command {
    let mut command = Command::new(edgewise());
    command.args(arguments).stdin(Stdio::null()).env("NO_COLOR", "1");
    command
}

/// Runs to the end.
pub(crate) fn run<S: AsRef<OsStr>>(arguments: &[S]) -> Output {
    command(arguments).output().expect("edgewise starts")
}

/// Runs to the end and expects success; gives stdout.
#[track_caller]
pub(crate) fn run_ok<S: AsRef<OsStr>>(arguments: &[S]) -> String {
    let output = run(arguments);
    let notes = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "exit {:?}: {notes}", output.status.code());
    String::from_utf8(output.stdout).expect("UTF-8 on stdout")
}
