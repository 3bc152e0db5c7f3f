//! What each path answers.

use edgewise_endpoint::{ProblemCode, ROUTES, Route};
use serde_json::{Map, Value, json};

use crate::questions::{body, in_url};

/// Path, name of its operation, meaning, and the schema of its answer.
const WORDS: [(&str, &str, &str, &str); 11] = [
    ("/recs", "recs", "Recommendations: the short form of `/v1/recs`.", "Answer"),
    ("/v1/recs", "recommend", "Recommendations for a placement.", "Answer"),
    ("/v1/similar", "similar", "Items like the one of the page.", "Answer"),
    (
        "/v1/popular",
        "popular",
        "Best sellers of a category, region or segment, or of all.",
        "Answer",
    ),
    ("/v1/trending", "trending", "What is taken more than usual these days.", "Answer"),
    ("/v1/batch", "batch", "Several questions about one page, answered in order.", "Answers"),
    (
        "/v1/explain",
        "explain",
        "Why an item is among the recommendations, or is not.",
        "Explanation",
    ),
    ("/v1/items", "cards", "The cards of several items.", "Cards"),
    ("/v1/items/{id}", "card", "The card of one item.", "Card"),
    ("/health", "health", "Whether the component answers, and with which bundle.", "Health"),
    (
        "/version",
        "version",
        "Versions of the endpoint and the format, and the number of items.",
        "Version",
    ),
];

pub(crate) fn paths() -> Value {
    let mut paths = Map::new();
    for route in ROUTES.iter().filter(|route| route.is_served()) {
        let mut path = Map::new();
        for method in ["get", "post"] {
            if route.methods.contains(&method.to_uppercase()) {
                path.insert(method.to_owned(), operation(route, method));
            }
        }
        paths.insert(route.path.to_owned(), Value::Object(path));
    }
    paths.into()
}

fn operation(route: &Route, method: &str) -> Value {
    let words = WORDS.iter().find(|words| words.0 == route.path).expect("a description");
    let (_, name, meaning, schema) = *words;
    let is_post = method == "post";
    let is_status = ["/health", "/version"].contains(&route.path);
    let mut operation = json!({
        "operationId": if is_post { format!("{name}_by_post") } else { name.to_owned() },
        "summary": meaning,
    });
    if is_post {
        let media = json!({ "schema": body(route) });
        operation["requestBody"] = json!({
            "required": true,
            "content": { "application/json": media, "application/vnd.msgpack": {} },
        });
    } else {
        let mut parameters = in_url(route);
        if route.path.ends_with("{id}") {
            parameters = json!([{
                "name": "id", "in": "path", "required": true, "description": "The shop's id of the item.",
                "schema": { "type": "string", "minLength": 1, "maxLength": 256 }, "example": "85123A",
            }]);
        }
        operation["parameters"] = parameters;
    }
    operation["responses"] = responses((is_post, is_status), schema);
    operation
}

fn responses((is_post, is_status): (bool, bool), schema: &str) -> Value {
    let schema = json!({ "$ref": format!("#/components/schemas/{schema}") });
    let header = |pattern: &str| json!({ "required": true, "schema": { "type": "string", "pattern": pattern } });
    let mut content = json!({ "application/json": { "schema": schema } });
    let mut headers = json!({
        "access-control-allow-origin": header("^\\*$"),
        "x-content-type-options": header("^nosniff$"),
    });
    let control = if is_status {
        "^no-cache$"
    } else if is_post {
        "^no-store$"
    } else {
        "^(public|private), max-age=[0-9]+(, stale-while-revalidate=[0-9]+)?$"
    };
    headers["cache-control"] = header(control);
    if !is_status {
        content["application/vnd.msgpack"] = json!({});
        headers["vary"] = header("^accept$");
    }
    if !is_status && !is_post {
        headers["etag"] = header("^\"[0-9a-f]{16}-[0-9a-f]{16}[jm]\"$");
    }
    let mut responses = json!({
        "200": { "description": "The answer.", "headers": headers, "content": content },
    });
    if !is_status && !is_post {
        responses["304"] =
            json!({ "description": "What `If-None-Match` names is still the answer." });
    }
    for code in ProblemCode::ALL {
        let status = code.status().to_string();
        responses[&status] = json!({ "$ref": format!("#/components/responses/{status}") });
    }
    responses["431"] =
        json!({ "description": "The host of the component takes no head this long." });
    responses
}

/// The problems, by status.
pub(crate) fn problems() -> Value {
    let mut problems = Map::new();
    for code in ProblemCode::ALL {
        let codes: Vec<&str> = ProblemCode::ALL
            .into_iter()
            .filter(|other| other.status() == code.status())
            .map(ProblemCode::name)
            .collect();
        let schema = json!({ "$ref": "#/components/schemas/Problem" });
        let problem = json!({
            "description": format!("A problem: {}.", codes.join(", ")),
            "content": { "application/problem+json": { "schema": schema } },
        });
        let problem = if code == ProblemCode::QueryTooLong {
            // No content, because none is certain.
            let description = "A problem: query-too-long. A far longer one is refused by the host, without a document.";
            json!({ "description": description })
        } else {
            problem
        };
        problems.insert(code.status().to_string(), problem);
    }
    problems.into()
}
