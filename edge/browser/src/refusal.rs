//! Errors as they leave the module: one JSON text, which `edgewise.js` makes an `EdgewiseError` of.
//!
//! Making the error object here through `js-sys` was tried: 0.6 KB more, compressed.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;
use core::error::Error as _;

use edgewise_bundle::FormatError;
use serde::Serialize;
use wasm_bindgen::JsValue;

/// What goes back to the page instead of an answer.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Refusal {
    /// Stable; listed in `edgewise.d.ts`.
    pub(crate) code: &'static str,
    /// What is wrong.
    pub(crate) message: String,
    /// The cure.
    pub(crate) hint: Option<&'static str>,
    /// The problem as `POST /recs` answers it: a JSON text within the JSON.
    pub(crate) problem: Option<String>,
}

impl Refusal {
    /// The bytes are not a bundle, or a damaged one.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the shape that `map_err` wants"
    )]
    pub(crate) fn bundle(error: FormatError) -> Refusal {
        let message = match error.source() {
            Some(cause) => format!("{error}: {cause}"),
            None => error.to_string(),
        };
        Refusal {
            code: "bundle-refused",
            message,
            hint: Some(error.hint()),
            problem: None,
        }
    }

    /// The query breaks a rule of `POST /recs`.
    pub(crate) fn query(problem: Vec<u8>) -> Refusal {
        Refusal {
            code: "query-refused",
            message: String::from("the query was refused"),
            hint: None,
            problem: Some(json_text(problem)),
        }
    }
}

impl From<Refusal> for JsValue {
    fn from(refusal: Refusal) -> JsValue {
        // Cannot fail: text only, written to memory.
        JsValue::from_str(&serde_json::to_string(&refusal).unwrap_or_default())
    }
}

/// The endpoint's JSON as text.
pub(crate) fn json_text(json: Vec<u8>) -> String {
    // Cannot lose anything: JSON is UTF-8.
    String::from_utf8(json)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
