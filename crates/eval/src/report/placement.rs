//! One placement's section, and the page of all of them.

use super::examples::examples;
use super::page::{Head, METRICS, legend, page};
use super::plot::{Axes, Line, Marks, plot};
use super::sentence::{Outcome, headline, verdict};
use super::table::table;
use super::text::{escaped, grouped, percent};
use super::{PlacementReport, Report, System};
use crate::metrics::Estimate;

impl Report {
    /// The page.
    pub fn html(&self) -> String {
        let cards: String = self.placements.iter().map(card).collect();
        let sections: String =
            (0..).zip(&self.placements).map(|(at, of)| section(at, of)).collect();
        let head = Head {
            title: &self.title,
            kicker: "How good are the recommendations?",
            summary: &self.summary,
            caution: None,
            facts: &self.facts,
            footer: METRICS,
        };
        page(&head, &format!("<nav class=\"cards\">{cards}</nav>\n{sections}"))
    }
}

/// A placement at a glance: the model's figure, and how many times the first yardstick's that is.
fn card(of: &PlacementReport) -> String {
    let mean = |system: &System| system.score(of.headline, of.k).map(|found| found.mean);
    let model = of.systems.first().and_then(mean);
    let yardstick =
        of.systems.get(1).and_then(|system| Some((system.name.as_str(), mean(system)?)));
    let figure = model.map_or_else(|| "–".to_owned(), percent);
    let times = match (model, yardstick) {
        (Some(model), Some((name, other))) if other > 0.0 => {
            format!("{:.1} × {}", model / other, escaped(name))
        }
        _ => String::new(),
    };
    format!(
        "<a class=\"card\" href=\"#{}\"><span class=\"what\">{}</span><strong>{figure}</strong>\
         <span class=\"metric\">{}@{}</span><span class=\"times\">{times}</span></a>",
        anchor(&of.name),
        escaped(&of.name),
        of.headline.name(),
        of.k,
    )
}

/// A name that a link can hold.
fn anchor(name: &str) -> String {
    let keep = |c: char| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    format!("p-{}", name.chars().map(keep).collect::<String>())
}

fn section(number: usize, of: &PlacementReport) -> String {
    let names = of.systems.iter().enumerate().map(|(at, system)| (at, system.name.clone()));
    let verdicts = of.systems.iter().filter_map(|system| {
        let difference = system.behind.as_ref()?;
        let class = Outcome::of(difference).class();
        Some(format!("<li class=\"{class}\">{}</li>", escaped(&verdict(&system.name, difference))))
    });
    let verdicts: String = verdicts.collect();
    format!(
        "<section id=\"{}\">\n<h2>{}</h2>\n<p class=\"question\">{} <span class=\"n\">{}.</span></p>\n\
         <p class=\"headline\">{}</p>\n<ul class=\"verdicts\">{verdicts}</ul>\n{}\n\
         {}<div class=\"plots\">\n{}{}</div>\n{}{}</section>\n",
        anchor(&of.name),
        escaped(&of.name),
        escaped(&of.question),
        asked(of),
        escaped(&headline(of)),
        dots(of),
        legend(names),
        curve(of),
        tails(of),
        table(of),
        examples(number, of),
    )
}

/// How many questions there were, and from how many units, where that is another number.
fn asked(of: &PlacementReport) -> String {
    let cases = grouped(of.n_cases);
    if of.n_cases == of.n_units {
        return format!("{cases} {}", escaped(&of.unit_name));
    }
    format!("{cases} questions from {} {}", grouped(of.n_units), escaped(&of.unit_name))
}

