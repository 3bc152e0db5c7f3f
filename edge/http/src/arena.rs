//! Memory for one request: handed out in a row, never taken back, all free again when the next request comes.
//!
//! An instance usually answers one request and is gone, so an allocator that frees would be five kilobytes for
//! nothing. A host that keeps the instance finds the memory free again: nothing outlives a request.

use core::alloc::{GlobalAlloc, Layout};
use core::arch::wasm32::{memory_grow, memory_size};
use core::ptr;
use core::sync::atomic::{AtomicUsize, Ordering::Relaxed};

const PAGE_BYTES: usize = 65_536;

/// A row of memory above everything that the module was linked or baked with.
pub(crate) struct Arena {
    /// Where it begins; 0 until the first allocation.
    start: AtomicUsize,
    /// Where the next allocation may begin.
    next: AtomicUsize,
}

impl Arena {
    pub(crate) const fn new() -> Arena {
        Arena { start: AtomicUsize::new(0), next: AtomicUsize::new(0) }
    }

    /// Makes all of it free again. Call it only where nothing that was allocated is alive.
    pub(crate) fn reset(&self) {
        self.next.store(self.start.load(Relaxed), Relaxed);
    }

    /// The address of `layout`'s bytes; `None` when the host gives no more memory.
    fn take(&self, layout: Layout) -> Option<usize> {
        if self.start.load(Relaxed) == 0 {
            let top = memory_size::<0>() * PAGE_BYTES;
            self.start.store(top, Relaxed);
            self.next.store(top, Relaxed);
        }
        let address = self.next.load(Relaxed).checked_next_multiple_of(layout.align())?;
        let end = address.checked_add(layout.size())?;
        let missing = end.saturating_sub(memory_size::<0>() * PAGE_BYTES);
        if missing > 0 && memory_grow::<0>(missing.div_ceil(PAGE_BYTES)) == usize::MAX {
            return None;
        }
        self.next.store(end, Relaxed);
        Some(address)
    }
}

#[expect(unsafe_code, reason = "an allocator is an unsafe trait")]
// SAFETY: `take` gives every layout its own bytes: aligned, inside the memory, above all that was given since `reset`,
// which is called where nothing is alive. A component's instance has one thread.
unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        self.take(layout).map_or(ptr::null_mut(), ptr::with_exposed_provenance_mut)
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}
