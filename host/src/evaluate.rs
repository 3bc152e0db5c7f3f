//! `edgewise evaluate`: how good the model of a shop's own log is, placement by placement, against plain yardsticks.
//!
//! Everything is learnt from the older part of the log, packed, and asked through `edgewise-core`, as it is served.

mod examples;
mod page;
mod table;

use std::io::Write;

use clap::Args;
use edgewise_core::Catalog;
use edgewise_eval::report::Outcome;
use edgewise_eval::{Bootstrap, Case, Comparison, Difference, Question};
use edgewise_train::Params;
use edgewise_tune::{Bench, Goal, Measured, Task, yardsticks};

use crate::benchmark::now;
use crate::build::step;
use crate::output::{Heading, Terminal};
use crate::questions::{AskArgs, EvaluationError, Questions, Wording, key, write_page};
use crate::shop_log::{self, LogArgs, ModelArgs, ShopLog};

/// What `edgewise evaluate` takes.
#[derive(Args, Debug)]
pub(crate) struct EvaluateArgs {
    #[command(flatten)]
    log: LogArgs,
    #[command(flatten)]
    ask: AskArgs,
    #[command(flatten)]
    model: ModelArgs,
}

/// One of the models that answer.
struct System {
    key: &'static str,
    title: &'static str,
    bundle: Vec<u8>,
}

/// The systems' answers to one question, in the order of [`learn`].
struct Placed<'q> {
    question: Question,
    cases: &'q [Case],
    answers: Vec<Answers>,
}

/// One system's answers.
struct Answers {
    measured: Measured,
    /// The model less this system, by metric and cut; empty for the model.
    behind: Vec<Comparison>,
}

/// Reads, cuts, learns, packs, asks, and prints the figures.
///
/// # Errors
/// Files that cannot be read or understood, [`EvaluationError`], settings out of range, a bundle over a limit.
pub(crate) fn run(args: &EvaluateArgs, terminal: &mut Terminal) -> anyhow::Result<()> {
    let ShopLog { config, log, .. } = shop_log::read(&args.log, terminal)?;
    let questions = Questions::new(&log, args.ask.test_share)?;
    if questions.train.rows.is_empty() {
        return Err(EvaluationError::NothingOlder { test_share: args.ask.test_share }.into());
    }
    questions.write_notes(terminal)?;
    let params = shop_log::params(&args.model, &config, &log).0;
    let systems = learn(&questions, &log.catalog, &params, terminal)?;
    let mut placed = Vec::new();
    for (question, cases) in &questions.asked {
        writeln!(terminal.notes(), "{}{}", step(terminal, "asking"), key(*question))?;
        placed.push(ask(&questions, &systems, *question, cases)?);
    }
    if let Some(path) = &args.ask.report {
        let html = page::report(&questions, &systems, &placed, &params).html();
        write_page(path, &html, terminal)?;
        let note = "the page shows some real baskets: it is for the shop, not for the public";
        writeln!(terminal.notes(), "{}{note}", step(terminal, "note"))?;
    }
    let text = if args.ask.json {
        table::json(&questions, &systems, &placed, &params)?
    } else {
        table::text(&questions, &systems, &placed)
    };
    terminal.data(&text)?;
    warn(&placed, terminal)
}

/// The place of the popularity among the systems.
const POPULARITY: usize = 1;

/// The model as `build` makes it, and its yardsticks, each learnt from the older part and packed.
fn learn(
    questions: &Questions<'_>,
    catalog: &Catalog,
    params: &Params,
    terminal: &Terminal,
) -> anyhow::Result<Vec<System>> {
    let models = [
        ("model", "This model", params.clone()),
        ("popularity", "Best sellers", yardsticks::popularity(params)),
        ("cosine", "Plain cosine", yardsticks::cosine(params)),
    ];
    let task = Task { goal: Goal::NewItems, catalog, train: &questions.train, cases: &[] };
    let mut bench = Bench::new(task, questions.settings(), &now);
    let mut systems = Vec::new();
    for (key, title, params) in models {
        writeln!(terminal.notes(), "{}{key}", step(terminal, "learning"))?;
        systems.push(System { key, title, bundle: bench.build(&params)? });
    }
    Ok(systems)
}

fn ask<'q>(
    questions: &Questions<'_>,
    systems: &[System],
    question: Question,
    cases: &'q [Case],
) -> anyhow::Result<Placed<'q>> {
    let mut answers: Vec<Answers> = Vec::new();
    for system in systems {
        let measured = questions.ask(cases, &system.bundle)?;
        let model = answers.first().map(|model| &model.measured.evaluation);
        let behind = model
            .and_then(|model| model.compared_to(&measured.evaluation, &Bootstrap::default()))
            .unwrap_or_default();
        answers.push(Answers { measured, behind });
    }
    Ok(Placed { question, cases, answers })
}

impl Placed<'_> {
    fn wording(&self) -> Wording {
        Wording::of(self.question)
    }

    /// The model less the popularity, at the headline.
    fn lead(&self) -> Option<Difference> {
        self.answers.get(POPULARITY)?.headline(&self.wording())
    }
}

impl Answers {
    /// The model less this system, at the headline.
    fn headline(&self, wording: &Wording) -> Option<Difference> {
        let is_headline = |found: &&Comparison| (found.metric, found.k) == wording.headline;
        self.behind.iter().find(is_headline).map(|found| found.difference)
    }
}

/// A line for every placement where the model is not surely better than the best sellers.
fn warn(placed: &[Placed<'_>], terminal: &Terminal) -> anyhow::Result<()> {
    for of in placed {
        let Some(lead) = of.lead() else { continue };
        let stands = match Outcome::of(&lead) {
            Outcome::Gain => continue,
            Outcome::Loss => "worse",
            Outcome::Unclear => "not surely better",
        };
        let word = terminal.heading("warning:", Heading::Warning);
        let (metric, k) = of.wording().headline;
        writeln!(
            terminal.notes(),
            "{word} {}: the model is {stands} than the best sellers ({}@{k} {:+.4}, {:+.4} to {:+.4}); {}",
            key(of.question),
            metric.name(),
            lead.mean,
            lead.interval.low,
            lead.interval.high,
            cure(of.question),
        )?;
    }
    Ok(())
}

/// What may help, and what to do when it does not.
fn cure(question: Question) -> &'static str {
    match question {
        Question::NewItems => {
            "give a longer log, or try `--neighbours 50`; until then, ask `popular` on the start page"
        }
        Question::AnyItems => {
            "give a longer log; until then, ask `popular` on the start page, with known items shown"
        }
        Question::Cart | Question::Together => {
            "give a longer log, or try a lower `--min-support`; until then, ask `popular` there"
        }
        Question::Item => {
            "give a longer log, or try `--neighbours 50`; until then, ask `popular` with the item's category there"
        }
    }
}
