//! What each stage of a build takes: time, processor time and memory.

use std::io::Write;
use std::sync::Mutex;
use std::time::Instant;

use edgewise_train::Watch;
use serde::Serialize;

use super::step;
use crate::output::{Terminal, bytes};
use crate::usage::{self, Usage};

/// What a stage took.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct StageUse {
    stage: &'static str,
    wall_s: f64,
    /// Seconds of all threads, where the machine tells.
    cpu_s: Option<f64>,
    /// The most memory of the program at once during the stage, in bytes, where the machine tells.
    peak_rss_bytes: Option<u64>,
}

/// A stage that is not over.
struct Running {
    stage: &'static str,
    began: Instant,
    before: Usage,
}

/// Watches a build: writes its notes, and measures its stages when that is wanted.
pub(crate) struct BuildWatch<'t> {
    terminal: &'t Terminal,
    stages: Option<Mutex<(Vec<StageUse>, Option<Running>)>>,
}

impl<'t> BuildWatch<'t> {
    pub(crate) fn new(terminal: &'t Terminal, with_timings: bool) -> BuildWatch<'t> {
        let stages = with_timings.then(|| Mutex::new((Vec::new(), None)));
        BuildWatch { terminal, stages }
    }

    /// What the threads of the reading were busy with, in seconds. They wait for each other, so these are no stages.
    pub(crate) fn read(&self, busy: &[(&'static str, f64)]) {
        let Some(Ok(mut stages)) = self.stages.as_ref().map(Mutex::lock) else { return };
        let part = |&(stage, wall_s)| StageUse { stage, wall_s, cpu_s: None, peak_rss_bytes: None };
        stages.0.extend(busy.iter().map(part));
    }

    /// The last stage is over. What each took, when that is wanted.
    pub(crate) fn finish(self) -> Option<Vec<StageUse>> {
        let (mut done, running) = self.stages?.into_inner().unwrap_or_default();
        done.extend(running.map(Running::end));
        Some(done)
    }
}

impl Watch for BuildWatch<'_> {
    fn stage(&self, name: &'static str) {
        let Some(Ok(mut stages)) = self.stages.as_ref().map(Mutex::lock) else { return };
        let ended = stages.1.take().map(Running::end);
        stages.0.extend(ended);
        usage::forget_peak();
        let (began, before) = (Instant::now(), Usage::now());
        stages.1 = Some(Running { stage: name, began, before });
    }

    fn note(&self, text: &str) {
        // A build does not fail because nobody listens to it.
        let _ = writeln!(self.terminal.notes(), "{}{text}", step(self.terminal, "memory"));
    }
}

impl Running {
    fn end(self) -> StageUse {
        let Usage { cpu_s, peak_rss_bytes } = Usage::now().since(&self.before);
        let wall_s = self.began.elapsed().as_secs_f64();
        StageUse { stage: self.stage, wall_s, cpu_s, peak_rss_bytes }
    }
}

/// A line per stage, with its share of the processor time.
pub(crate) fn write(stages: &[StageUse], terminal: &Terminal) -> std::io::Result<()> {
    let mut notes = terminal.notes();
    let cpu: f64 = stages.iter().filter_map(|stage| stage.cpu_s).sum();
    for stage in stages {
        let StageUse { stage, wall_s, cpu_s, peak_rss_bytes } = stage;
        let cpu_s = cpu_s.map_or_else(String::new, |cpu_s| {
            format!(", {cpu_s:7.2} s of processors ({:2.0} %)", 100.0 * cpu_s / cpu.max(0.01))
        });
        let peak =
            peak_rss_bytes.map_or_else(String::new, |peak| format!(", peak {}", bytes(peak)));
        writeln!(notes, "{}{stage:<18}{wall_s:7.2} s{cpu_s}{peak}", step(terminal, "took"))?;
    }
    Ok(())
}
