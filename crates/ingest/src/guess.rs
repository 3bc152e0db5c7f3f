//! Which column means what: guessed from headers and the first rows, with a reason for each choice.

mod chooser;
mod names;
mod profile;
mod suggest;

use self::chooser::Chooser;
use self::profile::Sample;
use crate::catalog;
use crate::error::IngestError;
use crate::files::{SourceFile, discover};
use crate::settings::{CatalogColumns, Columns, Role, Settings, Sources};

/// Columns and settings that fit a log, with reasons.
#[derive(Clone, Debug, PartialEq)]
pub struct Guess {
    /// The column of each role.
    pub columns: Columns,
    /// The settings: the defaults, but for what the values suggest.
    pub settings: Settings,
    /// Why, one for each role and one for each setting that was thought about.
    pub reasons: Vec<Reason>,
    /// Every column there is.
    pub found: Vec<String>,
}

/// Columns that fit a catalogue file, with reasons.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogGuess {
    /// The column of each field.
    pub columns: CatalogColumns,
    /// Why, one for each field.
    pub reasons: Vec<Reason>,
    /// Every column there is.
    pub found: Vec<String>,
}

/// Why a column or a setting was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// The key in the configuration.
    pub key: &'static str,
    /// What was chosen.
    pub chosen: Option<String>,
    /// Why: a sentence without a period.
    pub why: String,
    /// What else could have been.
    pub considered: Vec<Considered>,
}

/// A column that was not chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Considered {
    /// The column.
    pub column: String,
    /// Why not.
    pub why: String,
}

/// Guesses columns and settings of a log. Columns of `given` are kept.
///
/// # Errors
/// Files that cannot be read; no column that could be the item id.
pub fn guess(sources: &Sources, given: &Columns) -> Result<Guess, IngestError> {
    let files = discover(&sources.paths)?;
    let sample = Sample::read(sources, &files)?;
    let mut chooser = Chooser::new(&sample, given.clone(), names::of);
    for role in Role::ALL {
        if role == Role::Segment && given.segment.is_none() {
            continue;
        }
        chooser.choose(role);
    }
    let Chooser { columns, mut reasons, .. } = chooser;
    if columns.item.is_none() {
        return Err(no_item(&files, sample.names, "columns", "item"));
    }
    let settings = suggest::settings(&sample, &columns, &mut reasons);
    Ok(Guess { columns, settings, reasons, found: sample.names })
}

/// Guesses the columns of a catalogue file. Columns of `given` are kept.
///
/// # Errors
/// Files that cannot be read; no column that could be the item id.
pub fn guess_catalog(
    sources: &Sources,
    given: &CatalogColumns,
) -> Result<CatalogGuess, IngestError> {
    const ROLES: [Role; 9] = [
        Role::Item,
        Role::Title,
        Role::Price,
        Role::Url,
        Role::Image,
        Role::Category,
        Role::Brand,
        Role::Product,
        Role::Region,
    ];
    let files = discover(&sources.paths)?;
    let sample = Sample::read(sources, &files)?;
    let usual = |role| {
        if role == Role::Region { names::AVAILABILITY } else { names::of(role) }
    };
    let mut chooser = Chooser::new(&sample, catalog::as_roles(given), usual);
    chooser.further_items = names::CATALOG_ID;
    for role in ROLES {
        chooser.choose(role);
    }
    let Chooser { columns, mut reasons, .. } = chooser;
    for (reason, role) in reasons.iter_mut().zip(ROLES) {
        reason.key = catalog::catalog_key(role);
    }
    let columns = CatalogColumns {
        id: columns.item,
        title: columns.title,
        price: columns.price,
        url: columns.url,
        image: columns.image,
        category: columns.category,
        availability: columns.region,
        brand: columns.brand,
        product: columns.product,
        subcategories: columns.subcategories,
        attributes: given.attributes.clone(),
    };
    if columns.id.is_none() {
        return Err(no_item(&files, sample.names, "catalog", "id"));
    }
    Ok(CatalogGuess { columns, reasons, found: sample.names })
}

/// The error of a log without a configured item column.
pub(crate) fn no_item_column(sources: &Sources, files: &[SourceFile]) -> IngestError {
    match Sample::read(sources, files) {
        Ok(sample) => no_item(files, sample.names, "columns", "item"),
        Err(error) => error,
    }
}

fn no_item(
    files: &[SourceFile],
    found: Vec<String>,
    section: &'static str,
    key: &'static str,
) -> IngestError {
    let path = files.first().map(|file| file.path.clone()).unwrap_or_default();
    IngestError::NoItemColumn { path, found, section, key }
}

/// A number of things: `1 row`, `2,000 rows`.
fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}

/// A number with its thousands grouped: `10,000`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests;
