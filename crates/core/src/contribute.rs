//! What the terms of a rung add to which item: the same walk for summing and, for the few best, for saying why.

use alloc::vec::Vec;

use crate::accumulate::Accumulator;
use crate::ids::ItemIdx;
use crate::model::{Audience, Model, Relation, Weighted};
use crate::query::{Event, MAX_CART, MAX_HISTORY, Query};
use crate::recommend::{Contribution, Recommendation};
use crate::scoring::{MAX_POPULAR, Source, Term};

/// Brings [`Model::rebuy`] to the unit of [`Weighted::ONE`].
const AGAIN: u64 = 65_535;
/// Brings the weights of rankings to the same unit.
const POPULAR: u64 = 255;

/// The entries of the lists that were summed, one list behind the other: what is read to say why. A second look at the
/// lists themselves costs two and a half times as much.
#[derive(Clone, Debug, Default)]
pub(crate) struct Read {
    entries: Vec<Weighted>,
    /// How many of the entries are given back.
    n_given: usize,
    /// The number of entries of each list.
    lengths: Vec<usize>,
    n_lists_given: usize,
}

impl Read {
    /// Forgets everything and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.entries.clear();
        self.lengths.clear();
        (self.n_given, self.n_lists_given) = (0, 0);
    }

    /// The next list, in the order in which they were read.
    fn next_list(&mut self) -> &[Weighted] {
        let n = self.lengths.get(self.n_lists_given).copied().unwrap_or(0);
        let start = self.n_given;
        (self.n_given, self.n_lists_given) = (start + n, self.n_lists_given + 1);
        self.entries.get(start..start + n).unwrap_or(&[])
    }
}

/// Who takes contributions.
pub(crate) enum Sink<'s> {
    /// Sums them all.
    Sum(&'s mut Accumulator),
    /// Keeps those of a few results.
    Explain(Explained<'s>),
}

impl Sink<'_> {
    fn add(&mut self, candidate: ItemIdx, part: Contribution) {
        match self {
            Sink::Sum(sums) => sums.add(candidate, part.score),
            Sink::Explain(explained) => explained.add(candidate, part),
        }
    }

    /// A whole list at once: the choice between the two is made once for each list, not for each entry.
    fn add_list<I: Iterator<Item = Weighted>>(
        &mut self,
        list: impl FnOnce() -> I,
        read: &mut Read,
        part: Contribution,
    ) {
        match self {
            Sink::Sum(sums) => {
                let n_before = read.entries.len();
                list().for_each(|entry| {
                    sums.add(entry.item, u64::from(entry.weight) * part.score);
                    read.entries.push(entry);
                });
                read.lengths.push(read.entries.len() - n_before);
            }
            Sink::Explain(explained) => {
                for entry in read.next_list() {
                    if explained.may_hold(entry.item) {
                        let score = u64::from(entry.weight) * part.score;
                        explained.add(entry.item, Contribution { score, ..part });
                    }
                }
            }
        }
    }
}

/// Results that wait for their reasons.
pub(crate) struct Explained<'s> {
    results: &'s mut [Recommendation],
    /// Rows of the results with their places, ascending.
    by_item: &'s [(ItemIdx, usize)],
    /// A bit for the last bits of each row: most entries of a list are refused by one look.
    bits: [u64; 16],
}

impl<'s> Explained<'s> {
    /// `by_item` is the rows of `results` with their places, ascending.
    pub(crate) fn new(results: &'s mut [Recommendation], by_item: &'s [(ItemIdx, usize)]) -> Self {
        let mut explained = Explained { results, by_item, bits: [0; 16] };
        for (item, _) in by_item {
            explained.bits[item.index() / 64 % 16] |= 1 << (item.0 % 64);
        }
        explained
    }

    /// False only for items that are no result.
    #[inline]
    fn may_hold(&self, item: ItemIdx) -> bool {
        self.bits[item.index() / 64 % 16] >> (item.0 % 64) & 1 == 1
    }

