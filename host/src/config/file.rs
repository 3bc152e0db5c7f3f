//! The file as it is written, and how it becomes a [`Config`].

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use edgewise_core::interactions::EventKind;
use edgewise_ingest::{
    Availability, CatalogColumns, CatalogSource, Columns, DecimalMark, Duplicates, ItemCase,
    KindRule, NotItems, PricePer, Quotes, REGION_SEPARATOR, Settings, Sources, Strangers,
    TimeFormat,
};
use serde::Deserialize;

use edgewise_train::{ContentParams, Params, RebuyParams, Recipe, RuleParams, SessionIndexParams};

use super::clock::{self, SeasonsText};
use super::experiments::{self, ExperimentSection};
use crate::rules::RuleFile;

use super::recipes::{BadScoring, Recipes, ScoringText};
use super::{Config, ConfigError, Model, TimeModel};

/// `edgewise.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    source: SourceSection,
    columns: ColumnsSection,
    cleaning: CleaningSection,
    kinds: BTreeMap<String, String>,
    catalog: Option<CatalogSection>,
    model: ModelSection,
    experiment: Vec<ExperimentSection>,
    rules: Option<RulesSection>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct SourceSection {
    paths: Vec<PathBuf>,
    delimiter: Option<String>,
    quotes: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ColumnsSection {
    item: Option<String>,
    user: Option<String>,
    order: Option<String>,
    time: Option<String>,
    kind: Option<String>,
    quantity: Option<String>,
    price: Option<String>,
    region: Option<RegionColumns>,
    segment: Option<String>,
    title: Option<String>,
    category: Option<CategoryColumns>,
    url: Option<String>,
    image: Option<String>,
    brand: Option<String>,
    product: Option<String>,
}

/// The columns of a path: one, or one for each of its parts.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum CategoryColumns {
    Whole(String),
    Parts(Vec<String>),
}

/// One column, or several from the widest to the narrowest.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum RegionColumns {
    One(String),
    Several(Vec<String>),
}

