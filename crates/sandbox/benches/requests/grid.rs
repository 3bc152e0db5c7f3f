//! What the questions of a file cost: each in a fresh instance of a baked component, and all of them in one that is kept.
//!
//! A kept instance is one of the core module that `edge/endpoint/examples/kept.rs` becomes, not of the component: a
//! second request of `wasi:http` in one instance would cost the host's calls again, and those are the sandbox's. Its
//! answers must be the component's, byte for byte.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::time::{Duration, Instant};

use bytes::Bytes;
use edgewise_sandbox::{Limits, Sandbox};
use http::{Method, Request, StatusCode};

use crate::kept::Kept;
use crate::{percentiles, say};

/// How often each question is answered by a fresh instance.
const N_COLD: usize = 4;
/// How often each is answered by the one that is kept, as in native code.
const N_WARM: usize = 20;
/// Passes over all lists.
const N_PASSES: usize = 15;

/// Questions by their config, such as `history 20 k 50`, in the file's order.
struct Questions {
    /// Bodies of `POST /recs`.
    bodies: Vec<String>,
    /// Places in `bodies`.
    of_config: Vec<(String, Vec<u32>)>,
}

/// Prints `what,config,metric,value,unit` lines of both.
pub(crate) fn bench(component: &str, module: &str, bundle: &str, file: &str) -> io::Result<()> {
    let questions = Questions::read(&fs::read_to_string(file)?)?;
    let component = fs::read(component)?;
    let sandbox = Sandbox::new(&component, Limits::default()).map_err(io::Error::other)?;
    let mut kept = Kept::new(&fs::read(module)?, &fs::read(bundle)?).map_err(io::Error::other)?;
    for body in &questions.bodies {
        kept.ask(body.as_bytes()).map_err(io::Error::other)?;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(check(&sandbox, &mut kept, &questions))?;
    say("what,config,metric,value,unit")?;
    for (config, numbers) in &questions.of_config {
        let bodies = || numbers.iter().filter_map(|&at| questions.bodies.get(at as usize));
        let cold = runtime.block_on(async {
            let mut took = Vec::new();
            for body in (0..N_COLD).flat_map(|_| bodies()) {
                let started = Instant::now();
                let answer = sandbox.answer(request(body)).await;
                took.push(started.elapsed());
                drop(answer.map_err(io::Error::other)?);
            }
            Ok::<_, io::Error>(took)
        })?;
        report("answer in wasmtime, cold", config, cold)?;
        let warm = time(numbers, |question| kept.answer(question))?;
        report("answer in wasmtime, warm", config, warm)?;
        let ranked = time(numbers, |question| kept.recommend(question))?;
        report("answer in wasmtime, warm, without text", config, ranked)?;
    }
    decode(&mut kept)
}

/// The answers first, then their price.
async fn check(sandbox: &Sandbox, kept: &mut Kept, questions: &Questions) -> io::Result<()> {
    for (number, body) in (0..).zip(&questions.bodies) {
        let answer = sandbox.answer(request(body)).await.map_err(io::Error::other)?;
        if answer.status() != StatusCode::OK {
            return Err(io::Error::other(format!("{body}: answered with {}", answer.status())));
        }
        kept.answer(number).map_err(io::Error::other)?;
        if kept.answered().map_err(io::Error::other)? != *answer.body() {
            return Err(io::Error::other(format!("{body}: the kept instance answers otherwise")));
        }
    }
    Ok(())
}

/// What each answer took.
fn time(
    numbers: &[u32],
    mut once: impl FnMut(u32) -> wasmtime::Result<u32>,
) -> io::Result<Vec<Duration>> {
    let mut took = Vec::with_capacity(numbers.len() * N_WARM);
    for &number in (0..N_WARM).flat_map(|_| numbers) {
        let started = Instant::now();
        let answered = once(number);
        took.push(started.elapsed());
        if answered.map_err(io::Error::other)? == 0 {
            return Err(io::Error::other("no answer"));
        }
    }
    Ok(took)
}

/// All lists of each relation in turn, as the median over the passes of what one list takes.
fn decode(kept: &mut Kept) -> io::Result<()> {
    for (relation, name) in (0..).zip(["similar", "together", "next", "content"]) {
        let n_neighbours = kept.n_neighbours(relation).map_err(io::Error::other)?;
        if n_neighbours == 0 {
            continue;
        }
        let mut took = Vec::new();
        for _ in 0..N_PASSES {
            let started = Instant::now();
            let n_read = kept.decode(relation).map_err(io::Error::other)?;
            took.push(started.elapsed());
            if n_read != n_neighbours {
                return Err(io::Error::other("not all neighbours were read"));
            }
        }
        let (median, _) = percentiles(&mut took);
        let a_list = median.as_secs_f64() * 1e9 / f64::from(kept.n_items());
        let neighbours = f64::from(n_neighbours) / f64::from(kept.n_items());
        say(&format!("\"decode a list in wasmtime\",{name},p50,{a_list:.2},ns"))?;
        say(&format!("\"decode a list in wasmtime\",{name},neighbours,{neighbours:.2},a list"))?;
    }
    Ok(())
}

fn report(what: &str, config: &str, mut took: Vec<Duration>) -> io::Result<()> {
    let (p50, p99) = percentiles(&mut took);
    for (metric, value) in [("p50", p50), ("p99", p99)] {
        say(&format!("\"{what}\",\"{config}\",{metric},{},ns", value.as_nanos()))?;
    }
    Ok(())
}

fn request(body: &str) -> Request<Bytes> {
    let mut request = Request::new(Bytes::copy_from_slice(body.as_bytes()));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = http::Uri::from_static("/recs");
    let json = http::HeaderValue::from_static("application/json");
    request.headers_mut().insert(http::header::CONTENT_TYPE, json);
    request
}

impl Questions {
    /// Reads what `cargo bench -p edgewise-bundle --bench answers` writes: history, `k` and body, a question a line.
    fn read(text: &str) -> io::Result<Questions> {
        let mut questions = Questions { bodies: Vec::new(), of_config: Vec::new() };
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for (number, line) in (0..).zip(text.lines()) {
            let [n_history, k, body] = line.splitn(3, ' ').collect::<Vec<_>>()[..] else {
                return Err(io::Error::other(format!("`{line}` is no question")));
            };
            let config = format!("history {n_history} k {k}");
            let of_config = &mut questions.of_config;
            let place = *places.entry(config.clone()).or_insert_with(|| {
                of_config.push((config, Vec::new()));
                of_config.len() - 1
            });
            of_config[place].1.push(number);
            questions.bodies.push(body.to_owned());
        }
        Ok(questions)
    }
}
