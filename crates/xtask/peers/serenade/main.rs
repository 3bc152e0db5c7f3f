//! Times Serenade's own index and answers, as its search for settings calls them: every prefix of every test session.
//!
//! `serenade-peer TRAIN TEST ROUNDS`; the last line it prints is JSON. `io.rs` and `vmisknn/` beside this file are the
//! crate's, unchanged.
#![allow(warnings)]

mod io;
mod vmisknn;

/// The one type that the index takes from a file which also needs a database.
mod dataframeutils {
    use chrono::NaiveDateTime;

    pub struct TrainingDataStats {
        pub descriptive_name: String,
        pub qty_records: usize,
        pub qty_unique_session_ids: usize,
        pub qty_unique_item_ids: usize,
        pub min_time_date_time: NaiveDateTime,
        pub max_time_date_time: NaiveDateTime,
        pub session_duration_p05: u64,
        pub session_duration_p25: u64,
        pub session_duration_p50: u64,
        pub session_duration_p75: u64,
        pub session_duration_p90: u64,
        pub session_duration_p95: u64,
        pub session_duration_p99: u64,
        pub session_duration_p99_5: u64,
        pub session_duration_p100: u64,
        pub qty_events_p05: u64,
        pub qty_events_p25: u64,
        pub qty_events_p50: u64,
        pub qty_events_p75: u64,
        pub qty_events_p90: u64,
        pub qty_events_p95: u64,
        pub qty_events_p99: u64,
        pub qty_events_p99_5: u64,
        pub qty_events_p100: u64,
    }
}

use std::time::Instant;

/// Sessions looked through, sessions used, clicks used, weight of rarity: found on a validation cut.
const M: usize = 1502;
const NEIGHBOURS: usize = 288;
const LAST_ITEMS: usize = 4;
const IDF: f64 = 2.0;
/// Items of an answer.
const K: usize = 20;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let rounds: usize = arguments[3].parse().unwrap();
    let before = cpu_s();
    let index = vmisknn::vmis_index::VMISIndex::new_from_csv(&arguments[1], M, IDF);
    let build_cpu_s = cpu_s() - before;
    let sessions = io::read_test_data_evolving(&arguments[2]);
    let (mut took_us, mut hits, mut reciprocal, mut n) = (Vec::new(), 0.0, 0.0, 0.0);
    for round in 0..=rounds {
        for items in sessions.values() {
            for at in 1..items.len() {
                let asked = &items[at.saturating_sub(LAST_ITEMS)..at];
                let started = Instant::now();
                let answer = vmisknn::predict(&index, asked, NEIGHBOURS, M, K, false);
                let ranked: Vec<u64> =
                    answer.into_sorted_vec().into_iter().map(|scored| scored.id).collect();
                let took = started.elapsed().as_secs_f64() * 1e6;
                if round == 0 {
                    // Warms the caches, and counts what is right.
                    n += 1.0;
                    if let Some(rank) = ranked.iter().position(|&item| item == items[at]) {
                        hits += 1.0;
                        reciprocal += 1.0 / (rank + 1) as f64;
                    }
                } else {
                    took_us.push(took);
                }
            }
        }
    }
    took_us.sort_by(f64::total_cmp);
    let at = |share: f64| took_us[(took_us.len() as f64 * share) as usize];
    println!(
        "{{\"build_cpu_s\":{build_cpu_s},\"query_us_p50\":{},\"query_us_p99\":{},\"hr@20\":{},\"mrr@20\":{}}}",
        at(0.5),
        at(0.99),
        hits / n,
        reciprocal / n
    );
}

/// Processor time of all threads so far, from proc(5).
fn cpu_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
    let fields = stat.rsplit_once(") ").unwrap().1.split(' ').skip(11).take(2);
    fields.map(|ticks| ticks.parse::<f64>().unwrap()).sum::<f64>() / 100.0
}
