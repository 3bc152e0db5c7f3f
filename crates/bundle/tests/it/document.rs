//! `docs/format.md` is the law: its tables are compared with the constants, its dump with the golden file, its rules
//! with the tests that are named after them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use edgewise_bundle::{
    ALIGNMENT, DIGEST_AT, ENTRY_BYTES, HEADER_BYTES, MAGIC, SectionKind, VERSION, limits,
};

/// Bytes of the golden file that the document shows.
const DUMPED_BYTES: usize = 256;

fn document_path() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/format.md")
}

fn document() -> String {
    fs::read_to_string(document_path()).expect("docs/format.md")
}

/// The cells of the table under a heading, without its header and rule; backticks and thousands separators are gone.
fn table(document: &str, heading: &str) -> Vec<Vec<String>> {
    let section = document.split_once(&format!("\n## {heading}\n")).expect("the heading").1;
    let rows = section
        .lines()
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'));
    rows.skip(2)
        .map(|row| {
            let cells = row.trim_matches('|').split('|');
            cells.map(|cell| cell.trim().replace(['`', ','], "")).collect()
        })
        .collect()
}

#[test]
fn the_header_is_as_documented() {
    let rows = table(&document(), "Header");
    let mut end = 0;
    for row in &rows[..rows.len() - 1] {
        assert_eq!(row[0].parse::<usize>().unwrap(), end, "{row:?}");
        end += row[1].parse::<usize>().unwrap();
    }
    assert_eq!(end, HEADER_BYTES);
    let of = |field: &str| rows.iter().find(|row| row[2] == field).expect("a field");
    assert_eq!(of("magic")[3].as_bytes(), MAGIC);
    assert_eq!(of("version")[3], VERSION.to_string());
    assert_eq!(of("digest")[0], DIGEST_AT.to_string());
    assert_eq!(of("directory")[0], HEADER_BYTES.to_string());
    assert_eq!(of("directory")[1], format!("{ENTRY_BYTES} · n"));
    assert!(document().contains(&format!("Sections start at a multiple of {ALIGNMENT}")));
}

#[test]
fn the_sections_are_as_documented() {
    let found: Vec<[String; 4]> = table(&document(), "Sections")
        .into_iter()
        .map(|row| [row[0].clone(), row[1].clone(), row[2].clone(), row[3].clone()])
        .collect();
    let expected: Vec<[String; 4]> = SectionKind::ALL
        .into_iter()
        .map(|kind| {
            let needed = if kind.is_optional() { "no" } else { "yes" };
            [kind.number().to_string(), kind.name().into(), kind.flags().to_string(), needed.into()]
        })
        .collect();
    assert_eq!(found, expected);
}

#[test]
fn the_limits_are_as_documented() {
    let documented: BTreeMap<String, u32> = table(&document(), "Limits")
        .into_iter()
        .map(|row| (row[0].clone(), row[1].parse().expect("a number")))
        .collect();
    macro_rules! expected {
        ($($name:ident),* $(,)?) => {
            BTreeMap::from([$((stringify!($name).to_owned(), limits::$name)),*])
        };
    }
    let expected = expected!(
        MAX_BUNDLE_BYTES,
        MAX_SECTIONS,
        MAX_ITEMS,
        MAX_CATEGORIES,
        MAX_REGIONS,
        MAX_SEGMENTS,
        MAX_AVAILABILITY_SETS,
        MAX_ID_BYTES,
        MAX_NAME_BYTES,
        MAX_TITLE_BYTES,
        MAX_PRICE_BYTES,
        MAX_URL_BYTES,
        MAX_CURRENCY_BYTES,
        MAX_LIST_ENTRIES,
        MAX_RULES_PER_ITEM,
        MAX_SCORING_BYTES,
        MAX_EXPERIMENTS_BYTES,
        MAX_PROVENANCE_BYTES,
        MAX_ZONE_BYTES,
        MAX_TRANSITIONS,
        MAX_ATTRIBUTES,
        MAX_ATTRIBUTE_VALUES,
        MAX_VALUE_SETS,
        MAX_VALUES_PER_ITEM,
        MAX_DECIMALS,
        MAX_SESSIONS,
        MAX_SESSIONS_PER_ITEM,
        MAX_SESSION_ITEMS,
        MAX_SESSION_PLACES,
        MAX_SESSION_DISTANCES,
        MAX_POLICY_WORDS,
    );
    assert_eq!(documented, expected);
    let in_code = include_str!("../../src/limits.rs").matches("pub const ").count();
    assert_eq!(in_code, documented.len(), "every limit of the code is documented");
}

/// The names after `prefix` in a text, up to what is no part of a name.
fn names<'t>(text: &'t str, prefix: &'t str) -> impl Iterator<Item = String> + 't {
    text.match_indices(prefix).map(move |(at, _)| {
        let name = &text[at + prefix.len()..];
        name.chars().take_while(|letter| letter.is_alphanumeric() || *letter == '_').collect()
    })
}

#[test]
fn every_rule_names_its_test_and_every_test_its_rule() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = [
        "src",
        "src/experiments",
        "src/facets",
        "src/items",
        "src/lists",
        "src/rules",
        "src/sessions",
        "tests/it",
    ];
    let mut in_code: Vec<String> = folders
        .iter()
        .flat_map(|folder| fs::read_dir(root.join(folder)).expect("a folder"))
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.is_file())
        .map(|path| fs::read_to_string(path).expect("a source file"))
        .flat_map(|source| names(&source, "fn rejects_").collect::<Vec<_>>())
        .filter(|name| !name.is_empty())
        .collect();
    let mut in_document: Vec<String> =
        names(&document(), "`rejects_").filter(|name| !name.is_empty()).collect();
    in_code.sort();
    in_document.sort();
    assert_eq!(in_document, in_code);
}

fn hexdump(bytes: &[u8]) -> String {
    let mut text = String::new();
    for (line, chunk) in bytes.chunks(16).enumerate() {
        let hex: Vec<String> = chunk.iter().map(|byte| format!("{byte:02x}")).collect();
        let shown: String = chunk
            .iter()
            .map(|&byte| if (0x20..0x7f).contains(&byte) { char::from(byte) } else { '.' })
            .collect();
        writeln!(text, "{:04x}  {:<47}  {shown}", line * 16, hex.join(" ")).expect("a string");
    }
    text
}

#[test]
fn the_dump_is_that_of_the_golden_file() {
    // Another test holds the golden file to these bytes.
    let bytes = crate::toy::bytes();
    let text = document();
    let (before, rest) = text.split_once("```hexdump\n").expect("a dump");
    let (dump, after) = rest.split_once("```").expect("its end");
    let expected = hexdump(&bytes[..DUMPED_BYTES]);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(document_path(), format!("{before}```hexdump\n{expected}```{after}")).unwrap();
        return;
    }
    assert_eq!(dump, expected);
}
