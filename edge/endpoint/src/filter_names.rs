//! The words of a filter over the attributes of a bundle.

use alloc::vec::Vec;

use edgewise_bundle::Bundle;
use edgewise_core::condition::Word;
use edgewise_core::filter::parse;

use crate::problem::{Problem, decimal, joined};

/// The words of a filter over the attributes of a bundle.
pub(crate) fn words(bundle: &Bundle<'_>, text: &str) -> Result<Vec<Word>, Problem> {
    parse(text, bundle).map_err(|error| {
        let found = text.get(error.at..).filter(|rest| !rest.is_empty()).unwrap_or("the end");
        let at = decimal(error.at as u64);
        Problem::parameter("filter", found, &joined(&[error.expected, " at byte ", &at]))
    })
}
