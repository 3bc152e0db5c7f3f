//! The time and the rules of a question, as they are typed.

use std::time::{SystemTime, UNIX_EPOCH};

use edgewise_bundle::Bundle;

use super::error::{AskError, unknown};

/// Which rules act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ActingRules {
    /// All.
    On,
    /// None.
    Off,
    /// Those of these sets.
    Sets(Vec<String>),
}

impl ActingRules {
    /// `on`, `off`, or names with commas between them.
    #[expect(clippy::unnecessary_wraps, reason = "what clap asks for")]
    pub(super) fn parse(text: &str) -> Result<ActingRules, String> {
        Ok(match text {
            "on" => ActingRules::On,
            "off" => ActingRules::Off,
            names => ActingRules::Sets(names.split(',').map(str::to_owned).collect()),
        })
    }

    /// A bit for each set that acts.
    pub(super) fn sets(&self, bundle: &Bundle<'_>) -> Result<u32, AskError> {
        let names = match self {
            ActingRules::On => return Ok(u32::MAX),
            ActingRules::Off => return Ok(0),
            ActingRules::Sets(names) => names,
        };
        let known = || (0..).map_while(|set| bundle.rule_set_name(set));
        let bit = |name: &String| {
            let set = bundle.find_rule_set(name);
            set.map(|set| 1 << set).ok_or_else(|| unknown("rule set", name, known()))
        };
        names.iter().try_fold(0, |sets, name| Ok(sets | bit(name)?))
    }
}

/// A moment, in seconds since 1970-01-01T00:00Z.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Instant(u64);

impl Instant {
    /// What the machine's clock says.
    pub(super) fn now() -> Instant {
        // A clock before 1970 is taken for one that was never set.
        Instant(SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs()))
    }

    /// A time with its offset, a day of UTC, or seconds.
    pub(super) fn parse(text: &str) -> Result<Instant, String> {
        let of_day = || {
            text.parse::<jiff::civil::Date>().ok()?.to_zoned_datetime(jiff::tz::TimeZone::UTC).ok()
        };
        let seconds = text
            .parse::<i64>()
            .ok()
            .or_else(|| Some(text.parse::<jiff::Timestamp>().ok()?.as_second()))
            .or_else(|| Some(of_day()?.timestamp().as_second()));
        let seconds = seconds.and_then(|seconds| u64::try_from(seconds).ok());
        let expected = "expected a time such as 2026-12-01T08:30:00Z, a day such as 2026-12-01, or seconds since 1970";
        seconds.map(Instant).ok_or_else(|| expected.to_owned())
    }

    /// In whole minutes.
    pub(super) fn minute(self) -> u32 {
        u32::try_from(self.0 / 60).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_in_three_ways() {
        for text in ["1796113200", "2026-12-01T09:20:00+01:00", "2026-12-01T08:20:00Z"] {
            assert_eq!(Instant::parse(text).map(Instant::minute), Ok(1_796_113_200 / 60), "{text}");
        }
        assert_eq!(Instant::parse("2026-12-01").map(Instant::minute), Ok(1_796_083_200 / 60));
        for text in ["yesterday", "-1", "1969-12-31", ""] {
            assert!(Instant::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sets_are_named_with_commas() {
        let sets = ["always", "sale"].map(str::to_owned).to_vec();
        assert_eq!(ActingRules::parse("always,sale"), Ok(ActingRules::Sets(sets)));
        assert_eq!(ActingRules::parse("off"), Ok(ActingRules::Off));
    }
}
