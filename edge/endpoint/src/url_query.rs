//! The query of a URL to a question: `item=85123A&history=22386,21499&k=5`.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use percent_encoding::percent_decode_str;

use crate::asked::{Asked, Given, MAX_QUERY_BYTES};
use crate::problem::{Problem, ProblemCode};

/// Parses a query. Lists are split at commas before each part is decoded, so that `%2C` can stand in an id;
/// `+` is a space, as in HTML forms.
pub(crate) fn parse(query: &str) -> Result<Asked, Problem> {
    if query.len() > MAX_QUERY_BYTES {
        let allowed =
            &format!("at most {MAX_QUERY_BYTES} bytes; longer histories go into a POST body");
        return Err(Problem::new(
            ProblemCode::QueryTooLong,
            &(query.len().to_string() + " bytes"),
            allowed,
        ));
    }
    let mut asked = Asked::default();
    let mut given = Given::default();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = given.first(&decode("query", key)?)?;
        let values = if matches!(name, "history" | "cart" | "exclude") {
            value
                .split(',')
                .filter(|part| !part.is_empty())
                .map(|part| decode(name, part))
                .collect()
        } else {
            decode(name, value).map(|value| Vec::from([value]))
        };
        asked.set_text(name, values?)?;
    }
    Ok(asked)
}

fn decode(name: &'static str, text: &str) -> Result<String, Problem> {
    let spaced = text.replace('+', " ");
    let decoded = percent_decode_str(&spaced).decode_utf8();
    decoded
        .map(String::from)
        .map_err(|_| Problem::parameter(name, text, "percent-encoded UTF-8"))
}
