//! `/recs`: a question in, an answer out, in JSON or MessagePack.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use edgewise_bundle::{Bundle, Card};
use edgewise_core::{Audience, Recommendation, Relation, recommend};

use crate::asked::{Asked, Given, MAX_BODY_BYTES};
use crate::media::Media;
use crate::problem::{Problem, ProblemCode};
use crate::wire::{Fault, Value, encode, hex_digit, read_map};

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
        let allowed = format!("at most {MAX_BODY_BYTES} bytes");
        return Err(Problem::new(
            ProblemCode::BodyTooLarge,
            "a longer body",
            &allowed,
        ));
    }
    let mut asked = Asked::default();
    let mut given = Given::default();
    let read = read_map(body, media, &mut |key, value| {
        asked.set(given.first(key)?, value)
    });
    match read {
        Ok(()) => Ok(asked),
        Err(Fault::Refused(problem)) => Err(problem),
        Err(Fault::Syntax { at, expected }) => {
            let rest = body.get(at..).unwrap_or(&[]);
            let found = if rest.is_empty() {
                "the end".into()
            } else {
                String::from_utf8_lossy(rest)
            };
            Err(Problem::new(
                ProblemCode::BadBody,
                &found,
                &format!("{expected} at byte {at}"),
            ))
        }
    }
}

/// Answers a question.
pub(crate) fn write(bundle: &Bundle<'_>, asked: &Asked, media: Media) -> Result<Vec<u8>, Problem> {
    let resolved = asked.resolve(bundle)?;
    let results = recommend(bundle, &resolved.query());
    let n_reasons = if resolved.explain { usize::MAX } else { BRIEF };
    let items = results
        .iter()
        .filter_map(|result| item_value(bundle, result, n_reasons, resolved.cards))
        .collect();
    let mut answer = Vec::from([
        ("bundle", Value::Owned(hex(&bundle.digest()))),
        ("placement", Value::Text(resolved.placement.name())),
        ("items", Value::List(items)),
    ]);
    if !resolved.unknown.is_empty() {
        let unknown = resolved.unknown.iter().copied().map(Value::Text).collect();
        answer.push(("unknown", Value::List(unknown)));
    }
    Ok(encode(&Value::Map(answer), media))
}

fn item_value<'a>(
    bundle: &Bundle<'a>,
    result: &Recommendation,
    n_reasons: usize,
    cards: bool,
) -> Option<Value<'a>> {
    let from = match result.popular {
        Some(Audience::Everyone) => "popular",
        Some(Audience::Category(_)) => "popular-in-category",
        Some(Audience::Region(_)) => "popular-in-region",
        None => result
            .because
            .first()
            .map_or("similar", |strongest| relation_name(strongest.relation)),
    };
    let mut fields = Vec::from([
        ("item", Value::Text(bundle.item_id(result.item)?)),
        ("score", Value::Number(result.score)),
        ("from", Value::Text(from)),
    ]);
    let because: Vec<Value<'a>> = result
        .because
        .iter()
        .take(n_reasons)
        .filter_map(|part| {
            Some(Value::Map(Vec::from([
                ("item", Value::Text(bundle.item_id(part.item)?)),
                ("relation", Value::Text(relation_name(part.relation))),
                ("score", Value::Number(part.score)),
            ])))
        })
        .collect();
    if !because.is_empty() {
        fields.push(("because", Value::List(because)));
    }
    if let Some(card) = bundle.card(result.item).filter(|_| cards) {
        fields.push(("card", card_value(card, bundle.currency())));
    }
    Some(Value::Map(fields))
}

fn card_value<'a>(card: Card<'a>, currency: Option<&'a str>) -> Value<'a> {
    let Card {
        title,
        price,
        url,
        image,
        category,
    } = card;
    let texts = [
        ("title", title),
        ("price", price),
        ("currency", currency.filter(|_| price.is_some())),
        ("url", url),
        ("image", image),
        ("category", category),
    ];
    Value::Map(
        texts
            .into_iter()
            .filter_map(|(key, text)| Some((key, Value::Text(text?))))
            .collect(),
    )
}

fn relation_name(relation: Relation) -> &'static str {
    match relation {
        Relation::Similar => "similar",
        Relation::Together => "together",
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digits = bytes
        .iter()
        .flat_map(|byte| [hex_digit(byte >> 4), hex_digit(*byte)]);
    digits.map(char::from).collect()
}
