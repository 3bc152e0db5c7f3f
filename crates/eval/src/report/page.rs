//! The frame of every page: head, style, title, facts. Other reports use it too.

use super::Fact;
use super::text::escaped;

const STYLE: &str = include_str!("style.css");

/// The top of a page.
#[derive(Clone, Copy, Debug)]
pub struct Head<'h> {
    /// The heading.
    pub title: &'h str,
    /// A few words above it.
    pub kicker: &'h str,
    /// A sentence or two below it.
    pub summary: &'h str,
    /// Set apart below the summary.
    pub caution: Option<&'h str>,
    /// Named values.
    pub facts: &'h [Fact],
    /// What is said in small print at the end.
    pub footer: &'h str,
}

/// The small print of a page of metrics.
pub(super) const METRICS: &str = "Measured over the full catalogue, never against a sample of it. Ranges in small print hold \
                                  95 of 100 resamples of the visitors; where two ranges overlap little, the difference is \
                                  real.";

/// A whole page; `body` is HTML.
pub fn page(head: &Head<'_>, body: &str) -> String {
    let fact = |fact: &Fact| {
        format!("<div><dt>{}</dt><dd>{}</dd></div>", escaped(&fact.name), escaped(&fact.value))
    };
    let facts: String = head.facts.iter().map(fact).collect();
    let facts = if facts.is_empty() { facts } else { format!("<dl class=\"facts\">{facts}</dl>") };
    let caution = head.caution.map(escaped);
    let caution =
        caution.map_or_else(String::new, |text| format!("<p class=\"caution\">{text}</p>"));
    let title = escaped(head.title);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <header><p class=\"kicker\">{}</p><h1>{title}</h1><p class=\"lead\">{}</p>{caution}{facts}</header>\n\
         {body}\
         <footer>{}</footer>\n\
         </main>\n</body>\n</html>\n",
        escaped(head.kicker),
        escaped(head.summary),
        escaped(head.footer),
    )
}

/// Marks of colours with their names; a colour is a number of the page's style.
pub fn legend(names: impl Iterator<Item = (usize, String)>) -> String {
    let entry = |(class, name): (usize, String)| {
        format!("<li><i class=\"key c{class}\"></i>{}</li>", escaped(&name))
    };
    format!("<ul class=\"legend\">{}</ul>", names.map(entry).collect::<String>())
}
