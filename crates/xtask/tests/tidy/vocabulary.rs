//! Words: those of the field in names, none that hide what a thing is for, and no unfinished work in texts.

use crate::repository::has_extension;
use crate::rust_text::code_only;

/// Names of files and folders that say nothing.
const EMPTY_FILE_NAMES: [&str; 6] = ["common", "util", "utils", "helper", "helpers", "misc"];
/// Words that may not be part of a declared name, each with the word or thought to use instead.
const NAME_WORDS: [(&str, &str); 12] = [
    ("product", "an `item`"),
    ("products", "`items`"),
    ("prediction", "a `score` or a `rank`"),
    ("predictions", "`scores` or `ranks`"),
    ("info", "say what about"),
    ("manager", "say what it does"),
    ("util", "say what it is for"),
    ("utils", "say what it is for"),
    ("helper", "say what it is for"),
    ("helpers", "say what it is for"),
    ("common", "say what it is for"),
    ("misc", "say what it is for"),
];
/// Functions do not start like this: the verb after it is the name.
const FUNCTION_STARTS: [&str; 3] = ["do_", "process_", "handle_"];
/// Marks of work that is not done.
const UNFINISHED: [&str; 4] = ["TODO", "FIXME", "XXX", "HACK"];
/// Folders of somebody's machine.
const FOREIGN_FOLDERS: [&str; 4] = ["work", "root", "home", "Users"];
/// Praise that a reader cannot check.
const EMPTY_PRAISE: [&str; 8] = [
    "blazing",
    "blazingly",
    "seamless",
    "seamlessly",
    "cutting-edge",
    "world-class",
    "state-of-the-art",
    "obviously",
];
/// This very file names what it bans.
const EXEMPT: &str = "crates/xtask/tests/tidy/vocabulary.rs";

/// Violations in the path of a file.
pub(crate) fn check_path(path: &str) -> Vec<String> {
    let parts = path.split('/').map(|part| part.split('.').next().unwrap_or_default());
    parts
        .filter(|part| EMPTY_FILE_NAMES.contains(part))
        .map(|part| format!("`{part}` does not say what it is for"))
        .collect()
}

/// Violations in the names that a Rust file declares.
pub(crate) fn check_names(path: &str, source: &str) -> Vec<String> {
    if path.ends_with("/bindings.rs") || path.ends_with("/generated.rs") {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (index, line) in code_only(source).lines().enumerate() {
        for (keyword, name) in declarations(line) {
            if let Some(violation) = name_violation(keyword, name) {
                found.push(format!("line {}: {violation}", index + 1));
            }
        }
    }
    found
}

fn name_violation(keyword: &str, name: &str) -> Option<String> {
    if keyword == "fn" && FUNCTION_STARTS.iter().any(|start| name.starts_with(start)) {
        return Some(format!("`{name}` starts with an empty verb"));
    }
    if keyword != "fn" && name.eq_ignore_ascii_case("data") {
        return Some(format!("`{name}` could be anything"));
    }
    let words = words_of(name);
    let (word, instead) =
        NAME_WORDS.iter().find(|(word, _)| words.iter().any(|part| part == word))?;
    Some(format!("`{name}` has the word `{word}`; use {instead}"))
}

/// Keyword and name of each declaration in a line of code.
fn declarations(line: &str) -> Vec<(&str, &str)> {
    const KEYWORDS: [&str; 8] = ["fn", "struct", "enum", "trait", "type", "mod", "const", "static"];
    let words: Vec<&str> = line
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| !word.is_empty())
        .collect();
    let pairs = words.windows(2).map(|pair| (pair[0], pair[1]));
    pairs.filter(|(keyword, name)| KEYWORDS.contains(keyword) && !KEYWORDS.contains(name)).collect()
}

/// `HttpInfo` and `http_info` are both `http`, `info`.
fn words_of(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before_lower = false;
    for c in name.chars() {
        let starts_word = c == '_' || (c.is_uppercase() && before_lower);
        if starts_word {
            words.push(String::new());
        }
        if c != '_'
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        before_lower = c.is_lowercase() || c.is_ascii_digit();
    }
    words
}

/// Violations in any text.
pub(crate) fn check_text(path: &str, text: &str) -> Vec<String> {
    if path == EXEMPT {
        return Vec::new();
    }
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let number = index + 1;
        for mark in UNFINISHED {
            if has_word(line, mark) {
                found.push(format!("line {number}: `{mark}`: finish it or leave it out"));
            }
        }
        for folder in FOREIGN_FOLDERS.map(|name| format!("/{name}/")) {
            if starts_a_path(line, &folder) {
                found.push(format!("line {number}: `{folder}` is a place outside the repository"));
            }
        }
        let lower = line.to_lowercase();
        for praise in EMPTY_PRAISE {
            if has_extension(path, "md") && has_word(&lower, praise) {
                found.push(format!("line {number}: `{praise}`: give the figure"));
            }
        }
    }
    found
}

/// Whether `word` stands in `line` between characters that are no part of a word.
fn has_word(line: &str, word: &str) -> bool {
    line.match_indices(word).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        let after = line[at + word.len()..].chars().next();
        [before, after].into_iter().flatten().all(|c| !c.is_alphanumeric() && c != '_')
    })
}

/// Whether `folder` stands in `line` at the start of a path: `/home/x`, but not `docs/home/x`.
fn starts_a_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        before.is_none_or(|c| !(c.is_alphanumeric() || "._-/}>".contains(c)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn names(source: &str, named: Option<&str>) {
        let found = check_names("host/src/cli.rs", source);
        assert_eq!(found.len(), usize::from(named.is_some()), "{found:?}");
        assert!(
            found.iter().zip(named).all(|(violation, named)| violation.contains(named)),
            "{found:?}"
        );
    }

    #[test]
    fn declared_names_use_the_words_of_the_field() {
        names("fn product_score() {}", Some("`product`; use an `item`"));
        names("pub struct BundleInfo;", Some("`info`"));
        names("enum HttpManager {}", Some("`manager`"));
        names("mod utils;", Some("`utils`"));
        names("fn do_work() {}", Some("empty verb"));
        names("async fn handle_request() {}", Some("empty verb"));
        names("type Data = u8;", Some("could be anything"));
    }

    #[test]
    fn other_words_and_uses_pass() {
        names("fn information_gain() {} fn reproduction() {} const fn data_segment() {}", None);
        names("// fn do_work()\nlet x = \"fn process_it\"; other::Info::new();", None);
        names("fn handle(&self) {}", None);
    }

    #[test]
    fn paths_say_what_is_in_them() {
        assert_eq!(check_path("crates/common/src/lib.rs").len(), 1);
        assert_eq!(check_path("host/src/utils.rs").len(), 1);
        assert!(check_path("host/src/commons.rs").is_empty());
    }

    #[test]
    fn texts_are_finished_and_of_this_place() {
        let one = |path: &str, text: &str| check_text(path, text).len();
        assert_eq!(one("a.rs", "// TODO: later"), 1);
        assert_eq!(one("a.rs", "let METODO = 1; // todo!"), 0);
        assert_eq!(one("a.md", "see /home/me/shop"), 1);
        assert_eq!(one("a.md", "see docs/home/shop and <b>/home/</b>"), 0);
        assert_eq!(one("a.md", "It is Blazing fast."), 1);
        assert_eq!(one("a.rs", "// blazing"), 0, "only where users read");
    }
}
