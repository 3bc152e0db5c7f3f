//! How far the reading is: a bar on a terminal, a plain line now and then elsewhere.

use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use edgewise_ingest::{Forecast, Progress, Work};
use edgewise_train::Watch;
use indicatif::{ProgressBar, ProgressStyle};

use crate::output::{Terminal, bytes, grouped};

/// Time between two plain lines.
const LINE_EVERY: Duration = Duration::from_secs(10);

/// Progress that can be taken off the screen.
pub(crate) trait Shown: Progress {
    /// The reading is over.
    fn finish(&self);
}

/// Progress whose stages are watched.
pub(crate) struct Staged<'p> {
    shown: &'p dyn Shown,
    watch: &'p dyn Watch,
    memory_bytes: u64,
    load_ns: AtomicU64,
    parse_ns: AtomicU64,
    judge_ns: AtomicU64,
}

impl<'p> Staged<'p> {
    pub(crate) fn new(shown: &'p dyn Shown, watch: &'p dyn Watch, memory_bytes: u64) -> Self {
        let [load_ns, parse_ns, judge_ns] = [0; 3].map(AtomicU64::new);
        Self { shown, watch, memory_bytes, load_ns, parse_ns, judge_ns }
    }

    /// What the threads were busy with, in seconds.
    pub(crate) fn busy_s(&self) -> Vec<(&'static str, f64)> {
        let read = |ns: &AtomicU64| Duration::from_nanos(ns.load(Ordering::Relaxed));
        let [load, parse, judge] = [&self.load_ns, &self.parse_ns, &self.judge_ns].map(read);
        let parse = parse.saturating_sub(load);
        [("read: load", load), ("read: parse", parse), ("read: judge", judge)]
            .map(|(work, time)| (work, time.as_secs_f64()))
            .to_vec()
    }
}

impl Progress for Staged<'_> {
    fn begin(&self, total_bytes: u64) {
        self.shown.begin(total_bytes);
    }

    fn bytes(&self, bytes: u64) {
        self.shown.bytes(bytes);
    }

    fn rows(&self, rows: u64) {
        self.shown.rows(rows);
    }

    fn busy(&self, work: Work, time: Duration) {
        let total = match work {
            Work::Load => &self.load_ns,
            Work::Parse => &self.parse_ns,
            Work::Judge => &self.judge_ns,
        };
        total.fetch_add(u64::try_from(time.as_nanos()).unwrap_or(0), Ordering::Relaxed);
    }

    fn forecast(&self, forecast: Forecast) {
        let Forecast { n_rows, memory_bytes } = forecast;
        // Nobody needs to know how little a small log takes.
        if memory_bytes < self.memory_bytes / 4 {
            return;
        }
        let mib = |bytes: u64| bytes.div_ceil(1 << 20);
        let (needed, limit) = (mib(memory_bytes), mib(self.memory_bytes));
        let rows = grouped(n_rows);
        self.watch.note(&format!(
            "reading about {rows} rows needs up to {needed} MiB, limit {limit} MiB"
        ));
    }

    fn all_read(&self) {
        self.watch.stage("clean");
    }
}

/// Starts showing.
pub(crate) fn start(terminal: &Terminal) -> Box<dyn Shown> {
    if terminal.is_watched() {
        Box::new(Bar { bar: ProgressBar::no_length(), n_rows: AtomicU64::new(0) })
    } else {
        Box::new(Lines {
            total: AtomicU64::new(0),
            read: AtomicU64::new(0),
            next: Mutex::new(Instant::now() + LINE_EVERY),
        })
    }
}

struct Bar {
    bar: ProgressBar,
    n_rows: AtomicU64,
}

impl Progress for Bar {
    fn begin(&self, total_bytes: u64) {
        // The template is a constant; an unusable one would leave the default style.
        if let Ok(style) =
            ProgressStyle::with_template("reading  {wide_bar} {bytes}/{total_bytes} {msg} {eta}")
        {
            self.bar.set_style(style);
        }
        self.bar.set_position(0);
        self.bar.set_length(total_bytes);
    }

    fn bytes(&self, bytes: u64) {
        self.bar.inc(bytes);
    }

    fn rows(&self, rows: u64) {
        let n_rows = self.n_rows.fetch_add(rows, Ordering::Relaxed) + rows;
        self.bar.set_message(format!("{} rows", grouped(n_rows)));
    }
}

impl Shown for Bar {
    fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

struct Lines {
    total: AtomicU64,
    read: AtomicU64,
    next: Mutex<Instant>,
}

impl Progress for Lines {
    fn begin(&self, total_bytes: u64) {
        self.total.store(total_bytes, Ordering::Relaxed);
        self.read.store(0, Ordering::Relaxed);
    }

    fn bytes(&self, n: u64) {
        let read = self.read.fetch_add(n, Ordering::Relaxed) + n;
        let Ok(mut next) = self.next.lock() else {
            return;
        };
        if Instant::now() >= *next {
            *next = Instant::now() + LINE_EVERY;
            let total = self.total.load(Ordering::Relaxed);
            // A line that cannot be written is no reason to stop reading.
            let _ = writeln!(std::io::stderr(), "reading  {} of {}", bytes(read), bytes(total));
        }
    }

    fn rows(&self, _: u64) {}
}

impl Shown for Lines {
    fn finish(&self) {}
}
