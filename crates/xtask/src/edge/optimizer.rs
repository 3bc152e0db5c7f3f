//! `wasm-opt`, from the npm package `binaryen`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::console;
use crate::program::Program;
use crate::tools::node;
use crate::workspace::Workspace;

use super::stamp::PLAIN;

/// What the compiler uses for WebAssembly today, named one by one: with "all features" `wasm-opt` writes
/// encodings that hosts refuse. No SIMD here: it would be brought into modules that do not ask for it, and
/// those that do carry the wish in their own `target_features`.
const FEATURES: [&str; 8] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-call-indirect-overlong",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// What the module is to be good at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Goal {
    /// Few bytes.
    Size,
    /// Few microseconds, then few bytes.
    Speed,
}

impl Goal {
    /// The passes. For size also those that are slow to run: together they save the http shell 270 bytes.
    fn passes(self) -> &'static [&'static str] {
        match self {
            Self::Size => &[
                "-Oz",
                "--converge",
                "--low-memory-unused",
                "--zero-filled-memory",
                "--merge-similar-functions",
            ],
            Self::Speed => &["-O3"],
        }
    }
}

/// An installed `wasm-opt`.
#[derive(Debug)]
pub(crate) struct Optimizer {
    workspace: Workspace,
    script: PathBuf,
    version: String,
}

impl Optimizer {
    /// Installs what `package-lock.json` names; `None`, with a word about it, when there is no Node.js.
    pub(crate) fn find(workspace: &Workspace) -> Result<Option<Self>> {
        if !node::is_present(workspace) {
            console::note(
                "  no Node.js: the modules stay unoptimised (larger and slower, else the same)",
            );
            return Ok(None);
        }
        node::install(workspace, workspace.root())?;
        let package = workspace.root().join("node_modules/binaryen");
        let version = node::version_of(&package)?;
        let script = package.join("bin/wasm-opt");
        Ok(Some(Self { workspace: workspace.clone(), script, version }))
    }

    /// What would be done to a module: equal texts, equal results.
    pub(crate) fn recipe(optimizer: Option<&Self>, goal: Goal) -> String {
        optimizer.map_or_else(
            || PLAIN.to_owned(),
            |found| {
                format!(
                    "wasm-opt {} {} {}",
                    found.version,
                    goal.passes().join(" "),
                    FEATURES.join(" ")
                )
            },
        )
    }

    /// Writes the optimised `input` to `output`, whole or not at all.
    pub(crate) fn run(&self, input: &Path, output: &Path, goal: Goal) -> Result<()> {
        let partial = output.with_extension("partial");
        Program::new(&self.workspace, "node")
            .argument(&self.script)
            .words(&goal.passes().join(" "))
            .words(&FEATURES.join(" "))
            .words("--strip-debug --strip-producers --strip-target-features")
            .argument(input)
            .argument("-o")
            .argument(&partial)
            .run()?;
        fs::rename(&partial, output).with_context(|| format!("cannot write `{}`", output.display()))
    }
}
