//! Rows of every format, damaged files included.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::{
    Array, ArrayRef, Float64Array, Int64Array, RecordBatch, StringArray, StructArray,
    TimestampSecondArray,
};
use arrow_schema::{DataType, Field};

use super::*;
use crate::files::discover;
use crate::progress::NoProgress;

/// Header and rows of a file as text, a line each: `line: cell|cell`.
fn dump(path: &Path, sources: &Sources, explode: Option<&str>) -> Result<String, IngestError> {
    let file = discover(&[path.to_owned()])?.remove(0);
    let mut reader = RowReader::open(&file, sources, explode, &NoProgress)?;
    let (mut batch, mut text) = (Batch::default(), String::new());
    loop {
        reader.fill(&mut batch)?;
        for row in batch.rows() {
            let n_cells = if batch.is_rectangular { row.n_cells() } else { batch.columns.len() };
            let cells: Vec<&str> = (0..n_cells).map(|column| row.cell(column)).collect();
            writeln!(text, "{}: {}", row.line, cells.join("|")).unwrap();
        }
        if batch.n_rows() == 0 {
            return Ok(format!("{}\n{text}", batch.columns.join("|")));
        }
    }
}

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    }
}

#[track_caller]
fn check(name: &str, bytes: &[u8], expected: &str) {
    let folder = Folder::new();
    let path = folder.file(name, bytes);
    assert_eq!(dump(&path, &Sources::new([&path]), None).unwrap(), expected);
}

#[track_caller]
fn refuses(name: &str, bytes: &[u8]) -> IngestError {
    let folder = Folder::new();
    let path = folder.file(name, bytes);
    let error = dump(&path, &Sources::new([&path]), None).unwrap_err();
    assert!(error.to_string().contains(name), "the file is not named: {error}");
    error
}

#[test]
fn csv_in_its_many_shapes() {
    check("a.csv", b"a,b\n1,2\n3,4", "a|b\n2: 1|2\n3: 3|4\n");
    check("a.csv", b"\xef\xbb\xbfa,b\r\n\r\n1,2\r\n3,4\r\n", "a|b\n3: 1|2\n4: 3|4\n");
    check("a.csv", b"a,b\n\"1,\n\"\"x\"\"\",2\n3,4\n", "a|b\n2: 1,\n\"x\"|2\n4: 3|4\n");
    check("a.tsv", b" a \tb  c\n1\t2\n", "a|b c\n2: 1|2\n");
    check("a.csv", b"a;b\n1,5;2\n", "a|b\n2: 1,5|2\n");
    check("a.csv", b"a,b\n1\n1,2,3\n", "a|b\n2: 1\n3: 1|2|3\n");
    check("a.csv", b"a,b\n", "a|b\n");
    check("plain", b"a|b\n1|2\n", "a|b\n2: 1|2\n");
}

#[test]
fn rows_that_are_not_utf8_are_windows_1252_and_others_stay() {
    check(
        "a.csv",
        b"a,b\ncaf\xe9,\x80\ncaf\xc3\xa9,2\n\xc3,\xa9\n",
        "a|b\n2: café|€\n3: café|2\n4: Ã|©\n",
    );
    let folder = Folder::new();
    let path = folder.file("a.csv", b"a\n\xe9\nb\n\xe9\n");
    let file = discover(std::slice::from_ref(&path)).unwrap().remove(0);
    let mut reader = RowReader::open(&file, &Sources::new([path]), None, &NoProgress).unwrap();
    let mut batch = Batch::default();
    reader.fill(&mut batch).unwrap();
    assert_eq!((batch.n_rows(), batch.n_recoded), (3, 2));
}

#[test]
fn settings_of_the_source_are_obeyed() {
    let folder = Folder::new();
    let path = folder.file("a.tsv", b"a\tb\n12\"\t2\n\"x\ty\n");
    let sources = Sources { quotes: Quotes::Plain, ..Sources::new([&path]) };
    assert_eq!(dump(&path, &sources, None).unwrap(), "a|b\n2: 12\"|2\n3: \"x|y\n");
    let path = folder.file("b.csv", b"a,b;c\n1,2;3\n");
    let sources = Sources { delimiter: Some(b';'), ..Sources::new([&path]) };
    assert_eq!(dump(&path, &sources, None).unwrap(), "a,b|c\n2: 1,2|3\n");
}

