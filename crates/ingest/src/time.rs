//! Times as shops write them, by hand where it is common: a log has as many of them as rows.
//!
//! Times without an offset are read as UTC. Fractions of a second are cut off.

use jiff::fmt::strtime::BrokenDownTime;

use crate::settings::TimeFormat;

const DAY_S: i64 = 86_400;
/// Smaller numbers are no times: as seconds they would be before 1973-03-03.
const MIN_EPOCH: i64 = 100_000_000;

/// How `1/2/2011` is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DayOrder {
    /// The first of February.
    DayFirst,
    /// The second of January.
    MonthFirst,
}

/// What a text says about time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// Seconds since 1970.
    At(i64),
    /// A date such as `1/2/2011`, read both ways; `None` where that is no date.
    Either { day_first: Option<i64>, month_first: Option<i64> },
    /// No time.
    Unreadable,
}

/// Reads a text of any known form.
pub(crate) fn read_auto(text: &str) -> Reading {
    let text = text.trim();
    let bytes = text.as_bytes();
    if let Some(time) = iso(bytes) {
        return Reading::At(time);
    }
    match bytes.iter().position(|byte| !byte.is_ascii_digit()) {
        None => compact_or_epoch(text),
        Some(at @ 9..) if bytes[at] == b'.' => epoch_auto(text),
        Some(1 | 2) => slashed(bytes),
        _ => Reading::Unreadable,
    }
}

/// Reads a text in a fixed format. With [`TimeFormat::Auto`] a date that reads both ways has no value.
pub(crate) fn read_as(text: &str, format: &TimeFormat, order: Option<DayOrder>) -> Option<i64> {
    let text = text.trim();
    match format {
        TimeFormat::EpochSeconds => epoch(text, 1),
        TimeFormat::EpochMillis => epoch(text, 1_000),
        TimeFormat::EpochMicros => epoch(text, 1_000_000),
        TimeFormat::Pattern(pattern) => by_pattern(text, pattern),
        TimeFormat::Auto => resolve(read_auto(text), order),
        TimeFormat::DayFirst => resolve(read_auto(text), Some(DayOrder::DayFirst)),
        TimeFormat::MonthFirst => resolve(read_auto(text), Some(DayOrder::MonthFirst)),
    }
}

fn resolve(reading: Reading, order: Option<DayOrder>) -> Option<i64> {
    match (reading, order) {
        (Reading::At(time), _) => Some(time),
        (Reading::Either { day_first, .. }, Some(DayOrder::DayFirst)) => day_first,
        (Reading::Either { month_first, .. }, Some(DayOrder::MonthFirst)) => month_first,
        (Reading::Either { .. }, None) | (Reading::Unreadable, _) => None,
    }
}

/// Whether `pattern` is one that times can be read by.
pub(crate) fn is_pattern(pattern: &str) -> bool {
    let example =
        jiff::civil::date(2011, 2, 1).at(8, 26, 0, 0).to_zoned_datetime(jiff::tz::TimeZone::UTC);
    example.is_ok_and(|example| {
        jiff::fmt::strtime::format(pattern, &example)
            .is_ok_and(|text| by_pattern(&text, pattern).is_some())
    })
}

fn by_pattern(text: &str, pattern: &str) -> Option<i64> {
    let broken_down = BrokenDownTime::parse(pattern, text).ok()?;
    if let Ok(time) = broken_down.to_timestamp() {
        return Some(time.as_second());
    }
    let civil = broken_down
        .to_datetime()
        .or_else(|_| broken_down.to_date().map(|date| date.at(0, 0, 0, 0)))
        .ok()?;
    jiff::tz::Offset::UTC.to_timestamp(civil).ok().map(jiff::Timestamp::as_second)
}

/// `2010-12-01`, `2010/12/01`, then perhaps a time of day and an offset.
fn iso(bytes: &[u8]) -> Option<i64> {
    let year = digits(bytes.get(..4)?)?;
    let separator = *bytes.get(4)?;
    if !matches!(separator, b'-' | b'/' | b'.') || *bytes.get(7)? != separator {
        return None;
    }
    let day = civil_day(year, digits(bytes.get(5..7)?)?, digits(bytes.get(8..10)?)?)?;
    day.checked_mul(DAY_S)?.checked_add(time_of_day(&bytes[10..])?)
}

