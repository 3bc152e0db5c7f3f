//! Maps, lists, texts and numbers to bytes, one after another.

use alloc::vec::Vec;

use edgewise_bundle::hex;

use crate::media::Media;

/// Writes a value piece by piece. Compact JSON, or MessagePack with the shortest form of each length and number.
///
/// MessagePack states lengths in front, JSON does not and closes what it opened; so the caller does both.
pub(crate) struct Writer {
    media: Media,
    bytes: Vec<u8>,
    /// Whether the next value of a JSON map or list stands behind another one.
    is_behind: bool,
}

impl Writer {
    pub(crate) fn new(media: Media) -> Writer {
        Writer { media, bytes: Vec::new(), is_behind: false }
    }

    pub(crate) fn finish(self) -> Vec<u8> {
        self.bytes
    }

    /// Begins a map of `n` keys.
    pub(crate) fn map(&mut self, n: usize) {
        self.open(n, b'{', [0x80, 0xde, 0xdf]);
    }

    /// Ends a map.
    pub(crate) fn end_map(&mut self) {
        self.close(b'}');
    }

    /// Begins a list of `n` values.
    pub(crate) fn list(&mut self, n: usize) {
        self.open(n, b'[', [0x90, 0xdc, 0xdd]);
    }

    /// Ends a list.
    pub(crate) fn end_list(&mut self) {
        self.close(b']');
    }

    /// A key of a map; its value follows.
    pub(crate) fn key(&mut self, key: &str) {
        self.text(key);
        if self.media == Media::Json {
            self.bytes.push(b':');
            self.is_behind = false;
        }
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.separate();
        match self.media {
            Media::Json => json_text(&mut self.bytes, text),
            Media::MessagePack => pack_text(&mut self.bytes, text),
        }
    }

    pub(crate) fn number(&mut self, number: u64) {
        self.separate();
        match self.media {
            Media::Json => push_number(&mut self.bytes, number),
            Media::MessagePack => pack_number(&mut self.bytes, number),
        }
    }

    /// A key with a text.
    pub(crate) fn text_field(&mut self, key: &str, text: &str) {
        self.key(key);
        self.text(text);
    }

    /// A key with a number.
    pub(crate) fn number_field(&mut self, key: &str, number: u64) {
        self.key(key);
        self.number(number);
    }

    fn open(&mut self, n: usize, bracket: u8, markers: [u8; 3]) {
        self.separate();
        match self.media {
            Media::Json => self.bytes.push(bracket),
            Media::MessagePack => pack_len(&mut self.bytes, n, markers),
        }
        self.is_behind = false;
    }

    fn close(&mut self, bracket: u8) {
        if self.media == Media::Json {
            self.bytes.push(bracket);
        }
        self.is_behind = true;
    }

    fn separate(&mut self) {
        if self.is_behind && self.media == Media::Json {
            self.bytes.push(b',');
        }
        self.is_behind = true;
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
                bytes.extend(hex(&[byte]).as_bytes());
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

/// Appends a number in decimal.
pub(crate) fn push_number(bytes: &mut Vec<u8>, mut number: u64) {
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
    use alloc::string::String;
    use serde_json::{Value, json};

    fn write(writer: &mut Writer, value: &Value) {
        match value {
            Value::String(text) => writer.text(text),
            Value::Number(number) => writer.number(number.as_u64().expect("a count")),
            Value::Array(values) => {
                writer.list(values.len());
                for value in values {
                    write(writer, value);
                }
                writer.end_list();
            }
            Value::Object(fields) => {
                writer.map(fields.len());
                for (key, value) in fields {
                    writer.key(key);
                    write(writer, value);
                }
                writer.end_map();
            }
            Value::Null | Value::Bool(_) => panic!("an answer has none"),
        }
    }

    #[track_caller]
    fn check(value: &Value) {
        let written = |media| {
            let mut writer = Writer::new(media);
            write(&mut writer, value);
            writer.finish()
        };
        assert_eq!(written(Media::Json), serde_json::to_vec(value).unwrap());
        assert_eq!(written(Media::MessagePack), rmp_serde::to_vec_named(value).unwrap());
    }

    #[test]
    fn texts_are_written_as_the_libraries_write_them() {
        let all: String =
            (0..0x250).filter_map(char::from_u32).chain("☕🙂\u{2028}".chars()).collect();
        check(&all.into());
        for len in [0, 1, 31, 32, 255, 256, 65_535, 65_536] {
            check(&"x".repeat(len).into());
        }
    }

    #[test]
    fn numbers_and_lengths_are_written_as_the_libraries_write_them() {
        for shift in 0..64 {
            for number in [1u64 << shift, (1 << shift) - 1, (1 << shift) + 1] {
                check(&number.into());
            }
        }
        check(&u64::MAX.into());
        for len in [0, 1, 15, 16, 65_535, 65_536] {
            check(&(0..len).collect());
        }
        check(
            &json!({ "a": "b", "c": {}, "d": [[], [1, "e"], {}], "f": { "g": [{ "h": 1 }], "i": 2 } }),
        );
    }
}
