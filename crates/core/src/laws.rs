//! What holds for every placement, whatever the model: checked on the toy shop over many queries.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Write as _;

use crate::condition::Condition;
use crate::ids::{CategoryIdx, ItemIdx, RegionIdx};
use crate::interactions::EventKind;
use crate::model::{Model, Relation};
use crate::naive::{self, Asked, Expression};
use crate::query::{Context, Event, MAX_HISTORY, Placement, Query, Seen};
use crate::recommend::{Origin, Recommendation, Scratch, recommend, recommend_with};
use crate::scoring::{Rung, Scoring, Source, Term};
use crate::toy::{
    NAMES, NORTH, SOUTH, TEA, TOOLS, ToyShop, events, item, items, toy_shop, toy_shop_with,
};

const PLAIN: Query<'_> = Query {
    placement: Placement::Home,
    item: None,
    history: &[],
    cart: &[],
    region: None,
    category: None,
    exclude: &[],
    seen: Seen::Hide,
    k: 10,
    context: PLAIN_CONTEXT,
};
const PLAIN_CONTEXT: Context<'_> = Context {
    minute: None,
    segment: None,
    seed: None,
    filter: Condition(&[]),
    sets: u32::MAX,
    variant: None,
};

fn text(results: &[Recommendation]) -> String {
    let mut text = String::new();
    for result in results {
        let kind = match result.origin {
            Origin::Popular(_) => "popular",
            Origin::Related => "related",
            Origin::Trending(_) => "trending",
            Origin::Pinned => "pinned",
            Origin::Catalogue => "catalogue",
        };
        writeln!(text, "{} {} {kind}", NAMES[result.item.index()], result.score).expect("a string");
    }
    text
}

#[track_caller]
fn check(query: &Query<'_>, expected: &str) {
    assert_eq!(text(&recommend(&toy_shop(), query)), expected);
}

#[test]
fn an_item_page_shows_similar_then_companions_then_what_is_popular() {
    check(
        &Query { placement: Placement::Item, item: Some(item("hammer")), k: 4, ..PLAIN },
        "saw 15360 related\nnails 12800 related\nkettle 100 popular\nteapot 99 popular\n",
    );
}

#[test]
fn companions_follow_the_direction_of_the_basket() {
    let together = Query { placement: Placement::Together, k: 1, ..PLAIN };
    check(&Query { item: Some(item("cup")), ..together }, "spoon 23040 related\n");
    // No basket leads from the spoon, so the next rung answers.
    check(&Query { item: Some(item("spoon")), ..together }, "cup 10240 related\n");
}

#[test]
fn a_cart_sums_its_items_and_never_offers_them() {
    let cart = items(&["kettle", "teapot"]);
    check(
        &Query { placement: Placement::Cart, cart: &cart, k: 2, ..PLAIN },
        "cup 20480 related\nspoon 12800 related\n",
    );
}

#[test]
fn newer_history_counts_more() {
    let oldest_first = events(&["kettle", "hammer"]);
    check(
        &Query { history: &oldest_first, k: 3, ..PLAIN },
        // Hammer at place 0 counts 256, kettle at place 1 counts 248.
        "teapot 22320 related\ncup 19840 related\nsaw 15360 related\n",
    );
}

#[test]
fn a_repeated_history_item_counts_once_at_its_newest_place() {
    let repeated = events(&["hammer", "kettle", "hammer"]);
    let once = events(&["kettle", "hammer"]);
    let shop = toy_shop();
    let of = |history: &[Event]| recommend(&shop, &Query { history, ..PLAIN });
    assert_eq!(of(&repeated), of(&once));
}

#[test]
fn a_new_visitor_gets_the_region_then_everyone() {
    check(&Query { k: 2, ..PLAIN }, "kettle 100 popular\nteapot 99 popular\n");
    check(
        &Query { region: Some(NORTH), k: 3, ..PLAIN },
        "saw 100 popular\nkettle 99 popular\nteapot 99 popular\n",
    );
}

#[test]
fn filters_bind_every_rung() {
    check(
        &Query { category: Some(TOOLS), region: Some(SOUTH), ..PLAIN },
        "hammer 100 popular\nnails 98 popular\n",
    );
    let exclude = items(&["teapot", "cup"]);
    check(
        &Query {
            placement: Placement::Item,
            item: Some(item("kettle")),
            exclude: &exclude,
            category: Some(TEA),
            ..PLAIN
        },
        "spoon 2560 related\n",
    );
}

