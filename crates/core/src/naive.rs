//! The oracle: the whole catalogue scored item by item, nothing sparse, a full sort.

use alloc::boxed::Box;
use alloc::vec::Vec;
use core::ops::Range;

use crate::calendar::LocalTime;
use crate::condition::{Condition, ConditionBuilder};
use crate::ids::{AttributeIdx, ItemIdx};
use crate::interactions::EventKind;
use crate::model::{Audience, Model, Relation};
use crate::policy::{Action, Rule};
use crate::query::{Query, Seen};
use crate::scoring::{Among, MAX_POPULAR, Rung, Source, Term};
use crate::toy::ToyShop;

/// A condition as a tree.
#[derive(Clone, Debug)]
pub(crate) enum Expression {
    Always,
    In(AttributeIdx, Range<u32>),
    /// From and to, in shares of the page's number; no end.
    Band(AttributeIdx, f64, Option<f64>),
    HasCome(AttributeIdx),
    And(Box<(Expression, Expression)>),
    Or(Box<(Expression, Expression)>),
    Not(Box<Expression>),
}

impl Expression {
    pub(crate) fn put(&self, builder: &mut ConditionBuilder) {
        let millionths = |share: f64| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "small shares"
            )]
            let millionths = (share * 1e6 + 0.5) as u32;
            millionths
        };
        match self {
            Expression::Always => {}
            Expression::In(attribute, values) => builder.has_value(*attribute, values.clone()),
            Expression::Band(attribute, from, to) => {
                let to = to.map_or(u32::MAX, millionths);
                builder.is_in_band(*attribute, millionths(*from)..to);
            }
            Expression::HasCome(attribute) => builder.has_come(*attribute),
            Expression::And(both) => {
                both.0.put(builder);
                both.1.put(builder);
                builder.and();
            }
            Expression::Or(both) => {
                both.0.put(builder);
                both.1.put(builder);
                builder.or();
            }
            Expression::Not(inner) => {
                inner.put(builder);
                builder.not();
            }
        }
    }

    fn holds(&self, shop: &ToyShop, query: &Query<'_>, item: ItemIdx) -> bool {
        let number = |attribute, item| shop.number(attribute, shop.first_value(attribute, item)?);
        match self {
            Expression::Always => true,
            Expression::In(attribute, values) => {
                shop.first_value(*attribute, item).is_some_and(|value| values.contains(&value))
            }
            Expression::Band(attribute, from, to) => {
                let page = query.item.and_then(|page| number(*attribute, page)).map(f64::from);
                let own = number(*attribute, item).map(f64::from);
                page.is_none_or(|page| {
                    own.is_some_and(|own| own >= from * page && to.is_none_or(|to| own < to * page))
                })
            }
            Expression::HasCome(attribute) => {
                let own = number(*attribute, item);
                own.zip(query.context.minute).is_some_and(|(own, now)| own <= now)
            }
            Expression::And(both) => {
                both.0.holds(shop, query, item) && both.1.holds(shop, query, item)
            }
            Expression::Or(both) => {
                both.0.holds(shop, query, item) || both.1.holds(shop, query, item)
            }
            Expression::Not(inner) => !inner.holds(shop, query, item),
        }
    }
}

/// A rule with its condition as a tree.
#[derive(Clone, Debug)]
pub(crate) struct NaiveRule {
    pub(crate) rule: Rule<'static>,
    pub(crate) condition: Expression,
}

impl NaiveRule {
    /// The rule's words.
    pub(crate) fn put(&self, words: &mut Vec<crate::condition::Word>) {
        let mut builder = ConditionBuilder::default();
        self.condition.put(&mut builder);
        Rule { condition: Condition(builder.words()), ..self.rule }.put(words);
    }
}

/// A question with its filter as a tree.
pub(crate) struct Asked<'a> {
    pub(crate) shop: &'a ToyShop,
    pub(crate) query: Query<'a>,
    pub(crate) filter: Expression,
}

