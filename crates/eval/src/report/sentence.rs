//! What a figure means, in words.

use super::text::{decimal, p_value, percent};
use super::{PlacementReport, System};
use crate::metrics::{Difference, Metric};

/// What a metric says, for someone who never met it.
pub(super) fn meaning(metric: Metric) -> &'static str {
    match metric {
        Metric::Recall => "share of what was taken that is among the places shown",
        Metric::Precision => "share of the places shown that were taken",
        Metric::Ndcg => "like recall, but higher places count more",
        Metric::AveragePrecision => "precision at each hit, averaged",
        Metric::HitRate => "share of questions with at least one hit",
        Metric::ReciprocalRank => "one over the place of the first hit",
    }
}

/// The section's figure in one sentence.
pub(super) fn headline(section: &PlacementReport) -> String {
    let Some((model, others)) = section.systems.split_first() else { return String::new() };
    let (metric, k) = (section.headline, section.k);
    let mean = |system: &System| system.score(metric, k).map(|estimate| estimate.mean);
    let Some(of_model) = mean(model) else { return String::new() };
    let shown = |value: f64| match metric {
        Metric::Recall | Metric::Precision | Metric::HitRate => percent(value),
        Metric::Ndcg | Metric::AveragePrecision | Metric::ReciprocalRank => decimal(value),
    };
    let first = match metric {
        Metric::Recall => {
            format!("{} of what visitors then took is among the {k} items shown", shown(of_model))
        }
        Metric::HitRate => {
            format!("in {} of cases a right item is among the {k} shown", shown(of_model))
        }
        other => format!("{}@{k} is {}", other.name(), shown(of_model)),
    };
    let versus = others.iter().filter_map(|other| Some((other.name.as_str(), mean(other)?)));
    let versus: Vec<String> =
        versus.map(|(name, value)| format!("{name} {}", shown(value))).collect();
    let mut chars = first.chars();
    let first = chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect());
    if versus.is_empty() { first + "." } else { format!("{first}; {}.", versus.join(", ")) }
}

/// Whether a difference is more than chance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The whole interval lies above zero.
    Gain,
    /// The whole interval lies below zero.
    Loss,
    /// The interval holds zero.
    Unclear,
}

impl Outcome {
    /// By whether the interval holds zero.
    pub fn of(difference: &Difference) -> Outcome {
        match difference.interval {
            ends if ends.low > 0.0 => Outcome::Gain,
            ends if ends.high < 0.0 => Outcome::Loss,
            _ => Outcome::Unclear,
        }
    }

    /// The name of its style.
    pub(super) fn class(self) -> &'static str {
        match self {
            Outcome::Gain => "gain",
            Outcome::Loss => "loss",
            Outcome::Unclear => "unclear",
        }
    }
}

/// How the model stands to a yardstick.
pub(super) fn verdict(name: &str, difference: &Difference) -> String {
    let chance = p_value(difference.p_value);
    match Outcome::of(difference) {
        Outcome::Gain => format!("Better than {name} ({chance})"),
        Outcome::Loss => format!("Worse than {name} ({chance})"),
        Outcome::Unclear => format!("May be as good as {name} ({chance})"),
    }
}
