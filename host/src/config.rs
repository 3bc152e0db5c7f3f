//! `edgewise.toml`: where a shop's log is, what its columns mean, how it is cleaned, and how the model is made.
//!
//! Every key may be left out. Without `item` in `[columns]` the columns that are not named are guessed from the files,
//! and so are the settings of `[cleaning]` that are not written; with it, a column that is not named is not used.

mod error;
mod file;
mod recipes;

use std::path::{Path, PathBuf};

use edgewise_ingest::{CatalogSource, Columns, Settings, Sources};
use edgewise_train::Params;

pub(crate) use error::ConfigError;
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
    /// The ISO 4217 code of the currency of the prices, such as `GBP`; `None` when prices are shown without one.
    pub(crate) currency: Option<String>,
    /// Which models make the lists, and how they are combined; `None` leaves both to the shape of the log.
    pub(crate) recipes: Option<Params>,
}

impl Default for Model {
    fn default() -> Model {
        let params = Params::default();
        Model {
            neighbours: params.similar.as_ref().map_or(0, |recipe| recipe.neighbours),
            min_people: params.min_people,
            min_support: params.min_support,
            half_life_days: params.half_life_days,
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
        rules: None,
    })
}

#[cfg(test)]
mod tests;
