//! When an item is wanted more than usual: by month, weekday and hour on the shop's wall.
//!
//! Shops as a whole are busier in December and at noon, which changes no order of items; what counts is an item against
//! the shop. Of the `N` visits of an item since its first one, `n` fell into a cell (a month, a weekday or an hour), and
//! the share of all the shop's visits since then that fell into it leads one to expect `m`. The factor of the cell is
//!
//! `f = (n + k r) / (m + k)`, where `r = (n' + k) / (m' + k)` is that of the item's category, by the same counts over
//! all its items, and 1 without one:
//!
//! the posterior mean of a ratio of rates under a gamma prior of mean `r` and shape `k r` (Gelman et al., "Bayesian Data
//! Analysis", 3rd ed., section 2.6), as seasonal indices are shrunk to those of a group (Bunn and Vassilopoulos,
//! "Comparison of seasonal estimation methods in multi-item short-term forecasting", 1999). It is told where `n` is far
//! from `m`, and in steps of a quarter of an octave. A visit is a taker's day.

use edgewise_core::calendar::N_CELLS;
use edgewise_core::{
    Catalog, Cell, Interaction, Interactions, SEASON_STEPS, SeasonValues, TimeZone,
};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::buckets::Buckets;
use crate::params::{Params, TrainError, check_range};
use crate::people::{Taker, Takers};

const DAY_S: i64 = 86_400;
const CELLS: usize = N_CELLS as usize;
/// Days of a log that are too many to count visits by: a century.
const MAX_DAYS: usize = 36_525;

/// Years after the log in which a model knows the time.
const YEARS_AHEAD: i64 = 10;

/// When the months are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Months {
    /// When the log spans two years, so that each month came twice.
    Repeated,
    /// Even in a log of a single year, where a season and a whim cannot be told apart.
    Single,
}

/// How seasons are found.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SeasonParams {
    /// Expected visits that an item's category counts as much as: `k` above. `1.0`: a factor is what the item's few
    /// visits say. `1e6`: every item has its category's factor. Range `1.0..=1e6`.
    pub prior_visits: f64,
    /// How far the visits must be from the expected ones, in roots of those. `0.0`: every factor is told. `100.0`:
    /// hardly any. Range `0.0..=100.0`.
    pub significance: f64,
    /// When the months are told apart.
    pub months: Months,
}

impl Default for SeasonParams {
    fn default() -> SeasonParams {
        SeasonParams { prior_visits: 100.0, significance: 3.0, months: Months::Repeated }
    }
}

impl SeasonParams {
    /// Refuses settings that are out of range.
    ///
    /// # Errors
    /// [`TrainError::OutOfRange`] names the setting.
    pub fn check(&self) -> Result<(), TrainError> {
        check_range("prior_visits", self.prior_visits, 1.0, 1e6)?;
        check_range("significance", self.significance, 0.0, 100.0)
    }
}

/// One visit: the first interaction of a taker's day with an item.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Visit {
    taker: Option<Taker>,
    day: usize,
    time_s: i64,
}

/// Visits by cell, of an item since its first one.
#[derive(Clone, Copy)]
struct Counts {
    first_day: usize,
    /// Those with too few people are not there.
    told: [u32; CELLS],
    visits: [u32; CELLS],
    n_visits: u32,
    is_told: bool,
}

