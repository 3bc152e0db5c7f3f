//! What holds for every page, and what a manager reads.

use super::*;
use crate::metrics::Interval;

fn estimate(mean: f64) -> Estimate {
    Estimate { mean, interval: Interval { low: mean - 0.01, high: mean + 0.01 } }
}

fn difference(mean: f64) -> Difference {
    Difference { mean, interval: Interval { low: mean - 0.01, high: mean + 0.01 }, p_value: 0.002 }
}

fn system(name: &str, mean: f64, behind: Option<f64>) -> System {
    let score = |k: u32| Score {
        metric: Metric::HitRate,
        k: k as usize,
        estimate: estimate(mean * f64::from(k) / 20.0),
    };
    System {
        name: name.to_owned(),
        scores: [1, 5, 10, 20].map(score).to_vec(),
        spread: None,
        tail: tail(&[4, 1, 1], &[9, 2, 1]),
        latency: Latency { p50_us: 12.0, p99_us: 1_500.0 },
        behind: behind.map(difference),
    }
}

fn report() -> Report {
    let shown = |title: &str, verdict| Shown { title: title.to_owned(), verdict };
    let example = Example {
        given: (0..10).map(|n| format!("cup {n}")).collect(),
        relevant: vec!["<script>alert(1)</script>".to_owned()],
        answers: vec![
            vec![shown("<script>alert(1)</script>", Verdict::Hit), shown("pot", Verdict::Miss)],
            vec![shown("\"best\" & 'seller'", Verdict::Miss)],
        ],
    };
    Report {
        title: "Tea & tools <shop>".to_owned(),
        summary: "Measured.".to_owned(),
        facts: vec![Fact { name: "Rows".to_owned(), value: "1 < 2".to_owned() }],
        placements: vec![PlacementReport {
            name: "Cart page".to_owned(),
            question: "Which item is missing?".to_owned(),
            headline: Metric::HitRate,
            k: 20,
            n_cases: 29_858,
            n_units: 12,
            unit_name: "baskets".to_owned(),
            systems: vec![system("The model", 0.4, None), system("Best sellers", 0.1, Some(0.3))],
            examples: vec![example],
        }],
    }
}

#[track_caller]
fn is_safe(html: &str) {
    assert!(html.starts_with("<!doctype html>"));
    for outside in ["<script", "http://", "https://", "src=", "@import", "url(", "NaN", "inf%"] {
        assert!(!html.contains(outside), "{outside}");
    }
    for element in ["section", "details", "table", "div", "span", "svg", "ul", "ol", "p", "figure"]
    {
        let opened = html.matches(&format!("<{element}>")).count()
            + html.matches(&format!("<{element} ")).count();
        assert_eq!(opened, html.matches(&format!("</{element}>")).count(), "<{element}> is closed");
    }
}

#[test]
fn a_page_needs_nothing_from_outside_and_escapes_every_text() {
    let html = report().html();
    is_safe(&html);
    assert!(html.contains("Tea &amp; tools &lt;shop&gt;"));
    assert!(html.contains("&quot;best&quot; &amp; &#39;seller&#39;"));
    assert!(html.contains("prefers-color-scheme: dark"));
}

#[test]
fn the_headline_says_what_the_figure_means() {
    let html = report().html();
    let text =
        "In 40.0\u{a0}% of cases a right item is among the 20 shown; Best sellers 10.0\u{a0}%.";
    assert!(html.contains(text), "{html}");
    assert!(
        html.contains("<li class=\"gain\">Better than Best sellers (p\u{a0}=\u{a0}0.002)</li>")
    );
    assert!(html.contains("4.0 × Best sellers"));
    assert!(html.contains("29,858 questions from 12 baskets"));
    assert!(html.contains("2 more, cup 2"), "only the newest of a long history");
    assert!(html.contains("12\u{a0}µs / 1.5\u{a0}ms"));
}

#[test]
fn a_report_of_nothing_is_still_a_page() {
    let empty = Report { placements: Vec::new(), facts: Vec::new(), ..report() };
    is_safe(&empty.html());
    let mut no_systems = report();
    no_systems.placements[0].systems.clear();
    no_systems.placements[0].examples.clear();
    is_safe(&no_systems.html());
}

#[test]
fn a_comparison_says_gain_loss_or_unclear() {
    let score = |metric, mean| ComparedScore {
        metric,
        k: 10,
        before: estimate(0.2),
        after: estimate(0.2 + mean),
        difference: difference(mean),
    };
    let placement = |name: &str, mean| ComparedPlacement {
        name: name.to_owned(),
        question: "Which?".to_owned(),
        n_cases: 5,
        scores: vec![score(Metric::Recall, mean), score(Metric::Ndcg, 0.0)],
        items: vec![ItemChange { title: "<pot>".to_owned(), before: 4, after: 1_200 }],
    };
    let html = CompareReport {
        title: "Old and new".to_owned(),
        summary: String::new(),
        caution: Some("old < new".to_owned()),
        before: "old".to_owned(),
        after: "new".to_owned(),
        facts: Vec::new(),
        placements: vec![placement("Start page", 0.05), placement("Cart", -0.05)],
    }
    .html();
    is_safe(&html);
    assert!(html.contains("<strong class=\"gain\">+25.0\u{a0}%</strong>"));
    assert!(html.contains("<strong class=\"loss\">\u{2212}25.0\u{a0}%</strong>"));
    assert!(html.contains("<td class=\"change unclear\">"));
    assert!(html.contains("<p class=\"caution\">old &lt; new</p>"));
    assert!(html.contains("&lt;pot&gt;") && html.contains("1,200"));
}

#[test]
fn the_largest_changes_come_first() {
    let found = most_changed(&[5, 9, 0, 3], &[5, 1, 4, 7], 2);
    assert_eq!(found, [(ItemIdx(1), 9, 1), (ItemIdx(2), 0, 4)]);
}
