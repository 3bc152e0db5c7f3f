//! The shop's clock: from a moment to the month, weekday and hour on the shop's wall, in integers.
//!
//! A zone is a list of moments at which its distance from UTC changes, as the tz database has it (Olson and Eggert,
//! "Theory and pragmatics of the tz code and data"); whoever makes a model looks it up, so that no reader needs that
//! database. Days are counted by the Gregorian calendar (Hinnant, "chrono-compatible low-level date algorithms",
//! `civil_from_days`).

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::RangeInclusive;

/// What a seasonal factor may be, in 256ths: from a quarter to four times as usual.
pub const SEASON_RANGE: RangeInclusive<u32> = 64..=1_024;
/// What a factor may be when it is not [`USUAL`]: from a quarter to four times as usual, in quarters of an octave.
pub const SEASON_STEPS: [u16; 16] =
    [64, 76, 91, 108, 128, 152, 181, 215, 304, 362, 431, 512, 609, 724, 861, 1_024];
/// The factor of an item that is wanted as usual.
pub const USUAL: u32 = 256;
/// Months, weekdays and hours together.
pub const N_CELLS: u8 = 12 + 7 + 24;

const DAY_S: i64 = 86_400;
/// Days from 0000-03-01 to 1970-01-01.
const DAYS_TO_1970: i64 = 719_468;
/// Days in 400 years.
const DAYS_IN_ERA: i64 = 146_097;

/// What a clock on the shop's wall and the calendar beside it show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalTime {
    /// 0 is January, 11 December.
    pub month: u8,
    /// 0 is Monday, 6 Sunday.
    pub weekday: u8,
    /// 0 to 23.
    pub hour: u8,
}

/// A month, weekday or hour, as one number below [`N_CELLS`]: 12 months, then 7 weekdays, then 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cell(pub u8);

impl LocalTime {
    /// The time on a wall that is `offset_s` seconds ahead of UTC, at a moment in seconds since 1970-01-01T00:00:00Z.
    /// Total: moments past the end of `i64` are its last one.
    pub fn at(utc_s: i64, offset_s: i32) -> LocalTime {
        let local_s = utc_s.saturating_add(offset_s.into());
        let days = local_s.div_euclid(DAY_S);
        let hour = local_s.rem_euclid(DAY_S) / 3_600;
        // Day 0 was a Thursday.
        let weekday = (days + 3).rem_euclid(7);
        let day_of_era = (days + DAYS_TO_1970).rem_euclid(DAYS_IN_ERA);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        // Months are counted from March, so that the leap day is the last of a year.
        let month = ((5 * day_of_year + 2) / 153 + 2) % 12;
        // Cannot fail: none is above 23.
        let small = |n: i64| u8::try_from(n).unwrap_or(0);
        LocalTime { month: small(month), weekday: small(weekday), hour: small(hour) }
    }

    /// The cells of the month, the weekday and the hour.
    pub const fn cells(self) -> [Cell; 3] {
        [Cell(self.month), Cell(12 + self.weekday), Cell(19 + self.hour)]
    }
}

/// One change of a zone's distance from UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transition {
    /// Since when, in seconds since 1970-01-01T00:00:00Z.
    pub utc_s: i64,
    /// How far local time is ahead of UTC from then on, in seconds.
    pub offset_s: i32,
}

/// A time zone over some years.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimeZone {
    /// Its name in the tz database, for people.
    pub name: String,
    /// Its changes, ascending. What is before the first has the first one's distance; without any, it is UTC.
    pub transitions: Vec<Transition>,
}

impl Default for TimeZone {
    fn default() -> TimeZone {
        TimeZone { name: String::from("UTC"), transitions: Vec::new() }
    }
}

impl TimeZone {
    /// The shop's time at a moment in seconds since 1970-01-01T00:00:00Z.
    pub fn local_time(&self, utc_s: i64) -> LocalTime {
        local_time(self.transitions.iter().copied(), utc_s)
    }
}

/// The time at a moment in a zone with these changes, ascending.
pub fn local_time(mut transitions: impl Iterator<Item = Transition>, utc_s: i64) -> LocalTime {
    let mut offset_s = 0;
    if let Some(first) = transitions.next() {
        offset_s = first.offset_s;
    }
    for next in transitions {
        if next.utc_s > utc_s {
            break;
        }
        offset_s = next.offset_s;
    }
    LocalTime::at(utc_s, offset_s)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(utc_s: i64, offset_s: i32) -> (u8, u8, u8) {
        let LocalTime { month, weekday, hour } = LocalTime::at(utc_s, offset_s);
        (month, weekday, hour)
    }

    #[test]
    fn well_known_moments_are_where_calendars_have_them() {
        assert_eq!(shown(0, 0), (0, 3, 0), "Thursday, the first of January 1970");
        assert_eq!(shown(-1, 0), (11, 2, 23), "the second before");
        assert_eq!(shown(1_582_934_400, 0), (1, 5, 0), "Saturday, 29 February 2020");
        assert_eq!(shown(1_583_020_800, 0), (2, 6, 0), "the day after");
        assert_eq!(shown(1_291_191_960, 0), (11, 2, 8), "Wednesday, 2010-12-01 08:26");
        assert_eq!(shown(0, -3_600), (11, 2, 23), "an hour behind");
        // A moment past all calendars has some time.
        for end in [i64::MIN, i64::MAX] {
            let LocalTime { month, weekday, hour } = LocalTime::at(end, i32::MAX);
            assert!(month < 12 && weekday < 7 && hour < 24);
        }
    }

    /// Walks four centuries and more, a day at a time.
    #[test]
    fn every_day_is_the_one_after_the_day_before() {
        let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let (mut year, mut month, mut day, mut weekday) = (1970i64, 0u8, 1, 3u8);
        for n_days in 0..200_000i64 {
            assert_eq!(shown(n_days * 86_400 + 7_199, 0), (month, weekday, 1), "{year} {day}");
            weekday = (weekday + 1) % 7;
            day += 1;
            let n_in_month = match month {
                1 => 28 + u8::from(is_leap(year)),
                3 | 5 | 8 | 10 => 30,
                _ => 31,
            };
            if day > n_in_month {
                (day, month) = (1, (month + 1) % 12);
                year += i64::from(month == 0);
            }
        }
    }

    #[test]
    fn a_zone_changes_at_its_moments() {
        let zone = TimeZone {
            name: String::from("Toy"),
            transitions: [(100_000, 3_600), (200_000, 0)]
                .map(|(utc_s, offset_s)| Transition { utc_s, offset_s })
                .into(),
        };
        let hour = |utc_s| zone.local_time(utc_s).hour;
        assert_eq!(hour(50_400), 15, "before the first change as after it");
        assert_eq!((hour(199_999), hour(200_000)), (8, 7));
        assert_eq!(TimeZone::default().local_time(50_400).hour, 14);
    }

    #[test]
    fn cells_do_not_overlap() {
        let last = LocalTime { month: 11, weekday: 6, hour: 23 };
        assert_eq!(last.cells(), [Cell(11), Cell(18), Cell(42)]);
        assert_eq!(last.cells()[2].0 + 1, N_CELLS);
    }
}
