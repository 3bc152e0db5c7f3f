//! An answer: results with their scores, reasons and cards, and what rules made of them.

use alloc::vec::Vec;

use edgewise_bundle::{Bundle, hex};
use edgewise_core::{
    Audience, Context, ItemIdx, MAX_K, Model as _, Origin, Query, Recommendation, Scratch, acts,
};

use crate::cards::{name, write_card};
use crate::resolve::Resolved;
use crate::wire::Writer;

/// Contributions that an answer lists for each result unless it is asked for all.
const BRIEF: usize = 3;

/// What an answer with `explain` says besides.
pub(crate) struct Explanation<'b> {
    /// Names of the rules that act on the question.
    pub(crate) acting: Vec<&'b str>,
    /// The results as they would be without those rules; none when there are none.
    before: Vec<ItemIdx>,
}

/// Looks at an answer without its rules.
pub(crate) fn explain<'b>(
    bundle: &'b Bundle<'_>,
    scratch: &mut Scratch,
    query: &Query<'_>,
) -> Explanation<'b> {
    let mut acting = Vec::new();
    for (place, rule) in bundle.policy().rules().enumerate() {
        if acts(&rule, query) {
            acting.push(bundle.rule_name(place).unwrap_or(""));
        }
    }
    let mut before = Vec::new();
    if !acting.is_empty() {
        let context = Context { sets: 0, ..query.context };
        let query = Query { k: MAX_K, context, ..*query };
        let results = bundle.recommend_with(scratch, &query);
        before.extend(results.iter().map(|result| result.item));
    }
    Explanation { acting, before }
}

/// Answers a question.
pub(crate) fn write<'s>(
    writer: &mut Writer,
    bundle: &Bundle<'_>,
    scratch: &'s mut Scratch,
    resolved: &Resolved<'_>,
) -> &'s [Recommendation] {
    let query = resolved.query();
    let explanation = resolved.explain.then(|| explain(bundle, scratch, &query));
    let results = bundle.recommend_with(scratch, &query);
    let n_optional = usize::from(explanation.is_some()) + usize::from(!resolved.unknown.is_empty());
    writer.map(1 + n_head(resolved) + n_optional);
    write_head(writer, bundle, resolved);
    writer.key("items");
    writer.list(results.len());
    for (place, result) in results.iter().enumerate() {
        let with_place = explanation.as_ref().map(|explanation| (explanation, place));
        write_item(writer, bundle, resolved, (result, with_place));
    }
    writer.end_list();
    if let Some(explanation) = &explanation {
        write_texts(writer, "rules", &explanation.acting);
    }
    write_unknown(writer, &resolved.unknown);
    writer.end_map();
    results
}

/// Fields that every answer begins with.
pub(crate) fn n_head(resolved: &Resolved<'_>) -> usize {
    2 + usize::from(resolved.variant.is_some())
}

/// What every answer begins with.
pub(crate) fn write_head(writer: &mut Writer, bundle: &Bundle<'_>, resolved: &Resolved<'_>) {
    writer.text_field("bundle", &hex(&bundle.digest()));
    writer.text_field("placement", resolved.placement.name());
    let found = resolved.variant.and_then(|assigned| bundle.experiments().get(assigned));
    if let Some((experiment, variant)) = found {
        writer.key("experiment");
        writer.map(2);
        writer.text_field("name", &experiment.name);
        writer.text_field("variant", &variant.name);
        writer.end_map();
    }
}

