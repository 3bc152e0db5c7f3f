//! Runs a `wasi:http` component the way an edge node does: a fresh instance for every request, and no powers.
//!
//! Not here: listening, routing, logging (`host::serve`), and where a component comes from (`host::bake`).
//! All of wasmtime's generics are instantiated in this crate, so that nothing else has to compile them.
//!
//! [`Sandbox`] holds a compiled component and answers requests; [`Limits`] bounds what one request may use;
//! [`SandboxError`] says what went wrong and which answer the visitor gets.
//!
//! The law: a request leaves nothing behind. No instance serves two requests, and a guest that loops, fills its memory or
//! traps costs its own visitor an error and nobody else anything.
//!
//! ```
//! # let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
//! # runtime.block_on(async {
//! use edgewise_sandbox::{Limits, Sandbox, SandboxError};
//!
//! let refused = Sandbox::new(b"not wasm", Limits::default());
//! assert!(matches!(refused, Err(SandboxError::NotComponent { .. })));
//! # });
//! ```

#![forbid(unsafe_code)]

mod clock;
mod engine;
mod error;
mod guest;
mod limits;
mod powers;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use tokio::sync::Semaphore;
use wasmtime::component::Component;
use wasmtime_wasi_http::p2::bindings::ProxyPre;

pub use clock::Clock;
pub use error::SandboxError;
pub use limits::{Limits, MAX_ANSWER_BYTES};

use guest::{GuestState, Terms};

/// A compiled component, ready to answer. Cheap to clone; clones share the instances' pool.
#[derive(Clone)]
pub struct Sandbox {
    shared: Arc<Shared>,
}

struct Shared {
    component: ProxyPre<GuestState>,
    terms: Terms,
    /// One permit for each slot of the pool: who has one finds a free slot.
    free_slots: Semaphore,
}

impl Sandbox {
    /// Compiles `component`, which takes about 0.3 s, and checks that it asks for nothing that an edge node would not give.
    ///
    /// # Errors
    ///
    /// [`SandboxError::NotComponent`], [`SandboxError::Import`], [`SandboxError::NoHandler`] and [`SandboxError::Engine`].
    pub fn new(component: &[u8], limits: Limits) -> Result<Self, SandboxError> {
        Sandbox::with_clock(component, limits, Clock::Machine)
    }

    /// [`Sandbox::new`] with a clock for its guests.
    ///
    /// # Errors
    ///
    /// As [`Sandbox::new`].
    pub fn with_clock(
        component: &[u8],
        limits: Limits,
        clock: Clock,
    ) -> Result<Self, SandboxError> {
        let limits = limits.clamped();
        let engine = engine::new_engine(&limits)?;
        let component = Component::new(&engine, component)
            .map_err(|source| SandboxError::NotComponent { reason: error::chain(&source) })?;
        powers::check_imports(&engine, &component)?;
        let linked = powers::linker(&engine)
            .and_then(|linker| linker.instantiate_pre(&component))
            .map_err(|source| SandboxError::Engine { reason: error::chain(&source) })?;
        let component = ProxyPre::new(linked)
            .map_err(|source| SandboxError::NoHandler { reason: error::chain(&source) })?;
        engine::start_ticker(&engine)?;
        let terms = Terms { limits, clock };
        let free_slots = Semaphore::new(terms.limits.instances as usize);
        Ok(Self { shared: Arc::new(Shared { component, terms, free_slots }) })
    }

    /// Answers one request in an instance of its own, which is gone when this returns.
    ///
    /// Request and answer are whole: a guest never waits for a slow visitor, so its deadline measures the guest.
    ///
    /// # Errors
    ///
    /// Everything that is the guest's fault or this host's; [`SandboxError::to_response`] is what the visitor gets.
    pub async fn answer(&self, request: Request<Bytes>) -> Result<Response<Bytes>, SandboxError> {
        let shared = &*self.shared;
        let wait = Duration::from_millis(shared.terms.limits.queue_ms);
        let slot = tokio::time::timeout(wait, shared.free_slots.acquire()).await;
        let Ok(Ok(_slot)) = slot else {
            return Err(SandboxError::Busy { waited_ms: shared.terms.limits.queue_ms });
        };
        guest::answer(&shared.component, request, &shared.terms).await
    }

    /// Makes a fresh instance, without a request, and drops it: what every answer pays first.
    ///
    /// # Errors
    ///
    /// As [`Sandbox::answer`].
    pub async fn instantiate(&self) -> Result<(), SandboxError> {
        let Ok(_slot) = self.shared.free_slots.acquire().await else {
            return Err(SandboxError::Busy { waited_ms: 0 });
        };
        guest::instantiate(&self.shared.component, &self.shared.terms).await
    }
}

#[cfg(test)]
mod tests;
