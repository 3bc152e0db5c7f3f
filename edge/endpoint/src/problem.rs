//! Problem documents: what was wrong, in which parameter, and what is allowed (RFC 9457).

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::media::Media;
use crate::response::Response;
use crate::wire::{Writer, push_number};

/// A problem's type is a name, not an address: this and its code.
const TYPE_PREFIX: &str = "urn:edgewise:problem:";
/// Longest piece of the caller's input that a problem repeats, in characters.
const MAX_ECHO_CHARS: usize = 64;

/// The stable name of a kind of problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemCode {
    /// A parameter has a value that is not allowed.
    BadParameter,
    /// A parameter does not exist.
    UnknownParameter,
    /// A parameter was given twice.
    RepeatedParameter,
    /// The body is not what its content type says.
    BadBody,
    /// The path is not served.
    NotFound,
    /// The bundle does not know the item that is asked for.
    UnknownItem,
    /// The path is served, but not with this method.
    MethodNotAllowed,
    /// None of the media types that the caller accepts can be made.
    NotAcceptable,
    /// The body is over its limit.
    BodyTooLarge,
    /// The URL's query is over its limit.
    QueryTooLong,
    /// The body's media type is not read here.
    UnsupportedMediaType,
    /// The shell carries no bundle.
    NoBundle,
}

impl ProblemCode {
    /// Every code.
    pub const ALL: [ProblemCode; 12] = [
        ProblemCode::BadParameter,
        ProblemCode::UnknownParameter,
        ProblemCode::RepeatedParameter,
        ProblemCode::BadBody,
        ProblemCode::NotFound,
        ProblemCode::UnknownItem,
        ProblemCode::MethodNotAllowed,
        ProblemCode::NotAcceptable,
        ProblemCode::BodyTooLarge,
        ProblemCode::QueryTooLong,
        ProblemCode::UnsupportedMediaType,
        ProblemCode::NoBundle,
    ];

    /// The code on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            ProblemCode::BadParameter => "bad-parameter",
            ProblemCode::UnknownParameter => "unknown-parameter",
            ProblemCode::RepeatedParameter => "repeated-parameter",
            ProblemCode::BadBody => "bad-body",
            ProblemCode::NotFound => "not-found",
            ProblemCode::UnknownItem => "unknown-item",
            ProblemCode::MethodNotAllowed => "method-not-allowed",
            ProblemCode::NotAcceptable => "not-acceptable",
            ProblemCode::BodyTooLarge => "body-too-large",
            ProblemCode::QueryTooLong => "query-too-long",
            ProblemCode::UnsupportedMediaType => "unsupported-media-type",
            ProblemCode::NoBundle => "no-bundle",
        }
    }

    /// The HTTP status that goes with it.
    pub const fn status(self) -> u16 {
        match self {
            ProblemCode::BadParameter
            | ProblemCode::UnknownParameter
            | ProblemCode::RepeatedParameter
            | ProblemCode::BadBody => 400,
            ProblemCode::NotFound | ProblemCode::UnknownItem => 404,
            ProblemCode::MethodNotAllowed => 405,
            ProblemCode::NotAcceptable => 406,
            ProblemCode::BodyTooLarge => 413,
            ProblemCode::QueryTooLong => 414,
            ProblemCode::UnsupportedMediaType => 415,
            ProblemCode::NoBundle => 503,
        }
    }

    const fn title(self) -> &'static str {
        match self {
            ProblemCode::BadParameter => "A parameter has a value that is not allowed",
            ProblemCode::UnknownParameter => "A parameter does not exist",
            ProblemCode::RepeatedParameter => "A parameter was given twice",
            ProblemCode::BadBody => "The body cannot be read",
            ProblemCode::NotFound => "Nothing is served at this path",
            ProblemCode::UnknownItem => "The bundle does not know the item",
            ProblemCode::MethodNotAllowed => "The path does not take this method",
            ProblemCode::NotAcceptable => "No accepted media type can be made",
            ProblemCode::BodyTooLarge => "The body is too large",
            ProblemCode::QueryTooLong => "The query of the URL is too long",
            ProblemCode::UnsupportedMediaType => "The body's media type is not read",
            ProblemCode::NoBundle => "The component carries no bundle",
        }
    }
}

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Its kind.
    pub code: ProblemCode,
    /// The parameter at fault.
    pub parameter: Option<&'static str>,
    /// What was found, cut to 64 characters.
    pub found: String,
    /// What is allowed.
    pub allowed: String,
}

impl Problem {
    pub(crate) fn new(code: ProblemCode, found: &str, allowed: &str) -> Problem {
        let mut echo: String = found.chars().take(MAX_ECHO_CHARS).collect();
        if echo.len() < found.len() {
            echo.push('…');
        }
        Problem { code, parameter: None, found: echo, allowed: String::from(allowed) }
    }

    pub(crate) fn parameter(name: &'static str, found: &str, allowed: &str) -> Problem {
        Problem { parameter: Some(name), ..Problem::new(ProblemCode::BadParameter, found, allowed) }
    }

    /// The document as JSON.
    pub fn to_json(&self) -> Vec<u8> {
        let mut writer = Writer::new(Media::Json);
        self.write(&mut writer);
        writer.finish()
    }

    /// The document as a value.
    pub(crate) fn write(&self, writer: &mut Writer) {
        writer.map(7 + usize::from(self.parameter.is_some()));
        writer.text_field("type", &joined(&[TYPE_PREFIX, self.code.name()]));
        writer.text_field("title", self.code.title());
        writer.number_field("status", self.code.status().into());
        writer.text_field("detail", &self.detail());
        writer.text_field("code", self.code.name());
        if let Some(parameter) = self.parameter {
            writer.text_field("parameter", parameter);
        }
        writer.text_field("found", &self.found);
        writer.text_field("allowed", &self.allowed);
        writer.end_map();
    }

    /// The problem in one sentence.
    pub fn detail(&self) -> String {
        let (open, close) = if self.parameter.is_some() { ("`", "`: ") } else { ("", "") };
        let parameter = self.parameter.unwrap_or("");
        joined(&[open, parameter, close, "found `", &self.found, "`, allowed: ", &self.allowed])
    }

    pub(crate) fn response(&self) -> Response {
        Response::new(self.code.status(), self.to_json())
            .with("content-type", "application/problem+json")
            .with("cache-control", "no-store")
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail())
    }
}

impl core::error::Error for Problem {}

/// Pieces in a row. Stands for `format!`, whose machinery would cost every shell five kilobytes.
pub(crate) fn joined(pieces: &[&str]) -> String {
    let mut text = String::new();
    for piece in pieces {
        text.push_str(piece);
    }
    text
}

/// A number in decimal.
pub(crate) fn decimal(number: u64) -> String {
    let mut digits = Vec::new();
    push_number(&mut digits, number);
    // Cannot fail: digits are ASCII.
    String::from_utf8(digits).unwrap_or_default()
}
