//! What the names in a filter mean to a bundle.

use core::ops::Range;

use edgewise_core::AttributeIdx;
use edgewise_core::filter::{Names, scaled};

use crate::bundle::Bundle;
use crate::limits::MAX_DECIMALS;

impl Names for Bundle<'_> {
    fn attribute(&self, name: &str) -> Option<AttributeIdx> {
        self.attribute(name)
    }

    fn is_number(&self, attribute: AttributeIdx) -> bool {
        self.decimals(attribute).is_some()
    }

    fn values(&self, attribute: AttributeIdx, text: &str) -> Range<u32> {
        self.values_of_text(attribute, text)
    }

    fn bounds(&self, attribute: AttributeIdx, decimal: &str) -> Option<Range<u32>> {
        let decimals = u32::from(self.decimals(attribute)?);
        let unit = 10u64.pow(MAX_DECIMALS.checked_sub(decimals)?);
        let number = scaled(decimal, MAX_DECIMALS)?;
        let below = |units: u64| {
            u32::try_from(units)
                .map_or(self.n_values(attribute), |n| self.values_below(attribute, n))
        };
        Some(below(number.div_ceil(unit))..below(number / unit + 1))
    }
}
