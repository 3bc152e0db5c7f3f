//! Days and times of a shop's own time zone, as minutes since 1970-01-01T00:00Z.
//!
//! Time zones come from the database that is compiled in, so that a file means the same on every machine.

use jiff::civil::{Date, DateTime};
use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{Span, SpanRelativeTo, Timestamp, Unit};
use toml::value::Datetime;

/// The time zone of this name.
pub(super) fn zone(name: &str) -> Option<TimeZone> {
    TimeZoneDatabase::bundled().get(name).ok()
}

/// The names of all time zones.
pub(super) fn zones() -> Vec<String> {
    TimeZoneDatabase::bundled().available().map(|name| name.to_string()).collect()
}

/// The minute in which a date begins, or that a time names; `None` for times before 1970, with seconds, or without a
/// date. A local time that a change of clocks repeats is the first one; one that it leaves out is as much later.
pub(super) fn minute(datetime: &Datetime, zone: &TimeZone) -> Option<u32> {
    let text = datetime.to_string();
    let local = |local: DateTime| Some(local.to_zoned_datetime(zone.clone()).ok()?.timestamp());
    let time = match (datetime.date, datetime.time, datetime.offset) {
        (Some(_), Some(_), Some(_)) => text.parse::<Timestamp>().ok()?,
        (Some(_), Some(_), None) => local(text.parse::<DateTime>().ok()?)?,
        (Some(_), None, _) => {
            local(text.parse::<Date>().ok()?.to_datetime(jiff::civil::Time::midnight()))?
        }
        (None, ..) => return None,
    };
    let is_whole = time.as_second() % 60 == 0 && time.subsec_nanosecond() == 0;
    u32::try_from(time.as_second().div_euclid(60)).ok().filter(|_| is_whole)
}

/// The minutes of a duration such as `90 minutes`, `1 day` or `2 weeks`; a day has 24 hours.
pub(super) fn minutes(text: &str) -> Option<u32> {
    let span: Span = text.parse().ok()?;
    let seconds = span.total((Unit::Second, SpanRelativeTo::days_are_24_hours())).ok()?;
    // Cannot be rounded: spans are of whole minutes up to a year.
    #[expect(clippy::cast_possible_truncation, reason = "checked to be small and whole")]
    let whole = (0.0..=1e9).contains(&seconds).then_some(seconds as i64)?;
    u32::try_from(whole / 60).ok().filter(|_| whole % 60 == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str, name: &str) -> Option<u32> {
        minute(&text.parse().unwrap(), &zone(name).unwrap())
    }

    #[test]
    fn days_begin_at_midnight_of_the_shop() {
        assert_eq!(of("1970-01-02", "UTC"), Some(1_440));
        assert_eq!(of("2026-12-01", "Europe/London"), of("2026-12-01T00:00:00Z", "UTC"));
        assert_eq!(of("2026-06-01", "Europe/London"), of("2026-05-31T23:00:00Z", "UTC"));
        assert_eq!(of("2026-06-01 08:30:00", "Asia/Tokyo"), of("2026-05-31T23:30:00Z", "UTC"));
        assert_eq!(
            of("2026-06-01T08:30:00+02:00", "Asia/Tokyo"),
            of("2026-06-01T06:30:00Z", "UTC")
        );
    }

    #[test]
    fn a_midnight_that_a_change_of_clocks_leaves_out_is_an_hour_later() {
        // Clocks in Asuncion went from 00:00 to 01:00 on 2023-10-01.
        assert_eq!(of("2023-10-01", "America/Asuncion"), of("2023-10-01T04:00:00Z", "UTC"));
        // And in Havana from 01:00 back to 00:00 on 2023-11-05.
        assert_eq!(of("2023-11-05", "America/Havana"), of("2023-11-05T04:00:00Z", "UTC"));
    }

    #[test]
    fn times_before_1970_with_seconds_or_without_a_date_are_none() {
        for text in ["1969-12-31", "2026-12-01T00:00:30Z", "08:30:00"] {
            assert_eq!(of(text, "UTC"), None, "{text}");
        }
        assert!(zone("Europe/Londn").is_none());
        assert!(zones().iter().any(|name| name == "Europe/London"));
    }

    #[test]
    fn durations_are_whole_minutes() {
        for (text, expected) in [
            ("1 day", Some(1_440)),
            ("2 weeks", Some(20_160)),
            ("90 minutes", Some(90)),
            ("1 hour", Some(60)),
            ("30 seconds", None),
            ("1 month", None),
            ("-1 day", None),
            ("daily", None),
        ] {
            assert_eq!(minutes(text), expected, "{text}");
        }
    }
}
