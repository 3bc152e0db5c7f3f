//! Names in a tree: a category or region is the path to it, and its name is the parts of that path.
//!
//! In a model the parts are joined by [`SEPARATOR`], a byte below every character that a part may have. So in ascending
//! order of bytes a node is followed by all that is below it, and a range of rows says what a table of parents would.
//! Whoever reads or writes a name sees ` > ` between the parts: `Home > Kitchen > Mugs`.

use alloc::string::String;
use alloc::vec::Vec;

/// Stands between the parts of a name in a model: the unit separator of ASCII. No part has a byte up to it.
pub const SEPARATOR: char = '\u{1f}';
/// The same as a byte.
pub const SEPARATOR_BYTE: u8 = 0x1f;
/// Stands between the parts where people read and write them.
pub const SHOWN: &str = " > ";

/// The name as a model has it.
///
/// ```
/// use edgewise_core::paths::{shown, stored};
///
/// assert_eq!(stored("Home > Mugs"), "Home\u{1f}Mugs");
/// assert_eq!(shown("Home\u{1f}Mugs"), "Home > Mugs");
/// ```
pub fn stored(shown: &str) -> String {
    // A search for a text would cost every shell a kilobyte.
    let (mut name, mut rest) = (String::with_capacity(shown.len()), shown);
    while let Some(first) = rest.chars().next() {
        let (character, len) = if rest.starts_with(SHOWN) {
            (SEPARATOR, SHOWN.len())
        } else {
            (first, first.len_utf8())
        };
        name.push(character);
        rest = rest.get(len..).unwrap_or("");
    }
    name
}

/// The name as people read it.
pub fn shown(name: &str) -> String {
    let mut text = Vec::with_capacity(name.len());
    push_shown(&mut text, name);
    // Cannot fail: whole characters were put in place of whole ones.
    String::from_utf8(text).unwrap_or_default()
}

/// Appends what [`shown`] gives.
pub fn push_shown(text: &mut Vec<u8>, name: &str) {
    for &byte in name.as_bytes() {
        match byte {
            SEPARATOR_BYTE => text.extend_from_slice(SHOWN.as_bytes()),
            byte => text.push(byte),
        }
    }
}

/// The name of the node above; `None` for a root.
pub fn parent(name: &str) -> Option<&str> {
    name.get(..name.bytes().rposition(|byte| byte == SEPARATOR_BYTE)?)
}

/// Whether `name` is below `node`, at any depth; a node is not below itself.
pub fn is_below(name: &[u8], node: &[u8]) -> bool {
    name.strip_prefix(node).is_some_and(|rest| rest.first() == Some(&SEPARATOR_BYTE))
}

/// Whether a name is a path: parts that are not empty and have no byte up to [`SEPARATOR_BYTE`].
pub fn is_path(name: &[u8]) -> bool {
    name.split(|&byte| byte == SEPARATOR_BYTE)
        .all(|part| !part.is_empty() && part.iter().all(|&byte| byte > SEPARATOR_BYTE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_shown_and_read_back() {
        for (name, text) in [
            ("Home", "Home"),
            ("Home\u{1f}Küche\u{1f}Mugs", "Home > Küche > Mugs"),
            ("A>B", "A>B"),
            ("A >", "A >"),
        ] {
            assert_eq!(shown(name), text);
            assert_eq!(stored(text), name);
        }
    }

    #[test]
    fn a_node_is_followed_by_all_that_is_below_it_and_nothing_else() {
        let mut names =
            ["a", "a\u{1f}z", "a\u{1f}b", "a\u{1f}b\u{1f}c", "a b", "a\u{1f}b c", "A", "a!", "aa"];
        names.sort_unstable();
        for (at, node) in names.iter().enumerate() {
            let below = |name: &&str| is_below(name.as_bytes(), node.as_bytes());
            let n_below = names.iter().filter(|name| below(name)).count();
            assert!(names[at + 1..=at + n_below].iter().all(&below), "{node:?}");
        }
    }

    #[test]
    fn parents_are_one_part_shorter() {
        assert_eq!(parent("a\u{1f}b\u{1f}c"), Some("a\u{1f}b"));
        assert_eq!(parent("a"), None);
    }

    #[test]
    fn a_path_has_no_empty_part_and_no_control_byte() {
        assert!(is_path(b"a b") && is_path("ä\u{1f}b".as_bytes()));
        for bad in [&b""[..], b"\x1fa", b"a\x1f", b"a\x1f\x1fb", b"a\tb", b"a\x1f\x00"] {
            assert!(!is_path(bad), "{bad:?}");
        }
    }
}
