//! What a region is to the shop, for people to look at: its share of the orders, and what is taken there more than
//! elsewhere.
//!
//! The lift of an item is its share of a region's takers over its share of all takers. What is shown is ordered by the
//! lower end of the lift's interval, which holds it in 95 of 100 cases (Katz, Baptista, Azen and Pike, "Obtaining
//! confidence intervals for the risk ratio in cohort studies", Biometrics 34, 1978): the lift of a few takers proves
//! nothing. A taker counts once per item.

use edgewise_core::{Catalog, Interaction, Interactions, ItemIdx, RegionIdx};
use rayon::prelude::*;

use crate::buckets::Buckets;
use crate::people::{Taker, Takers};
use crate::places::Places;
use crate::popularity::row;

/// Items shown of a region.
const SHOWN: usize = 10;
/// Standard deviations within which 95 of 100 normal values are.
const INTERVAL: f64 = 1.96;

/// What a region is to the shop.
#[derive(Clone, Debug, PartialEq)]
pub struct RegionPortrait {
    /// The region.
    pub region: RegionIdx,
    /// Its share of the orders that name a region, with the regions below it; of the rows in a log without orders.
    pub share_of_orders: f64,
    /// What is peculiar to it, the surest first; only what enough people took there.
    pub peculiar: Vec<Peculiar>,
}

/// An item that a region takes more than others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Peculiar {
    /// The item.
    pub item: ItemIdx,
    /// Its takers there.
    pub takers: u32,
    /// Its share of the takers there over its share of all takers.
    pub lift: f64,
    /// The lower end of the lift's interval.
    pub at_least: f64,
}

/// Counts of takers, of an item or of all.
#[derive(Clone, Copy, Default)]
struct Count {
    n_takers: u32,
    n_people: u32,
}

/// Looks at every region, items in the catalogue's rows.
pub(crate) fn portraits(
    log: &Interactions,
    catalog: &Catalog,
    takers: Takers,
    min_people: u32,
) -> Vec<RegionPortrait> {
    let n_regions = catalog.regions.len();
    if n_regions == 0 {
        return Vec::new();
    }
    let places = Places::of(catalog);
    let by_item = Buckets::of(log, catalog.items.len(), |row| Some(row.item.0));
    let of_items: Vec<Vec<(u32, Count)>> = (0..by_item.n_buckets())
        .into_par_iter()
        .map(|item| counts(by_item.rows(item), &places, takers))
        .collect();
    let mut by_place: Vec<Vec<(ItemIdx, Count)>> = vec![Vec::new(); 1 + n_regions];
    for (item, of_item) in of_items.iter().enumerate() {
        for &(place, count) in of_item.iter().filter(|entry| entry.0 as usize <= n_regions) {
            by_place[place as usize].push((row(item), count));
        }
    }
    let everywhere: Vec<Count> = {
        let mut counts = vec![Count::default(); catalog.items.len()];
        by_place[0].iter().for_each(|&(item, count)| counts[item.index()] = count);
        counts
    };
    let shares = shares_of_orders(log, &places, n_regions);
    (0..)
        .map(RegionIdx)
        .zip(&by_place[1..])
        .zip(shares)
        .map(|((region, items), share_of_orders)| {
            let peculiar = peculiar(items, &everywhere, min_people);
            RegionPortrait { region, share_of_orders, peculiar }
        })
        .collect()
}

/// An item's takers by place, ascending.
fn counts<'l>(
    rows: impl Iterator<Item = &'l Interaction>,
    places: &Places,
    takers: Takers,
) -> Vec<(u32, Count)> {
    let mut taken: Vec<(u32, Option<Taker>)> = Vec::new();
    for row in rows {
        taken.extend(places.of_row(row).map(|place| (place, takers.taker(row))));
    }
    taken.sort_unstable();
    taken.dedup_by(|b, a| a.1.is_some() && a == b);
    let count = |taken: &[(u32, Option<Taker>)]| {
        let people = taken.iter().filter_map(|entry| entry.1);
        let n_people = people.filter(|&taker| takers.is_person(taker)).count();
        let [n_takers, n_people] =
            [taken.len(), n_people].map(|n| u32::try_from(n).unwrap_or(u32::MAX));
        (taken[0].0, Count { n_takers, n_people })
    };
    taken.chunk_by(|a, b| a.0 == b.0).map(count).collect()
}