impl RegionColumns {
    fn joined(self) -> String {
        match self {
            RegionColumns::One(name) => name,
            RegionColumns::Several(names) => names.join(&REGION_SEPARATOR.to_string()),
        }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct CleaningSection {
    time_format: Option<String>,
    decimal_mark: Option<String>,
    price_per: Option<String>,
    item_case: Option<String>,
    kind_when_absent: Option<String>,
    cancelled_orders: Option<Vec<String>>,
    guest_users: Option<Vec<String>>,
    not_items: Option<Vec<String>>,
    exact_duplicates: Option<String>,
    max_refused_share: Option<f64>,
    category_separator: Option<String>,
    region_separator: Option<String>,
    regions_from_rows: Option<bool>,
    only_catalog_items: Option<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct CatalogSection {
    path: PathBuf,
    id: Option<String>,
    title: Option<String>,
    price: Option<String>,
    url: Option<String>,
    image: Option<String>,
    category: Option<CategoryColumns>,
    availability: Option<String>,
    brand: Option<String>,
    product: Option<String>,
    attributes: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct ModelSection {
    neighbours: Option<u32>,
    min_people: Option<u32>,
    min_support: Option<u32>,
    half_life_days: Option<f64>,
    kind_weights: Option<[u16; 3]>,
    trending_days: Option<f64>,
    seasons: Option<SeasonsText>,
    time_zone: Option<String>,
    currency: Option<String>,
    similar: Option<Recipe>,
    together: Option<Recipe>,
    next: Option<Recipe>,
    content: Option<ContentParams>,
    rules: Option<RuleParams>,
    rebuy: Option<RebuyParams>,
    sessions: Option<SessionIndexParams>,
    scoring: Option<ScoringText>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RulesSection {
    path: PathBuf,
}

/// Reads the text of the configuration `path`; see [`super::load`].
pub(super) fn parse(text: &str, path: &Path, paths: &[PathBuf]) -> Result<Config, ConfigError> {
    let file: File = toml::from_str(text).map_err(|source| ConfigError::Syntax {
        path: path.to_owned(),
        source: Box::new(source),
    })?;
    let check = Check { path };
    let model = file.model.check(&check)?;
    let rules = file.rules.map(|rules| check.resolve(&rules.path));
    let of_experiments = rules.as_deref().filter(|_| experiments::name_rules(&file.experiment));
    let experiments = experiments::plan(file.experiment, path, &rule_sets(of_experiments)?)?;
    let catalog = file.catalog.map(|catalog| catalog.check(&check)).transpose()?;
    let mut sources = file.source.check(&check)?;
    if !paths.is_empty() {
        sources.paths = paths.to_vec();
    }
    if sources.paths.is_empty() {
        return Err(ConfigError::NoPaths { path: path.to_owned() });
    }
    let columns = Columns::from(file.columns);
    // The settings are looked at before the files, so that a mistake in them is not hidden by one in those.
    let mut settings = Settings::for_columns(&columns);
    file.cleaning.apply(&check, &mut settings)?;
    settings.kinds = check.kinds(&file.kinds)?;
    if columns.item.is_some() {
        return Ok(Config { sources, columns, settings, catalog, model, experiments, rules });
    }
    let guess = edgewise_ingest::guess(&sources, &columns)
        .map_err(|source| ConfigError::Guess { source })?;
    let mut guessed = Settings { kinds: settings.kinds, ..guess.settings };
    file.cleaning.apply(&check, &mut guessed)?;
    Ok(Config {
        sources,
        columns: guess.columns,
        settings: guessed,
        catalog,
        model,
        experiments,
        rules,
    })
}

/// The sets of the shop's rules, by number.
fn rule_sets(rules: Option<&Path>) -> Result<Vec<String>, ConfigError> {
    let Some(path) = rules else { return Ok(Vec::new()) };
    let read = RuleFile::read(path);
    read.map(|file| file.sets().to_vec())
        .map_err(|source| ConfigError::Rules { source: Box::new(source) })
}

/// Checks values of one file.
struct Check<'a> {
    path: &'a Path,
}

impl Check<'_> {
    fn bad(&self, key: &str, found: &str, expected: &'static str) -> ConfigError {
        let (path, key, found) = (self.path.to_owned(), key.to_owned(), found.to_owned());
        ConfigError::BadValue { path, key, found, expected }
    }

    /// Puts what a word names into `slot`, where there is a word.
    fn word<T>(
        &self,
        key: &str,
        word: Option<&str>,
        read: impl Fn(&str) -> Option<T>,
        expected: &'static str,
        slot: &mut T,
    ) -> Result<(), ConfigError> {
        if let Some(word) = word {
            *slot = read(word).ok_or_else(|| self.bad(key, word, expected))?;
        }
        Ok(())
    }

    /// A number within its range, or what is used when none is written.
    fn within<T: PartialOrd + ToString>(
        &self,
        key: &str,
        value: Option<T>,
        otherwise: T,
        range: std::ops::RangeInclusive<T>,
        expected: &'static str,
    ) -> Result<T, ConfigError> {
        match value {
            None => Ok(otherwise),
            Some(value) if range.contains(&value) => Ok(value),
            Some(value) => Err(self.bad(key, &value.to_string(), expected)),
        }
    }

    fn kinds(
        &self,
        kinds: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, KindRule>, ConfigError> {
        let expected = "`view`, `cart`, `purchase` or `ignore`";
        kinds
            .iter()
            .map(|(word, rule)| {
                let rule = match (rule.as_str(), EventKind::from_name(rule)) {
                    ("ignore", _) => KindRule::Ignore,
                    (_, Some(kind)) => KindRule::Event(kind),
                    _ => return Err(self.bad(&format!("kinds.{word}"), rule, expected)),
                };
                Ok((word.clone(), rule))
            })
            .collect()
    }

    /// The models that are written, their numbers within range.
    fn recipes(&self, recipes: &Recipes) -> Result<Params, ConfigError> {
        let params = recipes.params().map_err(|bad| match bad {
            BadScoring::Line(found) => self.bad(
                "model.scoring.ladders",
                &found,
                "terms like `1 similar from history by 0`, with ` + ` between them, `popular in everyone` or `trending in region`",
            ),
            BadScoring::Placement(found) => self.bad(
                "model.scoring.ladders",
                &found,
                "a ladder for each of `item`, `together`, `cart`, `home` and `popular`, and perhaps for `trending`",
            ),
            BadScoring::Range(error) => {
                self.bad("model.scoring", &error.to_string(), "tables within the limits of the format")
            }
        })?;
        params.check().map_err(|error| {
            self.bad("model", &error.to_string(), "settings within the ranges of their models")
        })?;
        Ok(params)
    }

    /// A path of the file, which starts at the folder of the file.
    fn resolve(&self, path: &Path) -> PathBuf {
        self.path.parent().map_or_else(|| path.to_owned(), |folder| folder.join(path))
    }
}

impl SourceSection {
    fn check(self, check: &Check<'_>) -> Result<Sources, ConfigError> {
        let delimiter = match self.delimiter.as_deref().map(str::as_bytes) {
            None => None,
            Some(&[byte]) if byte.is_ascii() && !byte.is_ascii_alphanumeric() && byte != b'"' => {
                Some(byte)
            }
            Some(_) => {
                let found = self.delimiter.unwrap_or_default();
                return Err(check.bad(
                    "source.delimiter",
                    &found,
                    "one character such as `;` or `\\t`",
                ));
            }
        };
        let quotes = match self.quotes {
            Some(false) => Quotes::Plain,
            Some(true) | None => Quotes::Enclose,
        };
        let paths = self.paths.iter().map(|path| check.resolve(path)).collect();
        Ok(Sources { paths, delimiter, quotes })
    }
}

impl CategoryColumns {
    /// The first column and the others.
    fn split(columns: Option<CategoryColumns>) -> (Option<String>, Vec<String>) {
        match columns {
            None => (None, Vec::new()),
            Some(CategoryColumns::Whole(column)) => (Some(column), Vec::new()),
            Some(CategoryColumns::Parts(columns)) => {
                let mut columns = columns.into_iter();
                (columns.next(), columns.collect())
            }
        }
    }
}

impl From<ColumnsSection> for Columns {
    fn from(section: ColumnsSection) -> Columns {
        let (category, subcategories) = CategoryColumns::split(section.category);
        Columns {
            item: section.item,
            user: section.user,
            order: section.order,
            time: section.time,
            kind: section.kind,
            quantity: section.quantity,
            price: section.price,
            region: section.region.map(RegionColumns::joined),
            segment: section.segment,
            title: section.title,
            category,
            subcategories,
            url: section.url,
            image: section.image,
            brand: section.brand,
            product: section.product,
        }
    }
}

impl CleaningSection {
    /// Overwrites the settings that are written.
    fn apply(&self, check: &Check<'_>, settings: &mut Settings) -> Result<(), ConfigError> {
        self.apply_words(check, settings)?;
        self.apply_others(check, settings)
    }

    /// Overwrites the settings that are words.
    fn apply_words(&self, check: &Check<'_>, settings: &mut Settings) -> Result<(), ConfigError> {
        check.word(
            "cleaning.time_format",
            self.time_format.as_deref(),
            TimeFormat::from_name,
            "`auto`, `day-first`, `month-first`, `epoch-s`, `epoch-ms`, `epoch-us` or a pattern like `%d.%m.%Y %H:%M`",
            &mut settings.time_format,
        )?;
        let mark = self.decimal_mark.as_deref();
        let expected = "`auto`, `.` or `,`";
        check.word(
            "cleaning.decimal_mark",
            mark,
            DecimalMark::from_name,
            expected,
            &mut settings.decimal_mark,
        )?;
        let per = self.price_per.as_deref();
        check.word(
            "cleaning.price_per",
            per,
            PricePer::from_name,
            "`unit` or `line`",
            &mut settings.price_per,
        )?;
        let case = self.item_case.as_deref();
        check.word(
            "cleaning.item_case",
            case,
            ItemCase::from_name,
            "`keep` or `upper`",
            &mut settings.item_case,
        )?;
        let absent = self.kind_when_absent.as_deref();
        let expected = "`view`, `cart` or `purchase`";
        check.word(
            "cleaning.kind_when_absent",
            absent,
            EventKind::from_name,
            expected,
            &mut settings.kind_when_absent,
        )?;
        let duplicates = self.exact_duplicates.as_deref();
        let expected = "`refuse` or `keep`";
        let slot = &mut settings.duplicates;
        check.word(
            "cleaning.exact_duplicates",
            duplicates,
            Duplicates::from_name,
            expected,
            slot,
        )?;
        Ok(())
    }

    /// Overwrites the settings that are lists, numbers and switches.
    fn apply_others(&self, check: &Check<'_>, settings: &mut Settings) -> Result<(), ConfigError> {
        settings.max_refused_share = check.within(
            "cleaning.max_refused_share",
            self.max_refused_share,
            settings.max_refused_share,
            0.0..=1.0,
            "a share of `0.0` to `1.0`",
        )?;
        if let Some(prefixes) = &self.cancelled_orders {
            settings.cancelled_orders.clone_from(prefixes);
        }
        if let Some(guests) = &self.guest_users {
            settings.guest_users.clone_from(guests);
        }
        if let Some(globs) = &self.not_items {
            settings.not_items = NotItems::Globs(globs.clone());
        }
        if let Some(separator) = &self.region_separator {
            if separator.is_empty() {
                return Err(check.bad(
                    "cleaning.region_separator",
                    "",
                    "a text such as `/` or ` > `",
                ));
            }
            settings.region_separator = Some(separator.clone());
        }
        match self.regions_from_rows {
            Some(true) => settings.regions = Availability::WhereSeen,
            Some(false) => settings.regions = Availability::Everywhere,
            None => {}
        }
        if let Some(separator) = &self.category_separator {
            settings.category_separator.clone_from(separator);
        }
        match self.only_catalog_items {
            Some(true) => settings.strangers = Strangers::Refuse,
            Some(false) => settings.strangers = Strangers::Keep,
            None => {}
        }
        Ok(())
    }
}

impl CatalogSection {
    fn check(self, check: &Check<'_>) -> Result<CatalogSource, ConfigError> {
        if self.path.as_os_str().is_empty() {
            return Err(check.bad("catalog.path", "", "a file, folder or glob"));
        }
        let reserved = ["category", "brand", "product"];
        if let Some(name) = self.attributes.iter().find(|name| reserved.contains(&name.as_str())) {
            let expected =
                "columns of other names; `category`, `brand` and `product` have keys of their own";
            return Err(check.bad("catalog.attributes", name, expected));
        }
        let (category, subcategories) = CategoryColumns::split(self.category);
        let columns = CatalogColumns {
            id: self.id,
            title: self.title,
            price: self.price,
            url: self.url,
            image: self.image,
            category,
            subcategories,
            availability: self.availability,
            brand: self.brand,
            product: self.product,
            attributes: self.attributes,
        };
        Ok(CatalogSource { sources: Sources::new([check.resolve(&self.path)]), columns })
    }
}

impl ModelSection {
    /// What goes by the clock.
    fn time(&self, check: &Check<'_>) -> Result<TimeModel, ConfigError> {
        let usual = TimeModel::default();
        let zone = self.time_zone.as_deref().unwrap_or("UTC");
        let kinds = self.kind_weights.unwrap_or(usual.kind_weights);
        if let Some(bad) = kinds.iter().find(|&&weight| weight > 256) {
            return Err(check.bad("model.kind_weights", &bad.to_string(), "`0` to `256` each"));
        }
        let seasons = self.seasons.as_ref().map_or(Ok(None), SeasonsText::params);
        Ok(TimeModel {
            kind_weights: kinds,
            trending_days: check.within(
                "model.trending_days",
                self.trending_days,
                usual.trending_days,
                0.01..=3_650.0,
                "`0.01` to `3650`",
            )?,
            seasons: seasons.map_err(|()| {
                check.bad("model.seasons", "another value", "`\"auto\"`, `\"always\"` or `false`")
            })?,
            time_zone: clock::time_zone(zone).ok_or_else(|| {
                check.bad(
                    "model.time_zone",
                    zone,
                    "a name of the tz database, such as `Europe/London`",
                )
            })?,
        })
    }

    fn check(self, check: &Check<'_>) -> Result<Model, ConfigError> {
        let usual = Model::default();
        let time = self.time(check)?;
        let recipes = Recipes {
            similar: self.similar,
            together: self.together,
            next: self.next,
            content: self.content,
            rules: self.rules,
            rebuy: self.rebuy,
            sessions: self.sessions,
            scoring: self.scoring,
        };
        let is_written = recipes != Recipes::default();
        let recipes = is_written.then(|| check.recipes(&recipes)).transpose()?;
        let million = "`1` to `1000000`";
        let currency = self.currency.as_deref();
        if let Some(code) = currency
            && !(code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase()))
        {
            return Err(check.bad("model.currency", code, "three capital letters such as `GBP`"));
        }
        Ok(Model {
            neighbours: check.within(
                "model.neighbours",
                self.neighbours,
                usual.neighbours,
                1..=1024,
                "`1` to `1024`",
            )?,
            min_people: check.within(
                "model.min_people",
                self.min_people,
                usual.min_people,
                1..=1_000_000,
                million,
            )?,
            min_support: check.within(
                "model.min_support",
                self.min_support,
                usual.min_support,
                1..=1_000_000,
                million,
            )?,
            half_life_days: check.within(
                "model.half_life_days",
                self.half_life_days,
                usual.half_life_days,
                0.01..=36_500.0,
                "`0.01` to `36500`",
            )?,
            time,
            currency: self.currency,
            recipes,
        })
    }
}
