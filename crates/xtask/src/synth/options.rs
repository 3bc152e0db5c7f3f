//! The options of `cargo xtask synth`.

use std::path::PathBuf;

use super::shop::{MAX_ITEMS, MAX_USERS, Size};
use crate::failure::Failure;

/// Rows that a user has in the mean, when the number of users is not given.
const ROWS_PER_USER: u64 = 20;

/// Which shop to make up, and where its log goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SynthOptions {
    /// How large.
    pub(crate) size: Size,
    /// The file: JSON lines when its name says `.jsonl`, else CSV; compressed when it ends with `.zst`.
    pub(crate) output: PathBuf,
}

/// Reads the arguments after `cargo xtask synth`.
pub(crate) fn parse(options: &[String]) -> Result<SynthOptions, Failure> {
    let (mut rows, mut items, mut users, mut seed, mut output) = (None, None, None, None, None);
    let mut options = options.iter();
    while let Some(option) = options.next() {
        let (name, value) = match option.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (option.as_str(), options.next().cloned()),
        };
        let slot = match name {
            "--rows" => &mut rows,
            "--items" => &mut items,
            "--users" => &mut users,
            "--seed" => &mut seed,
            "-o" | "--output" => &mut output,
            other => return Err(misuse(format!("`synth` takes no `{other}`"))),
        };
        *slot = Some(value.ok_or_else(|| misuse(format!("`{name}` needs a value")))?);
    }
    let needed = |name: &str, value: Option<String>| {
        value.ok_or_else(|| misuse(format!("`synth` needs `{name}`")))
    };
    let n_rows = count("--rows", &needed("--rows", rows)?, u64::MAX >> 16)?;
    let n_items = count("--items", &needed("--items", items)?, MAX_ITEMS)?;
    let n_users = match users {
        Some(users) => count("--users", &users, MAX_USERS)?,
        None => (n_rows / ROWS_PER_USER).clamp(1, MAX_USERS),
    };
    let seed = match seed {
        Some(seed) => seed.parse().map_err(|_| misuse(format!("`{seed}` is no seed")))?,
        None => 1,
    };
    let output = needed("-o FILE", output)?.into();
    Ok(SynthOptions { size: Size { n_rows, n_items, n_users, seed }, output })
}

/// A number from 1 to `most`, perhaps with `k` for thousands or `M` for millions.
pub(crate) fn count(name: &str, text: &str, most: u64) -> Result<u64, Failure> {
    let (digits, factor) = match text.strip_suffix(['k', 'K']) {
        Some(digits) => (digits, 1_000),
        None => text.strip_suffix(['m', 'M']).map_or((text, 1), |digits| (digits, 1_000_000)),
    };
    let number = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(factor));
    match number {
        Some(number) if (1..=most).contains(&number) => Ok(number),
        _ => Err(misuse(format!("`{name} {text}`: expected 1 to {most}, such as 10k or 2M"))),
    }
}

fn misuse(what: String) -> Failure {
    Failure::by_caller(what).with_hint(
        "cargo xtask synth --rows 1M --items 10k [--users 50k] [--seed 1] -o FILE.csv[.zst]",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<SynthOptions, String> {
        let options: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        parse(&options).map_err(|failure| failure.to_string())
    }

    #[test]
    fn sizes_are_read_with_their_units() {
        let options = read("--rows 2M --items=10k --seed 7 -o a.csv.zst").unwrap();
        let size = Size { n_rows: 2_000_000, n_items: 10_000, n_users: 100_000, seed: 7 };
        assert_eq!(options, SynthOptions { size, output: "a.csv.zst".into() });
        let options = read("--rows 5 --items 1 --users 3 --output a").unwrap();
        assert_eq!(options.size, Size { n_rows: 5, n_items: 1, n_users: 3, seed: 1 });
    }

    #[test]
    fn what_is_missing_or_out_of_range_is_named() {
        for (line, named) in [
            ("--items 1 -o a", "`--rows`"),
            ("--rows 1 -o a", "`--items`"),
            ("--rows 1 --items 1", "`-o FILE`"),
            ("--rows", "`--rows` needs a value"),
            ("--rows 0 --items 1 -o a", "`--rows 0`"),
            ("--rows 1 --items 17M -o a", "expected 1 to 16777216"),
            ("--rows 99999999999999M --items 1 -o a", "--rows"),
            ("--rows 1 --items 1 --seed x -o a", "`x` is no seed"),
            ("--shops 3", "`--shops`"),
        ] {
            let told = read(line).unwrap_err();
            assert!(told.contains(named), "`{told}` does not name {named}");
        }
    }
}
