//! From names to the rows of a bundle.

use alloc::string::String;
use alloc::vec::Vec;

use edgewise_bundle::Bundle;
use edgewise_core::condition::{Condition, Word};
use edgewise_core::{
    Assigned, CategoryIdx, Context, Event, EventKind, ItemIdx, MAX_CART, MAX_EXCLUDE, MAX_HISTORY,
    MAX_K, Model as _, Placement, Query, RegionIdx, Seen, SegmentIdx, Visit,
};

use crate::asked::Question;
use crate::filter_names;
use crate::moment;
use crate::parameters::{Name, ParameterKind};
use crate::problem::{Problem, decimal, joined};
use crate::url_query::number;
use crate::wire::Input;

/// Longest item id, category, region or segment name, in bytes.
pub const MAX_ID_BYTES: usize = edgewise_bundle::limits::MAX_NAME_BYTES as usize;
/// Longest token of a visitor, in bytes.
pub const MAX_VISITOR_BYTES: usize = 64;
/// Results when `k` is absent.
const DEFAULT_K: u64 = 10;
/// What `ages` may be.
const AGES: &str = "for each item of `history` whole days from 0 to 65535, with commas";
/// What `kinds` may be.
const KINDS: &str = "for each item of `history` view, cart or purchase, with commas";

/// What an answer depends on besides the question.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Surroundings {
    /// The placement that the path stands for.
    pub(crate) placement: Option<Placement>,
    /// Seconds since 1970 by the host's clock.
    pub(crate) now_s: Option<u64>,
}

/// A question in rows of one bundle.
pub(crate) struct Resolved<'a> {
    pub(crate) placement: Placement,
    item: Option<ItemIdx>,
    history: Vec<Event>,
    cart: Vec<ItemIdx>,
    /// Items that must not be recommended.
    pub(crate) exclude: Vec<ItemIdx>,
    region: Option<RegionIdx>,
    category: Option<CategoryIdx>,
    seen: Seen,
    pub(crate) k: usize,
    minute: Option<u32>,
    segment: Option<SegmentIdx>,
    seed: Option<u64>,
    /// The variant of an experiment that the visitor gets.
    pub(crate) variant: Option<Assigned>,
    /// A bit for each set of rules that the variant leaves on.
    sets: u32,
    filter: Vec<Word>,
    /// Whether the answer lists every contribution and rule.
    pub(crate) explain: bool,
    /// Whether the answer carries cards.
    pub(crate) cards: bool,
    /// Names in the question that the bundle does not know.
    pub(crate) unknown: Vec<&'a str>,
}

impl Resolved<'_> {
    pub(crate) fn query(&self) -> Query<'_> {
        let context = Context {
            minute: self.minute,
            segment: self.segment,
            seed: self.seed,
            filter: Condition(&self.filter),
            sets: self.sets,
            variant: self.variant,
        };
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
            context,
        }
    }
}

/// Looks every name up. Items, regions, categories and segments that the bundle does not know are kept apart.
pub(crate) fn resolve<'a>(
    question: &Question<'a>,
    bundle: &Bundle<'_>,
    around: Surroundings,
) -> Result<Resolved<'a>, Problem> {
    check_len("history", question.texts(Name::History), MAX_HISTORY)?;
    check_len("cart", question.texts(Name::Cart), MAX_CART)?;
    check_len("exclude", question.texts(Name::Exclude), MAX_EXCLUDE)?;
    let text = |name, parameter, limit| {
        let text: Option<&'a str> = question.text(name);
        check_text(parameter, text, limit).map(|()| text)
    };
    let item = text(Name::Item, "item", MAX_ID_BYTES)?;
    let region = text(Name::Region, "region", MAX_ID_BYTES)?;
    let category = text(Name::Category, "category", MAX_ID_BYTES)?;
    let segment = text(Name::Segment, "segment", MAX_ID_BYTES)?;
    let visitor = text(Name::Visitor, "visitor", MAX_VISITOR_BYTES)?;
    let mut unknown = Vec::new();
    let item = item.and_then(|id| find_item(bundle, id, &mut unknown));
    let history = events(question, bundle, &mut unknown)?;
    let cart = find_all(bundle, question.texts(Name::Cart), &mut unknown);
    let exclude = find_all(bundle, question.texts(Name::Exclude), &mut Vec::new());
    let found_region = region.and_then(|name| bundle.find_region(name));
    unknown.extend(region.filter(|_| found_region.is_none()));
    // A category that does not exist holds no items, which is not the same as no filter.
    let found_category =
        category.map(|name| bundle.find_category(name).unwrap_or(CategoryIdx(u32::MAX)));
    unknown.extend(category.filter(|_| found_category == Some(CategoryIdx(u32::MAX))));
    let found_segment = segment.and_then(|name| bundle.find_segment(name));
    unknown.extend(segment.filter(|_| found_segment.is_none()));
    let seconds = question.value(Name::At).map(moment::seconds).transpose()?.or(around.now_s);
    let placement = placement(question, around.placement)?;
    let visit =
        |(token, now_s): (&'a str, u64)| Visit { placement, now_s, token: token.as_bytes() };
    let variant = visitor.zip(seconds).and_then(|known| bundle.experiments().assign(&visit(known)));
    Ok(Resolved {
        placement,
        item,
        history,
        cart,
        exclude,
        region: found_region,
        category: found_category,
        seen: seen(question)?,
        k: k(question)?,
        minute: seconds.and_then(|seconds| u32::try_from(seconds / 60).ok()),
        segment: found_segment,
        seed: seed(question.value(Name::Seed), visitor),
        variant,
        sets: bundle.rule_sets(variant),
        filter: filter_names::words(bundle, question.text(Name::Filter).unwrap_or(""))?,
        explain: question.flag(Name::Explain).unwrap_or(false),
        cards: question.flag(Name::Cards).unwrap_or(true),
        unknown,
    })
}

