//! The report as a page that a shop's manager reads: the verdict first, then what stands behind it.

mod days;

use edgewise_eval::report::Fact;
use edgewise_eval::report::page::{Head, page};
use edgewise_eval::report::text::escaped;
use edgewise_experiment::{Comparison, Figure, Interval, Unit, Verdict};

use crate::output::grouped;
use crate::questions::unbroken;

use super::report::Told;
use super::table::{period, progress, rate_text};
use super::words::{amount, change, p_value, percent, sentence, title, verdict};

const FOOTER: &str = "Ranges and p-values of changes hold at every moment at which they are looked at (mixture sequential \
                      probability ratio test), so that this page may be read every day and the experiment may be stopped on \
                      any of them. Ranges of a single variant hold with a chance of 95 % on one day.";

/// The page.
pub(super) fn html(told: &Told) -> String {
    let title = headline(told);
    let summary = summary(told);
    let cautions: Vec<String> = told.cautions().iter().map(|text| sentence(text)).collect();
    let caution = (!cautions.is_empty()).then(|| unbroken(&cautions.join(" ")));
    let facts = facts(told);
    let head = Head {
        title: &unbroken(&title),
        kicker: &format!("Experiment {}", told.name),
        summary: &unbroken(&summary),
        caution: caution.as_deref(),
        facts: &facts,
        footer: &unbroken(FOOTER),
    };
    let comparisons: String =
        told.comparisons().map(|(name, of)| comparison(told, name, of)).collect();
    let body = format!("{}\n{comparisons}{}{}", cards(told), variants(told), division(told));
    page(&head, &body)
}

/// The verdict in one sentence.
fn headline(told: &Told) -> String {
    if told.analysis.sample_ratio.is_suspicious() {
        return "These figures cannot be trusted: visitors are not divided as planned".to_owned();
    }
    let of = |wanted: Verdict| -> Vec<&str> {
        let found = told.comparisons().filter(|(_, of)| of.verdict == wanted);
        found.map(|(name, _)| name).collect()
    };
    let control = told.control_name();
    let joined = |names: &[&str]| {
        let quoted: Vec<String> = names.iter().map(|name| format!("“{name}”")).collect();
        let verb = if names.len() == 1 { "is" } else { "are" };
        format!("{} {verb}", quoted.join(" and "))
    };
    match (of(Verdict::Better).as_slice(), of(Verdict::Worse).as_slice()) {
        ([], []) => "Nothing is proved yet".to_owned(),
        (better, []) => format!("{} better than “{control}”", joined(better)),
        ([], worse) => format!("{} worse than “{control}”", joined(worse)),
        (better, worse) => {
            format!("{} better than “{control}”, {} worse", joined(better), joined(worse))
        }
    }
}

/// What stands behind the verdict, and what to do.
fn summary(told: &Told) -> String {
    let mut sentences: Vec<String> = told
        .judged()
        .map(|(name, of)| match of.goal {
            None => sentence(&plain(&verdict(name, told.control_name(), of.verdict))),
            Some(lift) => format!(
                "{} with “{name}”: {}, {}.",
                title(told.goal),
                shown(lift.change),
                range_shown(lift.interval)
            ),
        })
        .collect();
    sentences.extend(progress(told).map(|text| sentence(&text)));
    sentences.join(" ")
}

/// Backticks are for the terminal.
fn plain(text: &str) -> String {
    let mut is_open = false;
    text.chars()
        .map(|c| {
            if c == '`' {
                is_open = !is_open;
                if is_open { '“' } else { '”' }
            } else {
                c
            }
        })
        .collect()
}

fn facts(told: &Told) -> Vec<Fact> {
    let fact = |name: &str, value: String| Fact { name: name.to_owned(), value: unbroken(&value) };
    let sum = |count: fn(&edgewise_experiment::VariantFigures) -> u64| {
        grouped(told.analysis.variants.iter().map(count).sum())
    };
    let mut facts = Vec::new();
    facts.extend(period(told).map(|text| fact("Days", text)));
    if told.analysis.unit == Unit::Visitor {
        facts.push(fact("Visitors", sum(|figures| figures.n_units)));
    }
    facts.push(fact("Impressions", sum(|figures| figures.impressions)));
    facts.push(fact("Clicks", sum(|figures| figures.clicks)));
    facts.push(fact("Purchases", sum(|figures| figures.purchases)));
    facts.push(fact("What decides", title(told.goal).to_owned()));
    facts.push(fact("Planned for a change of", percent(told.effect)));
    facts.push(fact("Chance of a false alarm", format!("at most {}", percent(told.alpha))));
    let n_left_out: u64 = told.refused.iter().map(|refused| refused.n_rows).sum();
    facts.push(fact(
        "Rows left out",
        format!("{} of {}", grouped(n_left_out), grouped(told.n_rows)),
    ));
    facts
}

