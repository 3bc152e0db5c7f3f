//! The end of a body, as the generated bindings would say it if they read no answer.

use wasip2::http::types::OutgoingBody;

/// `OutgoingBody::finish` without trailers. What it may answer is of no use here, and reading it would cost every shell
/// 1.8 KB.
pub(crate) fn finish(body: &OutgoingBody) {
    #[expect(unsafe_code, reason = "the bindings' own function reads an answer that nobody needs")]
    #[link(wasm_import_module = "wasi:http/types@0.2.12")]
    unsafe extern "C" {
        #[link_name = "[static]outgoing-body.finish"]
        fn finish_outgoing_body(body: u32, has_trailers: u32, trailers: u32, answer: *mut u64);
    }
    let mut answer = [0; 5];
    #[expect(unsafe_code, reason = "as above")]
    // SAFETY: the handle is taken, so that nothing uses it behind this, and the answer has the 40 aligned bytes that the
    // interface's type takes.
    unsafe {
        finish_outgoing_body(body.take_handle(), 0, 0, answer.as_mut_ptr());
    }
}
