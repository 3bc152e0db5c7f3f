//! What the words of a kind column mean.

use std::collections::BTreeMap;

use edgewise_core::interactions::EventKind;
use hashbrown::HashMap;

use crate::settings::KindRule;
use crate::text::bare;

/// The words that are known, as [`bare`] spells them.
const WORDS: &[(EventKind, &[&str])] = &[
    (
        EventKind::View,
        &[
            "view",
            "views",
            "viewed",
            "pageview",
            "pageviews",
            "viewitem",
            "itemview",
            "viewproduct",
            "productview",
            "productviewed",
            "viewcontent",
            "detail",
            "details",
            "detailview",
            "viewdetail",
            "viewdetails",
            "productdetail",
            "productdetailview",
            "click",
            "clicks",
            "clicked",
            "selectitem",
            "pv",
        ],
    ),
    (
        EventKind::Cart,
        &[
            "cart",
            "carts",
            "addtocart",
            "addcart",
            "addedtocart",
            "productadded",
            "addtobasket",
            "addtobag",
            "basket",
            "carting",
        ],
    ),
    (
        EventKind::Purchase,
        &[
            "purchase",
            "purchases",
            "purchased",
            "transaction",
            "transactions",
            "order",
            "orders",
            "ordered",
            "ordercompleted",
            "orderplaced",
            "completepurchase",
            "buy",
            "bought",
            "sale",
            "sold",
            "ecommercepurchase",
            "paid",
        ],
    ),
];

/// The kind that a word is known to mean.
pub(crate) fn known(word: &str) -> Option<EventKind> {
    let word = bare(word);
    WORDS.iter().find(|(_, words)| words.contains(&word.as_str())).map(|&(kind, _)| kind)
}

/// Looks kinds up, each distinct value once.
#[derive(Debug)]
pub(crate) struct KindReader {
    rules: HashMap<String, KindRule>,
    found: HashMap<String, Option<EventKind>>,
}

impl KindReader {
    pub(crate) fn new(rules: &BTreeMap<String, KindRule>) -> Self {
        let rules = rules.iter().map(|(word, &rule)| (bare(word), rule)).collect();
        Self { rules, found: HashMap::new() }
    }

    /// The kind of a value; `None` for a value without meaning and for one that is to be ignored.
    pub(crate) fn read(&mut self, value: &str) -> Option<EventKind> {
        if let Some(&kind) = self.found.get(value) {
            return kind;
        }
        let kind = match self.rules.get(&bare(value)) {
            Some(KindRule::Event(kind)) => Some(*kind),
            Some(KindRule::Ignore) => None,
            None => known(value),
        };
        // A column with endless values is no kind column; it must not fill the memory either.
        if self.found.len() < 4096 {
            self.found.insert(value.to_owned(), kind);
        }
        kind
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_several_shops_are_known_in_any_spelling() {
        for (word, expected) in [
            ("view", Some(EventKind::View)),
            ("view_item", Some(EventKind::View)),
            ("Product Viewed", Some(EventKind::View)),
            ("add_to_cart", Some(EventKind::Cart)),
            ("addtocart", Some(EventKind::Cart)),
            ("transaction", Some(EventKind::Purchase)),
            ("Order Completed", Some(EventKind::Purchase)),
            ("session_start", None),
            ("remove_from_cart", None),
            ("", None),
        ] {
            assert_eq!(known(word), expected, "{word}");
        }
    }

    #[test]
    fn rules_come_before_known_words() {
        let rules = BTreeMap::from([
            ("Wish-List".to_owned(), KindRule::Event(EventKind::Cart)),
            ("click".to_owned(), KindRule::Ignore),
        ]);
        let mut reader = KindReader::new(&rules);
        for _ in 0..2 {
            assert_eq!(reader.read("wishlist"), Some(EventKind::Cart));
            assert_eq!(reader.read("CLICK"), None);
            assert_eq!(reader.read("buy"), Some(EventKind::Purchase));
        }
    }
}