#[test]
fn history_comes_back_only_when_asked_for() {
    let history = events(&["kettle", "cup"]);
    let shown = Query { history: &history, k: 1, ..PLAIN };
    check(&shown, "teapot 40240 related\n");
    check(
        &Query { seen: Seen::Show, history: &events(&["cup", "cup"]), k: 1, ..PLAIN },
        "kettle 20480 related\n",
    );
    let offered = recommend(&toy_shop(), &Query { seen: Seen::Show, k: 7, ..shown });
    assert!(offered.iter().any(|result| result.item == item("kettle")));
}

/// Numbers that look random and are the same everywhere (Knuth's MMIX generator).
pub(crate) struct Lcg(pub(crate) u64);

impl Lcg {
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }

    /// Up to five rows, repeats allowed, sometimes outside the model.
    pub(crate) fn rows(&mut self) -> Vec<ItemIdx> {
        (0..self.below(6)).map(|_| self.row()).collect()
    }

    /// Up to five events of any kind and age.
    pub(crate) fn events(&mut self) -> Vec<Event> {
        let kinds = [EventKind::View, EventKind::Cart, EventKind::Purchase];
        let rows = self.rows().into_iter();
        rows.map(|item| Event {
            item,
            kind: kinds[usize::try_from(self.below(3)).unwrap_or(0)],
            age_days: u16::try_from(self.below(5)).unwrap_or(0),
        })
        .collect()
    }

    pub(crate) fn row(&mut self) -> ItemIdx {
        ItemIdx(u32::try_from(self.below(9)).map_or(0, |row| if row == 8 { u32::MAX } else { row }))
    }
}

