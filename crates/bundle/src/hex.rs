//! Digests as people and wires write them.

use alloc::string::String;

/// Lower-case hexadecimal, two digits a byte.
pub fn hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for &byte in bytes {
        text.push(char::from(digit(byte >> 4)));
        text.push(char::from(digit(byte)));
    }
    text
}

/// The lower four bits as a letter.
fn digit(bits: u8) -> u8 {
    match bits & 15 {
        digit @ 0..10 => b'0' + digit,
        letter => b'a' + letter - 10,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hexadecimal_is_lower_case() {
        assert_eq!(hex(&[0, 0x1f, 0xa0, 0xff]), "001fa0ff");
    }
}
