//! A small tree of values to bytes.

use alloc::string::String;
use alloc::vec::Vec;

use crate::media::Media;

/// What answers are made of.
#[derive(Debug)]
pub(crate) enum Value<'a> {
    Text(&'a str),
    Owned(String),
    Number(u64),
    List(Vec<Value<'a>>),
    /// Keys in the order in which they are written, none twice.
    Map(Vec<(&'static str, Value<'a>)>),
}

/// Writes a value. Compact JSON, or MessagePack with the shortest form of each length and number.
pub(crate) fn encode(value: &Value<'_>, media: Media) -> Vec<u8> {
    let mut bytes = Vec::new();
    match media {
        Media::Json => json(&mut bytes, value),
        Media::MessagePack => message_pack(&mut bytes, value),
    }
    bytes
}

fn json(bytes: &mut Vec<u8>, value: &Value<'_>) {
    match value {
        Value::Text(text) => json_text(bytes, text),
        Value::Owned(text) => json_text(bytes, text),
        Value::Number(number) => json_number(bytes, *number),
        Value::List(values) => {
            bytes.push(b'[');
            for (at, value) in values.iter().enumerate() {
                separate(bytes, at);
                json(bytes, value);
            }
            bytes.push(b']');
        }
        Value::Map(fields) => {
            bytes.push(b'{');
            for (at, (key, value)) in fields.iter().enumerate() {
                separate(bytes, at);
                json_text(bytes, key);
                bytes.push(b':');
                json(bytes, value);
            }
            bytes.push(b'}');
        }
    }
}

fn separate(bytes: &mut Vec<u8>, at: usize) {
    if at > 0 {
        bytes.push(b',');
    }
}

/// Escapes what RFC 8259, section 7, says must be, with the two-letter forms where there are any.
fn json_text(bytes: &mut Vec<u8>, text: &str) {
    bytes.push(b'"');
    for &byte in text.as_bytes() {
        let short = match byte {
            b'"' | b'\\' => byte,
            0x08 => b'b',
            0x09 => b't',
            0x0a => b'n',
            0x0c => b'f',
            0x0d => b'r',
            0..0x20 => {
                bytes.extend(b"\\u00");
                bytes.extend([hex_digit(byte >> 4), hex_digit(byte)]);
                continue;
            }
            _ => {
                bytes.push(byte);
                continue;
            }
        };
        bytes.extend([b'\\', short]);
    }
    bytes.push(b'"');
}

/// The lower four bits as a letter.
pub(crate) fn hex_digit(bits: u8) -> u8 {
    match bits & 15 {
        digit @ 0..10 => b'0' + digit,
        letter => b'a' + letter - 10,
    }
}

fn json_number(bytes: &mut Vec<u8>, mut number: u64) {
    let start = bytes.len();
    loop {
        // Cannot fail: a remainder of ten is a digit.
        bytes.push(b'0' + u8::try_from(number % 10).unwrap_or(0));
        number /= 10;
        if number == 0 {
            break;
        }
    }
    if let Some(digits) = bytes.get_mut(start..) {
        digits.reverse();
    }
}

fn message_pack(bytes: &mut Vec<u8>, value: &Value<'_>) {
    match value {
        Value::Text(text) => pack_text(bytes, text),
        Value::Owned(text) => pack_text(bytes, text),
        Value::Number(number) => pack_number(bytes, *number),
        Value::List(values) => {
            pack_len(bytes, values.len(), [0x90, 0xdc, 0xdd]);
            values.iter().for_each(|value| message_pack(bytes, value));
        }
        Value::Map(fields) => {
            pack_len(bytes, fields.len(), [0x80, 0xde, 0xdf]);
            for (key, value) in fields {
                pack_text(bytes, key);
                message_pack(bytes, value);
            }
        }
    }
}

/// The head of a list or map: up to 15 entries inside the marker, else two or four bytes behind it.
fn pack_len(bytes: &mut Vec<u8>, len: usize, [fix, two, four]: [u8; 3]) {
    match (u8::try_from(len), u16::try_from(len)) {
        (Ok(len @ 0..16), _) => bytes.push(fix | len),
        (_, Ok(len)) => {
            bytes.push(two);
            bytes.extend(len.to_be_bytes());
        }
        _ => {
            bytes.push(four);
            // Cannot fail: an answer has at most 100 items.
            bytes.extend(u32::try_from(len).unwrap_or(u32::MAX).to_be_bytes());
        }
    }
}

fn pack_text(bytes: &mut Vec<u8>, text: &str) {
    match u8::try_from(text.len()) {
        Ok(len @ 0..32) => bytes.push(0xa0 | len),
        Ok(len) => bytes.extend([0xd9, len]),
        Err(_) => pack_len(bytes, text.len(), [0xa0, 0xda, 0xdb]),
    }
    bytes.extend(text.as_bytes());
}

fn pack_number(bytes: &mut Vec<u8>, number: u64) {
    let long = number.to_be_bytes();
    let (marker, width) = match number {
        0..0x80 => (None, 1),
        0x80..0x100 => (Some(0xcc), 1),
        0x100..0x1_0000 => (Some(0xcd), 2),
        0x1_0000..0x1_0000_0000 => (Some(0xce), 4),
        _ => (Some(0xcf), 8),
    };
    bytes.extend(marker);
    bytes.extend(long.get(8 - width..).unwrap_or(&[]));
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;

    fn oracle(value: &Value<'_>) -> serde_json::Value {
        match value {
            Value::Text(text) => (*text).into(),
            Value::Owned(text) => text.as_str().into(),
            Value::Number(number) => (*number).into(),
            Value::List(values) => values.iter().map(oracle).collect(),
            Value::Map(fields) => fields
                .iter()
                .map(|(key, value)| (*key, oracle(value)))
                .collect(),
        }
    }

    #[track_caller]
    fn check(value: &Value<'_>) {
        let expected = oracle(value);
        assert_eq!(
            encode(value, Media::Json),
            serde_json::to_vec(&expected).unwrap()
        );
        assert_eq!(
            encode(value, Media::MessagePack),
            rmp_serde::to_vec_named(&expected).unwrap()
        );
    }

    #[test]
    fn texts_are_written_as_the_libraries_write_them() {
        let all: String = (0..0x250)
            .filter_map(char::from_u32)
            .chain("☕🙂\u{2028}".chars())
            .collect();
        check(&Value::Text(&all));
        for len in [0, 1, 31, 32, 255, 256, 65_535, 65_536] {
            check(&Value::Owned("x".repeat(len)));
        }
    }

    #[test]
    fn numbers_and_lengths_are_written_as_the_libraries_write_them() {
        for shift in 0..64 {
            for number in [1u64 << shift, (1 << shift) - 1, (1 << shift) + 1] {
                check(&Value::Number(number));
            }
        }
        check(&Value::Number(u64::MAX));
        for len in [0, 1, 15, 16, 65_535, 65_536] {
            check(&Value::List((0..len).map(Value::Number).collect()));
        }
        check(&Value::Map(vec![
            ("a", Value::Text("b")),
            ("c", Value::Map(vec![])),
        ]));
    }
}
