//! The one place that prints: data to stdout, notes to stderr, and no complaint when a pipe is closed.

use std::io::{self, IsTerminal, Write};

/// The two streams of the process.
pub(crate) struct Terminal {
    colour: Colour,
}

/// Whether notes are coloured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Colour {
    Ansi,
    Plain,
}

#[expect(
    clippy::unused_self,
    reason = "the streams are the process's; who holds a `Terminal` may use them"
)]
impl Terminal {
    /// Colours only a terminal, and never when `NO_COLOR` is set.
    pub(crate) fn new() -> Terminal {
        let is_wanted = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        let colour =
            if is_wanted && io::stderr().is_terminal() { Colour::Ansi } else { Colour::Plain };
        Terminal { colour }
    }

    /// Writes data. A reader that has closed the pipe has what it wanted: that is success.
    pub(crate) fn data(&mut self, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        let written = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        match written {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }

    /// Where everything that is not data goes. Not locked: `serve` holds it as long as it runs, while its threads log.
    pub(crate) fn notes(&self) -> io::Stderr {
        io::stderr()
    }

    /// Whether a person watches stderr, so that a moving bar makes sense.
    pub(crate) fn is_watched(&self) -> bool {
        io::stderr().is_terminal()
    }

    /// A word that should be seen first.
    pub(crate) fn heading(&self, word: &str, kind: Heading) -> String {
        let code = match kind {
            Heading::Error => "1;31",
            Heading::Warning => "1;33",
            Heading::Hint => "1;36",
            Heading::Step => "1;32",
        };
        match self.colour {
            Colour::Ansi => format!("\u{1b}[{code}m{word}\u{1b}[0m"),
            Colour::Plain => word.to_owned(),
        }
    }
}

/// What a highlighted word introduces.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Heading {
    Error,
    Warning,
    Hint,
    Step,
}

/// A count with thousands separators: `431,673`.
pub(crate) fn grouped(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A number of things: `1 file`, `2,000 files`.
pub(crate) fn counted(n: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(n), if n == 1 { one } else { many })
}

/// Bytes in the unit that reads best: `812 B`, `193 KiB`, `2.6 MiB`.
#[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
pub(crate) fn bytes(n: u64) -> String {
    match n {
        0..=9_999 => format!("{} B", grouped(n)),
        10_000..=1_048_575 => format!("{:.1} KiB", n as f64 / 1024.0),
        _ => format!("{:.1} MiB", n as f64 / 1_048_576.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_readable() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(
            [(1, "1 file"), (2_000, "2,000 files")].map(|(n, _)| counted(n, "file", "files")),
            ["1 file", "2,000 files"]
        );
        assert_eq!([812, 197_632, 2_726_298].map(bytes), ["812 B", "193.0 KiB", "2.6 MiB"]);
    }
}
