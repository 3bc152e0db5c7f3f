//! The SDK's requests and responses to the endpoint's and back.

use std::pin::pin;
use std::time::UNIX_EPOCH;

use edgewise_endpoint::{MAX_BODY_BYTES, Request, Response};
use futures_util::StreamExt;
use spin_sdk::http::{Fields, IncomingRequest, Method, OutgoingResponse, ResponseOutparam};

/// The parts of a request that the endpoint looks at, owned.
pub(crate) struct ReadRequest {
    method: String,
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
            method: &self.method,
            path,
            query,
            accept: self.accept.as_deref(),
            content_type: self.content_type.as_deref(),
            if_none_match: self.if_none_match.as_deref(),
            now_s: UNIX_EPOCH.elapsed().ok().map(|since| since.as_secs()),
            body: &self.body,
        }
    }
}

/// Reads what the endpoint looks at, `None` when the body was cut off. Of a body hardly more than the endpoint allows, so
/// that the endpoint itself refuses a longer one.
pub(crate) async fn read_request(request: IncomingRequest) -> Option<ReadRequest> {
    let method = request.method();
    let headers = request.headers();
    Some(ReadRequest {
        path_with_query: request.path_with_query().unwrap_or_else(|| String::from("/")),
        accept: header(&headers, "accept"),
        content_type: header(&headers, "content-type"),
        if_none_match: header(&headers, "if-none-match"),
        body: match method {
            // These carry no meaning in a body.
            Method::Get | Method::Head => Vec::new(),
            _ => read_body(request).await?,
        },
        method: method.to_string(),
    })
}

/// Writes the endpoint's answer. A visitor who went away meanwhile is no fault of ours: the rest is dropped.
pub(crate) async fn write_response(response: Response, out: ResponseOutparam) {
    let headers: Vec<(String, Vec<u8>)> = response
        .headers
        .into_iter()
        .map(|(name, value)| (String::from(name), value.into_bytes()))
        .collect();
    let built = Fields::from_list(&headers).ok().map(OutgoingResponse::new);
    // An answer that is not HTTP is our own bug; the host then answers 500 because `out` was dropped.
    if let Some(outgoing) =
        built.filter(|outgoing| outgoing.set_status_code(response.status).is_ok())
    {
        _ = out.set_with_body(outgoing, response.body).await;
    }
}

/// Values of a list header, joined as HTTP says. `None` when absent or not UTF-8.
fn header(headers: &Fields, name: &str) -> Option<String> {
    let joined = headers.get(&String::from(name)).join(b", ".as_slice());
    String::from_utf8(joined).ok().filter(|value| !value.is_empty())
}

async fn read_body(request: IncomingRequest) -> Option<Vec<u8>> {
    let mut stream = pin!(request.into_body_stream());
    let mut body = Vec::new();
    while let Some(chunk) = stream.next().await {
        body.extend_from_slice(&chunk.ok()?);
        if body.len() > MAX_BODY_BYTES {
            break;
        }
    }
    Some(body)
}
