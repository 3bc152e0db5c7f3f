//! Conditions as people write them: `brand = "Acme" and price < 20 and not category in ("Toys", "Home > Kitchen")`.
//!
//! ```text
//! any    := all { "or" all }
//! all    := one { "and" one }
//! one    := "not" one | "(" any ")" | "has" name | name test
//! test   := ("=" | "!=" | "<" | "<=" | ">" | ">=") value | ["not"] "in" "(" value { "," value } ")"
//! value  := text in single or double quotes | number | [number "*"] "page" | "now"
//! ```
//!
//! Words are in any case. A name with other characters than letters, digits, `_`, `-` and `.` stands in backticks. A text
//! names a value and, where values form a tree, all below it. `page` is the number that the item of the page has of the
//! same attribute; `now` is the minute of the query, counted from 1970-01-01T00:00Z. An item without a value of the
//! attribute fails every test but `!=` and `not in`.

use alloc::vec::Vec;
use core::ops::Range;

use crate::condition::{
    ConditionBuilder, MAX_CONDITION_DEPTH, MAX_CONDITION_WORDS, MILLIONTHS, Word,
};
use crate::ids::AttributeIdx;

/// Longest filter, in bytes.
pub const MAX_FILTER_BYTES: usize = 2_000;

/// What a filter's names mean.
pub trait Names {
    /// The attribute of this name.
    fn attribute(&self, name: &str) -> Option<AttributeIdx>;
    /// Whether its values are numbers.
    fn is_number(&self, attribute: AttributeIdx) -> bool;
    /// The rows of a text's value and of all below it; empty when there is none.
    fn values(&self, attribute: AttributeIdx, text: &str) -> Range<u32>;
    /// How many of the attribute's numbers, ascending, are below a decimal, and how many are not above it. `None`: the
    /// text is no number.
    fn bounds(&self, attribute: AttributeIdx, decimal: &str) -> Option<Range<u32>>;
}

/// Why a filter is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FilterError {
    /// Where, in bytes from the start.
    pub at: usize,
    /// What should stand there.
    pub expected: &'static str,
}

const NAME: &str = "the name of an attribute";

/// The words of a filter. No words for one that is empty.
///
/// # Errors
/// [`FilterError`] names the first place that breaks the grammar, names an attribute that does not exist, or asks of it
/// what its kind has not; it is at the end where the filter is too long or too deep.
// `inline` here and below: compiled where it is called, which is where shells ask for few bytes.
#[inline]
pub fn parse(text: &str, names: &dyn Names) -> Result<Vec<Word>, FilterError> {
    let mut parser = Parser { text, at: 0, depth: 0, names, builder: ConditionBuilder::default() };
    if text.len() > MAX_FILTER_BYTES {
        return Err(FilterError { at: MAX_FILTER_BYTES, expected: "at most 2000 bytes" });
    }
    parser.space();
    if !parser.is_at_end() {
        parser.any()?;
        if !parser.is_at_end() {
            return Err(parser.expected("`and`, `or` or the end"));
        }
    }
    Ok(parser.builder.into_words())
}

/// How a value compares.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Test {
    Equal,
    Below,
    UpTo,
    Above,
    From,
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: u32,
    names: &'t dyn Names,
    builder: ConditionBuilder,
}

impl<'t> Parser<'t> {
    #[inline]
    fn expected(&self, expected: &'static str) -> FilterError {
        FilterError { at: self.at, expected }
    }

    #[inline]
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    #[inline]
    fn is_at_end(&self) -> bool {
        self.rest().is_empty()
    }

    /// Goes on by so many bytes and white space.
    #[inline]
    fn skip(&mut self, n_bytes: usize) {
        self.at += n_bytes;
        self.space();
    }

    #[inline]
    fn space(&mut self) {
        self.at = self.text.len() - self.rest().trim_ascii_start().len();
    }

    /// Takes a sign when it is next.
    #[inline]
    fn has(&mut self, sign: &str) -> bool {
        let is_next = self.rest().starts_with(sign);
        if is_next {
            self.skip(sign.len());
        }
        is_next
    }

