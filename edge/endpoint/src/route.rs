//! Which path and method means what, and the headers that go with each answer.

use alloc::string::String;
use alloc::vec::Vec;

use edgewise_bundle::{Bundle, hex};
use edgewise_core::{Model, Scratch};

use crate::media::Media;
use crate::problem::{Problem, ProblemCode, joined};
use crate::recs;
use crate::response::{Request, Response};
use crate::url_query;
use crate::wire::Writer;

const PATHS: &str = "/recs, /health or /version";
/// Answers that depend on the page alone may be shared; they change only with the bundle.
const SHARED: &str = "public, max-age=300, stale-while-revalidate=3600";
/// Answers that depend on a visitor stay in that visitor's browser.
const PERSONAL: &str = "private, max-age=60";

/// Answers any request.
pub fn answer(request: &Request<'_>, bundle: &Bundle<'_>) -> Response {
    let is_head = request.method == "HEAD";
    let result = match (request.path, request.method) {
        ("/recs" | "/health" | "/version", "OPTIONS") => Ok(preflight(request.path)),
        ("/recs", "GET" | "HEAD") => get_recs(request, bundle),
        ("/recs", "POST") => post_recs(request, bundle),
        ("/health", "GET" | "HEAD") => Ok(health(bundle)),
        ("/version", "GET" | "HEAD") => Ok(version(bundle)),
        ("/recs" | "/health" | "/version", method) => {
            Err(Problem::new(ProblemCode::MethodNotAllowed, method, allowed_methods(request.path)))
        }
        (path, _) => Err(Problem::new(ProblemCode::NotFound, path, PATHS)),
    };
    let mut response = result.unwrap_or_else(|problem| refuse(&problem, request.path));
    if is_head {
        response.body = Vec::new();
    }
    response
}

/// Answers any request to a shell into which no bundle was baked.
pub fn without_bundle(request: &Request<'_>) -> Response {
    let allowed = "a component made by `edgewise bake`";
    Problem::new(ProblemCode::NoBundle, request.path, allowed).response()
}

fn refuse(problem: &Problem, path: &str) -> Response {
    let response = problem.response();
    match problem.code {
        ProblemCode::MethodNotAllowed => response.with("allow", allowed_methods(path)),
        _ => response,
    }
}

fn allowed_methods(path: &str) -> &'static str {
    if path == "/recs" { "GET, HEAD, POST, OPTIONS" } else { "GET, HEAD, OPTIONS" }
}

fn preflight(path: &str) -> Response {
    Response::new(204, Vec::new())
        .with("access-control-allow-methods", allowed_methods(path))
        .with("access-control-allow-headers", "accept, content-type, if-none-match")
        .with("access-control-max-age", "86400")
}

fn get_recs(request: &Request<'_>, bundle: &Bundle<'_>) -> Result<Response, Problem> {
    let media = Media::accepted(request.accept)?;
    let asked = url_query::parse(request.query)?;
    let etag = etag(bundle, request.query, media);
    let cache = if asked.is_personal() { PERSONAL } else { SHARED };
    let cached = |response: Response| {
        response.with("etag", etag.as_str()).with("cache-control", cache).with("vary", "accept")
    };
    if request.if_none_match.is_some_and(|known| matches_etag(known, &etag)) {
        return Ok(cached(Response::new(304, Vec::new())));
    }
    let body = recs::write(bundle, &mut Scratch::default(), &asked, media)?;
    Ok(cached(Response::new(200, body).with("content-type", media.content_type())))
}

fn post_recs(request: &Request<'_>, bundle: &Bundle<'_>) -> Result<Response, Problem> {
    let media = Media::accepted(request.accept)?;
    if !request.query.is_empty() {
        let allowed = "no query in the URL of a POST; parameters go into the body";
        return Err(Problem::new(ProblemCode::UnknownParameter, request.query, allowed));
    }
    let asked = recs::read(request.body, Media::of_body(request.content_type)?)?;
    let body = recs::write(bundle, &mut Scratch::default(), &asked, media)?;
    let response = Response::new(200, body).with("content-type", media.content_type());
    Ok(response.with("cache-control", "no-store").with("vary", "accept"))
}

/// Names the bytes of an answer: the bundle, the query as it was sent, and the representation.
fn etag(bundle: &Bundle<'_>, query: &str, media: Media) -> String {
    let digest = bundle.digest();
    let bundle_part = hex(digest.first_chunk::<8>().unwrap_or(&[0; 8]));
    // FNV-1a, 64 bits (Fowler, Noll, Vo). A clash would need two queries of one URL.
    let query_part = query.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    let media_part = match media {
        Media::Json => "j",
        Media::MessagePack => "m",
    };
    let query_part = hex(&query_part.to_be_bytes());
    joined(&["\"", &bundle_part, "-", &query_part, media_part, "\""])
}

/// Weak comparison (RFC 9110, section 13.1.2).
fn matches_etag(header: &str, etag: &str) -> bool {
    header
        .split(',')
        .map(str::trim_ascii)
        .any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == etag)
}

fn status(writer: Writer) -> Response {
    Response::new(200, writer.finish())
        .with("content-type", Media::Json.content_type())
        .with("cache-control", "no-cache")
}

fn health(bundle: &Bundle<'_>) -> Response {
    let mut writer = Writer::new(Media::Json);
    writer.map(2);
    writer.text_field("status", "ok");
    writer.text_field("bundle", &hex(&bundle.digest()));
    writer.end_map();
    status(writer)
}

fn version(bundle: &Bundle<'_>) -> Response {
    let mut writer = Writer::new(Media::Json);
    writer.map(5);
    writer.text_field("name", "edgewise");
    writer.text_field("version", env!("CARGO_PKG_VERSION"));
    writer.number_field("format", edgewise_bundle::VERSION.into());
    writer.text_field("bundle", &hex(&bundle.digest()));
    writer.number_field("items", bundle.n_items().into());
    writer.end_map();
    status(writer)
}
