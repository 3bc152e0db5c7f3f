//! From a question to an answer: walk the ladder, sum, filter, cut, and say why.

use alloc::vec::Vec;
use core::cmp::Ordering;

use crate::accumulate::Accumulator;
use crate::ids::ItemIdx;
use crate::model::{Audience, Model, Relation};
use crate::query::{Event, MAX_CART, MAX_EXCLUDE, MAX_HISTORY, MAX_K, Query, Seen};
use crate::scoring::{Among, MAX_POPULAR, Rung, Source, Term};
use crate::top_k::{Scored, top_k};

/// Brings [`Model::rebuy`] to the unit of [`Weighted::ONE`].
const AGAIN: u64 = 65_535;
/// Brings the weights of rankings to the same unit.
const POPULAR: u64 = 255;

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
    /// Score ascending, then relation and item descending: the reverse of the order of reasons.
    fn weaker_first(&self, other: &Contribution) -> Ordering {
        (self.score, other.relation, other.item).cmp(&(other.score, self.relation, self.item))
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

/// Answers a query: at most `k` items, none twice, none that the query rules out.
///
/// The order is total: rung of the ladder, then score descending, then [`ItemIdx`] ascending; a smaller `k` gives a
/// prefix. Memory grows with the lists of the query's items, not with the catalogue. Rows outside the model are
/// ignored.
pub fn recommend<M: Model>(model: &M, query: &Query<'_>) -> Vec<Recommendation> {
    let k = query.k.min(MAX_K);
    let mut walk = Walk::new(model, query);
    for rung in model.scoring().ladder(query.placement) {
        let n_wanted = k - walk.results.len();
        if n_wanted == 0 {
            break;
        }
        match rung {
            Rung::Related(terms) => walk.add_related(terms, n_wanted),
            Rung::Popular(among) => walk.add_popular(*among, n_wanted),
        }
    }
    walk.results
}

/// One walk down a ladder.
struct Walk<'m, 'q, M> {
    model: &'m M,
    query: &'q Query<'q>,
    /// Rows that may not be shown, ascending: ruled out by the query or already among the results.
    hidden: Vec<ItemIdx>,
    results: Vec<Recommendation>,
}

impl<'m, 'q, M: Model> Walk<'m, 'q, M> {
    fn new(model: &'m M, query: &'q Query<'q>) -> Self {
        let mut hidden = Vec::new();
        let mut hide = |item: &ItemIdx| insert(&mut hidden, *item, |hidden| hidden.cmp(item));
        query.item.iter().for_each(&mut hide);
        query.cart.iter().take(MAX_CART).for_each(&mut hide);
        query.exclude.iter().take(MAX_EXCLUDE).for_each(&mut hide);
        if query.seen == Seen::Hide {
            newest(query.history).for_each(|event| hide(&event.item));
        }
        Walk { model, query, hidden, results: Vec::new() }
    }

    fn add_related(&mut self, terms: &[Term], n_wanted: usize) {
        let mut sums = Accumulator::new();
        self.each_contribution(terms, &mut |candidate, part| sums.add(candidate, part.score));
        let shown = sums.sums().filter(|scored| scored.score > 0 && self.may_show(scored.item));
        let best = top_k(shown, n_wanted);
        let first = self.results.len();
        for scored in best {
            self.push(scored, None);
        }
        self.explain(terms, first);
    }

    fn add_popular(&mut self, among: Among, n_wanted: usize) {
        let page_category = || self.query.item.and_then(|item| self.model.category(item));
        let audience = match among {
            Among::Category => self.query.category.or_else(page_category).map(Audience::Category),
            Among::Region => self.query.region.map(Audience::Region),
            Among::Everyone => Some(Audience::Everyone),
        };
        let Some(audience) = audience else { return };
        let mut best = Vec::with_capacity(n_wanted);
        best.extend(
            self.model
                .ranking(audience)
                .filter(|weighted| self.may_show(weighted.item))
                .take(n_wanted)
                .map(|weighted| Scored { item: weighted.item, score: u64::from(weighted.weight) }),
        );
        for scored in best {
            self.push(scored, Some(audience));
        }
    }

    fn push(&mut self, scored: Scored, popular: Option<Audience>) {
        let Scored { item, score } = scored;
        insert(&mut self.hidden, item, |hidden| hidden.cmp(&item));
        self.results.push(Recommendation { item, score, popular, because: Vec::new() });
    }

    fn may_show(&self, item: ItemIdx) -> bool {
        item.0 < self.model.n_items()
            && self.hidden.binary_search(&item).is_err()
            && self.query.category.is_none_or(|wanted| self.model.category(item) == Some(wanted))
            && self.query.region.is_none_or(|region| self.model.is_available(item, region))
    }

    /// Fills in why, for the results from `first` on. Reads the lists again instead of remembering all of their sums.
    fn explain(&mut self, terms: &[Term], first: usize) {
        let mut added = self.results.split_off(first);
        let mut by_item: Vec<(ItemIdx, usize)> = Vec::with_capacity(added.len());
        for (at, result) in added.iter().enumerate() {
            insert(&mut by_item, (result.item, at), |entry| entry.0.cmp(&result.item));
        }
        self.each_contribution(terms, &mut |candidate, part| {
            let Ok(found) = by_item.binary_search_by_key(&candidate, |entry| entry.0) else {
                return;
            };
            let Some(result) = by_item.get(found).and_then(|entry| added.get_mut(entry.1)) else {
                return;
            };
            let same =
                |kept: &&mut Contribution| (kept.item, kept.relation) == (part.item, part.relation);
            match result.because.iter_mut().find(same) {
                Some(kept) => kept.score += part.score,
                None => result.because.push(part),
            }
        });
        for result in &mut added {
            let mut strongest_first: Vec<Contribution> = Vec::with_capacity(result.because.len());
            for part in &result.because {
                insert(&mut strongest_first, *part, |kept| part.weaker_first(kept));
            }
            result.because = strongest_first;
        }
        self.results.append(&mut added);
    }

    /// Visits by a pointer: this walk twice in every shell would cost each of them four kilobytes.
    fn each_contribution(&self, terms: &[Term], visit: &mut dyn FnMut(ItemIdx, Contribution)) {
        for term in terms {
            let relation = term.relation;
            let term_weight = u64::from(term.weight);
            let mut add = |candidate, item, score: u64| {
                let score = score * term_weight;
                visit(candidate, Contribution { item, relation, score });
            };
            match relation {
                Relation::Sessions => {
                    let mut origins = Vec::new();
                    self.each_origin(*term, &mut |item, _| origins.push(item));
                    self.model.each_of_sessions(&origins, &mut add);
                }
                Relation::Rules => {
                    let decay = self.model.scoring().decay(term.decay, 0);
                    self.model.each_of_rules(self.query.cart, &mut |candidate, item, weight| {
                        add(candidate, item, weight * decay);
                    });
                }
                Relation::Again => self.each_origin(*term, &mut |item, weight| {
                    add(item, item, u64::from(self.model.rebuy(item)) * AGAIN * weight);
                }),
                Relation::Popular => {
                    let decay = self.model.scoring().decay(term.decay, 0);
                    for best in self.model.ranking(Audience::Everyone).take(MAX_POPULAR) {
                        add(best.item, best.item, u64::from(best.weight) * POPULAR * decay);
                    }
                }
                _ => self.each_origin(*term, &mut |item, weight| {
                    for neighbour in self.model.neighbours(relation, item) {
                        add(neighbour.item, item, u64::from(neighbour.weight) * weight);
                    }
                }),
            }
        }
    }

    /// Every item that a term starts at, with its weight in 256ths. Of a history by place, each item is visited once,
    /// at its newest place; of a cart, once.
    fn each_origin(&self, term: Term, visit: &mut dyn FnMut(ItemIdx, u64)) {
        let scoring = self.model.scoring();
        let mut visited: Vec<ItemIdx> = Vec::new();
        let mut is_new = |item: &ItemIdx| {
            let n_before = visited.len();
            insert(&mut visited, *item, |other| other.cmp(item));
            visited.len() > n_before
        };
        let at = |at| scoring.decay(term.decay, at);
        let of_event = |event: &Event, decay: u64| (decay * scoring.kind(event.kind)) >> 8;
        match term.from {
            Source::Item => self.query.item.iter().for_each(|item| visit(*item, at(0))),
            Source::Cart => {
                let cart = self.query.cart.iter().take(MAX_CART);
                cart.filter(|item| is_new(item)).for_each(|item| visit(*item, at(0)));
            }
            Source::History => {
                let events = newest(self.query.history).filter(|event| is_new(&event.item));
                for (place, event) in events.enumerate() {
                    visit(event.item, of_event(event, at(place)));
                }
            }
            Source::Events | Source::Ages => {
                for event in newest(self.query.history) {
                    if term.from == Source::Events || is_new(&event.item) {
                        visit(event.item, of_event(event, at(event.age_days.into())));
                    }
                }
            }
        }
    }
}

/// The newest [`MAX_HISTORY`] events, newest first.
fn newest(history: &[Event]) -> impl Iterator<Item = &Event> {
    history.iter().rev().take(MAX_HISTORY)
}

/// Puts a value in its place of an ascending list, unless its equal is there. `compare` says where an entry stands
/// against the value. The lists of a query are short, and a general sort would cost every shell seven kilobytes.
fn insert<T>(list: &mut Vec<T>, value: T, compare: impl FnMut(&T) -> Ordering) {
    if let Err(at) = list.binary_search_by(compare) {
        list.insert(at, value);
    }
}
