//! Whole readings: what is refused and why, what the catalogue says, and that the order of rows has no say.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use edgewise_core::interactions::EventKind;
use expect_test::{Expect, expect};

use crate::*;

/// Columns by the names that the tests give them: a column of the file that bears the key of a role has that role.
fn columns(header: &str) -> Columns {
    let mut columns = Columns::default();
    for role in Role::ALL {
        let is_there = header.split(',').any(|name| name == role.key());
        *columns.slot(role) = is_there.then(|| role.key().to_owned());
    }
    columns
}

fn read_files(
    files: &[(&str, &str)],
    settings: &Settings,
    catalog: Option<&str>,
) -> Result<Log, IngestError> {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        fs::write(folder.path().join(name), text).unwrap();
    }
    let columns = columns(files[0].1.lines().next().unwrap_or(""));
    let catalog = catalog.map(|text| {
        let path = folder.path().join(".catalog.csv");
        fs::write(&path, text).unwrap();
        CatalogSource { sources: Sources::new([path]), columns: CatalogColumns::default() }
    });
    let sources = Sources::new([folder.path()]);
    read(&sources, &columns, settings, catalog.as_ref(), &NoProgress)
}

fn read_text(text: &str, settings: &Settings) -> Result<Log, IngestError> {
    read_files(&[("log.csv", text)], settings, None)
}

/// What a log says, without the numbers and orders that mean nothing: a row is its item, day, region and kind, with
/// the rows of the same user and of the same order named by the least row among them.
fn canonical(log: &Log) -> String {
    let shown = |row: &edgewise_core::interactions::Interaction| {
        let region = row.region.map_or("-", |region| log.catalog.regions[region.index()].as_str());
        let item = &log.catalog.items[row.item.index()].id;
        format!("{item} {:?} {region} {}", row.time_s, row.kind.name())
    };
    let rows = &log.interactions.rows;
    let least = |is_same: &dyn Fn(&edgewise_core::interactions::Interaction) -> bool| {
        rows.iter().filter(|row| is_same(row)).map(shown).min()
    };
    let mut lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let user = row.user.and_then(|user| least(&|other| other.user == Some(user)));
            let order = row.order.and_then(|order| least(&|other| other.order == Some(order)));
            format!("{} | user of {user:?} | order of {order:?}", shown(row))
        })
        .collect();
    lines.sort_unstable();
    lines.join("\n")
}

fn summary(log: &Log) -> String {
    let report = &log.report;
    let mut text = format!("{} of {} kept", report.n_kept, report.n_rows);
    for refused in &report.refused {
        write!(text, "\n{} {}", refused.n_rows, refused.code).unwrap();
        for example in &refused.examples {
            let file = example.file.file_name().unwrap().to_string_lossy();
            write!(text, " [{file}:{} {:?}]", example.line, example.text).unwrap();
        }
    }
    for note in &report.notes {
        write!(text, "\nnote {} {}", note.count, note.code).unwrap();
    }
    text
}

#[track_caller]
fn check(text: &str, settings: &Settings, expected: &Expect) {
    let settings = Settings { max_refused_share: 1.0, ..settings.clone() };
    expected.assert_eq(&summary(&read_text(text, &settings).unwrap()));
}

fn catalog_lines(catalog: &edgewise_core::interactions::Catalog) -> String {
    let lines = catalog.items.iter().map(|item| {
        let category = item.category.map(|category| catalog.categories[category.index()].as_str());
        let regions: Vec<&str> = item
            .available_in
            .iter()
            .map(|region| catalog.regions[region.index()].as_str())
            .collect();
        let texts = [&item.title, &item.price, &item.url, &item.image]
            .map(|it| it.as_deref().unwrap_or("-"));
        format!("{}: {} [{}] {regions:?}\n", item.id, texts.join(" "), category.unwrap_or("-"))
    });
    lines.collect()
}

