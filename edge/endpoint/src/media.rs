//! Which representation to send, and which one a body is in.

use crate::problem::{Problem, ProblemCode};

/// How a question or an answer is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Media {
    Json,
    MessagePack,
}

const ALLOWED: &str = "application/json or application/vnd.msgpack";

impl Media {
    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Media::Json => "application/json",
            Media::MessagePack => "application/vnd.msgpack",
        }
    }

    fn from_type(name: &str) -> Option<Media> {
        const NAMES: [(&str, Media); 4] = [
            ("application/json", Media::Json),
            // The registered name, and the two that older clients send.
            ("application/vnd.msgpack", Media::MessagePack),
            ("application/msgpack", Media::MessagePack),
            ("application/x-msgpack", Media::MessagePack),
        ];
        NAMES.into_iter().find(|known| known.0.eq_ignore_ascii_case(name)).map(|known| known.1)
    }

    /// The best of what an `Accept` header allows (RFC 9110, section 12.5.1): the highest weight wins, JSON on a tie.
    /// Wildcards mean JSON.
    pub(crate) fn accepted(accept: Option<&str>) -> Result<Media, Problem> {
        let Some(accept) = accept.filter(|accept| !accept.trim_ascii().is_empty()) else {
            return Ok(Media::Json);
        };
        let mut best: Option<(u32, Media)> = None;
        for range in accept.split(',') {
            let mut parts = range.split(';').map(str::trim_ascii);
            let media = match parts.next().unwrap_or("") {
                "*/*" | "application/*" => Some(Media::Json),
                name => Media::from_type(name),
            };
            let weight = parts.find_map(|part| part.strip_prefix("q=")).map_or(1_000, thousandths);
            let Some(media) = media.filter(|_| weight > 0) else {
                continue;
            };
            let is_better = best.is_none_or(|(other, kept)| {
                weight > other
                    || weight == other && kept == Media::MessagePack && media == Media::Json
            });
            if is_better {
                best = Some((weight, media));
            }
        }
        let refused = || Problem::new(ProblemCode::NotAcceptable, accept, ALLOWED);
        best.map(|(_, media)| media).ok_or_else(refused)
    }

    /// What a body is written in. JSON when the header is absent.
    pub(crate) fn of_body(content_type: Option<&str>) -> Result<Media, Problem> {
        let Some(header) = content_type else {
            return Ok(Media::Json);
        };
        let name = header.split(';').next().unwrap_or("").trim_ascii();
        let refused = || Problem::new(ProblemCode::UnsupportedMediaType, header, ALLOWED);
        Media::from_type(name).ok_or_else(refused)
    }
}

/// A weight of `Accept`, such as `0.85`, in thousandths. What is no weight counts as 1.
fn thousandths(weight: &str) -> u32 {
    let (whole, fraction) = weight.split_once('.').unwrap_or((weight, ""));
    let digits = fraction.bytes().chain(core::iter::repeat(b'0')).take(3);
    let fraction =
        digits.fold(0, |sum, digit| sum * 10 + u32::from(digit.wrapping_sub(b'0').min(9)));
    if whole == "0" { fraction } else { 1_000 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_weight_wins_and_json_on_a_tie() {
        let of = |accept: &str| Media::accepted(Some(accept)).ok();
        assert_eq!(Media::accepted(None).ok(), Some(Media::Json));
        assert_eq!(of("*/*"), Some(Media::Json));
        assert_eq!(of("application/msgpack, application/json"), Some(Media::Json));
        assert_eq!(of("application/json;q=0.5, application/x-msgpack"), Some(Media::MessagePack));
        assert_eq!(of("text/html, application/vnd.msgpack;q=0.1"), Some(Media::MessagePack));
        assert_eq!(of("application/json;q=0, image/png"), None);
    }
}
