//! Made-up shops of any size, for measuring how time and memory grow: `cargo xtask synth`.
//!
//! The log is a CSV of orders, oldest first, over two years: `order_id,user_id,item_id,time,quantity,price`, or JSON
//! lines of the same, which `edgewise build` reads with the columns it guesses. What sells, what is bought together and who buys follow the laws
//! in [`shop`]; [`orders`] draws from them. The rows of a seed are the same on every machine, and none of them is kept
//! in memory, so a log may be larger than that.

mod alias;
mod options;
mod orders;
mod shop;

#[cfg(test)]
mod tests;

use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

pub(crate) use self::options::{SynthOptions, count, parse};
use self::orders::Row;
use self::shop::{Shop, Size};

/// What stands before each field of a row, and behind the last.
type Marks = [&'static str; 7];
/// The first line of a CSV.
const HEADER: &str = "order_id,user_id,item_id,time,quantity,price\n";
const CSV: Marks = ["", ",", ",", ",", ",", ",", "\n"];
const JSON_LINES: Marks = [
    "{\"order_id\":\"",
    "\",\"user_id\":\"",
    "\",\"item_id\":\"",
    "\",\"time\":\"",
    "\",\"quantity\":",
    ",\"price\":",
    "}\n",
];
/// Bytes that are gathered before they are written.
const BUFFER_BYTES: usize = 1 << 16;
/// How hard zstd tries: the quickest of its usual levels.
const ZSTD_LEVEL: i32 = 1;

/// Writes the log that `options` describe, beside its place first, so that no half of one is ever taken for a whole.
pub(crate) fn run(options: &SynthOptions) -> Result<()> {
    let path = &options.output;
    let beside = beside(path);
    let written = write_file(&options.size, path, &beside)
        .and_then(|()| fs::rename(&beside, path))
        .with_context(|| format!("cannot write `{}`", path.display()));
    if written.is_err() {
        // What is left of a failed run; the first error is the one to tell.
        _ = fs::remove_file(&beside);
    }
    written
}

fn write_file(size: &Size, path: &Path, beside: &Path) -> io::Result<()> {
    let file = File::create(beside)?;
    let ends = |path: &Path, with: &str| path.extension().is_some_and(|found| found == with);
    let is_zstd = ends(path, "zst");
    let plain = if is_zstd { path.with_extension("") } else { path.to_owned() };
    let marks = if ends(&plain, "jsonl") { &JSON_LINES } else { &CSV };
    if is_zstd {
        let mut encoder = zstd::Encoder::new(file, ZSTD_LEVEL)?;
        write(size, marks, &mut encoder)?;
        encoder.finish()?.sync_data()
    } else {
        let mut file = file;
        write(size, marks, &mut file)
    }
}

fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().map_or_else(OsString::new, OsString::from);
    name.push(".part");
    path.with_file_name(name)
}

/// Writes the whole log.
fn write(size: &Size, marks: &Marks, out: &mut impl Write) -> io::Result<()> {
    let shop = Shop::new(size);
    let days = orders::day_texts();
    let mut text = Vec::with_capacity(BUFFER_BYTES + 200);
    if *marks == CSV {
        text.extend_from_slice(HEADER.as_bytes());
    }
    orders::for_each(size, &shop, |row| -> io::Result<()> {
        push_row(&mut text, marks, &row, shop.number(row.item), &days[row.day]);
        if text.len() >= BUFFER_BYTES {
            out.write_all(&text)?;
            text.clear();
        }
        Ok(())
    })?;
    out.write_all(&text)
}

fn push_row(text: &mut Vec<u8>, marks: &Marks, row: &Row, number: u32, day: &str) {
    push_decimal(begun(text, marks[0], "N"), row.order, 1);
    push_decimal(begun(text, marks[1], "u"), row.user as u64, 1);
    push_decimal(begun(text, marks[2], "I"), u64::from(number), 6);
    let time = begun(text, marks[3], day);
    for (mark, part) in
        [(b' ', row.second / 3_600), (b':', row.second / 60 % 60), (b':', row.second % 60)]
    {
        time.push(mark);
        push_decimal(time, part, 2);
    }
    push_decimal(begun(text, marks[4], ""), u64::from(row.quantity), 1);
    push_decimal(begun(text, marks[5], ""), price(number), 1);
    text.extend_from_slice(b".95");
    text.extend_from_slice(marks[6].as_bytes());
}

/// Begins a field: what stands before it, and the letters of its id.
fn begun<'a>(text: &'a mut Vec<u8>, mark: &str, letters: &str) -> &'a mut Vec<u8> {
    text.extend_from_slice(mark.as_bytes());
    text.extend_from_slice(letters.as_bytes());
    text
}

/// Whole units of an item's price, 0 to 255; each doubling is as frequent as the last.
fn price(number: u32) -> u64 {
    let mixed = number.wrapping_mul(0x9e37_79b1) >> 16;
    u64::from((mixed & 0xff) >> (mixed >> 8 & 7))
}

/// Appends `number` with at least `n_digits` digits.
fn push_decimal(text: &mut Vec<u8>, mut number: u64, n_digits: usize) {
    let mut digits = [b'0'; 20];
    let mut from = digits.len();
    while number > 0 || digits.len() - from < n_digits {
        from -= 1;
        // Cannot fail: a digit.
        digits[from] = b'0' + u8::try_from(number % 10).unwrap_or_default();
        number /= 10;
    }
    text.extend_from_slice(&digits[from..]);
}
