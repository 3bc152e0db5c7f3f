//! What became of the steps.

use std::fmt;
use std::time::Duration;

use anyhow::{Error, Result};

use super::steps::Verdict;

/// What became of one step.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// It ran and found nothing.
    Passed(Duration),
    /// It ran and found something, or could not run.
    Failed(Duration, Error),
    /// It could not run for a reason that is no fault of the code.
    Skipped(String),
    /// A step before it failed.
    NotRun,
}

impl Outcome {
    /// What a step's answer means.
    pub(crate) fn of(answer: Result<Verdict>, took: Duration) -> Self {
        match answer {
            Ok(Verdict::Passed) => Self::Passed(took),
            Ok(Verdict::Skipped(why)) => Self::Skipped(why),
            Err(error) => Self::Failed(took, error),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Passed(took) => write!(out, "passed in {:.1} s", took.as_secs_f64()),
            Self::Failed(took, error) => {
                write!(out, "FAILED after {:.1} s: {error:#}", took.as_secs_f64())
            }
            Self::Skipped(why) => write!(out, "skipped: {why}"),
            Self::NotRun => out.write_str("not run"),
        }
    }
}

/// Steps and what became of them, in order. Its text ends with `N passed, N failed` alone on a line,
/// with `, N skipped` behind it when there is something to say.
#[derive(Debug, Default)]
pub(crate) struct Summary {
    steps: Vec<(&'static str, Outcome)>,
}

impl Summary {
    /// Adds the next step.
    pub(crate) fn add(&mut self, name: &'static str, outcome: Outcome) {
        self.steps.push((name, outcome));
    }

    /// How many steps failed.
    pub(crate) fn n_failed(&self) -> usize {
        self.count(|outcome| matches!(outcome, Outcome::Failed(..)))
    }

    fn count(&self, is_counted: impl Fn(&Outcome) -> bool) -> usize {
        self.steps.iter().filter(|(_, outcome)| is_counted(outcome)).count()
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out)?;
        for (name, outcome) in &self.steps {
            writeln!(out, "{name:<12} {outcome}")?;
        }
        let n_passed = self.count(|outcome| matches!(outcome, Outcome::Passed(_)));
        let n_skipped = self.count(|outcome| matches!(outcome, Outcome::Skipped(_)));
        writeln!(out)?;
        write!(out, "{n_passed} passed, {} failed", self.n_failed())?;
        if n_skipped > 0 {
            write!(out, ", {n_skipped} skipped")?;
        }
        writeln!(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_line_counts_the_steps() {
        let mut summary = Summary::default();
        summary.add("format", Outcome::of(Ok(Verdict::Passed), Duration::from_millis(1250)));
        summary.add("tidy", Outcome::of(Err(Error::msg("a rule is broken")), Duration::ZERO));
        summary.add("docs", Outcome::NotRun);
        assert_eq!(
            summary.to_string(),
            "\nformat       passed in 1.2 s\ntidy         FAILED after 0.0 s: a rule is broken\n\
             docs         not run\n\n1 passed, 1 failed\n"
        );
        summary
            .add("advisories", Outcome::of(Ok(Verdict::Skipped("offline".into())), Duration::ZERO));
        assert!(summary.to_string().ends_with("\n1 passed, 1 failed, 1 skipped\n"));
    }
}
