//! Why an item may not be shown, which rules moved a result, and for how long an answer stays as it is.

use core::ops::Range;

use crate::contribute::newest;
use crate::ids::ItemIdx;
use crate::interactions::EventKind;
use crate::model::Model;
use crate::policy::{Action, Rule};
use crate::query::{Context, MAX_CART, MAX_EXCLUDE, Query, Seen};
use crate::recommend::{Origin, Recommendation};

/// What keeps an item out of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Obstacle {
    /// It is the item of the page.
    Page,
    /// It is in the cart.
    Cart,
    /// The query leaves it out.
    Excluded,
    /// It is in the history, and history items are hidden.
    Seen,
    /// It is not of the category that was asked for.
    Category,
    /// It is not available in the region.
    Region,
    /// It does not meet the query's filter.
    Filter,
    /// The rule at this place of the policy leaves it out.
    Rule(usize),
}

/// The first of [`Obstacle`]'s that keeps an item out. An item without one is shown as far as `k`, caps and the product's
/// other variants leave room.
pub fn obstacle<M: Model>(model: &M, query: &Query<'_>, item: ItemIdx) -> Option<Obstacle> {
    let is_item = |other: &ItemIdx| *other == item;
    let is_within = |wanted| {
        let category = model.category(item);
        category.is_some_and(|category| model.category_range(wanted).contains(&category.0))
    };
    if query.item == Some(item) {
        Some(Obstacle::Page)
    } else if query.cart.iter().take(MAX_CART).any(is_item) {
        Some(Obstacle::Cart)
    } else if query.exclude.iter().take(MAX_EXCLUDE).any(is_item) {
        Some(Obstacle::Excluded)
    } else if query.seen == Seen::Hide && newest(query.history).any(|event| event.item == item) {
        Some(Obstacle::Seen)
    } else if query.category.is_some_and(|wanted| !is_within(wanted)) {
        Some(Obstacle::Category)
    } else if query.region.is_some_and(|region| !model.is_available(item, region)) {
        Some(Obstacle::Region)
    } else if !query.context.filter.holds(model, query.surroundings(), item) {
        Some(Obstacle::Filter)
    } else {
        let rules_out = |rule: &Rule<'_>| acts(rule, query) && rules_out(model, query, rule, item);
        model.policy().rules().position(|rule| rules_out(&rule)).map(Obstacle::Rule)
    }
}

/// Whether a rule acts on a query. A rotation does with a seed only.
#[inline]
pub fn acts(rule: &Rule<'_>, query: &Query<'_>) -> bool {
    let Context { minute, seed, sets, .. } = query.context;
    let is_idle = seed.is_none() && matches!(rule.action, Action::Rotate { .. });
    !is_idle && rule.acts(query.placement, minute, sets)
}

fn rules_out<M: Model>(model: &M, query: &Query<'_>, rule: &Rule<'_>, item: ItemIdx) -> bool {
    let holds = || rule.condition.holds(model, query.surroundings(), item);
    match rule.action {
        Action::Keep => !holds(),
        Action::Drop => holds(),
        Action::HidePurchased { days } => newest(query.history).any(|event| {
            event.item == item
                && event.kind == EventKind::Purchase
                && u32::from(event.age_days) <= days
        }),
        _ => false,
    }
}

/// Whether a rule that acts on a query changed the score of a result or put it in its place.
pub fn moves<M: Model>(
    model: &M,
    query: &Query<'_>,
    rule: &Rule<'_>,
    result: &Recommendation,
) -> bool {
    match rule.action {
        Action::Boost(_) if result.origin != Origin::Pinned => {
            rule.condition.holds(model, query.surroundings(), result.item)
        }
        Action::Pin { item, .. } => result.origin == Origin::Pinned && item == result.item,
        _ => false,
    }
}

