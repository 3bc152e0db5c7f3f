//! The shells that an edge node runs: one core module each.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};

use crate::console;
use crate::program::Program;
use crate::workspace::Workspace;

use super::TARGET;
use super::optimizer::{Goal, Optimizer};
use super::stamp::{PLAIN, Stamp};

/// A package that is built into a core module.
#[derive(Debug)]
pub(crate) struct Shell {
    package: &'static str,
    /// File name of the module that cargo makes, and of the finished one.
    made: &'static str,
    finished: &'static str,
}

/// Every shell but the browser's, which is more than a module.
pub(crate) const SHELLS: [Shell; 2] = [
    Shell {
        package: "edgewise-http",
        made: "edgewise_http.wasm",
        finished: "http.core.wasm",
    },
    Shell {
        package: "edgewise-spin",
        made: "edgewise_spin.wasm",
        finished: "spin.core.wasm",
    },
];

impl Shell {
    /// Compiles the shell and puts the finished module into `<target>/edge`.
    pub(crate) fn build(&self, workspace: &Workspace, optimizer: Option<&Optimizer>) -> Result<()> {
        let compiled = compile(workspace, self.package, self.made)?;
        let input =
            fs::read(&compiled).with_context(|| format!("`{}` made no module", self.package))?;
        let finished = workspace.edge().join(self.finished);
        let stamp = Stamp::new(&workspace.edge(), self.finished, &input);
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
        console::made(
            workspace.shown(&finished),
            usize::try_from(n_bytes)?,
            how(&recipe),
        );
        Ok(())
    }
}

/// Compiles one package in the `edge` profile and returns where its module lies.
///
/// One package a run: together they would be given each other's features, and grow.
pub(crate) fn compile(workspace: &Workspace, package: &str, module: &str) -> Result<PathBuf> {
    Program::cargo(workspace, "build --quiet --profile edge --target")
        .argument(TARGET)
        .words("--package")
        .argument(package)
        .run()?;
    Ok(workspace.target().join(TARGET).join("edge").join(module))
}

/// The recipe in a word, for the line that tells of a finished file.
pub(crate) fn how(recipe: &str) -> &'static str {
    if recipe == PLAIN {
        "not optimised"
    } else {
        "optimised"
    }
}