/// The number of a variant's colour: grey for the control, the page's own for the first of the others.
fn colour(told: &Told, variant: usize) -> usize {
    let of = told.analysis.comparisons.iter().position(|of| of.variant == variant);
    of.map_or(4, |at| at % 4)
}

/// A card per variant but the control, where there are several.
fn cards(told: &Told) -> String {
    if told.judged().count() < 2 {
        return String::new();
    }
    let card = |(name, of): (&str, &Comparison)| {
        let class = class(of.verdict);
        let change = of.goal.map_or_else(|| "?".to_owned(), |lift| shown(lift.change));
        let word = match of.verdict {
            Verdict::Better => "better",
            Verdict::Worse => "worse",
            Verdict::Open => "not proved",
            Verdict::TooFew => "too little yet",
        };
        format!(
            "<div class=\"card\"><span class=\"what\">{}</span><strong class=\"{class}\">{change}</strong>\
             <span class=\"metric\">{}</span><span class=\"times {class}\">{word}</span></div>",
            escaped(name),
            title(told.goal).to_lowercase(),
        )
    };
    format!("<nav class=\"cards\">{}</nav>", told.judged().map(card).collect::<String>())
}

/// A change with a true minus sign and a space that does not break.
fn shown(value: f64) -> String {
    unbroken(&change(value)).replace('-', "\u{2212}")
}

fn class(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Better => "gain",
        Verdict::Worse => "loss",
        Verdict::Open | Verdict::TooFew => "unclear",
    }
}

/// A variant against the control: day by day, and every figure.
fn comparison(told: &Told, name: &str, of: &Comparison) -> String {
    let days = days::plot_days(told, name, of, colour(told, of.variant));
    let said = if told.analysis.sample_ratio.is_suspicious() {
        "Not to be trusted: visitors are not divided as planned.".to_owned()
    } else {
        sentence(&plain(&verdict(name, told.control_name(), of.verdict)))
    };
    format!(
        "<section>\n<h2>{} against {}</h2>\n<p class=\"headline\">{}</p>\n{days}{}</section>\n",
        escaped(name),
        escaped(told.control_name()),
        escaped(&unbroken(&said)),
        lifts(told, of)
    )
}

fn lifts(told: &Told, of: &Comparison) -> String {
    let reach = of
        .lifts
        .iter()
        .flatten()
        .flat_map(|lift| [lift.interval.low.abs(), lift.interval.high.abs()]);
    let reach = reach.fold(1e-9, f64::max).min(2.0) * 1.1;
    let at = |value: f64| 50.0 + 50.0 * (value / reach).clamp(-1.0, 1.0);
    let row = |(figure, lift): (&Figure, &Option<edgewise_experiment::Lift>)| {
        let lift = lift.as_ref()?;
        let decides = if *figure == told.goal { "decides" } else { "" };
        let class = match lift.interval {
            ends if lift.p_value > told.alpha_each => {
                debug_assert!(ends.low <= ends.high, "an interval");
                "unclear"
            }
            ends if ends.low + ends.high > 0.0 => "gain",
            _ => "loss",
        };
        let (low, high) = (at(lift.interval.low), at(lift.interval.high));
        Some(format!(
            "<tr><th scope=\"row\">{}<small>{decides}</small></th><td class=\"change {class}\">{}\
             <span class=\"forest\"><i class=\"zero\"></i>\
             <i class=\"whisker\" style=\"left:{low:.2}%;width:{:.2}%\"></i>\
             <i class=\"point\" style=\"left:{:.2}%\"></i></span><small>{}, {}</small></td></tr>\n",
            title(*figure),
            shown(lift.change),
            high - low,
            at(lift.change),
            range_shown(lift.interval),
            unbroken(&p_value(lift.p_value)).replace('<', "&lt;"),
        ))
    };
    let rows: String = Figure::ALL.iter().zip(&of.lifts).filter_map(row).collect();
    if rows.is_empty() {
        return String::new();
    }
    format!(
        "<h3>Every figure</h3>\n<p class=\"question\">One figure was to decide. The others tell what else may change; with \
         several of them, one may seem to by chance.</p>\n<div class=\"wide\"><table class=\"compare\">\n<thead><tr>\
         <th scope=\"col\">figure</th><th scope=\"col\" class=\"change\">change</th></tr></thead>\n<tbody>\n{rows}</tbody>\n\
         </table></div>\n"
    )
}

