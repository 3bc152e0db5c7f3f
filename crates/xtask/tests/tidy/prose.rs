//! One sentence a line in Markdown, so that a change of one sentence is a change of one line.

/// Words whose full stop does not end a sentence.
const ABBREVIATIONS: [&str; 12] =
    ["e.g.", "i.e.", "etc.", "vs.", "cf.", "approx.", "no.", "fig.", "st.", "dr.", "mr.", "incl."];

/// Every line that holds two sentences, or only a part of one.
pub(crate) fn check(markdown: &str) -> Vec<String> {
    let mut found = Vec::new();
    let lines = prose_lines(markdown);
    for (index, line) in lines.iter().enumerate() {
        let Some(text) = line.text() else { continue };
        let number = index + 1;
        if let Some(second) = second_sentence(&text) {
            found.push(format!("line {number}: a second sentence starts at `{second}`"));
        }
        let goes_on = matches!(lines.get(index + 1), Some(Line::Continued(_)));
        if goes_on && !ends_a_clause(&text) {
            found.push(format!("line {number}: the sentence goes on in the next line"));
        }
    }
    found
}

/// The text of `markdown` outside fenced code, by line; other lines are empty.
pub(crate) fn without_fences(markdown: &str) -> Vec<&str> {
    let mut fence: Option<&str> = None;
    let mut lines = Vec::new();
    for line in markdown.lines() {
        let text = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|mark| text.starts_with(mark));
        let is_fence = mark.is_some() && fence.is_none_or(|open| Some(open) == mark);
        if is_fence {
            fence = if fence.is_some() { None } else { mark };
        }
        lines.push(if is_fence || fence.is_some() { "" } else { line });
    }
    lines
}

/// What a line of Markdown is to these rules.
#[derive(Debug)]
enum Line<'a> {
    /// Begins a paragraph or an item.
    First(&'a str),
    /// Follows in the same paragraph or item.
    Continued(&'a str),
    /// Heading, table, code, HTML, picture, link target, or nothing.
    Other,
}

impl Line<'_> {
    /// The words alone: code spans become one, links their text.
    fn text(&self) -> Option<String> {
        match self {
            Self::First(text) | Self::Continued(text) => Some(plain(text)),
            Self::Other => None,
        }
    }
}

fn prose_lines(markdown: &str) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for line in without_fences(markdown) {
        let quoted = line.trim().trim_start_matches("> ");
        let item = strip_item_mark(quoted);
        let others = ["#", "|", "<", "![", "[![", "---", "==="];
        let is_other = item.is_empty() || others.iter().any(|start| item.starts_with(start));
        let is_link_target = item.starts_with('[') && item.contains("]: ");
        let before = lines.last();
        lines.push(if is_other || is_link_target {
            Line::Other
        } else if item.len() < quoted.len() || matches!(before, None | Some(Line::Other)) {
            Line::First(item)
        } else {
            Line::Continued(item)
        });
    }
    lines
}

/// Removes `- `, `* `, `+ `, `1. ` and a task's box.
fn strip_item_mark(line: &str) -> &str {
    let after_digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let numbered =
        if after_digits.len() < line.len() { after_digits.strip_prefix(". ") } else { None };
    let bullet = ["- ", "* ", "+ "].into_iter().find_map(|mark| line.strip_prefix(mark));
    let item = numbered.or(bullet).unwrap_or(line).trim_start();
    let item = strip_label(item);
    ["[ ] ", "[x] "].into_iter().find_map(|mark| item.strip_prefix(mark)).unwrap_or(item)
}

/// Removes the bold words that name an item: `**Bytes are hostile.** Reading never panics.`
fn strip_label(item: &str) -> &str {
    let labelled = item.strip_prefix("**").and_then(|rest| rest.split_once("** "));
    labelled.map_or(item, |(_, text)| text)
}

/// Code spans become one word, links their text, emphasis nothing.
fn plain(line: &str) -> String {
    let mut text = String::with_capacity(line.len());
    for (index, part) in line.split('`').enumerate() {
        text.push_str(if index % 2 == 0 { part } else { "code" });
    }
    while let Some(middle) = text.find("](") {
        let Some(end) = text[middle..].find(')') else {
            break;
        };
        text.replace_range(middle..=middle + end, "");
    }
    text.replace(['*', '['], "")
}

/// The start of a second sentence in the line.
fn second_sentence(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let follows = |pair: &&[&str]| ends_a_sentence(pair[0]) && starts_a_sentence(pair[1]);
    words.windows(2).find(follows).map(|pair| pair[1].to_owned())
}

fn ends_a_sentence(word: &str) -> bool {
    let bare = word.trim_end_matches([')', '"', '\'', '”', '_']);
    if !bare.ends_with(['.', '!', '?']) {
        return false;
    }
    let lower = bare.trim_start_matches(['(', '"', '“']).to_lowercase();
    let is_initial = lower.chars().count() == 2;
    !(is_initial || ABBREVIATIONS.contains(&lower.as_str()) || lower.ends_with(".."))
}

fn starts_a_sentence(word: &str) -> bool {
    let first = word.trim_start_matches(['(', '"', '“', '_']).chars().next();
    first.is_some_and(char::is_uppercase)
}

/// Whether a line may stop here although its paragraph goes on.
fn ends_a_clause(text: &str) -> bool {
    let bare = text.trim_end().trim_end_matches([')', '"', '\'', '”', '_', '\\']);
    bare.ends_with(['.', '!', '?', ':', ';'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refuses(markdown: &str, named: &str) {
        let found = check(markdown);
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].contains(named), "{found:?}");
    }

    #[track_caller]
    fn accepts(markdown: &str) {
        assert_eq!(check(markdown), Vec::<String>::new());
    }

    #[test]
    fn two_sentences_on_a_line_are_found() {
        refuses("One. Two.", "starts at `Two.`");
        refuses("Is it? Yes.", "line 1");
        refuses("- first\n- It ends in `code`. Then more.", "line 2");
        refuses("See [the page](a.md). **It** is long.", "`It`");
        refuses("(In brackets.) Outside.", "`Outside.`");
        refuses("- **A law.** It holds. Always.", "`Always.`");
    }

    #[test]
    fn a_sentence_over_two_lines_is_found() {
        refuses("It goes on\nin the next line.", "line 1");
        refuses("- an item that goes on,\n  here.", "line 1");
    }

    #[test]
    fn what_only_looks_like_two_sentences_passes() {
        accepts("Many, e.g. Chromium, vs. Firefox, run version 1.95 of it.");
        accepts("Call `a. B` or `x? Y` now.\nThen stop.");
        accepts("1. First.\n2. Second.\n\n> A quote.\n> Its second line.");
        accepts("1. **Bytes are hostile.** Reading never panics.\n2. **A law.**");
        accepts("# A. Heading\n| a. B | c |\n\n```text\nOne. Two.\nno end\n```\n\n![A. B](c.png)");
        accepts("It holds these:\nthis one;\nthat one.");
        accepts("[a]: https://a.example/b\n\nJ. Smith wrote it.");
    }

    #[test]
    fn fences_end_where_they_should() {
        assert_eq!(without_fences("a\n```\nb\n~~~\n```\nc"), ["a", "", "", "", "", "c"]);
    }
}
