//! The same work every time, for counting instructions: `cargo xtask bench instructions` runs it under callgrind.
//!
//! `fixed_work WORK BUNDLE QUERIES`. WORK is `nothing` (what the others are counted from), `open` (ten times), `lists`
//! (every list of similar items), `questions` (reading the golden file alone) or `answers` (200 of its questions).

use std::process::ExitCode;

use edgewise_bundle::Bundle;
use edgewise_core::{ItemIdx, Model as _, Relation, Scratch};
use edgewise_endpoint::answer_json;
use serde_json::Value;

/// Questions that are answered, over and over from the file's first.
const N_ANSWERS: usize = 200;
/// How often the bundle is opened.
const N_OPENED: usize = 10;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.as_slice() {
        [work, bundle, queries] => run(work, bundle, queries),
        _ => None,
    };
    // The outcome depends on the work, so that none of it can be left out.
    if done.is_some_and(|n| n > 0) { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Something that the work's outcome adds up to; `None` when a file is not what it should be.
fn run(work: &str, bundle: &str, queries: &str) -> Option<usize> {
    let bytes = std::fs::read(bundle).ok()?;
    match work {
        "nothing" => Some(bytes.len()),
        "open" => {
            let opened = |_| Bundle::open(&bytes).ok().map(|bundle| bundle.n_items() as usize);
            (0..N_OPENED).map(opened).sum()
        }
        "lists" => {
            let bundle = Bundle::open(&bytes).ok()?;
            let items = (0..bundle.n_items()).map(ItemIdx);
            Some(items.map(|item| bundle.neighbours(Relation::Similar, item).count()).sum())
        }
        "questions" => Some(questions(queries)?.len()),
        "answers" => {
            let bundle = Bundle::open(&bytes).ok()?;
            let questions = questions(queries)?;
            let asked = questions.iter().cycle().take(N_ANSWERS);
            let mut scratch = Scratch::default();
            let answered =
                |question: &String| match answer_json(&bundle, &mut scratch, question.as_bytes()) {
                    Ok(text) | Err(text) => text.len(),
                };
            Some(asked.map(answered).sum())
        }
        _ => None,
    }
}

fn questions(path: &str) -> Option<Vec<String>> {
    let cases: Vec<Value> = serde_json::from_slice(&std::fs::read(path).ok()?).ok()?;
    Some(cases.iter().map(|case| case["query"].to_string()).collect())
}
