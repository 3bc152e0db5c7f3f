//! The text of single cells: encodings, missing values, ids as other tools export them.

use std::borrow::Cow;

/// What Windows-1252 has in `0x80..=0x9f`, where Latin-1 has control characters. Unassigned bytes stay what they are.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The text of bytes that are not UTF-8, read as Windows-1252. Every byte has a character, so nothing is lost.
pub(crate) fn windows_1252(bytes: &[u8]) -> String {
    bytes
        .iter()
        .map(|&byte| match byte {
            0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
            _ => char::from(byte),
        })
        .collect()
}

/// The cell without white space around it; most cells have none.
#[inline]
pub(crate) fn trimmed(cell: &str) -> &str {
    let is_plain = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_graphic);
    let bytes = cell.as_bytes();
    if is_plain(bytes.first()) && is_plain(bytes.last()) { cell } else { cell.trim() }
}

/// Whether a cell says that there is no value.
#[inline]
pub(crate) fn is_missing(cell: &str) -> bool {
    // No mark of absence is longer, and most cells are.
    cell.len() <= 9
        && matches!(
            cell,
            "" | "null"
                | "NULL"
                | "Null"
                | "nan"
                | "NaN"
                | "NAN"
                | "None"
                | "none"
                | "\\N"
                | "<NA>"
                | "(null)"
                | "(not set)"
        )
}

/// As [`is_missing`], and `NA`, which is also a country: R writes it for missing ids.
#[inline]
pub(crate) fn is_missing_id(cell: &str) -> bool {
    is_missing(cell) || cell == "NA" || cell == "N/A"
}

/// An id as the shop knows it: trimmed, and `13313` where a tool that turned whole numbers into floats wrote `13313.0`.
#[inline]
pub(crate) fn id(cell: &str) -> &str {
    let id = trimmed(cell);
    match id.strip_suffix(".0") {
        Some(whole) if !whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit()) => {
            whole
        }
        _ => id,
    }
}

/// The text trimmed, each run of white space one space.
pub(crate) fn fold_whitespace(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    let mut previous = ' ';
    let is_folded = text.chars().all(|c| {
        let is_fine = !c.is_whitespace() || (c == ' ' && previous != ' ');
        previous = c;
        is_fine
    });
    if is_folded {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.split_whitespace().collect::<Vec<_>>().join(" "))
    }
}

/// A name reduced to what its spellings share: lower case, letters and digits only. `Lineitem SKU` is `lineitemsku`.
pub(crate) fn bare(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_lose_spaces_and_the_zero_of_floats_only() {
        for (cell, expected) in [
            (" 85123A ", "85123A"),
            ("13313.0", "13313"),
            ("1.0.0", "1.0.0"),
            ("v2.0", "v2.0"),
            (".0", ".0"),
            ("13313.00", "13313.00"),
            ("13313.5", "13313.5"),
        ] {
            assert_eq!(id(cell), expected);
        }
    }

    #[test]
    fn missing_ids_are_recognised_and_namibia_is_a_region() {
        for cell in ["", "nan", "NULL", "None", "\\N", "(not set)"] {
            assert!(is_missing(cell) && is_missing_id(cell), "{cell}");
        }
        assert!(is_missing_id("NA") && !is_missing("NA"));
        assert!(!is_missing_id("0"));
    }

    #[test]
    fn white_space_is_folded_and_bytes_of_windows_are_letters() {
        assert_eq!(fold_whitespace("  RED  \t MUG\u{a0}X "), "RED MUG X");
        assert!(matches!(fold_whitespace("RED MUG"), Cow::Borrowed("RED MUG")));
        assert_eq!(windows_1252(b"caf\xe9 \x80 \xa3"), "café € £");
        assert_eq!(bare("Lineitem SKU"), "lineitemsku");
    }
}
