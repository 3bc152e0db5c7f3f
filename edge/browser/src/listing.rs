//! What a page may want to list: cards, regions, categories, as flat lists of texts.
//!
//! Flat, because texts are the cheapest thing to hand to JavaScript: no JSON is written here or parsed there.

use alloc::string::String;
use alloc::vec::Vec;

use edgewise_bundle::Bundle;
use edgewise_core::{CategoryIdx, ItemIdx, Model as _, RegionIdx};

/// Most cards of one call.
pub(crate) const MAX_CARDS: u32 = 10_000;

/// Number of items in the model.
pub(crate) fn n_items(bundle: &Bundle<'_>) -> u32 {
    bundle.n_items()
}

/// The texts of up to `n` cards from row `offset`, most popular first, one card after another.
pub(crate) fn cards(bundle: &Bundle<'_>, offset: u32, n: u32) -> Vec<String> {
    let end = offset
        .saturating_add(n.min(MAX_CARDS))
        .min(bundle.n_items());
    (offset..end)
        .filter_map(|row| card_texts(bundle, ItemIdx(row)))
        .flatten()
        .map(String::from)
        .collect()
}

/// The texts of the card of the item with this id; none when the model does not know it.
pub(crate) fn card(bundle: &Bundle<'_>, id: &str) -> Vec<String> {
    let texts = bundle
        .find_item(id)
        .and_then(|item| card_texts(bundle, item));
    texts.into_iter().flatten().map(String::from).collect()
}

/// Region names, ascending.
pub(crate) fn regions(bundle: &Bundle<'_>) -> Vec<String> {
    let names = (0..bundle.n_regions()).filter_map(|row| bundle.region_name(RegionIdx(row)));
    names.map(String::from).collect()
}

/// Category names, ascending.
pub(crate) fn categories(bundle: &Bundle<'_>) -> Vec<String> {
    let names = (0..bundle.n_categories()).filter_map(|row| bundle.category_name(CategoryIdx(row)));
    names.map(String::from).collect()
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(nibble.into(), 16);
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 15)])
        .flatten()
        .collect()
}

/// An item as `CARD_FIELDS` of `edgewise.js` names its texts; what the shop did not give is empty.
fn card_texts<'a>(bundle: &Bundle<'a>, item: ItemIdx) -> Option<[&'a str; 7]> {
    let id = bundle.item_id(item)?;
    let card = bundle.card(item).unwrap_or_default();
    let currency = bundle.currency().filter(|_| card.price.is_some());
    let category = bundle
        .category(item)
        .and_then(|row| bundle.category_name(row));
    let optional = [
        card.title, card.price, currency, card.url, card.image, category,
    ];
    let [title, price, currency, url, image, category] = optional.map(Option::unwrap_or_default);
    Some([id, title, price, currency, url, image, category])
}
