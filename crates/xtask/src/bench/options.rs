//! The options of `cargo xtask bench`.

use super::groups::GROUPS;
use crate::failure::Failure;
use crate::synth;

/// Rows of the largest log that is made up.
pub(crate) const MOST_ROWS: u64 = 100_000_000;
/// The same with `--quick`.
const MOST_ROWS_QUICK: u64 = 1_000_000;

/// What to measure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct BenchOptions {
    /// Names of groups, in the order of [`GROUPS`]; empty: all.
    pub(crate) groups: Vec<String>,
    /// Fewer rounds, and no log of more than a million rows.
    pub(crate) quick: bool,
    /// Rows of the largest made-up log; [`MOST_ROWS`] when not given, fewer with `quick`.
    pub(crate) rows: Option<u64>,
    /// Compare instruction counts with those that are recorded, and measure nothing else.
    pub(crate) check: bool,
    /// Only write the page's tables and the plots again, from the files that are there.
    pub(crate) render: bool,
}

impl BenchOptions {
    /// Rows of the largest made-up log.
    pub(super) fn most_rows(&self) -> u64 {
        self.rows.unwrap_or(if self.quick { MOST_ROWS_QUICK } else { MOST_ROWS })
    }
}

/// Reads the arguments after `cargo xtask bench`.
pub(crate) fn parse(options: &[String]) -> Result<BenchOptions, Failure> {
    let mut parsed = BenchOptions::default();
    let mut options = options.iter();
    while let Some(option) = options.next() {
        match option.as_str() {
            "--quick" => parsed.quick = true,
            "--rows" => {
                let rows = options.next().map_or("", String::as_str);
                parsed.rows = Some(synth::count("--rows", rows, MOST_ROWS)?);
            }
            "--check" => parsed.check = true,
            "--render" => parsed.render = true,
            flag if flag.starts_with('-') => {
                return Err(misuse(format!("`bench` takes no `{flag}`")));
            }
            name if GROUPS.iter().any(|group| group.name == name) => {
                parsed.groups.push(name.to_owned());
            }
            other => return Err(misuse(format!("there is no group `{other}`"))),
        }
    }
    if parsed.check && parsed.groups != ["instructions"] {
        return Err(misuse("`--check` goes with the group `instructions` alone".to_owned()));
    }
    Ok(parsed)
}

fn misuse(what: String) -> Failure {
    let names: Vec<&str> = GROUPS.iter().map(|group| group.name).collect();
    Failure::by_caller(what).with_hint(format!("the groups are {}", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<BenchOptions, String> {
        let options: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        parse(&options).map_err(|failure| failure.to_string())
    }

    #[test]
    fn groups_and_options_are_read() {
        assert_eq!(read("").unwrap(), BenchOptions::default());
        let options = read("scale --quick sizes").unwrap();
        assert!(options.quick && options.groups == ["scale", "sizes"]);
        assert!(read("instructions --check").unwrap().check);
        assert!(read("--render").unwrap().render);
        let most = |line| read(line).unwrap().most_rows();
        assert_eq!(
            [most(""), most("--quick"), most("--quick --rows 2M")],
            [MOST_ROWS, MOST_ROWS_QUICK, 2_000_000]
        );
    }

    #[test]
    fn what_is_not_there_is_named() {
        assert!(read("speed").unwrap_err().contains("`speed`"));
        assert!(read("--fast").unwrap_err().contains("`--fast`"));
        assert!(read("--rows").unwrap_err().contains("`--rows"));
        assert!(read("--check").unwrap_err().contains("`--check`"));
        assert!(read("instructions sizes --check").unwrap_err().contains("`--check`"));
    }
}
