//! The trainer against its oracle, and its laws.

#![expect(clippy::float_cmp, reason = "equal input gives equal bits, and that is what is tested")]

use edgewise_core::{
    Catalog, CatalogItem, CategoryIdx, EventKind, Interaction, Interactions, ItemIdx, ModelValues,
    OrderIdx, RegionIdx, SegmentIdx, UserIdx, WeightedItem,
};

use crate::{Params, People, Removed, TrainError, Trained, naive, train};

const N_ITEMS: u32 = 30;

struct Lcg(u64);

impl Lcg {
    fn below(&mut self, n: u32) -> u32 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((self.0 >> 33) % u64::from(n)).expect("less than a u32")
    }
}

fn catalog() -> Catalog {
    let items = (0..N_ITEMS).map(|row| CatalogItem {
        id: format!("item-{row:02}"),
        category: (row % 4 != 3).then_some(CategoryIdx(row % 4)),
        ..CatalogItem::default()
    });
    let names = |names: [&str; 3]| names.map(str::to_owned).to_vec();
    Catalog {
        items: items.collect(),
        categories: names(["a", "b", "c"]),
        regions: names(["north", "south", "west"]),
        segments: Vec::new(),
        attributes: Vec::new(),
    }
}

#[test]
fn the_ranking_of_a_category_counts_all_below_it() {
    let mut tree = catalog();
    tree.categories = ["a", "a\u{1f}b", "a\u{1f}b\u{1f}c"].map(str::to_owned).into();
    let params = Params { min_people: 1, ..Params::default() };
    let flat = train(&log(), &catalog(), &params).unwrap().values;
    let trained = train(&log(), &tree, &params).unwrap().values;
    let items = |values: &ModelValues, ranking: usize| {
        let mut items: Vec<ItemIdx> =
            values.rankings[ranking].iter().map(|entry| entry.item).collect();
        items.sort_unstable();
        items
    };
    // Everyone's ranking comes first, then those of the categories.
    for node in 1..=3 {
        let mut below: Vec<ItemIdx> =
            (node..=3).flat_map(|category| items(&flat, category)).collect();
        below.sort_unstable();
        assert!(!below.is_empty());
        assert_eq!(items(&trained, node), below);
    }
}

/// A log in which low items are popular and neighbours go together; a quarter of the orders are guests'.
fn log() -> Interactions {
    let mut random = Lcg(5);
    let mut rows = Vec::new();
    for order in 0..400 {
        let user = (order % 4 != 0).then(|| UserIdx(random.below(60)));
        let first = random.below(N_ITEMS).min(random.below(N_ITEMS));
        let region = [None, Some(RegionIdx(0)), Some(RegionIdx(1))][(order % 7 % 3) as usize];
        for step in 0..=random.below(5) {
            let item = ItemIdx((first + step * step) % N_ITEMS);
            let time_s = Some(i64::from(random.below(100)) * 86_400);
            let order = Some(OrderIdx(order));
            rows.push(Interaction {
                item,
                user,
                order,
                time_s,
                region,
                segment: None,
                kind: EventKind::Purchase,
            });
        }
    }
    Interactions { rows, n_users: 60, n_orders: 400 }
}

fn trained(log: &Interactions, params: &Params) -> Trained {
    train(log, &catalog(), params).expect("a log to learn from")
}

/// The log with items numbered as in the model.
fn in_model_rows(log: &Interactions, trained: &Trained) -> Interactions {
    let catalog = catalog();
    let model_row = |item: ItemIdx| {
        let id = &catalog.items[item.index()].id;
        let at = trained.values.items.iter().position(|item| item.id == *id).expect("a known item");
        ItemIdx(u32::try_from(at).expect("a small shop"))
    };
    let rows =
        log.rows.iter().map(|row| Interaction { item: model_row(row.item), ..*row }).collect();
    Interactions { rows, ..*log }
}

#[track_caller]
fn assert_lists(found: &[Vec<WeightedItem>], expected: &[Vec<WeightedItem>]) {
    assert!(expected.iter().any(|list| !list.is_empty()), "an oracle without lists proves nothing");
    let largest = expected.iter().flatten().map(|entry| entry.weight).fold(0.0, f64::max);
    let mut expected = expected.to_vec();
    for entry in expected.iter_mut().flatten() {
        entry.weight /= largest;
    }
    assert_eq!(found, expected);
}

#[test]
fn lists_agree_with_the_dense_oracle_at_every_setting() {
    let log = log();
    for (neighbours, min_people, min_support) in
        [(3, 1, 1), (1, 2, 1), (20, 3, 3), (1_024, 1, 2), (5, 4, 6)]
    {
        let mut params = Params { min_people, min_support, ..Params::default() };
        params.set_neighbours(neighbours);
        let trained = trained(&log, &params);
        let log = in_model_rows(&log, &trained);
        let (n_items, k) = (N_ITEMS as usize, neighbours as usize);
        assert_lists(&trained.values.similar, &naive::similar(&log, n_items, k, min_people));
        let together = naive::together(&log, n_items, k, (min_support, min_people));
        assert_lists(&trained.values.together, &together);
    }
}

