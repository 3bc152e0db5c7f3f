//! Texts that are paths in a tree, such as `Home > Kitchen > Mugs`, and the names that a model has for them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use edgewise_core::paths::{SEPARATOR, SHOWN, parent};

use crate::text::fold_whitespace;

/// The name of a path whose parts have `separator` between them; ` > ` always separates, because that is how names are
/// shown. `None` when no part has anything.
pub(crate) fn path(text: &str, separator: &str) -> Option<String> {
    let mut name = String::with_capacity(text.len());
    // An empty text would separate between all characters.
    let separator = if separator.is_empty() { SHOWN } else { separator };
    for part in text.split(separator).flat_map(|part| part.split(SHOWN)) {
        // What is left of `> a` or `a >` would be read as another path.
        let part: String = part
            .chars()
            .map(|character| if character.is_control() { ' ' } else { character })
            .collect();
        let part =
            part.trim_matches(|character: char| character == '>' || character.is_whitespace());
        let part: Cow<'_, str> = fold_whitespace(part);
        if part.is_empty() {
            continue;
        }
        if !name.is_empty() {
            name.push(SEPARATOR);
        }
        name.push_str(&part);
    }
    Some(name).filter(|name| !name.is_empty())
}

/// The names and those of all nodes above them.
pub(crate) fn with_ancestors<'a>(names: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let mut all = BTreeSet::new();
    for name in names {
        let mut node = Some(name);
        while let Some(name) = node
            && all.insert(name)
        {
            node = parent(name);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use edgewise_core::paths::{shown, stored};

    #[test]
    fn what_is_shown_of_a_path_is_read_as_the_same_path() {
        for (text, separator, expected) in [
            ("Home > Kitchen>Mugs", ">", "Home > Kitchen > Mugs"),
            (" Home/ Kitchen  ware /", "/", "Home > Kitchen ware"),
            ("Size >40/a > b", "/", "Size >40 > a > b"),
            ("a >/> b", "/", "a > b"),
            ("a\u{1f}b\tc", ">", "a b c"),
            ("a > b", "", "a > b"),
        ] {
            let name = path(text, separator).unwrap();
            assert_eq!(shown(&name), expected, "{text}");
            assert_eq!(stored(expected), name, "{text}");
        }
        assert_eq!(path(" > > ", ">"), None);
    }

    #[test]
    fn every_node_above_a_name_is_there_once() {
        let names = with_ancestors(["a\u{1f}b\u{1f}c", "a\u{1f}d", "e"].into_iter());
        assert!(names.into_iter().eq(["a", "a\u{1f}b", "a\u{1f}b\u{1f}c", "a\u{1f}d", "e"]));
    }
}