/// Many queries over every shop, placement, filter and length.
fn each_query(mut visit: impl FnMut(&ToyShop, &Query<'_>)) {
    let shops = shops();
    let mut random = Lcg(1);
    for round in 0..4_000 {
        let (history, cart, exclude) = (random.events(), random.rows(), random.rows());
        let page = random.row();
        let query = Query {
            placement: Placement::ALL[round % Placement::ALL.len()],
            item: (random.below(2) == 0).then_some(page),
            history: &history,
            cart: &cart,
            region: [None, Some(NORTH), Some(SOUTH), Some(RegionIdx(9))][round / 5 % 4],
            category: [None, None, Some(TEA), Some(TOOLS), Some(CategoryIdx(9))][round / 20 % 5],
            exclude: &exclude,
            seen: [Seen::Hide, Seen::Show][round / 100 % 2],
            k: 7,
            context: PLAIN_CONTEXT,
        };
        for shop in &shops {
            visit(shop, &query);
        }
    }
}

/// The toy shop, and one in which every source, relation, kind and age counts differently.
pub(crate) fn shops() -> [ToyShop; 2] {
    let mut tables = Scoring::standard().tables().clone();
    tables.decays.push([256, 190, 77, 3].into());
    tables.kinds = [60, 120, 256];
    let mut terms = Vec::new();
    for from in [Source::Item, Source::Cart, Source::History, Source::Events] {
        let relation = [Relation::Similar, Relation::Together][from.index() % 2];
        let weight = 3 + u16::try_from(from.index()).unwrap_or(0);
        terms.push(Term { relation, from, decay: 2, weight });
        terms.push(Term { relation: Relation::Again, from, decay: 1, weight: 1 });
    }
    let ages = Term { relation: Relation::Together, from: Source::Ages, decay: 2, weight: 5 };
    let popular = Term { relation: Relation::Popular, from: Source::Ages, decay: 0, weight: 1 };
    for (at, ladder) in tables.ladders.iter_mut().enumerate() {
        ladder.insert(0, Rung::Related(terms.clone()));
        if at % 2 == 0 {
            ladder.insert(0, Rung::Related([ages, popular].into()));
        }
    }
    [toy_shop(), toy_shop_with(Scoring::new(tables).expect("tables in range"))]
}

#[test]
fn agrees_with_an_exhaustive_search() {
    each_query(|shop, query| {
        let fast: Vec<(ItemIdx, u64)> =
            recommend(shop, query).iter().map(|result| (result.item, result.score)).collect();
        let asked = Asked { shop, query: *query, filter: Expression::Always };
        assert_eq!(fast, naive::recommend(&asked), "{query:?}");
    });
}

#[test]
fn memory_of_other_answers_changes_nothing() {
    let mut scratch = Scratch::default();
    each_query(|shop, query| {
        assert_eq!(recommend_with(&mut scratch, shop, query), recommend(shop, query), "{query:?}");
    });
}

#[test]
fn what_was_bought_often_and_lately_comes_again() {
    let [_, shop] = shops();
    let bought = |name, age_days| Event { item: item(name), kind: EventKind::Purchase, age_days };
    let history = [bought("saw", 3), bought("nails", 3), bought("nails", 0)];
    let query = Query { history: &history, seen: Seen::Show, ..PLAIN };
    let best = recommend(&shop, &query);
    assert_eq!(best[0].item, item("nails"));
    let first = best[0].because[0];
    assert_eq!((first.item, first.relation), (item("nails"), Relation::Again));
}

#[test]
fn nothing_hidden_nothing_twice_nothing_unknown() {
    each_query(|shop, query| {
        let results = recommend(shop, query);
        for (at, result) in results.iter().enumerate() {
            let item = result.item;
            assert!(item.0 < shop.n_items());
            assert!(results[..at].iter().all(|other| other.item != item), "{query:?}");
            assert!(Some(item) != query.item && !query.cart.contains(&item), "{query:?}");
            assert!(!query.exclude.contains(&item), "{query:?}");
            assert!(
                query.seen == Seen::Show || query.history.iter().all(|event| event.item != item),
                "{query:?}"
            );
            assert!(query.category.is_none_or(|wanted| shop.category(item) == Some(wanted)));
            assert!(query.region.is_none_or(|region| shop.is_available(item, region)));
        }
    });
}

#[test]
fn k_cuts_and_never_reorders() {
    each_query(|shop, query| {
        let all = recommend(shop, query);
        for k in 0..=8 {
            let cut = recommend(shop, &Query { k, ..*query });
            assert_eq!(cut, all[..k.min(all.len())], "{query:?}");
        }
    });
}

#[test]
fn a_query_without_filters_is_answered_as_long_as_the_shop_has_items() {
    each_query(|shop, query| {
        let open = Query { category: None, region: None, exclude: &[], ..*query };
        let mut hidden: Vec<ItemIdx> =
            open.item.into_iter().chain(open.cart.iter().copied()).collect();
        if open.seen == Seen::Hide {
            hidden.extend(open.history.iter().map(|event| event.item));
        }
        let n_allowed = (0..shop.n_items()).filter(|&row| !hidden.contains(&ItemIdx(row))).count();
        assert_eq!(recommend(shop, &open).len(), n_allowed.min(open.k), "{open:?}");
    });
}

#[test]
fn contributions_sum_to_the_score_and_come_from_the_query() {
    each_query(|shop, query| {
        for result in recommend(shop, query) {
            let sum: u64 = result.because.iter().map(|part| part.score).sum();
            if result.origin != Origin::Related {
                assert_eq!(sum, 0);
                continue;
            }
            assert_eq!(sum, result.base, "{query:?}");
            assert!(result.because.is_sorted_by_key(|part| core::cmp::Reverse(part.score)));
            for part in &result.because {
                let known = Some(part.item) == query.item
                    || query.cart.contains(&part.item)
                    || query.history.iter().any(|event| event.item == part.item)
                    || (part.relation == Relation::Popular && part.item == result.item);
                assert!(known, "{query:?}");
            }
        }
    });
}

#[test]
fn lists_over_their_limit_are_cut_to_the_newest() {
    let mut history = events(&["hammer"]);
    history.extend((0..MAX_HISTORY).map(|_| Event::of(item("kettle"))));
    let shop = toy_shop();
    let long = recommend(&shop, &Query { history: &history, seen: Seen::Show, ..PLAIN });
    let only_kettle = events(&["kettle"]);
    let short = recommend(&shop, &Query { history: &only_kettle, seen: Seen::Show, ..PLAIN });
    assert_eq!(long, short);
}
