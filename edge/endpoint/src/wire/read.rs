//! A question's map from bytes: keys in any order; values are plain, lists of texts, or lists of such maps.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::media::Media;
use crate::problem::{Problem, decimal};

/// A value of a question.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Input {
    Text(String),
    Texts(Vec<String>),
    Number(u64),
    Flag(bool),
    /// As if the key were not there.
    Null,
    /// A map of a list begins: its keys and values follow, and then [`Input::MapEnd`].
    Map,
    /// A map of a list ends.
    MapEnd,
    /// A list of maps, which were visited.
    Maps,
    /// A value that no parameter takes, in words.
    Other(&'static str),
}

impl Input {
    /// What the value is, for a problem.
    pub(crate) fn describe(&self) -> String {
        match self {
            Input::Text(text) => text.clone(),
            Input::Texts(texts) => {
                let mut joined = String::new();
                for text in texts {
                    joined.push_str(if joined.is_empty() { "" } else { "," });
                    joined.push_str(text);
                }
                joined
            }
            Input::Number(number) => decimal(*number),
            Input::Flag(flag) => (if *flag { "true" } else { "false" }).to_string(),
            Input::Null => "null".to_string(),
            Input::Map | Input::MapEnd | Input::Maps => NO_TEXTS.to_string(),
            Input::Other(words) => (*words).to_string(),
        }
    }
}

/// A list that no parameter takes.
const NO_TEXTS: &str = "a list of other things than text";

/// What sees each key and value in turn.
type Visit<'v> = dyn FnMut(&str, Input) -> Result<(), Problem> + 'v;

/// Why a map was not read to its end.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The bytes are not what they should be.
    Syntax {
        /// Where, in bytes from the start.
        at: usize,
        /// What should stand there.
        expected: &'static str,
    },
    /// What `visit` said.
    Refused(Problem),
}

