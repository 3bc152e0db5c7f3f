//! The moment that a question is about: seconds, or a time as RFC 3339 writes it in UTC.

use crate::problem::{Problem, decimal};
use crate::wire::Input;

/// The last second of the year 9999.
const MAX_SECONDS: u64 = 253_402_300_799;
/// What `at` may be.
const ALLOWED: &str =
    "seconds since 1970 up to the year 9999, or a time such as 2026-12-01T08:00:00Z";

/// Seconds since 1970-01-01T00:00Z.
pub(crate) fn seconds(input: &Input) -> Result<u64, Problem> {
    let refused = |found: &str| Problem::parameter("at", found, ALLOWED);
    match input {
        Input::Number(seconds) if *seconds <= MAX_SECONDS => Ok(*seconds),
        Input::Number(seconds) => Err(refused(&decimal(*seconds))),
        Input::Text(text) => parse(text.as_bytes()).ok_or_else(|| refused(text)),
        _ => Err(refused("")),
    }
}

/// `2026-12-01T08:00:00Z` in seconds since 1970.
fn parse(text: &[u8]) -> Option<u64> {
    let shape = b"0000-00-00T00:00:00Z";
    let fits = |(found, shape): (&u8, &u8)| match shape {
        b'0' => found.is_ascii_digit(),
        letter => found.eq_ignore_ascii_case(letter),
    };
    if text.len() != shape.len() || !text.iter().zip(shape).all(fits) {
        return None;
    }
    let number = |from: usize, to: usize| {
        let digits = text.get(from..to).unwrap_or_default();
        digits.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0'))
    };
    let (year, month, day) = (number(0, 4), number(5, 7), number(8, 10));
    let (hour, minute, second) = (number(11, 13), number(14, 16), number(17, 19));
    let is_leap = year % 4 == 0 && (year % 100 > 0 || year % 400 == 0);
    let n_days = match month {
        2 => 28 + u64::from(is_leap),
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    };
    let is_date = year >= 1970 && (1..=12).contains(&month) && (1..=n_days).contains(&day);
    if !is_date || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    // Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`: years begin in March.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 1;
    let days = days.checked_sub(719_468)?;
    Some(((days * 24 + hour) * 60 + minute) * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_seconds_since_1970() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2000-02-29T23:59:59Z", Some(951_868_799)),
            ("2026-12-01T08:00:00z", Some(1_796_112_000)),
            ("9999-12-31T23:59:59Z", Some(MAX_SECONDS)),
            ("1969-12-31T23:59:59Z", None),
            ("2026-02-29T00:00:00Z", None),
            ("2100-02-29T00:00:00Z", None),
            ("2026-04-31T00:00:00Z", None),
            ("2026-00-01T00:00:00Z", None),
            ("2026-13-01T00:00:00Z", None),
            ("2026-12-01T24:00:00Z", None),
            ("2026-12-01T08:60:00Z", None),
            ("2026-12-01T08:00:60Z", None),
            ("2026-12-01T08:00:00+01:00", None),
            ("2026-12-01 08:00:00Z", None),
            ("2026-12-01", None),
            ("", None),
        ] {
            assert_eq!(parse(text.as_bytes()), expected, "{text}");
        }
        assert!(seconds(&Input::Number(MAX_SECONDS + 1)).is_err());
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let mut expected = 0;
        for year in 1970..2110u32 {
            for month in 1..=12 {
                for day in 1..=31 {
                    let text = alloc::format!("{year}-{month:02}-{day:02}T00:00:00Z");
                    if let Some(found) = parse(text.as_bytes()) {
                        assert_eq!(found, expected, "{text}");
                        expected += 86_400;
                    }
                }
            }
        }
    }
}
