//! `[[experiment]]` tables: who sees which variant, where and when, and what a variant changes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use edgewise_core::{
    ALL_RULE_SETS, Experiment, ExperimentError, Experiments, Period, Placement, Placements, Rung,
    SHARE_ONE, Scoring, Variant,
};
use serde::Deserialize;

use super::ConfigError;
use super::recipes::rung;

/// `[[experiment]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ExperimentSection {
    name: String,
    salt: Option<String>,
    placements: Vec<String>,
    start: Option<toml::Value>,
    end: Option<toml::Value>,
    variant: Vec<VariantSection>,
}

/// `[[experiment.variant]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct VariantSection {
    name: String,
    share: f64,
    rules: Option<Vec<String>>,
    decays: Option<Decays>,
    #[serde(default)]
    ladders: BTreeMap<String, Vec<String>>,
}

/// The experiments of a configuration, before the tables of the model are known.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct PlannedExperiments {
    /// The configuration, for messages.
    path: PathBuf,
    all: Vec<Planned>,
}

/// One experiment whose variants' ladders still count the decays of the variant.
#[derive(Clone, Debug, PartialEq)]
struct Planned {
    experiment: Experiment,
    /// By variant: decays of its own. `None` where its ladders use the model's.
    decays: Vec<Option<Decays>>,
}

/// What each place or age counts, a list per decay.
type Decays = Vec<Vec<u16>>;

/// Names a value of one experiment in messages.
struct Check<'a> {
    path: &'a Path,
    /// `experiment.NAME`, and perhaps `.VARIANT`.
    place: String,
}

impl Check<'_> {
    fn bad(&self, key: &str, found: &str, expected: &'static str) -> ConfigError {
        let key = if key.is_empty() { self.place.clone() } else { format!("{}.{key}", self.place) };
        ConfigError::BadValue { path: self.path.to_owned(), key, found: found.to_owned(), expected }
    }
}

/// Whether a variant names rules that act.
pub(super) fn name_rules(sections: &[ExperimentSection]) -> bool {
    sections.iter().flat_map(|section| &section.variant).any(|variant| variant.rules.is_some())
}

/// Reads the tables of the configuration `path`. `rule_sets` are the names of the sets of rules, in their order.
///
/// # Errors
/// [`ConfigError::BadValue`] names the experiment, the variant and the key.
pub(super) fn plan(
    sections: Vec<ExperimentSection>,
    path: &Path,
    rule_sets: &[String],
) -> Result<PlannedExperiments, ConfigError> {
    // A file without experiments says the same as no file.
    if sections.is_empty() {
        return Ok(PlannedExperiments::default());
    }
    let all = sections.into_iter().map(|section| section.plan(path, rule_sets));
    Ok(PlannedExperiments { path: path.to_owned(), all: all.collect::<Result<_, _>>()? })
}

impl ExperimentSection {
    fn plan(self, path: &Path, rule_sets: &[String]) -> Result<Planned, ConfigError> {
        let check = Check { path, place: format!("experiment.{}", self.name) };
        let time = |key: &str, value: Option<&toml::Value>, otherwise| {
            value.map_or(Ok(otherwise), |value| time_s(&check, key, value))
        };
        let start_s = time("start", self.start.as_ref(), Period::ALWAYS.start_s)?;
        let end_s = time("end", self.end.as_ref(), Period::ALWAYS.end_s)?;
        if start_s >= end_s {
            let found = self.end.as_ref().map(written).unwrap_or_default();
            return Err(check.bad("end", &found, "a time after `start`"));
        }
        let placements = placements(&check, &self.placements)?;
        let (mut variants, mut decays) = (Vec::new(), Vec::new());
        for section in self.variant {
            let place = format!("experiment.{}.{}", self.name, section.name);
            let (variant, own) = section.plan(&Check { path, place }, placements, rule_sets)?;
            variants.push(variant);
            decays.push(own);
        }
        let salt = self.salt.unwrap_or_else(|| self.name.clone());
        let period = Period { start_s, end_s };
        let experiment = Experiment { name: self.name, salt, placements, period, variants };
        Ok(Planned { experiment, decays })
    }
}

fn placements(check: &Check<'_>, names: &[String]) -> Result<Placements, ConfigError> {
    let expected = "one or more of `item`, `together`, `cart`, `home` and `popular`";
    let bad = |name: &str| check.bad("placements", name, expected);
    let read = |name: &String| Placement::from_name(name).ok_or_else(|| bad(name));
    let placements: Placements = names.iter().map(read).collect::<Result<_, _>>()?;
    if placements.bits() == 0 { Err(bad("")) } else { Ok(placements) }
}

fn time_s(check: &Check<'_>, key: &str, value: &toml::Value) -> Result<u64, ConfigError> {
    let text = written(value);
    let time_s = match value {
        toml::Value::Datetime(_) | toml::Value::String(_) => edgewise_ingest::cells::time_s(&text),
        _ => None,
    };
    let expected = "a date such as `2026-12-01`, or a time such as `2026-12-01T09:00:00+01:00`; UTC where no offset is written";
    time_s
        .and_then(|time_s| u64::try_from(time_s).ok())
        .ok_or_else(|| check.bad(key, &text, expected))
}

