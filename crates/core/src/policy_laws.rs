//! What holds whatever the shop's rules are: random rules, filters and queries against the exhaustive search.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use crate::condition::{Condition, ConditionBuilder, MAX_CONDITION_DEPTH, Surroundings, Word};
use crate::ids::{AttributeIdx, ItemIdx};
use crate::interactions::EventKind;
use crate::laws::{Lcg, shops};
use crate::model::Model;
use crate::naive::{self, Asked, Expression, NaiveRule};
use crate::policy::{Action, Policy, Rule};
use crate::query::{Context, Event, Placement, Query, Seen};
use crate::recommend::{Origin, recommend};
use crate::toy::{FROM, NAMES, NORTH, PRICE, TEA, TRADE, ToyShop, VARIANT_GROUP, item, toy_shop};

const ALWAYS: Rule<'static> = Rule {
    action: Action::Keep,
    placements: u8::MAX,
    set: 0,
    from_minute: 0,
    until_minute: u32::MAX,
    condition: Condition(&[]),
};

fn rule(action: Action, condition: Expression) -> NaiveRule {
    NaiveRule { rule: Rule { action, ..ALWAYS }, condition }
}

fn with_rules(rules: Vec<NaiveRule>, shop: ToyShop) -> ToyShop {
    let mut policy = Vec::new();
    for rule in &rules {
        rule.put(&mut policy);
    }
    shop.with_policy(policy, rules)
}

fn small(random: &mut Lcg, n: u64) -> u32 {
    u32::try_from(random.below(n)).expect("a small number")
}

fn expression(random: &mut Lcg, depth: u32) -> Expression {
    let n_kinds = if depth == 0 { 4 } else { 7 };
    let attribute = AttributeIdx(small(random, 4));
    let from = small(random, 4);
    match small(random, n_kinds) {
        0 | 1 => Expression::In(attribute, from..from + 1 + small(random, 3)),
        2 => {
            let shares = [0.0, 0.5, 1.0, 1.5];
            let to = [None, Some(1.0), Some(3.0)][small(random, 3) as usize];
            Expression::Band(PRICE, shares[from as usize], to)
        }
        3 => Expression::HasCome(FROM),
        4 => Expression::Not(Box::new(expression(random, depth - 1))),
        n => {
            let both = Box::new((expression(random, depth - 1), expression(random, depth - 1)));
            if n == 5 { Expression::And(both) } else { Expression::Or(both) }
        }
    }
}

fn random_rule(random: &mut Lcg) -> NaiveRule {
    let action = match random.below(10) {
        0 => Action::Keep,
        1 | 2 => Action::Drop,
        3 | 4 => Action::Boost([0, 20, 256, 700, 65_536][small(random, 5) as usize]),
        5 => Action::Pin { item: random.row(), position: 1 + small(random, 8) },
        6 => Action::Cap { attribute: AttributeIdx(small(random, 4)), n: 1 + small(random, 2) },
        7 => Action::Diversity([0, 40, 128, 256][small(random, 4) as usize]),
        8 => Action::Rotate {
            strength: [0, 100, 256][small(random, 3) as usize],
            period_minutes: small(random, 2) * 60,
        },
        _ => Action::HidePurchased { days: small(random, 4) },
    };
    let (from_minute, until_minute) =
        [(0, u32::MAX), (0, u32::MAX), (100, 600), (500, u32::MAX)][small(random, 4) as usize];
    let placements = [u8::MAX, u8::MAX, 0b1_0101][small(random, 3) as usize];
    let set = u8::try_from(random.below(2)).expect("0 or 1");
    NaiveRule {
        rule: Rule { action, placements, set, from_minute, until_minute, ..ALWAYS },
        condition: expression(random, 2),
    }
}

