//! One column of a batch as text. What most logs consist of is written by hand, the rest by Arrow's own casts, whose
//! text of times alone took longer than reading the file: both write the same.

use std::io::Write as _;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Float64Type, Int64Type, TimestampMicrosecondType, TimestampMillisecondType,
    TimestampNanosecondType, TimestampSecondType,
};
use arrow_array::{Array, ArrayRef, Float64Array, Int64Array, StringArray};
use arrow_cast::{CastOptions, cast_with_options};
use arrow_schema::{ArrowError, DataType, TimeUnit};

use crate::time::civil_date;

/// A column whose values write themselves.
pub(super) enum Column {
    Text(StringArray),
    Whole(Int64Array),
    Real(Float64Array),
    Time(Times),
}

/// Times without a zone, in parts of a second.
pub(super) struct Times {
    values: Int64Array,
    per_second: i64,
    /// The text of the last time: the rows of an order share theirs.
    last: Option<i64>,
    text: Vec<u8>,
}

impl Column {
    /// # Errors
    /// What Arrow says when it cannot make a text.
    pub(super) fn of(array: &ArrayRef) -> Result<Column, ArrowError> {
        let times = |values: Int64Array, per_second| {
            Column::Time(Times { values, per_second, last: None, text: Vec::new() })
        };
        Ok(match array.data_type() {
            DataType::Utf8 => Column::Text(array.as_string::<i32>().clone()),
            DataType::Int64 => Column::Whole(array.as_primitive::<Int64Type>().clone()),
            DataType::Int8
            | DataType::Int16
            | DataType::Int32
            | DataType::UInt8
            | DataType::UInt16
            | DataType::UInt32 => {
                let whole = cast_with_options(array, &DataType::Int64, &CastOptions::default())?;
                Column::Whole(whole.as_primitive::<Int64Type>().clone())
            }
            DataType::Float64 => Column::Real(array.as_primitive::<Float64Type>().clone()),
            DataType::Timestamp(unit, None) => match unit {
                TimeUnit::Second => {
                    times(array.as_primitive::<TimestampSecondType>().reinterpret_cast(), 1)
                }
                TimeUnit::Millisecond => times(
                    array.as_primitive::<TimestampMillisecondType>().reinterpret_cast(),
                    1_000,
                ),
                TimeUnit::Microsecond => times(
                    array.as_primitive::<TimestampMicrosecondType>().reinterpret_cast(),
                    1_000_000,
                ),
                TimeUnit::Nanosecond => times(
                    array.as_primitive::<TimestampNanosecondType>().reinterpret_cast(),
                    1_000_000_000,
                ),
            },
            _ => Column::Text(as_text(array)?),
        })
    }

    /// Appends the text of a row; nothing where the column has no value.
    pub(super) fn write(&mut self, row: usize, bytes: &mut Vec<u8>) {
        match self {
            Column::Text(texts) if texts.is_valid(row) => {
                bytes.extend_from_slice(texts.value(row).as_bytes());
            }
            Column::Whole(numbers) if numbers.is_valid(row) => {
                write_whole(numbers.value(row), bytes);
            }
            Column::Real(numbers) if numbers.is_valid(row) => {
                write_real(numbers.value(row), bytes);
            }
            Column::Time(times) if times.values.is_valid(row) => times.write(row, bytes),
            _ => {}
        }
    }
}

fn as_text(array: &ArrayRef) -> Result<StringArray, ArrowError> {
    let text = cast_with_options(array, &DataType::Utf8, &CastOptions::default())?;
    Ok(text.as_string::<i32>().clone())
}

fn write_whole(number: i64, bytes: &mut Vec<u8>) {
    if number < 0 {
        bytes.push(b'-');
    }
    write_digits(number.unsigned_abs(), 1, bytes);
}

/// A number in digits, at least `n_min` of them and at most twenty.
fn write_digits(mut number: u64, n_min: usize, bytes: &mut Vec<u8>) {
    let mut digits = [b'0'; 20];
    let mut at = digits.len();
    while number > 0 {
        at -= 1;
        digits[at] = b'0' + (number % 10) as u8;
        number /= 10;
    }
    bytes.extend_from_slice(&digits[at.min(digits.len() - n_min)..]);
}

