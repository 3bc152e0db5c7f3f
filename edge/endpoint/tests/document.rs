//! `docs/http-api.md` against the code: problem codes with their status, limits, placements.

use edgewise_core::filter::MAX_FILTER_BYTES;
use edgewise_core::{MAX_CART, MAX_EXCLUDE, MAX_HISTORY, MAX_K, Placement};
use edgewise_endpoint::{
    MAX_BODY_BYTES, MAX_CARDS, MAX_ID_BYTES, MAX_QUERY_BYTES, MAX_QUESTIONS, MAX_VISITOR_BYTES,
    ProblemCode, ROUTES,
};

const DOCUMENT: &str = include_str!("../../../docs/http-api.md");

/// A number as the document writes it: `65,536`.
fn grouped(n: usize) -> String {
    match n {
        0..1_000 => n.to_string(),
        _ => format!("{},{:03}", n / 1_000, n % 1_000),
    }
}

#[test]
fn every_problem_code_is_documented_with_its_status() {
    let mut documented: Vec<&str> = DOCUMENT
        .lines()
        .filter(|line| line.starts_with("| 4") || line.starts_with("| 5"))
        .collect();
    for code in ProblemCode::ALL {
        let row = format!("| {} | `{}` |", code.status(), code.name());
        let at = documented.iter().position(|line| line.starts_with(&row));
        documented.remove(at.unwrap_or_else(|| panic!("`{row}` is missing")));
    }
    assert_eq!(documented, [""; 0], "codes that do not exist");
}

#[test]
fn every_path_and_parameter_is_documented() {
    for route in ROUTES.iter().filter(|route| route.is_served()) {
        let (path, methods) = (route.path, route.methods.replace(", ", "`, `"));
        let row = DOCUMENT.lines().find(|line| line.starts_with("| `/") && line.contains(path));
        let row = row.unwrap_or_else(|| panic!("`{path}` is missing"));
        assert!(row.contains(&format!("| `{methods}` |")), "{row}");
        for parameter in route.parameters() {
            assert!(DOCUMENT.contains(&format!("`{}`", parameter.name)), "{}", parameter.name);
        }
    }
}

#[test]
fn every_limit_is_documented() {
    for (name, limit) in [
        ("item", format!("{} bytes", grouped(MAX_ID_BYTES))),
        ("history", format!("{} items", grouped(MAX_HISTORY))),
        ("cart", format!("{} items", grouped(MAX_CART))),
        ("exclude", format!("{} items", grouped(MAX_EXCLUDE))),
        ("segment", format!("{} bytes", grouped(MAX_ID_BYTES))),
        ("filter", format!("{} bytes", grouped(MAX_FILTER_BYTES))),
        ("visitor", format!("{} bytes", grouped(MAX_VISITOR_BYTES))),
        ("k", format!("1 to {}", grouped(MAX_K))),
    ] {
        let row = DOCUMENT.lines().find(|line| line.starts_with(&format!("| `{name}` |")));
        let row = row.unwrap_or_else(|| panic!("`{name}` is missing"));
        assert!(row.contains(&format!("| {limit} |")), "{row}");
    }
    let few = [
        format!("up to {MAX_QUESTIONS} questions about one page"),
        format!("the cards of up to {MAX_CARDS} items"),
    ];
    assert!(few.iter().all(|words| DOCUMENT.contains(words)), "{few:?}");
    let both = format!(
        "at most {} bytes, a body at most {}",
        grouped(MAX_QUERY_BYTES),
        grouped(MAX_BODY_BYTES)
    );
    assert!(DOCUMENT.contains(&both), "{both}");
}

#[test]
fn every_placement_is_documented() {
    let ladders = DOCUMENT.split_once("| placement | rungs |").expect("the ladders").1;
    for placement in Placement::ALL {
        assert!(ladders.contains(&format!("| `{}` |", placement.name())), "{placement:?}");
    }
}