#[test]
fn shuffled_rows_other_numbers_and_other_threads_train_the_same_model() {
    let log = log();
    let expected = trained(&log, &Params::default());
    let mut random = Lcg(11);
    let mut shuffled = log.clone();
    for at in (1..shuffled.rows.len()).rev() {
        let other = random.below(u32::try_from(at + 1).expect("few rows")) as usize;
        shuffled.rows.swap(at, other);
    }
    for row in &mut shuffled.rows {
        row.user = row.user.map(|user| UserIdx(59 - user.0));
        row.order = row.order.map(|order| OrderIdx((order.0 * 7 + 3) % 400));
    }
    for n_threads in [1, 2, 3, 8] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().expect("threads");
        assert!(pool.install(|| trained(&shuffled, &Params::default())) == expected, "{n_threads}");
    }
}

/// One row per `(user, order, item)`; a user of 0 is a guest.
fn small_log(rows: &[(u32, u32, u32)]) -> Interactions {
    let rows = rows.iter().map(|&(user, order, item)| Interaction {
        item: ItemIdx(item),
        user: user.checked_sub(1).map(UserIdx),
        order: Some(OrderIdx(order)),
        time_s: Some(0),
        region: Some(RegionIdx(2)),
        segment: None,
        kind: EventKind::Purchase,
    });
    Interactions { rows: rows.collect(), n_users: 9, n_orders: 99 }
}

fn n_entries(lists: &[Vec<WeightedItem>]) -> usize {
    lists.iter().map(Vec::len).sum()
}

#[test]
fn a_pair_of_two_people_stays_private_whatever_guests_and_repeats_do() {
    let params = Params { min_support: 1, ..Params::default() };
    // Two users take items 0 and 1, one of them five times; three guests do, too.
    let mut rows = vec![(1, 0, 0), (1, 0, 1)];
    for order in 1..6 {
        rows.extend([(2, order, 0), (2, order, 1)]);
    }
    for order in 6..9 {
        rows.extend([(0, order, 0), (0, order, 1)]);
    }
    let private = trained(&small_log(&rows), &params);
    assert_eq!(n_entries(&private.values.similar) + n_entries(&private.values.together), 0);
    assert_eq!(
        private.removed,
        Removed { similar_pairs: 1, together_pairs: 1, items_hidden: N_ITEMS, ranking_entries: 2 }
    );
    assert!(private.values.rankings[1..].iter().all(Vec::is_empty));
    // A third user, and the fact may be told; then the guests' orders count in its weight.
    rows.extend([(3, 9, 0), (3, 9, 1)]);
    let public = trained(&small_log(&rows), &params);
    assert_eq!(n_entries(&public.values.similar), 2);
    assert_eq!(n_entries(&public.values.together), 2);
    assert_eq!(public.removed.items_hidden, N_ITEMS - 2);
    assert_eq!(public.values.rankings[6].len(), 2);
}

#[test]
fn hidden_items_are_ordered_by_id_and_weigh_the_least() {
    // Item 7 has two people, item 3 has one, and neither order nor weight tells.
    let log = small_log(&[(1, 0, 7), (2, 1, 7), (1, 2, 3), (1, 3, 9), (2, 4, 9), (3, 5, 9)]);
    let values = trained(&log, &Params::default()).values;
    let ids: Vec<&str> = values.items.iter().map(|item| item.id.as_str()).collect();
    assert_eq!(ids[..5], ["item-09", "item-00", "item-01", "item-02", "item-03"]);
    assert!(values.rankings[0][1..].iter().all(|entry| entry.weight == 1.0 / 65_535.0));
    assert_eq!(values.rankings[0].len(), values.items.len());
}

#[test]
fn without_known_users_an_order_is_a_person() {
    let rows: Vec<(u32, u32, u32)> =
        (0..3).flat_map(|order| [(0, order, 4), (0, order, 5)]).collect();
    let log = Interactions { n_users: 0, ..small_log(&rows) };
    let trained = trained(&log, &Params::default());
    assert_eq!(trained.people, People::Orders);
    assert_eq!(n_entries(&trained.values.similar), 2);
    assert_eq!(trained.values.similar[0][0].weight, 1.0);
}

