//! What `spin.toml` runs before `spin up`: a component for Spin with a bundle inside.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::edge::{self, Optimization};
use crate::shop;
use crate::workspace::Workspace;

/// Bakes `bundle`, or the example shop's, which is made when it is not there, into the file that `spin.toml` names.
pub(crate) fn bake(workspace: &Workspace, bundle: Option<&str>) -> Result<()> {
    edge::build(workspace, Optimization::WasmOpt)?;
    shop::build_edgewise(workspace)?;
    let example = shop::bundle_path(workspace);
    let bundle = match bundle {
        // Relative to where the caller stands; the program runs in the root.
        Some(path) => std::path::absolute(path)?,
        None if example.is_file() => example,
        None => shop::build_bundle(workspace)?,
    };
    // Not below the target folder in use: the manifest knows one place only.
    let component = workspace.root().join("target/spin/recs.wasm");
    let folder = component.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder).with_context(|| format!("cannot make `{}`", folder.display()))?;
    shop::edgewise(workspace, "bake")
        .argument(bundle)
        .words("--shell spin -o")
        .argument(component)
        .run()
}
