//! The scorer as a module for web pages: bundle bytes in once, then JSON queries to JSON answers.
//!
//! This crate is *not* what a page imports (that is `edgewise.js` beside it, which fetches, and types every value),
//! and it decides nothing about answers: those are `edgewise-endpoint`'s, so that the page and the edge give the same
//! bytes.
//!
//! The main type is [`Scorer`]. The law: a bundle's digest and shape are verified before its first answer, and
//! nothing from outside makes the module trap.
#![no_std]

extern crate alloc;
// Natively the crate is only checked, never run.
#[cfg(not(target_arch = "wasm32"))]
extern crate std;

mod listing;
mod refusal;

use alloc::boxed::Box;
use alloc::string::String;

use edgewise_bundle::Bundle;
use edgewise_core::Scratch;
use edgewise_endpoint::Call;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// The allocator that the standard library would bring, without the rest of it.
#[cfg(target_arch = "wasm32")]
#[global_allocator]
static ALLOCATOR: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

/// A panic is a fault of ours. It becomes a trap, which `edgewise.js` reports as `module-failed`; saying more would
/// cost every page the machinery that formats messages.
#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn trap(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// An open bundle in the module's memory.
#[wasm_bindgen]
pub struct Scorer {
    /// Bytes that [`Bundle::open`] has accepted.
    bytes: Box<[u8]>,
    /// The memory of the last answer.
    scratch: Scratch,
}

#[expect(
    clippy::missing_errors_doc,
    reason = "where nothing else is said, only bytes that the constructor would have refused can fail"
)]
#[wasm_bindgen]
impl Scorer {
    /// Takes the bytes of a bundle and verifies their digest and shape; whoever made it has looked at every entry. A
    /// private bundle is refused.
    ///
    /// # Errors
    /// A refusal with the code `bundle-refused`.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: &Uint8Array) -> Result<Scorer, JsValue> {
        let bytes = bytes.to_vec().into_boxed_slice();
        if Bundle::open(&bytes).map_err(refusal::of_bundle)?.is_private() {
            return Err(refusal::of_private_bundle());
        }
        Ok(Scorer { bytes, scratch: Scratch::default() })
    }

    /// Answers a query: the JSON body of a `POST` to `path` in, the same JSON as there out. `now_s` is the page's clock, in
    /// seconds since 1970.
    ///
    /// # Errors
    /// A refusal with the code `query-refused` and the RFC 9457 problem.
    pub fn answer(&mut self, path: &str, query: &str, now_s: u32) -> Result<String, JsValue> {
        let bundle = Bundle::open_trusted(&self.bytes).map_err(refusal::of_bundle)?;
        let call = Call { path, body: query.as_bytes(), now_s: Some(now_s.into()) };
        edgewise_endpoint::answer_call(&bundle, &mut self.scratch, &call)
            .map(refusal::json_text)
            .map_err(refusal::of_query)
    }

    /// Digest (64 hexadecimal digits), number of items, ISO 4217 code of the prices or `undefined`, region names, and
    /// category names, both ascending.
    pub fn facts(&self) -> Result<Array, JsValue> {
        Ok(listing::facts(&self.bundle()?))
    }

    /// Cards of up to `n` items from `offset`, most popular first; at most 10,000 a call. Seven texts a card: item,
    /// title, price, currency, page, picture, category; empty is absent.
    pub fn cards(&self, offset: u32, n: u32) -> Result<Array, JsValue> {
        Ok(listing::cards(&self.bundle()?, offset, n))
    }

    /// The card of an item, as one of [`Scorer::cards`]; no texts when the model does not know it.
    pub fn card(&self, item: &str) -> Result<Array, JsValue> {
        Ok(listing::card(&self.bundle()?, item))
    }

    /// Opens the bytes again. Cheap, and cannot fail: the constructor accepted them.
    fn bundle(&self) -> Result<Bundle<'_>, JsValue> {
        Bundle::open_trusted(&self.bytes).map_err(refusal::of_bundle)
    }
}