#[test]
fn every_reason_has_its_row() {
    check(
        "order,item,quantity,price,time,kind\n\
         1,a1,2,1.50,2010-12-01,buy\n\
         1,a1,2,1.50,2010-12-01\n\
         1,a1,2,1.50,2010-12-01,buy,extra\n\
         1,a1,2,1.50,2010-12-01,hover\n\
         1,a1,2,1.50,2010-12-01,\n\
         1,,2,1.50,2010-12-01,buy\n\
         C2,a1,-2,1.50,2010-12-01,buy\n\
         1,a1,two,1.50,2010-12-01,buy\n\
         1,a1,2,free,2010-12-01,buy\n\
         1,a1,-2,1.50,2010-12-01,buy\n\
         1,a1,0,1.50,2010-12-01,buy\n\
         1,a1,2,0.00,2010-12-01,buy\n\
         1,a1,2,1.50,yesterday,buy\n\
         1,a1,2,1.50,,buy\n\
         1,a1,2,1.50,2010-12-01,buy\n\
         1,a1,2,1.50,2010-12-01,buy,\n",
        &Settings::default(),
        &expect![[r#"
            1 of 16 kept
            2 wrong_cell_count [log.csv:3 "5 cells, expected 6"] [log.csv:4 "7 cells, expected 6"]
            2 ignored_kind [log.csv:5 "hover"] [log.csv:6 ""]
            1 missing_item [log.csv:7 ""]
            1 cancellation [log.csv:8 "C2"]
            2 unreadable_number [log.csv:9 "two"] [log.csv:10 "free"]
            2 non_positive_quantity [log.csv:11 "-2"] [log.csv:12 "0"]
            1 non_positive_price [log.csv:13 "0.00"]
            2 unreadable_time [log.csv:14 "yesterday"] [log.csv:15 ""]
            2 duplicate [log.csv:16 "a1"] [log.csv:17 "a1"]"#]],
    );
    let items: Vec<String> = (0..97).map(|n| format!("o{n},a{n}")).collect();
    let items = items.join("\n");
    check(
        &format!("order,item\n{items}\n1,POST\n2,POST\n3,C2\n"),
        &Settings::default(),
        &expect![[r#"
            97 of 100 kept
            3 not_an_item [log.csv:99 "POST"] [log.csv:101 "C2"]
            note 2 not_items"#]],
    );
}

#[test]
fn settings_change_what_is_refused() {
    let text = "order,user,item,quantity,kind\nX1,0,a1,1,seen\nC2,7,A1,1,buy\nC2,7,A1,1,buy\n5,8,POST,,view\n";
    check(
        text,
        &Settings::default(),
        &expect![[r#"
        2 of 4 kept
        1 ignored_kind [log.csv:2 "seen"]
        1 duplicate [log.csv:4 "A1"]"#]],
    );
    let settings = Settings {
        cancelled_orders: vec!["X".into()],
        kinds: [
            ("seen".to_owned(), KindRule::Event(EventKind::View)),
            ("view".to_owned(), KindRule::Ignore),
        ]
        .into(),
        duplicates: Duplicates::Keep,
        ..Settings::default()
    };
    check(
        text,
        &settings,
        &expect![[r#"
        2 of 4 kept
        1 ignored_kind [log.csv:5 "view"]
        1 cancellation [log.csv:2 "X1"]"#]],
    );
    let settings = Settings {
        kinds: [("seen".to_owned(), KindRule::Event(EventKind::Cart))].into(),
        item_case: ItemCase::Upper,
        not_items: NotItems::Globs(vec!["p*".into()]),
        guest_users: vec!["0".into()],
        ..Settings::default()
    };
    check(
        text,
        &settings,
        &expect![[r#"
        2 of 4 kept
        1 duplicate [log.csv:4 "A1"]
        1 not_an_item [log.csv:5 "POST"]"#]],
    );
    let log = read_text(text, &settings).unwrap();
    let rows = &log.interactions.rows;
    assert_eq!((rows[0].user, rows[0].kind), (None, EventKind::Cart));
    assert_eq!((log.catalog.items.len(), log.interactions.n_users), (1, 1));
}

#[test]
fn too_much_refused_is_an_error_with_the_report() {
    let text = "item,price\na,1\nb,0\nc,0\n";
    let error = read_text(text, &Settings::default()).unwrap_err();
    expect!["66.7 % of the rows were refused, allowed are 50.0 %; most often: a price of zero or less (2 rows), as `0` at log.csv:3"]
        .assert_eq(&without_folder(&error.to_string()));
    assert_eq!(error.report().unwrap().n_refused(Refusal::NonPositivePrice), 2);
    assert!(error.hint().is_some());
    let settings = Settings { max_refused_share: 0.67, ..Settings::default() };
    assert_eq!(read_text(text, &settings).unwrap().interactions.rows.len(), 1);
    let error =
        read_text("item,price\nb,0\n", &Settings { max_refused_share: 1.0, ..settings.clone() })
            .unwrap_err();
    assert!(matches!(error, IngestError::NothingLeft { .. }), "{error}");
    let error = read_text("item,price\n", &settings).unwrap_err();
    assert_eq!(
        error.to_string(),
        "none of the 0 rows could be used; most often: the files have no rows"
    );
    // Duplicates and cancellations are no faults.
    let text = "order,item,quantity\n1,a,1\n1,a,1\n1,a,1\nC1,a,-1\n";
    let settings = Settings { max_refused_share: 0.0, ..Settings::default() };
    assert_eq!(read_text(text, &settings).unwrap().report.n_kept, 1);
}

/// Temporary folders have random names.
fn without_folder(text: &str) -> String {
    let words: Vec<&str> =
        text.split(' ').map(|word| word.rsplit('/').next().unwrap_or(word)).collect();
    words.join(" ")
}

#[test]
fn settings_out_of_range_are_refused() {
    for (settings, key) in [
        (Settings { max_refused_share: -0.1, ..Settings::default() }, "max_refused_share"),
        (Settings { max_refused_share: f64::NAN, ..Settings::default() }, "max_refused_share"),
        (
            Settings { time_format: TimeFormat::Pattern("%H:%M".into()), ..Settings::default() },
            "time_format",
        ),
    ] {
        let error = read_text("item\na\n", &settings).unwrap_err();
        assert!(
            matches!(error, IngestError::BadSetting { key: found, .. } if found == key),
            "{error}"
        );
    }
}

#[test]
fn columns_that_are_not_there_are_named_with_those_that_are() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    let read = |item: &str, price: &str| {
        let columns =
            Columns { item: Some(item.into()), price: Some(price.into()), ..Columns::default() };
        let sources = Sources::new([folder.path()]);
        super::read(&sources, &columns, &Settings::default(), None, &NoProgress)
    };
    file("a.csv", "sku,cost\n1,2\n");
    file("b.csv", "sku\n1\n");
    let error = read("sku", "cost").unwrap_err();
    expect!["`b.csv` has no column `cost` for `price`; its columns are `sku`"]
        .assert_eq(&error_in(&error, folder.path()));
    fs::remove_file(folder.path().join("b.csv")).unwrap();
    assert!(read("sku", "cost").is_ok());
    // A JSON lines file may leave a column out, but not all of them may.
    file("c.jsonl", "{\"sku\":\"2\"}\n");
    assert!(read("sku", "cost").is_ok());
    fs::remove_file(folder.path().join("a.csv")).unwrap();
    assert!(matches!(read("sku", "cost"), Err(IngestError::NoSuchColumn { role: "price", .. })));
    let sources = Sources::new([folder.path()]);
    let error = super::read(&sources, &Columns::default(), &Settings::default(), None, &NoProgress)
        .unwrap_err();
    assert!(matches!(error, IngestError::NoItemColumn { .. }), "{error}");
}

fn error_in(error: &IngestError, folder: &Path) -> String {
    error.to_string().replace(&format!("{}/", folder.display()), "")
}

#[test]
fn dates_are_decided_by_the_whole_log() {
    let day = |text: &str| {
        read_text(text, &Settings::default())
            .map(|log| log.interactions.rows[0].time_s.unwrap() / 86_400)
    };
    assert_eq!(day("item,time\na,1/2/2011\na,13/2/2011\n").unwrap(), 15_006);
    assert_eq!(day("item,time\na,1/2/2011\na,2/13/2011\n").unwrap(), 14_976);
    let error = day("item,time\na,1/2/2011\na,2/3/2011\n").unwrap_err();
    assert!(
        matches!(&error, IngestError::AmbiguousDates { example, .. } if example == "1/2/2011"),
        "{error}"
    );
    // The evidence may be in a later batch than the question.
    let many: Vec<String> = (0..9_000).map(|n| format!("a{n},1/2/2011")).collect();
    let many = many.join("\n");
    assert_eq!(day(&format!("item,time\n{many}\nb,13/2/2011\n")).unwrap(), 15_006);
    let settings = Settings { time_format: TimeFormat::MonthFirst, ..Settings::default() };
    let log = read_text("item,time\na,1/2/2011\n", &settings).unwrap();
    assert_eq!(log.interactions.rows[0].time_s, Some(14_976 * 86_400));
}

#[test]
fn the_catalogue_says_what_most_and_newest_rows_say() {
    let log = read_text(
        "item,time,title,price,category,region\n\
         a1,2011-01-01, RED   mug,2.5,Home,GB\n\
         a1,2011-01-02,RED mug,2.950,Home,FR\n\
         a1,2011-01-02,Mug,3.1,Garden,FR\n\
         a1,2011-01-01,Mug,9,Garden,DE\n\
         b2,2011-01-01,,4,,\n",
        &Settings { regions: Availability::WhereSeen, ..Settings::default() },
    )
    .unwrap();
    expect![[r#"
        a1: Mug 2.95 - - [Garden] ["DE", "FR", "GB"]
        b2: - 4.00 - - [-] []
    "#]]
    .assert_eq(&catalog_lines(&log.catalog));
    assert_eq!(log.catalog.regions, ["DE", "FR", "GB"]);
}

#[test]
fn prices_are_plain_decimals_whatever_the_shop_writes() {
    let price = |text: &str, settings: &Settings| {
        let log = read_text(text, settings).unwrap();
        log.catalog
            .items
            .iter()
            .map(|item| item.price.clone().unwrap_or_default())
            .collect::<Vec<_>>()
    };
    let usual = Settings::default();
    assert_eq!(
        price("item,price\na,£2.950\nb,3\nc,\"1,234.5\"\n", &usual),
        ["2.95", "3.00", "1234.50"]
    );
    assert_eq!(price("item,price\na,3\nb,40\n", &usual), ["3", "40"]);
    assert_eq!(
        price("item,price\na,\"2,95\"\nb,1.234\nc,\"1.234,5\"\n", &usual),
        ["2.95", "1234.00", "1234.50"]
    );
    let lines = Settings { price_per: PricePer::Line, ..usual };
    assert_eq!(price("item,quantity,price\na,3,10.00\nb,1,2\n", &lines), ["3.33", "2.00"]);
}

#[test]
fn categories_are_paths_with_all_nodes_and_attributes_have_their_values() {
    let log = "item,user,time\na1,u1,2024-01-01\na2,u2,2024-01-02\nb1,u1,2024-01-03\n";
    let catalog = "id,price,category,brand,item_group_id\n\
                   a1,2.50,Home > Mugs,Acme,A\n\
                   a2,3.00,Home>Mugs > Large,,A\n\
                   b1,10,Garden,Boo > Kids,B\n";
    let log = read_files(&[("log.csv", log)], &Settings::default(), Some(catalog)).unwrap();
    let categories = ["Garden", "Home", "Home\u{1f}Mugs", "Home\u{1f}Mugs\u{1f}Large"];
    assert_eq!(log.catalog.categories, categories);
    let names: Vec<&str> = log.catalog.attributes.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["brand", "product"]);
    let of = |row: usize| log.catalog.items[row].attributes.clone();
    assert_eq!(
        [0, 1, 2].map(of),
        [vec![vec![0], vec![0]], vec![vec![], vec![0]], vec![vec![2], vec![]],]
    );
}

#[test]
fn a_catalogue_file_comes_before_the_log() {
    let log = "item,title,price,region\na1,Old mug,2.50,GB\nz9,Stranger,1,GB\n";
    let catalog = "id,name,price,link,image,category,regions\n\
                   a1,Mug,\"£3,000.00\",https://x/a1,https://x/a1.png,Home,GB|DE\n\
                   b2,Pot,,https://x/b2,,,\n\
                   ,No id,,,,,\nc3,Bad price,zero,,,,\nd4,D,1,,,,\ne5,E,1.5,,,,\nf6,F,1,,,,\n";
    let kept = read_files(&[("log.csv", log)], &Settings::default(), Some(catalog)).unwrap();
    expect![[r#"
        a1: Mug 3000.00 https://x/a1 https://x/a1.png [Home] ["DE", "GB"]
        b2: Pot - https://x/b2 - [-] []
        c3: Bad price - - - [-] []
        d4: D 1.00 - - [-] []
        e5: E 1.50 - - [-] []
        f6: F 1.00 - - [-] []
        z9: Stranger 1.00 - - [-] []
        2 of 2 kept
        note 1 not_in_catalog
        note 5 not_in_log
        note 1 catalog_without_id
        note 1 catalog_bad_price"#]]
    .assert_eq(&format!("{}{}", catalog_lines(&kept.catalog), summary(&kept)));
    let settings = Settings { strangers: Strangers::Refuse, ..Settings::default() };
    let strict = read_files(&[("log.csv", log)], &settings, Some(catalog)).unwrap();
    expect![[r#"
        a1: Mug 3000.00 https://x/a1 https://x/a1.png [Home] ["DE", "GB"]
        b2: Pot - https://x/b2 - [-] []
        c3: Bad price - - - [-] []
        d4: D 1.00 - - [-] []
        e5: E 1.50 - - [-] []
        f6: F 1.00 - - [-] []
        1 of 2 kept
        1 not_in_catalog [log.csv:3 "z9"]
        note 5 not_in_log
        note 1 catalog_without_id
        note 1 catalog_bad_price"#]]
    .assert_eq(&format!("{}{}", catalog_lines(&strict.catalog), summary(&strict)));
}

#[test]
fn orders_can_be_made_of_days() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.csv");
    fs::write(&path, "u,i,t\n1,a,2011-01-01 10:00\n1,b,2011-01-01 23:00\n1,c,2011-01-02\n2,a,2011-01-01\n,a,2011-01-01\n")
        .unwrap();
    let named = |name: &str| Some(name.to_owned());
    let mut columns =
        Columns { item: named("i"), user: named("u"), time: named("t"), ..Columns::default() };
    let orders = |columns: &Columns| {
        let sources = Sources::new([&path]);
        let log = read(&sources, columns, &Settings::default(), None, &NoProgress).unwrap();
        log.interactions.rows.iter().map(|row| row.order.map(|order| order.0)).collect::<Vec<_>>()
    };
    assert_eq!(orders(&columns), [None; 5]);
    columns.order = named(ORDER_USER_DAY);
    assert_eq!(orders(&columns), [Some(0), Some(0), Some(1), Some(2), None]);
}

/// A small generator: the tests must not depend on the order in which a crate draws numbers.
struct Lcg(u64);

impl Lcg {
    fn below(&mut self, n: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % n
    }
}

#[test]
fn the_order_of_rows_and_their_files_mean_nothing() {
    let mut random = Lcg(7);
    let header = "order,user,item,title,price,quantity,time,region,category";
    let mut rows: Vec<String> = (0..300)
        .map(|_| {
            let mut draw = |n| random.below(n);
            // One row in forty is of no item.
            let item = if draw(40) == 0 { "POST".to_owned() } else { format!("{}{}", ["a", "A"][draw(2)], draw(6)) };
            let (order, user, title) = (draw(40), draw(20), draw(3));
            let (price, cents, quantity) = (draw(3), draw(3), draw(10));
            let (day, region, category) = (1 + draw(3), draw(4), draw(3));
            format!(
                "{order},{user},{item},title {title},{price}.{cents},{quantity},2011-01-0{day} 10:00,R{region},C{category}"
            )
        })
        .collect();
    rows.extend_from_within(..20);
    let settings = Settings {
        regions: Availability::WhereSeen,
        max_refused_share: 1.0,
        ..Settings::default()
    };
    let whole = read_text(&format!("{header}\n{}\n", rows.join("\n")), &settings).unwrap();
    let counts = |log: &Log| {
        log.report.refused.iter().map(|refused| (refused.code, refused.n_rows)).collect::<Vec<_>>()
    };
    assert!(counts(&whole).len() == 4, "the rows exercise too little: {:?}", counts(&whole));
    for round in 0..4 {
        for at in (1..rows.len()).rev() {
            rows.swap(at, random.below(at + 1));
        }
        let (first, second) = rows.split_at(random.below(rows.len()));
        let names = [("a.csv", "b.csv"), ("b.csv", "a.csv")][round % 2];
        let files = [
            (names.0, format!("{header}\n{}\n", first.join("\n"))),
            (names.1, format!("{header}\n{}\n", second.join("\n"))),
        ];
        let files = files.each_ref().map(|(name, text)| (*name, text.as_str()));
        let shuffled = read_files(&files, &settings, None).unwrap();
        assert_eq!(shuffled.catalog, whole.catalog);
        assert_eq!(canonical(&shuffled), canonical(&whole));
        assert_eq!(counts(&shuffled), counts(&whole));
        assert_eq!(shuffled.interactions.n_users, whole.interactions.n_users);
        assert_eq!(shuffled.interactions.n_orders, whole.interactions.n_orders);
    }
}

#[test]
fn equal_rows_are_found_across_formats_and_orders_of_columns() {
    let files = [
        ("a.csv", "item,user,region\na,1,\nb,2,x\n"),
        ("b.csv", "user,region,item\n2,x,b\n3,x,b\n"),
        (
            "c.jsonl",
            "{\"user\":\"1\",\"item\":\"a\"}\n{\"region\":\"x\",\"user\":1,\"item\":\"a\"}\n",
        ),
    ];
    let log = read_files(&files, &Settings::default(), None).unwrap();
    expect![[r#"
        4 of 6 kept
        2 duplicate [b.csv:2 "b"] [c.jsonl:1 "a"]"#]]
    .assert_eq(&summary(&log));
}

#[test]
fn the_shipped_invoices_read_as_they_always_did() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../model-artifacts/online-retail/invoices.csv.zst");
    let sources = Sources::new([path]);
    let guess = guess(&sources, &Columns::default()).unwrap();
    let log = read(&sources, &guess.columns, &guess.settings, None, &NoProgress).unwrap();
    let report = &log.report;
    let mut text = format!(
        "{} items, {} users, {} orders, {} guest rows, {} regions\n",
        report.n_items,
        report.n_users,
        report.n_orders,
        report.n_guest_rows,
        log.catalog.regions.len()
    );
    text.push_str(&summary(&log));
    let heart = log.catalog.items.iter().find(|item| item.id == "85123A").unwrap();
    write!(text, "\n{:?} {:?}", heart.title, heart.price).unwrap();
    expect![[r#"
        3748 items, 3970 users, 16206 orders, 104787 guest rows, 38 regions
        416035 of 431673 kept
        7852 cancellation [invoices.csv.zst:143 "C536379"] [invoices.csv.zst:156 "C536383"] [invoices.csv.zst:237 "C536391"]
        1169 non_positive_quantity [invoices.csv.zst:2408 "-10"] [invoices.csv.zst:4349 "-38"] [invoices.csv.zst:7190 "-20"]
        1028 non_positive_price [invoices.csv.zst:624 "0.0"] [invoices.csv.zst:1972 "0.0"] [invoices.csv.zst:1973 "0.0"]
        3583 duplicate [invoices.csv.zst:519 "21866"] [invoices.csv.zst:529 "22866"] [invoices.csv.zst:539 "22900"]
        2006 not_an_item [invoices.csv.zst:47 "POST"] [invoices.csv.zst:1816 "DOT"] [invoices.csv.zst:2241 "M"]
        note 16 not_items
        Some("WHITE HANGING HEART T-LIGHT HOLDER") Some("2.55")"#]].assert_eq(&text);
}