/// A result; where it is explained, with its place from 0.
pub(crate) fn write_item(
    writer: &mut Writer,
    bundle: &Bundle<'_>,
    resolved: &Resolved<'_>,
    (result, explained): (&Recommendation, Option<(&Explanation<'_>, usize)>),
) {
    let from = match result.origin {
        Origin::Popular(Audience::Everyone) => "popular",
        Origin::Popular(Audience::Category(_)) => "popular-in-category",
        Origin::Popular(Audience::Region(_)) => "popular-in-region",
        Origin::Popular(Audience::Segment(_)) => "popular-in-segment",
        Origin::Trending(Audience::Everyone) => "trending",
        Origin::Trending(Audience::Category(_)) => "trending-in-category",
        Origin::Trending(Audience::Region(_)) => "trending-in-region",
        Origin::Trending(Audience::Segment(_)) => "trending-in-segment",
        Origin::Related => {
            result.because.first().map_or("similar", |strongest| strongest.relation.name())
        }
        Origin::Pinned => "pinned",
        Origin::Catalogue => "catalogue",
    };
    let n_reasons =
        if explained.is_some() { result.because.len() } else { result.because.len().min(BRIEF) };
    let (mut id, mut card) = (Vec::new(), Vec::new());
    let card = if resolved.cards { bundle.card(result.item, &mut card) } else { None };
    let explained = explained
        .map(|(explanation, place)| Explained::of(explanation, place, (bundle, resolved, result)));
    let n_explained = explained.as_ref().map_or(0, Explained::n_fields);
    writer.map(3 + n_explained + usize::from(n_reasons > 0) + usize::from(card.is_some()));
    writer.text_field("item", name(bundle, result.item, &mut id));
    writer.number_field("score", result.score);
    writer.text_field("from", from);
    if let Some(explained) = explained {
        explained.write(writer, result);
    }
    if n_reasons > 0 {
        writer.key("because");
        writer.list(n_reasons);
        for part in result.because.iter().take(n_reasons) {
            writer.map(3);
            writer.text_field("item", name(bundle, part.item, &mut id));
            writer.text_field("relation", part.relation.name());
            writer.number_field("score", part.score);
            writer.end_map();
        }
        writer.end_list();
    }
    write_card(writer, card, bundle);
    writer.end_map();
}

/// What `explain` says of a result besides its contributions.
struct Explained<'b> {
    rank: u64,
    rank_before: Option<u64>,
    rules: Vec<&'b str>,
}

impl<'b> Explained<'b> {
    fn of(
        explanation: &Explanation<'_>,
        place: usize,
        (bundle, resolved, result): (&'b Bundle<'_>, &Resolved<'_>, &Recommendation),
    ) -> Explained<'b> {
        let is_untouched = explanation.acting.is_empty();
        let before = explanation.before.iter().position(|item| *item == result.item);
        let before = if is_untouched { Some(place) } else { before };
        let query = resolved.query();
        let mut rules = Vec::new();
        for (at, rule) in bundle.policy().rules().enumerate() {
            if acts(&rule, &query) && bundle.moves(&query, &rule, result) {
                rules.push(bundle.rule_name(at).unwrap_or(""));
            }
        }
        let rank = |place| place as u64 + 1;
        Explained { rank: rank(place), rank_before: before.map(rank), rules }
    }

    fn n_fields(&self) -> usize {
        2 + usize::from(self.rank_before.is_some()) + usize::from(!self.rules.is_empty())
    }

    fn write(&self, writer: &mut Writer, result: &Recommendation) {
        writer.number_field("base", result.base);
        writer.number_field("rank", self.rank);
        if let Some(rank) = self.rank_before {
            writer.number_field("rank_before", rank);
        }
        if !self.rules.is_empty() {
            write_texts(writer, "rules", &self.rules);
        }
    }
}

/// A field with a list of texts.
pub(crate) fn write_texts(writer: &mut Writer, key: &str, texts: &[&str]) {
    writer.key(key);
    writer.list(texts.len());
    for text in texts {
        writer.text(text);
    }
    writer.end_list();
}

/// A field with the names that a bundle does not know, where there are any.
pub(crate) fn write_unknown(writer: &mut Writer, unknown: &[&str]) {
    if !unknown.is_empty() {
        write_texts(writer, "unknown", unknown);
    }
}
