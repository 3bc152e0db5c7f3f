//! What the names in a filter mean to a bundle.

use alloc::vec::Vec;
use core::ops::Range;

use edgewise_bundle::Bundle;
use edgewise_core::condition::Word;
use edgewise_core::filter::{Names, parse};
use edgewise_core::{AttributeIdx, Model};

use crate::problem::{Problem, decimal, joined};

/// The attribute that every bundle has.
const CATEGORY: AttributeIdx = AttributeIdx(0);

struct BundleNames<'b, 'a>(&'b Bundle<'a>);

impl Names for BundleNames<'_, '_> {
    fn attribute(&self, name: &str) -> Option<AttributeIdx> {
        (name == "category").then_some(CATEGORY)
    }

    fn is_number(&self, attribute: AttributeIdx) -> bool {
        attribute != CATEGORY
    }

    fn values(&self, _attribute: AttributeIdx, text: &str) -> Range<u32> {
        self.0.find_category(text).map_or(0..0, |category| self.0.category_range(category))
    }

    fn bounds(&self, _attribute: AttributeIdx, _decimal: &str) -> Option<Range<u32>> {
        None
    }
}

/// The words of a filter over the attributes of a bundle.
pub(crate) fn words(bundle: &Bundle<'_>, text: &str) -> Result<Vec<Word>, Problem> {
    parse(text, &BundleNames(bundle)).map_err(|error| {
        let found = text.get(error.at..).filter(|rest| !rest.is_empty()).unwrap_or("the end");
        let at = decimal(error.at as u64);
        Problem::parameter("filter", found, &joined(&[error.expected, " at byte ", &at]))
    })
}
