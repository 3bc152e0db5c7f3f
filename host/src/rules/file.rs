//! `rules.toml` as it is written, before its names are looked up.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use edgewise_bundle::limits::MAX_NAME_BYTES;
use edgewise_core::Placement;
use edgewise_core::condition::MILLIONTHS;
use edgewise_core::policy::{
    MAX_BOOST, MAX_CAP, MAX_PIN, MAX_POLICY_RULES, MAX_RULE_SETS, MAX_STRENGTH, NO_BOOST,
};
use jiff::tz::TimeZone;
use toml::de::DeTable;

use super::error::{Place, RulesError};
use super::section::{Section, Text};
use super::times;
use crate::vocabulary::nearest;

/// The set of rules that name none.
pub(super) const ALWAYS: &str = "always";
/// The attribute that prices are in.
const PRICE: &str = "price";

/// What a rule can do.
pub(super) const ACTIONS: &[&str] = &[
    "include",
    "exclude",
    "boost",
    "bury",
    "pin",
    "cap",
    "price_band",
    "only",
    "available_between",
    "hide_purchased_days",
    "diversity",
    "rotation",
];
/// The keys of a rule.
const KEYS: &[&str] = &[
    "name",
    "set",
    "placements",
    "start",
    "end",
    "include",
    "exclude",
    "boost",
    "bury",
    "pin",
    "cap",
    "price_band",
    "only",
    "available_between",
    "hide_purchased_days",
    "diversity",
    "rotation",
];

/// One rule, its numbers checked.
#[derive(Clone, Debug)]
pub(super) struct Draft {
    pub(super) name: String,
    pub(super) set: String,
    pub(super) placements: u8,
    pub(super) from_minute: u32,
    pub(super) until_minute: u32,
    pub(super) action: DraftAction,
    /// Where what the action takes stands.
    pub(super) place: Box<Place>,
}

/// What a rule does, in the words of the file and the numbers of the model.
#[derive(Clone, Debug)]
pub(super) enum DraftAction {
    Include {
        filter: String,
    },
    Exclude {
        filter: String,
    },
    Boost {
        key: &'static str,
        factor: u32,
        filter: String,
    },
    Pin {
        item: String,
        position: u32,
    },
    Cap {
        attribute: String,
        most: u32,
    },
    /// Millionths of the number of the page's item, the end excluded.
    Band {
        key: &'static str,
        attribute: String,
        share: std::ops::Range<u32>,
    },
    Available {
        from: Option<String>,
        until: Option<String>,
    },
    HidePurchased {
        days: u32,
    },
    Diversity {
        strength: u32,
    },
    Rotate {
        strength: u32,
        period_minutes: u32,
    },
}

/// The rules of a file in its order, and the sets that they belong to.
pub(super) fn parse(text: &str, path: &Path) -> Result<(Vec<Draft>, Vec<String>), RulesError> {
    let table = DeTable::parse(text)
        .map_err(|source| RulesError::Syntax { path: path.to_owned(), source: Box::new(source) })?;
    let whole = Section::of_file(Text { path, text }, &table);
    whole.knows(&["time_zone", "rule"])?;
    let zone = zone(&whole)?;
    let sections = whole.sections("rule")?;
    let mut first_lines = BTreeMap::new();
    let mut drafts = Vec::with_capacity(sections.len());
    for section in sections {
        let name = section.text("name", "a name of its own, such as \"sold out\"")?;
        if name.len() > MAX_NAME_BYTES as usize {
            return Err(section.bad("name", "at most 256 bytes"));
        }
        let section = section.of_rule(name);
        let place = Box::new(section.place());
        if let Some(first_line) = first_lines.insert(name, place.line) {
            return Err(RulesError::Repeated { place, first_line });
        }
        drafts.push(draft(&section, name, &zone)?);
    }
    let named: BTreeSet<&str> = drafts.iter().map(|draft| draft.set.as_str()).collect();
    let others = named.into_iter().filter(|set| *set != ALWAYS);
    let sets: Vec<String> = [ALWAYS].into_iter().chain(others).map(str::to_owned).collect();
    let limits =
        [("rules", drafts.len(), MAX_POLICY_RULES), ("sets", sets.len(), MAX_RULE_SETS as usize)];
    match limits.into_iter().find(|(_, found, limit)| found > limit) {
        Some((what, found, limit)) => {
            Err(RulesError::TooMany { path: path.to_owned(), what, found, limit })
        }
        None => Ok((drafts, sets)),
    }
}

