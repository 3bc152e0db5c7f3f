//! A request and a response, as far as the endpoint cares.

use alloc::string::String;
use alloc::vec::Vec;

/// The parts of an HTTP request that decide the answer.
#[derive(Clone, Copy, Debug, Default)]
pub struct Request<'a> {
    /// The method, in upper case.
    pub method: &'a str,
    /// The path, without query.
    pub path: &'a str,
    /// The query as it was sent, without `?`.
    pub query: &'a str,
    /// The `Accept` header.
    pub accept: Option<&'a str>,
    /// The `Content-Type` header.
    pub content_type: Option<&'a str>,
    /// The `If-None-Match` header.
    pub if_none_match: Option<&'a str>,
    /// Seconds since 1970-01-01T00:00Z by the host's clock, for questions that do not say when they are asked. Without it
    /// nothing that depends on the time acts.
    pub now_s: Option<u64>,
    /// The body. A shell that stops reading after [`crate::MAX_BODY_BYTES`] passes one byte more than that.
    pub body: &'a [u8],
}

/// What to send back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status code.
    pub status: u16,
    /// Header names in lower case, with their values.
    pub headers: Vec<(&'static str, String)>,
    /// The body; empty for `HEAD`, 204 and 304.
    pub body: Vec<u8>,
}

impl Response {
    /// A response that any web page may read.
    pub(crate) fn new(status: u16, body: Vec<u8>) -> Response {
        Response { status, headers: Vec::new(), body }
            .with("access-control-allow-origin", "*")
            .with("access-control-expose-headers", "etag")
            .with("x-content-type-options", "nosniff")
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Response {
        self.headers.push((name, String::from(value)));
        self
    }
}
