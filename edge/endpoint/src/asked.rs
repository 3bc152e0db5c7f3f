//! The question as it comes over the wire, in names; and from names to the rows of a bundle.

use alloc::string::String;
use alloc::vec::Vec;

use edgewise_bundle::Bundle;
use edgewise_core::{
    Context, Event, EventKind, ItemIdx, MAX_CART, MAX_EXCLUDE, MAX_HISTORY, MAX_K, Placement,
    Query, Seen,
};

use crate::problem::{Problem, ProblemCode, decimal, joined};
use crate::wire::Input;

/// Longest query of a URL, in bytes. Longer histories go into a POST body.
pub const MAX_QUERY_BYTES: usize = 8_192;
/// Longest body, in bytes.
pub const MAX_BODY_BYTES: usize = 65_536;
/// Longest item id, category or region name, in bytes.
pub const MAX_ID_BYTES: usize = edgewise_bundle::limits::MAX_NAME_BYTES as usize;
/// Results when `k` is absent.
const DEFAULT_K: u64 = 10;
/// What `k` may be.
const WHOLE_NUMBER: &str = "a whole number from 1 to 100";

/// What `ages` may be.
const AGES: &str = "for each item of `history` whole days from 0 to 65535, with commas";
/// What `kinds` may be.
const KINDS: &str = "for each item of `history` view, cart or purchase, with commas";

/// Every parameter.
const NAMES: [&str; 13] = [
    "placement",
    "item",
    "history",
    "ages",
    "kinds",
    "cart",
    "region",
    "category",
    "exclude",
    "seen",
    "k",
    "explain",
    "cards",
];
/// The same for messages.
pub(crate) const PARAMETERS: &str = "placement, item, history, ages, kinds, cart, region, category, exclude, seen, k, explain, cards";

/// What a caller asked for, before anything is looked up.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    placement: Option<String>,
    item: Option<String>,
    history: Vec<String>,
    ages: Option<String>,
    kinds: Option<String>,
    cart: Vec<String>,
    region: Option<String>,
    category: Option<String>,
    exclude: Vec<String>,
    seen: Option<String>,
    k: Option<u64>,
    explain: Option<bool>,
    cards: Option<bool>,
}

impl Asked {
    /// Sets one parameter.
    pub(crate) fn set(&mut self, name: &'static str, value: Input) -> Result<(), Problem> {
        let (value, allowed) = match (name, value) {
            (_, Input::Null) => return Ok(()),
            ("history" | "cart" | "exclude", Input::Texts(ids)) => {
                *match name {
                    "history" => &mut self.history,
                    "cart" => &mut self.cart,
                    _ => &mut self.exclude,
                } = ids;
                return Ok(());
            }
            (
                "placement" | "item" | "ages" | "kinds" | "region" | "category" | "seen",
                Input::Text(text),
            ) => {
                *match name {
                    "placement" => &mut self.placement,
                    "item" => &mut self.item,
                    "ages" => &mut self.ages,
                    "kinds" => &mut self.kinds,
                    "region" => &mut self.region,
                    "category" => &mut self.category,
                    _ => &mut self.seen,
                } = Some(text);
                return Ok(());
            }
            ("k", Input::Number(k)) => {
                self.k = Some(k);
                return Ok(());
            }
            ("explain" | "cards", Input::Flag(flag)) => {
                *(if name == "cards" { &mut self.cards } else { &mut self.explain }) = Some(flag);
                return Ok(());
            }
            ("history" | "cart" | "exclude", value) => (value, "a list of item ids"),
            ("k", value) => (value, WHOLE_NUMBER),
            ("explain" | "cards", value) => (value, "true or false; in a URL also 1 or 0"),
            (_, value) => (value, "text"),
        };
        Err(Problem::parameter(name, &value.describe(), allowed))
    }

    /// Whether the answer depends on what one visitor did.
    pub(crate) fn is_personal(&self) -> bool {
        !self.history.is_empty() || !self.cart.is_empty()
    }

