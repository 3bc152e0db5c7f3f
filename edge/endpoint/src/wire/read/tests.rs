//! The reader against `serde_json` and `rmp-serde`.

#![expect(clippy::indexing_slicing, reason = "a test may panic")]

use super::*;
use alloc::{format, vec};
use serde_json::{Value, json};

fn read(bytes: &[u8], media: Media) -> Result<Vec<(String, Input)>, Fault> {
    let mut fields = Vec::new();
    read_map(bytes, media, &mut |key, value| {
        if let Input::Other(words) = value {
            return Err(Problem::new(
                crate::problem::ProblemCode::BadBody,
                words,
                "something else",
            ));
        }
        fields.push((key.to_string(), value));
        Ok(())
    })?;
    Ok(fields)
}

fn expected(value: &Value) -> Input {
    match value {
        Value::String(text) => Input::Text(text.clone()),
        Value::Array(texts) => {
            Input::Texts(texts.iter().filter_map(|text| Some(text.as_str()?.to_string())).collect())
        }
        Value::Number(number) => {
            number.as_u64().map_or(Input::Other("another number"), Input::Number)
        }
        Value::Bool(flag) => Input::Flag(*flag),
        Value::Null => Input::Null,
        Value::Object(_) => Input::Other("a map"),
    }
}

#[test]
fn maps_are_read_as_the_libraries_write_them() {
    let all: String = (0..0x250).filter_map(char::from_u32).chain("☕🙂\u{2028}".chars()).collect();
    let map = json!({
        "text": all, "empty": "", "long": "x".repeat(70_000), "list": ["a", "", "ü,\"\\"], "none": [],
        "zero": 0, "one byte": 200, "two bytes": 40_000, "four bytes": 4_000_000_000u64, "all": u64::MAX,
        "yes": true, "no": false, "null": null,
    });
    let many: serde_json::Map<String, Value> =
        (0..40).map(|n| (format!("k{n}"), n.into())).collect();
    for map in [map, Value::Object(many), json!({ "list": vec!["x"; 300] }), json!({})] {
        let fields: Vec<(String, Input)> = map
            .as_object()
            .unwrap()
            .iter()
            .map(|(key, value)| (key.clone(), expected(value)))
            .collect();
        let packed = rmp_serde::to_vec_named(&map).unwrap();
        assert_eq!(read(&packed, Media::MessagePack).as_ref(), Ok(&fields));
        for text in
            [serde_json::to_string(&map).unwrap(), serde_json::to_string_pretty(&map).unwrap()]
        {
            assert_eq!(read(text.as_bytes(), Media::Json).as_ref(), Ok(&fields));
        }
    }
}

#[test]
fn escapes_are_read_as_the_library_reads_them() {
    for text in [
        r#""\u0041\u00e9\u20ac\ud83d\ude42\b\f\n\r\t\/\\\"""#,
        r#""\ud83d""#,
        r#""\ud83dx""#,
        r#""\ud83d\u0041""#,
        r#""\ude42""#,
        r#""\x""#,
        r#""\u12g4""#,
        "\"\n\"",
        "\"",
    ] {
        let body = format!("{{\"a\": {text}}}");
        let oracle = serde_json::from_str::<Value>(&body).ok();
        let found = read(body.as_bytes(), Media::Json).ok();
        assert_eq!(
            found.map(|mut fields| fields.remove(0).1),
            oracle.map(|map| expected(&map["a"])),
            "{body}"
        );
    }
}

#[test]
fn whatever_is_read_the_library_reads_too() {
    let mut state = 3u64;
    let mut random = |n: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % n
    };
    let pieces = [
        "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "1", "0", "true", "null", " ", "\"",
        "\\u0041", "-", ".",
    ];
    let mut n_read = 0;
    for round in 0..200_000 {
        let body: String = (0..random(9)).map(|_| pieces[random(pieces.len())]).collect();
        let body = if round % 2 == 0 { format!("{{\"a\":{body}") } else { body };
        if let Ok(fields) = read(body.as_bytes(), Media::Json) {
            n_read += 1;
            // A leading zero is the one thing that is read more kindly here.
            match serde_json::from_str::<Value>(&body) {
                Ok(oracle) => {
                    for (key, value) in oracle.as_object().unwrap() {
                        let last = fields.iter().rev().find(|field| field.0 == *key).unwrap();
                        assert_eq!(last.1, expected(value), "{body}");
                    }
                }
                Err(_) => assert!(body.contains("00") || body.contains("01"), "{body}"),
            }
        }
    }
    assert!(n_read > 100, "{n_read}");
}

#[test]
fn faults_say_where_and_what_should_stand_there() {
    let fault = |body: &[u8], media| read(body, media).unwrap_err();
    let at = |at, expected| Fault::Syntax { at, expected };
    assert_eq!(fault(b"", Media::Json), at(0, "a map, `{`"));
    assert_eq!(fault(b"{\"a\" 1}", Media::Json), at(5, "`:`"));
    assert_eq!(fault(b"{\"a\":1 \"b\"}", Media::Json), at(7, "`,` or `}`"));
    assert_eq!(fault(b"{\"a\":\"x", Media::Json), at(7, "a closing double quote"));
    assert_eq!(fault(b"{} x", Media::Json), at(3, "the end"));
    assert_eq!(fault(b"\x81\xa1a", Media::MessagePack), at(3, "a value"));
    assert_eq!(fault(b"\x81\x01\x01", Media::MessagePack), at(1, "a text as key"));
    assert_eq!(fault(b"\x80\x80", Media::MessagePack), at(1, "the end"));
    assert_eq!(
        fault(b"\x81\xdb\xff\xff\xff\xff", Media::MessagePack),
        at(6, "the bytes of a text")
    );
}
