//! What a page may want to list: cards, regions, categories, as JSON text.

use alloc::string::String;
use alloc::vec::Vec;

use edgewise_bundle::Bundle;
use edgewise_core::{CategoryIdx, ItemIdx, Model as _, RegionIdx};
use serde::Serialize;

/// Most cards of one call.
pub(crate) const MAX_CARDS: u32 = 10_000;

/// A card with the id of its item; what the shop did not give is left out.
#[derive(Serialize)]
struct ItemCard<'a> {
    item: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'a str>,
}

impl<'a> ItemCard<'a> {
    fn of(bundle: &Bundle<'a>, item: ItemIdx) -> Option<ItemCard<'a>> {
        let id = bundle.item_id(item)?;
        let card = bundle.card(item).unwrap_or_default();
        let category = bundle
            .category(item)
            .and_then(|row| bundle.category_name(row));
        Some(ItemCard {
            item: id,
            title: card.title,
            price: card.price,
            currency: bundle.currency().filter(|_| card.price.is_some()),
            url: card.url,
            image: card.image,
            category,
        })
    }
}

/// Number of items in the model.
pub(crate) fn n_items(bundle: &Bundle<'_>) -> u32 {
    bundle.n_items()
}

/// Up to `n` cards from row `offset`, most popular first.
pub(crate) fn cards(bundle: &Bundle<'_>, offset: u32, n: u32) -> String {
    let end = offset
        .saturating_add(n.min(MAX_CARDS))
        .min(bundle.n_items());
    json(
        &(offset..end)
            .filter_map(|row| ItemCard::of(bundle, ItemIdx(row)))
            .collect::<Vec<_>>(),
    )
}

/// The card of the item with this id.
pub(crate) fn card(bundle: &Bundle<'_>, id: &str) -> Option<String> {
    ItemCard::of(bundle, bundle.find_item(id)?).map(|card| json(&card))
}

/// Region names, ascending.
pub(crate) fn regions(bundle: &Bundle<'_>) -> String {
    let names = (0..bundle.n_regions()).filter_map(|row| bundle.region_name(RegionIdx(row)));
    json(&names.collect::<Vec<_>>())
}

/// Category names, ascending.
pub(crate) fn categories(bundle: &Bundle<'_>) -> String {
    let names = (0..bundle.n_categories()).filter_map(|row| bundle.category_name(CategoryIdx(row)));
    json(&names.collect::<Vec<_>>())
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

fn json<T: Serialize>(value: &T) -> String {
    // Cannot fail: the types above have no map keys and no I/O.
    serde_json::to_string(value).unwrap_or_default()
}
