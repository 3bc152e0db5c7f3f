//! `edgewise.toml`: where a shop's log is, what its columns mean, how it is cleaned, and how the model is made.
//!
//! Every key may be left out. Without `item` in `[columns]` the columns that are not named are guessed from the files,
//! and so are the settings of `[cleaning]` that are not written; with it, a column that is not named is not used.

mod clock;
mod error;
mod experiments;
mod file;
mod recipes;

use std::path::{Path, PathBuf};

use edgewise_core::TimeZone;
use edgewise_ingest::{CatalogSource, Columns, Settings, Sources};
use edgewise_train::{Params, SeasonParams};

pub(crate) use error::ConfigError;
pub(crate) use experiments::PlannedExperiments;
pub(crate) use recipes::Recipes;

/// What a build needs to know.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Config {
    /// Where the log is.
    pub(crate) sources: Sources,
    /// What its columns mean; `item` is always named.
    pub(crate) columns: Columns,
    /// How it is cleaned.
    pub(crate) settings: Settings,
    /// A catalogue beside it.
    pub(crate) catalog: Option<CatalogSource>,
    /// How the model is made.
    pub(crate) model: Model,
    /// Experiments on how its lists are combined.
    pub(crate) experiments: PlannedExperiments,
    /// Where the shop's rules are.
    pub(crate) rules: Option<PathBuf>,
}

/// How the model is made. Ranges are enforced when a configuration is loaded.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Model {
    /// Related items kept per item. `1`: only the best one, the smallest bundle. `1024`: nearly every pair, the largest
    /// bundle. Range `1..=1024`.
    pub(crate) neighbours: u32,
    /// Distinct people behind every published fact. `1`: no protection. `1_000_000`: only mass behaviour. Range
    /// `1..=1_000_000`.
    pub(crate) min_people: u32,
    /// Baskets that must hold a pair. `1`: chance pairs stay. `1_000_000`: only staple pairs. Range `1..=1_000_000`.
    pub(crate) min_support: u32,
    /// Age at which an interaction counts half for popularity, in days. `0.01`: only the last minutes count.
    /// `36_500`: all time counts the same. Range `0.01..=36_500.0`.
    pub(crate) half_life_days: f64,
    /// What goes by the clock.
    pub(crate) time: TimeModel,
    /// The ISO 4217 code of the currency of the prices, such as `GBP`; `None` when prices are shown without one.
    pub(crate) currency: Option<String>,
    /// Which models make the lists, and how they are combined; `None` leaves both to the shape of the log.
    pub(crate) recipes: Option<Params>,
}

/// What goes by the clock and the calendar.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct TimeModel {
    /// What a view, a cart and a purchase count for popularity, in 256ths. `0`: nothing. `256`: whole. Range `0..=256`.
    pub(crate) kind_weights: [u16; 3],
    /// Length of the window in which items trend, in days. `0.01`: the last minutes. `3650`: ten years. Range
    /// `0.01..=3650.0`.
    pub(crate) trending_days: f64,
    /// How seasons are found; `None` when they are not looked for.
    pub(crate) seasons: Option<SeasonParams>,
    /// The shop's time zone.
    pub(crate) time_zone: TimeZone,
}

impl Default for TimeModel {
    fn default() -> TimeModel {
        let params = Params::default();
        TimeModel {
            kind_weights: params.kind_weights,
            trending_days: params.trending.map_or(14.0, |trending| trending.window_days),
            seasons: params.seasons,
            time_zone: params.time_zone,
        }
    }
}

impl Default for Model {
    fn default() -> Model {
        let params = Params::default();
        Model {
            neighbours: params.similar.as_ref().map_or(0, |recipe| recipe.neighbours),
            min_people: params.min_people,
            min_support: params.min_support,
            half_life_days: params.half_life_days,
            time: TimeModel::default(),
            currency: None,
            recipes: None,
        }
    }
}

/// The configuration in the file `path`. Files, folders and globs of `paths`, where there are any, come instead of
/// those that it names; its own relative paths start at its folder.
///
/// # Errors
/// A file that cannot be read, is no TOML, or has an unknown key or a value out of range; no path at all; columns that
/// are neither named nor can be guessed.
pub(crate) fn load(path: &Path, paths: &[PathBuf]) -> Result<Config, ConfigError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| ConfigError::Read { path: path.to_owned(), source })?;
    file::parse(&text, path, paths)
}

/// A configuration without a file: everything is guessed from the log.
///
/// # Errors
/// Files that cannot be read, or whose columns cannot be guessed.
pub(crate) fn guess(paths: &[PathBuf]) -> Result<Config, ConfigError> {
    let sources = Sources::new(paths);
    let guess = edgewise_ingest::guess(&sources, &Columns::default())
        .map_err(|source| ConfigError::Guess { source })?;
    Ok(Config {
        sources,
        columns: guess.columns,
        settings: guess.settings,
        catalog: None,
        model: Model::default(),
        experiments: PlannedExperiments::default(),
        rules: None,
    })
}

#[cfg(test)]
mod tests;