    fn add(&mut self, candidate: ItemIdx, part: Contribution) {
        let found = self.by_item.binary_search_by_key(&candidate, |entry| entry.0).ok();
        let place = found.and_then(|found| self.by_item.get(found));
        let Some(result) = place.and_then(|entry| self.results.get_mut(entry.1)) else {
            return;
        };
        let same =
            |kept: &&mut Contribution| (kept.item, kept.relation) == (part.item, part.relation);
        match result.because.iter_mut().find(same) {
            Some(kept) => kept.score = kept.score.wrapping_add(part.score),
            None => result.because.push(part),
        }
    }
}

/// The items that a term starts at.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origins {
    /// With their weights in 256ths.
    weighted: Vec<(ItemIdx, u64)>,
    /// The same, ascending, without repeats.
    visited: Vec<ItemIdx>,
    /// For what is asked of all at once.
    items: Vec<ItemIdx>,
}

impl Origins {
    /// Every item that a term starts at. Of a history by place, each item comes once, at its newest place; of a cart,
    /// once.
    fn find<M: Model>(&mut self, model: &M, query: &Query<'_>, term: Term) {
        self.weighted.clear();
        self.visited.clear();
        let scoring = model.scoring();
        let at = |at| scoring.decay(term.decay, at);
        let of_event = |event: &Event, decay: u64| (decay * scoring.kind(event.kind)) >> 8;
        match term.from {
            Source::Item => self.weighted.extend(query.item.map(|item| (item, at(0)))),
            Source::Cart => {
                for item in query.cart.iter().take(MAX_CART) {
                    if insert_item(&mut self.visited, *item) {
                        self.weighted.push((*item, at(0)));
                    }
                }
            }
            Source::History | Source::Events | Source::Ages => {
                for event in newest(query.history) {
                    if term.from != Source::Events && !insert_item(&mut self.visited, event.item) {
                        continue;
                    }
                    let is_by_place = term.from == Source::History;
                    let place =
                        if is_by_place { self.weighted.len() } else { event.age_days.into() };
                    self.weighted.push((event.item, of_event(event, at(place))));
                }
            }
        }
    }
}

/// Gives every contribution of the terms to the sink. A sink that sums leaves in `read` what one that explains takes.
pub(crate) fn contribute<M: Model>(
    model: &M,
    query: &Query<'_>,
    terms: &[Term],
    (origins, read): (&mut Origins, &mut Read),
    sink: &mut Sink<'_>,
) {
    for term in terms {
        let relation = term.relation;
        let term_weight = u64::from(term.weight);
        let of = |item, score: u64| Contribution { item, relation, score: score * term_weight };
        let decay = model.scoring().decay(term.decay, 0);
        if !matches!(relation, Relation::Rules | Relation::Popular) {
            origins.find(model, query, *term);
        }
        match relation {
            Relation::Sessions => {
                origins.items.clear();
                origins.items.extend(origins.weighted.iter().map(|origin| origin.0));
                model.each_of_sessions(&origins.items, &mut |candidate, item, score| {
                    sink.add(candidate, of(item, score));
                });
            }
            Relation::Rules => model.each_of_rules(query.cart, &mut |candidate, item, weight| {
                sink.add(candidate, of(item, weight * decay));
            }),
            Relation::Again => {
                for &(item, weight) in &origins.weighted {
                    sink.add(item, of(item, u64::from(model.rebuy(item)) * AGAIN * weight));
                }
            }
            Relation::Popular => {
                for best in model.ranking(Audience::Everyone).take(MAX_POPULAR) {
                    sink.add(best.item, of(best.item, u64::from(best.weight) * POPULAR * decay));
                }
            }
            _ => {
                for &(item, weight) in &origins.weighted {
                    let list = || model.neighbours(relation, item);
                    sink.add_list(list, read, of(item, weight));
                }
            }
        }
    }
}

/// The newest [`MAX_HISTORY`] events, newest first.
pub(crate) fn newest(history: &[Event]) -> impl Iterator<Item = &Event> {
    history.iter().rev().take(MAX_HISTORY)
}

/// Puts an item in its place of an ascending list; false when it is there. The lists of a query are short, and a
/// general sort would cost every shell seven kilobytes.
pub(crate) fn insert_item(list: &mut Vec<ItemIdx>, item: ItemIdx) -> bool {
    match list.binary_search(&item) {
        Ok(_) => false,
        Err(at) => {
            list.insert(at, item);
            true
        }
    }
}
