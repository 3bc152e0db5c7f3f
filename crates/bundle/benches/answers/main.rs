//! What an answer costs natively: a bundle opened and asked once, and an open bundle asked again and again.
//!
//! `cargo bench -p edgewise-bundle --bench answers -- "$PWD/shop.bundle"`; cargo runs this in the package's folder, so the
//! path must be absolute. A second path is where the questions go, one JSON body of `POST /recs` a line behind its
//! history's length, for the benches of the components and of the page. Prints one CSV line a figure. Without a bundle
//! there is nothing to measure, and it says so.

mod questions;

use std::fs;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Instant;

use edgewise_bundle::{Bundle, FormatError};
use edgewise_core::{
    ItemIdx, Model as _, Origin, Query, Recommendation, Relation, Scratch, recommend,
    recommend_with,
};

use questions::{Questions, as_query, json};

/// How many items the visitors have in their history.
const HISTORIES: [usize; 4] = [1, 5, 20, 100];
/// How many results they are shown.
const CUTS: [usize; 2] = [20, 50];
/// Visitors of each history.
const N_VISITORS: usize = 256;
/// How often each is answered by an open bundle.
const N_WARM: usize = 20;
/// Bundles that are opened for each cold figure.
const N_COLD: usize = 64;
/// Passes over all lists.
const N_PASSES: usize = 15;

fn main() -> ExitCode {
    // Cargo itself adds `--bench`.
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments.as_slice() {
        [bundle] => bench(bundle, None),
        [bundle, questions] => bench(bundle, Some(questions)),
        _ => say(
            "no bundle named: cargo bench -p edgewise-bundle --bench answers -- \"$PWD/shop.bundle\"",
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
fn say(line: &str) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{line}")
}

fn bench(path: &str, write_to: Option<&str>) -> io::Result<()> {
    let bytes = fs::read(path)?;
    let bundle = Bundle::open(&bytes).map_err(io::Error::other)?;
    let histories = HISTORIES.map(|n| (n, Questions::new(&bundle, n).take(N_VISITORS).collect()));
    if let Some(file) = write_to {
        fs::write(file, lines(&bundle, &histories))?;
    }
    say("what,config,metric,value,unit")?;
    report("open", "", &time(N_COLD, || Bundle::open(&bytes).map(drop)))?;
    report("check", "", &time(N_COLD, || bundle.check()))?;
    report("open, trusted", "", &time(N_COLD, || Bundle::open_trusted(&bytes).map(drop)))?;
    decode(&bundle)?;
    for (n_history, visitors) in &histories {
        for k in CUTS {
            measure(&bytes, &bundle, visitors, k, &format!("history {n_history} k {k}"))?;
        }
    }
    Ok(())
}

/// What it takes to read a list, as the median over passes through all of them, each by what one list took in the mean.
fn decode(bundle: &Bundle<'_>) -> io::Result<()> {
    let n_items = f64::from(bundle.n_items());
    for relation in Relation::LISTED {
        let Some(n_neighbours) = bundle.n_entries(relation) else { continue };
        let passes = time(N_PASSES, || {
            let lists = (0..bundle.n_items()).map(|row| bundle.neighbours(relation, ItemIdx(row)));
            let sum = |sum: u32, list| {
                Iterator::fold(list, sum, |sum, neighbour: edgewise_core::Weighted| {
                    sum.wrapping_add(neighbour.item.0 ^ neighbour.weight)
                })
            };
            std::hint::black_box(lists.fold(0, sum));
            Ok(())
        });
        let nanoseconds = passes.get(passes.len() / 2).copied().unwrap_or_default();
        // Cannot fail: both are of one bundle, whose lists take milliseconds.
        let in_mean = |n: u128| f64::from(u32::try_from(n).unwrap_or(u32::MAX)) / n_items;
        let (took, n_neighbours) = (in_mean(nanoseconds), in_mean(n_neighbours.into()));
        let name = relation.name();
        say(&format!("decode a list,{name},p50,{took:.2},ns"))?;
        say(&format!("decode a list,{name},neighbours,{n_neighbours:.2},a list"))?;
    }
    Ok(())
}

fn measure(
    bytes: &[u8],
    bundle: &Bundle<'_>,
    visitors: &[Vec<edgewise_core::Event>],
    k: usize,
    config: &str,
) -> io::Result<()> {
    // The answers first, then their price.
    for visitor in visitors {
        let query = as_query(visitor, k);
        check(bundle, &query, &recommend(bundle, &query)).map_err(io::Error::other)?;
    }
    let mut asked = visitors.iter().cycle();
    let mut next = || as_query(asked.next().map_or(&[], Vec::as_slice), k);
    let mut scratch = Scratch::default();
    let warm = time(N_VISITORS * N_WARM, || {
        recommend_with(&mut scratch, bundle, &next());
        Ok(())
    });
    report("answer, warm", config, &warm)?;
    let cold = |open: fn(&[u8]) -> Result<Bundle<'_>, FormatError>, query: &Query<'_>| {
        open(bytes).map(|bundle| drop(recommend(&bundle, query)))
    };
    report("answer, cold", config, &time(N_COLD, || cold(|bytes| Bundle::open(bytes), &next())))?;
    let trusted = time(N_VISITORS, || cold(|bytes| Bundle::open_trusted(bytes), &next()));
    report("answer, cold, trusted", config, &trusted)
}

/// The laws of an answer that can be seen from outside.
fn check(
    bundle: &Bundle<'_>,
    query: &Query<'_>,
    answer: &[Recommendation],
) -> Result<(), &'static str> {
    let n_allowed = bundle.n_items() as usize - query.history.len();
    if answer.len() != query.k.min(n_allowed) {
        return Err("an answer is short");
    }
    let related = answer.iter().filter(|result| result.origin == Origin::Related);
    for result in related {
        if result.because.iter().map(|part| part.score).sum::<u64>() != result.score {
            return Err("a score is not the sum of its parts");
        }
    }
    let is_seen = |result: &Recommendation| query.history.iter().any(|e| e.item == result.item);
    if answer.iter().any(is_seen) { Err("an answer shows what was seen") } else { Ok(()) }
}

/// Nanoseconds of each of `n` runs, ascending; empty when one failed.
fn time(n: usize, mut once: impl FnMut() -> Result<(), FormatError>) -> Vec<u128> {
    let mut took = Vec::with_capacity(n);
    for _ in 0..n {
        let started = Instant::now();
        let done = once();
        took.push(started.elapsed().as_nanos());
        if done.is_err() {
            return Vec::new();
        }
    }
    took.sort_unstable();
    took
}

/// The median and the 99th percentile, a line each.
fn report(what: &str, config: &str, took: &[u128]) -> io::Result<()> {
    for percent in [50, 99] {
        let value = took.get(took.len() * percent / 100).ok_or(io::Error::other("a run failed"))?;
        say(&format!("\"{what}\",\"{config}\",p{percent},{value},ns"))?;
    }
    Ok(())
}

fn lines(bundle: &Bundle<'_>, histories: &[(usize, Vec<Vec<edgewise_core::Event>>)]) -> String {
    use std::fmt::Write as _;
    let mut text = String::new();
    for (n_history, visitors) in histories {
        for k in CUTS {
            for visitor in visitors {
                let question = json(bundle, &as_query(visitor, k));
                // Cannot fail: it writes to memory.
                _ = writeln!(text, "{n_history} {k} {question}");
            }
        }
    }
    text
}
