//! `wasi:http` requests and responses to the endpoint's and back.

use alloc::string::String;
use alloc::vec::Vec;

use edgewise_endpoint::{MAX_BODY_BYTES, Request, Response};
use wasip2::clocks::wall_clock;
use wasip2::http::types::{Fields, IncomingRequest, Method, OutgoingResponse, ResponseOutparam};
use wasip2::io::streams::{OutputStream, StreamError};

use crate::finish::finish;

/// The parts of a request that the endpoint looks at, owned.
pub(crate) struct ReadRequest {
    method: Method,
    path_with_query: String,
    accept: Option<String>,
    content_type: Option<String>,
    if_none_match: Option<String>,
    body: Vec<u8>,
}

impl ReadRequest {
    /// The same as the endpoint takes it.
    pub(crate) fn as_endpoint_request(&self) -> Request<'_> {
        let (path, query) =
            self.path_with_query.split_once('?').unwrap_or((&self.path_with_query, ""));
        Request {
            method: method_name(&self.method),
            path,
            query,
            accept: self.accept.as_deref(),
            content_type: self.content_type.as_deref(),
            if_none_match: self.if_none_match.as_deref(),
            now_s: Some(wall_clock::now().seconds),
            body: &self.body,
        }
    }
}

/// Reads what the endpoint looks at. Of a body at most one byte more than the endpoint allows, so that the endpoint
/// itself refuses a longer one. `None` when the body was cut off.
pub(crate) fn read_request(request: &IncomingRequest) -> Option<ReadRequest> {
    let method = request.method();
    let headers = request.headers();
    let body = match method {
        // These carry no meaning in a body, and not looking for one saves six calls to the host.
        Method::Get | Method::Head => Vec::new(),
        _ => read_body(request)?,
    };
    Some(ReadRequest {
        path_with_query: request.path_with_query().unwrap_or_else(|| String::from("/")),
        accept: header(&headers, "accept"),
        content_type: header(&headers, "content-type"),
        if_none_match: header(&headers, "if-none-match"),
        method,
        body,
    })
}

/// Writes the endpoint's answer. A visitor who went away meanwhile is no fault of ours: the rest is dropped.
pub(crate) fn write_response(response: &Response, out: ResponseOutparam) {
    let headers = Fields::new();
    for (name, value) in &response.headers {
        // Cannot fail: the endpoint's names and values are legal, and a list without one would still be an answer.
        _ = headers.append(name, value.as_bytes());
    }
    let outgoing = OutgoingResponse::new(headers);
    // Cannot fail: the endpoint's statuses are statuses.
    _ = outgoing.set_status_code(response.status);
    let body = outgoing.body();
    ResponseOutparam::set(out, Ok(outgoing));
    let Ok(body) = body else { return };
    let written = match body.write() {
        Ok(stream) => write_all(&stream, &response.body).is_ok(),
        Err(()) => false,
    };
    // Without `finish` the host sees a body that was cut off, which is what happened.
    if written {
        finish(&body);
    }
}

fn method_name(method: &Method) -> &str {
    match method {
        Method::Get => "GET",
        Method::Head => "HEAD",
        Method::Post => "POST",
        Method::Put => "PUT",
        Method::Delete => "DELETE",
        Method::Connect => "CONNECT",
        Method::Options => "OPTIONS",
        Method::Trace => "TRACE",
        Method::Patch => "PATCH",
        Method::Other(name) => name,
    }
}

/// Values of a list header, joined as HTTP says. `None` when absent or not UTF-8.
fn header(headers: &Fields, name: &str) -> Option<String> {
    let mut joined = Vec::new();
    for value in headers.get(name) {
        if !joined.is_empty() {
            joined.extend_from_slice(b", ");
        }
        joined.extend_from_slice(&value);
    }
    if joined.is_empty() { None } else { String::from_utf8(joined).ok() }
}

fn read_body(request: &IncomingRequest) -> Option<Vec<u8>> {
    let incoming = request.consume().ok()?;
    let stream = incoming.stream().ok()?;
    let mut body = Vec::new();
    while body.len() <= MAX_BODY_BYTES {
        let rest = MAX_BODY_BYTES + 1 - body.len();
        match stream.blocking_read(rest as u64) {
            Ok(chunk) => body.extend_from_slice(&chunk),
            Err(StreamError::Closed) => break,
            Err(StreamError::LastOperationFailed(_)) => return None,
        }
    }
    Some(body)
}

/// The most that one blocking write takes, by the definition of `wasi:io`.
const WRITE_BYTES: usize = 4_096;

/// Most answers are one call. Waiting for permits instead would save a large answer a few calls, and cost every shell
/// a kilobyte and five imports.
fn write_all(stream: &OutputStream, bytes: &[u8]) -> Result<(), StreamError> {
    bytes.chunks(WRITE_BYTES).try_for_each(|chunk| stream.blocking_write_and_flush(chunk))
}