/// The same, in one minute.
pub(crate) fn each_asked_at(minute: u32, mut visit: impl FnMut(&Asked<'_>)) {
    each_asked(|asked| {
        let context = Context { minute: Some(minute), ..asked.query.context };
        let filter = asked.filter.clone();
        visit(&Asked { shop: asked.shop, query: Query { context, ..asked.query }, filter });
    });
}

/// Many queries over shops with random rules.
pub(crate) fn each_asked(mut visit: impl FnMut(&Asked<'_>)) {
    let mut random = Lcg(11);
    for round in 0..3_000 {
        let rules = (0..random.below(6)).map(|_| random_rule(&mut random)).collect();
        let [standard, other] = shops();
        let mut shop = with_rules(rules, if round % 2 == 0 { standard } else { other });
        shop.has_seasons = random.below(2) == 0;
        shop.variant_group = (random.below(2) == 0).then_some(VARIANT_GROUP);
        let (history, cart, exclude) = (random.events(), random.rows(), random.rows());
        let filter =
            if random.below(2) == 0 { Expression::Always } else { expression(&mut random, 2) };
        let mut words = ConditionBuilder::default();
        filter.put(&mut words);
        let context = Context {
            minute: [None, Some(5), Some(500), Some(2_000)][small(&mut random, 4) as usize],
            segment: (random.below(2) == 0).then_some(TRADE),
            seed: [None, Some(1), Some(u64::MAX)][small(&mut random, 3) as usize],
            filter: Condition(words.words()),
            sets: [u32::MAX, u32::MAX, 1, 0][small(&mut random, 4) as usize],
            variant: None,
        };
        let query = Query {
            placement: Placement::ALL[round % Placement::ALL.len()],
            item: (random.below(2) == 0).then_some(random.row()),
            history: &history,
            cart: &cart,
            region: (random.below(4) == 0).then_some(NORTH),
            category: (random.below(4) == 0).then_some(TEA),
            exclude: &exclude,
            seen: if random.below(2) == 0 { Seen::Hide } else { Seen::Show },
            k: 7,
            context,
        };
        visit(&Asked { shop: &shop, query, filter });
    }
}

#[test]
fn agrees_with_an_exhaustive_search_under_any_rules() {
    each_asked(|asked| {
        let fast: Vec<(ItemIdx, u64)> = recommend(asked.shop, &asked.query)
            .iter()
            .map(|result| (result.item, result.score))
            .collect();
        assert_eq!(fast, naive::recommend(asked), "{:?} {:?}", asked.query, asked.shop.rules);
    });
}

#[test]
fn k_cuts_and_never_reorders_under_any_rules() {
    each_asked(|asked| {
        let all = recommend(asked.shop, &asked.query);
        for k in 0..=8 {
            let cut = recommend(asked.shop, &Query { k, ..asked.query });
            assert_eq!(cut, all[..k.min(all.len())], "{:?} {:?}", asked.query, asked.shop.rules);
        }
    });
}

#[test]
fn rules_and_filters_never_leave_fewer_results_than_the_catalogue_has() {
    each_asked(|asked| {
        let has_caps = asked.shop.variant_group.is_some()
            || asked.shop.rules.iter().any(|rule| matches!(rule.rule.action, Action::Cap { .. }));
        if !has_caps {
            let found = recommend(asked.shop, &asked.query).len();
            let everything =
                naive::recommend(&Asked { filter: asked.filter.clone(), ..*asked }).len();
            assert_eq!(found, everything);
        }
    });
}

#[test]
fn every_rule_comes_back_from_its_words() {
    let mut random = Lcg(5);
    for _ in 0..500 {
        let rules: Vec<NaiveRule> =
            (0..random.below(6)).map(|_| random_rule(&mut random)).collect();
        let shop = with_rules(rules, toy_shop());
        let read: Vec<Rule<'_>> = Policy(&shop.policy).rules().collect();
        assert_eq!(read.len(), shop.rules.len());
        for (found, expected) in read.iter().zip(&shop.rules) {
            assert_eq!(Rule { condition: Condition(&[]), ..*found }, expected.rule);
            let mut words = ConditionBuilder::default();
            expected.condition.put(&mut words);
            assert_eq!(found.condition.0, words.words());
            assert!(found.condition.is_sound(4));
            assert!(
                words.words().is_empty()
                    || !found.condition.is_sound(0)
                    || !needs_attribute(found.condition)
            );
        }
        // Cut anywhere, a policy has fewer rules and nothing worse.
        for cut in 0..shop.policy.len() {
            assert!(Policy(&shop.policy[..cut]).rules().count() <= read.len());
        }
    }
}

fn needs_attribute(condition: Condition<'_>) -> bool {
    condition.0.iter().any(|word| matches!(word[3], 1..=3))
}

#[test]
fn words_that_are_no_condition_hold_for_nothing() {
    let shop = toy_shop();
    let word = |number: u32| number.to_le_bytes();
    let in_range = [word(1 << 24), word(0), word(9)];
    let never: [&[Word]; 7] = [
        &[word(0)],
        &[word(7 << 24)],
        &[word(4 << 24)],
        &[word(6 << 24)],
        &in_range[..2],
        &[in_range[0], in_range[1], in_range[2], word(5 << 24)],
        &[in_range, in_range].concat(),
    ];
    for words in never {
        let condition = Condition(words);
        assert!(!condition.holds(&shop, Surroundings::default(), item("cup")), "{words:?}");
        assert!(!condition.is_sound(4), "{words:?}");
    }
    let deep: Vec<Word> = (0..=MAX_CONDITION_DEPTH).flat_map(|_| in_range).collect();
    assert!(!Condition(&deep).is_sound(4));
    assert!(!Condition(&deep).holds(&shop, Surroundings::default(), item("cup")));
}

fn names(shop: &ToyShop, query: &Query<'_>) -> String {
    let results = recommend(shop, query);
    results.iter().map(|result| NAMES[result.item.index()]).collect::<Vec<_>>().join(" ")
}

fn popular(k: usize) -> Query<'static> {
    Query {
        placement: Placement::Popular,
        item: None,
        history: &[],
        cart: &[],
        region: None,
        category: None,
        exclude: &[],
        seen: Seen::Hide,
        k,
        context: Context::default(),
    }
}

#[test]
fn each_rule_does_what_its_name_says() {
    let tea = || Expression::In(AttributeIdx(0), TEA.0..TEA.0 + 1);
    let of = |action, condition| with_rules([rule(action, condition)].into(), toy_shop());
    let shown = |action, condition, k| names(&of(action, condition), &popular(k));
    assert_eq!(names(&toy_shop(), &popular(7)), "kettle teapot hammer cup saw spoon nails");
    assert_eq!(shown(Action::Keep, tea(), 7), "kettle teapot cup spoon");
    assert_eq!(shown(Action::Drop, tea(), 7), "hammer saw nails");
    assert_eq!(shown(Action::Boost(512), Expression::Not(Box::new(tea())), 3), "hammer saw nails");
    assert_eq!(
        shown(Action::Boost(2), Expression::In(PRICE, 3..4), 7),
        "hammer cup saw spoon nails kettle teapot"
    );
    let pin = Action::Pin { item: item("nails"), position: 2 };
    assert_eq!(shown(pin, Expression::Always, 4), "kettle nails teapot hammer");
    let cap = Action::Cap { attribute: AttributeIdx(0), n: 2 };
    assert_eq!(shown(cap, Expression::Always, 7), "kettle teapot hammer saw");
    // The kettle's list makes the teapot less welcome, and the cup; 100 of 65,535 is no likeness, so strength decides.
    assert_eq!(shown(Action::Diversity(0), Expression::Always, 3), "kettle teapot hammer");
}

#[test]
fn variants_of_one_thing_are_shown_once() {
    let mut shop = toy_shop();
    shop.variant_group = Some(VARIANT_GROUP);
    // The teapot is a variant of the kettle, and the nails of the saw.
    assert_eq!(names(&shop, &popular(7)), "kettle hammer cup saw spoon");
    let page = Query { item: Some(item("teapot")), ..popular(7) };
    assert_eq!(names(&shop, &page), "cup spoon hammer saw");
}

#[test]
fn cheaper_and_dearer_compare_with_the_page() {
    let of = |condition| with_rules([rule(Action::Keep, condition)].into(), toy_shop());
    let page = |item| Query { item: Some(item), ..popular(7) };
    let cheaper = of(Expression::Band(PRICE, 0.0, Some(1.0)));
    assert_eq!(names(&cheaper, &page(item("kettle"))), "spoon saw nails");
    let near = of(Expression::Band(PRICE, 0.5, Some(3.0)));
    assert_eq!(names(&near, &page(item("saw"))), "kettle teapot");
    assert_eq!(
        names(&near, &page(item("cup"))),
        "kettle teapot spoon hammer saw nails",
        "no price"
    );
    assert_eq!(names(&near, &popular(7)), names(&toy_shop(), &popular(7)), "no page");
}

#[test]
fn a_rule_acts_from_its_start_to_before_its_end() {
    let mut sale = rule(Action::Drop, Expression::Always);
    (sale.rule.from_minute, sale.rule.until_minute) = (100, 200);
    let shop = with_rules([sale].into(), toy_shop());
    let at = |minute| {
        let context = Context { minute, ..Context::default() };
        recommend(&shop, &Query { context, ..popular(7) }).len()
    };
    assert_eq!([Some(99), Some(100), Some(199), Some(200), None].map(at), [7, 0, 0, 7, 7]);
}

#[test]
fn what_was_bought_lately_stays_away_even_where_history_may_come_back() {
    let shop = with_rules(
        [rule(Action::HidePurchased { days: 30 }, Expression::Always)].into(),
        toy_shop(),
    );
    let event = |name, kind, age_days| Event { item: item(name), kind, age_days };
    let history = [
        event("kettle", EventKind::Purchase, 30),
        event("teapot", EventKind::Purchase, 31),
        event("hammer", EventKind::View, 0),
    ];
    let query = Query { history: &history, seen: Seen::Show, ..popular(2) };
    assert_eq!(names(&shop, &query), "teapot hammer");
}

#[test]
fn a_rotation_turns_with_the_seed_and_the_period_only() {
    let rotate = Action::Rotate { strength: 256, period_minutes: 60 };
    let shop = with_rules([rule(rotate, Expression::Always)].into(), toy_shop());
    let of = |seed, minute| {
        let context = Context { seed, minute: Some(minute), ..Context::default() };
        names(&shop, &Query { context, ..popular(7) })
    };
    assert_eq!(of(None, 0), names(&toy_shop(), &popular(7)));
    assert_eq!(of(Some(1), 0), of(Some(1), 59));
    let orders: Vec<String> = (0..20).map(|hour| of(Some(1), hour * 60)).collect();
    assert!(orders.iter().any(|order| *order != orders[0]));
    assert!((2..20).any(|seed| of(Some(seed), 0) != orders[0]));
}

#[test]
fn unlike_results_come_earlier() {
    // With the toy's small weights every likeness rounds to none, so lists of a real scale are made.
    let mut shop = toy_shop();
    shop.scale_similar(150_000);
    let shop = with_rules([rule(Action::Diversity(128), Expression::Always)].into(), shop);
    // The teapot and the cup are much like the kettle, the hammer is not.
    let first = recommend(&shop, &popular(2));
    assert_eq!(first[0].item, item("kettle"));
    assert_eq!(first[1].item, item("hammer"));
    assert!(first.iter().all(|result| matches!(result.origin, Origin::Popular(_))));
    assert_eq!(recommend(&shop, &popular(7)).len(), shop.n_items() as usize);
}
