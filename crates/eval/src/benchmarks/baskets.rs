//! A basket per line, and inputs with what was held out per line: what else is in the basket?

use edgewise_core::{EventKind, Interaction, Interactions, OrderIdx, Placement};

use super::error::BenchmarkError;
use super::lines::{Question, Source};
use super::numbers::Items;
use super::session_lines::LINE_S;
use super::{Benchmark, count, row};
use crate::case::{Case, UnitIdx};
use crate::split::Protocol;

const EXPECTED: &str = "the numbers of items, with blanks between";
const EXPECTED_QUESTION: &str = "the items given, a tab, and what was held out";

/// Reads baskets.
///
/// Times are made up from the order of lines: baskets are a minute apart. Lines of the test part that follow one another
/// and hold the same items are of one basket, and so of one unit.
///
/// # Errors
/// [`BenchmarkError`] names the line.
pub fn baskets(train: Source<'_>, test: Source<'_>) -> Result<Benchmark, BenchmarkError> {
    train.not_empty(EXPECTED)?;
    test.not_empty(EXPECTED_QUESTION)?;
    let baskets: Vec<Vec<u64>> =
        train.lines().map(|line| line.numbers(line.text, EXPECTED)).collect::<Result<_, _>>()?;
    let questions: Vec<Question> =
        test.lines().map(|line| line.question(EXPECTED_QUESTION)).collect::<Result<_, _>>()?;
    let asked = questions.iter().flat_map(Question::items);
    let items = Items::new(baskets.iter().flatten().copied().chain(asked));

    let mut rows = Vec::new();
    for (order, basket) in (0..).zip(&baskets) {
        let order_idx = Some(OrderIdx(order));
        let time_s = Some(i64::from(order) * LINE_S);
        let bought =
            |item| Interaction { order: order_idx, time_s, ..row(item, EventKind::Purchase) };
        rows.extend(items.rows(basket).into_iter().map(bought));
    }
    let contents = |question: &Question| {
        let mut contents: Vec<u64> = question.items().collect();
        contents.sort_unstable();
        contents
    };
    let (mut cases, mut unit, mut before) = (Vec::with_capacity(questions.len()), 0, None);
    for question in &questions {
        let now = contents(question);
        unit += u32::from(before.as_ref().is_some_and(|before| *before != now));
        before = Some(now);
        cases.push(Case {
            cart: items.rows(&question.given),
            relevant: items.rows(&question.answer),
            ..Case::new(UnitIdx(unit), Placement::Cart)
        });
    }
    Ok(Benchmark {
        protocol: Protocol::BasketCompletion,
        catalog: items.into_catalog(),
        train: Interactions { rows, n_users: 0, n_orders: count(baskets.len()) },
        cases,
        notes: vec!["times are made up from the order of lines".to_owned()],
    })
}
