//! The oracle: the whole catalogue scored item by item, nothing sparse, a full sort.

use alloc::vec::Vec;

use crate::ids::ItemIdx;
use crate::model::{Audience, Model, Relation};
use crate::query::{Query, Seen};
use crate::scoring::{Among, MAX_POPULAR, Rung, Source, Term};

/// Item and score of every result of [`crate::recommend`], by exhaustive search.
pub(crate) fn recommend<M: Model>(model: &M, query: &Query<'_>) -> Vec<(ItemIdx, u64)> {
    let mut results: Vec<(ItemIdx, u64)> = Vec::new();
    for rung in model.scoring().ladder(query.placement) {
        let mut scored: Vec<(ItemIdx, u64)> = (0..model.n_items())
            .map(ItemIdx)
            .filter(|&item| is_allowed(model, query, item))
            .filter(|item| results.iter().all(|result| result.0 != *item))
            .map(|item| (item, score(model, query, rung, item)))
            .filter(|entry| entry.1 > 0)
            .collect();
        scored.sort_by(|a, b| (b.1, a.0).cmp(&(a.1, b.0)));
        results.extend(scored);
    }
    results.truncate(query.k);
    results
}

fn is_allowed<M: Model>(model: &M, query: &Query<'_>, item: ItemIdx) -> bool {
    Some(item) != query.item
        && !query.cart.contains(&item)
        && !query.exclude.contains(&item)
        && (query.seen == Seen::Show || query.history.iter().all(|event| event.item != item))
        && query.category.is_none_or(|category| model.category(item) == Some(category))
        && query.region.is_none_or(|region| model.is_available(item, region))
}

fn score<M: Model>(model: &M, query: &Query<'_>, rung: &Rung, target: ItemIdx) -> u64 {
    let weight_in = |mut list: alloc::vec::IntoIter<crate::Weighted>| {
        list.find(|weighted| weighted.item == target)
            .map_or(0, |weighted| u64::from(weighted.weight))
    };
    match rung {
        Rung::Popular(among) | Rung::Trending(among) => {
            let page = query.item.and_then(|item| model.category(item));
            let audience = match among {
                Among::Category => query.category.or(page).map(Audience::Category),
                Among::Region => query.region.map(Audience::Region),
                Among::Segment => None,
                Among::Everyone => Some(Audience::Everyone),
            };
            audience.map_or(0, |audience| {
                let ranking: Vec<_> = match rung {
                    Rung::Trending(_) => model.trending(audience).collect(),
                    _ => model.ranking(audience).collect(),
                };
                weight_in(ranking.into_iter())
            })
        }
        Rung::Related(terms) => {
            terms.iter().map(|term| term_score(model, query, *term, target)).sum()
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
