//! Section `cards`: what a page shows of an item. A bundle may lack it.
//!
//! The currency (`len: u32`, text, padding to 4), the code of the texts, then a table with one entry per two items. A
//! card is one text of that code: title, price, page address and picture address with a separator between; one that the
//! shop did not give is empty, and separators at the end are left out.

use alloc::vec::Vec;

#[cfg(feature = "write")]
use edgewise_core::CatalogItem;
use edgewise_core::ItemIdx;

#[cfg(feature = "write")]
use crate::bits::BitWriter;
use crate::bits::Bits;
use crate::cursor::Cursor;
use crate::error::FormatError;
use crate::limits::{
    MAX_CURRENCY_BYTES, MAX_ITEMS, MAX_PRICE_BYTES, MAX_TITLE_BYTES, MAX_URL_BYTES,
};
use crate::table::{TABLE_ALIGNMENT, Table, check_text};
#[cfg(feature = "write")]
use crate::text_code::learn::spell;
use crate::text_code::{SEPARATOR, TextCode};

const FIELD: &str = "cards";
/// The texts of a card, in order, with their limits.
const TEXTS: [(&str, u32); 4] = [
    ("title", MAX_TITLE_BYTES),
    ("price", MAX_PRICE_BYTES),
    ("url", MAX_URL_BYTES),
    ("image", MAX_URL_BYTES),
];

/// Bytes of the longest card.
const MAX_CARD_BYTES: usize =
    (MAX_TITLE_BYTES + MAX_PRICE_BYTES + 2 * MAX_URL_BYTES) as usize + TEXTS.len() - 1;
/// Cards of one entry. Reading the last one reads them all.
const CARDS_PER_BLOCK: u32 = 2;

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
    /// Category with ` > ` between the parts of its path, from the bundle's attributes.
    pub category: Option<&'a str>,
}

/// View of the section.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cards<'a> {
    n_items: u32,
    currency: &'a [u8],
    code: TextCode<'a>,
    table: Table<'a>,
}

impl<'a> Cards<'a> {
    pub(crate) fn take(mut cursor: Cursor<'a>, n_items: u32) -> Result<Cards<'a>, FormatError> {
        let len = cursor.count("currency", MAX_CURRENCY_BYTES)?;
        let at = cursor.offset();
        let currency = cursor.bytes("currency", len as usize)?;
        check_text("currency", at, currency, MAX_CURRENCY_BYTES)?;
        let code = TextCode::take(&mut cursor, FIELD)?;
        cursor.padding(TABLE_ALIGNMENT)?;
        let table = Table::take(&mut cursor, FIELD, MAX_ITEMS)?;
        cursor.end(FIELD)?;
        Ok(Cards { n_items, currency, code, table })
    }

    /// Looks at every entry.
    pub(crate) fn check(&self) -> Result<(), FormatError> {
        self.table.check()?;
        let (found, expected) = (self.table.n_entries(), self.n_items.div_ceil(CARDS_PER_BLOCK));
        if found != expected {
            return Err(FormatError::Mismatch { field: FIELD, at: 0, found, expected });
        }
        let mut n_left = self.n_items;
        let mut card = Vec::new();
        for (at, entry) in self.table.entries() {
            let mut bits = Bits::new(entry);
            for _ in 0..n_left.min(CARDS_PER_BLOCK) {
                card.clear();
                self.code
                    .append(&mut bits, &mut card, MAX_CARD_BYTES)
                    .ok_or(FormatError::BadText { field: FIELD, at })?;
                check_card(at, &card)?;
            }
            n_left = n_left.saturating_sub(CARDS_PER_BLOCK);
            if !bits.is_at_end() {
                let found = u32::try_from(entry.len()).unwrap_or(u32::MAX);
                return Err(FormatError::Mismatch { field: FIELD, at, found, expected: 0 });
            }
        }
        Ok(())
    }

    pub(crate) fn currency(&self) -> Option<&'a str> {
        core::str::from_utf8(self.currency).ok().filter(|code| !code.is_empty())
    }

    /// Writes the texts of an item's card into `text`, which is emptied first.
    pub(crate) fn write(&self, item: ItemIdx, text: &mut Vec<u8>) -> Option<()> {
        let entry = self.table.get((item.0 / CARDS_PER_BLOCK) as usize)?;
        let mut bits = Bits::new(entry);
        for _ in 0..=item.0 % CARDS_PER_BLOCK {
            text.clear();
            self.code.append(&mut bits, text, MAX_CARD_BYTES)?;
        }
        Some(())
    }
}

