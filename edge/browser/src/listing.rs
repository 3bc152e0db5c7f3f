//! What a page may want to list: facts of the bundle and cards, as flat lists of texts.
//!
//! Flat, because texts in a JavaScript array are the cheapest thing to hand over: no JSON is written here or parsed
//! there, and no list is made twice.

use edgewise_bundle::{Bundle, hex};
use edgewise_core::{CategoryIdx, ItemIdx, Model as _, RegionIdx};
use js_sys::Array;
use wasm_bindgen::JsValue;

/// Most cards of one call.
pub(crate) const MAX_CARDS: u32 = 10_000;

/// Digest, number of items, currency or `undefined`, region names, category names.
pub(crate) fn facts(bundle: &Bundle<'_>) -> Array {
    let regions = (0..bundle.n_regions()).filter_map(|row| bundle.region_name(RegionIdx(row)));
    let categories =
        (0..bundle.n_categories()).filter_map(|row| bundle.category_name(CategoryIdx(row)));
    let facts = Array::new();
    facts.push(&JsValue::from_str(&hex(&bundle.digest())));
    facts.push(&JsValue::from(bundle.n_items()));
    facts.push(&bundle.currency().map_or(JsValue::UNDEFINED, JsValue::from_str));
    facts.push(&list(regions));
    facts.push(&list(categories));
    facts
}

/// The texts of up to `n` cards from row `offset`, most popular first, one card after another.
pub(crate) fn cards(bundle: &Bundle<'_>, offset: u32, n: u32) -> Array {
    let end = offset.saturating_add(n.min(MAX_CARDS)).min(bundle.n_items());
    list((offset..end).filter_map(|row| card_texts(bundle, ItemIdx(row))).flatten())
}

/// The texts of the card of the item with this id; none when the model does not know it.
pub(crate) fn card(bundle: &Bundle<'_>, id: &str) -> Array {
    let texts = bundle.find_item(id).and_then(|item| card_texts(bundle, item));
    list(texts.into_iter().flatten())
}

fn list<'a>(texts: impl Iterator<Item = &'a str>) -> Array {
    let list = Array::new();
    for text in texts {
        list.push(&JsValue::from_str(text));
    }
    list
}

/// An item as `CARD_FIELDS` of `edgewise.js` names its texts; what the shop did not give is empty.
fn card_texts<'a>(bundle: &Bundle<'a>, item: ItemIdx) -> Option<[&'a str; 7]> {
    let id = bundle.item_id(item)?;
    let card = bundle.card(item).unwrap_or_default();
    let currency = bundle.currency().filter(|_| card.price.is_some());
    let category = bundle.category(item).and_then(|row| bundle.category_name(row));
    let optional = [card.title, card.price, currency, card.url, card.image, category];
    let [title, price, currency, url, image, category] = optional.map(Option::unwrap_or_default);
    Some([id, title, price, currency, url, image, category])
}
