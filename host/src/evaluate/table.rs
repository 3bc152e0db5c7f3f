//! The figures, as a table for people or one object for machines.

use std::fmt::Write as _;

use edgewise_eval::report::Outcome;
use edgewise_eval::{Difference, Score};
use edgewise_train::Params;
use serde_json::{Map, Value, json};

use super::{Answers, Placed, System};
use crate::output::{counted, grouped};
use crate::questions::{KS, Questions, figure, figure_key, key};

/// A table per question.
pub(super) fn text(questions: &Questions<'_>, systems: &[System], placed: &[Placed<'_>]) -> String {
    let [older, newer] = questions.parts();
    let mut text = format!(
        "learnt from  {}: {}\nasked of     {}: {}\n",
        older.period(),
        older.counts(),
        newer.period(),
        newer.counts()
    );
    // Writing to a string cannot fail.
    for of in placed {
        let _ = write!(text, "\n{}", section(questions, systems, of));
    }
    text
}

fn section(questions: &Questions<'_>, systems: &[System], of: &Placed<'_>) -> String {
    let wording = of.wording();
    let first = of.answers.first().map(|answers| &answers.measured.evaluation);
    let (n_cases, n_units) = first.map_or((0, 0), |found| (found.n_cases, found.n_units));
    let mut text = format!(
        "{} ({}): {} from {} {}\n{:<12}",
        key(of.question),
        wording.title.to_lowercase(),
        counted(n_cases as u64, "question", "questions"),
        grouped(n_units as u64),
        questions.unit_name(of.question),
        ""
    );
    for (metric, k) in wording.figures() {
        let _ = write!(text, "{:>11}", format!("{}@{k}", metric.name()));
    }
    let (metric, k) = wording.headline;
    let range = format!("95 % of {}@{k}", metric.name());
    let _ = writeln!(text, "{range:>21}{:>10}{:>9}{:>9}{:>11}", "coverage", "p50", "p99", "bundle");
    for (system, answers) in systems.iter().zip(&of.answers) {
        let _ = writeln!(text, "{}", row(system, answers, of));
    }
    let metric = metric.name();
    for (system, answers) in systems.iter().zip(&of.answers) {
        if let Some(difference) = answers.headline(&wording) {
            let _ = writeln!(
                text,
                "  {} than {}: {metric}@{k} {}",
                verdict(&difference),
                system.key,
                spelled(&difference)
            );
        }
    }
    text
}

fn row(system: &System, answers: &Answers, of: &Placed<'_>) -> String {
    let wording = of.wording();
    let evaluation = &answers.measured.evaluation;
    let mut text = format!("  {:<10}", system.key);
    for (metric, k) in wording.figures() {
        let mean = evaluation.score(metric, k).map_or_else(String::new, |found| figure(found.mean));
        let _ = write!(text, "{mean:>11}");
    }
    let (metric, k) = wording.headline;
    let ends = evaluation.score(metric, k).map(|found| found.interval);
    let ends = ends.map_or_else(String::new, |ends| format!("{:.4} to {:.4}", ends.low, ends.high));
    let coverage = coverage(answers, k).unwrap_or_default() * 100.0;
    let latency = evaluation.latency;
    let _ = write!(
        text,
        "{ends:>21}{:>10}{:>9}{:>9}{:>11}",
        format!("{coverage:.1} %"),
        format!("{:.0} us", latency.p50_us),
        format!("{:.0} us", latency.p99_us),
        grouped(system.bundle.len() as u64),
    );
    text
}

fn coverage(answers: &Answers, k: usize) -> Option<f64> {
    let spreads = &answers.measured.evaluation.spreads;
    spreads.iter().find(|spread| spread.k == k).map(|spread| spread.coverage)
}

fn verdict(difference: &Difference) -> &'static str {
    match Outcome::of(difference) {
        Outcome::Gain => "better",
        Outcome::Loss => "worse",
        Outcome::Unclear => "not surely better or worse",
    }
}

fn spelled(difference: &Difference) -> String {
    let Difference { mean, interval, p_value } = difference;
    format!("{mean:+.4}, {:+.4} to {:+.4}, p = {p_value:.3}", interval.low, interval.high)
}

/// One object.
pub(super) fn json(
    questions: &Questions<'_>,
    systems: &[System],
    placed: &[Placed<'_>],
    params: &Params,
) -> serde_json::Result<String> {
    let value = json!({
        "split": questions.json(),
        "parameters": {
            "min_people": params.min_people,
            "min_support": params.min_support,
            "half_life_days": params.half_life_days,
            "similar": params.similar,
            "together": params.together,
            "next": params.next,
        },
        "placements": placed.iter().map(|of| placement(questions, systems, of)).collect::<Vec<_>>(),
    });
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}

fn placement(questions: &Questions<'_>, systems: &[System], of: &Placed<'_>) -> Value {
    let first = of.answers.first().map(|answers| &answers.measured.evaluation);
    let wording = of.wording();
    let lines = systems.iter().zip(&of.answers).map(|(system, answers)| line(system, answers, of));
    json!({
        "question": key(of.question),
        "placement": of.question.placement().name(),
        "asks": wording.question,
        "headline": figure_key(wording.headline.0, wording.headline.1),
        "n_cases": first.map(|found| found.n_cases),
        "n_units": first.map(|found| found.n_units),
        "units": questions.unit_name(of.question),
        "systems": lines.collect::<Vec<_>>(),
    })
}

fn line(system: &System, answers: &Answers, of: &Placed<'_>) -> Value {
    let evaluation = &answers.measured.evaluation;
    let mut figures = Map::new();
    for Score { metric, k, estimate } in &evaluation.scores {
        let ends = estimate.interval;
        let value = json!({ "mean": estimate.mean, "low": ends.low, "high": ends.high });
        figures.insert(figure_key(*metric, *k), value);
    }
    let coverages = KS.map(|k| (k.to_string(), json!(coverage(answers, k))));
    let lead = answers.headline(&of.wording()).map(|found| {
        json!({
            "mean": found.mean,
            "low": found.interval.low,
            "high": found.interval.high,
            "p_value": found.p_value,
            "verdict": verdict(&found),
        })
    });
    json!({
        "system": system.key,
        "figures": figures,
        "coverage": Value::Object(coverages.into_iter().collect()),
        "query_us_p50": evaluation.latency.p50_us,
        "query_us_p99": evaluation.latency.p99_us,
        "bundle_bytes": system.bundle.len(),
        "model_less_this_at_headline": lead,
    })
}