    /// The letters, digits and a few signs that are next.
    #[inline]
    fn peek_word(&self) -> &'t str {
        let is_part =
            |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.".contains(byte) || *byte >= 0x80;
        let rest = self.rest();
        let n_bytes = rest.bytes().take_while(|byte| is_part(byte)).count();
        rest.get(..n_bytes).unwrap_or("")
    }

    /// Takes a word of the grammar when it is next.
    #[inline]
    fn has_word(&mut self, word: &str) -> bool {
        let found = self.peek_word();
        let is_next = found.eq_ignore_ascii_case(word);
        if is_next {
            self.skip(found.len());
        }
        is_next
    }

    /// What stands between two of the same sign.
    #[inline]
    fn quoted(&mut self, sign: char) -> Option<&'t str> {
        let inner = self.rest().strip_prefix(sign)?;
        let (inner, _) = inner.split_once(sign)?;
        self.skip(inner.len() + 2);
        Some(inner)
    }

    #[inline]
    fn any(&mut self) -> Result<(), FilterError> {
        self.all()?;
        while self.has_word("or") {
            self.all()?;
            self.builder.or();
        }
        Ok(())
    }

    #[inline]
    fn all(&mut self) -> Result<(), FilterError> {
        self.one()?;
        while self.has_word("and") {
            self.one()?;
            self.builder.and();
        }
        Ok(())
    }

    #[inline]
    fn one(&mut self) -> Result<(), FilterError> {
        self.depth += 1;
        if self.depth >= MAX_CONDITION_DEPTH || self.builder.words().len() + 8 > MAX_CONDITION_WORDS
        {
            return Err(self.expected("a shorter filter"));
        }
        if self.has_word("not") {
            self.one()?;
            self.builder.not();
        } else if self.has("(") {
            self.any()?;
            if !self.has(")") {
                return Err(self.expected("`)`"));
            }
        } else {
            let is_any = self.has_word("has");
            let attribute = self.name()?;
            if is_any {
                self.builder.has_value(attribute, 0..u32::MAX);
            } else {
                self.test(attribute)?;
            }
        }
        self.depth -= 1;
        Ok(())
    }

    #[inline]
    fn name(&mut self) -> Result<AttributeIdx, FilterError> {
        let at = self.at;
        let name = self.quoted('`').unwrap_or_else(|| {
            let word = self.peek_word();
            self.skip(word.len());
            word
        });
        self.names.attribute(name).ok_or(FilterError { at, expected: NAME })
    }

    #[inline]
    fn test(&mut self, attribute: AttributeIdx) -> Result<(), FilterError> {
        let signs = [
            ("!=", Test::Equal),
            ("<=", Test::UpTo),
            (">=", Test::From),
            ("=", Test::Equal),
            ("<", Test::Below),
            (">", Test::Above),
        ];
        for (number, (sign, test)) in signs.into_iter().enumerate() {
            if self.has(sign) {
                self.value(attribute, test)?;
                if number == 0 {
                    self.builder.not();
                }
                return Ok(());
            }
        }
        let is_not = self.has_word("not");
        if !self.has_word("in") {
            return Err(self.expected("`=`, `!=`, `<`, `<=`, `>`, `>=`, `in` or `not in`"));
        }
        self.list(attribute)?;
        if is_not {
            self.builder.not();
        }
        Ok(())
    }

    #[inline]
    fn list(&mut self, attribute: AttributeIdx) -> Result<(), FilterError> {
        if !self.has("(") {
            return Err(self.expected("`(`"));
        }
        self.value(attribute, Test::Equal)?;
        while self.has(",") {
            if self.builder.words().len() + 8 > MAX_CONDITION_WORDS {
                return Err(self.expected("a shorter filter"));
            }
            self.value(attribute, Test::Equal)?;
            self.builder.or();
        }
        if self.has(")") { Ok(()) } else { Err(self.expected("`,` or `)`")) }
    }

    #[inline]
    fn value(&mut self, attribute: AttributeIdx, test: Test) -> Result<(), FilterError> {
        if !self.names.is_number(attribute) {
            let quoted = self.quoted('"').or_else(|| self.quoted('\''));
            let Some(quoted) = quoted.filter(|_| test == Test::Equal) else {
                return Err(self.expected("a text in quotes, and `=`, `!=` or `in` before it"));
            };
            self.builder.has_value(attribute, self.names.values(attribute, quoted));
            return Ok(());
        }
        if self.has_word("now") {
            match test {
                Test::UpTo => self.builder.has_come(attribute),
                Test::Above => self.builder.is_to_come(attribute),
                _ => return Err(self.expected("`<=` or `>` before `now`")),
            }
            return Ok(());
        }
        let wrong = self.expected("a number, `page`, or a number, `*` and `page`");
        let number = self.peek_word();
        let is_page = number.eq_ignore_ascii_case("page");
        self.skip(number.len());
        if is_page || self.has("*") {
            let share = if is_page { Some(MILLIONTHS) } else { millionths(number) };
            let share = share.and_then(|share| u32::try_from(share).ok()).ok_or(wrong)?;
            if !is_page && !self.has_word("page") {
                return Err(self.expected("`page`"));
            }
            self.builder.is_in_band(attribute, band(test, share));
            return Ok(());
        }
        let bounds = self.names.bounds(attribute, number).ok_or(wrong)?;
        let values = match test {
            Test::Equal => bounds,
            Test::Below => 0..bounds.start,
            Test::UpTo => 0..bounds.end,
            Test::Above => bounds.end..u32::MAX,
            Test::From => bounds.start..u32::MAX,
        };
        self.builder.has_value(attribute, values);
        Ok(())
    }
}