/// The factors of every item in the catalogue's rows; `None` when they are not asked for or the log has no times.
pub(crate) fn seasons(
    log: &Interactions,
    catalog: &Catalog,
    takers: Takers,
    params: &Params,
) -> Option<SeasonValues> {
    let season_params = params.seasons.as_ref()?;
    let day = |time_s: i64| time_s.div_euclid(DAY_S);
    let moments = || log.rows.iter().filter_map(|row| row.time_s);
    let first_day = moments().min().map(day)?;
    let n_days = usize::try_from(moments().max().map(day)?.checked_sub(first_day)?).ok()? + 1;
    if n_days > MAX_DAYS {
        return None;
    }
    let by_item = Buckets::of(log, catalog.items.len(), |row| Some(row.item.0));
    let of_row = |row: &Interaction| {
        let time_s = row.time_s?;
        let day = usize::try_from(day(time_s) - first_day).ok()?;
        Some(Visit { taker: takers.taker(row), day, time_s })
    };
    let visits: Vec<Vec<Visit>> = (0..by_item.n_buckets())
        .into_par_iter()
        .map(|item| {
            let mut visits: Vec<Visit> = by_item.rows(item).filter_map(of_row).collect();
            visits.sort_unstable();
            visits.dedup_by(|b, a| a.taker.is_some() && (a.taker, a.day) == (b.taker, b.day));
            visits
        })
        .collect();
    let shop = ShopVisits::of(&visits, n_days, &params.time_zone);
    let counts: Vec<Counts> = visits
        .par_iter()
        .map(|visits| count(visits, takers, params.min_people, &params.time_zone))
        .collect();
    let cells: Vec<usize> =
        (0..CELLS).filter(|&cell| is_learnt(cell, n_days, season_params)).collect();
    let categories = category_ratios(&counts, catalog, &shop, season_params.prior_visits);
    let factors = counts
        .par_iter()
        .zip(&catalog.items)
        .map(|(counts, item)| {
            let category = item.category.map(|category| &categories[category.index()]);
            factors(counts, category, &shop, (&cells, season_params))
        })
        .collect();
    let zone = needed(&params.time_zone, moments().min()?, moments().max()?);
    Some(SeasonValues { zone, factors })
}

/// The zone's changes in the years of a log and ten more, and the last one before.
fn needed(zone: &TimeZone, first_s: i64, last_s: i64) -> TimeZone {
    let end_s = last_s.saturating_add(YEARS_AHEAD * 366 * DAY_S);
    let changes = &zone.transitions;
    let n_before = changes.partition_point(|change| change.utc_s <= first_s);
    let n_until = changes.partition_point(|change| change.utc_s <= end_s);
    let transitions = changes[n_before.saturating_sub(1).min(n_until)..n_until].to_vec();
    TimeZone { name: zone.name.clone(), transitions }
}

/// Whether the log holds the cycle of a cell twice.
fn is_learnt(cell: usize, n_days: usize, params: &SeasonParams) -> bool {
    n_days
        >= match (cell, params.months) {
            (0..12, Months::Repeated) => 730,
            (0..12, Months::Single) => 60,
            (12..19, _) => 14,
            _ => 2,
        }
}

/// Counts an item's visits by cell. Where too few people came, nobody is told to have come.
fn count(visits: &[Visit], takers: Takers, min_people: u32, zone: &TimeZone) -> Counts {
    let is_person = |visit: &Visit| visit.taker.filter(|&taker| takers.is_person(taker));
    let mut counted = [0; CELLS];
    let mut people: Vec<(Cell, Taker)> = Vec::new();
    for visit in visits {
        for cell in zone.local_time(visit.time_s).cells() {
            counted[usize::from(cell.0)] += 1;
            people.extend(is_person(visit).map(|person| (cell, person)));
        }
    }
    people.sort_unstable();
    people.dedup();
    let mut told = [0; CELLS];
    for people in people.chunk_by(|a, b| a.0 == b.0) {
        let cell = usize::from(people[0].0.0);
        if people.len() >= min_people as usize {
            told[cell] = counted[cell];
        }
    }
    let mut persons: Vec<Taker> = people.into_iter().map(|entry| entry.1).collect();
    persons.sort_unstable();
    persons.dedup();
    Counts {
        first_day: visits.iter().map(|visit| visit.day).min().unwrap_or(0),
        told,
        visits: counted,
        // Cannot fail: `train` refuses more rows than a `u32` counts.
        n_visits: u32::try_from(visits.len()).unwrap_or(u32::MAX),
        is_told: persons.len() >= min_people as usize && !visits.is_empty(),
    }
}

