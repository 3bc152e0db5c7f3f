//! The checks, one function each. A step installs what it needs, and fails with a cure when it cannot.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::arguments::{DemoOptions, Stay};
use crate::bench;
use crate::demo;
use crate::demo::server::Server;
use crate::edge::{self, Optimization, PACKAGES, WASM_ONLY};
use crate::failure::Failure;
use crate::program::Program;
use crate::shop;
use crate::tools::{cargo_deny, chromium, node, schemathesis, toolchain, wasm_target};
use crate::workspace::Workspace;

/// One check.
#[derive(Debug)]
pub(crate) struct Step {
    /// What it is called by, in the summary and on the command line.
    pub(crate) name: &'static str,
    /// What it checks.
    pub(crate) about: &'static str,
    /// Part of `--fast`.
    pub(crate) needs_only_rust: bool,
    /// Runs it.
    pub(crate) run: fn(&Workspace) -> Result<Verdict>,
}

/// How a step ends when it does not fail.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// All is well.
    Passed,
    /// It could not be told, for the reason given, which is no fault of the code.
    Skipped(String),
}

const fn rust(
    name: &'static str,
    about: &'static str,
    run: fn(&Workspace) -> Result<Verdict>,
) -> Step {
    Step { name, about, needs_only_rust: true, run }
}

const fn more(
    name: &'static str,
    about: &'static str,
    run: fn(&Workspace) -> Result<Verdict>,
) -> Step {
    Step { name, about, needs_only_rust: false, run }
}

/// Every check, cheap ones first; a later one may use what an earlier one built.
pub(crate) const STEPS: [Step; 15] = [
    rust("format", "rustfmt has nothing to change", format),
    rust("tidy", "the house rules hold, and the checkers themselves work", tidy),
    rust("clippy", "no warning in what runs natively, tests included", clippy),
    rust("clippy-edge", "no warning in the shells", clippy_edge),
    rust("docs", "the documentation builds without a warning", docs),
    more("licences", "licences, duplicates and sources of the dependencies", licences),
    more("advisories", "no known vulnerability in the dependencies", advisories),
    rust("edge", "the shells and the browser's folder build", edge),
    rust("host", "the `edgewise` binary builds", host),
    rust("tests", "unit, integration, end-to-end and documentation tests", tests),
    more("instructions", "fixed work takes no more instructions than recorded", instructions),
    more("wasm", "the tests of core, bundle and endpoint as WebAssembly, scalar and SIMD", wasm),
    more("demo", "the demo answers, serves its page, and stops when asked", demo_once),
    more("api", "every answer of a server is as its OpenAPI description says", api),
    more("browser", "the page and the npm package in Node.js and Chromium", browser),
];

fn format(workspace: &Workspace) -> Result<Verdict> {
    toolchain::ensure(workspace, "fmt", "rustfmt")?;
    passed(&Program::cargo(workspace, "fmt --all -- --check"))
}

fn tidy(workspace: &Workspace) -> Result<Verdict> {
    passed(&Program::cargo(workspace, "test --quiet --release --package edgewise-xtask"))
}

fn clippy(workspace: &Workspace) -> Result<Verdict> {
    toolchain::ensure(workspace, "clippy", "clippy")?;
    passed(
        &native(workspace, "clippy --quiet --release --all-targets --workspace")
            .words("-- --deny warnings"),
    )
}

fn clippy_edge(workspace: &Workspace) -> Result<Verdict> {
    toolchain::ensure(workspace, "clippy", "clippy")?;
    for package in &PACKAGES {
        wasm_target::ensure(workspace, package.target)?;
        package
            .arguments(Program::cargo(workspace, "clippy --quiet"))
            .words("-- --deny warnings")
            .run()?;
    }
    Ok(Verdict::Passed)
}

fn docs(workspace: &Workspace) -> Result<Verdict> {
    passed(
        &native(workspace, "doc --quiet --release --no-deps --workspace")
            .variable("RUSTDOCFLAGS", "--deny warnings"),
    )
}

fn licences(workspace: &Workspace) -> Result<Verdict> {
    cargo_deny::ensure(workspace)?;
    passed(&cargo_deny::program(workspace, "--locked check licenses bans sources"))
}

fn advisories(workspace: &Workspace) -> Result<Verdict> {
    cargo_deny::ensure(workspace)?;
    if cargo_deny::program(workspace, "--locked fetch db").output().is_none() {
        return Ok(Verdict::Skipped(
            "the advisory database cannot be fetched from here".to_owned(),
        ));
    }
    passed(&cargo_deny::program(workspace, "--locked check --disable-fetch advisories"))
}

