//! Every key of `rules.toml`, what it becomes, and what is said of every mistake.

use std::error::Error as _;
use std::ops::Range;
use std::path::Path;

use edgewise_core::condition::{Condition, ConditionBuilder, Word};
use edgewise_core::filter::{Names, scaled};
use edgewise_core::policy::{Action, Policy, Rule};
use edgewise_core::{AttributeIdx, ItemIdx, PolicyValues};
use expect_test::{Expect, expect};

use super::RuleFile;
use crate::vocabulary::Vocabulary;

/// Categories in a tree, brands, prices of two decimals, and times in minutes.
struct Toy;

const ATTRIBUTES: [&str; 4] = ["category", "brand", "price", "from"];
const CATEGORIES: [&str; 3] = ["Home", "Home > Kitchen", "Toys"];
const BRANDS: [&str; 3] = ["Acme", "Acme Home", "Zenith"];
const PRICES: [u32; 3] = [99, 150, 2_000];
const CATEGORY: AttributeIdx = AttributeIdx(0);
const BRAND: AttributeIdx = AttributeIdx(1);
const PRICE: AttributeIdx = AttributeIdx(2);
const FROM: AttributeIdx = AttributeIdx(3);

impl Names for Toy {
    fn attribute(&self, name: &str) -> Option<AttributeIdx> {
        let row = ATTRIBUTES.iter().position(|known| *known == name)?;
        Some(AttributeIdx(u32::try_from(row).ok()?))
    }

    fn is_number(&self, attribute: AttributeIdx) -> bool {
        attribute.0 > 1
    }

    fn values(&self, attribute: AttributeIdx, text: &str) -> Range<u32> {
        let rows = (0..).zip(self.texts(attribute)).filter(|(_, known)| known.starts_with(text));
        let rows: Vec<u32> = rows.map(|row| row.0).collect();
        let is_known = self.texts(attribute).iter().any(|known| known == text);
        rows.first().zip(rows.last()).filter(|_| is_known).map_or(0..0, |(a, b)| *a..b + 1)
    }

    fn bounds(&self, _: AttributeIdx, decimal: &str) -> Option<Range<u32>> {
        let wanted = u32::try_from(scaled(decimal, 2)?).ok()?;
        let below = |limit: u32| PRICES.iter().filter(|&&price| price < limit).count();
        Some(u32::try_from(below(wanted)).ok()?..u32::try_from(below(wanted + 1)).ok()?)
    }
}

impl Vocabulary for Toy {
    fn attributes(&self) -> Vec<String> {
        ATTRIBUTES.map(str::to_owned).to_vec()
    }

    fn texts(&self, attribute: AttributeIdx) -> Vec<String> {
        match attribute.0 {
            0 => CATEGORIES.map(str::to_owned).to_vec(),
            1 => BRANDS.map(str::to_owned).to_vec(),
            _ => Vec::new(),
        }
    }

    fn decimals(&self, attribute: AttributeIdx) -> Option<u8> {
        [None, None, Some(2), Some(0)].get(attribute.0 as usize).copied().flatten()
    }

    fn numbers(&self, _: AttributeIdx) -> Vec<String> {
        Vec::new()
    }

    fn item(&self, id: &str) -> Option<ItemIdx> {
        self.ids()
            .iter()
            .position(|known| known == id)
            .map(|row| ItemIdx(u32::try_from(row).unwrap()))
    }

    fn ids(&self) -> Vec<String> {
        ["tea-1", "tea-2", "kettle"].map(str::to_owned).to_vec()
    }
}

fn compiled(text: &str) -> PolicyValues {
    let file = RuleFile::parse(text, Path::new("rules.toml")).expect("a file of rules");
    file.compile(&Toy).expect("names that are known")
}

/// The words of a rule that acts always and everywhere.
fn words(action: Action, make: impl FnOnce(&mut ConditionBuilder)) -> Vec<Word> {
    let mut builder = ConditionBuilder::default();
    make(&mut builder);
    let mut words = Vec::new();
    Rule {
        action,
        placements: u8::MAX,
        set: 0,
        from_minute: 0,
        until_minute: u32::MAX,
        condition: Condition(builder.words()),
    }
    .put(&mut words);
    words
}

/// One rule that has nothing but an action.
#[track_caller]
fn check(action: &str, expected: &[Word]) {
    let values = compiled(&format!("[[rule]]\nname = \"only one\"\n{action}"));
    assert_eq!(values.words, expected, "{action}");
    let rules = Policy(&values.words).rules();
    assert!(rules.into_iter().all(|rule| rule.is_sound(3, 4)), "{action}");
}

