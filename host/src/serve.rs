//! `edgewise serve`: runs a bundle, a component or a Spin application on this machine, as an edge node would.
//!
//! Not here: how a guest is run and bounded (`edgewise_sandbox`), how a bundle becomes a component (`crate::bake`).
//!
//! [`App`](app::App) is what is served; [`server`] is how. A bundle also gets its demo page.

pub(crate) mod app;
pub(crate) mod error;
pub(crate) mod log;
pub(crate) mod manifest;
pub(crate) mod route;
pub(crate) mod server;
pub(crate) mod site;

use std::io::Write;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use edgewise_sandbox::Limits;

pub(crate) use error::ServeError;

/// What `edgewise serve` takes.
#[derive(Args, Debug)]
pub(crate) struct ServeArgs {
    /// A bundle, a component, or the manifest of a Spin application
    #[arg(value_name = "shop.bundle|recs.wasm|spin.toml")]
    pub(crate) source: PathBuf,
    /// Where to listen; port 0 takes any free one
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:3000")]
    pub(crate) listen: SocketAddr,
    /// The page's folder, in place of the demo that came with this program
    #[arg(long, value_name = "DIR")]
    pub(crate) site: Option<PathBuf>,
    /// A shell's core module of your own for a bundle
    #[arg(long, value_name = "FILE")]
    pub(crate) shell_file: Option<PathBuf>,
    /// How requests are logged to stderr
    #[arg(long, value_enum, default_value_t = log::LogFormat::Text)]
    pub(crate) log_format: log::LogFormat,
    /// Threads that answer; as many as the machine has cores when not given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    /// Instances that may live at once
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) instances: u32,
    /// Milliseconds after which a component is stopped
    #[arg(long, value_name = "MS", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..=60_000))]
    pub(crate) deadline_ms: u64,
    /// Megabytes of memory that one instance may have
    #[arg(long, value_name = "MB", default_value_t = 128, value_parser = clap::value_parser!(u64).range(1..=4096))]
    pub(crate) memory_mb: u64,
    /// Seconds that requests in flight get to finish after SIGINT or SIGTERM
    #[arg(long, value_name = "S", default_value_t = 10, value_parser = clap::value_parser!(u64).range(0..=600))]
    pub(crate) drain_seconds: u64,
}

impl ServeArgs {
    fn limits(&self) -> Limits {
        Limits {
            deadline_ms: self.deadline_ms,
            memory_bytes: self.memory_mb * 1024 * 1024,
            instances: self.instances,
            ..Limits::default()
        }
    }
}

/// Serves until SIGINT or SIGTERM. Says in `notes` where it listens once it does.
///
/// # Errors
///
/// [`ServeError`]: a source that cannot be served, an address that cannot be had.
pub(crate) fn run(args: &ServeArgs, notes: &mut dyn Write) -> anyhow::Result<()> {
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    if let Some(threads) = args.threads {
        runtime.worker_threads(usize::from(threads));
    }
    let runtime = runtime.enable_all().build().map_err(|source| ServeError::Runtime { source })?;
    let served = runtime.block_on(async {
        // The address first: a port in use should not cost a compilation.
        let listener = server::bind(args.listen).await?;
        let sources = app::Sources {
            source: &args.source,
            site: args.site.as_deref(),
            shell_file: args.shell_file.as_deref(),
        };
        let app = Arc::new(app::App::open(&sources, args.limits()).await?);
        for note in app.notes() {
            writeln!(notes, "{note}")?;
        }
        log::start(args.log_format);
        let stop = server::stop_signal()?;
        writeln!(
            notes,
            "listening on http://{}",
            listener.local_addr().map_err(|source| ServeError::Runtime { source })?
        )?;
        notes.flush()?;
        server::serve(listener, app, stop, Duration::from_secs(args.drain_seconds)).await;
        Ok(())
    });
    // What has not finished by now was given its time.
    runtime.shutdown_background();
    served
}

#[cfg(test)]
mod tests;