fn edge(workspace: &Workspace) -> Result<Verdict> {
    edge::build(workspace, Optimization::WasmOpt)?;
    Ok(Verdict::Passed)
}

fn host(workspace: &Workspace) -> Result<Verdict> {
    shop::build_edgewise(workspace)?;
    Ok(Verdict::Passed)
}

/// All but xtask's own, which [`tidy`] has run: with it, cargo would build shared dependencies once more
/// with the features that it alone asks for.
fn tests(workspace: &Workspace) -> Result<Verdict> {
    passed(&native(workspace, "test --release --workspace --no-fail-fast --exclude edgewise-xtask"))
}

fn instructions(workspace: &Workspace) -> Result<Verdict> {
    bench::check_instructions(workspace)
}

/// The same tests as WebAssembly under Node.js: there, `usize` has 32 bits, and SIMD is that of browsers.
fn wasm(workspace: &Workspace) -> Result<Verdict> {
    const WASI: &str = "wasm32-wasip1";
    node::ensure(workspace)?;
    wasm_target::ensure(workspace, WASI)?;
    let runner = workspace.root().join("crates/xtask/wasi-runner.mjs");
    let runner = format!("node --no-warnings {}", runner.display());
    for features in ["", "-Ctarget-feature=+simd128"] {
        Program::cargo(
            workspace,
            "test --release --no-fail-fast --tests --package edgewise-core --package edgewise-bundle --package edgewise-endpoint",
        )
        .argument("--target")
        .argument(WASI)
        .variable("CARGO_TARGET_WASM32_WASIP1_RUNNER", &runner)
        .variable("CARGO_TARGET_WASM32_WASIP1_RUSTFLAGS", features)
        .run()?;
    }
    Ok(Verdict::Passed)
}

fn browser(workspace: &Workspace) -> Result<Verdict> {
    node::ensure(workspace)?;
    let folder = workspace.root().join("tests/browser");
    node::install(workspace, &folder)?;
    let chromium = chromium::ensure(workspace)?;
    let files = browser_tests(&folder)?;
    let run = node::node(workspace)
        .argument("--test")
        .variable("CHROMIUM", chromium)
        .variable("EDGEWISE_SITE", workspace.site())
        .variable("EDGEWISE_BIN", workspace.edgewise())
        .variable("EDGEWISE_BUNDLE", shop::bundle_path(workspace));
    passed(&files.iter().fold(run, Program::argument))
}

/// The test files by name: what `node --test` makes of a folder differs between its versions.
fn browser_tests(folder: &PathBuf) -> Result<Vec<PathBuf>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot list `{}`", folder.display()))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let name = path.to_string_lossy();
        if name.ends_with(".test.js") || name.ends_with(".test.mjs") {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(Failure::by_us(format!("`{}` holds no test", folder.display())).into());
    }
    files.sort();
    Ok(files)
}

/// Sends right and wrong requests, the same ones every time, to the shipped shop: none may fail the server, and every
/// answer must have the status, the headers and the fields that `docs/openapi.json` names.
fn api(workspace: &Workspace) -> Result<Verdict> {
    schemathesis::ensure(workspace)?;
    let serve = shop::edgewise(workspace, "serve --listen 127.0.0.1:0 --log-format off")
        .argument(workspace.root().join(shop::SHIPPED_BUNDLE));
    let mut server = Server::start(&serve)?;
    let tested = schemathesis::program(workspace, "--no-color --config-file")
        .argument(workspace.root().join("tests/api/schemathesis.toml"))
        .words("run --phases examples,coverage,fuzzing --request-timeout 10 --url")
        .argument(format!("http://{}", server.address()))
        .argument(workspace.root().join("docs/openapi.json"))
        .run();
    server.stop()?;
    tested?;
    Ok(Verdict::Passed)
}

fn demo_once(workspace: &Workspace) -> Result<Verdict> {
    demo::run(workspace, &DemoOptions { stay: Stay::Once, listen: "127.0.0.1:0".to_owned() })?;
    Ok(Verdict::Passed)
}

fn passed(program: &Program) -> Result<Verdict> {
    program.run()?;
    Ok(Verdict::Passed)
}

/// Cargo over the workspace without the packages that only make sense as WebAssembly.
fn native(workspace: &Workspace, words: &str) -> Program {
    let program = Program::cargo(workspace, words);
    WASM_ONLY
        .iter()
        .fold(program, |program, package| program.argument("--exclude").argument(package.name))
}
