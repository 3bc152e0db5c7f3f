//! What the names in filters and rules mean, and which names are near one that means nothing.

use std::ops::Range;

use edgewise_bundle::Bundle;
use edgewise_core::filter::Names;
use edgewise_core::{AttributeIdx, ItemIdx, Model as _};

/// What a shop has names for.
pub(crate) trait Vocabulary: Names {
    /// The names of all attributes, by row.
    fn attributes(&self) -> Vec<String>;
    /// The values of an attribute of texts as people write them, by row; none of an attribute of numbers.
    fn texts(&self, attribute: AttributeIdx) -> Vec<String>;
    /// How many decimals the numbers of an attribute have; `None` for an attribute of texts.
    fn decimals(&self, attribute: AttributeIdx) -> Option<u8>;
    /// The numbers of an attribute as decimals, by row; none of an attribute of texts.
    fn numbers(&self, attribute: AttributeIdx) -> Vec<String>;
    /// The item with this id.
    fn item(&self, id: &str) -> Option<ItemIdx>;
    /// All ids, by row.
    fn ids(&self) -> Vec<String>;
}

/// The names that a bundle holds.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OfBundle<'b, 'a>(pub(crate) &'b Bundle<'a>);

impl Names for OfBundle<'_, '_> {
    fn attribute(&self, name: &str) -> Option<AttributeIdx> {
        self.0.attribute(name)
    }

    fn is_number(&self, attribute: AttributeIdx) -> bool {
        self.0.is_number(attribute)
    }

    fn values(&self, attribute: AttributeIdx, text: &str) -> Range<u32> {
        self.0.values_of_text(attribute, text)
    }

    fn bounds(&self, attribute: AttributeIdx, decimal: &str) -> Option<Range<u32>> {
        self.0.bounds(attribute, decimal)
    }
}

impl Vocabulary for OfBundle<'_, '_> {
    fn attributes(&self) -> Vec<String> {
        let name = |row| self.0.attribute_name(AttributeIdx(row)).map(str::to_owned);
        (0..self.0.n_attributes()).filter_map(name).collect()
    }

    fn texts(&self, attribute: AttributeIdx) -> Vec<String> {
        let text = |row| self.0.value_text(attribute, row, &mut Vec::new()).map(str::to_owned);
        (0..self.0.n_values(attribute)).filter_map(text).collect()
    }

    fn decimals(&self, attribute: AttributeIdx) -> Option<u8> {
        self.0.decimals(attribute)
    }

    fn numbers(&self, attribute: AttributeIdx) -> Vec<String> {
        let Some(decimals) = self.0.decimals(attribute) else { return Vec::new() };
        let number = |row| Some(decimal(self.0.number(attribute, row)?, decimals));
        (0..self.0.n_values(attribute)).filter_map(number).collect()
    }

    fn item(&self, id: &str) -> Option<ItemIdx> {
        self.0.find_item(id)
    }

    fn ids(&self) -> Vec<String> {
        let id = |row| self.0.item_id(ItemIdx(row), &mut Vec::new()).map(str::to_owned);
        (0..self.0.n_items()).filter_map(id).collect()
    }
}

/// A number of units of `10^-decimals`.
fn decimal(units: u32, decimals: u8) -> String {
    let places = usize::from(decimals);
    let digits = format!("{units:0>width$}", width = places + 1);
    match digits.split_at(digits.len() - places) {
        (whole, "") => whole.to_owned(),
        (whole, fraction) => format!("{whole}.{fraction}"),
    }
}

/// The up to three names that look most like what was found, letter case ignored.
pub(crate) fn nearest<'n>(found: &str, names: impl IntoIterator<Item = &'n str>) -> Vec<String> {
    let lower = found.to_lowercase();
    let mut scored: Vec<(f64, &str)> = names
        .into_iter()
        .map(|name| (strsim::jaro_winkler(&lower, &name.to_lowercase()), name))
        .filter(|(likeness, _)| *likeness > 0.75)
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    scored.into_iter().take(3).map(|(_, name)| name.to_owned()).collect()
}

/// Names as a question: ``did you mean `a` or `b`?``; `None` when there are none.
pub(crate) fn did_you_mean(names: &[String]) -> Option<String> {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    let (last, others) = quoted.split_last()?;
    let others = others.join(", ");
    let or = if others.is_empty() { "" } else { " or " };
    Some(format!("did you mean {others}{or}{last}?"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_differs_in_letter_case_only() {
        let names = ["acme home", "ACME", "Acne", "Zenith"];
        assert_eq!(nearest("acme", names), ["ACME", "acme home", "Acne"]);
        assert_eq!(nearest("quite another", names), Vec::<String>::new());
    }

    #[test]
    fn names_are_asked_for_as_one_speaks() {
        let names = ["a", "b", "c"].map(str::to_owned);
        assert_eq!(did_you_mean(&names).unwrap(), "did you mean `a`, `b` or `c`?");
        assert_eq!(did_you_mean(&names[..1]).unwrap(), "did you mean `a`?");
        assert_eq!(did_you_mean(&[]), None);
    }
}
