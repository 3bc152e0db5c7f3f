//! The example shop: its log, its model, and the `edgewise` binary that turns one into the other.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::program::Program;
use crate::workspace::Workspace;

/// Eleven months of invoices of a British gift shop; `model-artifacts/README.md` says where they come from.
const INVOICES: &str = "model-artifacts/online-retail/invoices.csv.zst";
/// The bundle that was made from them, as it is in the repository.
pub(crate) const SHIPPED_BUNDLE: &str = "model-artifacts/online-retail/shop.bundle";
/// An item of that shop: the white hanging heart, its best seller.
pub(crate) const ITEM: &str = "85123A";

/// Builds the `edgewise` binary.
pub(crate) fn build_edgewise(workspace: &Workspace) -> Result<()> {
    Program::cargo(workspace, "build --release --package edgewise-host").run()
}

/// A call of the `edgewise` binary.
pub(crate) fn edgewise(workspace: &Workspace, verb: &str) -> Program {
    Program::new(workspace, workspace.edgewise()).words(verb)
}

/// Where the shop's bundle lies once it is made.
pub(crate) fn bundle_path(workspace: &Workspace) -> PathBuf {
    workspace.demo().join("shop.bundle")
}

/// Trains the shop's model.
pub(crate) fn build_bundle(workspace: &Workspace) -> Result<PathBuf> {
    let folder = workspace.demo();
    fs::create_dir_all(&folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    let bundle = bundle_path(workspace);
    edgewise(workspace, "build")
        .argument(workspace.root().join(INVOICES))
        .words("--currency GBP")
        .argument("-o")
        .argument(&bundle)
        .run()?;
    Ok(bundle)
}
