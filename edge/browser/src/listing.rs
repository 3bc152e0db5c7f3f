//! What a page may want to list: facts of the bundle and cards, as flat lists of texts.
//!
//! Flat, because texts in a JavaScript array are the cheapest thing to hand over: no JSON is written here or parsed
//! there, and no list is made twice.

use alloc::vec;
use alloc::vec::Vec;

use edgewise_bundle::{Bundle, hex};
use edgewise_core::{Audience, CategoryIdx, ItemIdx, Model as _, RegionIdx};
use js_sys::Array;
use wasm_bindgen::JsValue;

/// Most cards of one call.
pub(crate) const MAX_CARDS: u32 = 10_000;

/// Digest, number of items, currency or `undefined`, region names, category names.
pub(crate) fn facts(bundle: &Bundle<'_>) -> Array {
    let mut text = Vec::new();
    let (regions, categories) = (Array::new(), Array::new());
    for row in (0..bundle.n_regions()).map(RegionIdx) {
        push_some(&regions, bundle.region_name(row, &mut text));
    }
    for row in (0..bundle.n_categories()).map(CategoryIdx) {
        push_some(&categories, bundle.category_name(row, &mut text));
    }
    let facts = Array::new();
    facts.push(&JsValue::from_str(&hex(&bundle.digest())));
    facts.push(&JsValue::from(bundle.n_items()));
    facts.push(&bundle.currency().map_or(JsValue::UNDEFINED, JsValue::from_str));
    facts.push(&regions);
    facts.push(&categories);
    facts
}

/// The texts of up to `n` cards from the one at `offset`, most popular first, then the items that no one is told the
/// popularity of, one card after another.
pub(crate) fn cards(bundle: &Bundle<'_>, offset: u32, n: u32) -> Array {
    let ranked: Vec<ItemIdx> = bundle.ranking(Audience::Everyone).map(|entry| entry.item).collect();
    let mut is_ranked = vec![false; bundle.n_items() as usize];
    for item in &ranked {
        if let Some(mark) = is_ranked.get_mut(item.index()) {
            *mark = true;
        }
    }
    let others = (0..).map(ItemIdx).zip(is_ranked).filter(|(_, is_ranked)| !is_ranked);
    let all = ranked.into_iter().chain(others.map(|(item, _)| item));
    let list = Array::new();
    for item in all.skip(offset as usize).take(n.min(MAX_CARDS) as usize) {
        push_card(&list, bundle, item);
    }
    list
}

/// The texts of the card of the item with this id; none when the model does not know it.
pub(crate) fn card(bundle: &Bundle<'_>, id: &str) -> Array {
    let list = Array::new();
    if let Some(item) = bundle.find_item(id) {
        push_card(&list, bundle, item);
    }
    list
}

fn push_some(list: &Array, text: Option<&str>) {
    if let Some(text) = text {
        list.push(&JsValue::from_str(text));
    }
}

/// Appends an item as `CARD_FIELDS` of `edgewise.js` names its texts; what the shop did not give is empty.
fn push_card(list: &Array, bundle: &Bundle<'_>, item: ItemIdx) {
    let (mut id, mut card) = (Vec::new(), Vec::new());
    let Some(id) = bundle.item_id(item, &mut id) else { return };
    let card = bundle.card(item, &mut card).unwrap_or_default();
    let currency = bundle.currency().filter(|_| card.price.is_some());
    let mut category = Vec::new();
    let category = match bundle.category(item) {
        Some(row) => bundle.category_name(row, &mut category),
        None => None,
    };
    let optional = [card.title, card.price, currency, card.url, card.image, category];
    for text in [Some(id)].into_iter().chain(optional) {
        list.push(&JsValue::from_str(text.unwrap_or_default()));
    }
}
