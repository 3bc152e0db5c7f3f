//! The report as text and as JSON.

use edgewise_experiment::{Figure, Interval, Lift, Unit, Verdict};
use serde_json::{Value, json};

use crate::build::day;
use crate::output::{counted, grouped};

use super::report::Told;
use super::words::{amount, change, explanation, p_value, percent, range, rate, title, verdict};

/// The report as a person reads it.
pub(super) fn text(told: &Told) -> String {
    let mut lines = vec![head(told)];
    if told.analysis.sample_ratio.is_suspicious() {
        lines.push(
            "verdict      none: visitors are not divided as planned, and no figure can be trusted"
                .to_owned(),
        );
    }
    for (name, of) in told.judged() {
        let said = verdict(name, told.control_name(), of.verdict);
        lines.push(format!("verdict      {said}: {}", explanation(of, told.goal)));
    }
    lines.extend(progress(told).map(|text| format!("visitors     {text}")));
    lines.push(division(told));
    lines.push(String::new());
    lines.extend(variants(told));
    for (name, of) in told.comparisons() {
        lines.push(String::new());
        lines.push(format!("{name} against {}", told.control_name()));
        for (figure, lift) in Figure::ALL.iter().zip(&of.lifts) {
            let Some(lift) = lift else { continue };
            let mark = if *figure == told.goal { "*" } else { " " };
            lines.push(format!(
                "{mark} {:<26}{:>10}  {}, {}",
                title(*figure),
                change(lift.change),
                range(lift),
                p_value(lift.p_value)
            ));
        }
    }
    lines.push(String::new());
    lines.push(small_print(told));
    for refused in &told.refused {
        let example =
            refused.example.as_ref().map_or_else(String::new, |text| format!(", as {text}"));
        let count = counted(refused.n_rows, "row", "rows");
        lines.push(format!("left out     {count}: {}{example}", refused.text));
    }
    lines.join("\n") + "\n"
}

fn head(told: &Told) -> String {
    let of_events = |count: fn(&edgewise_experiment::VariantFigures) -> u64| -> u64 {
        told.analysis.variants.iter().map(count).sum()
    };
    let units = match told.analysis.unit {
        Unit::Visitor => {
            format!("{}, ", counted(of_events(|it| it.n_units), "visitor", "visitors"))
        }
        Unit::Impression => String::new(),
    };
    format!(
        "experiment   {}{}: {units}{}, {}, {}",
        told.name,
        period(told).map_or_else(String::new, |text| format!(", {text}")),
        counted(of_events(|it| it.impressions), "impression", "impressions"),
        counted(of_events(|it| it.clicks), "click", "clicks"),
        counted(of_events(|it| it.purchases), "purchase", "purchases"),
    )
}

/// The first day and the last.
pub(super) fn period(told: &Told) -> Option<String> {
    let (first, last) = told.analysis.period.filter(|_| told.has_times)?;
    Some(format!("{} to {}", day(first), day(last)))
}

/// How far the experiment is, where nothing is proved.
pub(super) fn progress(told: &Told) -> Option<String> {
    let (needed, fewest) = told.needed()?;
    let is_open =
        told.judged().any(|(_, of)| matches!(of.verdict, Verdict::Open | Verdict::TooFew));
    if !is_open {
        return None;
    }
    let effect = percent(told.effect);
    Some(if fewest < needed {
        format!(
            "a change of {effect} would need about {} per variant; the smallest has {}",
            grouped(needed),
            grouped(fewest)
        )
    } else {
        format!(
            "each variant has the {} that a change of {effect} needs, so that one as large is unlikely",
            grouped(needed)
        )
    })
}

/// Whether visitors were divided as planned.
fn division(told: &Told) -> String {
    let ratio = &told.analysis.sample_ratio;
    let counts: Vec<String> = told
        .analysis
        .variants
        .iter()
        .zip(&told.variants)
        .map(|(figures, name)| format!("{name} {}", grouped(figures.n_units)))
        .collect();
    let said = if ratio.is_suspicious() { "NOT as planned" } else { "as planned" };
    format!("divided      {said}: {} ({})", counts.join(", "), p_value(ratio.p_value))
}

