//! Why a chore stopped, whose turn it is, and what cures it.

use std::fmt;
use std::process::ExitCode;

/// An expected way to fail. Any other error is taken for our own fault.
#[derive(Debug)]
pub(crate) struct Failure {
    what: String,
    hint: Option<String>,
    exit_code: u8,
}

impl Failure {
    /// The person who called can mend it: exit code 1.
    pub(crate) fn by_caller(what: impl Into<String>) -> Self {
        Self { what: what.into(), hint: None, exit_code: 1 }
    }

    /// Our fault or the machine's: exit code 2.
    pub(crate) fn by_us(what: impl Into<String>) -> Self {
        Self { what: what.into(), hint: None, exit_code: 2 }
    }

    /// The fault of a program that we called: its own exit code says whose turn it is.
    pub(crate) fn by_program(what: impl Into<String>, exit_code: Option<i32>) -> Self {
        match exit_code {
            Some(2) | None => Self::by_us(what),
            Some(_) => Self::by_caller(what),
        }
    }

    /// Adds what cures it.
    #[must_use]
    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.what)
    }
}

impl std::error::Error for Failure {}

/// The first cure that the error's chain offers.
pub(crate) fn hint(error: &anyhow::Error) -> Option<&str> {
    failures(error).find_map(|failure| failure.hint.as_deref())
}

/// 1 when the caller can mend it, else 2.
pub(crate) fn exit_code(error: &anyhow::Error) -> ExitCode {
    ExitCode::from(failures(error).next().map_or(2, |failure| failure.exit_code))
}

fn failures(error: &anyhow::Error) -> impl Iterator<Item = &Failure> {
    error.chain().filter_map(|cause| cause.downcast_ref::<Failure>())
}

#[cfg(test)]
mod tests {
    use anyhow::{Context as _, Error};

    use super::*;

    #[test]
    fn the_cure_and_the_exit_code_are_found_below_the_context() {
        let error = Error::from(Failure::by_caller("no `node`").with_hint("install it"))
            .context("cannot optimise");
        assert_eq!(hint(&error), Some("install it"));
        assert_eq!(exit_code(&error), ExitCode::from(1));
    }

    #[test]
    fn an_unexpected_error_is_our_fault() {
        let error = std::fs::read("").context("cannot read").unwrap_err();
        assert_eq!(hint(&error), None);
        assert_eq!(exit_code(&error), ExitCode::from(2));
    }

    #[test]
    fn a_program_says_itself_whose_turn_it_is() {
        let code = |exit| exit_code(&Error::from(Failure::by_program("it failed", exit)));
        assert_eq!(code(Some(1)), ExitCode::from(1));
        assert_eq!(code(Some(2)), ExitCode::from(2));
        assert_eq!(code(Some(101)), ExitCode::from(1), "cargo's own: a test or a build failed");
        assert_eq!(code(None), ExitCode::from(2), "ended by a signal");
    }
}