fn zone(whole: &Section<'_>) -> Result<TimeZone, RulesError> {
    let Some(name) = whole.string("time_zone")? else { return Ok(TimeZone::UTC) };
    times::zone(name).ok_or_else(|| {
        let zones = times::zones();
        RulesError::Unknown {
            place: Box::new(whole.place_of("time_zone")),
            key: "time_zone".to_owned(),
            what: "time zone",
            found: name.to_owned(),
            similar: nearest(name, zones.iter().map(String::as_str)),
        }
    })
}

fn draft(section: &Section<'_>, name: &str, zone: &TimeZone) -> Result<Draft, RulesError> {
    section.knows(KEYS)?;
    let found = section.which(ACTIONS);
    let [key] = found.as_slice() else {
        return Err(RulesError::Actions { place: Box::new(section.place()), found });
    };
    let set = section.string("set")?.unwrap_or(ALWAYS);
    if set.is_empty() || set.len() > MAX_NAME_BYTES as usize {
        return Err(section.bad("set", "a name of at most 256 bytes"));
    }
    let [start, end] = ["start", "end"].map(|key| {
        let expected = "a date from 1970 on such as 2026-12-01, or a time of whole minutes such as \
                        2026-12-01T08:30:00, without quotes";
        let datetime = section.datetime(key, expected)?;
        let minute =
            |datetime| times::minute(datetime, zone).ok_or_else(|| section.bad(key, expected));
        datetime.map(minute).transpose()
    });
    let (from_minute, until_minute) = (start?.unwrap_or(0), end?.unwrap_or(u32::MAX));
    if from_minute >= until_minute {
        return Err(section.bad("end", "a time after `start`; the rule stops as it begins"));
    }
    Ok(Draft {
        name: name.to_owned(),
        set: set.to_owned(),
        placements: placements(section)?,
        from_minute,
        until_minute,
        action: action(section, key)?,
        place: Box::new(section.place_of(key)),
    })
}

/// A bit for each placement.
fn placements(section: &Section<'_>) -> Result<u8, RulesError> {
    const EXPECTED: &str = "a list of `item`, `together`, `cart`, `home`, `popular` and `trending`";
    let bad = || section.bad("placements", EXPECTED);
    let Some(names) = section.strings("placements", EXPECTED)? else { return Ok(u8::MAX) };
    let bit = |name: &str| Some(1 << Placement::from_name(name)?.index());
    let bits = names.iter().try_fold(0, |bits, name| Some(bits | bit(name)?));
    bits.filter(|bits| *bits > 0).ok_or_else(bad)
}

fn action(section: &Section<'_>, key: &'static str) -> Result<DraftAction, RulesError> {
    const FILTER: &str = "a filter such as 'category = \"Bags\"'";
    Ok(match key {
        "include" => DraftAction::Include { filter: section.text(key, FILTER)?.to_owned() },
        "exclude" => DraftAction::Exclude { filter: section.text(key, FILTER)?.to_owned() },
        "boost" | "bury" => boost(section, key)?,
        "pin" => pin(section)?,
        "cap" => cap(section)?,
        "price_band" => price_band(section)?,
        "only" => only(section)?,
        "available_between" => available(section)?,
        "hide_purchased_days" => {
            let expected = "a whole number of days from 0 to 65535";
            let days = section.whole(key, 0..=u16::MAX.into(), expected)?.unwrap_or(0);
            DraftAction::HidePurchased { days }
        }
        "diversity" => DraftAction::Diversity { strength: strength(section, key)? },
        // Cannot be another one: the caller found it among the actions.
        _ => rotation(section)?,
    })
}

fn boost(section: &Section<'_>, key: &'static str) -> Result<DraftAction, RulesError> {
    let table =
        section.section(key, "a table such as { factor = 1.5, where = 'brand = \"Acme\"' }")?;
    table.knows(&["factor", "where"])?;
    let most = f64::from(MAX_BOOST / NO_BOOST);
    let (range, expected) = match key {
        "boost" => (1.0..=most, "a factor from 1 to 256"),
        _ => (0.0..=1.0, "a factor from 0, the end of the list, to 1"),
    };
    let factor = table.number("factor", range, expected)?;
    let factor = factor.ok_or_else(|| table.missing("factor", expected))?;
    let filter = table.text("where", "a filter such as 'brand = \"Acme\"'")?;
    Ok(DraftAction::Boost { key, factor: parts(factor, NO_BOOST), filter: filter.to_owned() })
}

