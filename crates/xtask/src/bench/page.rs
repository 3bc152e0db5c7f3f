//! The tables of `docs/bench/README.md`: what stands between two marks is made from the file of the mark's name.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Result, bail};

use super::rows::Row;

/// Opens a table; the name of its group and ` -->` follow.
const OPENS: &str = "<!-- table: ";
/// Closes it.
const CLOSES: &str = "<!-- end of table -->";

/// The page with every table made anew. `rows` gives the figures of a group.
pub(super) fn filled(page: &str, rows: &BTreeMap<String, Vec<Row>>) -> Result<String> {
    let mut text = String::with_capacity(page.len());
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        text.push_str(line);
        text.push('\n');
        let Some(name) = line.strip_prefix(OPENS) else { continue };
        let name = name.trim_end_matches(" -->");
        let Some(rows) = rows.get(name) else { bail!("there is no group `{name}` for a table") };
        text.push_str(&table(rows));
        text.push_str(CLOSES);
        text.push('\n');
        if !lines.any(|line| line == CLOSES) {
            bail!("the table `{name}` has no `{CLOSES}`");
        }
    }
    Ok(text)
}

/// A line for what was measured under one config, a column for each metric, in the order of the rows.
fn table(rows: &[Row]) -> String {
    if rows.is_empty() {
        return "Not measured yet.\n".to_owned();
    }
    let mut metrics: Vec<(&str, &str)> = Vec::new();
    let mut lines: Vec<(&str, &str)> = Vec::new();
    for row in rows {
        add(&mut metrics, (&row.metric, &row.unit));
        add(&mut lines, (&row.what, &row.config));
    }
    let heads = metrics.iter().map(|(metric, unit)| format!(" {metric}, {unit} |"));
    let mut text = format!(
        "\n| what | under | {}\n| --- | --- |{}\n",
        heads.collect::<String>().trim_start(),
        " ---: |".repeat(metrics.len())
    );
    // Here and below: cannot fail, since a string takes everything.
    for &(what, config) in &lines {
        _ = write!(text, "| {what} | {config} |");
        for &(metric, unit) in &metrics {
            let found = rows.iter().find(|row| {
                (&*row.what, &*row.config, &*row.metric, &*row.unit) == (what, config, metric, unit)
            });
            let value = found.map_or_else(String::new, |row| grouped(&row.value));
            _ = write!(text, " {value} |");
        }
        text.push('\n');
    }
    let (mut measured, mut versions) = (Vec::new(), Vec::new());
    for row in rows {
        add(&mut measured, (&row.measured_on, &row.machine));
        add(&mut versions, (&row.versions, ""));
    }
    text.push('\n');
    for (day, machine) in measured {
        _ = writeln!(text, "Measured on {day}; {machine}.");
    }
    let versions: Vec<&str> = versions.iter().map(|(versions, _)| *versions).collect();
    _ = writeln!(text, "Versions: {}.", versions.join("; "));
    text
}

fn add<'a>(known: &mut Vec<(&'a str, &'a str)>, new: (&'a str, &'a str)) {
    if !known.contains(&new) {
        known.push(new);
    }
}

/// `1234567` as `1,234,567`; what follows a point stays.
fn grouped(number: &str) -> String {
    let (whole, rest) = number.find('.').map_or((number, ""), |point| number.split_at(point));
    let mut text = String::new();
    for (position, digit) in whole.chars().enumerate() {
        let is_group = position > 0 && (whole.len() - position).is_multiple_of(3);
        if is_group && !text.ends_with('-') {
            text.push(',');
        }
        text.push(digit);
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> BTreeMap<String, Vec<Row>> {
        let row = |what: &str, metric: &str, value: &str| Row {
            measured_on: "2026-01-02".into(),
            machine: "a desk".into(),
            versions: "edgewise 1".into(),
            what: what.into(),
            config: "K = 20".into(),
            metric: metric.into(),
            value: value.into(),
            unit: "bytes".into(),
        };
        let rows =
            vec![row("a", "size", "1234567"), row("b", "size", "1.5"), row("b", "lists", "-100")];
        BTreeMap::from([("sizes".to_owned(), rows), ("scale".to_owned(), Vec::new())])
    }

    #[test]
    fn a_table_stands_between_its_marks() {
        let page = format!("Before.\n{OPENS}sizes -->\nold\n{CLOSES}\nAfter.\n");
        let expected = format!(
            "Before.\n{OPENS}sizes -->\n\n| what | under | size, bytes | lists, bytes |\n\
             | --- | --- | ---: | ---: |\n| a | K = 20 | 1,234,567 |  |\n| b | K = 20 | 1.5 | -100 |\n\n\
             Measured on 2026-01-02; a desk.\nVersions: edgewise 1.\n{CLOSES}\nAfter.\n"
        );
        let once = filled(&page, &rows()).unwrap();
        assert_eq!(once, expected);
        assert_eq!(filled(&once, &rows()).unwrap(), once, "a second time changes nothing");
    }

    #[test]
    fn marks_that_do_not_fit_are_refused() {
        let told = |page: &str| filled(page, &rows()).unwrap_err().to_string();
        assert!(told("<!-- table: speed -->\n").contains("`speed`"));
        assert!(told("<!-- table: sizes -->\n").contains(CLOSES));
        let empty = filled(&format!("{OPENS}scale -->\n{CLOSES}\n"), &rows()).unwrap();
        assert!(empty.contains("Not measured yet."));
    }
}
