//! The page that a shop's manager reads.

use edgewise_eval::report::{self, Fact, PlacementReport, Report};
use edgewise_train::Params;

use super::examples::examples;
use super::{Placed, System};
use crate::output::{bytes, grouped};
use crate::questions::{Questions, unbroken};

/// Everything that was measured, as a page.
pub(super) fn report(
    questions: &Questions<'_>,
    systems: &[System],
    placed: &[Placed<'_>],
    params: &Params,
) -> Report {
    let [older, newer] = questions.parts();
    let fact = |name: &str, value: String| Fact { name: name.to_owned(), value };
    let size = |key: &str| {
        let system = systems.iter().find(|system| system.key == key);
        system.map_or_else(String::new, |system| bytes(system.bundle.len() as u64))
    };
    Report {
        title: "Recommendations for your shop".to_owned(),
        summary: format!(
            "The model learnt from {} and was asked about {}, of which it had seen nothing. \
             Best sellers and plain cosine learnt from the same rows and were asked the same.",
            unbroken(&older.period()),
            unbroken(&newer.period())
        ),
        facts: vec![
            fact("Learnt from", older.unbroken_counts()),
            fact("Asked about", newer.unbroken_counts()),
            fact("Items", grouped(questions.taken.len() as u64)),
            fact("Bundle without titles", size("model")),
            fact("People behind every fact", format!("at least {}", params.min_people)),
        ],
        placements: placed.iter().map(|of| placement(questions, systems, of)).collect(),
    }
}

fn placement(questions: &Questions<'_>, systems: &[System], of: &Placed<'_>) -> PlacementReport {
    let wording = of.wording();
    let (headline, k) = wording.headline;
    let system = |(at, system): (usize, &System)| {
        let answers = &of.answers[at];
        let compared = (at > 0).then_some(answers.behind.as_slice());
        let evaluation = &answers.measured.evaluation;
        report::System::new(system.title, evaluation, &questions.taken, wording.headline, compared)
    };
    let first = of.answers.first().map(|answers| &answers.measured.evaluation);
    PlacementReport {
        name: wording.title.to_owned(),
        question: wording.question.to_owned(),
        headline,
        k,
        n_cases: first.map_or(0, |found| found.n_cases),
        n_units: first.map_or(0, |found| found.n_units),
        unit_name: questions.unit_name(of.question).to_owned(),
        systems: systems.iter().enumerate().map(system).collect(),
        examples: examples(questions, of),
    }
}
