//! What `/v1/` means: from a request to a query, from an answer to a response.
//!
//! This crate is *not* a server: it has no socket, no clock and no state. The shells under `edge/` move bytes between
//! it and their hosts, so that every one of them gives the same bytes for the same request.
//!
//! The main types are [`Request`], [`Response`] and [`Problem`]; [`answer`] serves every path and method of [`ROUTES`],
//! [`answer_call`] is the part that a web page needs.
//!
//! The law: wrong input never panics and never gets a guess; it gets a problem document (RFC 9457) that names the
//! parameter, what was found and what is allowed. `docs/http-api.md` shows each.
//!
//! ```
//! use edgewise_endpoint::{Request, without_bundle};
//!
//! let request = Request { method: "GET", path: "/recs", query: "item=85123A&k=5", ..Request::default() };
//! assert_eq!(without_bundle(&request).status, 503);
//! ```
#![no_std]
#![forbid(unsafe_code)]
#![warn(clippy::indexing_slicing)]

extern crate alloc;

mod asked;
mod batch;
mod caching;
mod cards;
mod filter_names;
mod media;
mod moment;
mod parameters;
mod problem;
mod reading;
mod recs;
mod resolve;
mod response;
mod route;
mod routes;
mod target;
mod url_query;
mod wire;

pub use asked::{MAX_BODY_BYTES, MAX_QUERY_BYTES};
pub use batch::MAX_QUESTIONS;
pub use cards::MAX_CARDS;
pub use parameters::{PARAMETERS, Parameter, ParameterKind};
pub use problem::{Problem, ProblemCode};
pub use resolve::{MAX_ID_BYTES, MAX_VISITOR_BYTES};
pub use response::{Request, Response};
pub use route::{Call, answer, answer_call, answer_json, without_bundle};
pub use routes::{ROUTES, Route};
