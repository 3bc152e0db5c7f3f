//! Questions made from the newest part of a shop's own log, and how they are shown.

mod error;
mod text;

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use clap::Args;
use edgewise_core::{Interactions, ItemIdx};
use edgewise_eval::benchmarks::taken;
use edgewise_eval::split::{ShopCut, newest_share, shop};
use edgewise_eval::{Bootstrap, Case, Metric, Newest, Question, Settings, Unasked};
use edgewise_ingest::Log;
use edgewise_tune::{Bench, Goal, Measured, Task, TuneError};
use serde_json::{Value, json};

use crate::benchmark::now;
use crate::build::{day, step};
use crate::output::{Terminal, counted, grouped};
use crate::whole_file;

pub(crate) use error::EvaluationError;
pub(crate) use text::{Wording, figure_key, key, unbroken};

/// What every command that asks a log takes.
#[derive(Args, Debug)]
pub(crate) struct AskArgs {
    /// Share of the orders, the newest, that the questions are made of. Near 0: a few orders, wide ranges. Near 1: hardly
    /// anything left to learn from
    #[arg(long, value_name = "SHARE", default_value_t = 0.1, value_parser = parse_share)]
    pub(crate) test_share: f64,
    /// Write a page with plots and examples
    #[arg(long, value_name = "FILE.html")]
    pub(crate) report: Option<PathBuf>,
    /// Print one object with all figures, for machines
    #[arg(long)]
    pub(crate) json: bool,
}

fn parse_share(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(share) if (0.001..=1.0).contains(&share) => Ok(share),
        _ => Err("expected a number from 0.001 to 1".to_owned()),
    }
}

/// Where rankings are cut.
pub(crate) const KS: [usize; 4] = [1, 5, 10, 20];
/// What is measured everywhere.
pub(crate) const METRICS: [Metric; 4] =
    [Metric::Recall, Metric::Ndcg, Metric::HitRate, Metric::ReciprocalRank];
/// Draws held-out and page items.
const SEED: u64 = 1;

/// A log, cut, with the questions that it can be asked.
pub(crate) struct Questions<'l> {
    log: &'l Log,
    test_share: f64,
    /// When the newest part begins, in seconds since 1970.
    pub(crate) cut_s: i64,
    /// What may be learnt from.
    pub(crate) train: Interactions,
    /// How often each item occurs in that.
    pub(crate) taken: Vec<u64>,
    /// The rest of the log.
    test: Interactions,
    /// The questions with their cases.
    pub(crate) asked: Vec<(Question, Vec<Case>)>,
    /// The other questions.
    unasked: Vec<(Question, Unasked)>,
}

impl<'l> Questions<'l> {
    /// Cuts the log.
    ///
    /// # Errors
    /// [`EvaluationError::NoTimes`] and [`EvaluationError::NothingToAsk`].
    pub(crate) fn new(log: &'l Log, test_share: f64) -> Result<Questions<'l>, EvaluationError> {
        let cut_s = newest_share(&log.interactions, test_share).ok_or(EvaluationError::NoTimes)?;
        let split = shop(&log.interactions, ShopCut { cut_s, seed: SEED });
        let (mut asked, mut unasked) = (Vec::new(), Vec::new());
        for (question, found) in split.questions {
            match found {
                Ok(cases) => asked.push((question, cases)),
                Err(reason) => unasked.push((question, reason)),
            }
        }
        if asked.is_empty() {
            let reason = |(question, reason): &(Question, Unasked)| {
                format!("`{}`: {}", key(*question), reason.reason())
            };
            let reasons: Vec<String> = unasked.iter().map(reason).collect();
            return Err(EvaluationError::NothingToAsk { reasons: reasons.join("; ") });
        }
        let taken = taken(&split.train, log.catalog.items.len());
        let (train, test) = (split.train, split.test);
        Ok(Questions { log, test_share, cut_s, train, taken, test, asked, unasked })
    }

    /// Asks a packed model.
    ///
    /// # Errors
    /// [`TuneError::Pack`] when the bytes are no bundle.
    pub(crate) fn ask(&self, cases: &[Case], bundle: &[u8]) -> Result<Measured, TuneError> {
        let (train, catalog) = (&self.train, &self.log.catalog);
        // The goal decides on the objective alone, which nobody looks at here.
        let task = Task { goal: Goal::NewItems, catalog, train, cases };
        Bench::new(task, self.settings(), &now).ask(bundle.to_vec(), Newest::Show)
    }

    /// What is measured of every question.
    pub(crate) fn settings(&self) -> Settings<'_> {
        Settings {
            ks: &KS,
            metrics: &METRICS,
            taken: &self.taken,
            similarity: None,
            bootstrap: Bootstrap::default(),
        }
    }

