//! The rows of a made-up shop, oldest first, one after the other: nothing of what was written is kept.

use jiff::ToSpan as _;
use jiff::civil::date;
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng as _, SeedableRng as _};

use super::shop::{Shop, Size};

/// Days of the log: two years but for a day, so that each weekday comes equally often.
pub(super) const N_DAYS: usize = 728;
/// Sales by weekday, Monday first: what a shop with an office's customers and a weekend's sees.
const WEEK: [u64; 7] = [14, 13, 13, 14, 17, 18, 11];
/// Shops sell from six in the morning until eleven at night.
const OPENS_S: u64 = 6 * 3_600;
const OPEN_FOR_S: u64 = 17 * 3_600;
/// One order in three ends after each item, so that the mean order has three.
const ORDER_ENDS_IN: u64 = 3;
/// Most items of an order.
const MAX_ORDER_ITEMS: usize = 40;
/// How often an item is drawn anew that the order has already.
const REDRAWS: usize = 4;
/// The stream of the rows is another one than that of the shop.
const ROWS_STREAM: u64 = 0x05ee_d0f5_a1e5;

/// What one line of the log says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Row {
    /// From 1, oldest first.
    pub(super) order: u64,
    /// By rank of activity, from 0.
    pub(super) user: usize,
    /// By rank of popularity, from 0.
    pub(super) item: usize,
    /// The cluster of the order.
    pub(super) cluster: usize,
    /// From 0.
    pub(super) day: usize,
    /// Since midnight.
    pub(super) second: u64,
    /// 1 or more.
    pub(super) quantity: u32,
}

/// Calls `each` with every row, as long as it gives `Ok`.
pub(super) fn for_each<E>(
    size: &Size,
    shop: &Shop,
    mut each: impl FnMut(Row) -> Result<(), E>,
) -> Result<(), E> {
    let mut random = Pcg64Mcg::seed_from_u64(size.seed ^ ROWS_STREAM);
    let mut order = 0;
    for (day, n_rows) in rows_by_day(size.n_rows).into_iter().enumerate() {
        let mut written = 0;
        while written < n_rows {
            order += 1;
            let user = shop.user(&mut random);
            let cluster = shop.cluster_of(user, &mut random);
            let second = OPENS_S + written * OPEN_FOR_S / n_rows;
            let mut items = Vec::with_capacity(MAX_ORDER_ITEMS);
            loop {
                let item = fresh(&items, || shop.item(cluster, &mut random));
                items.push(item);
                let quantity = 1 + random.next_u32().trailing_ones();
                each(Row { order, user, item, cluster, day, second, quantity })?;
                written += 1;
                let ends = random.next_u64().is_multiple_of(ORDER_ENDS_IN);
                if ends || written == n_rows || items.len() == MAX_ORDER_ITEMS {
                    break;
                }
            }
        }
    }
    Ok(())
}

/// An item that the order does not have, if a few draws find one.
fn fresh(items: &[usize], mut draw: impl FnMut() -> usize) -> usize {
    let mut item = draw();
    for _ in 0..REDRAWS {
        if !items.contains(&item) {
            break;
        }
        item = draw();
    }
    item
}

/// How many of `n_rows` fall on each day; the sum is `n_rows`.
pub(super) fn rows_by_day(n_rows: u64) -> Vec<u64> {
    let weights = (0..N_DAYS).map(|day| u128::from(WEEK[day % WEEK.len()]));
    let total: u128 = weights.clone().sum();
    let mut until = 0;
    let mut given = 0;
    weights
        .map(|weight| {
            until += weight;
            let wanted = u128::from(n_rows) * until / total;
            let today = wanted - given;
            given = wanted;
            // Cannot fail: no more than `n_rows`.
            u64::try_from(today).unwrap_or(n_rows)
        })
        .collect()
}

/// The text of each day, `2024-01-01` first, a Monday.
pub(super) fn day_texts() -> Vec<String> {
    let first = date(2024, 1, 1);
    let day = |day| first.saturating_add(i64::from(day).days()).to_string();
    (0_i32..).take(N_DAYS).map(day).collect()
}
