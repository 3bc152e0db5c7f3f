//! Section `seasons`: the shop's time zone, and when each item is wanted more or less than usual.
//!
//! The name of the zone as a length of four bytes and text, padded to 4; `n: u32` changes of its distance from UTC, each
//! `utc_s: i64` and `offset_s: i32`; then a table with one entry per item. An entry is bits: for each factor its cell in
//! six and its step in four.

#[cfg(feature = "write")]
use alloc::vec::Vec;

#[cfg(feature = "write")]
use edgewise_core::SeasonValues;
use edgewise_core::calendar::{N_CELLS, USUAL, local_time};
use edgewise_core::{ItemIdx, LocalTime, SEASON_RANGE, SEASON_STEPS, Transition};

#[cfg(feature = "write")]
use crate::bits::BitWriter;
use crate::bits::Bits;
use crate::cursor::Cursor;
use crate::error::FormatError;
use crate::limits::{MAX_ITEMS, MAX_TRANSITIONS, MAX_ZONE_BYTES};
use crate::table::{TABLE_ALIGNMENT, Table, check_text};

const FIELD: &str = "seasons";
const CELL_BITS: u32 = 6;
const STEP_BITS: u32 = 4;
/// Bytes of a change.
const TRANSITION_BYTES: usize = 12;

/// View of the section.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seasons<'a> {
    name: &'a [u8],
    transitions: &'a [[u8; TRANSITION_BYTES]],
    table: Table<'a>,
    at: usize,
}

impl<'a> Seasons<'a> {
    pub(crate) fn take(mut cursor: Cursor<'a>, n_items: u32) -> Result<Seasons<'a>, FormatError> {
        let at = cursor.offset();
        let n_bytes = cursor.count("time zone", MAX_ZONE_BYTES)?;
        let name = cursor.bytes("time zone", n_bytes as usize)?;
        cursor.padding(TABLE_ALIGNMENT)?;
        let n = cursor.count("transitions", MAX_TRANSITIONS)?;
        let transitions = cursor.bytes("transitions", n as usize * TRANSITION_BYTES)?;
        let table = Table::take(&mut cursor, FIELD, MAX_ITEMS)?;
        cursor.end(FIELD)?;
        let found = table.n_entries();
        if found != n_items {
            return Err(FormatError::Mismatch { field: FIELD, at, found, expected: n_items });
        }
        Ok(Seasons { name, transitions: transitions.as_chunks().0, table, at })
    }

    /// Looks at every entry.
    pub(crate) fn check(&self) -> Result<(), FormatError> {
        check_text("time zone", self.at, self.name, MAX_ZONE_BYTES)?;
        let moments = || self.transitions().map(|transition| transition.utc_s);
        if !moments().zip(moments().skip(1)).all(|(before, after)| before < after) {
            return Err(FormatError::BadOrder { field: "transitions", at: self.at });
        }
        self.table.check()?;
        for (at, entry) in self.table.entries() {
            let mut last = None;
            for (cell, _) in factors(entry) {
                if cell >= u32::from(N_CELLS) || last.is_some_and(|last| last >= cell) {
                    return Err(FormatError::BadOrder { field: FIELD, at });
                }
                last = Some(cell);
            }
            let mut rest = Bits::new(entry);
            rest.skip(n_factors(entry) * (CELL_BITS + STEP_BITS) as usize);
            if !rest.is_at_end() {
                return Err(FormatError::Mismatch { field: FIELD, at, found: 1, expected: 0 });
            }
        }
        Ok(())
    }

    /// The zone's name; empty where it is damaged.
    pub(crate) fn zone_name(&self) -> &'a str {
        core::str::from_utf8(self.name).unwrap_or("")
    }

    /// The time of the shop's clock.
    pub(crate) fn local_time(&self, utc_s: i64) -> LocalTime {
        local_time(self.transitions(), utc_s)
    }

    /// The product of the item's factors of the month, the weekday and the hour, in 256ths within [`SEASON_RANGE`].
    pub(crate) fn factor(&self, item: ItemIdx, at: LocalTime) -> u32 {
        let cells = at.cells().map(|cell| u32::from(cell.0));
        let mut product = USUAL;
        for (cell, step) in factors(self.table.get(item.index()).unwrap_or(&[])) {
            if cells.contains(&cell) {
                let step = SEASON_STEPS.get(step as usize).copied().map_or(USUAL, u32::from);
                // Cannot overflow: damaged entries name a cell more than once, so the product is held back each time.
                product = (product * step / USUAL).min(USUAL * USUAL);
            }
        }
        product.clamp(*SEASON_RANGE.start(), *SEASON_RANGE.end())
    }

    fn transitions(&self) -> impl Iterator<Item = Transition> + use<'a> {
        self.transitions.iter().map(|bytes| {
            let word = |at: usize| {
                let bytes = bytes.get(at..).and_then(|rest| rest.first_chunk().copied());
                u32::from_le_bytes(bytes.unwrap_or_default())
            };
            Transition {
                utc_s: (u64::from(word(4)) << 32 | u64::from(word(0))).cast_signed(),
                offset_s: word(8).cast_signed(),
            }
        })
    }
}

/// How many factors fit into an entry; what is left of it is less than one.
fn n_factors(entry: &[u8]) -> usize {
    entry.len() * 8 / (CELL_BITS + STEP_BITS) as usize
}