/// A value as the file writes it, strings without their quotes.
fn written(value: &toml::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl VariantSection {
    fn plan(
        self,
        check: &Check<'_>,
        placements: Placements,
        rule_sets: &[String],
    ) -> Result<(Variant, Option<Decays>), ConfigError> {
        let share = share(self.share).ok_or_else(|| {
            let expected = "a share of `0.0001` to `1.0` with at most four decimals";
            check.bad("share", &self.share.to_string(), expected)
        })?;
        let rules = self.rules.as_ref().map_or(Ok(ALL_RULE_SETS), |names| {
            names.iter().try_fold(0, |bits, name| {
                let at = rule_sets.iter().position(|known| known == name);
                let bit = at.and_then(|at| 1_u16.checked_shl(u32::try_from(at).ok()?));
                let expected = "the name of a set of rules of this file";
                bit.map(|bit| bits | bit).ok_or_else(|| check.bad("rules", name, expected))
            })
        })?;
        if let Some(name) = self.ladders.keys().find(|name| {
            Placement::from_name(name).is_none_or(|placement| !placements.contains(placement))
        }) {
            return Err(check.bad("ladders", name, "a placement of the experiment"));
        }
        let mut ladders = Vec::new();
        for placement in placements.iter() {
            let Some(lines) = self.ladders.get(placement.name()) else { continue };
            let read = |line: &String| {
                let expected = "terms like `1 similar from history by 0`, with ` + ` between them, or `popular in everyone`";
                rung(line).ok_or_else(|| check.bad("ladders", line, expected))
            };
            ladders.push((placement, lines.iter().map(read).collect::<Result<_, _>>()?));
        }
        Ok((Variant { name: self.name, share, rules, ladders }, self.decays))
    }
}

/// A share in parts of [`SHARE_ONE`]; `None` where it is none, or has more decimals than there are parts.
fn share(share: f64) -> Option<u16> {
    let parts = share * f64::from(SHARE_ONE);
    let whole = (1..=SHARE_ONE).find(|whole| (f64::from(*whole) - parts).abs() < 1e-6)?;
    Some(whole)
}

impl PlannedExperiments {
    /// The experiments of a model with these tables, behind whose decays those of the variants are put.
    ///
    /// # Errors
    /// [`ConfigError::BadValue`] when a number is out of range, a ladder cannot be used, or two experiments act at one
    /// placement at one time.
    pub(crate) fn fit(&self, scoring: &mut Scoring) -> Result<Experiments, ConfigError> {
        let mut tables = scoring.tables().clone();
        let mut all: Vec<Experiment> = Vec::new();
        for Planned { experiment, decays } in &self.all {
            let mut experiment = experiment.clone();
            for (variant, own) in experiment.variants.iter_mut().zip(decays) {
                let Some(own) = own else { continue };
                let place = |decay: &Vec<u16>| {
                    let at = tables.decays.iter().position(|known| known == decay);
                    at.unwrap_or_else(|| {
                        tables.decays.push(decay.clone());
                        tables.decays.len() - 1
                    })
                };
                let places: Vec<usize> = own.iter().map(place).collect();
                renumber(variant, &places);
            }
            all.push(experiment);
        }
        *scoring = Scoring::new(tables).map_err(|error| {
            let check = Check { path: &self.path, place: "experiment".to_owned() };
            check.bad("", &error.to_string(), "at most 16 decays with those of the model")
        })?;
        let names: Vec<String> = all.iter().map(|experiment| experiment.name.clone()).collect();
        Experiments::new(all, scoring).map_err(|error| self.refused(error, &names))
    }

    fn refused(&self, error: ExperimentError, names: &[String]) -> ConfigError {
        let name = |at: usize| names.get(at).map_or("", String::as_str);
        let check = |at| Check { path: &self.path, place: format!("experiment.{}", name(at)) };
        match error {
            ExperimentError::Count { field: "experiments", found, .. } => {
                let check = Check { path: &self.path, place: "experiment".to_owned() };
                check.bad("", &found.to_string(), "at most 32 experiments")
            }
            ExperimentError::Count { field: "variants", experiment, found, .. } => {
                check(experiment).bad("variant", &found.to_string(), "2 to 16 variants")
            }
            ExperimentError::Count { field: "sum of shares", experiment, found, .. } => {
                let found = u16::try_from(found).map_or(f64::INFINITY, f64::from);
                let sum = (found / f64::from(SHARE_ONE)).to_string();
                check(experiment).bad("variant", &sum, "shares of at most `1.0` together")
            }
            ExperimentError::Count { field, experiment, found, .. } => {
                check(experiment).bad(field, &format!("{found} bytes"), "a text of 1 to 64 bytes")
            }
            ExperimentError::RepeatedName { experiment } => {
                check(experiment).bad("name", name(experiment), "a name that no other one has")
            }
            ExperimentError::EmptyPeriod { experiment } => {
                check(experiment).bad("end", "", "a time after `start`")
            }
            ExperimentError::Overlap { first, second } => check(second).bad(
                "placements",
                &format!("those of `{}` at the same time", name(first)),
                "placements, or a time, at which no other experiment acts",
            ),
            ExperimentError::LadderPlacement { experiment } => {
                check(experiment).bad("ladders", "", "a placement of the experiment")
            }
            ExperimentError::Ladder { experiment, cause } => check(experiment).bad(
                "ladders",
                &cause.to_string(),
                "a ladder within the limits of the format",
            ),
        }
    }
}

/// Makes the terms of a variant name decays of the model instead of its own; one that it has not stays out of range.
fn renumber(variant: &mut Variant, places: &[usize]) {
    let rungs = variant.ladders.iter_mut().flat_map(|(_, ladder)| ladder);
    for rung in rungs {
        let Rung::Related(terms) = rung else { continue };
        for term in terms {
            let place = places.get(usize::from(term.decay));
            term.decay = place.and_then(|at| u16::try_from(*at).ok()).unwrap_or(u16::MAX);
        }
    }
}

#[cfg(test)]
mod tests;