#[test]
fn popularity_halves_with_every_half_life() {
    let mut log =
        small_log(&[(1, 0, 0), (2, 1, 0), (3, 2, 0), (1, 3, 1), (2, 4, 1), (3, 5, 1), (4, 6, 1)]);
    for row in &mut log.rows {
        row.time_s = Some(if row.item.0 == 0 { 86_400 * 10 } else { 0 });
    }
    // Four people ten days ago count two, three people now count three.
    let params = Params { half_life_days: 10.0, ..Params::default() };
    let values = trained(&log, &params).values;
    assert_eq!(values.items[0].id, "item-00");
    assert!((values.rankings[0][1].weight - 2.0 / 3.0).abs() < 1e-6);
    // All time counts the same.
    let values = trained(&log, &Params { half_life_days: 36_500.0, ..Params::default() }).values;
    assert_eq!(values.items[0].id, "item-01");
}

#[test]
fn an_item_counts_once_per_order_and_again_in_the_next() {
    let once =
        small_log(&[(1, 0, 0), (2, 1, 0), (3, 2, 0), (1, 3, 1), (2, 4, 1), (3, 5, 1), (3, 6, 1)]);
    let mut repeated = once.clone();
    repeated.rows.extend([once.rows[0]; 5]);
    let params = Params::default();
    assert_eq!(trained(&once, &params).values, trained(&repeated, &params).values);
    assert_eq!(trained(&once, &params).values.items[0].id, "item-01");
}

#[test]
fn rows_that_name_what_is_not_there_are_refused() {
    let mut log = small_log(&[(1, 0, N_ITEMS)]);
    let expected = TrainError::DanglingRow { row: 0, what: "item", found: N_ITEMS, limit: N_ITEMS };
    assert_eq!(train(&log, &catalog(), &Params::default()), Err(expected));
    log.rows.clear();
    assert_eq!(train(&log, &catalog(), &Params::default()), Err(TrainError::NothingToLearn));
}

/// Rows of three people for each `(item, kind, region, segment)`.
fn placed(rows: &[(u32, EventKind, u32, Option<u8>)]) -> Interactions {
    let of_people = (0..3u32).flat_map(|user| rows.iter().map(move |row| (user, *row)));
    let rows = of_people.map(|(user, (item, kind, region, segment))| Interaction {
        item: ItemIdx(item),
        user: Some(UserIdx(user)),
        order: None,
        time_s: Some(0),
        region: Some(RegionIdx(region)),
        segment: segment.map(SegmentIdx),
        kind,
    });
    Interactions { rows: rows.collect(), n_users: 3, n_orders: 0 }
}

#[test]
fn a_region_counts_those_below_it_and_a_segment_its_own() {
    let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    let catalog = Catalog {
        regions: names(&["UK", "UK\u{1f}Leeds", "UK\u{1f}York"]),
        segments: names(&["private", "trade"]),
        ..catalog()
    };
    let kind = EventKind::Purchase;
    let log = placed(&[(0, kind, 1, None), (1, kind, 2, Some(1)), (2, kind, 0, Some(0))]);
    let values = train(&log, &catalog, &Params::default()).expect("a log").values;
    let ids = |ranking: &[WeightedItem]| -> Vec<&str> {
        ranking.iter().map(|entry| values.items[entry.item.index()].id.as_str()).collect()
    };
    // Behind everyone and three categories.
    let found: Vec<Vec<&str>> = values.rankings[4..].iter().map(|entries| ids(entries)).collect();
    let expected: [&[&str]; 5] = [
        &["item-00", "item-01", "item-02"],
        &["item-00"],
        &["item-01"],
        &["item-02"],
        &["item-01"],
    ];
    assert_eq!(found, expected);
    assert_eq!(values.segments, ["private", "trade"]);
}

#[test]
fn purchases_count_more_than_views_and_views_alone_count_whole() {
    let [view, cart, purchase] = EventKind::ALL;
    // Item 0 is looked at, put into a cart and bought by the same people: that counts once, as a purchase.
    let mixed = [(0, view, 0, None), (0, cart, 0, None), (0, purchase, 0, None)];
    let mixed = placed(&[&mixed[..], &[(1, view, 0, None), (2, cart, 0, None)]].concat());
    let values = trained(&mixed, &Params::default()).values;
    let weights = |values: &edgewise_core::ModelValues| -> Vec<f64> {
        values.rankings[0][..3].iter().map(|entry| entry.weight).collect()
    };
    assert_eq!(values.items[0].id, "item-00");
    assert_eq!(weights(&values), [1.0, 64.0 / 256.0, 16.0 / 256.0]);
    let alone = placed(&[(0, view, 0, None), (1, view, 0, None), (2, view, 0, None)]);
    assert_eq!(weights(&trained(&alone, &Params::default()).values), [1.0; 3]);
    let bad = Params { kind_weights: [0, 0, 257], ..Params::default() };
    assert!(matches!(train(&alone, &catalog(), &bad), Err(TrainError::OutOfRange { .. })));
}
