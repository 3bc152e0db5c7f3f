//! `/v1/explain`: why an item is among the recommendations, or is not.

use edgewise_bundle::Bundle;
use edgewise_core::{ItemIdx, MAX_K, Obstacle, Query, Scratch};

use crate::recs::{
    Explanation, explain, n_head, write_head, write_item, write_texts, write_unknown,
};
use crate::resolve::Resolved;
use crate::wire::Writer;

/// Writes where an item stands in the answer to a question, and what moved it or keeps it out.
pub(crate) fn write(
    writer: &mut Writer,
    bundle: &Bundle<'_>,
    scratch: &mut Scratch,
    (resolved, id, target): (&Resolved<'_>, &str, ItemIdx),
) {
    let query = resolved.query();
    let explanation: Explanation<'_> = explain(bundle, scratch, &query);
    let results = bundle.recommend_with(scratch, &Query { k: MAX_K, ..query });
    let place = results.iter().position(|result| result.item == target);
    let obstacle = bundle.obstacle(&query, target);
    let state = match (place, obstacle) {
        (Some(place), _) if place < query.k => "shown",
        (Some(_), _) => "behind",
        (None, None) => "far-behind",
        (None, Some(Obstacle::Page)) => "is-the-page",
        (None, Some(Obstacle::Cart)) => "in-the-cart",
        (None, Some(Obstacle::Excluded)) => "excluded",
        (None, Some(Obstacle::Seen)) => "seen",
        (None, Some(Obstacle::Category)) => "other-category",
        (None, Some(Obstacle::Region)) => "not-in-region",
        (None, Some(Obstacle::Filter)) => "filtered-out",
        (None, Some(Obstacle::Rule(_))) => "ruled-out",
    };
    let ruled_out_by = match obstacle {
        Some(Obstacle::Rule(rule)) => bundle.rule_name(rule),
        _ => None,
    };
    let n_optional = [place.is_some(), ruled_out_by.is_some(), !resolved.unknown.is_empty()];
    writer.map(3 + n_head(resolved) + n_optional.into_iter().filter(|is_there| *is_there).count());
    write_head(writer, bundle, resolved);
    writer.text_field("target", id);
    writer.text_field("state", state);
    if let Some(name) = ruled_out_by {
        writer.text_field("ruled_out_by", name);
    }
    if let Some((place, result)) = place.and_then(|place| Some((place, results.get(place)?))) {
        writer.key("result");
        write_item(writer, bundle, resolved, (result, Some((&explanation, place))));
    }
    write_texts(writer, "rules", &explanation.acting);
    write_unknown(writer, &resolved.unknown);
    writer.end_map();
}