/// For each region, its share of the orders that name one.
fn shares_of_orders(log: &Interactions, places: &Places, n_regions: usize) -> Vec<f64> {
    let mut visits: Vec<(u32, u32)> = Vec::new();
    for (at, row) in (0u32..).zip(&log.rows).filter(|(_, row)| row.region.is_some()) {
        let order = row.order.map_or(at, |order| order.0);
        visits.extend(places.of_row(row).map(|place| (place, order)));
    }
    visits.sort_unstable();
    visits.dedup();
    let mut n = vec![0u32; 1 + n_regions];
    for (place, _) in visits.into_iter().filter(|entry| entry.0 as usize <= n_regions) {
        n[place as usize] += 1;
    }
    let all = f64::from(n[0].max(1));
    n[1..].iter().map(|&n| f64::from(n) / all).collect()
}

fn peculiar(items: &[(ItemIdx, Count)], everywhere: &[Count], min_people: u32) -> Vec<Peculiar> {
    let sum = |counts: &mut dyn Iterator<Item = u32>| counts.map(f64::from).sum::<f64>();
    let here = sum(&mut items.iter().map(|entry| entry.1.n_takers));
    let all = sum(&mut everywhere.iter().map(|count| count.n_takers));
    let mut peculiar: Vec<Peculiar> = items
        .iter()
        .filter(|(_, count)| count.n_people >= min_people)
        .map(|&(item, Count { n_takers, .. })| {
            let (n, m) = (f64::from(n_takers), f64::from(everywhere[item.index()].n_takers));
            let lift = n / here / (m / all);
            let deviation = (1.0 / n - 1.0 / here + 1.0 / m - 1.0 / all).max(0.0).sqrt();
            let at_least = lift * libm::exp2(-INTERVAL * deviation * std::f64::consts::LOG2_E);
            Peculiar { item, takers: n_takers, lift, at_least }
        })
        .filter(|peculiar| peculiar.at_least > 1.0)
        .collect();
    peculiar.sort_unstable_by(|a, b| b.at_least.total_cmp(&a.at_least).then(a.item.cmp(&b.item)));
    peculiar.truncate(SHOWN);
    peculiar
}

#[cfg(test)]
mod tests {
    use edgewise_core::{CatalogItem, EventKind, OrderIdx, UserIdx};

    use super::*;

    /// In the north 30 people take item 0, in the south 10 of 70; item 1 is taken by all of them; two of the north take
    /// item 2, which nobody else does.
    fn log() -> Interactions {
        let row = |(user, item): (u32, u32)| Interaction {
            item: ItemIdx(item),
            user: Some(UserIdx(user)),
            order: Some(OrderIdx(user)),
            time_s: None,
            region: Some(RegionIdx(if user < 30 { 1 } else { 2 })),
            segment: None,
            kind: EventKind::Purchase,
        };
        let taken = (0..40).map(|user| (user, 0)).chain((0..100).map(|user| (user, 1)));
        let rows = taken.chain([(0, 2), (1, 2)]).map(row).collect();
        Interactions { rows, n_users: 100, n_orders: 100 }
    }

    fn shown(min_people: u32) -> Vec<RegionPortrait> {
        let item = |id: &str| CatalogItem { id: id.to_owned(), ..CatalogItem::default() };
        let catalog = Catalog {
            items: vec![item("a"), item("b"), item("c")],
            regions: ["UK", "UK\u{1f}North", "UK\u{1f}South"].map(str::to_owned).to_vec(),
            ..Catalog::default()
        };
        let log = log();
        portraits(&log, &catalog, Takers::of(&log), min_people)
    }

    /// The worked number of `docs/ranking.md`.
    #[test]
    fn what_a_region_takes_more_is_surely_more() {
        let found = shown(3);
        let shares: Vec<f64> = found.iter().map(|portrait| portrait.share_of_orders).collect();
        assert!(shares.iter().zip([1.0, 0.3, 0.7]).all(|(a, b)| (a - b).abs() < 1e-12));
        assert!(found[0].peculiar.is_empty(), "the whole shop is like itself");
        // 30 of 62 in the north, 40 of 142 everywhere.
        let [item] = found[1].peculiar[..] else { panic!("{found:?}") };
        assert_eq!((item.item, item.takers), (ItemIdx(0), 30));
        assert!((item.lift - 30.0 / 62.0 / (40.0 / 142.0)).abs() < 1e-12);
        assert!((item.lift - 1.72).abs() < 5e-3 && (item.at_least - 1.19).abs() < 5e-3, "{item:?}");
    }

    #[test]
    fn two_people_are_too_few_or_prove_nothing() {
        assert!(shown(3)[1].peculiar.iter().all(|item| item.item != ItemIdx(2)));
        let alone = shown(1)[1].peculiar.iter().find(|item| item.item == ItemIdx(2)).copied();
        assert!(alone.is_none_or(|item| item.at_least < 1.19), "{alone:?}");
    }
}
