//! Texts come back, take few bits, and damaged ones end.

#![expect(clippy::indexing_slicing, reason = "a test may panic")]

use alloc::format;

use super::learn::spell;
use super::*;
use crate::bits::BitWriter;

fn written(texts: &[Vec<u8>]) -> (Vec<u8>, Vec<u8>) {
    let spelt = spell(texts);
    let mut bits = BitWriter::default();
    (0..texts.len()).for_each(|index| spelt.put(&mut bits, index));
    (spelt.code, bits.finish())
}

fn read(code: &[u8], stream: &[u8], n: usize) -> Option<Vec<Vec<u8>>> {
    let code = TextCode::take(&mut Cursor::new(code, 0), "texts").ok()?;
    let mut bits = Bits::new(stream);
    let mut text = || {
        let mut text = Vec::new();
        code.append(&mut bits, &mut text, 100).map(|()| text)
    };
    let texts = (0..n).map(|_| text()).collect::<Option<Vec<_>>>()?;
    bits.is_at_end().then_some(texts)
}

fn titles(n: usize) -> Vec<Vec<u8>> {
    let (colours, things) = (["RED", "blue", "grün"], ["tea pot", "cup", "HOLDER", "clock"]);
    let title = |index: usize| {
        let (colour, thing) = (colours[index * 7 % 3], things[index * 5 % 4]);
        format!("{colour} {thing} no {}\u{ff}{}.95", index * 31 % 97, index % 9).into_bytes()
    };
    (0..n).map(title).collect()
}

#[test]
fn texts_come_back() {
    let all: Vec<u8> = (0..=253).chain([255]).collect();
    let of = |texts: &[&[u8]]| texts.iter().map(|text| text.to_vec()).collect::<Vec<_>>();
    for texts in [
        of(&[]),
        of(&[b""]),
        of(&[b"", b"", b""]),
        of(&[b"a"]),
        alloc::vec![b"a".repeat(70); 30],
        all.chunks(50).map(<[u8]>::to_vec).collect(),
        titles(2_000),
    ] {
        let (code, stream) = written(&texts);
        assert_eq!(read(&code, &stream, texts.len()), Some(texts));
    }
}

#[test]
fn titles_take_a_third_of_their_bytes() {
    let texts = titles(2_000);
    let n_bytes: usize = texts.iter().map(Vec::len).sum();
    let (code, stream) = written(&texts);
    assert!((code.len() + stream.len()) * 3 < n_bytes, "{} {}", code.len(), stream.len());
}

#[test]
fn a_text_over_its_limit_is_none() {
    let (code, stream) = written(&[b"x".repeat(101)]);
    assert_eq!(read(&code, &stream, 1), None);
}

#[test]
fn endless_symbols_end() {
    let texts = titles(300);
    let (code, stream) = written(&texts);
    for byte in [0, 1, 0x55, 0x7f, 255] {
        let mut damaged = code.clone();
        damaged.iter_mut().skip(2).for_each(|slot| *slot = byte);
        let _ = read(&damaged, &stream, 300);
        let _ = read(&code, &alloc::vec![byte; 1_000], 300);
    }
    for bit in 0..code.len() * 8 {
        let mut damaged = code.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        let _ = read(&damaged, &stream, 300);
    }
    assert_eq!(read(&code, &stream, 301), None);
}

#[test]
fn symbols_that_hold_themselves_end() {
    // Two symbols of one code, the first of two numbers of eight bits, the second a byte.
    let code = |left: u8, right: u8| {
        let mut code = alloc::vec![0; 2 + 2 * MAX_CODE_BITS];
        code[0] = 2;
        code[2] = 1;
        code.extend([left, right, 255, b'x']);
        code
    };
    // Spelt until nothing more can wait, and until the limit.
    for (left, right) in [(0, 0), (0, 1), (1, 0)] {
        assert_eq!(read(&code(left, right), &[0; 10], 1), None);
    }
    assert_eq!(read(&code(255, END), &[0], 8), Some(alloc::vec![Vec::new(); 8]));
}
