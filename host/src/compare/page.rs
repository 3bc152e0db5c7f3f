//! The page of two bundles.

use edgewise_core::ItemIdx;
use edgewise_eval::Comparison;
use edgewise_eval::report::{CompareReport, ComparedPlacement, ComparedScore, Fact, ItemChange};

use super::{Placed, Side, caution};
use crate::output::bytes;
use crate::questions::{Questions, Wording, unbroken};

/// Everything that was compared, as a page.
pub(super) fn report(
    questions: &Questions<'_>,
    sides: [&Side; 2],
    placed: &[Placed],
) -> CompareReport {
    let [_, newer] = questions.parts();
    let [before, after] = sides;
    let fact = |name: &str, value: String| Fact { name: name.to_owned(), value };
    let size = |side: &Side| bytes(side.bytes.len() as u64);
    CompareReport {
        title: format!("{} and {}", before.name, after.name),
        summary: format!(
            "Both bundles answered the same questions, made from what happened from {}.",
            unbroken(&newer.period())
        ),
        caution: caution(questions.cut_s, sides).map(|text| sentence(&text)),
        before: before.name.clone(),
        after: after.name.clone(),
        facts: vec![
            fact("Asked about", newer.unbroken_counts()),
            fact(&format!("Size of {}", before.name), size(before)),
            fact(&format!("Size of {}", after.name), size(after)),
            fact(&format!("{} learnt up to", before.name), before.last_day()),
            fact(&format!("{} learnt up to", after.name), after.last_day()),
        ],
        placements: placed.iter().map(|of| placement(questions, of)).collect(),
    }
}

/// A clause of the terminal as a sentence of the page.
fn sentence(clause: &str) -> String {
    format!("Mind: {}.", unbroken(&clause.replace('`', "")))
}

fn placement(questions: &Questions<'_>, of: &Placed) -> ComparedPlacement {
    let wording = Wording::of(of.question);
    let score = |found: &Comparison| {
        let Comparison { metric, k, difference } = *found;
        let before = of.before.score(metric, k)?;
        let after = of.after.score(metric, k)?;
        Some(ComparedScore { metric, k, before, after, difference })
    };
    let change = |&(item, before, after): &(ItemIdx, u64, u64)| ItemChange {
        title: questions.title(item),
        before,
        after,
    };
    ComparedPlacement {
        name: wording.title.to_owned(),
        question: wording.question.to_owned(),
        n_cases: of.after.n_cases,
        scores: of.fitting().filter_map(score).collect(),
        items: of.changes.iter().map(change).collect(),
    }
}