/// All visits of the shop, by cell, before each day.
struct ShopVisits {
    before: Vec<[u64; CELLS]>,
}

impl ShopVisits {
    fn of(visits: &[Vec<Visit>], n_days: usize, zone: &TimeZone) -> ShopVisits {
        let mut before = vec![[0; CELLS]; n_days + 1];
        for visit in visits.iter().flatten() {
            for cell in zone.local_time(visit.time_s).cells() {
                before[visit.day + 1][usize::from(cell.0)] += 1;
            }
        }
        for day in 0..n_days {
            let until = before[day];
            before[day + 1].iter_mut().zip(until).for_each(|(sum, until)| *sum += until);
        }
        ShopVisits { before }
    }

    /// The visits that an item would have in a cell if it were wanted as the shop is.
    fn expected(&self, counts: &Counts, cell: usize) -> f64 {
        let (Some(all), Some(before)) = (self.before.last(), self.before.get(counts.first_day))
        else {
            return 0.0;
        };
        let since = |cell: usize| exact(all[cell] - before[cell]);
        // Every visit is in one of the months.
        let n_all: f64 = (0..12).map(since).sum();
        if n_all > 0.0 { f64::from(counts.n_visits) * since(cell) / n_all } else { 0.0 }
    }
}

/// For each category and cell, the ratio of its items' visits to the expected ones.
fn category_ratios(
    counts: &[Counts],
    catalog: &Catalog,
    shop: &ShopVisits,
    prior: f64,
) -> Vec<[f64; CELLS]> {
    let mut sums = vec![[[0.0; 2]; CELLS]; catalog.categories.len()];
    for (counts, item) in counts.iter().zip(&catalog.items).filter(|(counts, _)| counts.is_told) {
        let Some(category) = item.category else { continue };
        for (cell, sum) in sums[category.index()].iter_mut().enumerate() {
            sum[0] += f64::from(counts.told[cell]);
            sum[1] += shop.expected(counts, cell);
        }
    }
    sums.into_iter().map(|sums| sums.map(|[n, m]| (n + prior) / (m + prior))).collect()
}

/// The factors of an item that are told, in the steps that there are.
fn factors(
    counts: &Counts,
    category: Option<&[f64; CELLS]>,
    shop: &ShopVisits,
    (cells, params): (&[usize], &SeasonParams),
) -> Vec<(Cell, u16)> {
    if !counts.is_told {
        return Vec::new();
    }
    let factor = |&cell: &usize| {
        let (n, m) = (f64::from(counts.told[cell]), shop.expected(counts, cell));
        // What is hidden is not told apart from what was expected either.
        let is_hidden = counts.told[cell] < counts.visits[cell];
        let distance = (n - m).abs() / (m + 1.0).sqrt();
        if m <= 0.0 || is_hidden && m < params.prior_visits || distance < params.significance {
            return None;
        }
        let ratio = category.map_or(1.0, |ratios| ratios[cell]);
        let step = step((n + params.prior_visits * ratio) / (m + params.prior_visits))?;
        // Cannot fail: cells are fewer than 256.
        Some((Cell(u8::try_from(cell).unwrap_or(u8::MAX)), step))
    };
    cells.iter().filter_map(factor).collect()
}

/// The nearest step of a factor, measured in octaves; `None` when that is none at all.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped first")]
fn step(factor: f64) -> Option<u16> {
    let quarters = libm::floor(libm::log2(factor) * 4.0 + 0.5).clamp(-8.0, 8.0);
    if quarters == 0.0 {
        return None;
    }
    // Eight steps are below one, eight above, and one itself is not among them.
    let place = if quarters < 0.0 { quarters + 8.0 } else { quarters + 7.0 };
    SEASON_STEPS.get(place as usize).copied()
}

/// A count as a real number. Exact: counts are below 2^53.
#[expect(clippy::cast_precision_loss, reason = "counts are below 2^53")]
fn exact(n: u64) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests;
