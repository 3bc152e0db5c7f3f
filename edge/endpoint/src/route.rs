//! Which path and method means what, and the headers that go with each answer.

use alloc::vec::Vec;

use edgewise_bundle::{Bundle, hex};
use edgewise_core::{ItemIdx, Model as _, Placement, Scratch, steady};

use crate::asked::Question;
use crate::batch;
use crate::caching::{self, Steady};
use crate::cards::{self, MAX_CARDS};
use crate::media::Media;
use crate::parameters::Name;
use crate::problem::{Problem, ProblemCode};
use crate::reading;
use crate::recs;
use crate::resolve::{
    MAX_ID_BYTES, Resolved, Surroundings, check_len, check_text, find_all, resolve,
};
use crate::response::{Request, Response};
use crate::routes::{self, Action, ITEM_ID, Route};
use crate::target;
use crate::url_query;
use crate::wire::Writer;

/// Answers any request.
pub fn answer(request: &Request<'_>, bundle: &Bundle<'_>) -> Response {
    let mut response = match routes::find(request.path) {
        Some(route) => respond(request, bundle, route).unwrap_or_else(|problem| {
            let response = problem.response();
            match problem.code {
                ProblemCode::MethodNotAllowed => response.with("allow", route.methods),
                _ => response,
            }
        }),
        None => Problem::new(ProblemCode::NotFound, request.path, &routes::paths()).response(),
    };
    if request.method == "HEAD" {
        response.body = Vec::new();
    }
    response
}

/// Answers any request to a shell into which no bundle was baked.
pub fn without_bundle(request: &Request<'_>) -> Response {
    let allowed = "a component made by `edgewise bake`";
    Problem::new(ProblemCode::NoBundle, request.path, allowed).response()
}

/// The body of a POST in JSON.
#[derive(Clone, Copy, Debug, Default)]
pub struct Call<'a> {
    /// The path.
    pub path: &'a str,
    /// The body.
    pub body: &'a [u8],
    /// The host's clock, as in [`Request::now_s`].
    pub now_s: Option<u64>,
}

/// Answers a question in JSON with an answer in JSON: byte for byte the bodies of a POST to the same path. Whoever keeps
/// the memory answers the next one quicker.
///
/// # Errors
/// The problem document as JSON.
pub fn answer_call(
    bundle: &Bundle<'_>,
    scratch: &mut Scratch,
    call: &Call<'_>,
) -> Result<Vec<u8>, Vec<u8>> {
    let found = routes::find(call.path).filter(|route| route.posts());
    let not_found = || Problem::new(ProblemCode::NotFound, call.path, &routes::paths());
    let answered = found.ok_or_else(not_found).and_then(|route| {
        let body = (call.body, Media::Json);
        post_body(bundle, scratch, (route, body), (Media::Json, call.now_s))
    });
    answered.map_err(|problem| problem.to_json())
}

/// [`answer_call`] for `/recs`, without a clock.
///
/// # Errors
/// The problem document as JSON.
pub fn answer_json(
    bundle: &Bundle<'_>,
    scratch: &mut Scratch,
    body: &[u8],
) -> Result<Vec<u8>, Vec<u8>> {
    answer_call(bundle, scratch, &Call { path: "/recs", body, now_s: None })
}

fn respond(request: &Request<'_>, bundle: &Bundle<'_>, route: &Route) -> Result<Response, Problem> {
    match request.method {
        "OPTIONS" => Ok(preflight(route)),
        "GET" | "HEAD" if route.gets() => match route.action {
            Action::Health => Ok(health(bundle)),
            Action::Version => Ok(version(bundle)),
            _ => get(request, bundle, route),
        },
        "POST" if route.posts() => post(request, bundle, route),
        method => Err(Problem::new(ProblemCode::MethodNotAllowed, method, route.methods)),
    }
}

fn preflight(route: &Route) -> Response {
    Response::new(204, Vec::new())
        .with("access-control-allow-methods", route.methods)
        .with("access-control-allow-headers", "accept, content-type, if-none-match")
        .with("access-control-max-age", "86400")
}

