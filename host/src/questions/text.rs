//! What each question is called, and which figures speak of it.

use edgewise_eval::{Metric, Question};

/// A question as people read it.
pub(crate) struct Wording {
    /// The heading of its section.
    pub(crate) title: &'static str,
    /// What is asked, and what counts as right.
    pub(crate) question: &'static str,
    /// The metric and cut that the verdict goes by.
    pub(crate) headline: (Metric, usize),
    /// The other metric that fits.
    pub(crate) second: Metric,
}

/// The name in tables and JSON.
pub(crate) const fn key(question: Question) -> &'static str {
    match question {
        Question::NewItems => "home",
        Question::AnyItems => "home_repeats",
        Question::Cart => "cart",
        Question::Item => "item",
        Question::Together => "together",
    }
}

impl Wording {
    pub(crate) const fn of(question: Question) -> Wording {
        let (title, question, headline, second) = match question {
            Question::NewItems => (
                "Start page, new items",
                "A customer of the older part is on the start page. Right is what the customer then took and had never taken \
                 before; known items are not shown.",
                (Metric::Recall, 20),
                Metric::Ndcg,
            ),
            Question::AnyItems => (
                "Start page, repeats allowed",
                "A customer of the older part is on the start page. Right is all that the customer then took, and known items \
                 may be shown.",
                (Metric::Recall, 20),
                Metric::Ndcg,
            ),
            Question::Cart => (
                "Cart page",
                "One item of a newer basket is taken out by lot, and the others are in the cart. Right is the one taken out.",
                (Metric::HitRate, 20),
                Metric::ReciprocalRank,
            ),
            Question::Item => (
                "Item page, similar items",
                "The page shows an item of a newer order or session, drawn by lot. Right is what else the order or session \
                 held.",
                (Metric::Recall, 20),
                Metric::Ndcg,
            ),
            Question::Together => (
                "Item page, bought together",
                "The page shows an item of a newer basket, drawn by lot. Right is what else the basket held.",
                (Metric::Recall, 20),
                Metric::Ndcg,
            ),
        };
        Wording { title, question, headline, second }
    }

    /// The metrics and cuts of the table, the headline's metric first.
    pub(crate) const fn figures(&self) -> [(Metric, usize); 4] {
        let first = self.headline.0;
        [(first, 10), (first, 20), (self.second, 10), (self.second, 20)]
    }
}

/// Text whose dates stay on one line: between digits, hyphens that no browser breaks at.
pub(crate) fn unbroken(text: &str) -> String {
    let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let mut letters = text.chars().peekable();
    let (mut whole, mut before) = (String::with_capacity(text.len()), None);
    while let Some(c) = letters.next() {
        let is_in_date = c == '-' && is_digit(before) && is_digit(letters.peek().copied());
        whole.push(if is_in_date { '\u{2011}' } else { c });
        before = Some(c);
    }
    whole
}

/// The key of a figure in JSON: `recall@20`.
pub(crate) fn figure_key(metric: Metric, k: usize) -> String {
    format!("{}@{k}", metric.name().to_ascii_lowercase())
}
