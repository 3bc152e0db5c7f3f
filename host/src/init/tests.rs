//! What is written loads as what was guessed, and nothing is overwritten unasked.

use std::fs;

use super::*;
use crate::config;

const SALES: &str =
    "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,Customer \"ID\",Country
1,85123a,WHITE HEART,6,1/13/2011 8:26,2.55,17850.0,United Kingdom
1,71053,\"LANTERN, \"\"white\"\"
with a line end\",6,1/13/2011 8:26,3.39,17850.0,United Kingdom
2,85123A,WHITE HEART,8,1/14/2011 8:28,2.75,,France
";

fn args(folder: &Path, catalog: Option<&str>) -> InitArgs {
    InitArgs {
        paths: vec![folder.join("sales.csv")],
        catalog: catalog.map(|name| folder.join(name)),
        output: folder.join("edgewise.toml"),
        force: false,
    }
}

fn shop() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("sales.csv"), SALES).unwrap();
    fs::write(
        folder.path().join("items.csv"),
        "id,name,price,link,picture,markets\n1,A,2.50,https://x/1,https://x/1.png,UK|FR\n",
    )
    .unwrap();
    folder
}

#[test]
fn what_is_written_loads_as_what_was_guessed() {
    let folder = shop();
    let mut notes = Vec::new();
    run(&args(folder.path(), None), &mut notes).unwrap();
    let loaded = config::load(&folder.path().join("edgewise.toml"), &[]).unwrap();
    let guessed = config::guess(&[folder.path().join("sales.csv")]).unwrap();
    assert_eq!(loaded, guessed);
    let notes = String::from_utf8(notes).unwrap();
    assert!(notes.contains("StockCode") && notes.contains("wrote "), "{notes}");
}

#[test]
fn a_catalogue_is_written_with_its_columns() {
    let folder = shop();
    run(&args(folder.path(), Some("items.csv")), &mut Vec::new()).unwrap();
    let catalog = config::load(&folder.path().join("edgewise.toml"), &[]).unwrap().catalog.unwrap();
    let expected = CatalogColumns {
        id: Some("id".into()),
        title: Some("name".into()),
        price: Some("price".into()),
        url: Some("link".into()),
        image: Some("picture".into()),
        category: None,
        availability: Some("markets".into()),
        ..CatalogColumns::default()
    };
    assert_eq!(catalog.columns, expected);
    assert_eq!(catalog.sources.paths, [folder.path().join("items.csv")]);
}

#[test]
fn every_line_that_is_commented_out_is_a_key_that_exists() {
    let folder = shop();
    let text = suggest(&args(folder.path(), None)).unwrap().to_toml();
    // `#` before a key or a section, and not before a sentence.
    let uncommented: Vec<&str> = text
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(rest) if rest.starts_with('[') || rest.contains(" = ") => rest,
            _ => line,
        })
        .collect();
    let path = folder.path().join("all.toml");
    fs::write(&path, uncommented.join("\n")).unwrap();
    let config = config::load(&path, &[]).unwrap();
    assert_eq!(config.model.currency.as_deref(), Some("GBP"));
    assert!(config.catalog.is_some() && config.settings.kinds.len() == 2);
    assert_eq!(config.columns.url.as_deref(), Some(""));
    let experiments = config.experiments.fit(&mut edgewise_core::Scoring::standard()).unwrap();
    assert_eq!(experiments.as_slice()[0].variants[1].ladders.len(), 1);
}

#[test]
fn the_text_explains_itself() {
    let folder = shop();
    let text = suggest(&args(folder.path(), None)).unwrap().to_toml();
    for expected in [
        "# item: header `StockCode` is a usual name for an item id; 3 distinct values in 3 rows.\nitem = \"StockCode\"",
        "user = 'Customer \"ID\"'\n",
        "# category: no header is a usual name for a category.\n# category = \"\"\n",
        "# Here: 3 dates can only be month/day.\ntime_format = \"month-first\"",
        "item_case = \"upper\"",
    ] {
        assert!(text.contains(expected), "{expected}\n---\n{text}");
    }
    assert!(
        text.lines().all(|line| !line.starts_with('#') || line.chars().count() <= 100),
        "{text}"
    );
}

#[test]
fn a_configuration_is_overwritten_only_when_asked() {
    let folder = shop();
    let mut args = args(folder.path(), None);
    fs::write(&args.output, "mine").unwrap();
    let error = run(&args, &mut Vec::new()).unwrap_err();
    let error = error.downcast_ref::<InitError>().unwrap();
    assert!(matches!(error, InitError::Exists { .. }) && error.hint().is_some());
    assert_eq!(fs::read_to_string(&args.output).unwrap(), "mine");
    args.force = true;
    run(&args, &mut Vec::new()).unwrap();
    assert_ne!(fs::read_to_string(&args.output).unwrap(), "mine");
}

#[test]
fn paths_start_at_the_folder_of_the_configuration() {
    let here = from_folder_of(Path::new("edgewise.toml"), Path::new("logs/*.csv")).unwrap();
    assert_eq!(here, Path::new("logs/*.csv"));
    let elsewhere =
        from_folder_of(Path::new("conf/edgewise.toml"), Path::new("logs/*.csv")).unwrap();
    assert!(elsewhere.is_absolute() && elsewhere.ends_with("logs/*.csv"));
}

#[test]
fn data_without_an_item_column_says_what_to_write() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("sales.csv"), "a,b\n1,2\n").unwrap();
    let error = run(&args(folder.path(), None), &mut Vec::new()).unwrap_err();
    let error = error.downcast_ref::<InitError>().unwrap();
    assert!(error.hint().unwrap().contains("[columns]\nitem = "));
    assert!(!folder.path().join("edgewise.toml").exists());
}