#[test]
fn json_lines_are_flattened_and_columns_may_come_late() {
    check(
        "a.jsonl",
        b"{\"id\":7,\"user\":{\"id\":\"u\",\"vip\":true},\"x\":null}\n\n{\"id\":\"8\",\"late\":1.5,\"tags\":[\"p\",\"q\"]}\n",
        "id|user.id|user.vip|late|tags[]\n1: 7|u|true||\n3: 8|||1.5|p\n",
    );
    check("a.ndjson", b"\xef\xbb\xbf{\"a\":\"caf\xe9\"}", "a\n1: café\n");
    check("sniffed", b" {\"a\":1}\n", "a\n1: 1\n");
}

#[test]
fn one_array_can_become_rows() {
    let folder = Folder::new();
    let path = folder.file(
        "a.jsonl",
        br#"{"e":"view","items":[{"id":1,"p":[5,6]},{"id":2}],"z":9}
{"e":"none","items":[]}
{"e":"absent"}"#,
    );
    assert_eq!(
        dump(&path, &Sources::new([&path]), Some("items")).unwrap(),
        "e|items[].id|items[].p[]|z\n1: view|1|5|9\n1: view|2||9\n2: none|||\n3: absent|||\n"
    );
}

#[test]
fn compressed_files_are_known_by_their_bytes() {
    let plain = b"a,b\n1,2\n";
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(plain).unwrap();
    let gzip = gzip.finish().unwrap();
    let zstd = zstd::encode_all(&plain[..], 1).unwrap();
    let expected = "a|b\n2: 1|2\n";
    check("a.csv.gz", &gzip, expected);
    check("a.csv.zst", &zstd, expected);
    check("misnamed.csv", &zstd, expected);
    // Files that were compressed in parts and put together.
    let more = zstd::encode_all(&b"3,4\n"[..], 1).unwrap();
    check("a.csv.zst", &[zstd, more].concat(), "a|b\n2: 1|2\n3: 3|4\n");
    let mut more = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    more.write_all(b"3,4\n").unwrap();
    check("a.csv.gz", &[gzip, more.finish().unwrap()].concat(), "a|b\n2: 1|2\n3: 3|4\n");
}

#[test]
fn every_truncation_of_a_compressed_file_is_an_error_that_names_it() {
    let mut plain = "a,b\n".to_owned();
    for n in 0..60 {
        writeln!(plain, "{n},{}", n * 7919 % 1000).unwrap();
    }
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(plain.as_bytes()).unwrap();
    let zstd = zstd::encode_all(plain.as_bytes(), 1).unwrap();
    for (name, whole) in [("a.csv.gz", gzip.finish().unwrap()), ("a.csv.zst", zstd)] {
        // Shorter than its mark a file is not known to be compressed.
        for n_bytes in 4..whole.len() {
            let error = refuses(name, &whole[..n_bytes]);
            assert!(matches!(error, IngestError::Truncated { .. }), "{name} {n_bytes}: {error:?}");
        }
    }
}

fn parquet_bytes() -> Vec<u8> {
    let struct_of = |name: &str, array: ArrayRef| -> ArrayRef {
        let field = Arc::new(Field::new(name, array.data_type().clone(), true));
        Arc::new(StructArray::from(vec![(field, array)]))
    };
    let list = arrow_array::ListArray::from_iter_primitive::<arrow_array::types::Int64Type, _, _>(
        (0..3).map(|n| Some(vec![Some(n)])),
    );
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("item", Arc::new(StringArray::from(vec![Some("a"), None, Some("c")]))),
        ("user", Arc::new(Float64Array::from(vec![13_313.0, 2.5, 3.0]))),
        ("n", Arc::new(Int64Array::from(vec![1, 2, 3]))),
        ("time", Arc::new(TimestampSecondArray::from(vec![1_291_191_960, 0, 1]))),
        ("geo", struct_of("country", Arc::new(StringArray::from(vec!["GB", "DE", "FR"])))),
        ("list", Arc::new(list)),
    ];
    let records = RecordBatch::try_from_iter(columns).unwrap();
    assert_eq!(
        records.column(3).data_type(),
        &DataType::Timestamp(arrow_schema::TimeUnit::Second, None)
    );
    let mut bytes = Vec::new();
    let mut writer =
        ::parquet::arrow::ArrowWriter::try_new(&mut bytes, records.schema(), None).unwrap();
    writer.write(&records).unwrap();
    writer.close().unwrap();
    bytes
}

