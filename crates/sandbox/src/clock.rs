//! What time a guest is told.

use std::time::Duration;

use wasmtime_wasi::{HostWallClock, WasiCtx, WasiCtxBuilder};

/// The clock that guests see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// The machine's.
    #[default]
    Machine,
    /// One that stands still at this second since 1970-01-01T00:00Z, for answers that are to be the same again.
    Fixed(u64),
}

/// A clock that stands still.
struct Stopped(u64);

impl HostWallClock for Stopped {
    fn resolution(&self) -> Duration {
        Duration::from_secs(1)
    }

    fn now(&self) -> Duration {
        Duration::from_secs(self.0)
    }
}

impl Clock {
    /// No powers but this clock.
    pub(crate) fn context(self) -> WasiCtx {
        match self {
            Clock::Machine => WasiCtx::default(),
            Clock::Fixed(second) => WasiCtxBuilder::new().wall_clock(Stopped(second)).build(),
        }
    }
}
