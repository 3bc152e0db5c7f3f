//! One figure a row, as the files in `docs/bench` hold them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

/// The first line of every file.
const HEADER: &str = "measured_on,machine,versions,what,config,metric,value,unit";

/// One figure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Row {
    /// `YYYY-MM-DD`.
    pub(crate) measured_on: String,
    /// Processor, cores, memory, system.
    pub(crate) machine: String,
    /// Of what was measured and of what built it.
    pub(crate) versions: String,
    /// What was measured.
    pub(crate) what: String,
    /// Under which settings.
    pub(crate) config: String,
    /// Which of its properties.
    pub(crate) metric: String,
    /// A decimal number.
    pub(crate) value: String,
    /// What the value counts.
    pub(crate) unit: String,
}

impl Row {
    /// The value as a number; 0 when it is none.
    pub(crate) fn number(&self) -> f64 {
        self.value.parse().unwrap_or_default()
    }

    fn fields(&self) -> [&str; 8] {
        [
            &self.measured_on,
            &self.machine,
            &self.versions,
            &self.what,
            &self.config,
            &self.metric,
            &self.value,
            &self.unit,
        ]
    }
}

/// The whole file. A comma in a field becomes a semicolon, so that no field needs quotes.
pub(crate) fn to_csv(rows: &[Row]) -> String {
    let mut text = format!("{HEADER}\n");
    for row in rows {
        let fields = row.fields().map(|field| field.replace(',', ";").replace(['\n', '"'], " "));
        // Cannot fail: a string takes every line.
        _ = writeln!(text, "{}", fields.join(","));
    }
    text
}

/// Reads a file that [`to_csv`] made; no rows where there is no file.
pub(crate) fn read(path: &Path) -> Result<Vec<Row>> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text =
        fs::read_to_string(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    from_csv(&text).with_context(|| format!("`{}` holds no figures", path.display()))
}

fn from_csv(text: &str) -> Result<Vec<Row>> {
    let mut lines = text.lines();
    if lines.next() != Some(HEADER) {
        bail!("the first line is not `{HEADER}`");
    }
    lines.zip(2..).map(|(line, number)| row(line, number)).collect()
}

fn row(line: &str, number: usize) -> Result<Row> {
    let fields: Vec<String> = line.split(',').map(str::to_owned).collect();
    let [measured_on, machine, versions, what, config, metric, value, unit] =
        <[String; 8]>::try_from(fields)
            .map_err(|fields| anyhow::anyhow!("line {number} has {} fields", fields.len()))?;
    if value.parse::<f64>().is_err() {
        bail!("line {number}: `{value}` is no number");
    }
    Ok(Row { measured_on, machine, versions, what, config, metric, value, unit })
}

/// A number as short as its use allows: whole from a thousand on, else four digits that count.
pub(crate) fn short(number: f64) -> String {
    let size = number.abs();
    let n_digits = match size {
        _ if number.fract() == 0.0 || size >= 1_000.0 => 0,
        _ if size >= 100.0 => 1,
        _ if size >= 10.0 => 2,
        _ if size >= 1.0 => 3,
        _ => 4,
    };
    format!("{number:.n_digits$}")
}

/// The middle of some numbers, the mean of the two middle ones when their number is even; 0 for none.
pub(crate) fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    let middle = numbers.len() / 2;
    match (numbers.len() % 2, numbers.get(middle)) {
        (1, Some(&number)) => number,
        (_, Some(&above)) => f64::midpoint(numbers[middle - 1], above),
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_as_they_were_written() {
        let row = Row { what: "a b".into(), value: "1.5".into(), ..Row::default() };
        let text = to_csv(std::slice::from_ref(&row));
        assert_eq!(from_csv(&text).unwrap().first(), Some(&row));
        let with_comma = Row { what: "a, b".into(), ..row };
        assert_eq!(from_csv(&to_csv(&[with_comma])).unwrap()[0].what, "a; b");
    }

    #[test]
    fn a_line_that_is_no_row_is_named() {
        let told = |line: &str| from_csv(&format!("{HEADER}\n{line}\n")).unwrap_err().to_string();
        assert_eq!(told("a,b"), "line 2 has 2 fields");
        assert_eq!(told("d,m,v,w,c,m,fast,s"), "line 2: `fast` is no number");
        assert!(from_csv("what,value\n").is_err());
    }

    #[test]
    fn numbers_are_short_and_medians_in_the_middle() {
        let texts = [499_892.0, 1_234.5, 155.25, 12.345, 1.2345, 0.012_345, 3.0].map(short);
        assert_eq!(texts, ["499892", "1234", "155.2", "12.35", "1.234", "0.0123", "3"]);
        let medians = [vec![], vec![2.0], vec![3.0, 1.0], vec![9.0, 1.0, 2.0]].map(median);
        assert_eq!(medians.map(short), ["0", "2", "2", "2"]);
    }
}
