//! Quantities and prices: decimal numbers as shops write them, exact to a millionth.

use crate::settings::DecimalMark;

/// Millionths in one.
const ONE: i64 = 1_000_000;
/// Decimal places of a millionth.
const PLACES: usize = 6;

/// A number read under both conventions, in millionths. `1.234` is `1234` for those who write `1,5`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Number {
    /// Read with a decimal point, or [`Number::NONE`].
    point: i64,
    /// Read with a decimal comma, or [`Number::NONE`].
    comma: i64,
}

impl Number {
    /// No value; far below every one that can be read. There is one number for each item of a log: half the memory of
    /// options.
    const NONE: i64 = i64::MIN;

    /// The number with these readings; `None` without any.
    fn of(point: Option<i64>, comma: Option<i64>) -> Option<Self> {
        let [point, comma] = [point, comma].map(|value| value.unwrap_or(Self::NONE));
        (point != Self::NONE || comma != Self::NONE).then_some(Self { point, comma })
    }

    fn point(self) -> Option<i64> {
        Some(self.point).filter(|&value| value != Self::NONE)
    }

    fn comma(self) -> Option<i64> {
        Some(self.comma).filter(|&value| value != Self::NONE)
    }

    /// The number that `text` writes under `mark`; `None` when it writes none.
    pub(crate) fn read(text: &str, mark: DecimalMark) -> Option<Self> {
        let both = Self::plain(text).or_else(|| Self::general(text))?;
        match mark {
            DecimalMark::Auto => Some(both),
            DecimalMark::Point => Self::of(both.point(), None),
            DecimalMark::Comma => Self::of(None, both.comma()),
        }
    }

    /// Digits with at most one point: nearly every number of a log.
    fn plain(text: &str) -> Option<Self> {
        let mark = text.bytes().position(|byte| byte == b'.');
        let (whole, decimals) = mark.map_or((text, ""), |at| (&text[..at], &text[at + 1..]));
        if mark.is_some() && decimals.is_empty() {
            return None;
        }
        let point = scaled(whole, decimals)?;
        let comma = match decimals.len() {
            0 => Some(point),
            3 if (1..=3).contains(&whole.len()) => point.checked_mul(1000),
            _ => None,
        };
        Self::of(Some(point), comma)
    }

    /// Signs, currencies, grouped thousands, powers of ten.
    fn general(text: &str) -> Option<Self> {
        let is_mark = |c: char| c.is_ascii_digit() || ".,-+('’".contains(c);
        let text = text.trim();
        let core = text.trim_start_matches(|c| !is_mark(c));
        let core = core.trim_end_matches(|c: char| !c.is_ascii_digit() && !".,)-".contains(c));
        let (core, is_negative) = match (core.strip_prefix('('), core.strip_prefix('-')) {
            (Some(inner), _) => (inner.strip_suffix(')')?, true),
            (_, Some(rest)) => (rest, true),
            _ => match core.strip_suffix('-') {
                Some(rest) => (rest, true),
                None => (core.strip_prefix('+').unwrap_or(core), false),
            },
        };
        let core = core.trim_start_matches(|c| !is_mark(c));
        let is_negative = is_negative || text.starts_with('-');
        let sign = |value: i64| if is_negative { -value } else { value };
        if core.contains(['e', 'E']) {
            let value = power(core).map(sign);
            return Self::of(value, value);
        }
        let read = |decimal, group| grouped(core, decimal, group).map(sign);
        Self::of(read('.', ','), read(',', '.'))
    }

    /// Whether the number is above zero. Both readings agree.
    pub(crate) fn is_positive(self) -> bool {
        self.point().or(self.comma()).is_some_and(|value| value > 0)
    }

    /// Which mark alone makes sense of the text, if only one does.
    pub(crate) fn only_mark(self) -> Option<DecimalMark> {
        match (self.point(), self.comma()) {
            (Some(_), None) => Some(DecimalMark::Point),
            (None, Some(_)) => Some(DecimalMark::Comma),
            _ => None,
        }
    }

    /// The value in millionths for a log that writes `mark`.
    pub(crate) fn value(self, mark: DecimalMark) -> Option<i64> {
        match mark {
            DecimalMark::Comma => self.comma().or(self.point()),
            DecimalMark::Auto | DecimalMark::Point => self.point().or(self.comma()),
        }
    }

    /// This divided by `count`, rounded half up to hundredths; `None` by nothing.
    pub(crate) fn per(self, count: Self) -> Option<Self> {
        let divide = |value: Option<i64>, count: Option<i64>| {
            let (value, count) = (i128::from(value?), i128::from(count?));
            if count <= 0 || value < 0 {
                return None;
            }
            let hundredths = (value * 100 + count / 2) / count;
            i64::try_from(hundredths * i128::from(ONE / 100)).ok()
        };
        let (by_point, by_comma) = (count.point(), count.comma());
        Self::of(
            divide(self.point(), by_point.or(by_comma)),
            divide(self.comma(), by_comma.or(by_point)),
        )
    }
}

/// `whole.decimals` in millionths, further decimals rounded half up.
fn scaled(whole: &str, decimals: &str) -> Option<i64> {
    // Twelve digits before the point keep the result within an `i64`.
    if whole.is_empty() || whole.len() > 12 || !is_digits(whole) || !is_digits(decimals) {
        return None;
    }
    let digit = |byte: u8| i64::from(byte - b'0');
    let mut value = whole.bytes().fold(0, |value, byte| value * 10 + digit(byte));
    for place in 0..PLACES {
        value = value * 10 + decimals.as_bytes().get(place).map_or(0, |&byte| digit(byte));
    }
    let rounds_up = decimals.as_bytes().get(PLACES).is_some_and(|&byte| byte >= b'5');
    Some(value + i64::from(rounds_up))
}

fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

/// A number whose thousands may be grouped by `group`, spaces or apostrophes.
fn grouped(text: &str, decimal: char, group: char) -> Option<i64> {
    let (whole, decimals) = text.split_once(decimal).unwrap_or((text, ""));
    let is_group = |c: char| c == group || c == '\'' || c == '’' || c.is_whitespace();
    let mut parts = whole.split(is_group);
    let first = parts.next()?;
    let mut digits = first.to_owned();
    for part in parts {
        if part.len() != 3 || first.is_empty() || first.len() > 3 {
            return None;
        }
        digits.push_str(part);
    }
    if digits.is_empty() && !decimals.is_empty() {
        digits.push('0');
    }
    scaled(&digits, decimals)
}

/// A number with a power of ten, as some tools export large ones.
fn power(text: &str) -> Option<i64> {
    let value: f64 = text.parse().ok()?;
    let millionths = (value * 1e6).round();
    // Cannot fail: the range is checked, and every float below 2^53 is exact.
    #[expect(clippy::cast_possible_truncation, reason = "the range is checked on the line before")]
    (millionths.abs() < 9e15).then_some(millionths as i64)
}

/// How many decimals the prices of a shop are written with at least.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decimals {
    /// Every price is a whole number.
    None,
    /// Some price is not: all have two decimals, or more where they need them.
    Two,
}

impl Decimals {
    /// What the prices of a shop, in millionths, ask for.
    pub(crate) fn of(mut values: impl Iterator<Item = i64>) -> Self {
        if values.any(|value| value % ONE != 0) { Self::Two } else { Self::None }
    }
}

/// A value in millionths as a plain decimal: no zeros at the end beyond what `decimals` asks for.
pub(crate) fn plain_decimal(value: i64, decimals: Decimals) -> String {
    let sign = if value < 0 { "-" } else { "" };
    let (whole, part) = (value.unsigned_abs() / 1_000_000, value.unsigned_abs() % 1_000_000);
    let digits = format!("{part:06}");
    let shown = digits.trim_end_matches('0');
    match (shown.len(), decimals) {
        (0, Decimals::None) => format!("{sign}{whole}"),
        (0..=1, _) => format!("{sign}{whole}.{}", &digits[..2]),
        _ => format!("{sign}{whole}.{shown}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, point: Option<&str>, comma: Option<&str>) {
        let show = |value: Option<i64>| value.map(|value| plain_decimal(value, Decimals::None));
        let number = Number::read(text, DecimalMark::Auto);
        let found =
            number.map_or((None, None), |number| (show(number.point()), show(number.comma())));
        assert_eq!((found.0.as_deref(), found.1.as_deref()), (point, comma), "{text}");
    }

    #[test]
    fn numbers_are_read_under_both_conventions() {
        check("6", Some("6"), Some("6"));
        check("2.55", Some("2.55"), None);
        check("2.950", Some("2.95"), Some("2950"));
        check("2,95", None, Some("2.95"));
        check("1,234", Some("1234"), Some("1.234"));
        check("1,234.50", Some("1234.50"), None);
        check("1.234,50 €", None, Some("1234.50"));
        check("£2.95", Some("2.95"), None);
        check("$ 1,299.00", Some("1299"), None);
        check("EUR 12", Some("12"), Some("12"));
        check("1 234,5", None, Some("1234.50"));
        check("1'234.5", Some("1234.50"), None);
        check("-11062.06", Some("-11062.06"), None);
        check("-£3", Some("-3"), Some("-3"));
        check("(2.95)", Some("-2.95"), None);
        check("3.00-", Some("-3"), None);
        check(".5", Some("0.50"), None);
        check("1e3", Some("1000"), Some("1000"));
        check("2.9500000000000002", Some("2.95"), None);
        check("0.0000005", Some("0.000001"), None);
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in
            ["", "abc", "1.2.3", "12,34,567", "--1", "1234567890123", "1..2", "12a4", "-", "."]
        {
            check(text, None, None);
        }
    }

    #[test]
    fn a_price_a_line_becomes_a_price_a_piece() {
        let read = |text| Number::read(text, DecimalMark::Auto).unwrap();
        let per = |line, count| {
            read(line).per(read(count)).and_then(|unit| unit.value(DecimalMark::Point))
        };
        assert_eq!(per("10.00", "3"), Some(3_330_000));
        assert_eq!(per("0.05", "2"), Some(30_000));
        assert_eq!(per("1", "0"), None);
    }

    #[test]
    fn a_configured_mark_refuses_the_other() {
        assert!(Number::read("2,95", DecimalMark::Point).is_none());
        assert!(Number::read("2.95", DecimalMark::Comma).is_none());
        assert_eq!(Number::read("1.234", DecimalMark::Comma).unwrap().comma(), Some(1_234_000_000));
    }

    #[test]
    fn prices_have_two_decimals_as_soon_as_one_has_any() {
        assert_eq!(Decimals::of([ONE, 3 * ONE].into_iter()), Decimals::None);
        assert_eq!(Decimals::of([ONE, ONE / 2].into_iter()), Decimals::Two);
        for (value, expected) in [(3 * ONE, "3.00"), (2_500_000, "2.50"), (2_955_000, "2.955")] {
            assert_eq!(plain_decimal(value, Decimals::Two), expected);
        }
    }
}