/// What is asked about, in rows.
enum Subject<'a> {
    Recs(Resolved<'a>),
    Target(Resolved<'a>, &'a str, ItemIdx),
    Cards(Vec<ItemIdx>, Vec<&'a str>),
    Card(ItemIdx),
}

impl<'a> Subject<'a> {
    fn find(
        bundle: &Bundle<'_>,
        action: Action,
        question: &Question<'a>,
        now_s: Option<u64>,
    ) -> Result<Subject<'a>, Problem> {
        let known = |name, id: &'a str| {
            check_text(name, Some(id), MAX_ID_BYTES)?;
            let problem = || {
                let problem = Problem::new(ProblemCode::UnknownItem, id, "an item of the bundle");
                Problem { parameter: Some(name), ..problem }
            };
            bundle.find_item(id).ok_or_else(problem)
        };
        let resolved = |placement| resolve(question, bundle, Surroundings { placement, now_s });
        Ok(match action {
            Action::Recs(name) => Subject::Recs(resolved(name.and_then(Placement::from_name))?),
            Action::Explain => {
                let id = question.text(Name::Target).unwrap_or("");
                let target = known("target", id)?;
                Subject::Target(resolved(None)?, id, target)
            }
            Action::Item => Subject::Card(known("item", question.text(Name::Item).unwrap_or(""))?),
            _ => {
                let ids = question.texts(Name::Ids);
                check_len("ids", ids, MAX_CARDS)?;
                let mut unknown = Vec::new();
                Subject::Cards(find_all(bundle, ids, &mut unknown), unknown)
            }
        })
    }

    /// For how long the answer stays as it is, where that depends on the clock.
    fn steady(
        &self,
        bundle: &Bundle<'_>,
        question: &Question<'_>,
        now_s: Option<u64>,
    ) -> Option<Steady> {
        let (Subject::Recs(resolved) | Subject::Target(resolved, ..)) = self else { return None };
        let now_s = now_s.filter(|_| question.value(Name::At).is_none())?;
        let minutes = steady(bundle, &resolved.query().context)?;
        Some(Steady { minutes, now_s })
    }

    fn write(&self, bundle: &Bundle<'_>, scratch: &mut Scratch, media: Media) -> Vec<u8> {
        let mut writer = Writer::new(media);
        match self {
            Subject::Recs(resolved) => {
                recs::write(&mut writer, bundle, scratch, resolved);
            }
            Subject::Target(resolved, id, target) => {
                target::write(&mut writer, bundle, scratch, (resolved, id, *target));
            }
            Subject::Cards(items, unknown) => {
                cards::write_list(&mut writer, bundle, items, unknown);
            }
            Subject::Card(item) => cards::write_one(&mut writer, bundle, *item),
        }
        writer.finish()
    }
}

fn get(request: &Request<'_>, bundle: &Bundle<'_>, route: &Route) -> Result<Response, Problem> {
    let media = Media::accepted(request.accept)?;
    let mut asked = url_query::parse(request.query, route.families())?;
    if let Some(id) = request.path.strip_prefix(ITEM_ID) {
        asked.set_item(url_query::decode("item", id, b'+')?);
    }
    let question = Question::of(&asked);
    let subject = Subject::find(bundle, route.action, &question, request.now_s)?;
    let steady = subject.steady(bundle, &question, request.now_s);
    let etag = caching::etag(bundle, (request.path, request.query), steady.as_ref(), media);
    let control = caching::control(question.is_personal(), steady.as_ref());
    let known = request.if_none_match.is_some_and(|known| caching::matches_etag(known, &etag));
    let response = if known {
        Response::new(304, Vec::new())
    } else {
        let body = subject.write(bundle, &mut Scratch::default(), media);
        Response::new(200, body).with("content-type", media.content_type())
    };
    Ok(response.with("etag", &etag).with("cache-control", &control).with("vary", "accept"))
}

fn post(request: &Request<'_>, bundle: &Bundle<'_>, route: &Route) -> Result<Response, Problem> {
    let media = Media::accepted(request.accept)?;
    if !request.query.is_empty() {
        let allowed = "no query in the URL of a POST; parameters go into the body";
        return Err(Problem::new(ProblemCode::UnknownParameter, request.query, allowed));
    }
    let given = (request.body, Media::of_body(request.content_type)?);
    let scratch = &mut Scratch::default();
    let body = post_body(bundle, scratch, (route, given), (media, request.now_s))?;
    let response = Response::new(200, body).with("content-type", media.content_type());
    Ok(response.with("cache-control", "no-store").with("vary", "accept"))
}

/// What a route answers to a body.
fn post_body(
    bundle: &Bundle<'_>,
    scratch: &mut Scratch,
    (route, (body, media)): (&Route, (&[u8], Media)),
    (wanted, now_s): (Media, Option<u64>),
) -> Result<Vec<u8>, Problem> {
    let body = reading::read(body, media, route.families())?;
    if route.action == Action::Batch {
        let around = Surroundings { placement: None, now_s };
        return batch::write(bundle, scratch, &body, (wanted, around));
    }
    let subject = Subject::find(bundle, route.action, &Question::of(&body.asked), now_s)?;
    Ok(subject.write(bundle, scratch, wanted))
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
