//! A failure as the user sees it: what, why, and what to do; and whose fault it is, as an exit code.

use std::io::{self, Write};
use std::process::ExitCode;

use edgewise_bundle::FormatError;
use edgewise_eval::BenchmarkError;
use edgewise_ingest::IngestError;
use edgewise_train::TrainError;
use edgewise_tune::TuneError;

use crate::bake::BakeError;
use crate::benchmark::BenchmarkRefusal;
use crate::config::ConfigError;
use crate::experiment::ReportError;
use crate::init::InitError;
use crate::output::{Heading, Terminal};
use crate::questions::EvaluationError;
use crate::recommend::AskError;
use crate::rules::RulesError;
use crate::serve::ServeError;

/// Exit code for what the user can fix.
const USER: u8 = 1;
/// Exit code for a fault of ours or of the machine's.
const OURS: u8 = 2;

/// What one error in a chain has to say beyond its text.
struct Advice {
    hint: Option<String>,
    code: u8,
}

/// Prints the error with its causes and the first hint of the chain; returns the exit code.
pub(crate) fn report(error: &anyhow::Error, terminal: &mut Terminal) -> ExitCode {
    let advice: Vec<Advice> = error.chain().filter_map(advice).collect();
    let code = advice.first().map_or(OURS, |advice| advice.code);
    let hint = advice.into_iter().find_map(|advice| advice.hint);
    let mut notes = terminal.notes();
    // Nothing is left to do when stderr cannot be written either.
    let _ = write_report(error, hint.as_deref(), code, terminal, &mut notes);
    ExitCode::from(code)
}

fn write_report(
    error: &anyhow::Error,
    hint: Option<&str>,
    code: u8,
    terminal: &Terminal,
    notes: &mut dyn Write,
) -> io::Result<()> {
    writeln!(notes, "{} {error}", terminal.heading("error:", Heading::Error))?;
    for cause in error.chain().skip(1) {
        writeln!(notes, "  caused by: {cause}")?;
    }
    let bug = "this should not happen: please report it with the command you ran";
    if let Some(hint) = hint.or((code == OURS).then_some(bug)) {
        writeln!(notes, "\n{} {hint}", terminal.heading("hint:", Heading::Hint))?;
    }
    Ok(())
}

fn advice(error: &(dyn std::error::Error + 'static)) -> Option<Advice> {
    let user = |hint: Option<String>| Some(Advice { hint, code: USER });
    if let Some(error) = error.downcast_ref::<IngestError>() {
        return user(error.hint());
    }
    if let Some(error) = error.downcast_ref::<ConfigError>() {
        return user(error.hint());
    }
    if let Some(error) = error.downcast_ref::<InitError>() {
        return user(error.hint());
    }
    if let Some(error) = error.downcast_ref::<AskError>() {
        return user(error.hint());
    }
    if let Some(error) = error.downcast_ref::<RulesError>() {
        return user(error.hint());
    }
    if let Some(error) = error.downcast_ref::<BakeError>() {
        return user(error.hint());
    }
    if let Some(error) = error.downcast_ref::<ServeError>() {
        let code = if matches!(error, ServeError::Runtime { .. }) { OURS } else { USER };
        return Some(Advice { hint: error.hint(), code });
    }
    if let Some(error) = error.downcast_ref::<BenchmarkError>() {
        return user(Some(error.hint().to_owned()));
    }
    if let Some(error) = error.downcast_ref::<BenchmarkRefusal>() {
        return user(Some(error.hint()));
    }
    if let Some(error) = error.downcast_ref::<ReportError>() {
        return user(Some(error.hint()));
    }
    if error.is::<edgewise_experiment::PlanError>() {
        return user(None);
    }
    if let Some(error) = error.downcast_ref::<EvaluationError>() {
        return user(Some(error.hint()));
    }
    // What it holds is not in the chain when it speaks for itself.
    if let Some(TuneError::Train(error)) = error.downcast_ref::<TuneError>() {
        return advice(error);
    }
    if let Some(error) = error.downcast_ref::<TrainError>() {
        let code = if matches!(error, TrainError::DanglingRow { .. }) { OURS } else { USER };
        return Some(Advice { hint: Some(error.hint().to_owned()), code });
    }
    if let Some(error) = error.downcast_ref::<FormatError>() {
        let code = if matches!(error, FormatError::BadWeight { .. }) { OURS } else { USER };
        return Some(Advice { hint: Some(error.hint().to_owned()), code });
    }
    error.downcast_ref::<io::Error>().and_then(|error| match error.kind() {
        io::ErrorKind::NotFound
        | io::ErrorKind::PermissionDenied
        | io::ErrorKind::IsADirectory
        | io::ErrorKind::NotADirectory
        | io::ErrorKind::AlreadyExists
        | io::ErrorKind::StorageFull => user(None),
        _ => None,
    })
}