/// What a rotation turns on: the seed, else the visitor.
fn seed(seed: Option<&Input>, visitor: Option<&str>) -> Option<u64> {
    match seed {
        Some(Input::Number(seed)) => Some(*seed),
        Some(Input::Text(text)) => Some(hashed(FNV_BASIS, text.as_bytes())),
        _ => visitor.map(|token| hashed(FNV_BASIS, token.as_bytes())),
    }
}

/// What [`hashed`] begins with.
pub(crate) const FNV_BASIS: u64 = 0xcbf2_9ce4_8422_2325;

/// FNV-1a, 64 bits (Fowler, Noll, Vo), on top of what was hashed before.
pub(crate) fn hashed(before: u64, bytes: &[u8]) -> u64 {
    bytes.iter().fold(before, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The history with the age and kind of each event: a look, today, unless `ages` and `kinds` say otherwise.
fn events<'a>(
    question: &Question<'a>,
    bundle: &Bundle<'_>,
    unknown: &mut Vec<&'a str>,
) -> Result<Vec<Event>, Problem> {
    let (given_ages, given_kinds) = (question.text(Name::Ages), question.text(Name::Kinds));
    let mut ages = given_ages.map(|words| words.split(','));
    let mut kinds = given_kinds.map(|words| words.split(','));
    let wrong_ages = || Problem::parameter("ages", given_ages.unwrap_or(""), AGES);
    let wrong_kinds = || Problem::parameter("kinds", given_kinds.unwrap_or(""), KINDS);
    let ids = question.texts(Name::History);
    let mut events = Vec::with_capacity(ids.len());
    for id in ids {
        let age = ages.as_mut().map_or(Some("0"), Iterator::next);
        let kind = kinds.as_mut().map_or(Some("view"), Iterator::next);
        let age_days =
            age.and_then(number).and_then(|age| u16::try_from(age).ok()).ok_or_else(wrong_ages)?;
        let kind = kind.and_then(EventKind::from_name).ok_or_else(wrong_kinds)?;
        if let Some(item) = find_item(bundle, id, unknown) {
            events.push(Event { item, kind, age_days });
        }
    }
    if ages.is_some_and(|mut rest| rest.next().is_some()) {
        return Err(wrong_ages());
    }
    if kinds.is_some_and(|mut rest| rest.next().is_some()) {
        return Err(wrong_kinds());
    }
    Ok(events)
}

fn placement(question: &Question<'_>, of_path: Option<Placement>) -> Result<Placement, Problem> {
    let Some(name) = question.text(Name::Placement) else {
        return Ok(of_path.unwrap_or_else(|| {
            if question.value(Name::Item).is_some() {
                Placement::Item
            } else if question.texts(Name::Cart).is_empty() {
                Placement::Home
            } else {
                Placement::Cart
            }
        }));
    };
    let allowed = |placement: &Placement| of_path.is_none_or(|of_path| of_path == *placement);
    let mut all = Placement::ALL.into_iter().filter(allowed);
    all.clone().find(|placement| placement.name() == name).ok_or_else(|| {
        let mut names = String::from(all.next().map_or("", Placement::name));
        for placement in all {
            names.push_str(", ");
            names.push_str(placement.name());
        }
        Problem::parameter("placement", name, &names)
    })
}

fn seen(question: &Question<'_>) -> Result<Seen, Problem> {
    match question.text(Name::Seen) {
        None | Some("hide") => Ok(Seen::Hide),
        Some("show") => Ok(Seen::Show),
        Some(other) => Err(Problem::parameter("seen", other, "hide or show")),
    }
}

fn k(question: &Question<'_>) -> Result<usize, Problem> {
    let k = question.number(Name::K).unwrap_or(DEFAULT_K);
    match usize::try_from(k) {
        Ok(k) if (1..=MAX_K).contains(&k) => Ok(k),
        _ => Err(Problem::parameter("k", &decimal(k), ParameterKind::Number.allowed())),
    }
}

fn find_item<'a>(bundle: &Bundle<'_>, id: &'a str, unknown: &mut Vec<&'a str>) -> Option<ItemIdx> {
    let found = bundle.find_item(id);
    if found.is_none() {
        unknown.push(id);
    }
    found
}

/// The items with these ids; ids that the bundle does not know go to `unknown`.
pub(crate) fn find_all<'a>(
    bundle: &Bundle<'_>,
    ids: &'a [String],
    unknown: &mut Vec<&'a str>,
) -> Vec<ItemIdx> {
    let mut items = Vec::with_capacity(ids.len());
    for id in ids {
        items.extend(find_item(bundle, id, unknown));
    }
    items
}

pub(crate) fn check_len(name: &'static str, list: &[String], limit: usize) -> Result<(), Problem> {
    if list.len() > limit {
        return Err(too_many(name, list.len(), limit));
    }
    list.iter().try_for_each(|id| check_text(name, Some(id), MAX_ID_BYTES))
}

/// A list that is too long.
pub(crate) fn too_many(name: &'static str, found: usize, limit: usize) -> Problem {
    let found = joined(&[&decimal(found as u64), " items"]);
    Problem::parameter(name, &found, &joined(&["at most ", &decimal(limit as u64), " items"]))
}

/// Refuses a text that is empty or too long.
pub(crate) fn check_text(
    name: &'static str,
    text: Option<&str>,
    limit: usize,
) -> Result<(), Problem> {
    match text {
        Some(text) if text.is_empty() || text.len() > limit => Err(Problem::parameter(
            name,
            text,
            &joined(&["1 to ", &decimal(limit as u64), " bytes"]),
        )),
        _ => Ok(()),
    }
}
