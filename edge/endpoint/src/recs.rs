//! `/recs`: a question in, an answer out, in JSON or MessagePack.

use alloc::vec::Vec;

use edgewise_bundle::{Bundle, Card, hex};
use edgewise_core::{Audience, ItemIdx, Origin, Recommendation, Scratch};

use crate::asked::{Asked, Given, MAX_BODY_BYTES, Resolved};
use crate::media::Media;
use crate::problem::{Problem, ProblemCode, decimal, joined};
use crate::wire::{Fault, Writer, read_map};

/// Contributions that an answer lists for each result unless it is asked for all.
const BRIEF: usize = 3;

/// Answers a question in JSON with an answer in JSON: byte for byte the bodies of `POST /recs`. Whoever keeps the
/// memory answers the next one quicker.
///
/// # Errors
/// The problem document as JSON.
pub fn answer_json(
    bundle: &Bundle<'_>,
    scratch: &mut Scratch,
    body: &[u8],
) -> Result<Vec<u8>, Vec<u8>> {
    read(body, Media::Json)
        .and_then(|asked| write(bundle, scratch, &asked, Media::Json))
        .map_err(|problem| problem.to_json())
}

/// Reads the question of a body.
pub(crate) fn read(body: &[u8], media: Media) -> Result<Asked, Problem> {
    if body.len() > MAX_BODY_BYTES {
        let allowed = joined(&["at most ", &decimal(MAX_BODY_BYTES as u64), " bytes"]);
        return Err(Problem::new(ProblemCode::BodyTooLarge, "a longer body", &allowed));
    }
    let mut asked = Asked::default();
    let mut given = Given::default();
    let read = read_map(body, media, &mut |key, value| asked.set(given.first(key)?, value));
    match read {
        Ok(()) => Ok(asked),
        Err(Fault::Refused(problem)) => Err(problem),
        Err(Fault::Syntax { at, expected }) => {
            let found = match text_from(body, at) {
                "" if at >= body.len() => "the end",
                "" => "bytes that are no text",
                text => text,
            };
            Err(Problem::new(
                ProblemCode::BadBody,
                found,
                &joined(&[expected, " at byte ", &decimal(at as u64)]),
            ))
        }
    }
}

/// The text that begins at a byte, up to what is not UTF-8.
fn text_from(body: &[u8], at: usize) -> &str {
    let rest = body.get(at..).unwrap_or(&[]);
    let n_valid = match core::str::from_utf8(rest) {
        Ok(text) => return text,
        Err(error) => error.valid_up_to(),
    };
    rest.get(..n_valid).and_then(|valid| core::str::from_utf8(valid).ok()).unwrap_or("")
}

/// Answers a question.
pub(crate) fn write(
    bundle: &Bundle<'_>,
    scratch: &mut Scratch,
    asked: &Asked,
    media: Media,
) -> Result<Vec<u8>, Problem> {
    let resolved = asked.resolve(bundle)?;
    let results = bundle.recommend_with(scratch, &resolved.query());
    let mut writer = Writer::new(media);
    let n_unknown = resolved.unknown.len();
    writer.map(if n_unknown == 0 { 3 } else { 4 });
    writer.text_field("bundle", &hex(&bundle.digest()));
    writer.text_field("placement", resolved.placement.name());
    writer.key("items");
    writer.list(results.len());
    for result in results {
        write_item(&mut writer, bundle, result, &resolved);
    }
    writer.end_list();
    if n_unknown > 0 {
        writer.key("unknown");
        writer.list(n_unknown);
        resolved.unknown.iter().for_each(|name| writer.text(name));
        writer.end_list();
    }
    writer.end_map();
    Ok(writer.finish())
}

fn write_item(
    writer: &mut Writer,
    bundle: &Bundle<'_>,
    result: &Recommendation,
    resolved: &Resolved<'_>,
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
        if resolved.explain { result.because.len() } else { result.because.len().min(BRIEF) };
    let (mut id, mut card) = (Vec::new(), Vec::new());
    let card = if resolved.cards { bundle.card(result.item, &mut card) } else { None };
    writer.map(3 + usize::from(n_reasons > 0) + usize::from(card.is_some()));
    writer.text_field("item", name(bundle, result.item, &mut id));
    writer.number_field("score", result.score);
    writer.text_field("from", from);
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
    if let Some(card) = card {
        write_card(writer, card, bundle.currency());
    }
    writer.end_map();
}

fn write_card(writer: &mut Writer, card: Card<'_>, currency: Option<&str>) {
    let Card { title, price, url, image, category } = card;
    let texts = [
        ("title", title),
        ("price", price),
        ("currency", currency.filter(|_| price.is_some())),
        ("url", url),
        ("image", image),
        ("category", category),
    ];
    writer.key("card");
    writer.map(texts.iter().filter(|entry| entry.1.is_some()).count());
    for (key, text) in texts {
        if let Some(text) = text {
            writer.text_field(key, text);
        }
    }
    writer.end_map();
}

/// The id of an item that scoring named. Only a damaged bundle, opened as trusted, can lack it.
fn name<'t>(bundle: &Bundle<'_>, item: ItemIdx, text: &'t mut Vec<u8>) -> &'t str {
    bundle.item_id(item, text).unwrap_or("")
}
