//! `rules.toml` through the built program: what a build says of it, and what it refuses.

use std::fs;
use std::path::Path;

use expect_test::{Expect, expect};

use crate::tool::{command, run, run_ok};

/// A shop of five orders with brands and stock.
const SALES: &str = "order,user,item,title,price\n\
    1,a,tea-1,Green tea,4.00\n1,a,pot-1,Teapot,20.00\n2,b,tea-1,Green tea,4.00\n2,b,pot-1,Teapot,20.00\n\
    3,c,tea-1,Green tea,4.00\n3,c,tea-2,Black tea,5.00\n4,d,tea-2,Black tea,5.00\n4,d,cup-1,Cup,6.00\n\
    5,e,cup-1,Cup,6.00\n5,e,tea-1,Green tea,4.00\n";
const CATALOG: &str = "id,category,brand,stock\n\
    tea-1,Drinks > Tea,Acme,10\ntea-2,Drinks > Tea,Zenith,0\npot-1,Kitchen,Acme,3\ncup-1,Kitchen,,1\n";
const CONFIG: &str = "[columns]\norder = \"order\"\nuser = \"user\"\nitem = \"item\"\ntitle = \"title\"\n\
    price = \"price\"\n[catalog]\npath = \"catalog.csv\"\nid = \"id\"\ncategory = \"category\"\n\
    brand = \"brand\"\nattributes = [\"stock\", \"price\"]\n[model]\nmin_people = 1\nmin_support = 1\n\
    [rules]\npath = \"rules.toml\"\n";

fn shop(rules: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [
        ("sales.csv", SALES),
        ("catalog.csv", CATALOG),
        ("edgewise.toml", CONFIG),
        ("rules.toml", rules),
    ] {
        fs::write(folder.path().join(name), text).expect("a file is written");
    }
    folder
}

fn path(folder: &Path, name: &str) -> String {
    folder.join(name).to_str().expect("UTF-8").to_owned()
}

/// What a build says of rules on stderr: errors, warnings and the line that counts them.
fn built(folder: &Path) -> String {
    let [sales, config, output] =
        ["sales.csv", "edgewise.toml", "a"].map(|name| path(folder, name));
    let output = run(&["build", &sales, "--config", &config, "-o", &output]);
    let notes =
        String::from_utf8_lossy(&output.stderr).replace(folder.to_str().expect("UTF-8"), "DIR");
    let is_about = |line: &&str| {
        ["rules ", "warning:", "error:", "hint:", "  caused by:"]
            .iter()
            .any(|start| line.starts_with(start))
    };
    notes.lines().filter(is_about).flat_map(|line| [line, "\n"]).collect()
}

#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "reads better where it is called")]
fn check(rules: &str, expected: Expect) {
    expected.assert_eq(&built(shop(rules).path()));
}

#[test]
fn a_build_counts_rules_and_warns_of_those_that_do_nothing() {
    let rule = |name: &str, action: &str| format!("[[rule]]\nname = \"{name}\"\n{action}\n");
    let rules = [
        rule("sold out", "exclude = 'stock = 0'"),
        rule("dear", "set = \"trial\"\nexclude = 'price > 100'"),
        rule("all of it", "include = 'has price'"),
        rule("nothing left", "exclude = 'price < 100'"),
        rule("too weak", "diversity = 0.001"),
    ];
    check(
        &rules.concat(),
        expect![[r"
        rules    5 rules in 2 sets from DIR/rules.toml; `edgewise inspect --rules` shows them
        warning: rule `all of it` leaves no item out
        warning: rule `dear` matches no item
        warning: rule `nothing left` hides every item: where it acts, nothing is shown
        warning: rule `too weak` changes nothing: it is too weak
    "]],
    );
}

#[test]
fn names_that_the_catalogue_lacks_stop_the_build() {
    check(
        "[[rule]]\nname = \"a\"\nexclude = 'brand = \"acme\"'\n",
        expect![[r"
        error: `DIR/rules.toml`, line 3, rule `a`: `exclude` cannot be used
          caused by: no item has the brand `acme`
        hint: did you mean `Acme`?
    "]],
    );
    check(
        "[[rule]]\nname = \"a\"\ninclude = 'category = \"Drinks > Teas\"'\n",
        expect![[r"
        error: `DIR/rules.toml`, line 3, rule `a`: `include` cannot be used
          caused by: no item has the category `Drinks > Teas`
        hint: did you mean `Drinks > Tea` or `Drinks`?
    "]],
    );
    check(
        "[[rule]]\nname = \"a\"\npin = { item = \"tea-3\", position = 1 }\n",
        expect![[r"
        error: `DIR/rules.toml`, line 3, rule `a`: `pin.item` names the item `tea-3`, which is not known
        hint: did you mean `tea-1` or `tea-2`?
    "]],
    );
    check(
        "[[rule]]\nname = \"a\"\nboots = 3\n",
        expect![[r"
        error: `DIR/rules.toml`, line 3, rule `a`: there is no key `boots`
        hint: did you mean `boost`?
    "]],
    );
}

#[test]
fn a_rule_acts_from_its_start_to_its_end_and_when_its_set_is_on() {
    let folder = shop(
        "time_zone = \"Europe/London\"\n[[rule]]\nname = \"summer\"\nset = \"trial\"\n\
         start = 2026-06-01\nend = 2026-06-02\npin = { item = \"cup-1\", position = 1 }\n",
    );
    assert!(built(folder.path()).starts_with("rules "));
    let bundle = path(folder.path(), "a");
    let first = |more: &[&str]| {
        let arguments = [&["recommend", &bundle, "--item", "tea-1", "-k", "1"], more].concat();
        run_ok(&arguments).split_whitespace().nth(1).expect("an item").to_owned()
    };
    let is_pinned = |more: &[&str]| first(more) == "cup-1";
    assert!(is_pinned(&["--at", "2026-05-31T23:00:00Z"]));
    assert!(is_pinned(&["--at", "2026-06-01T22:59:00Z", "--rules", "always,trial"]));
    assert!(!is_pinned(&["--at", "2026-05-31T22:59:00Z"]));
    assert!(!is_pinned(&["--at", "2026-06-01T23:00:00Z"]));
    assert!(!is_pinned(&["--at", "2026-06-01", "--rules", "off"]));
    assert!(!is_pinned(&["--at", "2026-06-01", "--rules", "always"]));
    let wrong = command(&["recommend", &bundle, "--item", "tea-1", "--rules", "trail"]);
    let notes = { wrong }.output().expect("edgewise starts").stderr;
    assert!(String::from_utf8_lossy(&notes).contains("did you mean `trial`?"));
}

#[test]
fn equal_rules_give_equal_bytes_whatever_their_order() {
    let rules = ["a", "b", "c"].map(|name| {
        format!("[[rule]]\nname = \"{name}\"\nboost = {{ factor = 1.3, where = 'stock > 0' }}\n")
    });
    let turned = [&rules[2], "# a comment\n", &rules[0], &rules[1]].map(str::to_owned);
    let bytes = |rules: &str| {
        let folder = shop(rules);
        assert!(built(folder.path()).starts_with("rules "));
        fs::read(folder.path().join("a")).expect("a bundle")
    };
    assert!(bytes(&rules.concat()) == bytes(&turned.concat()));
}
