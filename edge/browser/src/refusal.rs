//! What leaves the module instead of an answer; `edgewise.js` makes an `EdgewiseError` of it.

use alloc::format;
use alloc::string::{String, ToString as _};
use alloc::vec::Vec;

use edgewise_bundle::FormatError;
use wasm_bindgen::prelude::wasm_bindgen;

/// Why there is no answer.
#[wasm_bindgen(getter_with_clone)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Stable; listed in `edgewise.d.ts`.
    #[wasm_bindgen(readonly)]
    pub code: String,
    /// What is wrong.
    #[wasm_bindgen(readonly)]
    pub message: String,
    /// The cure.
    #[wasm_bindgen(readonly)]
    pub hint: Option<String>,
    /// The problem as `POST /recs` answers it, in JSON.
    #[wasm_bindgen(readonly)]
    pub problem: Option<String>,
}

impl Refusal {
    /// The bytes are not a bundle, or a damaged one.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "the shape that `map_err` wants"
    )]
    pub(crate) fn bundle(error: FormatError) -> Refusal {
        // `source()` would say the same, and bring the `Debug` of every error: 4 KB compressed.
        let message = match &error {
            FormatError::Scoring(cause) => format!("{error}: {cause}"),
            _ => error.to_string(),
        };
        Refusal {
            code: String::from("bundle-refused"),
            message,
            hint: Some(String::from(error.hint())),
            problem: None,
        }
    }

    /// The query breaks a rule of `POST /recs`.
    pub(crate) fn query(problem: Vec<u8>) -> Refusal {
        Refusal {
            code: String::from("query-refused"),
            message: String::from("the query was refused"),
            hint: None,
            problem: Some(json_text(problem)),
        }
    }
}

/// The endpoint's JSON as text.
pub(crate) fn json_text(json: Vec<u8>) -> String {
    // Cannot fail: JSON is UTF-8.
    String::from_utf8(json).unwrap_or_default()
}