#[test]
fn parquet_is_text_with_nested_columns_and_without_lists() {
    check(
        "a.parquet",
        &parquet_bytes(),
        "item|user|n|time|geo.country\n1: a|13313.0|1|2010-12-01T08:26:00|GB\n2: |2.5|2|1970-01-01T00:00:00|DE\n\
         3: c|3.0|3|1970-01-01T00:00:01|FR\n",
    );
    check("misnamed", &parquet_bytes(), &{
        let folder = Folder::new();
        let path = folder.file("a.parquet", &parquet_bytes());
        dump(&path, &Sources::new([&path]), None).unwrap()
    });
}

#[test]
fn every_truncation_of_a_parquet_file_is_an_error_that_names_it() {
    let whole = parquet_bytes();
    for n_bytes in 0..whole.len() {
        let error = refuses("a.parquet", &whole[..n_bytes]);
        assert!(matches!(error, IngestError::Parquet { .. }), "{n_bytes}: {error:?}");
    }
}

#[test]
fn what_cannot_be_read_is_refused_with_its_place() {
    assert!(matches!(refuses("a.csv", b""), IngestError::EmptyFile { .. }));
    assert!(matches!(refuses("a.csv", b"\xff\xfea\0"), IngestError::Encoding { .. }));
    assert!(matches!(refuses("a.csv", b"a\0,\0b\0"), IngestError::Encoding { .. }));
    let unclosed = [&b"a,b\n1,2\n3,\""[..], &b"x,\n".repeat(MAX_ROW_BYTES)].concat();
    let error = refuses("a.csv", &unclosed);
    assert!(matches!(error, IngestError::RowTooLong { line: 3, .. }), "{error}");
    let long = [&b"{\"a\":1}\n{\"a\":\""[..], &b"x".repeat(MAX_ROW_BYTES)].concat();
    assert!(matches!(refuses("a.jsonl", &long), IngestError::RowTooLong { line: 2, .. }));
    let wide = ",".repeat(MAX_COLUMNS);
    assert!(matches!(refuses("a.csv", wide.as_bytes()), IngestError::TooManyColumns { .. }));
    for (line, text) in
        [(1, "[{\"a\":1}]"), (2, "{\"a\":1}\n7"), (3, "{}\n{}\n{\"a\":"), (1, "{} {}")]
    {
        let error = refuses("a.jsonl", text.as_bytes());
        let found = matches!(error, IngestError::NotJsonLines { line: at, .. } if at == line);
        assert!(found, "{text}: {error:?}");
    }
}

#[test]
fn a_long_file_comes_in_batches() {
    let folder = Folder::new();
    let mut text = "a,b\n".to_owned();
    for n in 0..20_000 {
        writeln!(text, "{n},x").unwrap();
    }
    let path = folder.file("a.csv", text.as_bytes());
    let file = discover(std::slice::from_ref(&path)).unwrap().remove(0);
    let mut reader = RowReader::open(&file, &Sources::new([path]), None, &NoProgress).unwrap();
    let (mut batch, mut sizes, mut n) = (Batch::default(), Vec::new(), 0);
    loop {
        reader.fill(&mut batch).unwrap();
        for row in batch.rows() {
            assert_eq!((row.cell(0), row.line), (n.to_string().as_str(), n + 2));
            n += 1;
        }
        sizes.push(batch.n_rows());
        if batch.n_rows() == 0 {
            break;
        }
    }
    assert_eq!(sizes, [4096, 4096, 4096, 4096, 3616, 0]);
}
