//! The browser's folder: the module with its glue, the package's own scripts and types, and the page.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use wasm_bindgen_cli_support::Bindgen;

use crate::console;
use crate::workspace::Workspace;

use super::optimizer::{Goal, Optimizer};
use super::shell::{BROWSER, how};
use super::stamp::Stamp;
use super::tree::Tree;

/// The module, as wasm-bindgen names it.
pub(crate) const MODULE: &str = "edgewise_browser_bg.wasm";

/// Builds `<target>/edge/browser`.
pub(crate) fn build(workspace: &Workspace, optimizer: Option<&Optimizer>) -> Result<()> {
    let bindings = bind(workspace, optimizer)?;
    let package = workspace.root().join("edge/browser");
    let mut site = Tree::default();
    site.add_folder(&bindings, |_| true)?;
    site.add_folder(&package, |path| is_beside(path) && is_script_or_types(path))?;
    site.add_folder(&package.join("site"), |_| true)?;
    let n_changed = site.write(&workspace.site())?;
    if n_changed > 0 {
        let how = format!("the module in {} files", site.n_files());
        console::made(
            workspace.shown(&workspace.site()),
            site.get(MODULE).map_or(0, <[u8]>::len),
            &how,
        );
    }
    Ok(())
}

/// Makes the module and its glue, and returns the folder that holds only these.
fn bind(workspace: &Workspace, optimizer: Option<&Optimizer>) -> Result<PathBuf> {
    let compiled = BROWSER.compile(workspace)?;
    let input = fs::read(&compiled).with_context(|| BROWSER.made_nothing())?;
    let folder = workspace.edge().join("bindings");
    let stamp = Stamp::new(&workspace.edge(), "browser", &input);
    let recipe = Optimizer::recipe(optimizer, Goal::Speed);
    if folder.join(MODULE).exists() && stamp.serves(&recipe) {
        return Ok(folder);
    }
    stamp.clear()?;
    if folder.exists() {
        fs::remove_dir_all(&folder)
            .with_context(|| format!("cannot empty `{}`", folder.display()))?;
    }
    Bindgen::new()
        .input_path(&compiled)
        .web(true)?
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(&folder)
        .context("wasm-bindgen cannot make the glue of `edgewise-browser`")?;
    if let Some(optimizer) = optimizer {
        // `-Oz` saves 0.2 % before and costs 0.4 % after brotli, so here speed is free.
        let module = folder.join(MODULE);
        optimizer.run(&module, &module, Goal::Speed)?;
    }
    stamp.set(&recipe)?;
    let n_bytes = fs::metadata(folder.join(MODULE))?.len();
    console::made(Path::new(MODULE), usize::try_from(n_bytes)?, how(&recipe));
    Ok(folder)
}

/// In the package's folder itself, not below it.
fn is_beside(path: &Path) -> bool {
    path.components().count() == 1
}

fn is_script_or_types(path: &Path) -> bool {
    let name = path.to_string_lossy();
    name.ends_with(".js") || name.ends_with(".d.ts")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_gives_its_scripts_and_types_and_nothing_else() {
        let taken = |path: &str| is_beside(Path::new(path)) && is_script_or_types(Path::new(path));
        assert!(["edgewise.js", "history.js", "edgewise.d.ts"].into_iter().all(taken));
        let left =
            ["Cargo.toml", "src/lib.rs", "site/shop.js", "node_modules/a.js", "package.json"];
        assert!(!left.into_iter().any(taken));
    }
}