fn range_shown(ends: Interval) -> String {
    format!("between {} and {}", shown(ends.low), shown(ends.high))
}

/// Each variant by itself: the figure that decides as a plot, and all counts.
fn variants(told: &Told) -> String {
    let of_goal = |at: usize| told.analysis.variants[at].rates[told.goal.index()];
    let most = (0..told.variants.len()).filter_map(of_goal).map(|(_, ends)| ends.high);
    let most = most.fold(1e-12, f64::max) * 1.05;
    let dot = |(at, name): (usize, &String)| {
        let (rate, ends) = of_goal(at)?;
        let place = |value: f64| 100.0 * value / most;
        Some(format!(
            "<div class=\"row c{}\"><span>{}</span><span class=\"track\"><i class=\"fill\" style=\"width:{:.2}%\"></i>\
             <i class=\"whisker\" style=\"left:{:.2}%;width:{:.2}%\"></i><i class=\"point\" style=\"left:{:.2}%\"></i></span>\
             <span class=\"value\">{}</span></div>\n",
            colour(told, at),
            escaped(name),
            place(rate),
            place(ends.low),
            place(ends.high) - place(ends.low),
            place(rate),
            escaped(&unbroken(&rate_text(told.goal, rate, ends))),
        ))
    };
    let dots: String = told.variants.iter().enumerate().filter_map(dot).collect();
    let row = |(name, figures): (&String, &edgewise_experiment::VariantFigures)| {
        let visitors = match told.analysis.unit {
            Unit::Visitor => grouped(figures.n_units),
            Unit::Impression => "not told".to_owned(),
        };
        format!(
            "<tr><th scope=\"row\">{}</th><td>{visitors}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            escaped(name),
            grouped(figures.impressions),
            grouped(figures.clicks),
            grouped(figures.purchases),
            amount(figures.revenue)
        )
    };
    let rows: String = told.variants.iter().zip(&told.analysis.variants).map(row).collect();
    format!(
        "<section>\n<h2>Each variant by itself</h2>\n<p class=\"question\">{}, with ranges of 95 %.</p>\n\
         <div class=\"dots\">\n{dots}</div>\n<div class=\"wide\"><table style=\"--n:3\">\n<thead><tr><th scope=\"col\">variant</th>\
         <th scope=\"col\">visitors</th><th scope=\"col\">impressions</th><th scope=\"col\">clicks</th>\
         <th scope=\"col\">purchases</th><th scope=\"col\">revenue</th></tr></thead>\n<tbody>\n{rows}</tbody>\n</table></div>\n\
         </section>\n",
        title(told.goal)
    )
}

/// Whether visitors were divided as planned.
fn division(told: &Told) -> String {
    let ratio = &told.analysis.sample_ratio;
    let (class, said) = if ratio.is_suspicious() {
        (
            "loss",
            "Visitors are not divided as planned. Look for what loses them in one variant: an error on its pages, a \
                  redirect, a robot, or events that are not sent.",
        )
    } else {
        ("gain", "Visitors are divided as planned.")
    };
    let row =
        |((name, figures), expected): ((&String, &edgewise_experiment::VariantFigures), &f64)| {
            format!(
                "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td></tr>\n",
                escaped(name),
                grouped(figures.n_units),
                amount(*expected).trim_end_matches(".00")
            )
        };
    let rows: String =
        told.variants.iter().zip(&told.analysis.variants).zip(&ratio.expected).map(row).collect();
    format!(
        "<section>\n<h2>Was the division fair?</h2>\n<p class=\"headline {class}\">{said}</p>\n<div class=\"wide\">\
         <table style=\"--n:2\">\n<thead><tr><th scope=\"col\">variant</th><th scope=\"col\">came</th><th scope=\"col\">planned</th></tr>\
         </thead>\n<tbody>\n{rows}</tbody>\n</table></div>\n<p class=\"question\">A division as uneven as this one, or more, comes \
         by chance with {}; below 0.001 it is no chance.</p>\n</section>\n",
        unbroken(&p_value(ratio.p_value)).replace('<', "&lt;"),
    )
}
