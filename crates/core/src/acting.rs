//! The rules that act on one query, sorted by what they do.

use alloc::vec::Vec;
use core::ops::Range;

use crate::calendar::{LocalTime, SEASON_RANGE};
use crate::condition::Condition;
use crate::contribute::{insert_item, newest};
use crate::ids::{AttributeIdx, ItemIdx};
use crate::interactions::EventKind;
use crate::model::Model;
use crate::policy::{Action, MAX_BOOST, NO_BOOST, Rule};
use crate::query::Query;
use crate::top_k::Scored;

/// A score that JavaScript still reads exactly: 2^53 - 1.
const MAX_SCORE: u64 = (1 << 53) - 1;

/// Where the words of a condition are among those of the policy.
type Words = Range<usize>;

/// What the rules make of a query.
#[derive(Clone, Debug, Default)]
pub(crate) struct Acting {
    keep: Vec<Words>,
    drop: Vec<Words>,
    boosts: Vec<(u32, Words)>,
    /// The most that one value of an attribute may have of the results.
    pub(crate) caps: Vec<(AttributeIdx, u32)>,
    /// Positions from 1 with their items, ascending.
    pub(crate) pins: Vec<(u32, ItemIdx)>,
    pub(crate) diversity: u32,
    rotation: u32,
    seed: u64,
    /// How many times better an item can get, rounded up.
    pub(crate) ceiling: u64,
    /// What the shop's clock shows.
    now: Option<LocalTime>,
}

impl Acting {
    /// Sorts the rules that act on the query, and hides what they hide by itself.
    pub(crate) fn begin<M: Model>(
        &mut self,
        model: &M,
        query: &Query<'_>,
        hidden: &mut Vec<ItemIdx>,
    ) {
        self.keep.clear();
        self.drop.clear();
        self.boosts.clear();
        self.caps.clear();
        self.pins.clear();
        (self.diversity, self.rotation, self.seed) = (0, 0, 0);
        let mut largest = u64::from(NO_BOOST);
        let words = model.policy().0.len();
        let sets = query.context.sets & model.rule_sets(query.context.variant);
        let mut rules = model.policy().rules();
        while let Some(rule) = rules.next() {
            let end = words - rules.n_left();
            let condition = end - rule.condition.0.len()..end;
            let context = query.context;
            if !rule.acts(query.placement, context.minute, sets) {
                continue;
            }
            if let Action::Boost(factor) = rule.action {
                largest = ((largest * u64::from(factor.max(NO_BOOST))) >> 8).min(MAX_BOOST.into());
            }
            self.add(&rule, condition, query, hidden);
        }
        // One cap for the product, so that variants of one do not fill a list.
        self.caps.extend(model.variant_group().map(|group| (group, 1)));
        self.now =
            query.context.minute.filter(|_| model.has_seasons()).map(|m| model.local_time(m));
        if self.now.is_some() {
            largest = (largest * u64::from(*SEASON_RANGE.end())) >> 8;
        }
        let turned = largest * u64::from(NO_BOOST + self.rotation);
        self.ceiling = turned.div_ceil(1 << 16);
    }

    fn add(
        &mut self,
        rule: &Rule<'_>,
        condition: Words,
        query: &Query<'_>,
        hidden: &mut Vec<ItemIdx>,
    ) {
        match rule.action {
            Action::Keep => self.keep.push(condition),
            Action::Drop => self.drop.push(condition),
            Action::Boost(factor) => self.boosts.push((factor, condition)),
            Action::Cap { attribute, n } => self.caps.push((attribute, n)),
            Action::Pin { item, position } => self.pins.push((position, item)),
            Action::Diversity(strength) => self.diversity = self.diversity.max(strength),
            Action::Rotate { strength, period_minutes } => {
                if let Some(seed) = query.context.seed {
                    let minute = query.context.minute.unwrap_or(0);
                    let period = minute.checked_div(period_minutes).unwrap_or(0);
                    self.rotation = self.rotation.max(strength);
                    self.seed = mixed(seed ^ u64::from(period) << 32);
                }
            }
            Action::HidePurchased { days } => {
                let is_recent = |age: u16| u32::from(age) <= days;
                for event in newest(query.history) {
                    if event.kind == EventKind::Purchase && is_recent(event.age_days) {
                        insert_item(hidden, event.item);
                    }
                }
            }
        }
    }

    /// Keeps the pins that may be shown, in the order of their positions, and hides their items from the rungs. Of two
    /// pins of one position or item the first one counts.
    pub(crate) fn settle_pins(
        &mut self,
        may_show: impl Fn(&Acting, &[ItemIdx], ItemIdx) -> bool,
        hidden: &mut Vec<ItemIdx>,
    ) {
        let all = core::mem::take(&mut self.pins);
        for &(position, item) in &all {
            let at = self.pins.partition_point(|pin| pin.0 < position);
            let is_taken = self.pins.get(at).is_some_and(|pin| pin.0 == position);
            if !is_taken && may_show(self, hidden, item) {
                self.pins.insert(at, (position, item));
                insert_item(hidden, item);
            }
        }
    }

    /// Whether scores are left as they are.
    pub(crate) fn is_plain(&self) -> bool {
        self.boosts.is_empty() && self.rotation == 0 && self.now.is_none()
    }

    /// Whether the filter and the rules let an item be shown.
    pub(crate) fn lets<M: Model>(&self, model: &M, query: &Query<'_>, item: ItemIdx) -> bool {
        let around = query.surroundings();
        let holds = |words: &Words| condition(model, words).holds(model, around, item);
        query.context.filter.holds(model, around, item)
            && self.keep.iter().all(holds)
            && !self.drop.iter().any(holds)
    }

    /// What boosts, rotation and the season make of a score: at least 1.
    pub(crate) fn judged<M: Model>(&self, model: &M, query: &Query<'_>, scored: Scored) -> u64 {
        if self.is_plain() {
            return scored.score;
        }
        let around = query.surroundings();
        let mut factor = u64::from(NO_BOOST);
        for (boost, words) in &self.boosts {
            if condition(model, words).holds(model, around, scored.item) {
                factor = ((factor * u64::from(*boost)) >> 8).min(MAX_BOOST.into());
            }
        }
        if self.rotation == 0 && self.now.is_none() {
            return times(scored.score, factor).clamp(1, MAX_SCORE);
        }
        let turn = mixed(self.seed ^ u64::from(scored.item.0)) >> 56;
        let turn = u64::from(NO_BOOST) + ((turn * u64::from(self.rotation)) >> 8);
        let season = self.now.map_or(NO_BOOST, |now| model.season(scored.item, now));
        let score = times(times(times(scored.score, factor), turn), season.into());
        score.clamp(1, MAX_SCORE)
    }
}

fn condition<'m, M: Model>(model: &'m M, words: &Words) -> Condition<'m> {
    Condition(model.policy().0.get(words.clone()).unwrap_or(&[]))
}

/// A score times a factor in 256ths below 2^17. Large scores lose their lowest bits rather than their highest.
fn times(score: u64, factor: u64) -> u64 {
    if score < 1 << 46 { (score * factor) >> 8 } else { (score >> 8) * factor }
}

/// Bits that look random (the finalizer of splitmix64: Steele, Lea and Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014, figure 17).
fn mixed(bits: u64) -> u64 {
    let bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}
