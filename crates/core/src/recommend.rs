//! From a question to an answer: walk the ladder, sum, filter, cut, and say why.

use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::accumulate::Accumulator;
use crate::acting::Acting;
use crate::contribute::{Explained, Origins, Read, Sink, contribute, insert_item, newest};
use crate::ids::{ItemIdx, RegionIdx};
use crate::mix::{Counts, Diversity, POOL};
use crate::model::{Audience, Model, Relation, Weighted};
use crate::query::{MAX_CART, MAX_EXCLUDE, MAX_HISTORY, MAX_K, Query, Seen};
use crate::scoring::{Among, Rung, Term};
use crate::top_k::{self, Best, Judge, Judged, Scored};

/// How many places of a ranking are looked at for one rung. Without filters no query hides nearly as many; where a filter
/// or a rule leaves too few among them, the rest of the catalogue comes in the order of its rows.
pub const MAX_RANKED: usize = 8_192;
/// Places of a ranking that are read at a time.
const RANKED_AT_ONCE: usize = 256;

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

/// Where a result comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Items of the query are related to it.
    Related,
    /// It is popular.
    Popular(Audience),
    /// It is taken more than usual these days.
    Trending(Audience),
    /// A rule put it there.
    Pinned,
    /// Nothing speaks for it: it is what the catalogue has left.
    Catalogue,
}

/// One result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recommendation {
    /// The item.
    pub item: ItemIdx,
    /// Its score. Comparable among results of the same rung of one query only; 0 where nothing was scored.
    pub score: u64,
    /// The score before boosts and rotation.
    pub base: u64,
    /// Where it comes from.
    pub origin: Origin,
    /// Why, the strongest first (then [`Relation`], then [`ItemIdx`]); they sum to `base`. Only of related items.
    pub because: Vec<Contribution>,
}

/// The memory of answers: whoever keeps it answers again without allocating. Not worth keeping for a single answer.
#[derive(Clone, Debug, Default)]
pub struct Scratch {
    sums: Accumulator,
    origins: Origins,
    read: Read,
    acting: Acting,
    counts: Counts,
    diversity: Diversity,
    /// Rows that may not be shown, ascending: ruled out by the query, pinned, or already looked at.
    hidden: Vec<ItemIdx>,
    /// The best of a rung.
    best: Vec<Judged>,
    /// Places of a ranking.
    ranked: Vec<Scored>,
    /// Rows of a rung's results with their places, ascending.
    by_item: Vec<(ItemIdx, usize)>,
    results: Vec<Recommendation>,
    /// Reasons of earlier answers, empty: the memory of the next ones.
    spare: Vec<Vec<Contribution>>,
}

/// Answers a query: `k` items, or as many as may be shown, none twice, none that the query or a rule leaves out.
///
/// The order is total: pinned positions, then rung of the ladder, then score descending, then [`ItemIdx`] ascending;
/// caps and diversity choose along that order, and a smaller `k` gives a prefix. Memory grows with the lists of the
/// query's items, not with the catalogue, and so does work, unless a filter or a rule leaves too few of the first
/// [`MAX_RANKED`] places of the rankings. Rows outside the model are ignored.
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
    scratch.begin(model, query);
    if query.category.is_some_and(|category| !model.has_category(category)) {
        return;
    }
    let k = query.k.min(MAX_K);
    let mut walk = Walk { model, query, scratch, k };
    for rung in model.ladder(query.placement, query.context.variant) {
        match rung {
            Rung::Related(terms) => walk.add_related(terms),
            Rung::Popular(among) => walk.add_ranked(*among, Origin::Popular),
            Rung::Trending(among) => walk.add_ranked(*among, Origin::Trending),
        }
        if walk.is_full() {
            return;
        }
    }
    walk.add_catalogue();
}

impl Scratch {
    /// Forgets the last answer, and hides what the query and its rules leave out.
    fn begin<M: Model>(&mut self, model: &M, query: &Query<'_>) {
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
        self.acting.begin(model, query, &mut self.hidden);
        let may_show = |acting: &Acting, hidden: &[ItemIdx], item| {
            may_show(model, query, hidden, acting, item)
        };
        self.acting.settle_pins(may_show, &mut self.hidden);
        self.counts.clear();
        for (_, item) in &self.acting.pins {
            self.counts.add(model, &self.acting.caps, *item);
        }
        // Variants of what is on the page or in the cart are as good as shown.
        if let Some(group) = model.variant_group() {
            for item in query.item.iter().chain(query.cart.iter().take(MAX_CART)) {
                self.counts.add(model, &[(group, 1)], *item);
            }
        }
    }

    fn push(&mut self, judged: Judged, origin: Origin) {
        let Judged { scored: Scored { item, score }, base } = judged;
        let because = self.spare.pop().unwrap_or_default();
        self.results.push(Recommendation { item, score, base, origin, because });
    }
}

