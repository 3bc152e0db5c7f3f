//! Lines with bands, as inline SVG. Colours come from the page's style by class: `c0` is the model, `c1` and on are others.

use super::text::escaped;

/// Width of every plot in its own units; the page scales it.
const WIDTH: f64 = 440.0;
/// Height of every plot.
const HEIGHT: f64 = 270.0;
/// Space left for the labels of the vertical axis.
const LEFT: f64 = 54.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 42.0;

/// One line of a plot.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Number of its colour.
    pub class: usize,
    /// Points from left to right.
    pub points: Vec<(f64, f64)>,
    /// Lower and upper ends at the same places; may be empty.
    pub band: Vec<(f64, f64)>,
    /// Whether its points are marked.
    pub marks: Marks,
}

/// Whether the points of a line are marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Marks {
    /// Each by a dot.
    Dots,
    /// None.
    None,
}

/// What a plot's axes say.
#[derive(Clone, Debug, PartialEq)]
pub struct Axes {
    /// What a screen reader says.
    pub label: String,
    /// Below the horizontal axis.
    pub x_title: String,
    /// Where the horizontal axis has labels, and which.
    pub x_ticks: Vec<(f64, String)>,
    /// Smallest value of the vertical axis, at most 0, where the axis has a line.
    pub y_min: f64,
    /// Largest value of the vertical axis, at least 0.
    pub y_max: f64,
}

/// The plot.
pub fn plot(axes: &Axes, lines: &[Line]) -> String {
    let (x_min, x_max) = lines
        .iter()
        .flat_map(|line| &line.points)
        .map(|point| point.0)
        .chain(axes.x_ticks.iter().map(|tick| tick.0))
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
    let step = step(axes.y_max - axes.y_min);
    let y_top = (axes.y_max / step).ceil().max(1.0) * step;
    let y_low = (axes.y_min / step).floor().min(0.0) * step;
    let x = |value: f64| {
        let width = if x_max > x_min { x_max - x_min } else { 1.0 };
        LEFT + (value - x_min) / width * (WIDTH - LEFT - RIGHT)
    };
    let y =
        |value: f64| HEIGHT - BOTTOM - (value - y_low) / (y_top - y_low) * (HEIGHT - BOTTOM - TOP);
    let mut parts = vec![format!(
        "<svg class=\"plot\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}\">",
        escaped(&axes.label)
    )];
    let mut level = y_low;
    while level <= y_top + step / 2.0 {
        parts.push(format!(
            "<line class=\"{}\" x1=\"{LEFT}\" x2=\"{}\" y1=\"{at:.1}\" y2=\"{at:.1}\"/>\
             <text class=\"tick end\" x=\"{}\" y=\"{:.1}\">{}</text>",
            if y_low < 0.0 && level.abs() < step / 2.0 { "grid zero" } else { "grid" },
            WIDTH - RIGHT,
            LEFT - 7.0,
            y(level) + 4.0,
            percent_tick(level, step),
            at = y(level)
        ));
        level += step;
    }
    for (at, label) in &axes.x_ticks {
        let (at, below) = (x(*at), HEIGHT - BOTTOM + 17.0);
        parts.push(format!(
            "<text class=\"tick mid\" x=\"{at:.1}\" y=\"{below}\">{}</text>",
            escaped(label)
        ));
    }
    parts.push(format!(
        "<text class=\"axis mid\" x=\"{:.1}\" y=\"{}\">{}</text>",
        (LEFT + WIDTH - RIGHT) / 2.0,
        HEIGHT - 6.0,
        escaped(&axes.x_title)
    ));
    // The model is drawn last, over the others.
    for line in lines.iter().rev() {
        parts.push(drawn(line, &x, &y));
    }
    parts.push("</svg>".to_owned());
    parts.concat()
}

