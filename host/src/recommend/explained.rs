//! What the rules made of an answer: which acted, and what stood where without them.

use std::fmt;

use edgewise_bundle::Bundle;
use edgewise_core::condition::Surroundings;
use edgewise_core::policy::{Action, Rule};
use edgewise_core::{Context, ItemIdx, MAX_K, Model, Origin, Query, Recommendation, recommend};
use serde::Serialize;

/// What the rules make of a question.
pub(super) struct Explained<'e, 'a> {
    bundle: &'e Bundle<'a>,
    query: &'e Query<'e>,
    /// The names of the rules that act on the question.
    pub(super) acting: Vec<String>,
    /// What is shown without rules.
    before: Vec<ItemIdx>,
}

/// What the rules made of one result. The keys of the JSON are these names.
#[derive(Debug, Serialize)]
pub(super) struct Ruled {
    /// The score before boosts and rotation.
    base: u64,
    /// The place without rules, from 1; `None` behind the hundredth.
    rank_before: Option<usize>,
    /// The boosts and the pin that are about the item.
    rules: Vec<String>,
}

impl<'e, 'a> Explained<'e, 'a> {
    /// Asks again without rules; `None` when the bundle has none.
    pub(super) fn new(bundle: &'e Bundle<'a>, query: &'e Query<'e>) -> Option<Explained<'e, 'a>> {
        bundle.policy().rules().next()?;
        let context = Context { sets: 0, ..query.context };
        let before = recommend(bundle, &Query { k: MAX_K, context, ..*query });
        let acting = acting(bundle, query).map(|(name, _)| name.to_owned()).collect();
        let before = before.into_iter().map(|result| result.item).collect();
        Some(Explained { bundle, query, acting, before })
    }

    pub(super) fn of(&self, result: &Recommendation) -> Ruled {
        let context = self.query.context;
        let around = Surroundings { page: self.query.item, minute: context.minute };
        let is_pinned = result.origin == Origin::Pinned;
        let is_about = |rule: &Rule<'_>| match rule.action {
            Action::Boost(_) => {
                !is_pinned && rule.condition.holds(self.bundle, around, result.item)
            }
            Action::Pin { item, .. } => is_pinned && item == result.item,
            _ => false,
        };
        let about = acting(self.bundle, self.query).filter(|(_, rule)| is_about(rule));
        Ruled {
            base: result.base,
            rank_before: self.before.iter().position(|item| *item == result.item).map(|at| at + 1),
            rules: about.map(|(name, _)| name.to_owned()).collect(),
        }
    }
}

/// The rules that act on a question, with their names.
fn acting<'b>(
    bundle: &'b Bundle<'_>,
    query: &Query<'_>,
) -> impl Iterator<Item = (&'b str, Rule<'b>)> {
    let (placement, context) = (query.placement, query.context);
    let (minute, sets) = (context.minute, context.sets);
    let rules = bundle.policy().rules().enumerate();
    rules.filter_map(move |(at, rule)| {
        rule.acts(placement, minute, sets).then(|| Some((bundle.rule_name(at)?, rule)))?
    })
}

impl fmt::Display for Ruled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.rank_before {
            Some(rank) => write!(f, "without rules in place {rank}")?,
            None => write!(f, "without rules not among the first {MAX_K}")?,
        }
        if !self.rules.is_empty() {
            write!(f, "; {}", self.rules.join(", "))?;
        }
        write!(f, "; base {}", self.base)
    }
}