    /// Who asks a question, in the plural: the units of its cases.
    pub(crate) fn unit_name(&self, question: Question) -> &'static str {
        let is_known = |n_rows: usize| match n_rows {
            0 if question == Question::Item => "orders or sessions",
            0 => "baskets",
            n if n == self.test.rows.len() => "customers",
            _ => "customers and guests' baskets",
        };
        match question {
            Question::NewItems | Question::AnyItems => "customers",
            _ => is_known(self.test.rows.iter().filter(|row| row.user.is_some()).count()),
        }
    }

    /// An item's title; its id when it has none.
    pub(crate) fn title(&self, item: ItemIdx) -> String {
        let item = self.log.catalog.items.get(item.index());
        item.map_or_else(String::new, |item| item.title.as_ref().unwrap_or(&item.id).clone())
    }

    /// An item's own id.
    pub(crate) fn id(&self, item: ItemIdx) -> &str {
        self.log.catalog.items.get(item.index()).map_or("", |item| item.id.as_str())
    }

    /// The older and the newer part, in words.
    pub(crate) fn parts(&self) -> [Part; 2] {
        [Part::of(&self.train), Part::of(&self.test)]
    }

    /// The part of the JSON that says what was asked of what.
    pub(crate) fn json(&self) -> Value {
        let [older, newer] = self.parts().map(|part| part.json());
        let unasked = |(question, reason): &(Question, Unasked)| json!({ "question": key(*question), "reason": reason.reason() });
        json!({
            "test_share": self.test_share,
            "cut_s": self.cut_s,
            "older": older,
            "newer": newer,
            "unasked": self.unasked.iter().map(unasked).collect::<Vec<_>>(),
        })
    }

    /// Says what was read, and what cannot be asked.
    pub(crate) fn write_notes(&self, terminal: &Terminal) -> std::io::Result<()> {
        let mut notes = terminal.notes();
        let report = &self.log.report;
        writeln!(
            notes,
            "{}{} rows, kept {}; `edgewise build` says what was refused and why",
            step(terminal, "read"),
            grouped(report.n_rows),
            grouped(report.n_kept)
        )?;
        for (question, reason) in &self.unasked {
            let name = key(*question);
            writeln!(notes, "{}{name}: {}", step(terminal, "skipped"), reason.reason())?;
        }
        Ok(())
    }
}

/// One side of the cut.
pub(crate) struct Part {
    n_rows: u64,
    n_users: u64,
    n_orders: u64,
    days: Option<(String, String)>,
}

impl Part {
    fn of(rows: &Interactions) -> Part {
        let distinct =
            |keys: &mut dyn Iterator<Item = u32>| keys.collect::<BTreeSet<u32>>().len() as u64;
        let times = || rows.rows.iter().filter_map(|row| row.time_s);
        Part {
            n_rows: rows.rows.len() as u64,
            n_users: distinct(&mut rows.rows.iter().filter_map(|row| Some(row.user?.0))),
            n_orders: distinct(&mut rows.rows.iter().filter_map(|row| Some(row.order?.0))),
            days: times().min().zip(times().max()).map(|(first, last)| (day(first), day(last))),
        }
    }

    /// As `2010-12-01 to 2011-09-27`.
    pub(crate) fn period(&self) -> String {
        match &self.days {
            Some((first, last)) => format!("{first} to {last}"),
            None => "no times".to_owned(),
        }
    }

    /// As `1,200 rows, 30 users, 80 orders`.
    pub(crate) fn counts(&self) -> String {
        [
            counted(self.n_rows, "row", "rows"),
            counted(self.n_users, "user", "users"),
            counted(self.n_orders, "order", "orders"),
        ]
        .join(", ")
    }

    /// As [`Part::counts`], with breaks between them only.
    pub(crate) fn unbroken_counts(&self) -> String {
        self.counts().replace(' ', "\u{a0}").replace(",\u{a0}", ", ")
    }

    fn json(&self) -> Value {
        let (first, last) = self.days.clone().unzip();
        json!({
            "rows": self.n_rows,
            "users": self.n_users,
            "orders": self.n_orders,
            "first_day": first,
            "last_day": last,
        })
    }
}

/// Writes the page, and says that it shows people's baskets when it does.
///
/// # Errors
/// What the system says.
pub(crate) fn write_page(path: &Path, html: &str, terminal: &Terminal) -> anyhow::Result<()> {
    whole_file::write(path, html.as_bytes())
        .with_context(|| format!("cannot write the report `{}`", path.display()))?;
    writeln!(terminal.notes(), "{}{}", step(terminal, "wrote"), path.display())?;
    Ok(())
}

/// A number between 0 and 1 as every table here shows it.
pub(crate) fn figure(value: f64) -> String {
    format!("{value:.4}")
}

#[cfg(test)]
mod tests;
