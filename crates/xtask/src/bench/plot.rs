//! Plots as SVG that a page shows as a picture: bars of one metric, and lines over the number of rows.
//!
//! Own and not a library's: two forms of plot, in colours that follow the reader's dark or light mode, which needs a
//! style sheet inside the picture.

use std::fmt::Write as _;

use super::rows::{Row, short};

/// Width of every plot in its own units.
const WIDTH: f64 = 720.0;
/// Height of a plot of lines.
const HEIGHT: f64 = 340.0;
/// Height of one bar with its space.
const BAR: f64 = 26.0;
/// Where bars begin: behind their names.
const BARS_LEFT: f64 = 370.0;
const LEFT: f64 = 70.0;
const RIGHT: f64 = 150.0;
const TOP: f64 = 40.0;
const BOTTOM: f64 = 50.0;
/// Colours of the lines, readable on white and on black (Okabe & Ito 2008).
const COLOURS: [&str; 4] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7"];

/// What is drawn of a group's figures.
#[derive(Debug)]
pub(super) struct Plot {
    /// File in `docs/bench`.
    pub(super) file: &'static str,
    /// Group whose figures it shows.
    pub(super) group: &'static str,
    /// Metric that it shows; rows of others are left out.
    pub(super) metric: &'static str,
    /// What stands above it.
    pub(super) title: &'static str,
    /// Which rows it shows, of those with its metric.
    pub(super) is_shown: fn(&Row) -> bool,
    /// Its form.
    pub(super) form: Form,
}

/// The form of a plot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A bar for each row.
    Bars,
    /// A line for each `what`, over the number that `config` begins with; both axes are logarithmic.
    Lines,
}

/// Every plot.
pub(super) const PLOTS: [Plot; 8] = [
    bars(["sizes.svg", "sizes", "size", "What travels, in bytes"]),
    Plot {
        is_shown: is_usual_question,
        ..bars(["answers.svg", "answers", "median", "One answer, in microseconds (median)"])
    },
    Plot {
        is_shown: |row| !is_by_size(row),
        ..bars([
            "serving.svg",
            "serving",
            "mean CPU",
            "One request, in microseconds of processor time (mean)",
        ])
    },
    bars(["learning.svg", "learning", "CPU time", "Learning, in seconds of one processor core"]),
    lines("scale-time.svg", "CPU time", "From log to bundle: CPU seconds, by rows of the log"),
    lines("scale-memory.svg", "peak memory", "From log to bundle: most memory in MiB, by rows"),
    lines("scale-size.svg", "bundle", "From log to bundle: bytes of the bundle, by rows"),
    Plot {
        group: "serving",
        is_shown: is_by_size,
        ..lines(
            "serving-size.svg",
            "median",
            "A request in microseconds (median), by megabytes of the bundle",
        )
    },
];

/// File, group, metric and title of a plot of bars.
const fn bars([file, group, metric, title]: [&'static str; 4]) -> Plot {
    Plot { file, group, metric, title, is_shown: |_| true, form: Form::Bars }
}

const fn lines(file: &'static str, metric: &'static str, title: &'static str) -> Plot {
    Plot { file, group: "scale", metric, title, is_shown: |_| true, form: Form::Lines }
}

/// Of the many questions that are asked everywhere, the one of a usual visitor.
fn is_usual_question(row: &Row) -> bool {
    let config = row.config.as_str();
    let is_beside_peers = !config.starts_with("shop") && !config.starts_with("gowalla");
    // A page's first answer takes a hundred times as long, most of it for the digest.
    let is_too_long = row.what == "answer in chromium; cold";
    is_beside_peers || config == "gowalla; history 20 k 20" && !is_too_long
}

/// Whether a row's config begins with the megabytes of a bundle.
fn is_by_size(row: &Row) -> bool {
    row.config.starts_with(|first: char| first.is_ascii_digit())
}

/// The picture of `rows`.
pub(super) fn drawn(plot: &Plot, rows: &[Row]) -> String {
    let rows: Vec<&Row> =
        rows.iter().filter(|row| row.metric == plot.metric && (plot.is_shown)(row)).collect();
    match plot.form {
        Form::Bars => bar_plot(plot, &rows),
        Form::Lines => line_plot(plot, &rows),
    }
}

fn opened(plot: &Plot, height: f64) -> String {
    let title = escaped(plot.title);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{title}\">\n\
         <style>text{{font:13px system-ui,sans-serif;fill:#1f2328}}.h{{font-weight:600}}.g{{stroke:#8c959f;stroke-width:.5}}\
         .e{{text-anchor:end}}.m{{text-anchor:middle}}@media(prefers-color-scheme:dark){{text{{fill:#e6edf3}}}}</style>\n\
         <text class=\"h\" x=\"8\" y=\"20\">{title}</text>\n"
    )
}

