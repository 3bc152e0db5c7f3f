//! The question as it comes over the wire, in names; and from names to the rows of a bundle.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use edgewise_bundle::Bundle;
use edgewise_core::{ItemIdx, MAX_CART, MAX_EXCLUDE, MAX_HISTORY, MAX_K, Placement, Query, Seen};

use crate::problem::{Problem, ProblemCode};
use crate::wire::Input;

/// Longest query of a URL, in bytes. Longer histories go into a POST body.
pub const MAX_QUERY_BYTES: usize = 8_192;
/// Longest body, in bytes.
pub const MAX_BODY_BYTES: usize = 65_536;
/// Longest item id, category or region name, in bytes.
pub const MAX_ID_BYTES: usize = edgewise_bundle::limits::MAX_NAME_BYTES as usize;
/// Results when `k` is absent.
const DEFAULT_K: usize = 10;

/// Every parameter, as documented.
pub(crate) const PARAMETERS: &str =
    "placement, item, history, cart, region, category, exclude, seen, k, explain, cards";

/// What a caller asked for, before anything is looked up.
#[derive(Debug, Default)]
pub(crate) struct Asked {
    placement: Option<String>,
    item: Option<String>,
    history: Vec<String>,
    cart: Vec<String>,
    region: Option<String>,
    category: Option<String>,
    exclude: Vec<String>,
    seen: Option<String>,
    k: Option<u32>,
    explain: Option<bool>,
    cards: Option<bool>,
}

impl Asked {
    /// Sets one parameter from the text of a URL: lists were split at commas, the rest is one value.
    pub(crate) fn set_text(
        &mut self,
        name: &'static str,
        mut values: Vec<String>,
    ) -> Result<(), Problem> {
        match name {
            "history" => self.history = values,
            "cart" => self.cart = values,
            "exclude" => self.exclude = values,
            _ => {
                let value = values.pop().unwrap_or_default();
                match name {
                    "placement" => self.placement = Some(value),
                    "item" => self.item = Some(value),
                    "region" => self.region = Some(value),
                    "category" => self.category = Some(value),
                    "seen" => self.seen = Some(value),
                    "k" => self.k = Some(value.parse().map_err(|_| bad_k(&value))?),
                    "explain" => self.explain = Some(flag("explain", &value)?),
                    _ => self.cards = Some(flag("cards", &value)?),
                }
            }
        }
        Ok(())
    }

    /// Sets one parameter from a value of a body.
    pub(crate) fn set(&mut self, name: &'static str, value: Input) -> Result<(), Problem> {
        let allowed = match (name, value) {
            (_, Input::Null) => return Ok(()),
            ("history" | "cart" | "exclude", Input::Texts(ids)) => return self.set_text(name, ids),
            ("k", Input::Number(k)) => {
                self.k = Some(u32::try_from(k).unwrap_or(u32::MAX));
                return Ok(());
            }
            ("explain", Input::Flag(flag)) => {
                self.explain = Some(flag);
                return Ok(());
            }
            ("cards", Input::Flag(flag)) => {
                self.cards = Some(flag);
                return Ok(());
            }
            ("placement" | "item" | "region" | "category" | "seen", Input::Text(text)) => {
                return self.set_text(name, Vec::from([text]));
            }
            ("history" | "cart" | "exclude", value) => (value, "a list of item ids"),
            ("k", value) => (value, "a whole number from 1 to 100"),
            ("explain" | "cards", value) => (value, "true or false"),
            (_, value) => (value, "text"),
        };
        Err(Problem::parameter(name, &allowed.0.describe(), allowed.1))
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
        for (name, text) in [
            ("item", &self.item),
            ("region", &self.region),
            ("category", &self.category),
        ] {
            check_text(name, text.as_deref())?;
        }
        let mut unknown = Vec::new();
        let mut find = |id: &'a str| {
            let found = bundle.find_item(id);
            if found.is_none() {
                unknown.push(id);
            }
            found
        };
        let item = self.item.as_deref().and_then(&mut find);
        let history = self.history.iter().filter_map(|id| find(id)).collect();
        let cart = self.cart.iter().filter_map(|id| find(id)).collect();
        let exclude = self
            .exclude
            .iter()
            .filter_map(|id| bundle.find_item(id))
            .collect();
        let region = self
            .region
            .as_deref()
            .map(|name| (name, bundle.find_region(name)));
        let category = self
            .category
            .as_deref()
            .map(|name| (name, bundle.find_category(name)));
        unknown.extend(
            region
                .iter()
                .filter(|entry| entry.1.is_none())
                .map(|entry| entry.0),
        );
        unknown.extend(
            category
                .iter()
                .filter(|entry| entry.1.is_none())
                .map(|entry| entry.0),
        );
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
            Problem::parameter("placement", name, "item, together, cart, home or popular")
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
        match self.k.map(|k| (k, usize::try_from(k))) {
            None => Ok(DEFAULT_K),
            Some((_, Ok(k))) if (1..=MAX_K).contains(&k) => Ok(k),
            Some((k, _)) => Err(bad_k(&format!("{k}"))),
        }
    }
}

fn bad_k(found: &str) -> Problem {
    Problem::parameter("k", found, &format!("a whole number from 1 to {MAX_K}"))
}

fn flag(name: &'static str, value: &str) -> Result<bool, Problem> {
    match value {
        "1" | "true" => Ok(true),
        "0" | "false" => Ok(false),
        _ => Err(Problem::parameter(name, value, "0, 1, false or true")),
    }
}

fn check_len(name: &'static str, list: &[String], limit: usize) -> Result<(), Problem> {
    if list.len() > limit {
        let found = format!("{} items", list.len());
        return Err(Problem::parameter(
            name,
            &found,
            &format!("at most {limit} items"),
        ));
    }
    list.iter().try_for_each(|id| check_text(name, Some(id)))
}

fn check_text(name: &'static str, text: Option<&str>) -> Result<(), Problem> {
    match text {
        Some(text) if text.is_empty() || text.len() > MAX_ID_BYTES => Err(Problem::parameter(
            name,
            text,
            &format!("1 to {MAX_ID_BYTES} bytes"),
        )),
        _ => Ok(()),
    }
}

/// A question in rows of one bundle.
pub(crate) struct Resolved<'a> {
    pub(crate) placement: Placement,
    item: Option<ItemIdx>,
    history: Vec<ItemIdx>,
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
        }
    }
}

/// The parameters met so far, so that none is given twice.
#[derive(Default)]
pub(crate) struct Given(Vec<&'static str>);

impl Given {
    /// The static name of a parameter that is met for the first time.
    pub(crate) fn first(&mut self, name: &str) -> Result<&'static str, Problem> {
        let Some(known) = PARAMETERS.split(", ").find(|known| *known == name) else {
            return Err(Problem::new(
                ProblemCode::UnknownParameter,
                name,
                PARAMETERS,
            ));
        };
        if self.0.contains(&known) {
            let problem = Problem::new(ProblemCode::RepeatedParameter, name, "once");
            return Err(Problem {
                parameter: Some(known),
                ..problem
            });
        }
        self.0.push(known);
        Ok(known)
    }
}
