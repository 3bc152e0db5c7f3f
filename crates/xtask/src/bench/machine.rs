//! When, on what and with which versions a figure was measured.

use std::fs;

use crate::program::Program;
use crate::workspace::Workspace;

/// Today, as UTC has it.
pub(super) fn today() -> String {
    jiff::Timestamp::now().strftime("%Y-%m-%d").to_string()
}

/// Processor, cores, memory and system, as far as the machine tells.
pub(super) fn machine() -> String {
    let read = |path| fs::read_to_string(path).unwrap_or_default();
    let n_cores = std::thread::available_parallelism().map_or(1, usize::from);
    let processor =
        field(&read("/proc/cpuinfo"), "model name", ':').unwrap_or("processor unknown".into());
    let memory = field(&read("/proc/meminfo"), "MemTotal", ':')
        .and_then(|size| size.trim_end_matches(" kB").parse::<u64>().ok())
        .map_or_else(String::new, |kib| format!("; {} GiB", (kib + (1 << 19)) >> 20));
    let system = field(&read("/etc/os-release"), "PRETTY_NAME", '=')
        .unwrap_or_else(|| std::env::consts::OS.to_owned());
    format!("{processor}; {n_cores} cores{memory}; {}", system.trim_matches('"'))
}

/// The commit, with a mark when files differ from it.
pub(super) fn revision(workspace: &Workspace) -> String {
    let git = |words: &str| Program::new(workspace, "git").words(words).output();
    let commit = git("rev-parse --short=10 HEAD").unwrap_or_default();
    let changed = git("status --porcelain --untracked-files=no -- crates edge host Cargo.lock")
        .is_some_and(|listing| !listing.is_empty());
    format!("edgewise {}{}", commit.trim(), if changed { " and changes" } else { "" })
}

/// `rustc 1.95.0`, without the date.
pub(super) fn compiler(workspace: &Workspace) -> String {
    let told = Program::new(workspace, "rustc").words("--version").output().unwrap_or_default();
    told.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
}

fn field(text: &str, name: &str, mark: char) -> Option<String> {
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(mark)?.1.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_the_systems_files_are_found() {
        let text = "processor\t: 0\nmodel name\t: A 1\nNAME=\"x\"\n";
        assert_eq!(field(text, "model name", ':').as_deref(), Some("A 1"));
        assert_eq!(field(text, "NAME", '=').as_deref(), Some("\"x\""));
        assert_eq!(field(text, "MemTotal", ':'), None);
    }

    #[test]
    fn a_day_has_ten_characters() {
        assert!(today().len() == 10 && !machine().is_empty());
    }
}