impl<'t> Card<'t> {
    /// Of what [`Cards::write`] wrote.
    pub(crate) fn of(texts: &'t [u8], category: &'t [u8]) -> Card<'t> {
        let mut rest = texts;
        let some = |text| core::str::from_utf8(text).ok().filter(|text| !text.is_empty());
        let mut text = || some(take_text(&mut rest));
        let (title, price, url, image) = (text(), text(), text(), text());
        Card { title, price, url, image, category: some(category) }
    }
}

fn check_card(at: usize, card: &[u8]) -> Result<(), FormatError> {
    let mut rest = card;
    for (field, limit) in TEXTS {
        check_text(field, at, take_text(&mut rest), limit)?;
    }
    if !rest.is_empty() || card.last() == Some(&SEPARATOR) {
        return Err(FormatError::BadOrder { field: FIELD, at });
    }
    Ok(())
}

/// Takes what is before the next separator; behind the last one there are empty texts.
fn take_text<'t>(rest: &mut &'t [u8]) -> &'t [u8] {
    let end = rest.iter().position(|&byte| byte == SEPARATOR).unwrap_or(rest.len());
    let (text, behind) = rest.split_at_checked(end).unwrap_or_default();
    *rest = behind.get(1..).unwrap_or(&[]);
    text
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
    let cards = items.iter().map(text_of).collect::<Result<Vec<_>, _>>()?;
    put_cards(&mut bytes, &cards)?;
    Ok(bytes)
}

#[cfg(feature = "write")]
fn put_cards(bytes: &mut Vec<u8>, cards: &[Vec<u8>]) -> Result<(), FormatError> {
    let spelt = spell(cards);
    bytes.extend(&spelt.code);
    crate::table::pad(bytes, TABLE_ALIGNMENT);
    let indices: Vec<usize> = (0..cards.len()).collect();
    let blocks = indices.chunks(CARDS_PER_BLOCK as usize).map(|block| {
        let mut bits = BitWriter::default();
        for &index in block {
            spelt.put(&mut bits, index);
        }
        bits.finish()
    });
    crate::table::put_table(bytes, FIELD, &blocks.collect::<Vec<_>>())
}

#[cfg(feature = "write")]
fn text_of(item: &CatalogItem) -> Result<Vec<u8>, FormatError> {
    let mut card = Vec::new();
    for (text, (field, limit)) in
        [&item.title, &item.price, &item.url, &item.image].into_iter().zip(TEXTS)
    {
        let text = text.as_deref().unwrap_or("");
        check_text(field, 0, text.as_bytes(), limit)?;
        card.extend(text.as_bytes());
        card.push(SEPARATOR);
    }
    while card.last() == Some(&SEPARATOR) {
        card.pop();
    }
    Ok(card)
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
        let mut text = Vec::new();
        let mut card = |row| {
            cards.write(ItemIdx(row), &mut text).map(|()| {
                let card = Card::of(&text, b"");
                [card.title, card.price, card.url, card.image].map(|text| text.map(String::from))
            })
        };
        let given = |text: &str| Some(String::from(text));
        assert_eq!(card(0), Some([given("Tea pot"), None, given("/pot"), None]));
        assert_eq!(card(1), Some([None, None, None, None]));
        assert_eq!(card(2), Some([None, given("2.95"), None, None]));
        assert_eq!(card(3), None);
    }

    #[test]
    fn refuses_a_title_over_its_limit() {
        let title = Some("x".repeat(513));
        let refused = encode(None, &[CatalogItem { title, ..CatalogItem::default() }]);
        assert!(matches!(refused, Err(FormatError::TooMany { field: "title", limit: 512, .. })));
    }

    #[test]
    fn rejects_bytes_behind_the_last_text() {
        for card in [b"a\xff1\xffu\xffi\xffx".as_slice(), b"a\xff"] {
            let mut bytes = alloc::vec![0; 4];
            put_cards(&mut bytes, &[card.to_vec()]).unwrap();
            assert!(matches!(view(&bytes, 1), Err(FormatError::BadOrder { .. })));
        }
    }

    #[test]
    fn rejects_texts_that_are_not_in_their_code() {
        let mut bytes = alloc::vec![0; 4];
        put_cards(&mut bytes, &[b"aab".to_vec()]).unwrap();
        // Six bits of one byte end the section but for two bytes of padding.
        let last = bytes.len() - 3;
        let mut with = |byte: u8| {
            bytes.splice(last..=last, [byte]);
            view(&bytes, 1).err()
        };
        assert!(matches!(with(0), Some(FormatError::BadText { field: FIELD, .. })));
        let mut spelt = BitWriter::default();
        spell(&[b"aab".to_vec()]).put(&mut spelt, 0);
        let byte = spelt.finish().first().copied().unwrap();
        assert_eq!(with(byte), None);
        assert!(matches!(with(byte | 0x80), Some(FormatError::Mismatch { expected: 0, .. })));
    }
}