/// The headline of each system as a dot with its range, on one scale.
fn dots(of: &PlacementReport) -> String {
    let estimates: Vec<(usize, &System, Estimate)> = (0..)
        .zip(&of.systems)
        .filter_map(|(at, system)| Some((at, system, system.score(of.headline, of.k)?)))
        .collect();
    let ends = estimates.iter().map(|(_, _, found)| found.interval.high);
    let scale = ends.fold(1e-9, f64::max) * 1.04;
    let at = |value: f64| 100.0 * (value / scale).clamp(0.0, 1.0);
    let row = |(class, system, found): &(usize, &System, Estimate)| {
        let (low, high) = (at(found.interval.low), at(found.interval.high));
        format!(
            "<div class=\"row\"><span class=\"name\">{}</span><span class=\"track c{class}\">\
             <i class=\"fill\" style=\"width:{:.2}%\"></i>\
             <i class=\"whisker\" style=\"left:{low:.2}%;width:{:.2}%\"></i>\
             <i class=\"point\" style=\"left:{:.2}%\"></i></span>\
             <span class=\"value\">{}<small>{} – {}</small></span></div>",
            escaped(&system.name),
            at(found.mean),
            high - low,
            at(found.mean),
            percent(found.mean),
            percent(found.interval.low),
            percent(found.interval.high),
        )
    };
    format!("<div class=\"dots\">{}</div>", estimates.iter().map(row).collect::<String>())
}

/// The headline against the number of places.
fn curve(of: &PlacementReport) -> String {
    let line = |(class, system): (usize, &System)| {
        let mut scores: Vec<_> =
            system.scores.iter().filter(|score| score.metric == of.headline).collect();
        scores.sort_by_key(|score| score.k);
        let ends = |found: &Estimate| (found.interval.low, found.interval.high);
        Line {
            class,
            points: scores.iter().map(|score| (real(score.k), score.estimate.mean)).collect(),
            band: scores.iter().map(|score| ends(&score.estimate)).collect(),
            marks: Marks::Dots,
        }
    };
    let lines: Vec<Line> = (0..).zip(&of.systems).map(line).collect();
    let y_max = lines.iter().flat_map(|line| &line.band).map(|ends| ends.1).fold(0.0, f64::max);
    let places = lines.first().map_or(&[][..], |line| &line.points);
    if places.len() < 2 {
        return String::new();
    }
    // Labels need about a twelfth of the width.
    let width = places[places.len() - 1].0 - places[0].0;
    let mut x_ticks: Vec<(f64, String)> = Vec::new();
    for (place, _) in places.iter().rev() {
        if x_ticks.last().is_none_or(|(last, _)| last - place >= width / 12.0) {
            x_ticks.push((*place, format!("{place}")));
        }
    }
    let axes = Axes {
        label: format!("{} against the number of places shown, per system", of.headline.name()),
        x_title: "places shown".to_owned(),
        x_ticks,
        y_min: 0.0,
        y_max,
    };
    figure(&format!("{} by number of places", of.headline.name()), &plot(&axes, &lines))
}

/// How far recommendations reach beyond the best sellers.
fn tails(of: &PlacementReport) -> String {
    let line = |(class, system): (usize, &System)| Line {
        class,
        points: (0..).zip(&system.tail).map(|(at, &share)| (widened(at), share)).collect(),
        band: Vec::new(),
        marks: Marks::None,
    };
    let lines: Vec<Line> = (0..).zip(&of.systems).map(line).collect();
    if lines.iter().all(|line| line.points.is_empty()) {
        return String::new();
    }
    let tick = |percent: u32| (widened(percent), format!("{percent}\u{a0}%"));
    let axes = Axes {
        label: "Share of recommendations against share of the catalogue, per system".to_owned(),
        x_title: "most popular part of the catalogue".to_owned(),
        x_ticks: [0, 1, 5, 20, 40, 60, 100].map(tick).to_vec(),
        y_min: 0.0,
        y_max: 1.0,
    };
    figure("Share of recommendations on the best sellers", &plot(&axes, &lines))
}

/// Where a percentage of the catalogue is drawn: by its root, because the first few percent decide.
fn widened(percent: u32) -> f64 {
    f64::from(percent).sqrt()
}

fn figure(caption: &str, svg: &str) -> String {
    format!("<figure><figcaption>{}</figcaption>{svg}</figure>\n", escaped(caption))
}

#[expect(clippy::cast_precision_loss, reason = "a cut is a small number")]
fn real(k: usize) -> f64 {
    k as f64
}