#[test]
fn filters_keep_and_drop_what_they_name() {
    let kitchen = |b: &mut ConditionBuilder| b.has_value(CATEGORY, 1..2);
    check("include = 'category = \"Home > Kitchen\"'", &words(Action::Keep, kitchen));
    let both = |b: &mut ConditionBuilder| {
        b.has_value(CATEGORY, 0..2);
        b.has_value(PRICE, 0..2);
        b.and();
    };
    check("exclude = 'category = \"Home\" and price < 20'", &words(Action::Drop, both));
}

#[test]
fn factors_are_256ths() {
    let acme = |b: &mut ConditionBuilder| b.has_value(BRAND, 0..2);
    check("boost = { factor = 1.5, where = 'brand = \"Acme\"' }", &words(Action::Boost(384), acme));
    check(
        "boost = { factor = 256, where = 'brand = \"Acme\"' }",
        &words(Action::Boost(65_536), acme),
    );
    check("bury = { factor = 0.1, where = 'brand = \"Acme\"' }", &words(Action::Boost(26), acme));
    check("bury = { factor = 0, where = 'brand = \"Acme\"' }", &words(Action::Boost(0), acme));
}

#[test]
fn pins_caps_and_mixing_have_their_numbers() {
    let nothing = |_: &mut ConditionBuilder| {};
    let pin = Action::Pin { item: ItemIdx(2), position: 3 };
    check("pin = { item = \"kettle\", position = 3 }", &words(pin, nothing));
    check(
        "cap = { attribute = \"brand\", most = 2 }",
        &words(Action::Cap { attribute: BRAND, n: 2 }, nothing),
    );
    check("diversity = 0.3", &words(Action::Diversity(77), nothing));
    let rotate = |period_minutes| Action::Rotate { strength: 128, period_minutes };
    check("rotation = { strength = 0.5 }", &words(rotate(0), nothing));
    check("rotation = { strength = 0.5, every = \"1 day\" }", &words(rotate(1_440), nothing));
    check("hide_purchased_days = 30", &words(Action::HidePurchased { days: 30 }, nothing));
}

#[test]
fn bands_are_millionths_and_hold_both_ends() {
    let band = |share: Range<u32>| words(Action::Keep, |b| b.is_in_band(PRICE, share));
    check("price_band = { from = 0.8, to = 1.25 }", &band(800_000..1_250_001));
    check("price_band = { to = 2 }", &band(0..2_000_001));
    check("price_band = { from = 0.5 }", &band(500_000..u32::MAX));
    check("only = \"cheaper\"", &band(0..1_000_000));
    check("only = \"dearer\"", &band(1_000_001..u32::MAX));
}

#[test]
fn windows_let_through_what_has_none() {
    let both = |b: &mut ConditionBuilder| {
        b.is_to_come(FROM);
        b.not();
        b.has_come(FROM);
        b.not();
        b.and();
    };
    check("available_between = { from = \"from\", until = \"from\" }", &words(Action::Keep, both));
    let until = |b: &mut ConditionBuilder| {
        b.has_come(FROM);
        b.not();
    };
    check("available_between = { until = \"from\" }", &words(Action::Keep, until));
}

#[test]
fn a_rule_has_its_places_its_days_and_its_set() {
    let values = compiled(
        "time_zone = \"Europe/London\"\n[[rule]]\nname = \"summer\"\nset = \"season\"\nplacements = [\"item\", \"cart\"]\n\
         start = 2026-06-01\nend = 2026-06-02T12:30:00\ndiversity = 1",
    );
    let rule = Policy(&values.words).rules().next().unwrap();
    assert_eq!((rule.placements, rule.set), (0b101, 1));
    assert_eq!(values.sets, ["always", "season"]);
    assert_eq!(rule.until_minute - rule.from_minute, 36 * 60 + 30);
    // 2026-05-31T23:00Z
    assert_eq!(rule.from_minute, 29_671_140);
}

#[test]
fn neither_comments_nor_the_order_of_keys_and_rules_reach_the_words() {
    let rules = [
        "[[rule]]\nname = \"b\"\nset = \"two\"\ndiversity = 0.5\n",
        "[[rule]]\nname = \"a\"\nset = \"one\"\nplacements = [\"home\"]\ncap = { attribute = \"brand\", most = 2 }\n",
        "[[rule]]\nname = \"z\"\npin = { item = \"tea-1\", position = 1 }\n",
    ];
    let turned = [
        "[[rule]] # again\npin = { position = 1, item = 'tea-1' }\nname = \"z\"\n",
        "[[rule]]\ncap = { most = 2, attribute = \"brand\" }\nplacements = [\"home\"]\nname = \"a\"\nset = \"one\"\n",
        "[[rule]]\n# half\ndiversity = 0.50\nset = 'two'\nname = 'b'\n",
    ];
    let values = compiled(&rules.concat());
    assert_eq!(values, compiled(&turned.concat()));
    assert_eq!((values.rules, values.sets.len()), (["z", "a", "b"].map(str::to_owned).to_vec(), 3));
}

