//! The page of two bundles.

use super::page::{Head, METRICS, page};
use super::sentence::{Outcome, meaning};
use super::text::{decimal, escaped, grouped, p_value, signed};
use super::{CompareReport, ComparedPlacement, ComparedScore, ItemChange};

impl CompareReport {
    /// The page.
    pub fn html(&self) -> String {
        let cards: String = self.placements.iter().map(card).collect();
        let sections: String = self.placements.iter().map(|of| section(self, of)).collect();
        let head = Head {
            title: &self.title,
            kicker: "What changes with the new bundle?",
            summary: &self.summary,
            caution: self.caution.as_deref(),
            facts: &self.facts,
            footer: METRICS,
        };
        page(&head, &format!("<nav class=\"cards\">{cards}</nav>\n{sections}"))
    }
}

fn card(of: &ComparedPlacement) -> String {
    let Some(score) = of.scores.first() else { return String::new() };
    let outcome = Outcome::of(&score.difference);
    let word = match outcome {
        Outcome::Gain => "better",
        Outcome::Loss => "worse",
        Outcome::Unclear => "no sure change",
    };
    let change = if score.before.mean > 0.0 {
        format!("{:+.1}\u{a0}%", 100.0 * score.difference.mean / score.before.mean)
    } else {
        signed(score.difference.mean)
    };
    format!(
        "<div class=\"card\"><span class=\"what\">{}</span><strong class=\"{class}\">{}</strong>\
         <span class=\"metric\">{}@{}</span><span class=\"times {class}\">{word}</span></div>",
        escaped(&of.name),
        change.replace('-', "\u{2212}"),
        score.metric.name(),
        score.k,
        class = outcome.class(),
    )
}

fn section(report: &CompareReport, of: &ComparedPlacement) -> String {
    let reach = of.scores.iter().flat_map(|score| {
        let ends = score.difference.interval;
        [ends.low.abs(), ends.high.abs()]
    });
    let reach = reach.fold(1e-9, f64::max) * 1.1;
    let rows: String = of.scores.iter().map(|score| row(score, reach)).collect();
    format!(
        "<section>\n<h2>{}</h2>\n<p class=\"question\">{} <span class=\"n\">{} questions.</span></p>\n\
         <div class=\"wide\"><table class=\"compare\">\n<thead><tr><th scope=\"col\">metric</th>\
         <th scope=\"col\">{}</th><th scope=\"col\">{}</th><th scope=\"col\" class=\"change\">difference</th></tr></thead>\n\
         <tbody>\n{rows}</tbody>\n</table></div>\n{}</section>\n",
        escaped(&of.name),
        escaped(&of.question),
        grouped(of.n_cases),
        escaped(&report.before),
        escaped(&report.after),
        changes(report, &of.items),
    )
}

fn row(score: &ComparedScore, reach: f64) -> String {
    let at = |value: f64| 50.0 + 50.0 * value / reach;
    let ends = score.difference.interval;
    let (low, high) = (at(ends.low), at(ends.high));
    format!(
        "<tr><th scope=\"row\">{}@{}<small>{}</small></th><td>{}</td><td>{}</td>\
         <td class=\"change {}\">{}<span class=\"forest\"><i class=\"zero\"></i>\
         <i class=\"whisker\" style=\"left:{low:.2}%;width:{:.2}%\"></i>\
         <i class=\"point\" style=\"left:{:.2}%\"></i></span><small>{} to {}, {}</small></td></tr>\n",
        score.metric.name(),
        score.k,
        meaning(score.metric),
        decimal(score.before.mean),
        decimal(score.after.mean),
        Outcome::of(&score.difference).class(),
        signed(score.difference.mean),
        high - low,
        at(score.difference.mean),
        signed(ends.low),
        signed(ends.high),
        p_value(score.difference.p_value),
    )
}

/// The items that gain or lose most places, as pairs of bars.
fn changes(report: &CompareReport, items: &[ItemChange]) -> String {
    if items.is_empty() {
        return String::new();
    }
    let most = items.iter().map(|item| item.before.max(item.after)).max().unwrap_or(1).max(1);
    #[expect(clippy::cast_precision_loss, reason = "counts are far below 2^53")]
    let width = |count: u64| 100.0 * count as f64 / most as f64;
    let count = |count: u64| grouped(usize::try_from(count).unwrap_or(usize::MAX));
    let bar = |class: usize, n: u64| {
        format!(
            "<span class=\"track c{class}\"><i class=\"fill\" style=\"width:{:.2}%\"></i></span>\
             <span class=\"value\">{}</span>",
            width(n),
            count(n)
        )
    };
    let item = |item: &ItemChange| {
        format!(
            "<li><span class=\"name\">{}</span>{}{}</li>\n",
            escaped(&item.title),
            bar(1, item.before),
            bar(0, item.after)
        )
    };
    let names = [(1, report.before.clone()), (0, report.after.clone())];
    format!(
        "<h3>Items that change most</h3>\n<p class=\"question\">How often each is recommended over all questions.</p>\n{}\
         <ul class=\"changes\">\n{}</ul>\n",
        super::page::legend(names.into_iter()),
        items.iter().map(item).collect::<String>()
    )
}