/// `1/12/2010`, `01.12.2010`, `1-12-10`, then perhaps a time of day. With points the day is always first.
fn slashed(bytes: &[u8]) -> Reading {
    let read = || {
        let (first, rest) = leading_digits(bytes, 2)?;
        let (&separator, rest) = rest.split_first()?;
        if !matches!(separator, b'/' | b'-' | b'.') {
            return None;
        }
        let (second, rest) = leading_digits(rest, 2)?;
        let rest = rest.strip_prefix(&[separator])?;
        let (year, rest) = match leading_digits(rest, 4)? {
            (year, after) if rest.len() - after.len() == 4 => (year, after),
            (year @ 0..=68, after) if rest.len() - after.len() == 2 => (2000 + year, after),
            (year, after) if rest.len() - after.len() == 2 => (1900 + year, after),
            _ => return None,
        };
        let of_day = time_of_day(rest)?;
        let at = |month, day| Some(civil_day(year, month, day)? * DAY_S + of_day);
        Some((separator, at(second, first), at(first, second)))
    };
    match read() {
        None | Some((_, None, None)) => Reading::Unreadable,
        Some((b'.', day_first, _)) => day_first.map_or(Reading::Unreadable, Reading::At),
        Some((_, Some(day_first), Some(month_first))) if day_first == month_first => {
            Reading::At(day_first)
        }
        Some((_, day_first, month_first)) => Reading::Either { day_first, month_first },
    }
}

/// What follows a date, as seconds: nothing, or a time of day with perhaps a half of the day and an offset.
fn time_of_day(bytes: &[u8]) -> Option<i64> {
    let Some((&first, rest)) = bytes.split_first() else {
        return Some(0);
    };
    let rest = match first {
        b'T' | b't' | b' ' => rest,
        // German exports write `01.12.2010, 08:26`.
        b',' => rest.strip_prefix(b" ")?,
        _ => return None,
    };
    let (hour, rest) = leading_digits(rest, 2)?;
    let rest = rest.strip_prefix(b":")?;
    let (minute, mut rest) = leading_digits(rest, 2)?;
    let mut second = 0;
    if let Some(after) = rest.strip_prefix(b":") {
        (second, rest) = leading_digits(after, 2)?;
        if let Some(fraction) = rest.strip_prefix(b".").or_else(|| rest.strip_prefix(b",")) {
            let n_digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
            rest = if n_digits == 0 {
                return None;
            } else {
                &fraction[n_digits..]
            };
        }
    }
    let (hour, rest) = half_of_day(hour, rest)?;
    // A leap second is the last second of its minute.
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    Some(hour * 3_600 + minute * 60 + second.min(59) - offset(rest)?)
}

/// The hour of 24, and what follows an `AM` or `PM`.
fn half_of_day(hour: i64, bytes: &[u8]) -> Option<(i64, &[u8])> {
    let trimmed = bytes.strip_prefix(b" ").unwrap_or(bytes);
    let Some((half, rest)) = trimmed.split_at_checked(2) else {
        return Some((hour, bytes));
    };
    let is_after_noon = match &half.to_ascii_uppercase()[..] {
        b"AM" => false,
        b"PM" => true,
        _ => return Some((hour, bytes)),
    };
    if !(1..=12).contains(&hour) {
        return None;
    }
    Some((hour % 12 + if is_after_noon { 12 } else { 0 }, rest))
}

/// Seconds east of UTC: `Z`, ` UTC`, `+01:00`, `+0100`, ` -04`; nothing means UTC.
fn offset(bytes: &[u8]) -> Option<i64> {
    let bytes = bytes.strip_prefix(b" ").unwrap_or(bytes);
    let (sign, bytes) = match bytes {
        b"" | b"Z" | b"z" | b"UTC" | b"GMT" => return Some(0),
        [b'+', rest @ ..] => (1, rest),
        [b'-', rest @ ..] => (-1, rest),
        _ => return None,
    };
    let (hours, minutes) = match bytes.len() {
        2 => (digits(bytes)?, 0),
        4 => (digits(&bytes[..2])?, digits(&bytes[2..])?),
        5 if bytes[2] == b':' => (digits(&bytes[..2])?, digits(&bytes[3..])?),
        _ => return None,
    };
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3_600 + minutes * 60))
}