fn variants(told: &Told) -> Vec<String> {
    let width = told.variants.iter().map(|name| name.chars().count()).max().unwrap_or(0).max(8);
    let mut lines = vec![format!(
        "{:<width$}{:>12}{:>13}{:>10}{:>11}{:>14}   {} (95 %)",
        "",
        "visitors",
        "impressions",
        "clicks",
        "purchases",
        "revenue",
        title(told.goal)
    )];
    for (name, figures) in told.variants.iter().zip(&told.analysis.variants) {
        let visitors = match told.analysis.unit {
            Unit::Visitor => grouped(figures.n_units),
            Unit::Impression => "-".to_owned(),
        };
        let found = figures.rates[told.goal.index()];
        lines.push(format!(
            "{name:<width$}{visitors:>12}{:>13}{:>10}{:>11}{:>14}   {}",
            grouped(figures.impressions),
            grouped(figures.clicks),
            grouped(figures.purchases),
            amount(figures.revenue),
            found.map_or_else(String::new, |(value, ends)| rate_text(told.goal, value, ends)),
        ));
    }
    lines
}

/// A variant's own figure with its interval.
pub(super) fn rate_text(figure: Figure, value: f64, ends: Interval) -> String {
    if figure == Figure::Revenue {
        format!("{value:.4} ({:.4} to {:.4})", ends.low, ends.high)
    } else {
        format!("{} ({} to {})", rate(value), rate(ends.low), rate(ends.high))
    }
}

fn small_print(told: &Told) -> String {
    let each = if told.analysis.comparisons.len() > 1 {
        format!(", {} for each comparison", percent(told.alpha_each))
    } else {
        String::new()
    };
    format!(
        "The line with * decides. Ranges and p-values hold however often this is looked at; a false alarm has a chance of at \
         most {}{each}.",
        percent(told.alpha)
    )
}

/// The report as a program reads it.
pub(super) fn json(told: &Told) -> serde_json::Result<String> {
    let variants: Vec<Value> = told
        .variants
        .iter()
        .zip(&told.analysis.variants)
        .zip(&told.analysis.sample_ratio.expected)
        .map(|((name, figures), expected)| {
            let rates = Figure::ALL.iter().zip(&figures.rates).filter_map(|(figure, rate)| {
                let (value, ends) = (*rate)?;
                let rate = json!({ "value": value, "low": ends.low, "high": ends.high });
                Some((figure.name().to_owned(), rate))
            });
            let visitors = (told.analysis.unit == Unit::Visitor).then_some(figures.n_units);
            json!({
                "name": name,
                "visitors": visitors,
                "expected": expected,
                "impressions": figures.impressions,
                "clicks": figures.clicks,
                "purchases": figures.purchases,
                "revenue": figures.revenue,
                "rates": rates.collect::<serde_json::Map<_, _>>(),
            })
        })
        .collect();
    let ratio = &told.analysis.sample_ratio;
    let value = json!({
        "experiment": told.name,
        "goal": told.goal.name(),
        "control": told.control_name(),
        "alpha": told.alpha,
        "alpha_per_comparison": told.alpha_each,
        "effect": told.effect,
        "unit": match told.analysis.unit { Unit::Visitor => "visitor", Unit::Impression => "impression" },
        "first_event_s": told.analysis.period.filter(|_| told.has_times).map(|period| period.0),
        "last_event_s": told.analysis.period.filter(|_| told.has_times).map(|period| period.1),
        "needed_per_variant": told.needed().map(|needed| needed.0),
        "sample_ratio": {
            "chi_squared": ratio.chi_squared,
            "p_value": ratio.p_value,
            "is_suspicious": ratio.is_suspicious(),
        },
        "variants": variants,
        "comparisons": told.comparisons().map(|(name, of)| comparison(told, name, of)).collect::<Vec<_>>(),
        "warnings": told.cautions(),
        "rows": told.n_rows,
        "rows_of_other_experiments": told.n_other,
        "left_out": told.refused,
    });
    Ok(serde_json::to_string_pretty(&value)? + "\n")
}

fn comparison(told: &Told, name: &str, of: &edgewise_experiment::Comparison) -> Value {
    let lift = |lift: &Lift| {
        json!({
            "change": lift.change,
            "low": lift.interval.low,
            "high": lift.interval.high,
            "p_value": lift.p_value,
        })
    };
    let lifts = Figure::ALL
        .iter()
        .zip(&of.lifts)
        .filter_map(|(figure, found)| Some((figure.name().to_owned(), lift(found.as_ref()?))));
    let looks =
        of.looks.iter().map(|look| json!({ "day": day(look.day_s), "lift": lift(&look.lift) }));
    json!({
        "variant": name,
        "verdict": told.verdict_name(of.verdict),
        "lifts": lifts.collect::<serde_json::Map<_, _>>(),
        "days": looks.collect::<Vec<_>>(),
    })
}
