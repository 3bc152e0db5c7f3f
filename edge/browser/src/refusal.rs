//! What leaves the module instead of an answer; `edgewise.js` makes an `EdgewiseError` of it.
//!
//! A refusal is an array: its code (stable; listed in `edgewise.d.ts`), what is wrong, the cure or `undefined`, and the
//! problem as `POST /recs` answers it in JSON, or `undefined`.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use edgewise_bundle::FormatError;
use js_sys::Array;
use wasm_bindgen::JsValue;

/// The bytes are not a bundle, or a damaged one.
#[expect(clippy::needless_pass_by_value, reason = "the shape that `map_err` wants")]
pub(crate) fn of_bundle(error: FormatError) -> JsValue {
    // `source()` would say the same, and bring the `Debug` of every error: 4 KB compressed.
    let message = match &error {
        FormatError::Scoring(cause) => format!("{error}: {cause}"),
        _ => error.to_string(),
    };
    refusal("bundle-refused", &message, &JsValue::from_str(error.hint()), &JsValue::UNDEFINED)
}

/// The bundle holds what single people did, and has no business in a page.
pub(crate) fn of_private_bundle() -> JsValue {
    let (message, hint) = ("the bundle is private", "build it without sessions, for public use");
    refusal("bundle-refused", message, &JsValue::from_str(hint), &JsValue::UNDEFINED)
}

/// The query breaks a rule of `POST /recs`.
pub(crate) fn of_query(problem: Vec<u8>) -> JsValue {
    let problem = JsValue::from_str(&json_text(problem));
    refusal("query-refused", "the query was refused", &JsValue::UNDEFINED, &problem)
}

fn refusal(code: &str, message: &str, hint: &JsValue, problem: &JsValue) -> JsValue {
    Array::of4(&JsValue::from_str(code), &JsValue::from_str(message), hint, problem).into()
}

/// The endpoint's JSON as text.
pub(crate) fn json_text(json: Vec<u8>) -> String {
    // Cannot fail: JSON is UTF-8.
    String::from_utf8(json).unwrap_or_default()
}
