//! ARCHITECTURE.md stays short, and every path in it exists.

use crate::prose::without_fences;
use crate::repository::has_extension;

/// It has fewer lines than this.
const MAX_LINES: usize = 200;

/// Every violation in the text of ARCHITECTURE.md.
pub(crate) fn check(markdown: &str, exists: impl Fn(&str) -> bool) -> Vec<String> {
    let mut found = Vec::new();
    let n_lines = markdown.lines().count();
    if n_lines >= MAX_LINES {
        found.push(format!("has {n_lines} lines, it stays under {MAX_LINES}"));
    }
    for (index, line) in without_fences(markdown).into_iter().enumerate() {
        for span in line.split('`').skip(1).step_by(2) {
            if is_path(span) && !exists(span) {
                found.push(format!("line {}: `{span}` does not exist", index + 1));
            }
        }
    }
    found
}

/// Whether a code span means a file or folder of the repository, and not a URL's path, a media type,
/// an interface, a pattern, or something that a build makes.
fn is_path(span: &str) -> bool {
    let is_other =
        span.starts_with('/') || span.contains([' ', '<', '*', '{', ':', '?', '=', '(', '$']);
    let outside = ["target", "text", "application", "image"];
    let first = span.split('/').next().unwrap_or_default();
    let is_file = ["md", "toml", "lock"].iter().any(|extension| has_extension(span, extension));
    !is_other && !outside.contains(&first) && (span.contains('/') || is_file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_paths(markdown: &str, expected: &[&str]) {
        let there = ["crates/core", "crates/core/src/top_k.rs", "Cargo.toml"];
        let found = check(markdown, |path| there.contains(&path.trim_end_matches('/')));
        assert_eq!(found, expected);
    }

    #[test]
    fn paths_in_backticks_exist() {
        check_paths("### `crates/core/`: what?\n`crates/core/src/top_k.rs` and `Cargo.toml`.", &[]);
        check_paths(
            "a\n`crates/kernel` and `docs/x.md`",
            &["line 2: `crates/kernel` does not exist", "line 2: `docs/x.md` does not exist"],
        );
        check_paths("`deny.toml`", &["line 1: `deny.toml` does not exist"]);
    }

    #[test]
    fn other_code_is_no_path() {
        check_paths(
            "`/recs`, `GET /recs`, `text/html`, `wasi:http/types`, `<target>/edge`, `Bundle::open`",
            &[],
        );
        check_paths("```\n`crates/kernel`\n```", &[]);
    }

    #[test]
    fn it_stays_short() {
        assert!(check(&"line\n".repeat(199), |_| true).is_empty());
        assert_eq!(check(&"line\n".repeat(200), |_| true), ["has 200 lines, it stays under 200"]);
    }
}