/// Reads one map, and nothing behind it. `visit` sees each key and value in turn and may refuse; after a value of
/// [`Input::Other`] the reading cannot go on, so `visit` must refuse it. So must it refuse [`Input::Map`] inside a map of a
/// list, and wherever else it would not know what to do with more keys.
pub(crate) fn read_map(bytes: &[u8], media: Media, visit: &mut Visit<'_>) -> Result<(), Fault> {
    let mut reader = Reader { bytes, at: 0 };
    match media {
        Media::Json => reader.json_map(visit)?,
        Media::MessagePack => reader.packed_map(visit)?,
    }
    if reader.at == bytes.len() { Ok(()) } else { Err(reader.expected("the end")) }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn expected(&self, expected: &'static str) -> Fault {
        Fault::Syntax { at: self.at, expected }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn next(&mut self, expected: &'static str) -> Result<u8, Fault> {
        let byte = self.peek().ok_or(Fault::Syntax { at: self.at, expected })?;
        self.at += 1;
        Ok(byte)
    }

    fn take(&mut self, n: usize, expected: &'static str) -> Result<&'a [u8], Fault> {
        let end = self.at.checked_add(n);
        let taken = end.and_then(|end| self.bytes.get(self.at..end));
        let taken = taken.ok_or(Fault::Syntax { at: self.at, expected })?;
        self.at += n;
        Ok(taken)
    }

    /// Takes the byte when it is the next one.
    fn has(&mut self, byte: u8) -> bool {
        let is_next = self.peek() == Some(byte);
        self.at += usize::from(is_next);
        is_next
    }

    // JSON (RFC 8259).

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// Takes the byte when it is the next one but for white space.
    fn has_token(&mut self, byte: u8) -> bool {
        self.space();
        self.has(byte)
    }

    fn json_map(&mut self, visit: &mut Visit<'_>) -> Result<(), Fault> {
        if !self.has_token(b'{') {
            return Err(self.expected("a map, `{`"));
        }
        if !self.has_token(b'}') {
            loop {
                self.space();
                let key = self.json_text("a key in double quotes")?;
                if !self.has_token(b':') {
                    return Err(self.expected("`:`"));
                }
                let value = self.json_value(&key, visit)?;
                visit(&key, value).map_err(Fault::Refused)?;
                if self.has_token(b'}') {
                    break;
                }
                if !self.has_token(b',') {
                    return Err(self.expected("`,` or `}`"));
                }
            }
        }
        self.space();
        Ok(())
    }

    fn json_value(&mut self, key: &str, visit: &mut Visit<'_>) -> Result<Input, Fault> {
        self.space();
        match self.peek() {
            Some(b'"') => self.json_text("text").map(Input::Text),
            Some(b'[') => self.json_list(key, visit),
            Some(b'{') => Ok(Input::Other("a map")),
            Some(b'-') => Ok(Input::Other("a number below zero")),
            Some(b'0'..=b'9') => Ok(self.json_number()),
            _ => self.json_word(),
        }
    }

    fn json_word(&mut self) -> Result<Input, Fault> {
        let words =
            [("true", Input::Flag(true)), ("false", Input::Flag(false)), ("null", Input::Null)];
        for (word, input) in words {
            if self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(word.as_bytes())) {
                self.at += word.len();
                return Ok(input);
            }
        }
        Err(self.expected("a value"))
    }

    fn json_number(&mut self) -> Input {
        let mut number = Some(0u64);
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            let digit = u64::from(digit - b'0');
            number = number.and_then(|number| number.checked_mul(10)?.checked_add(digit));
            self.at += 1;
        }
        match (number, self.peek()) {
            (_, Some(b'.' | b'e' | b'E')) => Input::Other("a number with a fraction or exponent"),
            (None, _) => Input::Other("a number above 2^64"),
            (Some(number), _) => Input::Number(number),
        }
    }

    fn json_list(&mut self, key: &str, visit: &mut Visit<'_>) -> Result<Input, Fault> {
        let mut texts = Vec::new();
        let mut n_maps = 0;
        self.at += 1;
        if self.has_token(b']') {
            return Ok(Input::Texts(texts));
        }
        loop {
            self.space();
            match self.peek() {
                Some(b'"') | None if n_maps == 0 => texts.push(self.json_text("text")?),
                Some(b'{') if texts.is_empty() => {
                    n_maps += 1;
                    visit(key, Input::Map).map_err(Fault::Refused)?;
                    self.json_map(visit)?;
                    visit(key, Input::MapEnd).map_err(Fault::Refused)?;
                }
                _ => return Ok(Input::Other(NO_TEXTS)),
            }
            if self.has_token(b']') {
                return Ok(if n_maps > 0 { Input::Maps } else { Input::Texts(texts) });
            }
            if !self.has_token(b',') {
                return Err(self.expected("`,` or `]`"));
            }
        }
    }

    fn json_text(&mut self, expected: &'static str) -> Result<String, Fault> {
        if !self.has(b'"') {
            return Err(self.expected(expected));
        }
        let start = self.at;
        let mut text = Vec::new();
        loop {
            match self.next("a closing double quote")? {
                b'"' => break,
                b'\\' => self.json_escape(&mut text)?,
                0..0x20 => {
                    self.at -= 1;
                    return Err(self.expected("text without control characters"));
                }
                byte => text.push(byte),
            }
        }
        String::from_utf8(text).map_err(|_| Fault::Syntax { at: start, expected: "UTF-8" })
    }

    fn json_escape(&mut self, text: &mut Vec<u8>) -> Result<(), Fault> {
        let expected = "an escape";
        let byte = match self.next(expected)? {
            byte @ (b'"' | b'\\' | b'/') => byte,
            b'b' => 0x08,
            b'f' => 0x0c,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                let mut code = self.json_hex()?;
                // A high surrogate and the low one behind it stand for one character.
                if (0xd800..0xdc00).contains(&code) && self.has(b'\\') && self.has(b'u') {
                    let low = self.json_hex()?;
                    let is_low = (0xdc00..0xe000).contains(&low);
                    code = if is_low {
                        0x1_0000 + ((code - 0xd800) << 10) + (low - 0xdc00)
                    } else {
                        0xd800
                    };
                }
                let letter = char::from_u32(code).ok_or(self.expected("a pair of surrogates"))?;
                text.extend(letter.encode_utf8(&mut [0; 4]).as_bytes());
                return Ok(());
            }
            _ => {
                self.at -= 1;
                return Err(self.expected(expected));
            }
        };
        text.push(byte);
        Ok(())
    }

    fn json_hex(&mut self) -> Result<u32, Fault> {
        let expected = "four hexadecimal digits";
        let mut code = 0;
        for _ in 0..4 {
            let digit = char::from(self.next(expected)?).to_digit(16);
            code = code * 16 + digit.ok_or(Fault::Syntax { at: self.at - 1, expected })?;
        }
        Ok(code)
    }

    // MessagePack (the specification on msgpack.org, version of 2017).

    fn packed_map(&mut self, visit: &mut Visit<'_>) -> Result<(), Fault> {
        let n = match self.next("a map")? {
            marker @ 0x80..0x90 => u64::from(marker & 15),
            0xde => self.packed_number(2)?,
            0xdf => self.packed_number(4)?,
            _ => {
                self.at -= 1;
                return Err(self.expected("a map"));
            }
        };
        for _ in 0..n {
            let start = self.at;
            let marker = self.next("a key")?;
            let key = self
                .packed_text(marker)?
                .ok_or(Fault::Syntax { at: start, expected: "a text as key" })?;
            let value = self.packed_value(&key, visit)?;
            visit(&key, value).map_err(Fault::Refused)?;
        }
        Ok(())
    }

    fn packed_value(&mut self, key: &str, visit: &mut Visit<'_>) -> Result<Input, Fault> {
        let marker = self.next("a value")?;
        if let Some(text) = self.packed_text(marker)? {
            return Ok(Input::Text(text));
        }
        let number = match marker {
            0..0x80 => u64::from(marker),
            0xcc => self.packed_number(1)?,
            0xcd => self.packed_number(2)?,
            0xce => self.packed_number(4)?,
            0xcf => self.packed_number(8)?,
            0xd0 => return self.packed_signed(1),
            0xd1 => return self.packed_signed(2),
            0xd2 => return self.packed_signed(4),
            0xd3 => return self.packed_signed(8),
            0xe0.. => return Ok(Input::Other("a number below zero")),
            0x90..0xa0 => return self.packed_list(u64::from(marker & 15), key, visit),
            0xdc => {
                let n = self.packed_number(2)?;
                return self.packed_list(n, key, visit);
            }
            0xdd => {
                let n = self.packed_number(4)?;
                return self.packed_list(n, key, visit);
            }
            0xc0 => return Ok(Input::Null),
            0xc2 => return Ok(Input::Flag(false)),
            0xc3 => return Ok(Input::Flag(true)),
            0xca | 0xcb => return Ok(Input::Other("a floating-point number")),
            _ => return Ok(Input::Other("a map, binary data or an extension")),
        };
        Ok(Input::Number(number))
    }

    fn packed_list(&mut self, n: u64, key: &str, visit: &mut Visit<'_>) -> Result<Input, Fault> {
        let mut texts = Vec::new();
        let mut n_maps = 0;
        for _ in 0..n {
            let marker = self.next("an entry of a list")?;
            if n_maps == 0
                && let Some(text) = self.packed_text(marker)?
            {
                texts.push(text);
            } else if texts.is_empty() && matches!(marker, 0x80..0x90 | 0xde | 0xdf) {
                self.at -= 1;
                n_maps += 1;
                visit(key, Input::Map).map_err(Fault::Refused)?;
                self.packed_map(visit)?;
                visit(key, Input::MapEnd).map_err(Fault::Refused)?;
            } else {
                return Ok(Input::Other(NO_TEXTS));
            }
        }
        Ok(if n_maps > 0 { Input::Maps } else { Input::Texts(texts) })
    }

    /// The text that a marker begins; `None` when it begins something else.
    fn packed_text(&mut self, marker: u8) -> Result<Option<String>, Fault> {
        let len = match marker {
            0xa0..0xc0 => u64::from(marker & 31),
            0xd9 => self.packed_number(1)?,
            0xda => self.packed_number(2)?,
            0xdb => self.packed_number(4)?,
            _ => return Ok(None),
        };
        let start = self.at;
        let text = self.take(usize::try_from(len).unwrap_or(usize::MAX), "the bytes of a text")?;
        let text = core::str::from_utf8(text)
            .map_err(|_| Fault::Syntax { at: start, expected: "UTF-8" })?;
        Ok(Some(text.to_string()))
    }

    /// A big-endian number of `width` bytes, at most 8.
    fn packed_number(&mut self, width: usize) -> Result<u64, Fault> {
        let bytes = self.take(width, "the bytes of a number")?;
        Ok(bytes.iter().fold(0, |number, &byte| number << 8 | u64::from(byte)))
    }

    /// A signed number; encoders may write small counts so.
    fn packed_signed(&mut self, width: usize) -> Result<Input, Fault> {
        let number = self.packed_number(width)?;
        let is_negative = number >> (width * 8 - 1) & 1 == 1;
        Ok(if is_negative { Input::Other("a number below zero") } else { Input::Number(number) })
    }
}

#[cfg(test)]
mod tests;
