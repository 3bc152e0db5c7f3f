//! A session per line, and a prefix with its next item per line: what is clicked next?

use edgewise_core::{EventKind, Interaction, Interactions, OrderIdx, Placement, Seen};

use super::error::BenchmarkError;
use super::lines::{Question, Source};
use super::numbers::Items;
use super::{Benchmark, count, row};
use crate::case::{Case, Past, UnitIdx};
use crate::split::Protocol;

const EXPECTED: &str = "the numbers of items, with blanks between";
const EXPECTED_QUESTION: &str = "the numbers of a session so far, a tab, and the next item";
/// Seconds from the start of one line to the start of the next, if the first is over by then.
pub(super) const LINE_S: i64 = 60;

/// Reads the form of SR-GNN and its successors.
///
/// Times are made up from the order of lines: sessions begin a minute apart, clicks are a second apart, and a session of
/// more clicks than that delays the next one. A question comes a second after its last click.
/// A line of the test part that is the line before without its answer is of the same session, and so of the same unit.
///
/// # Errors
/// [`BenchmarkError`] names the line.
pub fn session_lines(train: Source<'_>, test: Source<'_>) -> Result<Benchmark, BenchmarkError> {
    train.not_empty(EXPECTED)?;
    test.not_empty(EXPECTED_QUESTION)?;
    let sessions: Vec<Vec<u64>> =
        train.lines().map(|line| line.numbers(line.text, EXPECTED)).collect::<Result<_, _>>()?;
    let question = |line: super::lines::Line<'_>| {
        let question = line.question(EXPECTED_QUESTION)?;
        if question.answer.len() == 1 {
            Ok(question)
        } else {
            Err(line.malformed(EXPECTED_QUESTION))
        }
    };
    let questions: Vec<Question> = test.lines().map(question).collect::<Result<_, _>>()?;
    let asked = questions.iter().flat_map(Question::items);
    let items = Items::new(sessions.iter().flatten().copied().chain(asked));

    let (mut rows, mut start_s) = (Vec::new(), 0);
    for (order, session) in (0..).map(OrderIdx).zip(&sessions) {
        for (item, second) in items.rows(session).into_iter().zip(0..) {
            let time_s = Some(start_s + second);
            rows.push(Interaction { order: Some(order), time_s, ..row(item, EventKind::View) });
        }
        start_s += LINE_S.max(i64::from(count(session.len())));
    }
    let (mut cases, mut unit) = (Vec::with_capacity(questions.len()), 0);
    for (at, question) in questions.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| questions.get(before));
        unit += u32::from(
            before.is_some_and(|before| !question.items().eq(before.given.iter().copied())),
        );
        let given = items.rows(&question.given);
        let age = |at: usize| f64::from(count(given.len() - at)) / 86_400.0;
        let past = |(at, &item)| Past { item, age_days: age(at), kind: EventKind::View };
        cases.push(Case {
            history: given.iter().enumerate().map(past).collect(),
            seen: Seen::Show,
            relevant: items.rows(&question.answer),
            ..Case::new(UnitIdx(unit), Placement::Home)
        });
    }
    Ok(Benchmark {
        protocol: Protocol::Sessions,
        catalog: items.into_catalog(),
        train: Interactions { rows, n_users: 0, n_orders: count(sessions.len()) },
        cases,
        notes: vec!["times are made up from the order of lines".to_owned()],
    })
}
