//! What a configuration may say, and what is said when it says something else.

use std::path::Path;

use edgewise_core::interactions::EventKind;
use edgewise_ingest::{DecimalMark, KindRule, NotItems, Quotes, TimeFormat};

use super::*;

fn parse(text: &str) -> Result<Config, ConfigError> {
    file::parse(text, Path::new("shop/edgewise.toml"), &[])
}

const LEAST: &str = "[source]\npaths = ['a.csv']\n[columns]\nitem = 'sku'\n";

#[test]
fn what_is_not_written_has_its_default() {
    let config = parse(LEAST).unwrap();
    assert_eq!(config.sources, Sources::new(["shop/a.csv"]));
    assert_eq!(config.columns, Columns { item: Some("sku".into()), ..Columns::default() });
    let settings = Settings { kind_when_absent: EventKind::View, ..Settings::default() };
    assert_eq!(config.settings, settings);
    assert_eq!((config.catalog, config.model), (None, Model::default()));
}

#[test]
fn every_key_reaches_its_setting() {
    let config = parse(
        r#"
        [source]
        paths = ["/logs", "more/*.csv"]
        delimiter = "\t"
        quotes = false
        [columns]
        item = "sku"
        order = "user+day"
        [cleaning]
        time_format = "%d/%m/%Y"
        decimal_mark = ","
        price_per = "line"
        item_case = "upper"
        kind_when_absent = "cart"
        cancelled_orders = ["X"]
        guest_users = ["0"]
        not_items = []
        exact_duplicates = "keep"
        max_refused_share = 1.0
        category_separator = "/"
        regions_from_rows = true
        only_catalog_items = true
        [kinds]
        "wish list" = "cart"
        seen = "ignore"
        [catalog]
        path = "items.csv"
        id = "sku"
        [model]
        neighbours = 5
        min_people = 1
        min_support = 2
        half_life_days = 7.5
        currency = "EUR"
        "#,
    )
    .unwrap();
    assert_eq!(config.sources.paths, [Path::new("/logs"), Path::new("shop/more/*.csv")]);
    assert_eq!((config.sources.delimiter, config.sources.quotes), (Some(b'\t'), Quotes::Plain));
    assert_eq!(config.columns.order.as_deref(), Some(edgewise_ingest::ORDER_USER_DAY));
    let expected = Settings {
        time_format: TimeFormat::Pattern("%d/%m/%Y".into()),
        decimal_mark: DecimalMark::Comma,
        price_per: edgewise_ingest::PricePer::Line,
        item_case: edgewise_ingest::ItemCase::Upper,
        kind_when_absent: EventKind::Cart,
        kinds: [
            ("wish list".to_owned(), KindRule::Event(EventKind::Cart)),
            ("seen".to_owned(), KindRule::Ignore),
        ]
        .into(),
        cancelled_orders: vec!["X".into()],
        guest_users: vec!["0".into()],
        not_items: NotItems::Globs(vec![]),
        duplicates: edgewise_ingest::Duplicates::Keep,
        max_refused_share: 1.0,
        category_separator: "/".into(),
        region_separator: None,
        regions: edgewise_ingest::Availability::WhereSeen,
        strangers: edgewise_ingest::Strangers::Refuse,
    };
    assert_eq!(config.settings, expected);
    let catalog = config.catalog.unwrap();
    assert_eq!(catalog.sources.paths, [Path::new("shop/items.csv")]);
    assert_eq!(catalog.columns.id.as_deref(), Some("sku"));
    let expected = Model {
        neighbours: 5,
        min_people: 1,
        min_support: 2,
        half_life_days: 7.5,
        time: super::TimeModel::default(),
        currency: Some("EUR".into()),
        recipes: None,
    };
    assert_eq!(config.model, expected);
}

