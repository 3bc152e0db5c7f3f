//! The shop's clock as a configuration names it: its time zone, looked up in the tz database that this program carries,
//! and whether seasons are learnt.

use edgewise_core::{TimeZone, Transition};
use edgewise_train::{Months, SeasonParams};
use serde::Deserialize;

/// The first year whose changes a model carries.
const FIRST_YEAR: i16 = 1990;
/// The year at whose beginning they end: the clock stands still after it.
const END_YEAR: i16 = 2051;

/// `"auto"`, `"always"` or `false`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum SeasonsText {
    Word(String),
    Switch(bool),
}

impl SeasonsText {
    /// The settings, none for `false`.
    ///
    /// # Errors
    /// The value is not known.
    pub(super) fn params(&self) -> Result<Option<SeasonParams>, ()> {
        match self {
            SeasonsText::Switch(false) => Ok(None),
            SeasonsText::Switch(true) => Err(()),
            SeasonsText::Word(word) => {
                let months = match word.as_str() {
                    "auto" => Months::Repeated,
                    "always" => Months::Single,
                    _ => return Err(()),
                };
                Ok(Some(SeasonParams { months, ..SeasonParams::default() }))
            }
        }
    }
}

/// The zone with this name in the tz database; `None` when there is none.
pub(super) fn time_zone(name: &str) -> Option<TimeZone> {
    let zone = jiff::tz::db().get(name).ok()?;
    let start = |year| {
        let date = jiff::civil::date(year, 1, 1).at(0, 0, 0, 0);
        jiff::tz::Offset::UTC.to_timestamp(date).ok()
    };
    let (first, end) = (start(FIRST_YEAR)?, start(END_YEAR)?);
    let change = |utc_s, offset: jiff::tz::Offset| Transition { utc_s, offset_s: offset.seconds() };
    let mut transitions = vec![change(first.as_second(), zone.to_offset(first))];
    for following in zone.following(first).take_while(|change| change.timestamp() < end) {
        transitions.push(change(following.timestamp().as_second(), following.offset()));
    }
    // A change of name or of summer time alone moves no clock.
    transitions.dedup_by(|next, last| next.offset_s == last.offset_s);
    let is_utc = transitions.iter().all(|change| change.offset_s == 0);
    let transitions = if is_utc { Vec::new() } else { transitions };
    Some(TimeZone { name: zone.iana_name().unwrap_or(name).to_owned(), transitions })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_go_as_in_the_tz_database() {
        for name in
            ["Europe/London", "America/Sao_Paulo", "Asia/Kolkata", "Australia/Lord_Howe", "UTC"]
        {
            let zone = time_zone(name).expect("a zone");
            let known = jiff::tz::db().get(name).expect("a zone");
            assert_eq!(zone.name, name);
            // Every 11 hours and 7 minutes from 1990 to 2050.
            for utc_s in (631_152_000..2_524_608_000).step_by(40_020) {
                let found = zone.local_time(utc_s);
                let at = jiff::Timestamp::from_second(utc_s)
                    .expect("a moment")
                    .to_zoned_datetime(known.clone());
                let expected = [at.month() - 1, at.weekday().to_monday_zero_offset(), at.hour()];
                let found = [found.month, found.weekday, found.hour].map(u8::cast_signed);
                assert_eq!(found, expected, "{name} {at}");
            }
        }
        assert_eq!(time_zone("Europe/Atlantis"), None);
        assert!(time_zone("UTC").is_some_and(|zone| zone.transitions.is_empty()));
    }
}