/// The shortest decimal that is the number: hundredths, as prices are, without looking for it.
#[expect(clippy::cast_possible_truncation, reason = "below 2^53, as is checked before")]
#[expect(clippy::cast_sign_loss, reason = "checked to be positive")]
#[expect(clippy::float_cmp, reason = "equal is what the text has to be")]
fn write_real(number: f64, bytes: &mut Vec<u8>) {
    let hundredths = (number * 100.0).round();
    if !(1.0..1e14).contains(&hundredths) || hundredths / 100.0 != number {
        return write_shortest(number, bytes);
    }
    let (whole, part) = (hundredths as u64 / 100, hundredths as u64 % 100);
    write_digits(whole, 1, bytes);
    bytes.push(b'.');
    match part % 10 {
        0 => write_digits(part / 10, 1, bytes),
        _ => write_digits(part, 2, bytes),
    }
}

/// The shortest decimal that is the number, as Arrow writes it.
fn write_shortest(number: f64, bytes: &mut Vec<u8>) {
    let array: ArrayRef = std::sync::Arc::new(Float64Array::from_iter_values([number]));
    // Cannot fail: floats have a text.
    if let Ok(text) = as_text(&array) {
        bytes.extend_from_slice(text.value(0).as_bytes());
    }
}

impl Times {
    fn write(&mut self, row: usize, bytes: &mut Vec<u8>) {
        let time = self.values.value(row);
        if self.last != Some(time) {
            self.last = Some(time);
            self.text.clear();
            write_time(time, self.per_second, &mut self.text);
        }
        bytes.extend_from_slice(&self.text);
    }
}

/// `2010-12-01T08:26:00`, with as many thousandths, millionths or billionths of a second as the time needs.
#[expect(clippy::cast_sign_loss, reason = "remainders of a positive divisor")]
fn write_time(time: i64, per_second: i64, bytes: &mut Vec<u8>) {
    let (second, part) = (time.div_euclid(per_second), time.rem_euclid(per_second) as u64);
    let (day, of_day) = (second.div_euclid(86_400), second.rem_euclid(86_400) as u64);
    let (year, month, day) = civil_date(day);
    // Cannot fail: a vector takes every byte.
    let _ = match year {
        0..=9_999 => write!(bytes, "{year:04}"),
        _ => write!(bytes, "{year:+05}"),
    };
    for (mark, number) in [(b'-', month), (b'-', day), (b'T', of_day / 3_600)] {
        bytes.push(mark);
        write_digits(number, 2, bytes);
    }
    for number in [of_day / 60 % 60, of_day % 60] {
        bytes.push(b':');
        write_digits(number, 2, bytes);
    }
    let nanos = part * (1_000_000_000 / per_second as u64);
    for (n_digits, unit) in [(3, 1_000_000), (6, 1_000), (9, 1)] {
        if nanos > 0 && nanos.is_multiple_of(unit) {
            bytes.push(b'.');
            return write_digits(nanos / unit, n_digits, bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use arrow_array::{
        TimestampMicrosecondArray, TimestampMillisecondArray, TimestampNanosecondArray,
        TimestampSecondArray, UInt32Array,
    };

    use super::*;

    #[track_caller]
    fn check(array: impl Array + 'static) {
        let array: ArrayRef = Arc::new(array);
        let expected = as_text(&array).unwrap();
        let mut column = Column::of(&array).unwrap();
        for row in 0..array.len() {
            let mut bytes = Vec::new();
            column.write(row, &mut bytes);
            let expected = if array.is_null(row) { "" } else { expected.value(row) };
            assert_eq!(str::from_utf8(&bytes).unwrap(), expected);
        }
    }

    #[test]
    fn values_have_the_text_that_arrow_gives_them() {
        check(Int64Array::from(vec![Some(0), None, Some(-7), Some(i64::MIN), Some(1 << 60)]));
        check(UInt32Array::from(vec![0, 10, u32::MAX]));
        let prices = (0..2_000).map(|cents| f64::from(cents) / 100.0);
        let odd = [1e300, 1e-9, -2.5, 0.1 + 0.2, 1e13, 123_456_789_012.34, f64::NAN, f64::INFINITY];
        check(Float64Array::from_iter_values(prices.chain(odd)));
    }

    #[test]
    fn times_have_the_text_that_arrow_gives_them() {
        let some = [0, 1, -1, 1_291_191_960, 951_782_400, -2_208_988_800, 4_102_444_799];
        check(TimestampSecondArray::from_iter_values(some));
        let within = |per: i64| some.map(|time| [time * per, time * per + 1, time * per + per / 2]);
        check(TimestampMillisecondArray::from_iter_values(within(1_000).concat()));
        check(TimestampMicrosecondArray::from_iter_values(within(1_000_000).concat()));
        check(TimestampNanosecondArray::from_iter_values(within(1_000_000_000).concat()));
    }
}
