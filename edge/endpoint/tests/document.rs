//! `docs/http-api.md` against the code: problem codes with their status, limits, placements.

use edgewise_core::{MAX_CART, MAX_EXCLUDE, MAX_HISTORY, MAX_K, Placement};
use edgewise_endpoint::{MAX_BODY_BYTES, MAX_ID_BYTES, MAX_QUERY_BYTES, ProblemCode};

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
fn every_limit_is_documented() {
    for (name, limit) in [
        ("item", format!("{} bytes", grouped(MAX_ID_BYTES))),
        ("history", format!("{} items", grouped(MAX_HISTORY))),
        ("cart", format!("{} items", grouped(MAX_CART))),
        ("exclude", format!("{} items", grouped(MAX_EXCLUDE))),
        ("k", format!("1 to {}", grouped(MAX_K))),
    ] {
        let row = DOCUMENT.lines().find(|line| line.starts_with(&format!("| `{name}` |")));
        let row = row.unwrap_or_else(|| panic!("`{name}` is missing"));
        assert!(row.contains(&format!("| {limit} |")), "{row}");
    }
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
