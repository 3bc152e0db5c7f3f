//! Rules for Rust source: how a file opens, how long it is, and words that may not stand in it.

use crate::rust_text::code_only;

/// A file this long needs a thought.
const MANY_LINES: usize = 500;
/// A file longer than this fails.
const MAX_LINES: usize = 800;
/// Inline tests longer than this belong in a file `tests.rs`.
const MAX_INLINE_TEST_LINES: usize = 150;
/// The only files in which `unsafe` may stand, each with what it is for.
pub(crate) const UNSAFE_ALLOWED: [&str; 4] = [
    // The bytes that `edgewise bake` placed in a shell's memory.
    "edge/slot/src/lib.rs",
    // The allocator: an instance answers one request and is gone.
    "edge/http/src/arena.rs",
    // A call whose bindings read an answer that nobody needs.
    "edge/http/src/finish.rs",
    // Names by which the bench calls its module.
    "edge/endpoint/examples/kept.rs",
];

/// Every violation in one Rust file.
pub(crate) fn check(path: &str, source: &str) -> Vec<String> {
    let mut found = Vec::new();
    if is_generated(path) {
        return found;
    }
    if !source.starts_with("//!") {
        found.push("opens without a `//!` that says what the file is".to_owned());
    }
    let n_lines = source.lines().count();
    if n_lines > MAX_LINES {
        found.push(format!("has {n_lines} lines, {MAX_LINES} are allowed"));
    }
    let code = code_only(source);
    found.extend(inline_tests_too_long(&code));
    found.extend(forbidden_words(path, &code));
    found
}

/// What is no violation, but worth a thought.
pub(crate) fn note(source: &str) -> Option<String> {
    let n_lines = source.lines().count();
    (n_lines >= MANY_LINES).then(|| format!("has {n_lines} lines: is it one idea?"))
}

/// Generated code is named as such, and is not ours to shape.
fn is_generated(path: &str) -> bool {
    path.ends_with("/generated.rs") || path.ends_with("/bindings.rs")
}

fn inline_tests_too_long(code: &str) -> Option<String> {
    let lines: Vec<&str> = code.lines().collect();
    let opening = lines.iter().position(|line| {
        let line = line.trim();
        line.starts_with("mod ") && line.ends_with('{') && line.contains("tests")
    })?;
    let n_lines = lines.len() - opening;
    (n_lines > MAX_INLINE_TEST_LINES).then(|| {
        format!(
            "has {n_lines} lines of inline tests, over {MAX_INLINE_TEST_LINES} move to a `tests.rs`"
        )
    })
}

fn forbidden_words(path: &str, code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (index, line) in code.lines().enumerate() {
        let number = index + 1;
        if line.contains("#[ignore") {
            found.push(format!(
                "line {number}: `#[ignore]`: a slow test checks an environment variable"
            ));
        }
        if line.contains("#[should_panic") {
            found.push(format!("line {number}: `#[should_panic]`: catch the error and look at it"));
        }
        if words(line).any(|word| word == "unsafe") && !UNSAFE_ALLOWED.contains(&path) {
            found.push(format!("line {number}: `unsafe` is not allowed in this file"));
        }
        let derives = line.contains("Serialize") || line.contains("Deserialize");
        if derives && path.starts_with("crates/core/src/") {
            found.push(format!(
                "line {number}: core's types have no wire: whoever owns a wire owns its types"
            ));
        }
    }
    found
}

fn words(line: &str) -> impl Iterator<Item = &str> {
    line.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_one(path: &str, source: &str, named: &str) {
        let found = check(path, source);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains(named), "{found:?}");
    }

    #[test]
    fn a_good_file_passes() {
        let source = "//! What it is.\n\n/// Not `unsafe`, no #[ignore].\nfn f() -> &'static str { \"unsafe\" }\n";
        assert_eq!(check("host/src/cli.rs", source), Vec::<String>::new());
    }

    #[test]
    fn a_file_opens_with_its_purpose() {
        check_one("a.rs", "fn f() {}\n", "`//!`");
        check_one("a.rs", "// one\n//! two\n", "`//!`");
        assert!(check("host/src/bindings.rs", "fn f() {}\n").is_empty(), "generated");
    }

    #[test]
    fn files_and_inline_tests_are_short() {
        let long = format!("//! Long.\n{}", "fn f() {}\n".repeat(MAX_LINES));
        check_one("a.rs", &long, "801 lines");
        assert!(note(&long).is_some() && note("//! Short.\n").is_none());
        let tests =
            format!("//! A.\n#[cfg(test)]\nmod tests {{\n{}}}\n", "fn f() {}\n".repeat(160));
        check_one("a.rs", &tests, "162 lines of inline tests");
    }

    #[test]
    fn words_that_may_not_stand() {
        check_one("a.rs", "//! A.\n#[ignore = \"slow\"]\nfn f() {}\n", "line 2: `#[ignore]`");
        check_one("a.rs", "//! A.\n#[should_panic]\nfn f() {}\n", "line 2: `#[should_panic]`");
        check_one("a.rs", "//! A.\nunsafe { f() }\n", "line 2: `unsafe`");
        assert!(check("edge/slot/src/lib.rs", "//! A.\nunsafe { f() }\n").is_empty());
        assert!(check("a.rs", "//! A.\n#![forbid(unsafe_code)]\n").is_empty(), "a lint's name");
        let derive = "//! A.\n#[derive(Clone, Serialize)]\nstruct A;\n";
        check_one("crates/core/src/query.rs", derive, "no wire");
        assert!(check("crates/bundle/src/cards.rs", derive).is_empty());
    }
}
