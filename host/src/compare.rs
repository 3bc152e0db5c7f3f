//! `edgewise compare`: two bundles answer the same questions of a shop's own log.

mod page;
mod table;

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use edgewise_bundle::limits::MAX_BUNDLE_BYTES;
use edgewise_bundle::{Bundle, hex};
use edgewise_core::ItemIdx;
use edgewise_eval::report::{Outcome, most_changed};
use edgewise_eval::{Bootstrap, Comparison, Difference, Evaluation, Question};

use crate::build::{day, step};
use crate::output::{Heading, Terminal};
use crate::questions::{AskArgs, EvaluationError, Questions, Wording, key, write_page};
use crate::shop_log::{self, LogArgs, ShopLog};
use crate::whole_file;

/// What `edgewise compare` takes.
#[derive(Args, Debug)]
pub(crate) struct CompareArgs {
    /// The bundle that is in use
    #[arg(value_name = "A.bundle")]
    before: PathBuf,
    /// The bundle that may come instead
    #[arg(value_name = "B.bundle")]
    after: PathBuf,
    #[command(flatten)]
    log: LogArgs,
    #[command(flatten)]
    ask: AskArgs,
}

/// One of the two bundles.
struct Side {
    /// As it is called everywhere.
    name: String,
    bytes: Vec<u8>,
    digest: String,
    /// The newest event that it learnt from, in seconds since 1970; `None` when it does not say.
    last_event_s: Option<i64>,
}

/// Whether a bundle may have learnt from the rows that the questions are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answers {
    /// Its newest event is older than the cut.
    Unseen,
    /// Its newest event is not older than the cut.
    Seen,
    /// It does not say.
    Unknown,
}

/// Both bundles' answers to one question.
struct Placed {
    question: Question,
    before: Evaluation,
    after: Evaluation,
    /// After less before.
    comparisons: Vec<Comparison>,
    /// Items with how often they are recommended before and after, the largest change first.
    changes: Vec<(ItemIdx, u64, u64)>,
}

/// Items that are named per placement.
const N_CHANGES: usize = 10;

/// Reads, asks both, and prints what changes.
///
/// # Errors
/// Files that cannot be read or understood, a bundle that is refused, [`EvaluationError`].
pub(crate) fn run(args: &CompareArgs, terminal: &mut Terminal) -> anyhow::Result<()> {
    let names = names(&args.before, &args.after);
    let (before, after) = (open(&args.before, names.0)?, open(&args.after, names.1)?);
    let ShopLog { log, .. } = shop_log::read(&args.log, terminal)?;
    for side in [&before, &after] {
        let bundle = Bundle::open_trusted(&side.bytes)?;
        if log.catalog.items.iter().all(|item| bundle.find_item(&item.id).is_none()) {
            return Err(EvaluationError::NoSharedItems { bundle: side.name.clone() }.into());
        }
    }
    let questions = Questions::new(&log, args.ask.test_share)?;
    questions.write_notes(terminal)?;
    let mut placed = Vec::new();
    for (question, cases) in &questions.asked {
        writeln!(terminal.notes(), "{}{}", step(terminal, "asking"), key(*question))?;
        let ask = |side: &Side| questions.ask(cases, &side.bytes);
        placed.push(Placed::new(*question, ask(&before)?.evaluation, ask(&after)?.evaluation));
    }
    if let Some(path) = &args.ask.report {
        let html = page::report(&questions, [&before, &after], &placed).html();
        write_page(path, &html, terminal)?;
    }
    let text = if args.ask.json {
        table::json(&questions, [&before, &after], &placed)?
    } else {
        table::text(&questions, [&before, &after], &placed)
    };
    terminal.data(&text)?;
    Ok(warn(questions.cut_s, [&before, &after], terminal)?)
}

/// The names of the files; the paths, where those are the same.
fn names(before: &Path, after: &Path) -> (String, String) {
    let name = |path: &Path| path.file_name().map(|name| name.to_string_lossy().into_owned());
    match (name(before), name(after)) {
        (Some(first), Some(second)) if first != second => (first, second),
        _ => (before.display().to_string(), after.display().to_string()),
    }
}

fn open(path: &Path, name: String) -> anyhow::Result<Side> {
    let bytes = whole_file::read(path, MAX_BUNDLE_BYTES.into())
        .with_context(|| format!("cannot read the bundle `{}`", path.display()))?;
    let bundle = Bundle::open(&bytes)
        .with_context(|| format!("cannot open the bundle `{}`", path.display()))?;
    let last_event_s = bundle.provenance()?.and_then(|found| found.source.last_event_s);
    let digest = hex(&bundle.digest());
    Ok(Side { name, bytes, digest, last_event_s })
}

