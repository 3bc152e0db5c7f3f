//! Answers side by side.

use super::text::escaped;
use super::{Example, PlacementReport, Shown, Verdict};

/// Most items of the question that are shown; the newest.
const MAX_GIVEN: usize = 8;

/// The examples of a section; the first section's first one is open.
pub(super) fn examples(number: usize, of: &PlacementReport) -> String {
    if of.examples.is_empty() {
        return String::new();
    }
    let names: Vec<&str> = of.systems.iter().map(|system| system.name.as_str()).collect();
    let entry = |(at, example): (usize, &Example)| {
        let open = if number == 0 && at == 0 { " open" } else { "" };
        format!(
            "<details{open}><summary>{}</summary>{}</details>\n",
            summary(example),
            lists(&names, example)
        )
    };
    let entries: String = of.examples.iter().enumerate().map(entry).collect();
    format!("<h3>Examples</h3>\n{entries}")
}

fn summary(example: &Example) -> String {
    let n_older = example.given.len().saturating_sub(MAX_GIVEN);
    let older = if n_older > 0 { format!("{n_older} more, ") } else { String::new() };
    let known: Vec<String> = example.given[n_older..].iter().map(|title| escaped(title)).collect();
    let known = if known.is_empty() { "nothing known".to_owned() } else { known.join(", ") };
    format!("<span class=\"given\">{older}{known}</span>")
}

fn lists(names: &[&str], example: &Example) -> String {
    let item = |shown: &Shown| {
        let (class, mark) = match shown.verdict {
            Verdict::Hit => (" class=\"hit\"", "<b aria-label=\"taken\">✓</b>"),
            Verdict::Miss => ("", ""),
        };
        format!("<li{class}>{}{mark}</li>", escaped(&shown.title))
    };
    let list = |(class, (name, answer)): (usize, (&&str, &Vec<Shown>))| {
        format!(
            "<div><h4><i class=\"key c{class}\"></i>{}</h4><ol>{}</ol></div>",
            escaped(name),
            answer.iter().map(item).collect::<String>()
        )
    };
    let answers = names.iter().zip(&example.answers).enumerate().map(list);
    let taken: Vec<String> = example.relevant.iter().map(|title| escaped(title)).collect();
    format!(
        "<p class=\"taken\"><b>Then took:</b> {}</p><div class=\"answers\">{}</div>",
        taken.join(", "),
        answers.collect::<String>()
    )
}
