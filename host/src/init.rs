//! `edgewise init`: looks at a shop's files and writes the configuration that fits them, each line with its reason.

mod template;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Args;
use edgewise_ingest::{CatalogColumns, CatalogSource, Columns, IngestError, Sources};

use template::Template;

/// What `edgewise init` takes.
#[derive(Args, Debug)]
pub(crate) struct InitArgs {
    /// Files, folders or globs of CSV, JSON lines or Parquet
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// A catalogue beside the log: titles, prices, pages, pictures, categories, availability
    #[arg(long, value_name = "FILE")]
    pub(crate) catalog: Option<PathBuf>,
    /// Where the configuration goes
    #[arg(short, long, value_name = "FILE", default_value = "edgewise.toml")]
    pub(crate) output: PathBuf,
    /// Overwrite a configuration that exists
    #[arg(long)]
    pub(crate) force: bool,
}

/// Why no configuration was written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum InitError {
    /// There is one already.
    #[error("`{}` exists already", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be written.
    #[error("cannot write the configuration `{}`", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A path cannot be made to start at the folder of the configuration.
    #[error("cannot find out where `{}` is", path.display())]
    Locate {
        /// The path.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// A path is not UTF-8, which a configuration must be.
    #[error("the path `{}` is not UTF-8 and cannot be written into a configuration", path.display())]
    NotUtf8 {
        /// The path.
        path: PathBuf,
    },
    /// The files cannot be read or understood.
    #[error("cannot suggest a configuration")]
    Guess {
        /// Why not.
        #[source]
        source: IngestError,
    },
}

impl InitError {
    /// What the user can do about it.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::Exists { .. } => {
                Some("name another file with `-o`, or overwrite it with `--force`".into())
            }
            Self::Write { .. } | Self::Locate { .. } | Self::NotUtf8 { .. } => None,
            Self::Guess { source } => source.hint(),
        }
    }
}

/// Writes the configuration, and tells `notes` what was recognised.
///
/// # Errors
/// A configuration that exists, files that cannot be read or understood, a place that cannot be written to.
pub(crate) fn run(args: &InitArgs, notes: &mut dyn Write) -> anyhow::Result<()> {
    let output = &args.output;
    if output.exists() && !args.force {
        return Err(InitError::Exists { path: output.clone() }.into());
    }
    let template = suggest(args)?;
    let text = template.to_toml();
    write_new(output, &text, args)?;
    for reason in &template.guess.reasons {
        let chosen = reason.chosen.as_deref().unwrap_or("-");
        writeln!(notes, "{:<17} {chosen:<18} {}", reason.key, reason.why)?;
    }
    writeln!(notes, "wrote {}", output.display())?;
    Ok(())
}

/// What the files suggest.
fn suggest(args: &InitArgs) -> Result<Template, InitError> {
    let failed = |source| InitError::Guess { source };
    let sources = Sources::new(&args.paths);
    let guess = edgewise_ingest::guess(&sources, &Columns::default()).map_err(failed)?;
    let catalog = args.catalog.as_ref().map(|path| {
        let sources = Sources::new([path]);
        let guess =
            edgewise_ingest::guess_catalog(&sources, &CatalogColumns::default()).map_err(failed)?;
        let path = from_folder_of(&args.output, path)?;
        Ok((CatalogSource { sources: Sources::new([path]), columns: guess.columns.clone() }, guess))
    });
    let paths: Result<Vec<PathBuf>, InitError> =
        args.paths.iter().map(|path| from_folder_of(&args.output, path)).collect();
    Ok(Template { paths: paths?, guess, catalog: catalog.transpose()? })
}

/// The path as a configuration in `output` must write it: as it is where that lies in the working folder, else from
/// the root.
fn from_folder_of(output: &Path, path: &Path) -> Result<PathBuf, InitError> {
    if path.to_str().is_none() {
        return Err(InitError::NotUtf8 { path: path.to_owned() });
    }
    let is_here = output.parent().is_none_or(|folder| folder.as_os_str().is_empty());
    if is_here || path.is_absolute() {
        return Ok(path.to_owned());
    }
    std::path::absolute(path).map_err(|source| InitError::Locate { path: path.to_owned(), source })
}

/// Writes the file in one go. Without `--force` it must be new, even if it came to be since it was looked for.
fn write_new(path: &Path, text: &str, args: &InitArgs) -> Result<(), InitError> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true);
    if args.force {
        options.create(true).truncate(true)
    } else {
        options.create_new(true)
    };
    options
        .open(path)
        .and_then(|mut file| file.write_all(text.as_bytes()))
        .map_err(|source| InitError::Write { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests;
