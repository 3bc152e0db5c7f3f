//! What answers hold.

use edgewise_core::{MAX_K, Placement, Relation};
use edgewise_endpoint::{MAX_CARDS, MAX_QUESTIONS, ProblemCode};
use serde_json::{Value, json};

/// 2^53 - 1: what JavaScript reads exactly.
const MAX_SCORE: u64 = (1 << 53) - 1;

fn text() -> Value {
    json!({ "type": "string" })
}

fn texts() -> Value {
    json!({ "type": "array", "items": text() })
}

fn score(meaning: &str) -> Value {
    json!({ "type": "integer", "minimum": 0, "maximum": MAX_SCORE, "description": meaning })
}

fn rank(meaning: &str) -> Value {
    json!({ "type": "integer", "minimum": 1, "maximum": MAX_K, "description": meaning })
}

fn digest() -> Value {
    json!({ "type": "string", "pattern": "^[0-9a-f]{64}$", "description": "The digest of the bundle that answered." })
}

fn placement() -> Value {
    json!({ "enum": Placement::ALL.map(Placement::name) })
}

fn list(schema: &str, max_len: usize) -> Value {
    json!({ "type": "array", "maxItems": max_len, "items": reference(schema) })
}

fn reference(schema: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{schema}") })
}

/// An object with these fields and no other; the first ones are always there.
#[expect(clippy::needless_pass_by_value, reason = "made for the call")]
fn object(properties: Value, n_required: usize) -> Value {
    let names = properties.as_object().expect("fields").keys();
    let required: Vec<&String> = names.take(n_required).collect();
    json!({ "type": "object", "additionalProperties": false, "required": required, "properties": properties })
}

fn from() -> Value {
    let relations = Relation::ALL.map(Relation::name).map(str::to_owned);
    let places = ["", "-in-category", "-in-region", "-in-segment"];
    let rankings = ["popular", "trending"].map(|what| places.map(|place| format!("{what}{place}")));
    let mut all: Vec<String> =
        relations.into_iter().chain(rankings.into_iter().flatten()).collect();
    all.extend(["pinned", "catalogue"].map(str::to_owned));
    all.sort_unstable();
    all.dedup();
    json!({ "enum": all, "description": "The relation that added most, the ranking it came from, or why else it is there." })
}

fn result() -> Value {
    object(
        json!({
            "item": text(), "score": score("Comparable within one answer among results of the same rung."),
            "from": from(),
            "base": score("The score before rules and seasons."),
            "rank": rank("Its place."),
            "rank_before": rank("Its place if no rule acted; absent behind the hundredth."),
            "rules": texts(), "because": { "type": "array", "items": reference("Reason") },
            "card": reference("CardFields"),
        }),
        3,
    )
}

fn explanation() -> Value {
    let states = [
        "shown",
        "behind",
        "far-behind",
        "is-the-page",
        "in-the-cart",
        "excluded",
        "seen",
        "other-category",
        "not-in-region",
        "filtered-out",
        "ruled-out",
    ];
    object(
        json!({
            "bundle": digest(), "placement": placement(), "target": text(), "state": { "enum": states },
            "rules": texts(), "ruled_out_by": text(), "result": reference("Result"), "unknown": texts(),
        }),
        5,
    )
}

fn problem() -> Value {
    let statuses: std::collections::BTreeSet<u16> =
        ProblemCode::ALL.into_iter().map(ProblemCode::status).collect();
    object(
        json!({
            "type": { "type": "string", "pattern": "^urn:edgewise:problem:[a-z-]+$" },
            "title": text(), "status": { "enum": statuses }, "detail": text(),
            "code": { "enum": ProblemCode::ALL.map(ProblemCode::name) },
            "found": text(), "allowed": text(),
            "parameter": { "type": "string", "description": "The parameter at fault." },
        }),
        7,
    )
}

pub(crate) fn schemas() -> Value {
    let card = json!({
        "title": text(), "price": { "type": "string", "pattern": "^[0-9]+(\\.[0-9]+)?$" },
        "currency": { "type": "string", "pattern": "^[A-Z]{3}$" }, "url": text(), "image": text(),
        "category": text(),
    });
    let item_card = json!({ "item": text(), "card": reference("CardFields") });
    json!({
        "Answer": object(
            json!({
                "bundle": digest(), "placement": placement(), "items": list("Result", MAX_K),
                "rules": texts(), "unknown": texts(),
            }),
            3,
        ),
        "Answers": object(
            json!({
                "bundle": digest(),
                "answers": {
                    "type": "array", "maxItems": MAX_QUESTIONS,
                    "items": { "anyOf": [reference("Answer"), reference("Problem")] },
                },
            }),
            2,
        ),
        "Result": result(),
        "Reason": object(
            json!({
                "item": text(), "relation": { "enum": Relation::ALL.map(Relation::name) },
                "score": score("What it added."),
            }),
            3,
        ),
        "CardFields": object(card, 0),
        "Card": object(json!({ "bundle": digest(), "item": text(), "card": reference("CardFields") }), 2),
        "Cards": object(
            json!({
                "bundle": digest(),
                "items": { "type": "array", "maxItems": MAX_CARDS, "items": object(item_card, 1) },
                "unknown": texts(),
            }),
            2,
        ),
        "Explanation": explanation(),
        "Health": object(json!({ "status": { "enum": ["ok"] }, "bundle": digest() }), 2),
        "Version": object(
            json!({
                "name": { "enum": ["edgewise"] }, "version": text(), "format": { "type": "integer" },
                "bundle": digest(), "items": { "type": "integer", "minimum": 1 },
            }),
            5,
        ),
        "Problem": problem(),
    })
}
