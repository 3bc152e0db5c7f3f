//! Lines of numbers.

use super::error::BenchmarkError;

/// Most characters of a line that a message repeats.
const MAX_FOUND: usize = 60;

/// A text with the name that messages call it by.
#[derive(Clone, Copy, Debug)]
pub struct Source<'t> {
    /// The file's name.
    pub name: &'t str,
    /// What is in it.
    pub text: &'t str,
}

/// A line of a source that is not blank.
#[derive(Clone, Copy)]
pub(super) struct Line<'t> {
    file: &'t str,
    number: usize,
    pub(super) text: &'t str,
}

impl<'t> Source<'t> {
    /// Its lines, without the blank ones.
    pub(super) fn lines(self) -> impl Iterator<Item = Line<'t>> {
        let text = self.text.trim_start_matches('\u{feff}');
        let line = move |(at, text)| Line { file: self.name, number: at + 1, text };
        text.lines().enumerate().map(line).filter(|line| !line.text.trim().is_empty())
    }

    /// Refuses a source without lines.
    pub(super) fn not_empty(self, expected: &'static str) -> Result<(), BenchmarkError> {
        match self.lines().next() {
            Some(_) => Ok(()),
            None => Err(BenchmarkError::Empty { file: self.name.to_owned(), expected }),
        }
    }
}

impl Line<'_> {
    /// Numbers between blanks.
    pub(super) fn numbers(
        self,
        part: &str,
        expected: &'static str,
    ) -> Result<Vec<u64>, BenchmarkError> {
        let number = |word: &str| word.parse().map_err(|_| self.malformed(expected));
        part.split_whitespace().map(number).collect()
    }

    /// Numbers, a tab, and at least one number.
    pub(super) fn question(self, expected: &'static str) -> Result<Question, BenchmarkError> {
        let (given, answer) = self.text.split_once('\t').ok_or_else(|| self.malformed(expected))?;
        let question = Question {
            given: self.numbers(given, expected)?,
            answer: self.numbers(answer, expected)?,
        };
        if question.answer.is_empty() { Err(self.malformed(expected)) } else { Ok(question) }
    }

    pub(super) fn malformed(self, expected: &'static str) -> BenchmarkError {
        malformed(self.file, self.number, self.text, expected)
    }
}

/// A line of a test part.
#[derive(PartialEq, Eq)]
pub(super) struct Question {
    pub(super) given: Vec<u64>,
    pub(super) answer: Vec<u64>,
}

impl Question {
    /// All of its items, as given.
    pub(super) fn items(&self) -> impl Iterator<Item = u64> {
        self.given.iter().chain(&self.answer).copied()
    }
}

pub(super) fn malformed(
    file: &str,
    line: usize,
    found: &str,
    expected: &'static str,
) -> BenchmarkError {
    let mut shown: String = found.chars().take(MAX_FOUND).collect();
    if shown.len() < found.len() {
        shown.push('…');
    }
    BenchmarkError::Malformed { file: file.to_owned(), line, found: shown, expected }
}