/// `20101201`, `201012010826`, `20101201082600`, or an epoch number.
fn compact_or_epoch(text: &str) -> Reading {
    let bytes = text.as_bytes();
    let compact = || {
        if !matches!(bytes.len(), 8 | 12 | 14) || !matches!(&bytes[..2], b"19" | b"20") {
            return None;
        }
        let part = |at: usize| bytes.get(at..at + 2).map_or(Some(0), digits);
        let day = civil_day(digits(&bytes[..4])?, part(4)?, part(6)?)?;
        let (hour, minute, second) = (part(8)?, part(10)?, part(12)?);
        (hour < 24 && minute < 60 && second < 60)
            .then_some(day * DAY_S + hour * 3_600 + minute * 60 + second)
    };
    compact().map_or_else(|| epoch_auto(text), Reading::At)
}

/// An epoch number, its unit told by its size: seconds up to the year 5138, then ms, µs, ns.
fn epoch_auto(text: &str) -> Reading {
    let whole = text.split('.').next().and_then(|whole| whole.parse::<i64>().ok());
    let per_second = match whole {
        Some(MIN_EPOCH..100_000_000_000) => 1,
        Some(100_000_000_000..100_000_000_000_000) => 1_000,
        Some(100_000_000_000_000..100_000_000_000_000_000) => 1_000_000,
        Some(100_000_000_000_000_000..) => 1_000_000_000,
        _ => return Reading::Unreadable,
    };
    epoch(text, per_second).map_or(Reading::Unreadable, Reading::At)
}

/// An epoch number, whole or with a fraction.
fn epoch(text: &str, per_second: i64) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    whole.parse::<i64>().ok().map(|number| number.div_euclid(per_second))
}

/// The number that a few digits write; `None` if one of them is no digit.
#[inline]
fn digits(bytes: &[u8]) -> Option<i64> {
    bytes.iter().try_fold(0, |value, byte| {
        byte.is_ascii_digit().then(|| value * 10 + i64::from(byte - b'0'))
    })
}

/// The number that the first one to `n_max` digits write, and what follows them.
fn leading_digits(bytes: &[u8], n_max: usize) -> Option<(i64, &[u8])> {
    let n_digits = bytes.iter().take(n_max).take_while(|byte| byte.is_ascii_digit()).count();
    let (number, rest) = bytes.split_at(n_digits);
    if number.is_empty() { None } else { Some((digits(number)?, rest)) }
}

/// Days from 1970-01-01 to a day of the Gregorian calendar, which repeats every 400 years of 146,097 days. Years are
/// counted from March, so that the leap day is the last.
fn civil_day(year: i64, month: i64, day: i64) -> Option<i64> {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let n_days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap => 29,
        2 => 28,
        _ => return None,
    };
    if !(1..=n_days).contains(&day) {
        return None;
    }
    let from_march = if month > 2 { year } else { year - 1 };
    let of_cycle = from_march.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_cycle = of_cycle * 365 + of_cycle / 4 - of_cycle / 100 + day_of_year;
    Some(from_march.div_euclid(400) * 146_097 + day_of_cycle - 719_468)
}