#[test]
fn pins_of_one_position_keep_the_order_of_the_file() {
    let pin = |name, item| {
        format!("[[rule]]\nname = \"{name}\"\npin = {{ item = \"{item}\", position = 1 }}\n")
    };
    let values = compiled(&(pin("z", "tea-1") + &pin("a", "tea-2")));
    assert_eq!(values.rules, ["z", "a"]);
}

/// What is said of a file, and its hint.
#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "reads better where it is called")]
fn refused(text: &str, expected: Expect) {
    let file = RuleFile::parse(text, Path::new("rules.toml"));
    let error = file.and_then(|file| file.compile(&Toy)).expect_err("a mistake");
    let cause = error.source().map(|cause| format!("\n  {cause}")).unwrap_or_default();
    let hint = error.hint().map(|hint| format!("\nhint: {hint}")).unwrap_or_default();
    expected.assert_eq(&format!("{error}{cause}{hint}"));
}

fn with(line: &str) -> String {
    format!("[[rule]]\nname = \"one\"\n{line}\n")
}

#[test]
fn a_mistake_in_a_key_names_the_nearest_one() {
    refused(
        &with("boots = 2"),
        expect![[r"
        `rules.toml`, line 3, rule `one`: there is no key `boots`
        hint: did you mean `boost`?"]],
    );
    refused(
        &with("boost = { factr = 2 }"),
        expect![[r"
            `rules.toml`, line 3, rule `one`: there is no key `boost.factr`
            hint: did you mean `factor`?"]],
    );
    refused(
        "timezone = \"UTC\"",
        expect![[r"
        `rules.toml`, line 1: there is no key `timezone`
        hint: did you mean `time_zone`?"]],
    );
    refused(
        "time_zone = \"Europe/Londn\"",
        expect![[r"
            `rules.toml`, line 1: `time_zone` names the time zone `Europe/Londn`, which is not known
            hint: did you mean `Europe/London`, `Europe/Lisbon` or `Europe/Tallinn`?"]],
    );
}

#[test]
fn a_rule_has_one_action_and_a_name_of_its_own() {
    refused(
        &with("set = \"sale\""),
        expect![[r"
        `rules.toml`, line 1, rule `one`: found no action, expected one action
        hint: the actions are `include`, `exclude`, `boost`, `bury`, `pin`, `cap`, `price_band`, `only`, `available_between`, `hide_purchased_days`, `diversity`, `rotation`"]],
    );
    refused(
        &with("diversity = 1\nonly = \"cheaper\""),
        expect![[r"
        `rules.toml`, line 1, rule `one`: found the actions `only`, `diversity`, expected one action
        hint: write a rule for each; rules of one set act together"]],
    );
    refused(
        &(with("diversity = 1") + &with("diversity = 0.5")),
        expect![[r"
        `rules.toml`, line 4, rule `one`: line 1 has a rule of this name
        hint: answers say by its name which rule acted: give every rule its own"]],
    );
    refused(
        "[[rule]]\ndiversity = 1",
        expect![[
            r#"`rules.toml`, line 1: `name` is missing, expected a name of its own, such as "sold out""#
        ]],
    );
    refused(
        "[rule]\ndiversity = 1",
        expect!["`rules.toml`, line 1: `rule` is `[rule]`, expected tables, each under `[[rule]]`"],
    );
}

#[test]
fn a_value_out_of_range_is_shown_as_it_is_written() {
    refused(
        &with("boost = { factor = 0.5, where = 'brand = \"Acme\"' }"),
        expect![
            "`rules.toml`, line 3, rule `one`: `boost.factor` is `0.5`, expected a factor from 1 to 256"
        ],
    );
    refused(
        &with("boost = { factor = 2 }"),
        expect![[
            r#"`rules.toml`, line 3, rule `one`: `boost.where` is missing, expected a filter such as 'brand = "Acme"'"#
        ]],
    );
    refused(
        &with("pin = { item = \"kettle\", position = 0 }"),
        expect![
            "`rules.toml`, line 3, rule `one`: `pin.position` is `0`, expected a position from 1 to 100"
        ],
    );
    refused(
        &with("diversity = \"much\""),
        expect![
            "`rules.toml`, line 3, rule `one`: `diversity` is `much`, expected a strength from 0 to 1"
        ],
    );
    refused(
        &with("rotation = { strength = 0.5, every = \"daily\" }"),
        expect![[
            r#"`rules.toml`, line 3, rule `one`: `rotation.every` is `daily`, expected a time of whole minutes such as "1 day" or "6 hours", at most 366 days"#
        ]],
    );
    refused(
        &with("price_band = { from = 1.2, to = 0.8 }"),
        expect![
            "`rules.toml`, line 3, rule `one`: `price_band.to` is `0.8`, expected a share from that of `from` on"
        ],
    );
    refused(
        &with("placements = [\"basket\"]\ndiversity = 1"),
        expect![[
            r#"`rules.toml`, line 3, rule `one`: `placements` is `["basket"]`, expected a list of `item`, `together`, `cart`, `home`, `popular` and `trending`"#
        ]],
    );
    refused(
        &with("start = \"2026-12-01\"\ndiversity = 1"),
        expect![
            "`rules.toml`, line 3, rule `one`: `start` is `2026-12-01`, expected a date from 1970 on such as 2026-12-01, or a time of whole minutes such as 2026-12-01T08:30:00, without quotes"
        ],
    );
    refused(
        &with("start = 2026-12-02\nend = 2026-12-02\ndiversity = 1"),
        expect![
            "`rules.toml`, line 4, rule `one`: `end` is `2026-12-02`, expected a time after `start`; the rule stops as it begins"
        ],
    );
}

#[test]
fn a_name_that_the_catalogue_lacks_is_asked_about() {
    refused(
        &with("exclude = 'category = \"home > kitchn\"'"),
        expect![[r"
        `rules.toml`, line 3, rule `one`: `exclude` cannot be used
          no item has the category `home > kitchn`
        hint: did you mean `Home > Kitchen` or `Home`?"]],
    );
    refused(
        &with("exclude = 'brand in (\"Acme\", \"zenith\")'"),
        expect![[r"
        `rules.toml`, line 3, rule `one`: `exclude` cannot be used
          no item has the brand `zenith`
        hint: did you mean `Zenith`?"]],
    );
    refused(
        &with("exclude = 'brnd = \"Acme\"'"),
        expect![[r"
        `rules.toml`, line 3, rule `one`: `exclude` cannot be used
          `brnd` is no attribute of the catalogue
        hint: did you mean `brand`?"]],
    );
    refused(
        &with("pin = { item = \"TEA-1\", position = 1 }"),
        expect![[r"
            `rules.toml`, line 3, rule `one`: `pin.item` names the item `TEA-1`, which is not known
            hint: did you mean `tea-1` or `tea-2`?"]],
    );
    refused(
        &with("cap = { attribute = \"colour\", most = 1 }"),
        expect![[r"
            `rules.toml`, line 3, rule `one`: `cap.attribute` names the attribute `colour`, which is not known
            hint: nothing that is known as attribute is like it"]],
    );
    refused(
        &with("available_between = { from = \"price\" }"),
        expect![
            "`rules.toml`, line 3, rule `one`: `available_between.from` is `price`, expected an attribute of whole minutes since 1970-01-01T00:00Z"
        ],
    );
    refused(
        &with("price_band = { from = 1, attribute = \"brand\" }"),
        expect![
            "`rules.toml`, line 3, rule `one`: `price_band` is `brand`, expected an attribute of numbers"
        ],
    );
}

#[test]
fn a_filter_that_is_none_says_where() {
    refused(
        &with("exclude = '(price > 3'"),
        expect![[r#"
        `rules.toml`, line 3, rule `one`: `exclude` cannot be used
          character 11: found the end, expected `)`
        hint: filters read like `category = "Bags" and not price > 20`; docs/rules.md has their grammar"#]],
    );
    refused(
        &with("exclude = 'price ~ 3'"),
        expect![[r#"
        `rules.toml`, line 3, rule `one`: `exclude` cannot be used
          character 7: found `~ 3`, expected `=`, `!=`, `<`, `<=`, `>`, `>=`, `in` or `not in`
        hint: filters read like `category = "Bags" and not price > 20`; docs/rules.md has their grammar"#]],
    );
    refused(
        &with("exclude = ''"),
        expect![[
            r#"`rules.toml`, line 3, rule `one`: `exclude` is ``, expected a filter such as 'category = "Bags"'"#
        ]],
    );
    refused(
        "[[rule]\n",
        expect![[r"
        the rules `rules.toml` cannot be understood
          TOML parse error at line 1, column 8
          |
        1 | [[rule]
          |        ^
        unclosed array table, expected `]`

        hint: docs/rules.md shows every key and how it is written"]],
    );
}

#[test]
fn there_are_at_most_256_rules() {
    let rules: Vec<String> =
        (0..257).map(|n| format!("[[rule]]\nname = \"{n}\"\ndiversity = 1\n")).collect();
    refused(
        &rules.concat(),
        expect!["the rules `rules.toml` have 257 rules, expected at most 256"],
    );
}
