//! What a request costs: a fresh instance, one answer in process, and answers a second over loopback HTTP.
//!
//! `cargo bench -p edgewise-sandbox -- "$PWD/recs.wasm" '/recs?item=85123A&k=20'` with a component of `edgewise bake`; cargo
//! runs this in the package's folder, so the path must be absolute. Prints one CSV line a figure. Without a component
//! there is nothing to measure, and it says so.
//!
//! `-- --grid "$PWD/recs.wasm" "$PWD/kept.wasm" "$PWD/shop.bundle" "$PWD/questions.txt"` asks every question of a file:
//! see `grid`. `cargo xtask bench` makes all of these files.

mod grid;
mod kept;
mod load;
mod served;

use std::fs;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use bytes::Bytes;
use edgewise_sandbox::{Limits, Sandbox};
use http::{Request, StatusCode};

/// Requests before the clock starts: caches and the pool's slots are warm, as on an edge node.
const N_WARM_UP: usize = 500;
/// Timed requests of each in-process figure.
const N_TIMED: u32 = 5_000;

fn main() -> ExitCode {
    // Cargo itself adds `--bench`.
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        ["--load", address, path] => load::run(address, path),
        ["--grid", component, module, bundle, questions] => {
            grid::bench(component, module, bundle, questions)
        }
        [component, path] => bench(component, path),
        [component] => bench(component, "/recs"),
        _ => say(
            "no component named: cargo bench -p edgewise-sandbox -- \"$PWD/recs.wasm\" ['/recs?item=ID&k=20']",
        ),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            _ = say(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Writes one line to stdout.
pub(crate) fn say(line: &str) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{line}")
}

fn bench(component: &str, path: &str) -> io::Result<()> {
    let sandbox =
        Sandbox::new(&fs::read(component)?, Limits::default()).map_err(io::Error::other)?;
    say("figure,p50_us,p99_us,mean_cpu_us")?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        // The answer first, then its price.
        let response = sandbox.answer(request(path)).await.map_err(io::Error::other)?;
        if response.status() != StatusCode::OK {
            return Err(io::Error::other(format!(
                "`{path}` is answered with {}",
                response.status()
            )));
        }
        say(&timed("instantiate", async || sandbox.instantiate().await.is_ok()).await?)?;
        let is_same = |body: &Bytes| body == response.body();
        let ask =
            async || sandbox.answer(request(path)).await.is_ok_and(|answer| is_same(answer.body()));
        say(&timed("request in process", ask).await?)
    })?;
    drop(runtime);
    say("figure,requests_per_s,requests_per_cpu_s,p50_us,p99_us")?;
    for n_threads in [1, 2] {
        say(&served::measure(&sandbox, path, n_threads)?)?;
    }
    Ok(())
}

fn request(path: &str) -> Request<Bytes> {
    let mut request = Request::new(Bytes::new());
    *request.uri_mut() = path.parse().unwrap_or_default();
    request
}

/// Runs `once` many times; it says whether its answer was right.
async fn timed(figure: &str, once: impl AsyncFn() -> bool) -> io::Result<String> {
    for _ in 0..N_WARM_UP {
        once().await;
    }
    let cpu_before = cpu_time()?;
    let mut took = Vec::new();
    for _ in 0..N_TIMED {
        let started = Instant::now();
        let right = once().await;
        took.push(started.elapsed());
        if !right {
            return Err(io::Error::other(format!("`{figure}` failed or changed its answer")));
        }
    }
    let cpu = cpu_time()?.saturating_sub(cpu_before).as_secs_f64() * 1e6 / f64::from(N_TIMED);
    let (p50, p99) = percentiles(&mut took);
    Ok(format!("{figure},{:.1},{:.1},{cpu:.1}", p50.as_secs_f64() * 1e6, p99.as_secs_f64() * 1e6))
}

/// The median and the 99th percentile; zero for none.
pub(crate) fn percentiles(took: &mut [Duration]) -> (Duration, Duration) {
    took.sort_unstable();
    let at = |percent: usize| took.get(took.len() * percent / 100).copied().unwrap_or_default();
    (at(50), at(99))
}

/// CPU time of this process so far, to the 10 ms that Linux counts in.
pub(crate) fn cpu_time() -> io::Result<Duration> {
    const TICKS_PER_SECOND: u64 = 100;
    let stat = fs::read_to_string("/proc/self/stat")?;
    // Fields 14 and 15 of proc(5), counted after the name, which may hold spaces.
    let after_name = stat.rsplit_once(") ").map_or("", |(_before, after)| after);
    let ticks: u64 =
        after_name.split(' ').skip(11).take(2).filter_map(|field| field.parse::<u64>().ok()).sum();
    Ok(Duration::from_millis(ticks * 1_000 / TICKS_PER_SECOND))
}