fn bar_plot(plot: &Plot, rows: &[&Row]) -> String {
    let n = rows.iter().fold(0.0, |n, _| n + 1.0);
    let mut svg = opened(plot, TOP + n * BAR + 8.0);
    let most = rows.iter().map(|row| row.number()).fold(f64::MIN_POSITIVE, f64::max);
    let mut y = TOP;
    for row in rows {
        let width = row.number() / most * (WIDTH - BARS_LEFT - 90.0);
        let name = if row.config.is_empty() {
            row.what.clone()
        } else {
            format!("{}, {}", row.what, row.config)
        };
        let middle = y + 14.0;
        // Cannot fail: a string takes every line.
        _ = writeln!(
            svg,
            "<text class=\"e\" x=\"{}\" y=\"{middle}\">{}</text>\
             <rect x=\"{BARS_LEFT}\" y=\"{y}\" width=\"{width:.1}\" height=\"18\" fill=\"{}\"/>\
             <text x=\"{:.1}\" y=\"{middle}\">{}</text>",
            BARS_LEFT - 8.0,
            escaped(&clipped(&name)),
            COLOURS[usize::from(is_peers(row))],
            BARS_LEFT + width + 6.0,
            escaped(&row.value),
        );
        y += BAR;
    }
    svg + "</svg>\n"
}

/// Whether a row is about another program beside ours, by what its config begins with.
fn is_peers(row: &Row) -> bool {
    ["implicit", "scipy", "serenade"].iter().any(|peer| row.config.starts_with(peer))
}

/// As much of a name as fits before its bar.
fn clipped(name: &str) -> String {
    const MOST: usize = 52;
    if name.chars().count() <= MOST {
        return name.to_owned();
    }
    name.chars().take(MOST - 1).chain(['…']).collect()
}

fn line_plot(plot: &Plot, rows: &[&Row]) -> String {
    let mut svg = opened(plot, HEIGHT);
    let mut series: Vec<(&str, Vec<(f64, f64)>)> = Vec::new();
    for row in rows {
        let Some(point) = point(row) else { continue };
        match series.iter_mut().find(|(name, _)| *name == row.what) {
            Some((_, points)) => points.push(point),
            None => series.push((&row.what, vec![point])),
        }
    }
    let points = || series.iter().flat_map(|(_, points)| points);
    let (x_low, x_high) = decades(points().map(|point| point.0));
    let (y_low, y_high) = decades(points().map(|point| point.1));
    let x = |at: f64| LEFT + (at - x_low) / (x_high - x_low) * (WIDTH - LEFT - RIGHT);
    let y = |at: f64| HEIGHT - BOTTOM - (at - y_low) / (y_high - y_low) * (HEIGHT - BOTTOM - TOP);
    let mut level = y_low;
    while level <= y_high {
        let (at, left, right) = (y(level), LEFT, WIDTH - RIGHT);
        _ = writeln!(
            svg,
            "<line class=\"g\" x1=\"{left}\" x2=\"{right}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>\
             <text class=\"e\" x=\"{}\" y=\"{:.1}\">{}</text>",
            LEFT - 6.0,
            at + 4.0,
            power(level)
        );
        level += 1.0;
    }
    let mut place = x_low;
    while place <= x_high {
        let (at, low) = (x(place), HEIGHT - BOTTOM + 20.0);
        _ = writeln!(svg, "<text class=\"m\" x=\"{at:.1}\" y=\"{low}\">{}</text>", power(place));
        place += 1.0;
    }
    for ((name, points), colour) in series.iter().zip(COLOURS.iter().cycle()) {
        let at: Vec<String> =
            points.iter().map(|&(a, b)| format!("{:.1},{:.1}", x(a), y(b))).collect();
        _ = writeln!(
            svg,
            "<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" points=\"{}\"/>",
            at.join(" ")
        );
        for &(a, b) in points {
            _ = writeln!(
                svg,
                "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"3.5\" fill=\"{colour}\"/>",
                x(a),
                y(b)
            );
        }
        if let Some(&(a, b)) = points.last() {
            _ = writeln!(
                svg,
                "<text x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                x(a) + 8.0,
                y(b) + 4.0,
                escaped(name)
            );
        }
    }
    svg + "</svg>\n"
}

