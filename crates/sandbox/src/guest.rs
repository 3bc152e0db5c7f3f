//! One instance: its state, its limits, and one request through it.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderValue, Request, Response, header};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use tokio::sync::oneshot;
use wasmtime::component::ResourceTable;
use wasmtime::{ResourceLimiter, Store, Trap, UpdateDeadline};
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};
use wasmtime_wasi_http::p2::bindings::ProxyPre;
use wasmtime_wasi_http::p2::bindings::http::types::{ErrorCode, Scheme};
use wasmtime_wasi_http::p2::body::HyperOutgoingBody;
use wasmtime_wasi_http::{
    Error as WireError, RequestOptions, WasiBody, WasiHttpCtx, WasiHttpCtxView, WasiHttpHooks,
    WasiHttpView,
};

use crate::clock::Clock;
use crate::error::{SandboxError, chain};
use crate::limits::{Limits, MAX_ANSWER_BYTES};

/// What every guest of a sandbox is given.
pub(crate) struct Terms {
    pub(crate) limits: Limits,
    pub(crate) clock: Clock,
}

/// What the host keeps for one instance.
pub(crate) struct GuestState {
    table: ResourceTable,
    wasi: WasiCtx,
    http: WasiHttpCtx,
    hooks: NoNetwork,
    memory: MemoryCap,
}

impl WasiView for GuestState {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl WasiHttpView for GuestState {
    fn http(&mut self) -> WasiHttpCtxView<'_> {
        WasiHttpCtxView { hooks: &mut self.hooks, table: &mut self.table, ctx: &mut self.http }
    }
}

/// Refuses outgoing requests. Imports are checked before, so that this is the second lock on the same door.
struct NoNetwork;

type Sent = (Response<WasiBody>, Box<dyn Future<Output = Result<(), WireError>> + Send>);

impl WasiHttpHooks for NoNetwork {
    fn send_request(
        &mut self,
        _request: Request<WasiBody>,
        _options: Option<RequestOptions>,
        _sent: Box<dyn Future<Output = Result<(), WireError>> + Send>,
    ) -> Box<dyn Future<Output = wasmtime::Result<Sent, WireError>> + Send> {
        Box::new(async { Err(WireError::HttpRequestDenied) })
    }
}

/// Keeps linear memory under the limit and remembers a refusal, which the guest's allocator turns into a trap.
struct MemoryCap {
    limit_bytes: usize,
    refused_bytes: Option<usize>,
}

impl ResourceLimiter for MemoryCap {
    fn memory_growing(
        &mut self,
        _current: usize,
        desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let granted = desired <= self.limit_bytes;
        if !granted {
            self.refused_bytes = Some(desired);
        }
        Ok(granted)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        _desired: usize,
        _maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        // Bounded by the pool's size of a table.
        Ok(true)
    }
}

/// A store that stops its guest at the deadline and lets others run until then.
fn new_store(component: &ProxyPre<GuestState>, terms: &Terms) -> Store<GuestState> {
    let limits = &terms.limits;
    let state = GuestState {
        table: ResourceTable::new(),
        wasi: terms.clock.context(),
        http: WasiHttpCtx::new(),
        hooks: NoNetwork,
        memory: MemoryCap {
            limit_bytes: usize::try_from(limits.memory_bytes).unwrap_or(usize::MAX),
            refused_bytes: None,
        },
    };
    let mut store = Store::new(component.engine(), state);
    store.limiter(|state| &mut state.memory);
    let started = Instant::now();
    let deadline = Duration::from_millis(limits.deadline_ms);
    store.set_epoch_deadline(1);
    store.epoch_deadline_callback(move |_| {
        Ok(if started.elapsed() < deadline {
            UpdateDeadline::Yield(1)
        } else {
            UpdateDeadline::Interrupt
        })
    });
    store
}

/// Makes an instance and drops it.
pub(crate) async fn instantiate(
    component: &ProxyPre<GuestState>,
    terms: &Terms,
) -> Result<(), SandboxError> {
    let mut store = new_store(component, terms);
    match component.instantiate_async(&mut store).await {
        Ok(_instance) => Ok(()),
        Err(error) => Err(classify(&error, store.data(), &terms.limits)),
    }
}

/// One request through one instance.
pub(crate) async fn answer(
    component: &ProxyPre<GuestState>,
    request: Request<Bytes>,
    terms: &Terms,
) -> Result<Response<Bytes>, SandboxError> {
    let limits = &terms.limits;
    let (sender, receiver) = oneshot::channel();
    let guest = run(component, request, sender, terms);
    let both = async { tokio::join!(guest, collect(receiver)) };
    // The epoch stops a guest that computes, this one that waits for something that never comes.
    let grace = Duration::from_millis(limits.deadline_ms + 2 * crate::engine::TICK_MS);
    let Ok((ran, answered)) = tokio::time::timeout(grace, both).await else {
        return Err(SandboxError::Deadline { deadline_ms: limits.deadline_ms });
    };
    // A guest that failed after it began to answer has not answered.
    ran.and(answered)
}

type Answered = Result<Response<HyperOutgoingBody>, ErrorCode>;

/// Runs the guest to its end and drops it, which also ends a body that it left open.
async fn run(
    component: &ProxyPre<GuestState>,
    mut request: Request<Bytes>,
    sender: oneshot::Sender<Answered>,
    terms: &Terms,
) -> Result<(), SandboxError> {
    if request.uri().authority().is_none() && !request.headers().contains_key(header::HOST) {
        // HTTP/1.0 allows this, `wasi:http` does not.
        request.headers_mut().insert(header::HOST, HeaderValue::from_static("localhost"));
    }
    let mut store = new_store(component, terms);
    let ended = async {
        let request =
            store.data_mut().http().new_incoming_request(Scheme::Http, request.map(Full::new))?;
        let out = store.data_mut().http().new_response_outparam(sender)?;
        let instance = component.instantiate_async(&mut store).await?;
        instance.wasi_http_incoming_handler().call_handle(&mut store, request, out).await
    }
    .await;
    ended.map_err(|error| classify(&error, store.data(), &terms.limits))
}

/// The whole answer, once the guest has given it.
async fn collect(receiver: oneshot::Receiver<Answered>) -> Result<Response<Bytes>, SandboxError> {
    let no_answer = |reason: String| SandboxError::NoAnswer { reason };
    let response = match receiver.await {
        Ok(Ok(response)) => response,
        Ok(Err(code)) => return Err(no_answer(format!("it reported {code:?}"))),
        Err(_) => return Err(no_answer("it returned without one".into())),
    };
    let (parts, body) = response.into_parts();
    match Limited::new(body, MAX_ANSWER_BYTES).collect().await {
        Ok(body) => Ok(Response::from_parts(parts, body.to_bytes())),
        Err(error) if error.is::<LengthLimitError>() => {
            Err(SandboxError::AnswerTooLarge { limit_bytes: MAX_ANSWER_BYTES })
        }
        Err(error) => Err(no_answer(format!("its body broke off: {error}"))),
    }
}

/// Names an engine's error. A memory refusal comes first: the trap that follows it is only how the guest took it.
fn classify(error: &wasmtime::Error, state: &GuestState, limits: &Limits) -> SandboxError {
    if let Some(asked) = state.memory.refused_bytes {
        return SandboxError::Memory {
            asked_bytes: asked as u64,
            limit_bytes: limits.memory_bytes,
        };
    }
    match error.downcast_ref::<Trap>() {
        Some(Trap::Interrupt) => SandboxError::Deadline { deadline_ms: limits.deadline_ms },
        _ => SandboxError::Trap { reason: chain(error) },
    }
}
