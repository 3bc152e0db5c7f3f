//! A table of session, item and time: what is clicked next?

use std::collections::HashMap;

use edgewise_core::{EventKind, Interaction, Interactions, OrderIdx};

use super::error::BenchmarkError;
use super::lines::{Line, Source};
use super::numbers::Items;
use super::{Benchmark, count, row};
use crate::case::{Case, UnitIdx};
use crate::split::{Protocol, prefixes};

const EXPECTED_HEADER: &str = "the names `SessionId`, `ItemId` and `Time`, with tabs between";
const EXPECTED: &str =
    "a session, the number of an item, and seconds since 1970, in the order of the header";

/// Reads the form of Serenade: a header, then tab-separated rows in any order of rows and columns.
///
/// Clicks of a session go by time, those at the same time by their place in the file. Every prefix of every test session
/// is a case. Times are cut to whole seconds in the training rows.
///
/// # Errors
/// [`BenchmarkError`] names the line.
pub fn session_table(train: Source<'_>, test: Source<'_>) -> Result<Benchmark, BenchmarkError> {
    let (train, test) = (sessions(train)?, sessions(test)?);
    let items = Items::new(train.iter().chain(&test).flatten().map(|click| click.item));
    let rows_of = |session: &[Click], order: u32| -> Vec<Interaction> {
        let numbers: Vec<u64> = session.iter().map(|click| click.item).collect();
        let named = |(item, click): (_, &Click)| Interaction {
            order: Some(OrderIdx(order)),
            time_s: Some(whole_seconds(click.time_s)),
            ..row(item, EventKind::View)
        };
        items.rows(&numbers).into_iter().zip(session).map(named).collect()
    };
    let rows = (0..).zip(&train).flat_map(|(order, session)| rows_of(session, order)).collect();
    let of_session = |(order, session): (u32, &Vec<Click>)| -> Vec<Case> {
        prefixes(UnitIdx(order), &rows_of(session, order)).collect()
    };
    let cases = (0..).zip(&test).flat_map(of_session).collect();
    let n_orders = count(train.len());
    Ok(Benchmark {
        protocol: Protocol::Sessions,
        catalog: items.into_catalog(),
        train: Interactions { rows, n_users: 0, n_orders },
        cases,
        notes: Vec::new(),
    })
}

/// Whether the text begins with the header of this form.
pub(super) fn has_header(text: &str) -> bool {
    let source = Source { name: "", text };
    source.lines().next().is_some_and(|line| Columns::of(line).is_ok())
}

struct Click {
    item: u64,
    time_s: f64,
}

/// Which column is which.
struct Columns {
    session: usize,
    item: usize,
    time: usize,
}

impl Columns {
    fn of(header: Line<'_>) -> Result<Columns, BenchmarkError> {
        let names: Vec<&str> = header.text.split('\t').map(str::trim).collect();
        let place = |wanted: &str| {
            let found = names.iter().position(|name| name.eq_ignore_ascii_case(wanted));
            found.ok_or_else(|| header.malformed(EXPECTED_HEADER))
        };
        Ok(Columns { session: place("SessionId")?, item: place("ItemId")?, time: place("Time")? })
    }
}

/// Sessions in the order in which they are first named.
fn sessions(source: Source<'_>) -> Result<Vec<Vec<Click>>, BenchmarkError> {
    source.not_empty(EXPECTED_HEADER)?;
    let mut lines = source.lines();
    let Some(header) = lines.next() else { return Ok(Vec::new()) };
    let columns = Columns::of(header)?;
    let mut numbers: HashMap<&str, usize> = HashMap::new();
    let mut sessions: Vec<Vec<Click>> = Vec::new();
    for line in lines {
        let fields: Vec<&str> = line.text.split('\t').map(str::trim).collect();
        let field = |at: usize| fields.get(at).copied().filter(|field| !field.is_empty());
        let click = || {
            let time_s: f64 = field(columns.time)?.parse().ok()?;
            let item = field(columns.item)?.parse().ok()?;
            Some((field(columns.session)?, Click { item, time_s })).filter(|_| time_s.is_finite())
        };
        let (session, click) = click().ok_or_else(|| line.malformed(EXPECTED))?;
        let number = *numbers.entry(session).or_insert(sessions.len());
        if number == sessions.len() {
            sessions.push(Vec::new());
        }
        sessions[number].push(click);
    }
    for session in &mut sessions {
        session.sort_by(|a, b| a.time_s.total_cmp(&b.time_s));
    }
    Ok(sessions)
}

#[expect(clippy::cast_possible_truncation, reason = "a float beyond the range becomes its end")]
fn whole_seconds(time_s: f64) -> i64 {
    time_s.floor() as i64
}
