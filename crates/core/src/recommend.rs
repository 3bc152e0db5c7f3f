//! From a question to an answer: walk the ladder, sum, filter, cut, and say why.

use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::accumulate::Accumulator;
use crate::contribute::{Explained, Origins, Read, Sink, contribute, insert_item, newest};
use crate::ids::ItemIdx;
use crate::model::{Audience, Model, Relation};
use crate::query::{MAX_CART, MAX_EXCLUDE, MAX_HISTORY, MAX_K, Query, Seen};
use crate::scoring::{Among, Rung, Term};
use crate::top_k::{Cut, Scored, best_of};

/// How many places of a ranking are looked at for one rung. Without filters no query hides nearly as many, so that only
/// a category or a region which has nothing among the first ones ends the walk.
pub const MAX_RANKED: usize = 8_192;

/// A part of a score: one source item through one relation. The contributions of a result sum to its score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Contribution {
    /// The item of the page, the cart or the history; the result itself where the relation is its popularity.
    pub item: ItemIdx,
    /// The relation that led from it to the result.
    pub relation: Relation,
    /// What it added.
    pub score: u64,
}

impl Contribution {
    /// The order of reasons: score descending, then relation and item ascending.
    fn strongest_first(&self, other: &Contribution) -> Ordering {
        (other.score, self.relation, self.item).cmp(&(self.score, other.relation, other.item))
    }
}

/// One result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recommendation {
    /// The item.
    pub item: ItemIdx,
    /// Its score. Comparable among results of the same rung of one query only.
    pub score: u64,
    /// The ranking it came from; `None` when it came from related items.
    pub popular: Option<Audience>,
    /// Why, the strongest first (then [`Relation`], then [`ItemIdx`]); empty for a popular item.
    pub because: Vec<Contribution>,
}

/// The memory of answers: whoever keeps it answers again without allocating. Not worth keeping for a single answer.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    sums: Accumulator,
    origins: Origins,
    read: Read,
    /// Rows that may not be shown, ascending: ruled out by the query or already among the results.
    hidden: Vec<ItemIdx>,
    best: Vec<Scored>,
    /// Rows of a rung's results with their places, ascending.
    by_item: Vec<(ItemIdx, usize)>,
    results: Vec<Recommendation>,
    /// Reasons of earlier answers, empty: the memory of the next ones.
    spare: Vec<Vec<Contribution>>,
}

/// Answers a query: at most `k` items, none twice, none that the query rules out.
///
/// The order is total: rung of the ladder, then score descending, then [`ItemIdx`] ascending; a smaller `k` gives a
/// prefix. Memory grows with the lists of the query's items, not with the catalogue, and so does work: of a ranking
/// the first [`MAX_RANKED`] places are looked at. Rows outside the model are ignored.
pub fn recommend<M: Model>(model: &M, query: &Query<'_>) -> Vec<Recommendation> {
    let mut scratch = Scratch::default();
    answer(&mut scratch, model, query);
    scratch.results
}

/// [`recommend`] in memory of an earlier answer: when that one needed as much, nothing is allocated. Sessions and rules
/// still allocate for what they find.
pub fn recommend_with<'s, M: Model>(
    scratch: &'s mut Scratch,
    model: &M,
    query: &Query<'_>,
) -> &'s [Recommendation] {
    answer(scratch, model, query);
    // What the next question puts back.
    scratch.spare.reserve(scratch.results.len());
    &scratch.results
}

fn answer<M: Model>(scratch: &mut Scratch, model: &M, query: &Query<'_>) {
    scratch.begin(query);
    if query.category.is_some_and(|category| !model.has_category(category)) {
        return;
    }
    let k = query.k.min(MAX_K);
    let mut walk = Walk { model, query, scratch };
    for rung in model.ladder(query.placement, query.variant) {
        let n_wanted = k - walk.scratch.results.len();
        if n_wanted == 0 {
            break;
        }
        match rung {
            Rung::Related(terms) => walk.add_related(terms, n_wanted),
            Rung::Popular(among) => walk.add_popular(*among, n_wanted),
        }
    }
}