/// The cells and steps of an entry.
fn factors(entry: &[u8]) -> impl Iterator<Item = (u32, u32)> + '_ {
    let mut bits = Bits::new(entry);
    (0..n_factors(entry)).map(move |_| (bits.take(CELL_BITS), bits.take(STEP_BITS)))
}

/// Makes the section.
#[cfg(feature = "write")]
pub(crate) fn encode(values: &SeasonValues) -> Result<Vec<u8>, FormatError> {
    let mut bytes = Vec::new();
    let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    bytes.extend(count(values.zone.name.len()).to_le_bytes());
    bytes.extend(values.zone.name.as_bytes());
    crate::table::pad(&mut bytes, TABLE_ALIGNMENT);
    bytes.extend(count(values.zone.transitions.len()).to_le_bytes());
    for transition in &values.zone.transitions {
        bytes.extend(transition.utc_s.to_le_bytes());
        bytes.extend(transition.offset_s.to_le_bytes());
    }
    let entries = (0..).zip(&values.factors).map(|(item, factors)| encode_factors(item, factors));
    let entries = entries.collect::<Result<Vec<_>, _>>()?;
    crate::table::put_table(&mut bytes, FIELD, &entries)?;
    Ok(bytes)
}

#[cfg(feature = "write")]
fn encode_factors(
    item: u32,
    factors: &[(edgewise_core::Cell, u16)],
) -> Result<Vec<u8>, FormatError> {
    let mut bits = BitWriter::default();
    for &(cell, factor) in factors {
        let step = SEASON_STEPS.iter().position(|&step| step == factor);
        let step = step.and_then(|step| u32::try_from(step).ok());
        let found = f64::from(factor);
        let step = step.ok_or(FormatError::BadWeight { field: FIELD, item, found })?;
        bits.put(cell.0.into(), CELL_BITS);
        bits.put(step, STEP_BITS);
    }
    Ok(bits.finish())
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;
    use alloc::vec;
    use edgewise_core::{Cell, TimeZone};

    const JULY: LocalTime = LocalTime { month: 6, weekday: 2, hour: 9 };

    fn toy() -> SeasonValues {
        let transitions = [(1_000_000, 0), (20_000_000, 3_600)]
            .map(|(utc_s, offset_s)| Transition { utc_s, offset_s });
        let zone =
            TimeZone { name: String::from("Europe/London"), transitions: transitions.into() };
        let factors = vec![
            vec![(Cell(6), 512), (Cell(12 + 2), 304), (Cell(19 + 9), 362)],
            vec![],
            vec![(Cell(6), 1_024), (Cell(14), 1_024)],
            vec![(Cell(42), 64)],
        ];
        SeasonValues { zone, factors }
    }

    fn view(bytes: &[u8], n_items: u32) -> Result<Seasons<'_>, FormatError> {
        let seasons = Seasons::take(Cursor::new(bytes, 0), n_items)?;
        seasons.check().map(|()| seasons)
    }

    #[test]
    fn factors_multiply_within_their_range() {
        let bytes = encode(&toy()).unwrap();
        let seasons = view(&bytes, 4).unwrap();
        let factor = |row| seasons.factor(ItemIdx(row), JULY);
        // 512 / 256 · 304 / 256 = 608 / 256, and 608 · 362 / 256 = 859.
        assert_eq!([0, 1, 2, 3, 9].map(factor), [859, 256, 1_024, 256, 256]);
        let night = LocalTime { month: 0, weekday: 0, hour: 23 };
        assert_eq!(seasons.factor(ItemIdx(3), night), 64);
        assert_eq!(seasons.zone_name(), "Europe/London");
        assert_eq!((seasons.local_time(0).hour, seasons.local_time(20_001_600).hour), (0, 13));
    }

    #[test]
    fn rejects_transitions_out_of_order() {
        let mut values = toy();
        values.zone.transitions.reverse();
        let bytes = encode(&values).unwrap();
        assert!(matches!(view(&bytes, 4), Err(FormatError::BadOrder { field: "transitions", .. })));
    }

    #[test]
    fn rejects_seasons_of_another_number_of_items() {
        let bytes = encode(&toy()).unwrap();
        for n_items in [3, 5] {
            assert!(matches!(view(&bytes, n_items), Err(FormatError::Mismatch { found: 4, .. })));
        }
    }

    #[test]
    fn rejects_cells_that_do_not_ascend_or_are_past_the_last() {
        for cells in [[Cell(7), Cell(7)], [Cell(8), Cell(7)], [Cell(1), Cell(43)]] {
            let factors = vec![cells.map(|cell| (cell, 512)).to_vec()];
            let bytes = encode(&SeasonValues { factors, ..toy() }).unwrap();
            assert!(matches!(view(&bytes, 1), Err(FormatError::BadOrder { .. })), "{cells:?}");
        }
    }

    #[test]
    fn rejects_bits_behind_the_last_factor() {
        let values = SeasonValues { factors: vec![vec![(Cell(3), 512)]], ..toy() };
        let good = encode(&values).unwrap();
        assert!(view(&good, 1).is_ok());
        let mut bytes = good.clone();
        // The entry of two bytes closes the section, with two of padding.
        let at = bytes.len() - 3;
        *bytes.get_mut(at).unwrap() |= 128;
        assert!(matches!(view(&bytes, 1), Err(FormatError::Mismatch { .. })));
    }

    #[test]
    fn a_factor_that_is_no_step_is_not_written() {
        let values = SeasonValues { factors: vec![vec![(Cell(3), 256)]], ..toy() };
        assert!(matches!(encode(&values), Err(FormatError::BadWeight { .. })));
    }
}