/// A ranking of either kind.
enum Places<P, T> {
    Popular(P),
    Trending(T),
}

impl<P: Iterator<Item = Weighted>, T: Iterator<Item = Weighted>> Iterator for Places<P, T> {
    type Item = Weighted;

    fn next(&mut self) -> Option<Weighted> {
        match self {
            Places::Popular(places) => places.next(),
            Places::Trending(places) => places.next(),
        }
    }
}

/// One walk down a ladder.
struct Walk<'m, 'q, 's, M> {
    model: &'m M,
    query: &'q Query<'q>,
    scratch: &'s mut Scratch,
    k: usize,
}

impl<M: Model> Walk<'_, '_, '_, M> {
    fn is_full(&self) -> bool {
        self.scratch.results.len() == self.k
    }

    /// How many candidates are taken at a time. Where unlikeness chooses among them it is always the same number, because
    /// the choice depends on it.
    fn pool(&self) -> usize {
        let Scratch { acting, results, .. } = &*self.scratch;
        let n_wanted = self.k - results.len();
        match (acting.diversity, acting.caps.is_empty()) {
            (0, true) => n_wanted,
            (0, false) => n_wanted + 16,
            _ => POOL,
        }
    }

    fn add_related(&mut self, terms: &[Term]) {
        let Walk { model, query, scratch, .. } = self;
        let n_lists = query.history.len().min(MAX_HISTORY) + query.cart.len().min(MAX_CART) + 1;
        scratch.sums.clear(n_lists);
        scratch.read.clear();
        let mut sink = Sink::Sum(&mut scratch.sums);
        let memory = (&mut scratch.origins, &mut scratch.read);
        contribute(*model, query, terms, memory, &mut sink);
        let first = scratch.results.len();
        loop {
            let k = self.pool();
            let Walk { model, query, scratch, .. } = self;
            let mut best = Best { kept: core::mem::take(&mut scratch.best), k, least: 1 };
            best.kept.clear();
            let (hidden, acting) = (&scratch.hidden, &scratch.acting);
            let judge = Judge {
                judged: &|scored| acting.judged(*model, query, scored),
                may_show: &|item| may_show(*model, query, hidden, acting, item),
            };
            best.add(scratch.sums.sums(), acting.ceiling, &judge);
            scratch.best = best.kept;
            if self.take_best(Origin::Related) < k || self.is_full() {
                break;
            }
        }
        self.explain(terms, first);
    }

    fn add_ranked(&mut self, among: Among, origin: fn(Audience) -> Origin) {
        let Walk { model, query, .. } = self;
        let model = *model;
        match among {
            Among::Category => {
                let page = query.item.and_then(|item| model.category(item));
                let mut next = query.category.or(page);
                // From the category of a page to those above it; a category that was asked for has all there may be.
                while let Some(category) = next.filter(|_| !self.is_full()) {
                    self.add_ranking(origin(Audience::Category(category)));
                    let has_more = self.query.category.is_none();
                    next = model.category_parent(category).filter(|_| has_more);
                }
            }
            Among::Region => {
                let mut next: Option<RegionIdx> = query.region;
                while let Some(region) = next.filter(|_| !self.is_full()) {
                    self.add_ranking(origin(Audience::Region(region)));
                    next = model.region_parent(region);
                }
            }
            Among::Segment => {
                if let Some(segment) = query.context.segment {
                    self.add_ranking(origin(Audience::Segment(segment)));
                }
            }
            Among::Everyone => self.add_ranking(origin(Audience::Everyone)),
        }
    }

    /// Adds from the ranking that results of this origin come from.
    fn add_ranking(&mut self, origin: Origin) {
        loop {
            let k = self.pool();
            let Walk { model, query, scratch, .. } = self;
            let mut best = Best { kept: core::mem::take(&mut scratch.best), k, least: 1 };
            best.kept.clear();
            let (hidden, acting) = (&scratch.hidden, &scratch.acting);
            let judge = Judge {
                judged: &|scored| acting.judged(*model, query, scored),
                may_show: &|item| may_show(*model, query, hidden, acting, item),
            };
            let mut ranking = match origin {
                Origin::Trending(audience) => Places::Trending(model.trending(audience)),
                Origin::Popular(audience) => Places::Popular(model.ranking(audience)),
                Origin::Related | Origin::Pinned | Origin::Catalogue => return,
            }
            .take(MAX_RANKED);
            let mut last = u64::MAX;
            // Weights fall, so nothing more can come in once the last one is too light.
            while !best.is_closed_to(last, acting.ceiling) {
                scratch.ranked.clear();
                let places = ranking.by_ref().take(RANKED_AT_ONCE.min(4 * k));
                scratch.ranked.extend(
                    places.map(|best| Scored { item: best.item, score: best.weight.into() }),
                );
                let Some(lightest) = scratch.ranked.last() else { break };
                last = lightest.score;
                best.add(&scratch.ranked, acting.ceiling, &judge);
            }
            scratch.best = best.kept;
            if self.take_best(origin) < k || self.is_full() {
                break;
            }
        }
    }

    /// What is left of the catalogue, in the order of its rows.
    fn add_catalogue(&mut self) {
        for row in 0..self.model.n_items() {
            let item = ItemIdx(row);
            let Walk { model, query, scratch, .. } = self;
            if may_show(*model, query, &scratch.hidden, &scratch.acting, item)
                && scratch.counts.take(*model, &scratch.acting.caps, item)
                && self.push(unscored(item), Origin::Catalogue)
            {
                return;
            }
        }
        // Pins behind the last result follow it.
        for place in 0..self.scratch.acting.pins.len() {
            if let Some(pin) = self.scratch.acting.pins.get_mut(place) {
                pin.0 = 0;
            }
        }
        self.push_pins();
    }

    /// Shows the best of a rung as far as caps let them and there is room; how many there were.
    fn take_best(&mut self, origin: Origin) -> usize {
        let n_best = self.scratch.best.len();
        let strength = self.scratch.acting.diversity;
        if strength == 0 {
            top_k::sort(&mut self.scratch.best);
            for at in 0..n_best {
                if self.show(at, origin) {
                    return n_best;
                }
            }
            return n_best;
        }
        let Scratch { diversity, best, results, .. } = &mut *self.scratch;
        let organic = results.iter().filter(|result| result.origin != Origin::Pinned);
        diversity.begin(self.model, strength, best, organic.map(|result| result.item));
        while let Some(at) = self.scratch.diversity.next(&self.scratch.best, strength) {
            if self.show(at, origin) {
                return n_best;
            }
        }
        n_best
    }

    /// Shows one of the best, unless a cap is reached; whether all is full. It is not looked at again.
    fn show(&mut self, at: usize, origin: Origin) -> bool {
        let Walk { model, scratch, .. } = self;
        let Some(judged) = scratch.best.get(at).copied() else { return false };
        let item = judged.scored.item;
        // Twice only in the ranking of a damaged model.
        let is_new = insert_item(&mut scratch.hidden, item);
        if !is_new || !scratch.counts.take(*model, &scratch.acting.caps, item) {
            return false;
        }
        let is_full = self.push(judged, origin);
        let Walk { model, scratch, .. } = self;
        if scratch.acting.diversity > 0 && !is_full {
            scratch.diversity.choose(*model, item);
        }
        is_full
    }

    /// Appends a result behind what is pinned before it; whether all is full.
    fn push(&mut self, judged: Judged, origin: Origin) -> bool {
        self.push_pins();
        if !self.is_full() {
            self.scratch.push(judged, origin);
        }
        self.is_full()
    }

    /// Appends what is pinned where the results end.
    fn push_pins(&mut self) {
        while let Some(&(position, item)) = self.scratch.acting.pins.first() {
            let at = self.scratch.results.len() + 1;
            if self.is_full() || position as usize > at {
                return;
            }
            self.scratch.acting.pins.remove(0);
            self.scratch.push(unscored(item), Origin::Pinned);
        }
    }

    /// Fills in why, for the results from `first` on.
    fn explain(&mut self, terms: &[Term], first: usize) {
        let Walk { model, query, scratch, .. } = self;
        let Some(added) = scratch.results.get_mut(first..) else { return };
        scratch.by_item.clear();
        for (place, result) in added.iter().enumerate() {
            if result.origin == Origin::Related {
                let at = scratch.by_item.partition_point(|entry| entry.0 < result.item);
                scratch.by_item.insert(at, (result.item, place));
            }
        }
        let mut sink = Sink::Explain(Explained::new(added, &scratch.by_item));
        let memory = (&mut scratch.origins, &mut scratch.read);
        contribute(*model, query, terms, memory, &mut sink);
        for result in added {
            sort(&mut result.because);
        }
    }
}

/// An item that nothing was said of.
fn unscored(item: ItemIdx) -> Judged {
    Judged { scored: Scored { item, score: 0 }, base: 0 }
}

/// Whether the item is one, not hidden, of the category, available, and let through by the filter and the rules.
fn may_show<M: Model>(
    model: &M,
    query: &Query<'_>,
    hidden: &[ItemIdx],
    acting: &Acting,
    item: ItemIdx,
) -> bool {
    let is_within = |wanted| {
        let category = model.category(item);
        category.is_some_and(|category| model.category_range(wanted).contains(&category.0))
    };
    item.0 < model.n_items()
        && hidden.binary_search(&item).is_err()
        && query.category.is_none_or(is_within)
        && query.region.is_none_or(|region| model.is_available(item, region))
        && acting.lets(model, query, item)
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