impl Side {
    fn answers(&self, cut_s: i64) -> Answers {
        match self.last_event_s {
            None => Answers::Unknown,
            Some(last_s) if last_s < cut_s => Answers::Unseen,
            Some(_) => Answers::Seen,
        }
    }

    /// The newest day that it learnt from.
    fn last_day(&self) -> String {
        self.last_event_s.map_or_else(|| "not told".to_owned(), day)
    }
}

impl Placed {
    fn new(question: Question, before: Evaluation, after: Evaluation) -> Placed {
        let wording = Wording::of(question);
        let counts = |of: &Evaluation| {
            let spread = of.spreads.iter().find(|spread| spread.k == wording.headline.1);
            spread.map_or_else(Vec::new, |spread| spread.counts.clone())
        };
        let comparisons = after.compared_to(&before, &Bootstrap::default()).unwrap_or_default();
        let changes = most_changed(&counts(&before), &counts(&after), N_CHANGES);
        Placed { question, before, after, comparisons, changes }
    }

    /// The comparisons that fit the question, the headline first.
    fn fitting(&self) -> impl Iterator<Item = &Comparison> {
        let wording = Wording::of(self.question);
        let mut figures = wording.figures();
        figures.swap(0, 1);
        figures.swap(2, 3);
        figures.into_iter().filter_map(|(metric, k)| {
            self.comparisons.iter().find(|found| (found.metric, found.k) == (metric, k))
        })
    }
}

/// What became of a placement or figure.
fn verdict(difference: &Difference) -> &'static str {
    match Outcome::of(difference) {
        Outcome::Gain => "better",
        Outcome::Loss => "worse",
        Outcome::Unclear => "no sure change",
    }
}

/// What is wrong with the comparison, if the bundles know the answers.
fn caution(cut_s: i64, sides: [&Side; 2]) -> Option<String> {
    let cut = day(cut_s);
    let of = |wanted: Answers| -> Vec<String> {
        let found = sides.iter().filter(|side| side.answers(cut_s) == wanted);
        found.map(|side| format!("`{}`", side.name)).collect()
    };
    let cure =
        format!("build from rows before {cut}, or give a log that is newer than both bundles");
    match (of(Answers::Seen).as_slice(), of(Answers::Unknown).as_slice()) {
        ([], []) => None,
        ([one], []) => Some(format!(
            "{one} learnt from rows after the cut and has seen the answers, so its figures are too good and the comparison \
             is not fair; {cure}"
        )),
        ([one, two], _) => Some(format!(
            "{one} and {two} learnt from rows after the cut and have seen the answers, so all figures are too good; {cure}"
        )),
        (seen, unknown) => {
            let told = match seen {
                [] => String::new(),
                seen => format!("{} has seen the answers; ", seen.join(", ")),
            };
            Some(format!(
                "{told}{} does not say what it learnt from, and may have seen the answers; {cure}",
                unknown.join(" and ")
            ))
        }
    }
}

fn warn(cut_s: i64, sides: [&Side; 2], terminal: &Terminal) -> std::io::Result<()> {
    match caution(cut_s, sides) {
        None => Ok(()),
        Some(text) => {
            let word = terminal.heading("warning:", Heading::Warning);
            writeln!(terminal.notes(), "{word} {text}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side(name: &str, last_event_s: Option<i64>) -> Side {
        Side { name: name.to_owned(), bytes: Vec::new(), digest: String::new(), last_event_s }
    }

    #[test]
    fn a_bundle_that_has_seen_the_answers_is_named() {
        let old = side("old", Some(86_399));
        let (seen, silent) = (side("seen", Some(86_400)), side("silent", None));
        let text = |sides| caution(86_400, sides).unwrap_or_default();
        assert_eq!(caution(86_400, [&old, &old]), None);
        let one = text([&old, &seen]);
        assert!(one.starts_with("`seen` learnt") && one.contains("is not fair"), "{one}");
        assert!(
            one.ends_with(
                "build from rows before 1970-01-02, or give a log that is newer than both bundles"
            ),
            "{one}"
        );
        assert!(text([&seen, &seen]).starts_with("`seen` and `seen` learnt"));
        assert!(text([&old, &silent]).starts_with("`silent` does not say"));
        assert!(
            text([&seen, &silent])
                .starts_with("`seen` has seen the answers; `silent` does not say")
        );
    }

    #[test]
    fn files_of_one_name_are_told_apart_by_their_paths() {
        let of = |a: &str, b: &str| names(Path::new(a), Path::new(b));
        assert_eq!(of("x/a.bundle", "b.bundle"), ("a.bundle".to_owned(), "b.bundle".to_owned()));
        assert_eq!(
            of("x/a.bundle", "y/a.bundle"),
            ("x/a.bundle".to_owned(), "y/a.bundle".to_owned())
        );
    }
}
