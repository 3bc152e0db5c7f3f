//! Numbers and verdicts as sentences.

use edgewise_experiment::{Comparison, Figure, Lift, Verdict};

use crate::output::grouped;

/// A share that someone wrote, without zeros at the end: `0.03` as `3 %`.
pub(super) fn percent(share: f64) -> String {
    let digits = if share.abs() < 0.1 { 2 } else { 1 };
    let text = format!("{:.digits$}", share * 100.0);
    if text.contains('.') {
        format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
    } else {
        text + " %"
    }
}

/// A share that was counted: `0.1823` as `18.2 %`; below ten percent with two digits behind the point.
pub(super) fn rate(share: f64) -> String {
    let digits = if share.abs() < 0.0995 { 2 } else { 1 };
    format!("{:.digits$} %", share * 100.0)
}

/// A change with its sign; above tenfold as a factor.
pub(super) fn change(change: f64) -> String {
    if change > 10.0 {
        return format!("×{:.0}", 1.0 + change);
    }
    let text = format!("{:+.1} %", change * 100.0);
    if text == "-0.0 %" { "+0.0 %".to_owned() } else { text }
}

/// An amount of money: `57514.508` as `57,514.51`.
pub(super) fn amount(value: f64) -> String {
    let text = format!("{value:.2}");
    let whole = text.split_once('.').and_then(|(whole, part)| Some((whole.parse().ok()?, part)));
    whole.map_or(text.clone(), |(whole, part)| format!("{}.{part}", grouped(whole)))
}

/// A chance, never as zero.
pub(super) fn p_value(p: f64) -> String {
    if p < 0.001 { "p < 0.001".to_owned() } else { format!("p = {p:.3}") }
}

/// What a figure is called.
pub(super) fn title(figure: Figure) -> &'static str {
    match figure {
        Figure::Buyers => "Visitors who bought",
        Figure::Clickers => "Visitors who clicked",
        Figure::ClickRate => "Clicks per impression",
        Figure::PurchaseRate => "Purchases per impression",
        Figure::Revenue => "Revenue per impression",
    }
}

/// What there is more or less of.
fn what(figure: Figure) -> &'static str {
    match figure {
        Figure::Buyers => "visitors who buy",
        Figure::Clickers => "visitors who click",
        Figure::ClickRate => "clicks per impression",
        Figure::PurchaseRate => "purchases per impression",
        Figure::Revenue => "revenue per impression",
    }
}

/// The verdict on a variant in a few words.
pub(super) fn verdict(variant: &str, control: &str, found: Verdict) -> String {
    match found {
        Verdict::Better => format!("`{variant}` is better than `{control}`"),
        Verdict::Worse => format!("`{variant}` is worse than `{control}`"),
        Verdict::Open => format!("nothing is proved yet of `{variant}` against `{control}`"),
        Verdict::TooFew => {
            format!("too little has happened to judge `{variant}` against `{control}`")
        }
    }
}

/// What stands behind the verdict.
pub(super) fn explanation(of: &Comparison, goal: Figure) -> String {
    let Some(lift) = of.goal else {
        return "it takes 30 who did what is counted, in each variant".to_owned();
    };
    format!("{} {}, {} ({})", change(lift.change), what(goal), range(&lift), p_value(lift.p_value))
}

/// Where the true change lies.
pub(super) fn range(lift: &Lift) -> String {
    let ends = lift.interval;
    format!("between {} and {}", change(ends.low), change(ends.high))
}

/// With a capital letter and a full stop.
pub(super) fn sentence(clause: &str) -> String {
    let mut chars = clause.chars();
    let first: String = chars.next().into_iter().flat_map(char::to_uppercase).collect();
    format!("{first}{}.", chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_have_the_digits_that_matter() {
        let expected = ["3 %", "3.15 %", "0.15 %", "80 %", "12.3 %", "0 %", "100 %"];
        assert_eq!([0.03, 0.0315, 0.0015, 0.8, 0.123, 0.0, 1.0].map(percent), expected);
        assert_eq!([0.03, 0.0315, 0.8, 1.0].map(rate), ["3.00 %", "3.15 %", "80.0 %", "100.0 %"]);
        let expected = ["+5.0 %", "-5.0 %", "+0.0 %", "+0.0 %", "×13"];
        assert_eq!([0.05, -0.05, 0.0, -1e-9, 12.0].map(change), expected);
        assert_eq!([0.0, 57_514.508].map(amount), ["0.00", "57,514.51"]);
        assert_eq!([0.0, 0.0125].map(p_value), ["p < 0.001", "p = 0.013"].map(str::to_owned));
    }

    #[test]
    fn a_clause_becomes_a_sentence() {
        assert_eq!(sentence("`a` is better"), "`a` is better.");
        assert_eq!(sentence("nothing is proved"), "Nothing is proved.");
    }
}
