//! The query of a URL to a question: `item=85123A&history=22386,21499&k=5`.

use alloc::string::String;
use alloc::vec::Vec;

use crate::asked::{Asked, MAX_QUERY_BYTES};
use crate::parameters::{Families, PARAMETERS, ParameterKind};
use crate::problem::{Problem, ProblemCode, decimal, joined};
use crate::wire::Input;

/// Parses a query of these paths. Lists are split at commas before each part is decoded, so that `%2C` can stand in an
/// id; `+` is a space, as in HTML forms. Nothing at all is no list's entry; nothing between commas is refused as an id.
pub(crate) fn parse(query: &str, families: Families) -> Result<Asked, Problem> {
    if query.len() > MAX_QUERY_BYTES {
        let allowed = &joined(&[
            "at most ",
            &decimal(MAX_QUERY_BYTES as u64),
            " bytes; longer histories go into a POST body",
        ]);
        return Err(Problem::new(
            ProblemCode::QueryTooLong,
            &joined(&[&decimal(query.len() as u64), " bytes"]),
            allowed,
        ));
    }
    let mut asked = Asked::default();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let at = asked.meet(&decode("query", key, b' ')?, families)?;
        asked.set(at, input(at, value)?)?;
    }
    Ok(asked)
}

/// The value of a parameter as a body would have it. What is no number or flag stays text, and is refused as such.
fn input(at: usize, value: &str) -> Result<Input, Problem> {
    let Some(known) = PARAMETERS.get(at) else { return Ok(Input::Null) };
    if known.kind == ParameterKind::Ids {
        let mut ids = Vec::new();
        for part in value.split(',').filter(|_| !value.is_empty()) {
            ids.push(decode(known.name, part, b' ')?);
        }
        return Ok(Input::Texts(ids));
    }
    let text = decode(known.name, value, b' ')?;
    Ok(match (known.kind, text.as_str()) {
        (ParameterKind::Number | ParameterKind::NumberOrText, digits) => match number(digits) {
            Some(number) => Input::Number(number),
            None => Input::Text(text),
        },
        (ParameterKind::Flag, "1" | "true") => Input::Flag(true),
        (ParameterKind::Flag, "0" | "false") => Input::Flag(false),
        _ => Input::Text(text),
    })
}

/// A whole number in decimal digits. The standard library's reader of each width is 350 bytes of every shell.
pub(crate) fn number(digits: &str) -> Option<u64> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| u64::from(byte - b'0'));
    let next = |number: u64, byte| number.checked_mul(10)?.checked_add(digit(byte)?);
    digits.bytes().try_fold(0, next).filter(|_| !digits.is_empty())
}

/// Undoes percent-encoding. A `%` without two hexadecimal digits behind it stands for itself, as in every browser;
/// `plus` is what `+` stands for.
pub(crate) fn decode(name: &'static str, text: &str, plus: u8) -> Result<String, Problem> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        decoded.push(match (byte, behind) {
            (b'+', _) => plus,
            (b'%', [high, low, after @ ..]) => match (hex_value(*high), hex_value(*low)) {
                (Some(high), Some(low)) => {
                    rest = after;
                    high << 4 | low
                }
                _ => byte,
            },
            _ => byte,
        });
    }
    String::from_utf8(decoded).map_err(|_| Problem::parameter(name, text, "percent-encoded UTF-8"))
}

fn hex_value(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use percent_encoding::percent_decode_str;

    #[test]
    fn numbers_are_read_as_the_library_reads_them() {
        let most = "18446744073709551615";
        for text in ["", "0", "007", most, "18446744073709551616", "-1", "1.0", "1e3", "a", "9 "] {
            assert_eq!(number(text), text.parse().ok(), "{text}");
        }
        assert_eq!(number("+5"), None, "a sign is no digit");
    }

    #[test]
    fn escapes_are_undone_as_the_library_undoes_them() {
        for text in [
            "",
            "a",
            "%41%2C%2c",
            "%e2%98%95",
            "%",
            "%4",
            "%zz",
            "%%41",
            "100%25",
            "%ff",
            "a%C3",
            "50% off",
        ] {
            let expected = percent_decode_str(text).decode_utf8().ok();
            assert_eq!(decode("item", text, b' ').ok().as_deref(), expected.as_deref(), "{text}");
        }
        assert_eq!(decode("item", "a+b%2B", b' ').as_deref(), Ok("a b+"));
        assert_eq!(decode("item", "a+b%2B", b'+').as_deref(), Ok("a+b+"));
    }
}