/// Item and score of every result of [`crate::recommend`], by exhaustive search.
pub(crate) fn recommend(asked: &Asked<'_>) -> Vec<(ItemIdx, u64)> {
    let &Asked { shop, query, .. } = asked;
    if query.category.is_some_and(|category| !shop.has_category(category)) {
        return Vec::new();
    }
    let pins = pins(asked);
    let caps = caps(asked);
    let shown_first = pins.iter().map(|pin| pin.1);
    let counted = shown_first.collect();
    let mut list = List { caps, counted, variants: Vec::new(), results: Vec::new() };
    if let Some(group) = shop.variant_group() {
        let near = query.item.iter().chain(query.cart);
        list.variants =
            near.filter_map(|item| Some((group, shop.first_value(group, *item)?))).collect();
    }
    let mut looked_at: Vec<ItemIdx> = pins.iter().map(|pin| pin.1).collect();
    for audience_or_terms in steps(asked) {
        let mut scored: Vec<(ItemIdx, u64)> = (0..shop.n_items())
            .map(ItemIdx)
            .filter(|item| is_allowed(asked, *item) && !looked_at.contains(item))
            .map(|item| (item, audience_or_terms.score(shop, &query, item)))
            .filter(|entry| entry.1 > 0)
            .map(|(item, score)| (item, judged(asked, item, score)))
            .collect();
        scored.sort_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
        looked_at.extend(scored.iter().map(|entry| entry.0));
        list.extend(asked, scored);
    }
    let rest = (0..shop.n_items()).map(ItemIdx);
    let rest = rest.filter(|item| is_allowed(asked, *item) && !looked_at.contains(item));
    list.extend_in_order(shop, rest.map(|item| (item, 0)).collect());
    let mut results = Vec::new();
    let mut organic = list.results.into_iter();
    let mut pins = pins.into_iter().peekable();
    loop {
        let is_pinned = pins.peek().is_some_and(|pin| pin.0 as usize <= results.len() + 1);
        let next = if is_pinned { pins.next().map(|pin| (pin.1, 0)) } else { organic.next() };
        match next.or_else(|| pins.next().map(|pin| (pin.1, 0))) {
            Some(next) => results.push(next),
            None => break,
        }
    }
    results.truncate(query.k);
    results
}

fn acting<'a>(asked: &'a Asked<'_>) -> impl Iterator<Item = &'a NaiveRule> {
    let query = asked.query;
    asked.shop.rules.iter().filter(move |rule| {
        rule.rule.acts(query.placement, query.context.minute, query.context.sets)
    })
}

/// Pins that count, by position.
fn pins(asked: &Asked<'_>) -> Vec<(u32, ItemIdx)> {
    let mut pins: Vec<(u32, ItemIdx)> = Vec::new();
    for rule in acting(asked) {
        if let Action::Pin { item, position } = rule.rule.action
            && item.0 < asked.shop.n_items()
            && pins.iter().all(|pin| pin.0 != position && pin.1 != item)
            && is_allowed(asked, item)
        {
            pins.push((position, item));
        }
    }
    pins.sort_unstable();
    pins
}

fn caps(asked: &Asked<'_>) -> Vec<(AttributeIdx, u32)> {
    let caps = acting(asked).filter_map(|rule| match rule.rule.action {
        Action::Cap { attribute, n } => Some((attribute, n)),
        _ => None,
    });
    caps.chain(asked.shop.variant_group().map(|group| (group, 1))).collect()
}

/// Results as they grow.
struct List {
    caps: Vec<(AttributeIdx, u32)>,
    /// What counts towards caps.
    counted: Vec<ItemIdx>,
    /// Products of the page and the cart.
    variants: Vec<(AttributeIdx, u32)>,
    results: Vec<(ItemIdx, u64)>,
}

impl List {
    fn has_room(&self, shop: &ToyShop, item: ItemIdx) -> bool {
        self.caps.iter().all(|&(attribute, cap)| {
            let Some(value) = shop.first_value(attribute, item) else { return true };
            let same = |other: &&ItemIdx| shop.first_value(attribute, **other) == Some(value);
            let n_variants =
                self.variants.iter().filter(|known| **known == (attribute, value)).count();
            self.counted.iter().filter(same).count() + n_variants < cap as usize
        })
    }