/// The logarithms of a row's place and value; both must be above zero.
fn point(row: &Row) -> Option<(f64, f64)> {
    let x: f64 = row.config.split_whitespace().next()?.parse().ok()?;
    let y = row.number();
    (x > 0.0 && y > 0.0).then(|| (x.log10(), y.log10()))
}

/// The whole powers of ten around some logarithms, at least one apart.
fn decades(logs: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = logs
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| (low.min(at), high.max(at)));
    if low > high {
        return (0.0, 1.0);
    }
    let (low, high) = (low.floor(), high.ceil());
    (low, high.max(low + 1.0))
}

/// Ten to the power of `log`, as `10 k` or `0.1`.
fn power(log: f64) -> String {
    let value = 10_f64.powf(log);
    match value {
        value if value >= 999_999.0 => format!("{} M", short((value / 1e6).round())),
        value if value >= 999.0 => format!("{} k", short((value / 1e3).round())),
        value => ((value * 1e4).round() / 1e4).to_string(),
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(what: &str, config: &str, metric: &str, value: &str) -> Row {
        let text = str::to_owned;
        Row {
            what: text(what),
            config: text(config),
            metric: text(metric),
            value: text(value),
            ..Row::default()
        }
    }

    #[test]
    fn bars_are_as_long_as_their_values() {
        let rows =
            [row("a<b", "", "size", "10"), row("c", "x", "size", "5"), row("d", "", "other", "9")];
        let svg = drawn(&PLOTS[0], &rows);
        assert!(svg.contains("a&lt;b") && svg.contains("c, x") && !svg.contains(">d<"), "{svg}");
        assert!(svg.contains("width=\"260.0\"") && svg.contains("width=\"130.0\""), "{svg}");
    }

    #[test]
    fn lines_run_over_powers_of_ten() {
        let rows = [
            row("10k items", "1000000 rows", "CPU time", "2"),
            row("10k items", "10000000 rows", "CPU time", "20"),
            row("1M items", "1000000 rows", "CPU time", "3"),
        ];
        let svg = drawn(&PLOTS[4], &rows);
        assert_eq!(svg.matches("<polyline").count(), 2);
        assert_eq!(svg.matches("<circle").count(), 3);
        assert!(svg.contains(">1 M<") && svg.contains(">10 M<") && svg.contains(">100<"), "{svg}");
    }

    #[test]
    fn of_many_questions_the_usual_one_is_drawn() {
        let row = |what, config| row(what, config, "median", "1");
        let shown = |row: Row| is_usual_question(&row);
        assert!(shown(row("answer; warm", "gowalla; history 20 k 20")));
        assert!(shown(row("gowalla; cosine", "implicit; K = 50; 1 thread")));
        assert!(!shown(row("answer; warm", "gowalla; history 20 k 50")));
        assert!(!shown(row("answer; warm", "shop; history 20 k 20")));
        assert!(!shown(row("answer in chromium; cold", "gowalla; history 20 k 20")));
        assert!(is_by_size(&row("instantiate", "10 MB; a history of 20")));
        assert!(!is_by_size(&row("instantiate", "shop; an item")));
    }

    #[test]
    fn a_plot_of_nothing_is_still_a_plot() {
        for plot in &PLOTS {
            let svg = drawn(plot, &[]);
            assert!(svg.ends_with("</svg>\n") && !svg.contains("NaN") && !svg.contains("inf"));
        }
    }
}
