//! `docs/openapi.json`: made here from the endpoint's own tables, and compared with them.
//!
//! `UPDATE_EXPECT=1` writes it anew.

mod answers;
mod paths;
mod questions;

use std::fs;
use std::path::Path;

use edgewise_bundle::Bundle;
use edgewise_endpoint::{PARAMETERS, ProblemCode, ROUTES, Request, answer};
use serde_json::{Value, json};

const TOY: &[u8] = include_bytes!("../../../../tests/golden/v1/toy.bundle");

fn description() -> Value {
    let mut schemas = answers::schemas();
    schemas["Question"] = questions::question();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Edgewise",
            "version": "1",
            "summary": "Recommendations of a shop, scored where the visitor is",
            "description": "Every path, parameter and answer in words, with real requests: docs/http-api.md.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" },
        },
        "servers": [{ "url": "/" }],
        "paths": paths::paths(),
        "components": {
            "schemas": schemas,
            "parameters": questions::all_in_url(),
            "responses": paths::problems(),
        },
    })
}

#[test]
fn the_description_is_made_from_the_tables() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/openapi.json");
    let expected = serde_json::to_string_pretty(&description()).expect("JSON") + "\n";
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, &expected).expect("the description can be written");
    }
    let found = fs::read_to_string(&path).expect("docs/openapi.json");
    assert!(found == expected, "docs/openapi.json is out of date: run with UPDATE_EXPECT=1");
}

#[test]
fn every_path_method_parameter_and_problem_is_there() {
    let description = description();
    let text = description.to_string();
    for route in ROUTES.iter().filter(|route| route.is_served()) {
        let path = &description["paths"][route.path];
        for method in ["GET", "POST"] {
            let is_there = path.get(method.to_lowercase()).is_some();
            assert_eq!(is_there, route.methods.contains(method), "{method} {}", route.path);
        }
        for parameter in route.parameters() {
            // In a list of its own, or in one that is shared.
            let named = format!("\"{}\"", parameter.name);
            let shared = description["components"].to_string();
            let is_named = path.to_string().contains(&named) || shared.contains(&named);
            assert!(is_named, "{} {}", route.path, parameter.name);
        }
    }
    for code in ProblemCode::ALL {
        assert!(text.contains(&format!("\"{}\"", code.name())), "{code:?}");
    }
    assert_eq!(PARAMETERS.len(), questions::n_described());
}

/// Every reference leads somewhere.
#[test]
fn every_schema_that_is_named_exists() {
    let description = description();
    let text = description.to_string();
    for place in text.split("#/components/").skip(1) {
        let place = place.split('"').next().expect("a name");
        let (kind, name) = place.split_once('/').expect("a kind");
        assert!(description["components"][kind][name].is_object(), "{place}");
    }
}

/// The fields of real answers are those of their schemas: the first look before whole servers are tested.
#[test]
fn real_answers_have_the_fields_of_their_schemas() {
    let schemas = answers::schemas();
    let bundle = Bundle::open(TOY).expect("the golden bundle opens");
    for (path, query, schema) in [
        ("/v1/recs", "history=kettle,sofa&explain=1&region=North", "Answer"),
        ("/v1/trending", "", "Answer"),
        ("/v1/explain", "target=cup&item=kettle", "Explanation"),
        ("/v1/items", "ids=cup,sofa", "Cards"),
        ("/v1/items/cup", "", "Card"),
        ("/health", "", "Health"),
        ("/version", "", "Version"),
        ("/recs", "k=0", "Problem"),
    ] {
        let request = Request { method: "GET", path, query, ..Request::default() };
        let body = answer(&request, &bundle).body;
        let body: Value = serde_json::from_slice(&body).expect("JSON");
        let known = &schemas[schema]["properties"];
        for (field, _) in body.as_object().expect("a map") {
            assert!(known.get(field).is_some(), "{path}: `{field}` is not in {schema}");
        }
        let required = schemas[schema]["required"].as_array().expect("required fields");
        for field in required.iter().filter_map(Value::as_str) {
            assert!(body.get(field).is_some(), "{path}: `{field}` is missing");
        }
    }
}
