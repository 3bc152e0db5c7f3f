//! What each parameter may be.

use edgewise_core::{
    MAX_CART, MAX_EXCLUDE, MAX_HISTORY, MAX_K, Placement, filter::MAX_FILTER_BYTES,
};
use edgewise_endpoint::{
    MAX_CARDS, MAX_ID_BYTES, MAX_QUESTIONS, MAX_VISITOR_BYTES, Parameter, ParameterKind, ROUTES,
    Route,
};
use serde_json::{Map, Value, json};

/// Where a parameter is given.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Url,
    Body,
}

/// The path whose parameters are those of all recommendations.
const RECS: &str = "/recs";

/// Name, meaning, and an example for a URL of the shipped shop.
const WORDS: [(&str, &str, &str); 22] = [
    ("placement", "Where the answer will be shown; chooses the ladder of retrievers.", "item"),
    ("item", "The item of the page; never recommended.", "85123A"),
    (
        "history",
        "What the visitor viewed or bought, oldest first; an item may occur again.",
        "22386",
    ),
    ("ages", "For each item of `history` how many days ago it was, with commas.", ""),
    ("kinds", "For each item of `history` `view`, `cart` or `purchase`, with commas.", ""),
    ("cart", "What is in the cart; never recommended.", "22386"),
    ("region", "The visitor's region; items not available there are left out.", "France"),
    ("category", "Only items of this category.", ""),
    ("segment", "The visitor's segment, where the bundle knows some.", ""),
    (
        "filter",
        "What every item must be: conditions on attributes with `and`, `or`, `not` and `in`.",
        "",
    ),
    ("exclude", "Items that must not be recommended.", "22386"),
    ("seen", "Whether items of the history may come back.", "show"),
    ("k", "How many.", "5"),
    ("at", "When the question is asked; by default now.", "2026-12-01T08:00:00Z"),
    ("seed", "What a rotation turns on.", "7"),
    ("visitor", "A token of the visitor, of the caller's choice; not kept, and in no answer.", ""),
    ("explain", "List every contribution, the rules that acted, and ranks.", "1"),
    ("cards", "Whether to send titles, prices and addresses.", "0"),
    ("target", "The item to explain.", "22386"),
    ("ids", "The items whose cards are wanted.", "85123A"),
    ("distinct", "Whether an item that an answer shows is left out of those behind it.", ""),
    ("questions", "The questions; what they share may stand beside them.", ""),
];

/// How many parameters are described.
pub(crate) fn n_described() -> usize {
    WORDS.len()
}

fn words(parameter: &Parameter) -> (&'static str, &'static str) {
    let known = WORDS.iter().find(|words| words.0 == parameter.name).expect("a description");
    (known.1, known.2)
}

fn text(max_len: usize) -> Value {
    json!({ "type": "string", "minLength": 1, "maxLength": max_len })
}

/// A list of ids. In a URL a list of one empty id cannot be told from an empty list.
fn list(max_len: usize, place: Place) -> Value {
    let item = match place {
        Place::Url => json!({ "type": "string", "maxLength": MAX_ID_BYTES }),
        Place::Body => text(MAX_ID_BYTES),
    };
    json!({ "type": "array", "maxItems": max_len, "items": item })
}

/// What a parameter may be, at its place and path.
fn schema(parameter: &Parameter, place: Place, route: &Route) -> Value {
    let placements = || {
        let of_path = match route.path {
            "/v1/similar" => Some("item"),
            path => path.strip_prefix("/v1/"),
        };
        let all = Placement::ALL.map(Placement::name);
        match of_path.filter(|name| all.contains(name)) {
            Some(name) => json!({ "enum": [name] }),
            None => json!({ "enum": all }),
        }
    };
    match parameter.name {
        "placement" => placements(),
        "seen" => json!({ "enum": ["hide", "show"], "default": "hide" }),
        "k" => json!({ "type": "integer", "minimum": 1, "maximum": MAX_K, "default": 10 }),
        "history" => list(MAX_HISTORY, place),
        "cart" => list(MAX_CART, place),
        "exclude" => list(MAX_EXCLUDE, place),
        "ids" => list(MAX_CARDS, place),
        "visitor" => text(MAX_VISITOR_BYTES),
        "ages" => json!({ "type": "string", "pattern": "^[0-9]{1,5}(,[0-9]{1,5})*$" }),
        "kinds" => {
            let kind = "(view|cart|purchase)";
            json!({ "type": "string", "pattern": format!("^{kind}(,{kind})*$") })
        }
        "filter" => json!({ "type": "string", "maxLength": MAX_FILTER_BYTES }),
        "at" => json!({ "anyOf": [
            { "type": "integer", "minimum": 0, "maximum": 253_402_300_799_u64 },
            { "type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$" },
        ]}),
        "seed" => json!({ "anyOf": [
            { "type": "integer", "minimum": 0, "maximum": u64::MAX }, { "type": "string" },
        ]}),
        _ => match (parameter.kind, place) {
            (ParameterKind::Flag, Place::Url) => json!({ "enum": [true, false, 1, 0] }),
            (ParameterKind::Flag, Place::Body) => json!({ "type": "boolean" }),
            _ => text(MAX_ID_BYTES),
        },
    }
}

