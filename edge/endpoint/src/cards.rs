//! `/v1/items`: what a page shows of items.

use alloc::vec::Vec;

use edgewise_bundle::{Bundle, Card, hex};
use edgewise_core::ItemIdx;

use crate::recs::write_unknown;
use crate::wire::Writer;

/// Most items of one request for cards.
pub const MAX_CARDS: usize = 100;

/// The cards of items, in order, and the ids that the bundle does not know.
pub(crate) fn write_list(
    writer: &mut Writer,
    bundle: &Bundle<'_>,
    items: &[ItemIdx],
    unknown: &[&str],
) {
    writer.map(2 + usize::from(!unknown.is_empty()));
    writer.text_field("bundle", &hex(&bundle.digest()));
    writer.key("items");
    writer.list(items.len());
    for item in items {
        write_item(writer, bundle, *item, 0);
    }
    writer.end_list();
    write_unknown(writer, unknown);
    writer.end_map();
}

/// The card of one item.
pub(crate) fn write_one(writer: &mut Writer, bundle: &Bundle<'_>, item: ItemIdx) {
    write_item(writer, bundle, item, 1);
}

/// A map of the item's id and card, behind the digest where that is one more field.
fn write_item(writer: &mut Writer, bundle: &Bundle<'_>, item: ItemIdx, n_more: usize) {
    let (mut id, mut card) = (Vec::new(), Vec::new());
    let card = bundle.card(item, &mut card);
    writer.map(1 + n_more + usize::from(card.is_some()));
    if n_more > 0 {
        writer.text_field("bundle", &hex(&bundle.digest()));
    }
    writer.text_field("item", name(bundle, item, &mut id));
    write_card(writer, card, bundle);
    writer.end_map();
}

/// A field with a card, where there is one.
pub(crate) fn write_card(writer: &mut Writer, card: Option<Card<'_>>, bundle: &Bundle<'_>) {
    let Some(Card { title, price, url, image, category }) = card else { return };
    let texts = [
        ("title", title),
        ("price", price),
        ("currency", bundle.currency().filter(|_| price.is_some())),
        ("url", url),
        ("image", image),
        ("category", category),
    ];
    writer.key("card");
    writer.map(texts.iter().filter(|entry| entry.1.is_some()).count());
    for (key, text) in texts {
        if let Some(text) = text {
            writer.text_field(key, text);
        }
    }
    writer.end_map();
}

/// The id of an item that scoring named. Only a damaged bundle, opened as trusted, can lack it.
pub(crate) fn name<'t>(bundle: &Bundle<'_>, item: ItemIdx, text: &'t mut Vec<u8>) -> &'t str {
    bundle.item_id(item, text).unwrap_or("")
}
