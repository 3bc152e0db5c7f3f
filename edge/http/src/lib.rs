//! The smallest component that answers `/recs` on any host of `wasi:http` 0.2.
//!
//! It turns a `wasi:http` request into the endpoint's, asks [`edgewise_endpoint::answer`], and writes the answer back.
//! Not here: what a request means (`edgewise_endpoint`), what the bundle says (`edgewise_bundle`), and how the bundle
//! got here (`edgewise_slot`).
//!
//! The law: it imports `wasi:http/types`, `wasi:io` and `wasi:clocks/wall-clock`, which says when a question is asked that
//! does not say so itself, and nothing else. No randomness, no environment, no network.
//!
//! With the feature `sessions` it is the shell for private bundles, without it the smaller one for all others.
//!
//! Built for `wasm32-unknown-unknown`; `edgewise bake` makes the component from the finished module.

#![no_std]

extern crate alloc;

mod arena;
mod finish;
mod wire;

use edgewise_bundle::Bundle;
use wasip2::exports::http::incoming_handler::Guest;
use wasip2::http::types::{IncomingRequest, ResponseOutparam};

#[global_allocator]
static ALLOCATOR: arena::Arena = arena::Arena::new();

/// A panic is a fault of ours. It becomes a trap, which costs this one request; saying more would cost every shell the
/// machinery that formats messages.
#[panic_handler]
fn trap(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}

/// Whether this is the shell for private bundles. Any other would leave their sessions out.
const READS_SESSIONS: bool = cfg!(feature = "sessions");

struct Shell;

wasip2::http::proxy::export!(Shell);

impl Guest for Shell {
    fn handle(request: IncomingRequest, out: ResponseOutparam) {
        // The arguments are numbers, and no request before this one left anything behind.
        ALLOCATOR.reset();
        // The visitor went away in the middle of the body. Nobody is left to answer.
        let Some(read) = wire::read_request(&request) else { return };
        // The baker verified the whole bundle, so reading the directory is enough. It runs for every request.
        let bundle = edgewise_slot::baked_bundle()
            .and_then(|bytes| Bundle::open_trusted(bytes).ok())
            .filter(|bundle| READS_SESSIONS || !bundle.is_private());
        let request = read.as_endpoint_request();
        let response = match bundle {
            Some(bundle) => edgewise_endpoint::answer(&request, &bundle),
            None => edgewise_endpoint::without_bundle(&request),
        };
        wire::write_response(&response, out);
    }
}
