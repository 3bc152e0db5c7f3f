//! Other programs: shown as a person would type them, then run in the repository's root.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};

use crate::console;
use crate::failure::Failure;
use crate::workspace::Workspace;

/// This program. Where it was built again while it runs, the new one in its place: Linux marks the name of the old one.
pub(crate) fn this() -> Result<PathBuf> {
    let path = std::env::current_exe().context("cannot find this program")?;
    let name = path.to_str().and_then(|name| name.strip_suffix(" (deleted)"));
    Ok(name.map_or_else(|| path.clone(), PathBuf::from))
}

/// Set by the caller already, so it is not shown again.
const TARGET_VARIABLE: &str = "CARGO_TARGET_DIR";

/// A program and its arguments, not yet running.
#[derive(Debug)]
pub(crate) struct Program {
    name: OsString,
    arguments: Vec<OsString>,
    variables: Vec<(&'static str, OsString)>,
    root: PathBuf,
}

impl Program {
    /// `name` is looked up in `PATH` unless it is a path.
    pub(crate) fn new(workspace: &Workspace, name: impl AsRef<OsStr>) -> Self {
        Self {
            name: name.as_ref().to_owned(),
            arguments: Vec::new(),
            variables: Vec::new(),
            root: workspace.root().to_path_buf(),
        }
    }

    /// Cargo, the very one that runs us, with the target folder that we use.
    pub(crate) fn cargo(workspace: &Workspace, words: &str) -> Self {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let program = Self::new(workspace, cargo).words(words);
        match std::env::var_os(TARGET_VARIABLE) {
            // Absolute, because it may have been relative to where the caller stands.
            Some(_) => program.variable(TARGET_VARIABLE, workspace.target()),
            None => program,
        }
    }

    /// Adds one argument.
    pub(crate) fn argument(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// Adds the arguments that `words` holds, parted by blanks.
    pub(crate) fn words(self, words: &str) -> Self {
        words.split_whitespace().fold(self, Self::argument)
    }

    /// Sets an environment variable.
    pub(crate) fn variable(mut self, name: &'static str, value: impl AsRef<OsStr>) -> Self {
        self.variables.push((name, value.as_ref().to_owned()));
        self
    }

    /// Shows the command, runs it with our own streams, and fails unless it exits with 0.
    pub(crate) fn run(&self) -> Result<()> {
        console::command(&self.shown());
        let status = self.command().stdin(Stdio::null()).status().with_context(|| self.absent())?;
        if status.success() {
            return Ok(());
        }
        Err(Failure::by_program(format!("`{}` failed: {status}", self.shown()), status.code())
            .into())
    }

    /// Shows the command and puts the program in our place; returns only when that fails, or where it cannot be done.
    pub(crate) fn replace_us(&self) -> Result<()> {
        #[cfg(unix)]
        {
            use std::os::unix::process::CommandExt as _;
            console::command(&self.shown());
            Err(self.command().exec()).with_context(|| self.absent())
        }
        #[cfg(not(unix))]
        self.run()
    }

    /// Runs it unseen. `None`: it could not be started, or did not exit with 0; else what it printed to stdout.
    pub(crate) fn output(&self) -> Option<String> {
        let output = self.command().stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// The command to start, for a caller that keeps it running.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.name);
        command.args(&self.arguments).envs(self.variables.iter().cloned()).current_dir(&self.root);
        command
    }

    /// As a person at the root would type it.
    pub(crate) fn shown(&self) -> String {
        let variables = self
            .variables
            .iter()
            .filter(|(name, _)| *name != TARGET_VARIABLE)
            .map(|(name, value)| format!("{name}={}", self.word(value)));
        let name = std::iter::once(self.shown_name());
        let arguments = self.arguments.iter().map(|argument| self.word(argument));
        variables.chain(name).chain(arguments).collect::<Vec<_>>().join(" ")
    }

    /// The name alone; `cargo` stands for the whole path of the one that runs us.
    fn shown_name(&self) -> String {
        let path = Path::new(&self.name);
        match path.file_stem() {
            Some(stem) if stem == "cargo" => "cargo".to_owned(),
            _ => self.word(&self.name),
        }
    }

    /// Relative to the root when inside it, quoted when a shell would split or expand it.
    fn word(&self, word: &OsStr) -> String {
        let inside = Path::new(word).strip_prefix(&self.root).map_or(word, Path::as_os_str);
        let is_root = inside.is_empty() && !word.is_empty();
        let text = if is_root { ".".into() } else { inside.to_string_lossy() };
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:=,+@%[]".contains(&byte);
        if !text.is_empty() && text.bytes().all(plain) {
            text.into_owned()
        } else {
            format!("'{}'", text.replace('\'', r"'\''"))
        }
    }

    fn absent(&self) -> String {
        format!("cannot start `{}`", self.name.to_string_lossy())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_shown_as_it_would_be_typed() {
        let workspace = Workspace::locate().unwrap();
        let shown = Program::new(&workspace, workspace.root().join("target/release/edgewise"))
            .words("build --seed 7")
            .argument("a shop's log.csv")
            .argument(workspace.root().join("docs/format.md"))
            .argument(workspace.root())
            .variable("NO_COLOR", "1")
            .shown();
        assert_eq!(
            shown,
            r"NO_COLOR=1 target/release/edgewise build --seed 7 'a shop'\''s log.csv' docs/format.md ."
        );
    }

    #[test]
    fn a_failed_program_and_an_absent_one_are_told_apart() {
        let workspace = Workspace::locate().unwrap();
        let failed = Program::cargo(&workspace, "no-such-verb").run().unwrap_err();
        assert!(failed.downcast_ref::<Failure>().is_some(), "{failed}");
        let absent = Program::new(&workspace, "no-such-program-here").run().unwrap_err();
        assert_eq!(absent.to_string(), "cannot start `no-such-program-here`");
        assert_eq!(Program::new(&workspace, "no-such-program-here").output(), None);
    }
}