fn pin(section: &Section<'_>) -> Result<DraftAction, RulesError> {
    let table = section.section("pin", "a table such as { item = \"85123A\", position = 1 }")?;
    table.knows(&["item", "position"])?;
    let item = table.text("item", "the id of an item, in quotes")?.to_owned();
    let expected = "a position from 1 to 100";
    let position = table.whole("position", 1..=MAX_PIN, expected)?;
    let position = position.ok_or_else(|| table.missing("position", expected))?;
    Ok(DraftAction::Pin { item, position })
}

fn cap(section: &Section<'_>) -> Result<DraftAction, RulesError> {
    let table = section.section("cap", "a table such as { attribute = \"brand\", most = 2 }")?;
    table.knows(&["attribute", "most"])?;
    let attribute = table.text("attribute", "the name of an attribute")?.to_owned();
    let expected = "a whole number from 1 to 100";
    let most = table.whole("most", 1..=MAX_CAP, expected)?;
    let most = most.ok_or_else(|| table.missing("most", expected))?;
    Ok(DraftAction::Cap { attribute, most })
}

fn price_band(section: &Section<'_>) -> Result<DraftAction, RulesError> {
    let table = section.section("price_band", "a table such as { from = 0.8, to = 1.25 }")?;
    table.knows(&["from", "to", "attribute"])?;
    let bound = |key| {
        let factor = table.number(
            key,
            0.0..=4_000.0,
            "a share of the price of the page's item, from 0 to 4000",
        )?;
        Ok(factor.map(|factor| parts(factor, PARTS)))
    };
    let (from, to) = (bound("from")?, bound("to")?);
    if from.is_none() && to.is_none() {
        return Err(table.missing("from", "`from`, `to` or both"));
    }
    // The end is part of the band.
    let share = from.unwrap_or(0)..to.map_or(u32::MAX, |to| to + 1);
    if share.is_empty() {
        return Err(table.bad("to", "a share from that of `from` on"));
    }
    let attribute = table.string("attribute")?.unwrap_or(PRICE).to_owned();
    Ok(DraftAction::Band { key: "price_band", attribute, share })
}

fn only(section: &Section<'_>) -> Result<DraftAction, RulesError> {
    let share = match section.string("only")? {
        Some("cheaper") => 0..PARTS,
        Some("dearer") => PARTS + 1..u32::MAX,
        _ => return Err(section.bad("only", "\"cheaper\" or \"dearer\"")),
    };
    Ok(DraftAction::Band { key: "only", attribute: PRICE.to_owned(), share })
}

fn available(section: &Section<'_>) -> Result<DraftAction, RulesError> {
    let table = section.section(
        "available_between",
        "a table such as { from = \"available_from\", until = \"available_until\" }",
    )?;
    table.knows(&["from", "until"])?;
    let [from, until] = ["from", "until"].map(|key| Ok(table.string(key)?.map(str::to_owned)));
    let (from, until) = (from?, until?);
    if from.is_none() && until.is_none() {
        return Err(table.missing("from", "`from`, `until` or both"));
    }
    Ok(DraftAction::Available { from, until })
}

fn rotation(section: &Section<'_>) -> Result<DraftAction, RulesError> {
    let table =
        section.section("rotation", "a table such as { strength = 0.5, every = \"1 day\" }")?;
    table.knows(&["strength", "every"])?;
    let period = table.string("every")?.map(|text| {
        let minutes = times::minutes(text).filter(|minutes| (1..=527_040).contains(minutes));
        minutes.ok_or_else(|| {
            table.bad(
                "every",
                "a time of whole minutes such as \"1 day\" or \"6 hours\", at most 366 days",
            )
        })
    });
    let period_minutes = period.transpose()?.unwrap_or(0);
    Ok(DraftAction::Rotate { strength: strength(&table, "strength")?, period_minutes })
}

fn strength(section: &Section<'_>, key: &str) -> Result<u32, RulesError> {
    let expected = "a strength from 0 to 1";
    let strength = section.number(key, 0.0..=1.0, expected)?;
    Ok(parts(strength.ok_or_else(|| section.missing(key, expected))?, MAX_STRENGTH))
}

/// Millionths of one.
#[expect(clippy::cast_possible_truncation, reason = "a million fits")]
const PARTS: u32 = MILLIONTHS as u32;

/// The nearest whole number of parts of one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "what is written was checked to be within range"
)]
fn parts(number: f64, of_one: u32) -> u32 {
    (number * f64::from(of_one)).round() as u32
}
