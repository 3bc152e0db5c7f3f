//! The shells that an edge node runs: one core module each.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::console;
use crate::program::Program;
use crate::tools::wasm_target;
use crate::workspace::Workspace;

use super::optimizer::{Goal, Optimizer};
use super::stamp::{PLAIN, Stamp};

/// A package that becomes a WebAssembly module.
#[derive(Debug)]
pub(crate) struct Package {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it is compiled for.
    pub(crate) target: &'static str,
    /// File name of the module that cargo makes of it.
    module: &'static str,
    /// A feature that is not on by default, and the target folder for what it changes.
    feature: Option<&'static str>,
}

/// Answers over wasi:http.
const HTTP: Package = Package {
    name: "edgewise-http",
    target: "wasm32-unknown-unknown",
    module: "edgewise_http.wasm",
    feature: None,
};
/// The same for private bundles.
const HTTP_PRIVATE: Package = Package { feature: Some("sessions"), ..HTTP };
/// The same on the Spin SDK, whose bindings need WASI.
const SPIN: Package = Package {
    name: "edgewise-spin",
    target: "wasm32-wasip1",
    module: "edgewise_spin.wasm",
    feature: None,
};
/// Answers in the page.
pub(crate) const BROWSER: Package = Package {
    name: "edgewise-browser",
    target: "wasm32-unknown-unknown",
    module: "edgewise_browser.wasm",
    feature: None,
};

/// Everything that becomes a module.
pub(crate) const PACKAGES: [Package; 3] = [HTTP, SPIN, BROWSER];

/// Natively there is nothing in these to build, lint or test: a component's imports are nowhere to be linked.
pub(crate) const WASM_ONLY: [Package; 2] = [HTTP, SPIN];

/// Packages that become one core module each, with the module's file name.
pub(crate) const SHELLS: [(Package, &str); 3] =
    [(HTTP, "http.core.wasm"), (HTTP_PRIVATE, "http-private.core.wasm"), (SPIN, "spin.core.wasm")];

/// Compiles the shell and puts the finished module into `<target>/edge`.
pub(crate) fn build(
    workspace: &Workspace,
    package: &Package,
    finished: &str,
    optimizer: Option<&Optimizer>,
) -> Result<()> {
    let compiled = package.compile(workspace)?;
    let input = fs::read(&compiled).with_context(|| package.made_nothing())?;
    let stamp = Stamp::new(&workspace.edge(), finished, &input);
    let finished = workspace.edge().join(finished);
    let recipe = Optimizer::recipe(optimizer, Goal::Size);
    if finished.exists() && stamp.serves(&recipe) {
        return Ok(());
    }
    stamp.clear()?;
    match optimizer {
        Some(optimizer) => optimizer.run(&compiled, &finished, Goal::Size)?,
        None => fs::write(&finished, &input)
            .with_context(|| format!("cannot write `{}`", finished.display()))?,
    }
    stamp.set(&recipe)?;
    let n_bytes = fs::metadata(&finished)?.len();
    console::made(workspace.shown(&finished), usize::try_from(n_bytes)?, how(&recipe));
    Ok(())
}

impl Package {
    /// Compiles it in the `edge` profile and returns where its module lies.
    ///
    /// One package a run: together they would be given each other's features, and grow.
    pub(crate) fn compile(&self, workspace: &Workspace) -> Result<PathBuf> {
        wasm_target::ensure(workspace, self.target)?;
        let cargo = self.arguments(Program::cargo(workspace, "build"));
        let Some(feature) = self.feature else {
            cargo.run()?;
            return Ok(workspace.target().join(self.target).join("edge").join(self.module));
        };
        // A folder of its own: in one folder cargo would link both anew each time.
        let target = workspace.target().join(feature);
        cargo
            .argument("--features")
            .argument(feature)
            .argument("--target-dir")
            .argument(&target)
            .run()?;
        Ok(target.join(self.target).join("edge").join(self.module))
    }

    /// Adds the arguments by which cargo knows the package, its target and its profile.
    pub(crate) fn arguments(&self, cargo: Program) -> Program {
        let words = ["--profile", "edge", "--target", self.target, "--package", self.name];
        words.iter().fold(cargo, Program::argument)
    }

    /// What to say when cargo made no module of it.
    pub(crate) fn made_nothing(&self) -> String {
        format!("`{}` made no module", self.name)
    }
}

/// The recipe in a word, for the line that tells of a finished file.
pub(crate) fn how(recipe: &str) -> &'static str {
    if recipe == PLAIN { "not optimised" } else { "optimised" }
}