/// The minutes around that of a context in which no rule starts, stops or turns, no season comes, and nothing asks for the
/// time; `None` where the time changes nothing at all, or is not known.
pub fn steady<M: Model>(model: &M, context: &Context<'_>) -> Option<Range<u32>> {
    let minute = context.minute?;
    let mut steady = 0..u32::MAX;
    let mut bound = |change: u32| {
        if change <= minute {
            steady.start = steady.start.max(change);
        } else {
            steady.end = steady.end.min(change);
        }
    };
    let each_minute = [minute, minute.saturating_add(1)];
    if context.filter.asks_time() {
        each_minute.into_iter().for_each(&mut bound);
    }
    if model.has_seasons() {
        // Clocks differ by whole quarters of an hour.
        let quarter = minute - minute % 15;
        [quarter, quarter.saturating_add(15)].into_iter().for_each(&mut bound);
    }
    for experiment in model.experiments() {
        // Who gets which variant changes in the middle of a minute, too.
        for second in [experiment.period.start_s, experiment.period.end_s] {
            let minute = u32::try_from(second / 60).unwrap_or(u32::MAX);
            bound(minute);
            bound(minute.saturating_add(1));
        }
    }
    for rule in model.policy().rules() {
        bound(rule.from_minute);
        bound(rule.until_minute);
        if rule.condition.asks_time() {
            each_minute.into_iter().for_each(&mut bound);
        }
        if let Action::Rotate { period_minutes, .. } = rule.action
            && context.seed.is_some()
            && let Some(turns) = minute.checked_div(period_minutes)
        {
            let start = turns * period_minutes;
            [start, start.saturating_add(period_minutes)].into_iter().for_each(&mut bound);
        }
    }
    (steady != (0..u32::MAX)).then_some(steady)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    use crate::condition::{Condition, ConditionBuilder};
    use crate::policy_laws::{each_asked, each_asked_at};
    use crate::query::MAX_K;
    use crate::recommend::recommend;
    use crate::toy::toy_shop;

    #[test]
    fn an_item_without_an_obstacle_is_shown_and_one_with_an_obstacle_is_not() {
        each_asked(|asked| {
            let shop = asked.shop;
            let has_caps = shop.variant_group.is_some()
                || shop.policy().rules().any(|rule| matches!(rule.action, Action::Cap { .. }));
            let query = Query { k: MAX_K, ..asked.query };
            let shown: Vec<ItemIdx> =
                recommend(shop, &query).iter().map(|result| result.item).collect();
            for item in (0..shop.n_items()).map(ItemIdx) {
                let found = obstacle(shop, &query, item);
                let is_shown = shown.contains(&item);
                assert!(!(is_shown && found.is_some()), "{found:?} {query:?}");
                assert!(is_shown || found.is_some() || has_caps, "{item:?} {query:?}");
            }
        });
    }

    #[test]
    fn a_result_that_no_rule_moved_keeps_its_score() {
        each_asked(|asked| {
            let query =
                Query { context: Context { seed: None, ..asked.query.context }, ..asked.query };
            for result in recommend(asked.shop, &query) {
                let is_moved =
                    asked.shop.policy().rules().any(|rule| {
                        acts(&rule, &query) && moves(asked.shop, &query, &rule, &result)
                    });
                let in_season = asked.shop.has_seasons() && query.context.minute.is_some();
                assert!(is_moved || in_season || result.score == result.base, "{result:?}");
                assert_eq!(result.origin == Origin::Pinned, is_moved && result.score == 0);
            }
        });
    }

    #[test]
    fn answers_are_the_same_as_long_as_they_are_steady() {
        for minute in [0, 5, 99, 100, 599, 2_000] {
            each_asked_at(minute, |asked| {
                let at = |minute| {
                    let context = Context { minute: Some(minute), ..asked.query.context };
                    recommend(asked.shop, &Query { context, ..asked.query })
                };
                let steady = steady(asked.shop, &asked.query.context);
                let steady = steady.unwrap_or(0..u32::MAX);
                assert!(steady.contains(&minute), "{steady:?}");
                let now = at(minute);
                for other in [steady.start, steady.end - 1] {
                    assert_eq!(at(other), now, "{minute} {other} {:?}", asked.query);
                }
            });
        }
    }

    #[test]
    fn what_asks_for_the_time_is_steady_for_a_minute() {
        let mut builder = ConditionBuilder::default();
        builder.has_value(crate::AttributeIdx(1), 3..6);
        assert!(!Condition(builder.words()).asks_time());
        builder.has_come(crate::AttributeIdx(1));
        builder.and();
        let filter = Condition(builder.words());
        assert!(filter.asks_time());
        let shop = toy_shop();
        let context = Context { minute: Some(7), filter, ..Context::default() };
        assert_eq!(steady(&shop, &context), Some(7..8));
        assert_eq!(steady(&shop, &Context { minute: None, ..context }), None);
        let plain = Context { minute: Some(7), ..Context::default() };
        assert_eq!(steady(&shop, &plain), None);
    }
}
