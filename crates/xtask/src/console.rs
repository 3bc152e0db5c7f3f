//! All that a person reads: progress on stderr, results on stdout.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "the one module that prints")]

use std::path::Path;

use crate::failure;

/// A result: stdout.
pub(crate) fn result(line: &str) {
    println!("{line}");
}

/// Several lines of result that already end with a line break.
pub(crate) fn page(text: &str) {
    print!("{text}");
}

/// Progress: stderr.
pub(crate) fn note(line: &str) {
    eprintln!("{line}");
}

/// A command, about to run.
pub(crate) fn command(line: &str) {
    eprintln!("$ {line}");
}

/// A file that was made, with its size in bytes.
pub(crate) fn made(path: &Path, n_bytes: usize, how: &str) {
    eprintln!("  {} ({} bytes, {how})", path.display(), grouped(n_bytes));
}

/// The error, its causes, and its cure.
pub(crate) fn error(error: &anyhow::Error) {
    eprintln!("error: {error}");
    for cause in error.chain().skip(1) {
        eprintln!("  caused by: {cause}");
    }
    if let Some(hint) = failure::hint(error) {
        eprintln!("\nhint: {hint}");
    }
}

/// `1234567` as `1 234 567`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::grouped;

    #[test]
    fn numbers_are_grouped_by_three() {
        let texts = [0, 999, 1000, 12_345, 1_234_567].map(grouped);
        assert_eq!(texts, ["0", "999", "1 000", "12 345", "1 234 567"]);
    }
}
