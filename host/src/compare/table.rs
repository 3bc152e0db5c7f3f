//! What changes, as a table for people or one object for machines.

use std::fmt::Write as _;

use edgewise_eval::report::Outcome;
use edgewise_eval::{Comparison, Evaluation};
use serde_json::{Value, json};

use super::{Answers, Placed, Side, verdict};
use crate::output::{counted, grouped};
use crate::questions::{Questions, Wording, figure, figure_key, key};

/// Items named per placement in the table; the page and the JSON have more.
const N_NAMED: usize = 3;

/// A table per question, and a line that says which gain and lose.
pub(super) fn text(questions: &Questions<'_>, sides: [&Side; 2], placed: &[Placed]) -> String {
    let [_, newer] = questions.parts();
    let [before, after] = sides;
    let mut text = format!("asked of  {}: {}\n", newer.period(), newer.counts());
    // Writing to a string cannot fail.
    for (letter, side) in ["A", "B"].iter().zip(sides) {
        let size = grouped(side.bytes.len() as u64);
        let (name, last) = (&side.name, side.last_day());
        let _ = writeln!(text, "{letter}         {name}: {size} bytes, learnt up to {last}");
    }
    let _ = writeln!(text, "digests   A {}\n          B {}", before.digest, after.digest);
    for of in placed {
        let _ = write!(text, "\n{}", section(questions, of));
    }
    let named = |outcome: Outcome| {
        let is_such = |of: &&Placed| {
            headline(of).is_some_and(|found| Outcome::of(&found.difference) == outcome)
        };
        let names: Vec<&str> = placed.iter().filter(is_such).map(|of| key(of.question)).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    };
    let (gain, loss, unclear) =
        (named(Outcome::Gain), named(Outcome::Loss), named(Outcome::Unclear));
    let _ = writeln!(text, "\nB is better: {gain}; worse: {loss}; no sure change: {unclear}");
    text
}

/// The comparison that the verdict goes by.
fn headline(of: &Placed) -> Option<&Comparison> {
    of.fitting().next()
}

fn section(questions: &Questions<'_>, of: &Placed) -> String {
    let wording = Wording::of(of.question);
    let mut text = format!(
        "{} ({}): {} from {} {}\n{:<14}{:>9}{:>9}{:>12}{:>21}{:>9}\n",
        key(of.question),
        wording.title.to_lowercase(),
        counted(of.after.n_cases as u64, "question", "questions"),
        grouped(of.after.n_units as u64),
        questions.unit_name(of.question),
        "",
        "A",
        "B",
        "B less A",
        "95 %",
        "p"
    );
    for found in of.fitting() {
        let Comparison { metric, k, difference } = found;
        let mean = |evaluation: &Evaluation| {
            evaluation.score(*metric, *k).map_or_else(String::new, |found| figure(found.mean))
        };
        let ends = difference.interval;
        let _ = writeln!(
            text,
            "  {:<12}{:>9}{:>9}{:>12}{:>21}{:>9}  {}",
            format!("{}@{k}", metric.name()),
            mean(&of.before),
            mean(&of.after),
            format!("{:+.4}", difference.mean),
            format!("{:+.4} to {:+.4}", ends.low, ends.high),
            format!("{:.3}", difference.p_value),
            verdict(difference)
        );
    }
    for (item, before, after) in of.changes.iter().take(N_NAMED) {
        let title = questions.title(*item);
        let (before, after) = (grouped(*before), grouped(*after));
        let _ = writeln!(text, "  shown {before} times, now {after}: {title}");
    }
    text
}

/// One object.
pub(super) fn json(
    questions: &Questions<'_>,
    sides: [&Side; 2],
    placed: &[Placed],
) -> serde_json::Result<String> {
    let side = |side: &Side| {
        json!({
            "name": side.name,
            "digest": side.digest,
            "size_bytes": side.bytes.len(),
            "last_event_s": side.last_event_s,
            "has_seen_answers": match side.answers(questions.cut_s) {
                Answers::Seen => Some(true),
                Answers::Unseen => Some(false),
                Answers::Unknown => None,
            },
        })
    };
    let [before, after] = sides;
    let value = json!({
        "split": questions.json(),
        "before": side(before),
        "after": side(after),
        "placements": placed.iter().map(|of| placement(questions, of)).collect::<Vec<_>>(),
    });
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}

fn placement(questions: &Questions<'_>, of: &Placed) -> Value {
    let wording = Wording::of(of.question);
    let line = |found: &Comparison| {
        let Comparison { metric, k, difference } = found;
        let mean = |of: &Evaluation| of.score(*metric, *k).map(|found| found.mean);
        json!({
            "figure": figure_key(*metric, *k),
            "before": mean(&of.before),
            "after": mean(&of.after),
            "difference": difference.mean,
            "low": difference.interval.low,
            "high": difference.interval.high,
            "p_value": difference.p_value,
            "verdict": verdict(difference),
        })
    };
    let item = |&(item, before, after): &(_, u64, u64)| json!({ "id": questions.id(item), "title": questions.title(item), "before": before, "after": after });
    json!({
        "question": key(of.question),
        "placement": of.question.placement().name(),
        "asks": wording.question,
        "headline": figure_key(wording.headline.0, wording.headline.1),
        "n_cases": of.after.n_cases,
        "n_units": of.after.n_units,
        "verdict": headline(of).map(|found| verdict(&found.difference)),
        "figures": of.comparisons.iter().map(line).collect::<Vec<_>>(),
        "items": of.changes.iter().map(item).collect::<Vec<_>>(),
    })
}