    fn extend_in_order(&mut self, shop: &ToyShop, scored: Vec<(ItemIdx, u64)>) {
        for (item, score) in scored {
            if self.has_room(shop, item) {
                self.counted.push(item);
                self.results.push((item, score));
            }
        }
    }

    fn extend(&mut self, asked: &Asked<'_>, mut scored: Vec<(ItemIdx, u64)>) {
        let strengths = acting(asked).filter_map(|rule| match rule.rule.action {
            Action::Diversity(strength) => Some(i64::from(strength)),
            _ => None,
        });
        let strength = strengths.max().unwrap_or(0);
        if strength == 0 {
            return self.extend_in_order(asked.shop, scored);
        }
        let best = scored.first().map_or(1, |best| best.1);
        let shift = (64 - best.leading_zeros()).saturating_sub(40);
        let mut chosen: Vec<ItemIdx> = self.results.iter().map(|result| result.0).collect();
        while !scored.is_empty() {
            let value = |(item, score): (ItemIdx, u64)| {
                let relevance = (score >> shift) * 65_535 / (best >> shift);
                let likeness = chosen.iter().map(|other| likeness(asked.shop, *other, item)).max();
                let relevance = i64::try_from(relevance).expect("below 65,536");
                (256 - strength) * relevance - strength * likeness.unwrap_or(0)
            };
            let mut at = 0;
            for other in 1..scored.len() {
                if value(scored[other]) > value(scored[at]) {
                    at = other;
                }
            }
            let next = scored.remove(at);
            if self.has_room(asked.shop, next.0) {
                chosen.push(next.0);
            }
            self.extend_in_order(asked.shop, [next].into());
        }
    }
}

fn likeness(shop: &ToyShop, of: ItemIdx, to: ItemIdx) -> i64 {
    let of_relation = |relation| shop.neighbours(relation, of).find(|weighted| weighted.item == to);
    let likest = [Relation::Similar, Relation::Content].into_iter().filter_map(of_relation);
    likest.map(|weighted| i64::from(weighted.weight / 255)).max().unwrap_or(0)
}

/// What boosts and rotation make of a score.
fn judged(asked: &Asked<'_>, item: ItemIdx, score: u64) -> u64 {
    let (mut factor, mut rotation, mut seed, mut is_plain) = (256u64, 0, 0, true);
    for rule in acting(asked) {
        match rule.rule.action {
            Action::Boost(boost) => {
                is_plain = false;
                if rule.condition.holds(asked.shop, &asked.query, item) {
                    factor = (factor * u64::from(boost) / 256).min(65_536);
                }
            }
            Action::Rotate { strength, period_minutes } => {
                if let Some(given) = asked.query.context.seed {
                    let minute = asked.query.context.minute.unwrap_or(0);
                    let period = minute.checked_div(period_minutes).unwrap_or(0);
                    rotation = rotation.max(u64::from(strength));
                    seed = mixed(given ^ (u64::from(period) << 32));
                }
            }
            _ => {}
        }
    }
    let now = asked.query.context.minute.filter(|_| asked.shop.has_seasons);
    if is_plain && rotation == 0 && now.is_none() {
        return score;
    }
    let hour = now.map(|minute| LocalTime::at(i64::from(minute) * 60, 0));
    let season = hour.map_or(256, |now| u64::from(asked.shop.season(item, now)));
    let turn = 256 + (mixed(seed ^ u64::from(item.0)) >> 56) * rotation / 256;
    (score * factor / 256 * turn / 256 * season / 256).max(1)
}

