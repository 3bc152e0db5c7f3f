//! What one request, and all of them together, may use.

/// The most bytes of an answer's body. An edge answer is some kilobytes; what is larger is a guest gone wrong.
pub const MAX_ANSWER_BYTES: usize = 8 * 1024 * 1024;

/// Bounds of a [`crate::Sandbox`]. Every field may be set freely within its range; values outside are clamped to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Milliseconds after which a guest is stopped. Low: a slow machine refuses good guests. High: a looping guest
    /// takes that much of a core from its neighbours. Range `1..=60_000`. Edge nodes allow 20 to 50 ms of CPU; the
    /// default is generous because it measures wall time on a machine that may be busy.
    pub deadline_ms: u64,
    /// Most bytes of linear memory, the baked bundle included. Low: large bundles do not start. High: so many times
    /// `instances` may be in use at once. Range `1 MiB..=4 GiB`.
    pub memory_bytes: u64,
    /// How many instances may live at once. Low: requests queue sooner. High: more memory at the peak. Range `1..=1_000`.
    pub instances: u32,
    /// Milliseconds that a request waits for a free instance before it is told that the server is busy. Low: bursts are
    /// refused. High: visitors wait. Range `0..=60_000`.
    pub queue_ms: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { deadline_ms: 1_000, memory_bytes: 128 * 1024 * 1024, instances: 64, queue_ms: 2_000 }
    }
}

impl Limits {
    /// The same with every field moved into its range.
    #[must_use]
    pub fn clamped(self) -> Self {
        Self {
            deadline_ms: self.deadline_ms.clamp(1, 60_000),
            memory_bytes: self.memory_bytes.clamp(1024 * 1024, 4 * 1024 * 1024 * 1024),
            instances: self.instances.clamp(1, 1_000),
            queue_ms: self.queue_ms.min(60_000),
        }
    }
}