fn drawn(line: &Line, x: &impl Fn(f64) -> f64, y: &impl Fn(f64) -> f64) -> String {
    let class = line.class;
    let at = |(a, b): (f64, f64)| format!("{:.1},{:.1}", x(a), y(b));
    let mut parts = Vec::new();
    if !line.band.is_empty() {
        let places = line.points.iter().map(|point| point.0);
        let low = places.clone().zip(&line.band).map(|(place, ends)| at((place, ends.0)));
        let high = places.zip(&line.band).map(|(place, ends)| at((place, ends.1)));
        let mut outline: Vec<String> = high.collect();
        outline.extend(low.collect::<Vec<_>>().into_iter().rev());
        parts.push(format!("<polygon class=\"band c{class}\" points=\"{}\"/>", outline.join(" ")));
    }
    let points: Vec<String> = line.points.iter().map(|&point| at(point)).collect();
    parts.push(format!("<polyline class=\"line c{class}\" points=\"{}\"/>", points.join(" ")));
    if line.marks == Marks::Dots {
        for &(a, b) in &line.points {
            parts.push(format!(
                "<circle class=\"dot c{class}\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"3.2\"/>",
                x(a),
                y(b)
            ));
        }
    }
    parts.concat()
}

/// The distance of grid lines: 1, 2 or 5 times a power of ten, three to six lines.
fn step(y_max: f64) -> f64 {
    let y_max = if y_max.is_finite() && y_max > 1e-9 { y_max } else { 1.0 };
    let mut unit = 1e-9;
    loop {
        for factor in [1.0, 2.0, 5.0] {
            if y_max / (unit * factor) <= 5.0 {
                return unit * factor;
            }
        }
        unit *= 10.0;
    }
}

/// A share as percent, with as many digits as the step needs.
fn percent_tick(level: f64, step: f64) -> String {
    // A level that should be 0 may miss it by the last digit, and would read -0.
    let percent = if level.abs() < step / 2.0 { 0.0 } else { level * 100.0 };
    let text = match step {
        step if step >= 0.009_99 => format!("{percent:.0}\u{a0}%"),
        step if step >= 0.000_999 => format!("{percent:.1}\u{a0}%"),
        _ => format!("{percent:.2}\u{a0}%"),
    };
    text.replace('-', "\u{2212}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grid_lines_are_round_numbers() {
        for (y_max, expected) in [(1.0, 0.2), (0.18, 0.05), (0.011, 0.005), (0.0, 0.2)] {
            assert!((step(y_max) - expected).abs() < 1e-9, "{y_max}: {}", step(y_max));
        }
        assert_eq!(percent_tick(0.05, 0.05), "5\u{a0}%");
        assert_eq!(percent_tick(0.015, 0.005), "1.5\u{a0}%");
        assert_eq!(percent_tick(-0.05, 0.05), "\u{2212}5\u{a0}%");
        assert_eq!(percent_tick(-1e-17, 0.05), "0\u{a0}%");
    }

    #[test]
    fn an_axis_goes_as_far_below_zero_as_it_must() {
        let axes = Axes {
            label: String::new(),
            x_title: String::new(),
            x_ticks: Vec::new(),
            y_min: -0.07,
            y_max: 0.12,
        };
        let line = Line {
            class: 0,
            points: vec![(0.0, -0.1), (1.0, 0.15)],
            band: Vec::new(),
            marks: Marks::None,
        };
        let svg = plot(&axes, &[line]);
        assert!(svg.contains("\u{2212}10\u{a0}%") && svg.contains("15\u{a0}%"), "{svg}");
        assert_eq!(svg.matches("grid zero").count(), 1);
        assert!(svg.contains("54.0,228.0 416.0,12.0"), "{svg}");
    }

    #[test]
    fn a_plot_of_nothing_is_still_a_plot() {
        let axes = Axes {
            label: "<none>".to_owned(),
            x_title: String::new(),
            x_ticks: Vec::new(),
            y_min: 0.0,
            y_max: 0.0,
        };
        let svg = plot(&axes, &[]);
        assert!(
            svg.contains("&lt;none&gt;") && !svg.contains("NaN") && !svg.contains("inf"),
            "{svg}"
        );
    }
}
