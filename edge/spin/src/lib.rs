//! The endpoint as a Spin component: what `edgewise-http` does, on the Spin SDK.
//!
//! Exports `wasi:http` 0.2, which Spin 2, 3 and 4 run. The bundle is found as in `edgewise-http`: baked in, read through
//! `edgewise_slot`. Not here: what a request means (`edgewise_endpoint`).
//!
//! The law: no Spin interface is imported. The component needs no key-value store, no variable and no outbound host, so
//! the manifest grants none.
//!
//! Built for `wasm32-wasip1`, because on `wasm32-unknown-unknown` the SDK's `chrono` pulls in `js-sys`, whose exports
//! (720 KB instead of 280 KB) and imports no component host can satisfy. `edgewise bake --shell spin` adds the adapter.

#[cfg(all(target_family = "wasm", not(target_os = "wasi")))]
compile_error!(
    "build edgewise-spin with `--target wasm32-wasip1`: elsewhere the Spin SDK asks for a JavaScript host"
);

mod wire;

#[expect(
    unsafe_code,
    reason = "`http_component` writes the exported function, whose glue is unsafe"
)]
#[expect(clippy::same_length_and_capacity, reason = "in the glue that `http_component` writes")]
mod export {
    //! The function that Spin calls.

    use edgewise_bundle::Bundle;
    use spin_sdk::http::{IncomingRequest, ResponseOutparam};
    use spin_sdk::http_component;

    use crate::wire;

    #[http_component]
    async fn answer(request: IncomingRequest, out: ResponseOutparam) {
        let Some(read) = wire::read_request(request).await else {
            // The visitor went away in the middle of the body. Nobody is left to answer.
            return;
        };
        // The baker verified the whole bundle, so reading the directory is enough. It runs for every request.
        let bundle =
            edgewise_slot::baked_bundle().and_then(|bytes| Bundle::open_trusted(bytes).ok());
        let request = read.as_endpoint_request();
        let response = match bundle {
            Some(bundle) => edgewise_endpoint::answer(&request, &bundle),
            None => edgewise_endpoint::without_bundle(&request),
        };
        wire::write_response(response, out).await;
    }
}