    /// Looks every name up. Items, regions and categories that the bundle does not know are kept apart.
    pub(crate) fn resolve<'a>(&'a self, bundle: &Bundle<'_>) -> Result<Resolved<'a>, Problem> {
        check_len("history", &self.history, MAX_HISTORY)?;
        check_len("cart", &self.cart, MAX_CART)?;
        check_len("exclude", &self.exclude, MAX_EXCLUDE)?;
        for (name, text) in
            [("item", &self.item), ("region", &self.region), ("category", &self.category)]
        {
            check_text(name, text.as_deref())?;
        }
        let mut unknown = Vec::new();
        let item = find_all(bundle, self.item.as_slice(), &mut unknown).pop();
        let history = self.events(bundle, &mut unknown)?;
        let cart = find_all(bundle, &self.cart, &mut unknown);
        let exclude = find_all(bundle, &self.exclude, &mut Vec::new());
        let region = self.region.as_deref().map(|name| (name, bundle.find_region(name)));
        let category = self.category.as_deref().map(|name| (name, bundle.find_category(name)));
        unknown.extend(region.iter().filter(|entry| entry.1.is_none()).map(|entry| entry.0));
        unknown.extend(category.iter().filter(|entry| entry.1.is_none()).map(|entry| entry.0));
        Ok(Resolved {
            placement: self.placement()?,
            item,
            history,
            cart,
            exclude,
            region: region.and_then(|entry| entry.1),
            // A category that does not exist holds no items, which is not the same as no filter.
            category: category.map(|entry| entry.1.unwrap_or(edgewise_core::CategoryIdx(u32::MAX))),
            seen: self.seen()?,
            k: self.k()?,
            explain: self.explain.unwrap_or(false),
            cards: self.cards.unwrap_or(true),
            unknown,
        })
    }

    /// The history with the age and kind of each event: a look, today, unless `ages` and `kinds` say otherwise.
    fn events<'a>(
        &'a self,
        bundle: &Bundle<'_>,
        unknown: &mut Vec<&'a str>,
    ) -> Result<Vec<Event>, Problem> {
        let words = |words: &'a Option<String>| words.as_deref().map(|words| words.split(','));
        let (mut ages, mut kinds) = (words(&self.ages), words(&self.kinds));
        let mut events = Vec::with_capacity(self.history.len());
        for id in &self.history {
            let age = ages.as_mut().map_or(Some("0"), Iterator::next);
            let kind = kinds.as_mut().map_or(Some("view"), Iterator::next);
            let age_days = age.and_then(|age| age.parse::<u16>().ok());
            let age_days = age_days.ok_or_else(|| each("ages", self.ages.as_ref(), AGES))?;
            let kind = kind.and_then(EventKind::from_name);
            let kind = kind.ok_or_else(|| each("kinds", self.kinds.as_ref(), KINDS))?;
            match bundle.find_item(id) {
                Some(item) => events.push(Event { item, kind, age_days }),
                None => unknown.push(id),
            }
        }
        match (ages.and_then(|mut rest| rest.next()), kinds.and_then(|mut rest| rest.next())) {
            (None, None) => Ok(events),
            (Some(_), _) => Err(each("ages", self.ages.as_ref(), AGES)),
            (None, Some(_)) => Err(each("kinds", self.kinds.as_ref(), KINDS)),
        }
    }

    fn placement(&self) -> Result<Placement, Problem> {
        let Some(name) = &self.placement else {
            return Ok(if self.item.is_some() {
                Placement::Item
            } else if self.cart.is_empty() {
                Placement::Home
            } else {
                Placement::Cart
            });
        };
        Placement::from_name(name).ok_or_else(|| {
            Problem::parameter("placement", name, "item, together, cart, home, popular or trending")
        })
    }

    fn seen(&self) -> Result<Seen, Problem> {
        match self.seen.as_deref() {
            None | Some("hide") => Ok(Seen::Hide),
            Some("show") => Ok(Seen::Show),
            Some(other) => Err(Problem::parameter("seen", other, "hide or show")),
        }
    }

    fn k(&self) -> Result<usize, Problem> {
        let k = self.k.unwrap_or(DEFAULT_K);
        match usize::try_from(k) {
            Ok(k) if (1..=MAX_K).contains(&k) => Ok(k),
            _ => Err(Problem::parameter("k", &decimal(k), WHOLE_NUMBER)),
        }
    }
}

