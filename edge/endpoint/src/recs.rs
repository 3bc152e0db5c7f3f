//! `/recs`: a question in, an answer out, in JSON or MessagePack.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::cell::Cell;

use edgewise_bundle::{Bundle, Card};
use edgewise_core::{Audience, Recommendation, Relation, recommend};
use serde::Serialize;
use serde::de::DeserializeSeed;

use crate::asked::{Asked, AskedSeed, MAX_BODY_BYTES, PARAMETERS};
use crate::media::Media;
use crate::problem::{Problem, ProblemCode};

/// Contributions that an answer lists for each result unless it is asked for all.
const BRIEF: usize = 3;

/// Answers a question in JSON with an answer in JSON: byte for byte the bodies of `POST /recs`.
///
/// # Errors
/// The problem document as JSON.
pub fn answer_json(bundle: &Bundle<'_>, body: &[u8]) -> Result<Vec<u8>, Vec<u8>> {
    read(body, Media::Json)
        .and_then(|asked| write(bundle, &asked, Media::Json))
        .map_err(|problem| problem.to_json())
}

/// Reads the question of a body.
pub(crate) fn read(body: &[u8], media: Media) -> Result<Asked, Problem> {
    if body.len() > MAX_BODY_BYTES {
        let allowed = format_args!("at most {MAX_BODY_BYTES} bytes");
        return Err(Problem::new(
            ProblemCode::BodyTooLarge,
            "a longer body",
            allowed,
        ));
    }
    let at_fault = Cell::new(None);
    let seed = AskedSeed {
        at_fault: &at_fault,
    };
    let read = match media {
        Media::Json => {
            let mut deserializer = serde_json::Deserializer::from_slice(body);
            let asked = seed
                .deserialize(&mut deserializer)
                .map_err(|error| error.to_string());
            asked.and_then(|asked| {
                deserializer
                    .end()
                    .map(|()| asked)
                    .map_err(|error| error.to_string())
            })
        }
        Media::MessagePack => {
            let mut deserializer = rmp_serde::Deserializer::from_read_ref(body);
            seed.deserialize(&mut deserializer)
                .map_err(|error| error.to_string())
        }
    };
    read.map_err(|cause| match at_fault.take() {
        None => Problem::new(
            ProblemCode::BadBody,
            &cause,
            format_args!("one map of {PARAMETERS}"),
        ),
        Some(fault) => {
            let allowed = match fault.code {
                ProblemCode::UnknownParameter => PARAMETERS,
                ProblemCode::RepeatedParameter => "once",
                _ => allowed_in_body(fault.parameter.unwrap_or_default()),
            };
            Problem {
                parameter: fault.parameter,
                ..Problem::new(fault.code, &cause, allowed)
            }
        }
    })
}

fn allowed_in_body(parameter: &str) -> &'static str {
    match parameter {
        "history" | "cart" | "exclude" => "a list of item ids",
        "k" => "a whole number from 1 to 100",
        "explain" | "cards" => "true or false",
        _ => "text",
    }
}

/// Answers a question.
pub(crate) fn write(bundle: &Bundle<'_>, asked: &Asked, media: Media) -> Result<Vec<u8>, Problem> {
    let resolved = asked.resolve(bundle)?;
    let results = recommend(bundle, &resolved.query());
    let n_reasons = if resolved.explain { usize::MAX } else { BRIEF };
    let answer = Answer {
        bundle: hex(&bundle.digest()),
        placement: resolved.placement.name(),
        items: results
            .iter()
            .filter_map(|result| wire_item(bundle, result, n_reasons, resolved.cards))
            .collect(),
        unknown: &resolved.unknown,
    };
    // Cannot fail: the answer is text, numbers, lists and maps, written to memory.
    Ok(match media {
        Media::Json => serde_json::to_vec(&answer).unwrap_or_default(),
        Media::MessagePack => rmp_serde::to_vec_named(&answer).unwrap_or_default(),
    })
}

#[derive(Serialize)]
struct Answer<'a> {
    bundle: String,
    placement: &'a str,
    items: Vec<WireItem<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    unknown: &'a [&'a str],
}

#[derive(Serialize)]
struct WireItem<'a> {
    item: &'a str,
    score: u64,
    from: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    because: Vec<WireReason<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card: Option<WireCard<'a>>,
}

#[derive(Serialize)]
struct WireReason<'a> {
    item: &'a str,
    relation: &'a str,
    score: u64,
}

#[derive(Serialize)]
struct WireCard<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'a str>,
}

fn wire_item<'a>(
    bundle: &Bundle<'a>,
    result: &Recommendation,
    n_reasons: usize,
    cards: bool,
) -> Option<WireItem<'a>> {
    let from = match result.popular {
        Some(Audience::Everyone) => "popular",
        Some(Audience::Category(_)) => "popular-in-category",
        Some(Audience::Region(_)) => "popular-in-region",
        None => result
            .because
            .first()
            .map_or("similar", |strongest| relation_name(strongest.relation)),
    };
    let because = result
        .because
        .iter()
        .take(n_reasons)
        .filter_map(|part| {
            let relation = relation_name(part.relation);
            Some(WireReason {
                item: bundle.item_id(part.item)?,
                relation,
                score: part.score,
            })
        })
        .collect();
    let card = if cards {
        bundle.card(result.item)
    } else {
        None
    };
    let card = card.map(|card| wire_card(card, bundle.currency()));
    Some(WireItem {
        item: bundle.item_id(result.item)?,
        score: result.score,
        from,
        because,
        card,
    })
}

fn wire_card<'a>(card: Card<'a>, currency: Option<&'a str>) -> WireCard<'a> {
    let Card {
        title,
        price,
        url,
        image,
        category,
    } = card;
    WireCard {
        title,
        price,
        currency: currency.filter(|_| price.is_some()),
        url,
        image,
        category,
    }
}

fn relation_name(relation: Relation) -> &'static str {
    match relation {
        Relation::Similar => "similar",
        Relation::Together => "together",
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
