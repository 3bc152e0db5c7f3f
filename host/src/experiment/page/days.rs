//! What was known at the end of each day, as a plot.

use edgewise_eval::report::plot::{Axes, Line, Marks, plot};
use edgewise_experiment::{Comparison, Look};

use crate::build::day;
use crate::questions::unbroken;

use super::super::report::Told;
use super::super::words::title;

/// Labels below the plot, at most.
const MAX_LABELS: usize = 4;
const DAY_S: i64 = 86_400;

/// The change with its range, by day, in a colour of the page. Nothing where there are no two days to show.
pub(super) fn plot_days(told: &Told, name: &str, of: &Comparison, class: usize) -> String {
    let looks = &of.looks;
    let (Some(first), Some(last)) = (looks.first(), looks.last()) else { return String::new() };
    if looks.len() < 2 {
        return String::new();
    }
    // The first days know next to nothing: the axis fits what is known after a quarter of them.
    let settled = &looks[looks.len() / 4..];
    let fold = |start: f64, of: fn(&Look) -> f64, pick: fn(f64, f64) -> f64| {
        settled.iter().map(of).fold(start, pick)
    };
    let low = fold(0.0, |look| look.lift.interval.low.min(look.lift.change), f64::min);
    let high = fold(0.0, |look| look.lift.interval.high.max(look.lift.change), f64::max);
    let within = |value: f64| value.clamp(low, high);
    #[expect(clippy::cast_precision_loss, reason = "a few thousand days")]
    let place = |look: &Look| ((look.day_s - first.day_s) / DAY_S) as f64;
    let line = Line {
        class,
        points: looks.iter().map(|look| (place(look), within(look.lift.change))).collect(),
        band: looks
            .iter()
            .map(|look| (within(look.lift.interval.low), within(look.lift.interval.high)))
            .collect(),
        marks: if looks.len() <= 31 { Marks::Dots } else { Marks::None },
    };
    let axes = Axes {
        label: format!("{} with {name}: change by day, with its range", title(told.goal)),
        x_title: format!("{} to {}", day(first.day_s), day(last.day_s)),
        x_ticks: ticks(looks).map(|look| (place(look), short(look.day_s))).collect(),
        y_min: low,
        y_max: high,
    };
    format!(
        "<figure><figcaption>{}: the change, day by day</figcaption>{}</figure>\n<p class=\"question\">The band holds the true \
         change on every day; where it leaves the line of no change, the change is proved.</p>\n",
        unbroken(title(told.goal)),
        plot(&axes, &[line])
    )
}

/// Some days, the first and the last among them.
fn ticks(looks: &[Look]) -> impl Iterator<Item = &Look> {
    let n = looks.len().min(MAX_LABELS);
    (0..n).map(move |at| &looks[at * (looks.len() - 1) / (n - 1).max(1)])
}

/// The day without its year.
fn short(day_s: i64) -> String {
    day(day_s).get(5..).unwrap_or_default().to_owned()
}