#[test]
fn a_bad_value_is_named_with_what_it_may_be() {
    for (section, line, expected) in [
        (
            "cleaning",
            "time_format = 'iso'",
            "`cleaning.time_format` in `shop/edgewise.toml` is `iso`, expected",
        ),
        (
            "cleaning",
            "decimal_mark = ';'",
            "`cleaning.decimal_mark` in `shop/edgewise.toml` is `;`",
        ),
        ("cleaning", "price_per = 'kg'", "is `kg`, expected `unit` or `line`"),
        ("cleaning", "item_case = 'lower'", "expected `keep` or `upper`"),
        ("cleaning", "kind_when_absent = 'none'", "expected `view`, `cart` or `purchase`"),
        ("cleaning", "exact_duplicates = 'drop'", "expected `refuse` or `keep`"),
        ("cleaning", "max_refused_share = 1.5", "is `1.5`, expected a share of `0.0` to `1.0`"),
        ("cleaning", "max_refused_share = nan", "is `NaN`, expected a share"),
        ("kinds", "'x' = 'seen'", "`kinds.x` in `shop/edgewise.toml` is `seen`"),
        (
            "model",
            "neighbours = 0",
            "`model.neighbours` in `shop/edgewise.toml` is `0`, expected `1` to `1024`",
        ),
        ("model", "neighbours = 1025", "is `1025`"),
        ("model", "min_people = 0", "`model.min_people`"),
        ("model", "min_support = 1000001", "`model.min_support`"),
        ("model", "half_life_days = 0.0", "`model.half_life_days`"),
        ("model", "currency = 'pounds'", "expected three capital letters"),
        (
            "model.similar",
            "neighbours = 0\nparts = [{ ridge = {} }]",
            "`neighbours` is `0`, expected `1` to `1024`",
        ),
        (
            "model.similar",
            "neighbours = 5\nparts = [{ ridge = { regularization = 0.0 } }]",
            "is `0`",
        ),
        ("catalog", "path = ''", "`catalog.path`"),
    ] {
        let error = parse(&format!("{LEAST}[{section}]\n{line}\n")).unwrap_err();
        assert!(error.to_string().contains(expected), "{line}: {error}");
    }
    let error =
        parse("[source]\npaths = ['a']\ndelimiter = 'ab'\n[columns]\nitem = 'a'").unwrap_err();
    assert!(error.to_string().contains("`source.delimiter`"), "{error}");
}

#[test]
fn unknown_keys_and_wrong_types_are_told_with_their_line() {
    for (text, expected) in [
        ("[columns]\nitem = 'a'\nuser_id = 'b'", "unknown field `user_id`"),
        ("[colums]\nitem = 'a'", "unknown field `colums`"),
        ("[model]\nneighbours = 'many'", "line 2"),
        ("[model]\nsimilarity = 'cosine'", "unknown field `similarity`"),
        ("[model.similar]\nneighbours = 5\nparts = [{ ridge = { lambda = 1 } }]", "`lambda`"),
        ("[model", "line 1"),
    ] {
        let error = parse(text).unwrap_err();
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert!(cause.contains(expected), "{text}: {cause}");
        assert!(error.hint().is_some());
    }
}

#[test]
fn a_log_must_be_named_somewhere() {
    let error = parse("[columns]\nitem = 'sku'").unwrap_err();
    assert!(matches!(error, ConfigError::NoPaths { .. }), "{error}");
    let given = [PathBuf::from("b.csv")];
    let config = file::parse(LEAST, Path::new("shop/edgewise.toml"), &given).unwrap();
    assert_eq!(config.sources.paths, given);
    let missing = load(Path::new("none/edgewise.toml"), &given).unwrap_err();
    assert!(matches!(missing, ConfigError::Read { .. }) && missing.hint().is_some());
}

#[test]
fn without_an_item_column_the_rest_is_guessed_and_what_is_written_stays() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("log.csv"), "SessionId,ItemId,Time\n1,2,1592337718\n")
        .unwrap();
    let path = folder.path().join("edgewise.toml");
    std::fs::write(&path, "[source]\npaths = ['log.csv']\n[cleaning]\nitem_case = 'upper'\n")
        .unwrap();
    let config = load(&path, &[]).unwrap();
    assert_eq!(config.columns.item.as_deref(), Some("ItemId"));
    assert_eq!(config.columns.order.as_deref(), Some("SessionId"));
    assert_eq!(config.settings.kind_when_absent, EventKind::View);
    assert_eq!(config.settings.item_case, edgewise_ingest::ItemCase::Upper);
    assert_eq!(guess(&[folder.path().join("log.csv")]).unwrap().columns, config.columns);
}
