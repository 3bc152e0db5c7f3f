//! What a build's report tells people that the bundle has no room for: the figures behind trends, and what is peculiar
//! to each region.

use edgewise_bundle::Bundle;
use edgewise_core::ItemIdx;
use edgewise_core::calendar::USUAL;
use edgewise_train::{Peculiar, RegionPortrait, Trained, Trend};
use serde::Serialize;

/// An item that trends with everyone. The keys of the JSON are these names.
#[derive(Serialize)]
pub(super) struct TrendLine {
    #[serde(flatten)]
    item: Named,
    takers: u32,
    expected: f64,
    /// In bits.
    trend: f64,
    /// Powers of two per window.
    velocity: f64,
    acceleration: f64,
}

/// A region.
#[derive(Serialize)]
pub(super) struct RegionLine {
    region: String,
    orders_percent: f64,
    peculiar: Vec<PeculiarLine>,
}

#[derive(Serialize)]
struct PeculiarLine {
    #[serde(flatten)]
    item: Named,
    takers: u32,
    lift: f64,
    lift_at_least: f64,
}

/// A month and what is wanted most in it.
#[derive(Serialize)]
pub(super) struct MonthLine {
    /// From 1.
    month: u8,
    items: Vec<SeasonLine>,
}

#[derive(Serialize)]
struct SeasonLine {
    #[serde(flatten)]
    item: Named,
    /// How many times as much as usual.
    factor: f64,
}

#[derive(Serialize)]
struct Named {
    item: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
}

/// Items shown of a month.
const SHOWN: usize = 10;

fn named(bundle: &Bundle<'_>, item: ItemIdx) -> Named {
    let mut text = Vec::new();
    let title = bundle.card(item, &mut text).and_then(|card| card.title).map(str::to_owned);
    Named { item: bundle.item_id(item, &mut Vec::new()).unwrap_or("").to_owned(), title }
}

fn thousandths(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

/// The strongest trends.
pub(super) fn trends(bundle: &Bundle<'_>, trained: &Trained) -> Vec<TrendLine> {
    let line = |trend: &Trend| TrendLine {
        item: named(bundle, trend.item),
        takers: trend.takers,
        expected: thousandths(trend.expected),
        trend: thousandths(trend.score),
        velocity: thousandths(trend.velocity),
        acceleration: thousandths(trend.acceleration),
    };
    trained.trends.iter().map(line).collect()
}

/// Every region.
pub(super) fn regions(bundle: &Bundle<'_>, trained: &Trained) -> Vec<RegionLine> {
    let peculiar = |peculiar: &Peculiar| PeculiarLine {
        item: named(bundle, peculiar.item),
        takers: peculiar.takers,
        lift: thousandths(peculiar.lift),
        lift_at_least: thousandths(peculiar.at_least),
    };
    let line = |portrait: &RegionPortrait| RegionLine {
        region: bundle.region_name(portrait.region, &mut Vec::new()).unwrap_or("").to_owned(),
        orders_percent: thousandths(portrait.share_of_orders * 100.0),
        peculiar: portrait.peculiar.iter().map(peculiar).collect(),
    };
    trained.portraits.iter().map(line).collect()
}

/// What each month wants most beyond the usual, the more popular first among equals; none when the months are not told
/// apart.
pub(super) fn months(bundle: &Bundle<'_>, trained: &Trained) -> Vec<MonthLine> {
    let Some(seasons) = &trained.values.seasons else { return Vec::new() };
    let month = |month: u8| {
        let everyone = trained.values.rankings.first().map_or(&[][..], Vec::as_slice);
        let mut items: Vec<(u16, ItemIdx)> = everyone
            .iter()
            .filter_map(|entry| {
                let factors = seasons.factors.get(entry.item.index())?;
                let of_month = factors.iter().find(|factor| factor.0.0 == month)?;
                Some((of_month.1, entry.item))
            })
            .filter(|entry| u32::from(entry.0) > USUAL)
            .collect();
        items.sort_by_key(|entry| std::cmp::Reverse(entry.0));
        items.truncate(SHOWN);
        let line = |(factor, item): (u16, ItemIdx)| SeasonLine {
            item: named(bundle, item),
            factor: thousandths(f64::from(factor) / 256.0),
        };
        MonthLine { month: month + 1, items: items.into_iter().map(line).collect() }
    };
    (0..12).map(month).filter(|line| !line.items.is_empty()).collect()
}