impl Scratch {
    /// Forgets the last answer, and hides what the query rules out.
    fn begin(&mut self, query: &Query<'_>) {
        // The last one first, so that the same question finds its reasons' memory in the same place.
        while let Some(mut result) = self.results.pop() {
            result.because.clear();
            self.spare.push(result.because);
        }
        self.hidden.clear();
        let mut hide = |item: &ItemIdx| {
            insert_item(&mut self.hidden, *item);
        };
        query.item.iter().for_each(&mut hide);
        query.cart.iter().take(MAX_CART).for_each(&mut hide);
        query.exclude.iter().take(MAX_EXCLUDE).for_each(&mut hide);
        if query.seen == Seen::Hide {
            newest(query.history).for_each(|event| hide(&event.item));
        }
    }

    fn push(&mut self, scored: Scored, popular: Option<Audience>) {
        let Scored { item, score } = scored;
        insert_item(&mut self.hidden, item);
        let because = self.spare.pop().unwrap_or_default();
        self.results.push(Recommendation { item, score, popular, because });
    }
}

/// One walk down a ladder.
struct Walk<'m, 'q, 's, M> {
    model: &'m M,
    query: &'q Query<'q>,
    scratch: &'s mut Scratch,
}

impl<M: Model> Walk<'_, '_, '_, M> {
    fn add_related(&mut self, terms: &[Term], n_wanted: usize) {
        let Walk { model, query, scratch } = self;
        scratch
            .sums
            .clear(query.history.len().min(MAX_HISTORY) + query.cart.len().min(MAX_CART) + 1);
        scratch.read.clear();
        let mut sink = Sink::Sum(&mut scratch.sums);
        let memory = (&mut scratch.origins, &mut scratch.read);
        contribute(*model, query, terms, memory, &mut sink);
        let hidden = &scratch.hidden;
        let may_show = &|item| may_show(*model, query, hidden, item);
        best_of(scratch.sums.sums(), Cut { k: n_wanted, least: 1 }, may_show, &mut scratch.best);
        let first = scratch.results.len();
        for at in 0..scratch.best.len() {
            if let Some(scored) = scratch.best.get(at).copied() {
                scratch.push(scored, None);
            }
        }
        self.explain(terms, first);
    }

    fn add_popular(&mut self, among: Among, n_wanted: usize) {
        let Walk { model, query, scratch } = self;
        let page_category = || query.item.and_then(|item| model.category(item));
        let audience = match among {
            Among::Category => query.category.or_else(page_category).map(Audience::Category),
            Among::Region => query.region.map(Audience::Region),
            Among::Everyone => Some(Audience::Everyone),
        };
        let Some(audience) = audience else { return };
        let end = scratch.results.len() + n_wanted;
        for best in model.ranking(audience).take(MAX_RANKED) {
            if may_show(*model, query, &scratch.hidden, best.item) {
                let scored = Scored { item: best.item, score: u64::from(best.weight) };
                scratch.push(scored, Some(audience));
                if scratch.results.len() == end {
                    break;
                }
            }
        }
    }

    /// Fills in why, for the results from `first` on.
    fn explain(&mut self, terms: &[Term], first: usize) {
        let Walk { model, query, scratch } = self;
        let Some(added) = scratch.results.get_mut(first..) else { return };
        scratch.by_item.clear();
        for (place, result) in added.iter().enumerate() {
            let at = scratch.by_item.partition_point(|entry| entry.0 < result.item);
            scratch.by_item.insert(at, (result.item, place));
        }
        let mut sink = Sink::Explain(Explained::new(added, &scratch.by_item));
        let memory = (&mut scratch.origins, &mut scratch.read);
        contribute(*model, query, terms, memory, &mut sink);
        for result in added {
            sort(&mut result.because);
        }
    }
}

fn may_show<M: Model>(model: &M, query: &Query<'_>, hidden: &[ItemIdx], item: ItemIdx) -> bool {
    item.0 < model.n_items()
        && hidden.binary_search(&item).is_err()
        && query.category.is_none_or(|wanted| model.category(item) == Some(wanted))
        && query.region.is_none_or(|region| model.is_available(item, region))
}

/// Puts reasons in order. They are few, and a general sort would cost every shell seven kilobytes.
fn sort(reasons: &mut Vec<Contribution>) {
    for n_sorted in 1..reasons.len() {
        let part = reasons.remove(n_sorted);
        let at = reasons
            .get(..n_sorted)
            .map_or(0, |sorted| sorted.partition_point(|kept| kept.strongest_first(&part).is_lt()));
        reasons.insert(at, part);
    }
}
