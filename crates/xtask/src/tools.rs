//! What the chores need beside cargo, found or installed: each says how to get it when it cannot be installed.

pub(crate) mod cargo_deny;
pub(crate) mod chromium;
pub(crate) mod node;
pub(crate) mod schemathesis;
pub(crate) mod toolchain;
pub(crate) mod wasm_target;
