//! Where a shell finds the bundle that was baked into it.
//!
//! A shell is compiled once, without a bundle. `edgewise bake` then appends the bundle to the finished module as a data
//! segment and writes its address and length into the slot that this crate exports. Nothing is compiled again and no
//! guest code runs.
//!
//! Not here: what the bytes mean. The baker has verified them, and `edgewise_bundle` reads them.
//!
//! The law: the bytes are outside everything the shell's own code can write to, because the baker puts them above the
//! memory that the module was linked with and the allocator only takes pages above those.
//!
//! ```
//! // In a shell that no bundle was baked into, as in this test:
//! assert_eq!(edgewise_slot::baked_bundle(), None);
//! ```

#![no_std]

use core::sync::atomic::{AtomicU32, Ordering};

/// Address and length of the baked bundle, both little-endian `u32` in the module's memory; zero length: none.
///
/// Atomic, because the optimiser must not take the zeros below for the truth.
#[repr(C)]
pub struct BundleSlot {
    address: AtomicU32,
    length_bytes: AtomicU32,
}

/// The slot itself. The baker finds it as the exported global of this name and overwrites its 8 bytes.
#[expect(
    unsafe_code,
    reason = "the export's name is the contract with `edgewise bake`; no other symbol bears it"
)]
#[unsafe(no_mangle)]
pub static EDGEWISE_BUNDLE_SLOT_V1: BundleSlot =
    BundleSlot { address: AtomicU32::new(0), length_bytes: AtomicU32::new(0) };

/// The bytes of the baked bundle, or `None` when nothing was baked in.
pub fn baked_bundle() -> Option<&'static [u8]> {
    let address = EDGEWISE_BUNDLE_SLOT_V1.address.load(Ordering::Relaxed);
    let length_bytes = EDGEWISE_BUNDLE_SLOT_V1.length_bytes.load(Ordering::Relaxed);
    if address == 0 || length_bytes == 0 {
        return None;
    }
    let start = core::ptr::with_exposed_provenance::<u8>(usize::try_from(address).ok()?);
    let length = usize::try_from(length_bytes).ok()?;
    #[expect(unsafe_code, reason = "bytes that the linker never saw have no safe name")]
    // SAFETY: only `edgewise bake` writes the slot. It has placed `length` initialised bytes at `start`, inside the memory's
    // minimum and above all that the module was linked with, so that nothing ever writes there.
    let baked = unsafe { core::slice::from_raw_parts(start, length) };
    Some(baked)
}
