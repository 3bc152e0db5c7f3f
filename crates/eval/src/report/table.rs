//! Every figure of a section: metrics down, systems across, so that it fits a telephone.

use super::sentence::meaning;
use super::text::{decimal, duration, escaped, percent};
use super::{PlacementReport, System};
use crate::metrics::Metric;

/// One line of the table.
struct Line {
    name: String,
    meaning: &'static str,
    cells: Vec<Option<Cell>>,
    best: Best,
}

struct Cell {
    value: f64,
    text: String,
    range: Option<String>,
}

/// Which value is the best one.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Best {
    Largest,
    None,
}

/// The table.
pub(super) fn table(of: &PlacementReport) -> String {
    let head = |system: &System| format!("<th scope=\"col\">{}</th>", escaped(&system.name));
    let heads: String = of.systems.iter().map(head).collect();
    let lines: String = lines(of).iter().map(row).collect();
    format!(
        "<div class=\"wide\"><table style=\"--n:{}\">\n<thead><tr><th scope=\"col\">at {} places</th>{heads}</tr></thead>\n\
         <tbody>\n{lines}</tbody>\n</table></div>\n",
        of.systems.len(),
        of.k
    )
}

fn lines(of: &PlacementReport) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for metric in Metric::ALL {
        let cell = |system: &System| {
            let found = system.score(metric, of.k)?;
            let range = format!("{}–{}", decimal(found.interval.low), decimal(found.interval.high));
            Some(Cell { value: found.mean, text: decimal(found.mean), range: Some(range) })
        };
        lines.push(Line {
            name: metric.name().to_owned(),
            meaning: meaning(metric),
            cells: of.systems.iter().map(cell).collect(),
            best: Best::Largest,
        });
    }
    let mut add = |name: &str, meaning, cell: &dyn Fn(&System) -> Option<(f64, String)>| {
        let cell = |system| cell(system).map(|(value, text)| Cell { value, text, range: None });
        let cells = of.systems.iter().map(cell).collect();
        lines.push(Line { name: name.to_owned(), meaning, cells, best: Best::None });
    };
    let share = |value: f64| (value, percent(value));
    add("Coverage", "share of the catalogue that anyone is shown", &|system| {
        system.spread.as_ref().map(|spread| share(spread.coverage))
    });
    add("Popular fifth", "share of places that go to the most popular fifth of items", &|system| {
        system.spread.as_ref().map(|spread| share(spread.head_share))
    });
    add("Diversity", "how unlike the items of one answer are, 0 to 1", &|system| {
        let diversity = system.spread.as_ref()?.diversity?;
        Some((diversity, format!("{diversity:.2}")))
    });
    add("Novelty", "how little known the items are, in bits", &|system| {
        let novelty = system.spread.as_ref()?.novelty?;
        Some((novelty, format!("{novelty:.1}")))
    });
    add("Time", "of an answer: half, and 99 of 100, are not slower", &|system| {
        let latency = system.latency;
        let text = format!("{} / {}", duration(latency.p50_us), duration(latency.p99_us));
        (latency.p99_us > 0.0).then_some((latency.p50_us, text))
    });
    lines.retain(|line| line.cells.iter().any(Option::is_some));
    lines
}

fn row(line: &Line) -> String {
    let values = line.cells.iter().flatten().map(|cell| cell.value);
    let best = values.fold(f64::NEG_INFINITY, f64::max);
    let cell = |cell: &Option<Cell>| {
        let Some(cell) = cell else { return "<td>–</td>".to_owned() };
        let is_best = line.best == Best::Largest && cell.value.total_cmp(&best).is_eq();
        let class = if is_best { " class=\"best\"" } else { "" };
        let range =
            cell.range.as_ref().map_or_else(String::new, |range| format!("<small>{range}</small>"));
        format!("<td{class}>{}{range}</td>", cell.text)
    };
    format!(
        "<tr><th scope=\"row\">{}<small>{}</small></th>{}</tr>\n",
        line.name,
        line.meaning,
        line.cells.iter().map(cell).collect::<String>()
    )
}
