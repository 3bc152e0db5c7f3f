//! `edgewise bake`: a bundle and a shell become one component that needs nothing else.
//!
//! Not here: what a shell does with the bundle (`edge/http`, `edge/spin`), and running the component (`crate::serve`).
//!
//! No code is compiled and no guest code runs: the bundle becomes a data segment of the finished module, and the same
//! shell and bundle give the same bytes.

pub(crate) mod component;
pub(crate) mod error;
pub(crate) mod module;
pub(crate) mod shell;

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;

pub(crate) use component::bake;
pub(crate) use error::BakeError;
pub(crate) use shell::ShellKind;

use crate::whole_file;

/// What `edgewise bake` takes.
#[derive(Args, Debug)]
pub(crate) struct BakeArgs {
    /// The bundle to bake in, as `edgewise build` wrote it
    pub(crate) bundle: PathBuf,
    /// Where the component goes
    #[arg(short, long, value_name = "FILE", default_value = "recs.wasm")]
    pub(crate) output: PathBuf,
    /// Which shell: `http` runs on any host of wasi:http 0.2, `spin` is built with the Spin SDK
    #[arg(long, value_enum, default_value_t = ShellKind::Http)]
    pub(crate) shell: ShellKind,
    /// A shell's core module of your own, in place of the one that came with this program
    #[arg(long, value_name = "FILE")]
    pub(crate) shell_file: Option<PathBuf>,
}

/// Bakes and writes the component; says what it did in `notes`.
///
/// # Errors
///
/// [`BakeError`], and what writing to `notes` gives.
pub(crate) fn run(args: &BakeArgs, notes: &mut dyn Write) -> anyhow::Result<()> {
    let bundle = read_limited(&args.bundle, module::MAX_BUNDLE_BYTES)?;
    let shell = shell::read_shell(args.shell, &bundle, args.shell_file.as_deref())?;
    let component = bake(&shell, &bundle)?;
    whole_file::write(&args.output, &component)
        .map_err(|source| BakeError::Write { path: args.output.clone(), source })?;
    writeln!(
        notes,
        "wrote {}: {} bytes, of which the bundle is {}",
        args.output.display(),
        component.len(),
        bundle.len()
    )?;
    Ok(())
}

/// Reads a file of at most `limit_bytes`.
///
/// # Errors
///
/// [`BakeError::Read`].
pub(crate) fn read_limited(path: &Path, limit_bytes: usize) -> Result<Vec<u8>, BakeError> {
    whole_file::read(path, limit_bytes as u64)
        .map_err(|source| BakeError::Read { path: path.to_owned(), source })
}

#[cfg(test)]
mod tests;
