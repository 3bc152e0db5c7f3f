//! The figures, as a table for people or one object for machines.

use std::fmt::Write as _;

use edgewise_bundle::Bundle;
use edgewise_core::Relation;
use edgewise_eval::{Metric, Newest};
use edgewise_tune::{Goal, Measured, Setup};
use serde_json::{Map, Value, json};

use super::usage::Usage;

/// One model's line.
pub(crate) struct Row {
    model: &'static str,
    /// The names of the metrics' keys, with what was measured, the goal's own first.
    figures: Vec<(String, f64)>,
    bundle_bytes: u64,
    neighbour_bytes: u64,
    bits: Option<BitsPerNeighbour>,
    usage: Usage,
    query_us_p50: f64,
    query_us_p99: f64,
    parameters: Value,
}

/// Bits of one entry of the lists of related items, on average.
#[derive(Clone, Copy)]
struct BitsPerNeighbour {
    /// Everything included.
    taken: f64,
    /// See [`edgewise_bundle::ListSizes::bound_bits`].
    bound: f64,
    /// What the rows alone would take in an order of items that knows nothing.
    rows_of_any_order: f64,
}

impl BitsPerNeighbour {
    fn of(bundle: &[u8]) -> Option<BitsPerNeighbour> {
        let bundle = Bundle::open_trusted(bundle).ok()?;
        let (mut n, mut bits) = (0.0, [0.0; 3]);
        for relation in Relation::LISTED {
            let Some(sizes) = bundle.list_sizes(relation) else { continue };
            n += exact(sizes.n_neighbours);
            let of_section =
                [8.0 * exact(sizes.n_bytes), sizes.bound_bits, sizes.row_bits_of_any_order];
            bits.iter_mut().zip(of_section).for_each(|(sum, bits)| *sum += bits);
        }
        let [taken, bound, rows_of_any_order] = bits.map(|bits| bits / n);
        (n > 0.0).then_some(BitsPerNeighbour { taken, bound, rows_of_any_order })
    }
}

#[expect(clippy::cast_precision_loss, reason = "a bundle has at most a gigabyte")]
fn exact(n: u64) -> f64 {
    n as f64
}

/// What the protocols report, in the order in which they do.
const FIGURES: [(Metric, usize, &str); 6] = [
    (Metric::Recall, 20, "recall@20"),
    (Metric::Ndcg, 20, "ndcg@20"),
    (Metric::HitRate, 20, "hr@20"),
    (Metric::ReciprocalRank, 20, "mrr@20"),
    (Metric::Recall, 10, "recall@10"),
    (Metric::Ndcg, 10, "ndcg@10"),
];

impl Row {
    pub(crate) fn new(
        model: &'static str,
        goal: Goal,
        setup: &Setup,
        measured: &Measured,
        usage: Usage,
    ) -> Row {
        let evaluation = &measured.evaluation;
        let defined = |metric: Metric, k: usize| match goal {
            Goal::NextClick | Goal::Completion => {
                k == 20 && matches!(metric, Metric::HitRate | Metric::ReciprocalRank)
            }
            Goal::NewItems | Goal::NextBasket => matches!(metric, Metric::Recall | Metric::Ndcg),
        };
        let figures = FIGURES.into_iter().filter(|&(metric, k, _)| defined(metric, k)).filter_map(
            |(metric, k, name)| Some((name.to_owned(), evaluation.score(metric, k)?.mean)),
        );
        Row {
            model,
            figures: figures.collect(),
            bundle_bytes: measured.bundle.len() as u64,
            neighbour_bytes: measured.neighbour_bytes,
            bits: BitsPerNeighbour::of(&measured.bundle),
            usage,
            query_us_p50: evaluation.latency.p50_us,
            query_us_p99: evaluation.latency.p99_us,
            parameters: parameters(setup),
        }
    }

    fn json(&self) -> Value {
        let mut object = Map::new();
        object.insert("model".to_owned(), json!(self.model));
        for (name, figure) in &self.figures {
            object.insert(name.clone(), json!(figure));
        }
        object.insert("bundle_bytes".to_owned(), json!(self.bundle_bytes));
        object.insert("neighbour_bytes".to_owned(), json!(self.neighbour_bytes));
        if let Some(BitsPerNeighbour { taken, bound, rows_of_any_order }) = self.bits {
            object.insert("bits_per_neighbour".to_owned(), json!(taken));
            object.insert("bits_per_neighbour_bound".to_owned(), json!(bound));
            object.insert("bits_per_row_of_any_order".to_owned(), json!(rows_of_any_order));
        }
        object.insert("build_cpu_s".to_owned(), json!(self.usage.cpu_s));
        object.insert("peak_rss_bytes".to_owned(), json!(self.usage.peak_rss_bytes));
        object.insert("query_us_p50".to_owned(), json!(self.query_us_p50));
        object.insert("query_us_p99".to_owned(), json!(self.query_us_p99));
        object.insert("parameters".to_owned(), self.parameters.clone());
        Value::Object(object)
    }
}

/// The settings that made a model.
fn parameters(setup: &Setup) -> Value {
    let params = &setup.params;
    let tables = params.scoring.tables();
    json!({
        "min_people": params.min_people,
        "min_support": params.min_support,
        "half_life_days": params.half_life_days,
        "similar": params.similar,
        "together": params.together,
        "next": params.next,
        "sessions": params.sessions,
        "newest_item_may_be_shown": setup.newest == Newest::Show,
        "decays": tables.decays,
        "ladders": format!("{:?}", tables.ladders),
    })
}

/// One object; a list of them when there are several rows.
pub(crate) fn json(rows: &[Row]) -> serde_json::Result<String> {
    let value = match rows {
        [row] => row.json(),
        rows => rows.iter().map(Row::json).collect(),
    };
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}

/// A table with a line per model.
pub(crate) fn text(rows: &[Row]) -> String {
    let Some(first) = rows.first() else { return String::new() };
    let mut text = format!("{:<12}", "model");
    // Writing to a string cannot fail.
    for (name, _) in &first.figures {
        let _ = write!(text, "{name:>11}");
    }
    let _ = writeln!(
        text,
        "{:>13}{:>13}{:>11}{:>10}{:>9}{:>9}",
        "bundle", "neighbours", "build CPU", "peak", "p50", "p99"
    );
    for row in rows {
        let _ = write!(text, "{:<12}", row.model);
        for (_, figure) in &row.figures {
            let _ = write!(text, "{figure:>11.4}");
        }
        let cpu = row.usage.cpu_s.map_or_else(|| "-".to_owned(), |cpu| format!("{cpu:.2} s"));
        let peak = row
            .usage
            .peak_rss_bytes
            .map_or_else(|| "-".to_owned(), |peak| format!("{} MiB", peak >> 20));
        let _ = writeln!(
            text,
            "{:>13}{:>13}{cpu:>11}{peak:>10}{:>9}{:>9}",
            row.bundle_bytes,
            row.neighbour_bytes,
            format!("{:.0} us", row.query_us_p50),
            format!("{:.0} us", row.query_us_p99),
        );
    }
    text
}
