//! A shop's files become a clean log.
//!
//! Reads CSV, JSON lines and Parquet, whose columns it can guess ([`guess()`]), refuses rows by stated rules, and gives
//! the rest as [`Interactions`](edgewise_core::interactions::Interactions) and
//! [`Catalog`](edgewise_core::interactions::Catalog) ([`read()`]).
//!
//! It is *not* a trainer, and it prints nothing: what it refused is in the [`CleaningReport`], how far it is goes to a
//! [`Progress`].
//!
//! The law: the same rows give the same log, in whatever order they come and however they are spread over files.
//! Numbers of users and orders, and the order of the rows, mean nothing.
//!
//! ```
//! use edgewise_ingest::{Columns, NoProgress, Sources, guess, read};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = std::env::temp_dir().join(format!("edgewise-ingest-doc-{}", std::process::id()));
//! # std::fs::create_dir_all(&folder)?;
//! let file = folder.join("sales.csv");
//! std::fs::write(&file, "order_id,sku,quantity\n1,tea-1,2\n1,pot-7,1\n2,tea-1,-1\n")?;
//! let sources = Sources::new([&file]);
//! let guess = guess(&sources, &Columns::default())?;
//! assert_eq!(guess.columns.item.as_deref(), Some("sku"));
//! let log = read(&sources, &guess.columns, &guess.settings, None, &NoProgress)?;
//! assert_eq!(log.interactions.rows.len(), 2);
//! assert_eq!(log.report.refused[0].code, "non_positive_quantity");
//! # std::fs::remove_dir_all(folder)?;
//! # Ok(())
//! # }
//! ```
#![forbid(unsafe_code)]

mod settings;

pub mod cells;
pub mod files;
mod open;
pub mod rows;

mod intern;
mod keys;
mod kinds;
pub mod not_items;
mod number;
mod prices;
mod text;
mod time;
mod tree;

mod attributes;
mod catalog;
mod clean;
mod finish;
mod gather;
mod guess;
mod read;

mod error;
mod progress;
mod report;
mod room;

pub use error::IngestError;
pub use finish::Log;
pub use guess::{CatalogGuess, Considered, Guess, Reason, guess, guess_catalog};
pub use progress::{Forecast, NoProgress, Progress, Work};
pub use read::{read, read_within};
pub use report::{CleaningReport, Example, MAX_EXAMPLES, Note, Refusal, Refused};
pub use room::ReadRoom;
pub use settings::{
    Availability, CatalogColumns, CatalogSource, Columns, DecimalMark, Duplicates, ItemCase,
    KindRule, NotItems, ORDER_USER_DAY, PricePer, Quotes, REGION_SEPARATOR, Role, Settings,
    Sources, Strangers, TimeFormat,
};
