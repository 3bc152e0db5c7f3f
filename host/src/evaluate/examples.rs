//! Answers side by side, of cases that are spread evenly over all, not chosen for looking good.

use std::collections::BTreeSet;

use edgewise_core::ItemIdx;
use edgewise_eval::Case;
use edgewise_eval::report::{Example, Shown, Verdict};

use super::Placed;
use crate::questions::Questions;

/// Examples per placement.
const N_EXAMPLES: usize = 4;
/// Items of an answer that are shown.
const N_SHOWN: usize = 10;
/// Items of the truth that are named.
const N_RELEVANT: usize = 12;

/// One per equal stretch of the cases, from its middle.
pub(super) fn examples(questions: &Questions<'_>, of: &Placed<'_>) -> Vec<Example> {
    let n_cases = of.cases.len();
    let n_examples = N_EXAMPLES.min(n_cases);
    let places = (0..n_examples).map(|at| (2 * at + 1) * n_cases / (2 * n_examples));
    places.filter_map(|at| Some(example(questions, of, of.cases.get(at)?, at))).collect()
}

fn example(questions: &Questions<'_>, of: &Placed<'_>, case: &Case, at: usize) -> Example {
    let right: BTreeSet<ItemIdx> = case.relevant.iter().copied().collect();
    let ranked = of.answers.iter().map(|answers| {
        let ranked = answers.measured.evaluation.ranked.get(at).map_or(&[][..], Vec::as_slice);
        &ranked[..ranked.len().min(N_SHOWN)]
    });
    let found: BTreeSet<ItemIdx> = ranked.clone().flatten().copied().collect();
    let shown = |item: &ItemIdx| Shown {
        title: questions.title(*item),
        verdict: if right.contains(item) { Verdict::Hit } else { Verdict::Miss },
    };
    Example {
        given: given(case).map(|item| questions.title(item)).collect(),
        relevant: relevant(questions, &right, &found),
        answers: ranked.map(|ranked| ranked.iter().map(shown).collect()).collect(),
    }
}

/// What was known, oldest first.
fn given(case: &Case) -> impl Iterator<Item = ItemIdx> {
    let past = case.history.iter().map(|past| past.item);
    past.chain(case.cart.iter().copied()).chain(case.item)
}

/// The truth, with what anyone found first.
fn relevant(
    questions: &Questions<'_>,
    right: &BTreeSet<ItemIdx>,
    found: &BTreeSet<ItemIdx>,
) -> Vec<String> {
    let hits = right.intersection(found).chain(right.difference(found));
    let mut titles: Vec<String> =
        hits.take(N_RELEVANT).map(|item| questions.title(*item)).collect();
    if let Some(n_more) = right.len().checked_sub(N_RELEVANT).filter(|n_more| *n_more > 0) {
        titles.push(format!("and {n_more} more"));
    }
    titles
}