/// The shares that pass a test against one share.
#[inline]
fn band(test: Test, share: u32) -> Range<u32> {
    let above = share.saturating_add(1);
    match test {
        Test::Equal => share..above,
        Test::Below => 0..share,
        Test::UpTo => 0..above,
        Test::Above => above..u32::MAX,
        Test::From => share..u32::MAX,
    }
}

/// A decimal of at most six places in millionths.
#[inline]
fn millionths(decimal: &str) -> Option<u64> {
    scaled(decimal, 6)
}

/// A plain decimal in units of `10^-places`; `None` when it is none, or has more places than that are not zero.
#[inline]
pub fn scaled(decimal: &str, places: u32) -> Option<u64> {
    let (whole, fraction) = decimal.split_once('.').unwrap_or((decimal, ""));
    let fraction = fraction.trim_end_matches('0');
    let n_missing = places.checked_sub(u32::try_from(fraction.len()).ok()?)?;
    let mut number = 0u64;
    let is_empty = whole.is_empty() && fraction.is_empty();
    for byte in whole.bytes().chain(fraction.bytes()) {
        let digit = byte.is_ascii_digit().then(|| u64::from(byte - b'0'))?;
        number = number.checked_mul(10)?.checked_add(digit)?;
    }
    number.checked_mul(10u64.checked_pow(n_missing)?).filter(|_| !is_empty)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::String;

    /// Attributes `category` (texts), `price` (numbers 0.99, 1.5, 20 with two decimals) and `net price` (numbers).
    struct Toy;

    impl Names for Toy {
        fn attribute(&self, name: &str) -> Option<AttributeIdx> {
            let row = ["category", "price", "net price"].iter().position(|known| *known == name)?;
            u32::try_from(row).ok().map(AttributeIdx)
        }

        fn is_number(&self, attribute: AttributeIdx) -> bool {
            attribute.0 > 0
        }

        fn values(&self, _: AttributeIdx, text: &str) -> Range<u32> {
            match text {
                "Home" => 0..3,
                "Home > Kitchen" => 1..2,
                "Toys" => 3..4,
                _ => 0..0,
            }
        }

        fn bounds(&self, _: AttributeIdx, decimal: &str) -> Option<Range<u32>> {
            let wanted = scaled(decimal, 3)?;
            let below = |limit: u64| [990, 1_500, 20_000].iter().filter(|&&n| n < limit).count();
            Some(u32::try_from(below(wanted)).ok()?..u32::try_from(below(wanted + 1)).ok()?)
        }
    }

    fn built(make: impl FnOnce(&mut ConditionBuilder)) -> Vec<Word> {
        let mut builder = ConditionBuilder::default();
        make(&mut builder);
        builder.into_words()
    }

    const CATEGORY: AttributeIdx = AttributeIdx(0);
    const PRICE: AttributeIdx = AttributeIdx(1);

    #[test]
    fn or_binds_weaker_than_and_and_not_binds_tightest() {
        let found =
            parse(r#"category = "Toys" or not category = 'Home > Kitchen' AND price < 1.5"#, &Toy);
        let expected = built(|b| {
            b.has_value(CATEGORY, 3..4);
            b.has_value(CATEGORY, 1..2);
            b.not();
            b.has_value(PRICE, 0..1);
            b.and();
            b.or();
        });
        assert_eq!(found, Ok(expected));
    }

    #[test]
    fn every_test_has_its_range() {
        let ranges = [
            ("price < 1.5", 0..1),
            ("price <= 1.50", 0..2),
            ("price > 1.5", 2..u32::MAX),
            ("price >= 1.5", 1..u32::MAX),
            ("price = 1.5", 1..2),
            ("price=7", 2..2),
            ("`net price` = 0.99", 0..1),
            ("has price", 0..u32::MAX),
            ("(price > 20)", 3..u32::MAX),
        ];
        for (text, range) in ranges {
            let attribute = if text.starts_with('`') { AttributeIdx(2) } else { PRICE };
            assert_eq!(parse(text, &Toy), Ok(built(|b| b.has_value(attribute, range))), "{text}");
        }
        let listed = built(|b| {
            b.has_value(CATEGORY, 3..4);
            b.has_value(CATEGORY, 0..3);
            b.or();
            b.not();
        });
        assert_eq!(parse(r#"category not in ("Toys", "Home")"#, &Toy), Ok(listed));
        let other = built(|b| {
            b.has_value(CATEGORY, 0..0);
            b.not();
        });
        assert_eq!(parse("category != 'Garden'", &Toy), Ok(other));
        assert_eq!(parse("  ", &Toy), Ok(Vec::new()));
    }

    #[test]
    fn numbers_compare_with_the_page_and_with_now() {
        let bands = [
            ("price < page", 0..1_000_000),
            ("price <= 1.25 * page", 0..1_250_001),
            ("price > page", 1_000_001..u32::MAX),
            ("price >= .8*page", 800_000..u32::MAX),
            ("price = page", 1_000_000..1_000_001),
        ];
        for (text, share) in bands {
            assert_eq!(parse(text, &Toy), Ok(built(|b| b.is_in_band(PRICE, share))), "{text}");
        }
        assert_eq!(parse("price <= now", &Toy), Ok(built(|b| b.has_come(PRICE))));
        assert_eq!(parse("price > NOW", &Toy), Ok(built(|b| b.is_to_come(PRICE))));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let wrong = [
            ("colour = 1", 0, NAME),
            ("price", 5, "`=`, `!=`, `<`, `<=`, `>`, `>=`, `in` or `not in`"),
            ("price < cheap", 8, "a number, `page`, or a number, `*` and `page`"),
            ("price < 5 *", 11, "`page`"),
            ("price < now", 11, "`<=` or `>` before `now`"),
            ("category < \"Toys\"", 17, "a text in quotes, and `=`, `!=` or `in` before it"),
            ("category = Toys", 11, "a text in quotes, and `=`, `!=` or `in` before it"),
            ("category in \"Toys\"", 12, "`(`"),
            ("category in ('Toys' 'Home')", 20, "`,` or `)`"),
            ("(price < 5", 10, "`)`"),
            ("price < 5 price", 10, "`and`, `or` or the end"),
            ("price < 5 and", 13, NAME),
        ];
        for (text, at, expected) in wrong {
            assert_eq!(parse(text, &Toy), Err(FilterError { at, expected }), "{text}");
        }
    }

    #[test]
    fn length_and_depth_are_bounded() {
        let deep = format!("{}price < 5{}", "(".repeat(40), ")".repeat(40));
        assert_eq!(parse(&deep, &Toy).map_err(|error| error.expected), Err("a shorter filter"));
        let items: String = "'Toys',".repeat(200);
        let long = format!("category in ({items}'Toys')");
        assert_eq!(parse(&long, &Toy).map_err(|error| error.expected), Err("a shorter filter"));
        let tests: String = "has price and ".repeat(130);
        let long = format!("{tests}has price");
        assert_eq!(parse(&long, &Toy).map_err(|error| error.expected), Err("a shorter filter"));
        assert_eq!(parse(&" ".repeat(2_001), &Toy).map_err(|error| error.at), Err(2_000));
        // Whatever is accepted is sound.
        for text in ["has price", "not (price < 5 or has category) and price > page"] {
            let words = parse(text, &Toy).expect("a filter");
            assert!(crate::condition::Condition(&words).is_sound(3), "{text}");
        }
    }
}