/// splitmix64's finalizer.
fn mixed(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

fn is_allowed(asked: &Asked<'_>, item: ItemIdx) -> bool {
    let &Asked { shop, query, .. } = asked;
    let holds = |rule: &NaiveRule| rule.condition.holds(shop, &query, item);
    let is_let = acting(asked).all(|rule| match rule.rule.action {
        Action::Keep => holds(rule),
        Action::Drop => !holds(rule),
        Action::HidePurchased { days } => !query.history.iter().any(|event| {
            let is_late = event.item == item && u32::from(event.age_days) <= days;
            is_late && event.kind == EventKind::Purchase
        }),
        _ => true,
    });
    is_let
        && asked.filter.holds(shop, &query, item)
        && Some(item) != query.item
        && !query.cart.contains(&item)
        && !query.exclude.contains(&item)
        && (query.seen == Seen::Show || query.history.iter().all(|event| event.item != item))
        && query.category.is_none_or(|category| shop.category(item) == Some(category))
        && query.region.is_none_or(|region| shop.is_available(item, region))
}

/// One list of candidates after the other.
enum Step<'a> {
    Ranking(Audience),
    Trending(Audience),
    Related(&'a [Term]),
}

fn steps<'a>(asked: &'a Asked<'_>) -> Vec<Step<'a>> {
    let query = asked.query;
    let page = query.item.and_then(|item| asked.shop.category(item));
    let rungs = asked.shop.scoring().ladder(query.placement).iter();
    let audience = |among: Among| match among {
        Among::Category => query.category.or(page).map(Audience::Category),
        Among::Region => query.region.map(Audience::Region),
        Among::Segment => query.context.segment.map(Audience::Segment),
        Among::Everyone => Some(Audience::Everyone),
    };
    let step = |rung: &'a Rung| match rung {
        Rung::Related(terms) => Some(Step::Related(terms)),
        Rung::Popular(among) => audience(*among).map(Step::Ranking),
        Rung::Trending(among) => audience(*among).map(Step::Trending),
    };
    rungs.filter_map(step).collect()
}

impl Step<'_> {
    fn score(&self, shop: &ToyShop, query: &Query<'_>, target: ItemIdx) -> u64 {
        match self {
            Step::Ranking(audience) => {
                let found = shop.ranking(*audience).find(|weighted| weighted.item == target);
                found.map_or(0, |weighted| u64::from(weighted.weight))
            }
            Step::Trending(audience) => {
                let found = shop.trending(*audience).find(|weighted| weighted.item == target);
                found.map_or(0, |weighted| u64::from(weighted.weight))
            }
            Step::Related(terms) => {
                terms.iter().map(|term| term_score(shop, query, *term, target)).sum()
            }
        }
    }
}
fn term_score<M: Model>(model: &M, query: &Query<'_>, term: Term, target: ItemIdx) -> u64 {
    let scoring = model.scoring();
    if term.relation == Relation::Popular {
        let ranking: Vec<_> = model.ranking(Audience::Everyone).take(MAX_POPULAR).collect();
        let best = ranking.iter().find(|weighted| weighted.item == target);
        let weight = best.map_or(0, |weighted| u64::from(weighted.weight));
        return weight * 255 * scoring.decay(term.decay, 0) * u64::from(term.weight);
    }
    let newest_first = query.history.iter().rev();
    // Item, weight of its kind, and where its decay is looked up.
    let mut sources: Vec<(ItemIdx, u64, usize)> = match term.from {
        Source::Item => query.item.into_iter().map(|item| (item, 256, 0)).collect(),
        Source::Cart => query.cart.iter().map(|item| (*item, 256, 0)).collect(),
        Source::History => newest_first.map(|e| (e.item, scoring.kind(e.kind), 0)).collect(),
        Source::Events | Source::Ages => newest_first
            .map(|event| (event.item, scoring.kind(event.kind), event.age_days.into()))
            .collect(),
    };
    if term.from != Source::Events {
        let all = sources.clone();
        sources = Vec::new();
        for source in all {
            if sources.iter().all(|other| other.0 != source.0) {
                let place = if term.from == Source::History { sources.len() } else { source.2 };
                sources.push((source.0, source.1, place));
            }
        }
    }
    let each = sources.iter().map(|&(source, kind, at)| {
        let weight = if term.relation == Relation::Again {
            if source == target { u64::from(model.rebuy(source)) * 65_535 } else { 0 }
        } else {
            model
                .neighbours(term.relation, source)
                .find(|weighted| weighted.item == target)
                .map_or(0, |weighted| u64::from(weighted.weight))
        };
        weight * (scoring.decay(term.decay, at) * kind / 256) * u64::from(term.weight)
    });
    each.sum()
}
