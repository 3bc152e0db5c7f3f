//! Users with their baskets, as JSON: what will the next one hold?

use std::collections::BTreeMap;

use edgewise_core::{EventKind, Interaction, Interactions, OrderIdx, Placement, Seen, UserIdx};

use super::error::BenchmarkError;
use super::lines::{Source, malformed};
use super::numbers::Items;
use super::{Benchmark, count, row};
use crate::case::{Case, Past, UnitIdx};
use crate::split::Protocol;

const EXPECTED: &str =
    "an object of users, each a list of baskets, each a list of the numbers of items";
const EXPECTED_FUTURE: &str =
    "a user, the number of an order, and the number of an item, with commas between";
const DAY_S: i64 = 86_400;

/// The baskets of each user, oldest first.
type Baskets = BTreeMap<String, Vec<Vec<u64>>>;

/// Reads the form of "A next basket recommendation reality check" (Li et al., TOIS 41(4), 2023).
///
/// A user's last basket is the truth. A file of future baskets (`user_id,order_number,product_id`) repeats it; where for
/// every user it holds a basket behind the last one instead (one order number further), it is the truth and all of
/// `merged` is history. Any other file of future baskets contradicts `merged`, and is noted and ignored.
///
/// Times are made up: a basket a day, and every user's truth on the same day, so that a basket's age in days is the
/// number of baskets that came after it. Users go by the bytes of their id.
///
/// # Errors
/// [`BenchmarkError`] names the line.
pub fn next_basket(
    merged: Source<'_>,
    future: Option<Source<'_>>,
) -> Result<Benchmark, BenchmarkError> {
    let mut users: Baskets = serde_json::from_str(merged.text)
        .map_err(|error| malformed(merged.name, error.line(), &error.to_string(), EXPECTED))?;
    let mut notes = vec!["times are made up: a basket a day".to_owned()];
    if let Some(future) = future {
        notes.push(add_future(&mut users, future)?);
    }
    let items = Items::new(users.values().flatten().flatten().copied());
    let last_day = users.values().map(Vec::len).max().unwrap_or(0);
    let (mut rows, mut cases, mut n_orders) = (Vec::new(), Vec::new(), 0);
    for (user, baskets) in (0..).zip(users.values()) {
        let Some((target, before)) = baskets.split_last() else { continue };
        let mut history = Vec::new();
        for (at, basket) in before.iter().enumerate() {
            let n_days_ago = count(before.len() - at);
            let order = Some(OrderIdx(n_orders));
            n_orders += 1;
            let time_s = Some((i64::from(count(last_day)) - i64::from(n_days_ago)) * DAY_S);
            for item in items.rows(basket) {
                let user = Some(UserIdx(user));
                rows.push(Interaction { user, order, time_s, ..row(item, EventKind::Purchase) });
                let age_days = f64::from(n_days_ago);
                history.push(Past { item, age_days, kind: EventKind::Purchase });
            }
        }
        cases.push(Case {
            history,
            seen: Seen::Show,
            relevant: items.rows(target),
            ..Case::new(UnitIdx(user), Placement::Home)
        });
    }
    Ok(Benchmark {
        protocol: Protocol::NextBasket,
        catalog: items.into_catalog(),
        train: Interactions { rows, n_users: count(users.len()), n_orders },
        cases,
        notes,
    })
}

/// Appends the future baskets if that is what they are; says what was found.
fn add_future(users: &mut Baskets, source: Source<'_>) -> Result<String, BenchmarkError> {
    let future = future_baskets(source)?;
    let sorted = |basket: &[u64]| {
        let mut basket = basket.to_vec();
        basket.sort_unstable();
        basket.dedup();
        basket
    };
    let is_last = |(user, baskets): (&String, &Vec<Vec<u64>>)| {
        let found = future.get(user).map(|future| sorted(&future.items));
        baskets.last().map(|basket| sorted(basket)) == found
    };
    let is_behind = |(user, baskets): (&String, &Vec<Vec<u64>>)| {
        let number = future.get(user).map(|future| future.order_number);
        number == u64::try_from(baskets.len() + 1).ok()
    };
    let name = source.name;
    if users.iter().all(is_last) {
        return Ok(format!("`{name}` repeats every user's last basket"));
    }
    if users.iter().all(is_behind) {
        for (user, baskets) in users.iter_mut() {
            baskets.extend(future.get(user).map(|future| future.items.clone()));
        }
        return Ok(format!("`{name}` holds the truth, behind every user's last basket"));
    }
    Ok(format!("`{name}` contradicts the users' last baskets and is ignored"))
}

struct Future {
    order_number: u64,
    items: Vec<u64>,
}

/// Each user's basket of the lowest order number.
fn future_baskets(source: Source<'_>) -> Result<BTreeMap<String, Future>, BenchmarkError> {
    let mut future: BTreeMap<String, Future> = BTreeMap::new();
    // The first line names the columns.
    for line in source.lines().skip(1) {
        let fields: Vec<&str> = line.text.split(',').map(str::trim).collect();
        let [user, order_number, item] = fields.as_slice() else {
            return Err(line.malformed(EXPECTED_FUTURE));
        };
        let number = |field: &str| field.parse().map_err(|_| line.malformed(EXPECTED_FUTURE));
        let (order_number, item) = (number(order_number)?, number(item)?);
        let of_user = future.entry((*user).to_owned());
        let basket = of_user.or_insert(Future { order_number, items: Vec::new() });
        if order_number < basket.order_number {
            *basket = Future { order_number, items: Vec::new() };
        }
        if order_number == basket.order_number {
            basket.items.push(item);
        }
    }
    Ok(future)
}