/// Year, month and day of a day counted from 1970-01-01: [`civil_day`] the other way round.
#[expect(clippy::cast_sign_loss, reason = "remainders of positive divisors")]
pub(crate) fn civil_date(day: i64) -> (i64, u64, u64) {
    let from_march = day + 719_468;
    let of_cycle = from_march.rem_euclid(146_097);
    let year = (of_cycle - of_cycle / 1_460 + of_cycle / 36_524 - of_cycle / 146_096) / 365;
    let of_year = of_cycle - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (year, month) = (year + 400 * from_march.div_euclid(146_097), month + 3);
    let (year, month) = if month > 12 { (year + 1, month - 12) } else { (year, month) };
    (year, month as u64, day as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let show = |time: i64| jiff::Timestamp::from_second(time).unwrap().to_string();
        let shown = |time: Option<i64>| time.map_or("-".to_owned(), show);
        let found = match read_auto(text) {
            Reading::At(time) => show(time),
            Reading::Either { day_first, month_first } => {
                format!("{} or {}", shown(day_first), shown(month_first))
            }
            Reading::Unreadable => "unreadable".to_owned(),
        };
        assert_eq!(found, expected, "{text:?}");
    }

    #[test]
    fn the_forms_of_several_shops_are_read() {
        for (text, expected) in [
            ("2010-12-01 08:26:00", "2010-12-01T08:26:00Z"),
            ("2010-12-01T08:26", "2010-12-01T08:26:00Z"),
            ("2010-12-01", "2010-12-01T00:00:00Z"),
            ("2010/12/01 08:26", "2010-12-01T08:26:00Z"),
            ("2023-05-01 12:34:56 -0400", "2023-05-01T16:34:56Z"),
            ("2023-05-01T12:34:56.789+02:00", "2023-05-01T10:34:56Z"),
            ("2023-05-01 12:34:56.5 UTC", "2023-05-01T12:34:56Z"),
            ("2016-12-31T23:59:60Z", "2016-12-31T23:59:59Z"),
            ("01.12.2010, 08:26", "2010-12-01T08:26:00Z"),
            ("1.2.2011", "2011-02-01T00:00:00Z"),
            ("1592337718", "2020-06-16T20:01:58Z"),
            ("1592337718.9", "2020-06-16T20:01:58Z"),
            ("1433221332117", "2015-06-02T05:02:12Z"),
            ("1592337718000000", "2020-06-16T20:01:58Z"),
            ("1592337718000000000", "2020-06-16T20:01:58Z"),
            ("20101201", "2010-12-01T00:00:00Z"),
            ("20101201082633", "2010-12-01T08:26:33Z"),
        ] {
            check(text, expected);
        }
    }

    #[test]
    fn slashed_dates_are_read_both_ways() {
        for (text, expected) in [
            ("1/2/2011 8:26", "2011-02-01T08:26:00Z or 2011-01-02T08:26:00Z"),
            ("13/2/2011", "2011-02-13T00:00:00Z or -"),
            ("2/13/11 8:26 PM", "- or 2011-02-13T20:26:00Z"),
            ("12/31/1999 12:00 am", "- or 1999-12-31T00:00:00Z"),
            ("3-3-2011", "2011-03-03T00:00:00Z"),
        ] {
            check(text, expected);
        }
        let order = Some(DayOrder::MonthFirst);
        assert_eq!(read_as("13/2/2011", &TimeFormat::Auto, order), None);
        assert_eq!(read_as("1/2/2011", &TimeFormat::DayFirst, order), Some(1_296_518_400));
    }

    #[test]
    fn what_is_no_time_is_unreadable() {
        for text in [
            "",
            "abc",
            "5",
            "99999999",
            "2010-13-01",
            "2011-02-29",
            "2010-12-01 25:00",
            "2010-12-01 08:60",
            "2010-12-01x",
            "13/13/2011",
            "2010-12-01 08:26 PDT",
            "1/2",
            "12:30",
            "0000-00-00 00:00:00",
            "2010-12-01 08:26:00+99:00",
            "2010-12-01 13:00 PM",
        ] {
            check(text, "unreadable");
        }
    }

    #[test]
    fn fixed_formats_are_obeyed() {
        for (text, format, expected) in [
            ("5", "epoch-s", Some(5)),
            ("-1500", "epoch-ms", Some(-2)),
            ("2500000", "epoch-us", Some(2)),
            ("01-Dec-2010 08:26", "%d-%b-%Y %H:%M", Some(1_291_191_960)),
            ("01-Dec-2010", "%d-%b-%Y", Some(1_291_161_600)),
            ("2010-12-01 08:26 +0100", "%Y-%m-%d %H:%M %z", Some(1_291_188_360)),
            ("1 Dec", "%d-%b-%Y", None),
        ] {
            let format = TimeFormat::from_name(format).unwrap();
            assert_eq!(read_as(text, &format, None), expected, "{text:?}");
        }
        assert!(is_pattern("%d.%m.%Y %H:%M") && is_pattern("%Y-%m-%d %H:%M:%S %z"));
        assert!(!is_pattern("%H:%M") && !is_pattern("%Q"));
    }

    #[test]
    fn every_day_of_six_centuries_is_where_jiff_has_it() {
        let first = jiff::civil::date(1600, 1, 1);
        for n_days in 0..220_000_i64 {
            let date = first + jiff::Span::new().days(n_days);
            let expected = jiff::tz::Offset::UTC.to_timestamp(date.at(1, 2, 3, 0)).unwrap();
            assert_eq!(iso(format!("{date} 01:02:03").as_bytes()), Some(expected.as_second()));
        }
    }
}
