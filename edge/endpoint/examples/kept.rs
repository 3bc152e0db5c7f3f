//! The endpoint as a core module whose instance a bench keeps: what an answer costs when nothing has to be started.
//!
//! `cargo xtask bench answers` builds it as the shells are built, and calls it in wasmtime. A component of `wasi:http`
//! would measure its host's calls too, and a fresh instance is what `answer in wasmtime, cold` measures.
//!
//! A host writes into what [`reserve`] gives, then calls [`open_bundle`] or [`ask`] with the length; questions are bodies of
//! `POST /recs` and numbered from 0.

use std::sync::{Mutex, MutexGuard, PoisonError};

use edgewise_bundle::Bundle;
use edgewise_core::{
    Context, Event, ItemIdx, Model as _, Placement, Query, Relation, Scratch, Seen,
};
use edgewise_endpoint::answer_json;

/// What the host gave, and the last answer.
struct Kept {
    given: Vec<u8>,
    bundle: &'static [u8],
    opened: Option<Bundle<'static>>,
    questions: Vec<Question>,
    answer: Vec<u8>,
    scratch: Option<Scratch>,
}

/// A question as text and as rows.
struct Question {
    body: Vec<u8>,
    history: Vec<Event>,
    k: usize,
}

static KEPT: Mutex<Kept> = Mutex::new(Kept {
    given: Vec::new(),
    bundle: &[],
    opened: None,
    questions: Vec::new(),
    answer: Vec::new(),
    scratch: None,
});

fn kept() -> MutexGuard<'static, Kept> {
    KEPT.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The address of `n_bytes` that the host may write to.
#[expect(unsafe_code, reason = "the host calls it by this name")]
#[unsafe(no_mangle)]
pub extern "C" fn reserve(n_bytes: usize) -> *mut u8 {
    let mut kept = kept();
    kept.given = vec![0; n_bytes];
    kept.given.as_mut_ptr()
}

/// Takes what was written as a bundle and returns the number of its items; 0 when it is refused.
#[expect(unsafe_code, reason = "the host calls it by this name")]
#[unsafe(no_mangle)]
pub extern "C" fn open_bundle() -> u32 {
    let mut kept = kept();
    kept.bundle = Vec::leak(std::mem::take(&mut kept.given));
    kept.opened = Bundle::open(kept.bundle).ok();
    kept.opened.as_ref().map_or(0, edgewise_core::Model::n_items)
}

/// Takes what was written as a question about the open bundle.
#[expect(unsafe_code, reason = "the host calls it by this name")]
#[unsafe(no_mangle)]
pub extern "C" fn ask() {
    let mut kept = kept();
    let body = std::mem::take(&mut kept.given);
    let text = String::from_utf8_lossy(&body);
    let (_, list) = text.split_once("\"history\":[").unwrap_or_default();
    let (list, rest) = list.split_once(']').unwrap_or_default();
    // Ids that need no escapes, as the native bench writes them.
    let ids = list.split('"').skip(1).step_by(2);
    let row = |id| Some(Event::of(kept.opened.as_ref()?.find_item(id)?));
    let history = ids.filter_map(row).collect();
    let digits = rest.split_once("\"k\":").map_or("", |(_, rest)| rest);
    let n_digits = digits.bytes().take_while(u8::is_ascii_digit).count();
    let k = digits[..n_digits].parse().unwrap_or(0);
    kept.questions.push(Question { body, history, k });
}

/// Answers a question from its text in JSON, as a shell does: the bundle is opened for it. Returns the answer's length;
/// 0 when it is refused.
#[expect(unsafe_code, reason = "the host calls it by this name")]
#[unsafe(no_mangle)]
pub extern "C" fn answer(question: usize) -> usize {
    let mut kept = kept();
    let kept = &mut *kept;
    let scratch = kept.scratch.get_or_insert_default();
    let answered = (|| {
        let bundle = Bundle::open_trusted(kept.bundle).ok()?;
        answer_json(&bundle, scratch, &kept.questions.get(question)?.body).ok()
    })();
    kept.answer = answered.unwrap_or_default();
    kept.answer.len()
}

/// Where the last answer is.
#[expect(unsafe_code, reason = "the host calls it by this name")]
#[unsafe(no_mangle)]
pub extern "C" fn answered() -> *const u8 {
    kept().answer.as_ptr()
}

/// Answers a question from its rows, without text on either side. Returns the number of results.
#[expect(unsafe_code, reason = "the host calls it by this name")]
#[unsafe(no_mangle)]
pub extern "C" fn recommend(question: usize) -> usize {
    let mut kept = kept();
    let kept = &mut *kept;
    let (Some(bundle), Some(question)) = (&kept.opened, kept.questions.get(question)) else {
        return 0;
    };
    let query = Query {
        placement: Placement::Home,
        item: None,
        history: &question.history,
        cart: &[],
        region: None,
        category: None,
        exclude: &[],
        seen: Seen::Hide,
        k: question.k,
        context: Context::default(),
    };
    bundle.recommend_with(kept.scratch.get_or_insert_default(), &query).len()
}

/// Reads every list of a relation, named by its place among those that are listed. Returns the number of neighbours.
#[expect(unsafe_code, reason = "the host calls it by this name")]
#[unsafe(no_mangle)]
pub extern "C" fn decode(relation: usize) -> u32 {
    let kept = kept();
    let (Some(bundle), Some(&relation)) = (&kept.opened, Relation::LISTED.get(relation)) else {
        return 0;
    };
    let (mut n_read, mut sum) = (0u32, 0u32);
    for row in 0..bundle.n_items() {
        bundle.neighbours(relation, ItemIdx(row)).for_each(|neighbour| {
            n_read += 1;
            // So that none of it can be left out.
            sum = sum.wrapping_add(neighbour.item.0 ^ neighbour.weight);
        });
    }
    if sum > 0 { n_read } else { 0 }
}

/// What [`decode`] should return.
#[expect(unsafe_code, reason = "the host calls it by this name")]
#[unsafe(no_mangle)]
pub extern "C" fn n_neighbours(relation: usize) -> u32 {
    let relation = Relation::LISTED.get(relation);
    let n = relation.and_then(|&relation| kept().opened.as_ref()?.n_entries(relation));
    n.and_then(|n| u32::try_from(n).ok()).unwrap_or(0)
}