/// The parameters of a path's URL. A placement is the path's own where the path stands for one.
pub(crate) fn in_url(route: &Route) -> Value {
    let one = |parameter: &'static Parameter| {
        if parameter.name == "placement" && route.path != RECS {
            return described_in_url(parameter, route);
        }
        json!({ "$ref": format!("#/components/parameters/{}", parameter.name) })
    };
    route.parameters().map(one).collect()
}

/// Every parameter of URLs, by name.
pub(crate) fn all_in_url() -> Value {
    let mut all = Map::new();
    for route in ROUTES.iter().filter(|route| route.methods.contains("GET")) {
        for parameter in route.parameters() {
            all.entry(parameter.name).or_insert_with(|| described_in_url(parameter, route));
        }
    }
    all.into()
}

fn described_in_url(parameter: &Parameter, route: &Route) -> Value {
    let (meaning, example) = words(parameter);
    let mut value = json!({
        "name": parameter.name,
        "in": "query",
        "description": meaning,
        "schema": schema(parameter, Place::Url, route),
    });
    if parameter.name == "target" {
        value["required"] = json!(true);
    }
    if parameter.kind == ParameterKind::Ids {
        value["style"] = json!("form");
        value["explode"] = json!(false);
        if !example.is_empty() {
            value["example"] = json!([example]);
        }
    } else if !example.is_empty() && parameter.name != "placement" {
        let number = example.parse::<u64>().ok().filter(|_| parameter.kind != ParameterKind::Text);
        value["example"] = number.map_or_else(|| json!(example), |number| json!(number));
    }
    value
}

/// The map that a path takes as its body.
pub(crate) fn body(route: &Route) -> Value {
    if ["/v1/recs", RECS].contains(&route.path) {
        return json!({ "$ref": "#/components/schemas/Question" });
    }
    whole_body(route)
}

/// The map of `/recs`.
pub(crate) fn question() -> Value {
    whole_body(ROUTES.iter().find(|route| route.path == RECS).expect("the short form"))
}

fn whole_body(route: &Route) -> Value {
    let described = |parameter: &Parameter| {
        // Null is as if the key were not there.
        let value = json!({ "anyOf": [schema(parameter, Place::Body, route), { "type": "null" }] });
        let mut value =
            if parameter.name == "target" { schema(parameter, Place::Body, route) } else { value };
        value["description"] = json!(words(parameter).0);
        value
    };
    let is_recs = |parameter: &&Parameter| !["distinct", "questions"].contains(&parameter.name);
    let mut properties: Map<String, Value> = route
        .parameters()
        .filter(is_recs)
        .map(|parameter| (parameter.name.to_owned(), described(parameter)))
        .collect();
    let mut required = Vec::new();
    for parameter in route.parameters() {
        match parameter.name {
            "target" => required.push(parameter.name),
            "distinct" => {
                properties.insert(parameter.name.to_owned(), described(parameter));
            }
            "questions" => {
                required.push(parameter.name);
                let questions = json!({
                    "type": "array", "minItems": 1, "maxItems": MAX_QUESTIONS,
                    "items": { "$ref": "#/components/schemas/Question" },
                    "description": words(parameter).0,
                });
                properties.insert(parameter.name.to_owned(), questions);
            }
            _ => {}
        }
    }
    object(properties, &required)
}

#[expect(clippy::needless_pass_by_value, reason = "made for the call")]
fn object(properties: Map<String, Value>, required: &[&str]) -> Value {
    json!({
        "type": "object", "additionalProperties": false, "properties": properties, "required": required,
    })
}
