//! Section `cards`: what a page shows of an item. A bundle may lack it.
//!
//! The currency (`len: u32`, text, padding to 4), then a table with one entry per item. An entry holds four texts,
//! each `len: varint` and UTF-8: title, price, page address, picture address. A length of zero means that the shop
//! gave none; trailing empty texts are left out.

#[cfg(feature = "write")]
use alloc::vec::Vec;

#[cfg(feature = "write")]
use edgewise_core::CatalogItem;
use edgewise_core::ItemIdx;

use crate::cursor::Cursor;
use crate::error::FormatError;
use crate::limits::{
    MAX_CURRENCY_BYTES, MAX_ITEMS, MAX_PRICE_BYTES, MAX_TITLE_BYTES, MAX_URL_BYTES,
};
use crate::table::{TABLE_ALIGNMENT, Table, check_text};
use crate::varint;

const FIELD: &str = "cards";
/// The texts of a card, in order, with their limits.
const TEXTS: [(&str, u32); 4] = [
    ("title", MAX_TITLE_BYTES),
    ("price", MAX_PRICE_BYTES),
    ("url", MAX_URL_BYTES),
    ("image", MAX_URL_BYTES),
];

/// What a page shows of an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Card<'a> {
    /// Display title.
    pub title: Option<&'a str>,
    /// Price as a plain decimal; the bundle's currency applies.
    pub price: Option<&'a str>,
    /// Page of the item.
    pub url: Option<&'a str>,
    /// Picture of the item.
    pub image: Option<&'a str>,
    /// Category name, from the bundle's attributes.
    pub category: Option<&'a str>,
}

/// View of the section.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cards<'a> {
    currency: &'a [u8],
    table: Table<'a>,
}

impl<'a> Cards<'a> {
    pub(crate) fn take(mut cursor: Cursor<'a>, n_items: u32) -> Result<Cards<'a>, FormatError> {
        let len = cursor.count("currency", MAX_CURRENCY_BYTES)?;
        let at = cursor.offset();
        let currency = cursor.bytes("currency", len as usize)?;
        check_text("currency", at, currency, MAX_CURRENCY_BYTES)?;
        cursor.padding(TABLE_ALIGNMENT)?;
        let at = cursor.offset();
        let table = Table::take(&mut cursor, FIELD, MAX_ITEMS)?;
        cursor.end(FIELD)?;
        let found = table.n_entries();
        if found != n_items {
            return Err(FormatError::Mismatch { field: FIELD, at, found, expected: n_items });
        }
        Ok(Cards { currency, table })
    }

    /// Looks at every entry.
    pub(crate) fn check(&self) -> Result<(), FormatError> {
        self.table.check()?;
        for (at, entry) in self.table.entries() {
            let mut rest = entry;
            let mut was_empty = false;
            for (field, limit) in TEXTS {
                if rest.is_empty() {
                    break;
                }
                let at = at + entry.len() - rest.len();
                let text = take_text(&mut rest).ok_or(FormatError::BadVarint { field, at })?;
                check_text(field, at, text, limit)?;
                was_empty = text.is_empty();
            }
            if !rest.is_empty() || was_empty {
                return Err(FormatError::BadOrder { field: FIELD, at });
            }
        }
        Ok(())
    }

    pub(crate) fn currency(&self) -> Option<&'a str> {
        core::str::from_utf8(self.currency).ok().filter(|code| !code.is_empty())
    }

    /// The card of an item, without its category.
    pub(crate) fn card(&self, item: ItemIdx) -> Option<Card<'a>> {
        let mut rest = self.table.get(item.index())?;
        let mut text = || {
            let text = core::str::from_utf8(take_text(&mut rest)?).ok()?;
            Some(text).filter(|text| !text.is_empty())
        };
        let (title, price, url, image) = (text(), text(), text(), text());
        Some(Card { title, price, url, image, category: None })
    }
}

fn take_text<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let len = varint::take(rest)? as usize;
    let (text, behind) = rest.split_at_checked(len)?;
    *rest = behind;
    Some(text)
}

/// Makes the section. Texts over their limit are refused, not cut.
#[cfg(feature = "write")]
pub(crate) fn encode(
    currency: Option<&str>,
    items: &[CatalogItem],
) -> Result<Vec<u8>, FormatError> {
    let currency = currency.unwrap_or("");
    check_text("currency", 0, currency.as_bytes(), MAX_CURRENCY_BYTES)?;
    let mut bytes = Vec::new();
    bytes.extend(u32::try_from(currency.len()).unwrap_or(u32::MAX).to_le_bytes());
    bytes.extend(currency.as_bytes());
    crate::table::pad(&mut bytes, TABLE_ALIGNMENT);
    let entries = items.iter().map(encode_card).collect::<Result<Vec<_>, _>>()?;
    crate::table::put_table(&mut bytes, FIELD, &entries)?;
    Ok(bytes)
}

#[cfg(feature = "write")]
fn encode_card(item: &CatalogItem) -> Result<Vec<u8>, FormatError> {
    let texts = [&item.title, &item.price, &item.url, &item.image];
    let n_given = texts.iter().rposition(|text| text.as_ref().is_some_and(|text| !text.is_empty()));
    let mut entry = Vec::new();
    for (text, (field, limit)) in texts.iter().zip(TEXTS).take(n_given.map_or(0, |last| last + 1)) {
        let text = text.as_deref().unwrap_or("");
        check_text(field, 0, text.as_bytes(), limit)?;
        varint::put(&mut entry, u32::try_from(text.len()).unwrap_or(u32::MAX));
        entry.extend(text.as_bytes());
    }
    Ok(entry)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;

    fn view(bytes: &[u8], n_items: u32) -> Result<Cards<'_>, FormatError> {
        let cards = Cards::take(Cursor::new(bytes, 0), n_items)?;
        cards.check().map(|()| cards)
    }

    #[test]
    fn cards_come_back() {
        let text = |text: &str| Some(String::from(text));
        let items = [
            CatalogItem { title: text("Tea pot"), url: text("/pot"), ..CatalogItem::default() },
            CatalogItem::default(),
            CatalogItem { price: text("2.95"), ..CatalogItem::default() },
        ];
        let bytes = encode(Some("GBP"), &items).unwrap();
        let cards = view(&bytes, 3).unwrap();
        assert_eq!(cards.currency(), Some("GBP"));
        let pot = Card { title: Some("Tea pot"), url: Some("/pot"), ..Card::default() };
        assert_eq!(cards.card(ItemIdx(0)), Some(pot));
        assert_eq!(cards.card(ItemIdx(1)), Some(Card::default()));
        assert_eq!(cards.card(ItemIdx(2)), Some(Card { price: Some("2.95"), ..Card::default() }));
        assert_eq!(cards.card(ItemIdx(3)), None);
    }

    #[test]
    fn refuses_a_title_over_its_limit() {
        let title = Some("x".repeat(513));
        let refused = encode(None, &[CatalogItem { title, ..CatalogItem::default() }]);
        assert!(matches!(refused, Err(FormatError::TooMany { field: "title", limit: 512, .. })));
    }

    #[test]
    fn rejects_bytes_behind_the_last_text() {
        let mut bytes = encode(None, &[]).unwrap();
        bytes.truncate(4);
        crate::table::put_table(&mut bytes, FIELD, &[[1, b'a', 1, b'1', 1, b'u', 1, b'i', 0]])
            .unwrap();
        assert!(matches!(view(&bytes, 1), Err(FormatError::BadOrder { .. })));
    }
}
