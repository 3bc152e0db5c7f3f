//! The wasmtime engine: settings measured to make a fresh instance cost microseconds whatever the bundle's size.

use std::thread;
use std::time::Duration;

use wasmtime::{Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig};

use crate::error::{SandboxError, chain};
use crate::limits::Limits;

/// How often running guests are looked at. A guest's deadline is kept to within this.
pub(crate) const TICK_MS: u64 = 10;

/// Bytes of a slot's memory that are reset by copying instead of being unmapped. With the page-map scan only pages that
/// were written are looked at, so that this may be a few megabytes; without the scan, all of it is copied for every
/// request (1.9 ms with a 10 MB bundle). The scan itself takes 0.4 µs a megabyte of bundle; without it an instance costs
/// 8 µs whatever the size, but a request 95 µs in place of 58, because its pages are found anew.
const KEEP_RESIDENT_BYTES: usize = 4 * 1024 * 1024;

/// The same without the page-map scan: about what a small guest's stack and heap touch.
const KEEP_RESIDENT_BYTES_WITHOUT_SCAN: usize = 64 * 1024;

/// Stacks are small and always written.
const KEEP_STACK_RESIDENT_BYTES: usize = 16 * 1024;

/// An engine whose pool has `limits.instances` slots of at most `limits.memory_bytes`.
pub(crate) fn new_engine(limits: &Limits) -> Result<Engine, SandboxError> {
    let scan = PoolingAllocationConfig::is_pagemap_scan_available();
    let resident = if scan { KEEP_RESIDENT_BYTES } else { KEEP_RESIDENT_BYTES_WITHOUT_SCAN };
    let memory_bytes = usize::try_from(limits.memory_bytes).unwrap_or(usize::MAX);
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(limits.instances)
        // A component is a handful of core instances: the shell, wit-component's shim and fixups, and an adapter.
        .total_core_instances(limits.instances.saturating_mul(8))
        .total_memories(limits.instances)
        .total_tables(limits.instances.saturating_mul(4))
        .total_stacks(limits.instances)
        .max_memory_size(memory_bytes)
        .linear_memory_keep_resident(resident)
        .table_keep_resident(KEEP_STACK_RESIDENT_BYTES)
        .async_stack_keep_resident(KEEP_STACK_RESIDENT_BYTES)
        .pagemap_scan(if scan { Enabled::Yes } else { Enabled::No });
    let mut config = Config::new();
    config
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool))
        .memory_init_cow(true)
        .epoch_interruption(true);
    Engine::new(&config).map_err(|source| SandboxError::Engine { reason: chain(&source) })
}

/// Starts the thread that counts time for the engine's guests. It holds the engine weakly and ends after it.
pub(crate) fn start_ticker(engine: &Engine) -> Result<(), SandboxError> {
    let weak = engine.weak();
    thread::Builder::new()
        .name("edgewise-epoch".into())
        .spawn(move || {
            while let Some(engine) = weak.upgrade() {
                engine.increment_epoch();
                drop(engine);
                thread::sleep(Duration::from_millis(TICK_MS));
            }
        })
        .map(|_detached| ())
        .map_err(|source| SandboxError::Engine { reason: source.to_string() })
}
