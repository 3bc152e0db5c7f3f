//! Unsigned LEB128 in its shortest form, at most 32 bits, and the zigzag of signed differences.

#[cfg(feature = "write")]
use alloc::vec::Vec;

/// Takes a number off the front. `None`: cut short, over 32 bits, or not in its shortest form.
pub(crate) fn take(bytes: &mut &[u8]) -> Option<u32> {
    let mut value = 0u32;
    for shift in [0, 7, 14, 21, 28] {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        let low = u32::from(byte & 0x7f);
        if shift == 28 && low > 0x0f {
            return None;
        }
        value |= low << shift;
        if byte < 0x80 {
            let is_shortest = byte != 0 || shift == 0;
            return is_shortest.then_some(value);
        }
    }
    None
}

/// Appends a number.
#[cfg(feature = "write")]
pub(crate) fn put(bytes: &mut Vec<u8>, mut value: u32) {
    while value >= 0x80 {
        bytes.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    bytes.push(value.to_le_bytes()[0]);
}

/// 0, -1, 1, -2, … to 0, 1, 2, 3, …
#[cfg(feature = "write")]
pub(crate) fn zigzag(value: i32) -> u32 {
    ((value << 1) ^ (value >> 31)).cast_unsigned()
}

/// The inverse of [`zigzag`].
pub(crate) fn unzigzag(value: u32) -> i32 {
    (value >> 1).cast_signed() ^ -((value & 1).cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_come_back() {
        for value in [0, 1, 127, 128, 300, 16_383, 16_384, 1 << 28, u32::MAX - 1, u32::MAX] {
            let mut bytes = Vec::new();
            put(&mut bytes, value);
            let mut rest = bytes.as_slice();
            assert_eq!(take(&mut rest), Some(value));
            assert!(rest.is_empty());
            for cut in 0..bytes.len() {
                assert_eq!(take(&mut bytes.get(..cut).unwrap()), None);
            }
        }
    }

    #[test]
    fn rejects_long_forms_and_overflow() {
        for bytes in [&[0x80, 0x00][..], &[0xff, 0xff, 0xff, 0xff, 0x1f], &[0x80; 6]] {
            assert_eq!(take(&mut &*bytes), None);
        }
    }

    #[test]
    fn zigzag_comes_back() {
        for value in [0, 1, -1, 2, -2, 1 << 20, -(1 << 20), i32::MAX, i32::MIN] {
            assert_eq!(unzigzag(zigzag(value)), value);
        }
        assert_eq!([0, -1, 1, -2].map(zigzag), [0, 1, 2, 3]);
    }
}
