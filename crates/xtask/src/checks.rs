//! Every check in one command: the steps in order, a line for each, and a summary.

mod steps;
mod summary;

use std::time::Instant;

use anyhow::Result;

use crate::arguments::TestOptions;
use crate::console;
use crate::failure::Failure;
use crate::workspace::Workspace;

pub(crate) use self::steps::Verdict;
use self::steps::{STEPS, Step};
use self::summary::{Outcome, Summary};

/// Runs the steps that `options` ask for and prints what became of them.
pub(crate) fn run(workspace: &Workspace, options: &TestOptions) -> Result<()> {
    let steps = select(options)?;
    if options.list {
        for step in steps {
            console::result(&format!("{:<12} {}", step.name, step.about));
        }
        return Ok(());
    }
    let mut summary = Summary::default();
    for step in steps {
        let stopped = summary.n_failed() > 0 && !options.keep_going;
        if stopped {
            summary.add(step.name, Outcome::NotRun);
            continue;
        }
        console::note(&format!("\n==> {}: {}", step.name, step.about));
        let started = Instant::now();
        let outcome = Outcome::of((step.run)(workspace), started.elapsed());
        console::note(&format!("<== {} {outcome}", step.name));
        summary.add(step.name, outcome);
    }
    console::page(&summary.to_string());
    match summary.n_failed() {
        0 => Ok(()),
        1 => Err(Failure::by_caller("a check failed").into()),
        n => Err(Failure::by_caller(format!("{n} checks failed")).into()),
    }
}

fn select(options: &TestOptions) -> Result<Vec<&'static Step>, Failure> {
    if let Some(unknown) =
        options.only.iter().find(|name| STEPS.iter().all(|step| step.name != *name))
    {
        return Err(Failure::by_caller(format!("there is no step `{unknown}`"))
            .with_hint("`cargo xtask test --list` lists them"));
    }
    let wanted = |step: &&Step| {
        let named = options.only.is_empty() || options.only.iter().any(|name| name == step.name);
        named && (step.needs_only_rust || !options.fast)
    };
    Ok(STEPS.iter().filter(wanted).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(options: &TestOptions) -> Vec<&'static str> {
        select(options).unwrap().iter().map(|step| step.name).collect()
    }

    #[test]
    fn all_steps_run_unless_told_otherwise() {
        assert_eq!(names(&TestOptions::default()).len(), STEPS.len());
        let fast = names(&TestOptions { fast: true, ..TestOptions::default() });
        assert!(fast.contains(&"clippy") && !fast.contains(&"browser"), "{fast:?}");
        let only =
            TestOptions { only: vec!["docs".into(), "tidy".into()], ..TestOptions::default() };
        assert_eq!(names(&only), ["tidy", "docs"], "in the order of the steps");
    }

    #[test]
    fn an_unknown_step_is_refused_by_name() {
        let options = TestOptions { only: vec!["tydi".into()], ..TestOptions::default() };
        assert_eq!(select(&options).unwrap_err().to_string(), "there is no step `tydi`");
    }

    #[test]
    fn no_two_steps_share_a_name() {
        let mut names: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), STEPS.len());
    }
}
