//! Experiments as they are written, and as they are refused.

use edgewise_core::{Relation, Source};

use super::super::file;
use super::*;

const EXPERIMENT: &str = r#"
    [[experiment]]
    name = "blend"
    placements = ["home", "cart"]
    start = 2026-12-01
    end = "2026-12-31T09:00:00+01:00"
    [[experiment.variant]]
    name = "control"
    share = 0.5
    [[experiment.variant]]
    name = "companions"
    share = 0.2501
    rules = []
    decays = [[200, 100], [256]]
    ladders.home = ["3 together from history by 0 + 1 similar from cart by 1", "popular in everyone"]
"#;

fn fit(text: &str) -> Result<(Experiments, Scoring), ConfigError> {
    let text = format!("[source]\npaths = ['a.csv']\n[columns]\nitem = 'sku'\n{text}");
    let config = file::parse(&text, Path::new("shop/edgewise.toml"), &[])?;
    let mut scoring = Scoring::standard();
    config.experiments.fit(&mut scoring).map(|experiments| (experiments, scoring))
}

#[test]
fn every_key_reaches_the_bundle() {
    let (experiments, scoring) = fit(EXPERIMENT).unwrap();
    let [found] = experiments.as_slice() else { panic!("one experiment") };
    assert_eq!((found.name.as_str(), found.salt.as_str()), ("blend", "blend"));
    assert_eq!(found.placements, [Placement::Home, Placement::Cart].into_iter().collect());
    assert_eq!(found.period, Period { start_s: 1_796_083_200, end_s: 1_798_704_000 });
    let [control, companions] = found.variants.as_slice() else { panic!("two variants") };
    assert_eq!((control.share, control.rules, control.ladders.len()), (5_000, ALL_RULE_SETS, 0));
    assert_eq!((companions.share, companions.rules), (2_501, 0));
    let [(Placement::Home, ladder)] = companions.ladders.as_slice() else { panic!("a ladder") };
    let Some(Rung::Related(terms)) = ladder.first() else { panic!("a rung of terms") };
    // The standard tables have two decays, of which the first is the level one.
    let seen: Vec<_> = terms.iter().map(|term| (term.relation, term.from, term.decay)).collect();
    let expected = [(Relation::Together, Source::History, 2), (Relation::Similar, Source::Cart, 0)];
    assert_eq!(seen, expected);
    assert_eq!(scoring.tables().decays[2], [200, 100]);
}

#[test]
fn without_experiments_the_tables_stay_as_they_are() {
    let (experiments, scoring) = fit("").unwrap();
    assert_eq!((experiments, scoring), (Experiments::default(), Scoring::standard()));
}

#[test]
fn a_salt_and_open_ends_may_be_left_out_and_written() {
    let text = EXPERIMENT.replace("start = 2026-12-01", "salt = \"second draw\"");
    let (experiments, _) = fit(&text).unwrap();
    let found = &experiments.as_slice()[0];
    assert_eq!((found.salt.as_str(), found.period.start_s), ("second draw", 0));
}

#[test]
fn what_cannot_be_is_named_with_its_place() {
    for (from, to, expected) in [
        (
            "share = 0.5",
            "share = 0.00005",
            "`experiment.blend.control.share` in `shop/edgewise.toml` is `0.00005`",
        ),
        (
            "share = 0.5",
            "share = 0.8",
            "`experiment.blend.variant` in `shop/edgewise.toml` is `1.0501`, expected shares of at most",
        ),
        (
            "\"home\", \"cart\"",
            "\"attic\"",
            "`experiment.blend.placements` in `shop/edgewise.toml` is `attic`",
        ),
        ("\"home\", \"cart\"", "", "expected one or more of"),
        (
            "\"home\", \"cart\"",
            "\"cart\"",
            "`experiment.blend.companions.ladders` in `shop/edgewise.toml` is `home`",
        ),
        (
            "start = 2026-12-01",
            "start = 2027-01-01",
            "`experiment.blend.end` in `shop/edgewise.toml` is `2026-12-31T09:00:00+01:00`, expected a time after `start`",
        ),
        ("start = 2026-12-01", "start = 09:00:00", "is `09:00:00`, expected a date"),
        ("start = 2026-12-01", "start = 1", "is `1`, expected a date"),
        (
            "rules = []",
            "rules = ['spring']",
            "`experiment.blend.companions.rules` in `shop/edgewise.toml` is `spring`",
        ),
        ("name = \"companions\"", "name = \"control\"", "`experiment.blend.name`"),
        ("name = \"companions\"", "name = \"\"", "`experiment.blend.variant name`"),
        (
            "from history by 0",
            "from attic by 0",
            "`experiment.blend.companions.ladders` in `shop/edgewise.toml` is `3 together",
        ),
        ("from history by 0", "from history by 2", "`experiment.blend.ladders`"),
    ] {
        assert!(EXPERIMENT.contains(from), "{from}");
        let error = fit(&EXPERIMENT.replace(from, to)).unwrap_err().to_string();
        assert!(error.contains(expected), "{to}: {error}");
    }
    let second = EXPERIMENT.replace("\"blend\"", "\"other\"");
    let error = fit(&format!("{EXPERIMENT}{second}")).unwrap_err().to_string();
    assert!(
        error.contains("`experiment.other.placements`") && error.contains("`blend`"),
        "{error}"
    );
    let error = fit("[[experiment]]\nname = 'a'\nplacement = 'home'").unwrap_err();
    assert!(matches!(error, ConfigError::Syntax { .. }), "{error}");
}
