//! Figures in wasmtime, all from the sandbox's bench `requests`: a grid of questions, and requests to a component.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::super::rows::Row;
use super::super::{Bench, usage};
use super::answers;
use crate::edge::{self, Optimization};
use crate::program::Program;
use crate::shop;
use crate::tools::wasm_target;
use crate::workspace::Workspace;

const WASM: &str = "wasm32-unknown-unknown";

/// The questions of a file: each in a fresh instance with the bundle baked in, and all of them in one that is kept.
pub(super) fn answers(
    bench: &Bench<'_>,
    name: &str,
    bundle: &Path,
    questions: &Path,
) -> Result<Vec<Row>> {
    let component = component(bench, bundle)?;
    let program = requests(bench.workspace)
        .argument("--grid")
        .argument(component)
        .argument(kept(bench.workspace)?)
        .argument(bundle)
        .argument(questions);
    Ok(answers::figures(bench, name, &usage::run(&program)?.stdout))
}

/// The http component with a bundle in it.
pub(super) fn component(bench: &Bench<'_>, bundle: &Path) -> Result<PathBuf> {
    edge::build(bench.workspace, Optimization::WasmOpt)?;
    let component = bench.folder.join("recs.wasm");
    shop::edgewise(bench.workspace, "bake")
        .argument(bundle)
        .argument("-o")
        .argument(&component)
        .run()?;
    Ok(component)
}

/// The bench, for the arguments that follow. With the host, so that cargo builds shared dependencies with the features
/// that they have already.
pub(super) fn requests(workspace: &Workspace) -> Program {
    Program::cargo(
        workspace,
        "bench --quiet --package edgewise-sandbox --package edgewise-host --bench requests --",
    )
}

/// The module whose instance is kept, compiled as the shells are. `wasm-opt` makes it smaller and no quicker: 88 µs in
/// place of 89 for a history of 20.
fn kept(workspace: &Workspace) -> Result<PathBuf> {
    wasm_target::ensure(workspace, WASM)?;
    Program::cargo(workspace, "build --quiet --profile edge --package edgewise-endpoint")
        .words("--example kept --target")
        .argument(WASM)
        .run()?;
    Ok(workspace.target().join(WASM).join("edge/examples/kept.wasm"))
}