/// A parameter that has not one legal word for each item of the history.
fn each(name: &'static str, found: Option<&String>, allowed: &str) -> Problem {
    Problem::parameter(name, found.map_or("", String::as_str), allowed)
}

/// The items with these ids; ids that the bundle does not know go to `unknown`.
fn find_all<'a>(
    bundle: &Bundle<'_>,
    ids: &'a [String],
    unknown: &mut Vec<&'a str>,
) -> Vec<ItemIdx> {
    let mut items = Vec::with_capacity(ids.len());
    for id in ids {
        match bundle.find_item(id) {
            Some(item) => items.push(item),
            None => unknown.push(id),
        }
    }
    items
}

fn check_len(name: &'static str, list: &[String], limit: usize) -> Result<(), Problem> {
    if list.len() > limit {
        let found = joined(&[&decimal(list.len() as u64), " items"]);
        return Err(Problem::parameter(
            name,
            &found,
            &joined(&["at most ", &decimal(limit as u64), " items"]),
        ));
    }
    list.iter().try_for_each(|id| check_text(name, Some(id)))
}

fn check_text(name: &'static str, text: Option<&str>) -> Result<(), Problem> {
    match text {
        Some(text) if text.is_empty() || text.len() > MAX_ID_BYTES => Err(Problem::parameter(
            name,
            text,
            &joined(&["1 to ", &decimal(MAX_ID_BYTES as u64), " bytes"]),
        )),
        _ => Ok(()),
    }
}

/// A question in rows of one bundle.
pub(crate) struct Resolved<'a> {
    pub(crate) placement: Placement,
    item: Option<ItemIdx>,
    history: Vec<Event>,
    cart: Vec<ItemIdx>,
    exclude: Vec<ItemIdx>,
    region: Option<edgewise_core::RegionIdx>,
    category: Option<edgewise_core::CategoryIdx>,
    seen: Seen,
    k: usize,
    /// Whether the answer lists every contribution.
    pub(crate) explain: bool,
    /// Whether the answer carries cards.
    pub(crate) cards: bool,
    /// Names in the question that the bundle does not know.
    pub(crate) unknown: Vec<&'a str>,
}

impl Resolved<'_> {
    pub(crate) fn query(&self) -> Query<'_> {
        Query {
            placement: self.placement,
            item: self.item,
            history: &self.history,
            cart: &self.cart,
            region: self.region,
            category: self.category,
            exclude: &self.exclude,
            seen: self.seen,
            k: self.k,
            context: Context::default(),
        }
    }
}

/// The parameters met so far, so that none is given twice.
#[derive(Default)]
pub(crate) struct Given(Vec<&'static str>);

impl Given {
    /// The static name of a parameter that is met for the first time.
    pub(crate) fn first(&mut self, name: &str) -> Result<&'static str, Problem> {
        let Some(known) = NAMES.into_iter().find(|known| *known == name) else {
            return Err(Problem::new(ProblemCode::UnknownParameter, name, PARAMETERS));
        };
        if self.0.contains(&known) {
            let problem = Problem::new(ProblemCode::RepeatedParameter, name, "once");
            return Err(Problem { parameter: Some(known), ..problem });
        }
        self.0.push(known);
        Ok(known)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_agree_with_the_limits() {
        assert_eq!(NAMES.join(", "), PARAMETERS);
        assert!(WHOLE_NUMBER.ends_with(&decimal(MAX_K as u64)));
    }
}
