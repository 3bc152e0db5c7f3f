//! `user item item …` per line: which new items does a user take?

use std::collections::BTreeMap;

use edgewise_core::{EventKind, Interaction, Interactions, Placement, Seen, UserIdx};

use super::error::BenchmarkError;
use super::lines::Source;
use super::numbers::Items;
use super::{Benchmark, count, row};
use crate::case::{Case, Past, UnitIdx};
use crate::split::Protocol;

const EXPECTED: &str = "a user's number and the numbers of items, with blanks between";

/// Reads the form of `LightGCN` and its successors.
///
/// Users may come in any order, more than once, without items, or in one part only. Users are numbered ascending. A user
/// without a test item is no case; one without a training item is a case without history. The file tells no time, so
/// rows have none, and ages are 0.
///
/// # Errors
/// [`BenchmarkError`] names the line.
pub fn top_n(train: Source<'_>, test: Source<'_>) -> Result<Benchmark, BenchmarkError> {
    let (train, test) = (users(train)?, users(test)?);
    let items = Items::new(train.values().chain(test.values()).flatten().copied());
    let mut numbers: Vec<u64> = train.keys().chain(test.keys()).copied().collect();
    numbers.sort_unstable();
    numbers.dedup();
    let of = |part: &BTreeMap<u64, Vec<u64>>, user: &u64| {
        part.get(user).map_or_else(Vec::new, |numbers| items.rows(numbers))
    };
    let (mut rows, mut cases) = (Vec::new(), Vec::new());
    for (user, number) in (0..).zip(&numbers) {
        let (history, relevant) = (of(&train, number), of(&test, number));
        let named =
            |item| Interaction { user: Some(UserIdx(user)), ..row(item, EventKind::Purchase) };
        rows.extend(history.iter().copied().map(named));
        if relevant.is_empty() {
            continue;
        }
        let past = |item| Past { item, age_days: 0.0, kind: EventKind::Purchase };
        cases.push(Case {
            history: history.into_iter().map(past).collect(),
            seen: Seen::Hide,
            relevant,
            ..Case::new(UnitIdx(user), Placement::Home)
        });
    }
    Ok(Benchmark {
        protocol: Protocol::TopN,
        catalog: items.into_catalog(),
        train: Interactions { rows, n_users: count(numbers.len()), n_orders: 0 },
        cases,
        notes: Vec::new(),
    })
}

fn users(source: Source<'_>) -> Result<BTreeMap<u64, Vec<u64>>, BenchmarkError> {
    source.not_empty(EXPECTED)?;
    let mut users: BTreeMap<u64, Vec<u64>> = BTreeMap::new();
    for line in source.lines() {
        let numbers = line.numbers(line.text, EXPECTED)?;
        if let [user, items @ ..] = numbers.as_slice() {
            users.entry(*user).or_default().extend(items);
        }
    }
    Ok(users)
}
