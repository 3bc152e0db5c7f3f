//! Numbers and verdicts as sentences.

use edgewise_experiment::{Comparison, Figure, Lift, Verdict};

/// A share: `0.1823` as `18.2 %`; below ten percent with two digits behind the point.
pub(super) fn percent(share: f64) -> String {
    trimmed(share, if share.abs() < 0.1 { 2 } else { 1 })
}

/// A change with its sign; below one percent with two digits behind the point.
pub(super) fn signed_percent(change: f64) -> String {
    let size = trimmed(change.abs(), if change.abs() < 0.01 { 2 } else { 1 });
    match size.as_str() {
        "0 %" => size,
        _ if change < 0.0 => format!("-{size}"),
        _ => format!("+{size}"),
    }
}

/// Percent without zeros at the end.
fn trimmed(share: f64, digits: usize) -> String {
    let text = format!("{:.digits$}", share * 100.0);
    format!("{} %", text.trim_end_matches('0').trim_end_matches('.'))
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
    format!(
        "{} {}, {} ({})",
        signed_percent(lift.change),
        what(goal),
        range(&lift),
        p_value(lift.p_value)
    )
}

/// Where the true change lies.
pub(super) fn range(lift: &Lift) -> String {
    let ends = lift.interval;
    format!("surely between {} and {}", signed_percent(ends.low), signed_percent(ends.high))
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
        let expected = ["3 %", "3.15 %", "0.15 %", "80 %", "12.3 %", "0 %", "0.05 %", "1 %"];
        let found = [0.03, 0.0315, 0.0015, 0.8, 0.123, 0.0, 0.0005, 0.01].map(percent);
        assert_eq!(found, expected);
        assert_eq!([0.05, -0.05, 0.0, -1e-9].map(signed_percent), ["+5 %", "-5 %", "0 %", "0 %"]);
        assert_eq!([0.0613, 0.0051].map(signed_percent), ["+6.1 %", "+0.51 %"]);
        assert_eq!([0.0, 0.0125].map(p_value), ["p < 0.001", "p = 0.013"].map(str::to_owned));
    }

    #[test]
    fn a_clause_becomes_a_sentence() {
        assert_eq!(sentence("`a` is better"), "`a` is better.");
        assert_eq!(sentence("nothing is proved"), "Nothing is proved.");
    }
}
