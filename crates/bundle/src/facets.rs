//! Section `facets`: what a shop says of its items besides their category: brand, colour, stock, which product an item is
//! a variant of. A bundle may lack it.
//!
//! A table of names, ascending, and for each of them: `kind: u8`, `decimals: u8`, two zeros; the dictionary (texts: a
//! table; numbers: `n: u32, largest: u32`, the numbers as ends, padding to 4; products: `n: u32`); for texts a table of
//! sets, empty when no item has more than one text; and a slot per item in as few bits as hold the number of what slots
//! name, padded to 4. A slot is 0 for none, else one more than the number of a set, or of a value where there are no
//! sets. A set is varints: its first value, then the distances to the value before, less one.

use alloc::vec::Vec;
use core::ops::Range;

use edgewise_core::ItemIdx;

use crate::bits::window;
use crate::cursor::Cursor;
use crate::ends::Ends;
use crate::error::FormatError;
use crate::limits::{
    MAX_ATTRIBUTE_VALUES, MAX_ATTRIBUTES, MAX_DECIMALS, MAX_ITEMS, MAX_NAME_BYTES, MAX_VALUE_SETS,
};
use crate::table::{TABLE_ALIGNMENT, Table};
use crate::varint;

mod check;
#[cfg(feature = "write")]
pub(crate) mod encode;

const FIELD: &str = "facets";
const TEXTS: u8 = 0;
const NUMBERS: u8 = 1;
const VARIANT_GROUPS: u8 = 2;

/// What the values of an attribute are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributeKind {
    /// Texts, of which an item may have several.
    Text,
    /// Numbers.
    Number {
        /// 1 stands for 10 to the power of minus this many.
        decimals: u8,
    },
    /// Products that items are variants of. They have no names.
    Product,
}

/// View of the section. The default has no attributes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Facets<'a> {
    names: Option<Table<'a>>,
    facets: Vec<Facet<'a>>,
}

/// One attribute.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facet<'a> {
    values: Values<'a>,
    n_items: u32,
    slot_bits: u32,
    slots: &'a [u8],
    slots_at: usize,
}

#[derive(Clone, Copy, Debug)]
enum Values<'a> {
    Texts { texts: Table<'a>, sets: Table<'a> },
    Numbers { decimals: u8, numbers: Ends<'a> },
    Products(u32),
}

impl<'a> Facets<'a> {
    pub(crate) fn take(mut cursor: Cursor<'a>, n_items: u32) -> Result<Facets<'a>, FormatError> {
        let names = Table::take(&mut cursor, FIELD, MAX_ATTRIBUTES)?;
        let mut facets = Vec::with_capacity(names.n_entries() as usize);
        for _ in 0..names.n_entries() {
            facets.push(Facet::take(&mut cursor, n_items)?);
        }
        cursor.end(FIELD)?;
        Ok(Facets { names: Some(names), facets })
    }

    pub(crate) fn n(&self) -> u32 {
        self.names.map_or(0, |names| names.n_entries())
    }

    pub(crate) fn get(&self, number: u32) -> Option<&Facet<'a>> {
        self.facets.get(number as usize)
    }

    pub(crate) fn name(&self, number: u32) -> Option<&'a str> {
        self.names?.text(number as usize)
    }

    pub(crate) fn find(&self, name: &str) -> Option<u32> {
        self.names?.find_name(name.as_bytes())
    }

    /// The attribute of products.
    pub(crate) fn variant_group(&self) -> Option<u32> {
        (0..)
            .zip(&self.facets)
            .find(|facet| matches!(facet.1.values, Values::Products(_)))
            .map(|it| it.0)
    }
}

impl<'a> Facet<'a> {
    fn take(cursor: &mut Cursor<'a>, n_items: u32) -> Result<Facet<'a>, FormatError> {
        let at = cursor.offset();
        let field = FIELD;
        let [kind, decimals, zeros @ ..] = cursor.array::<4>(field)?;
        let limit = if kind == NUMBERS { MAX_DECIMALS } else { 0 };
        for (found, limit) in [
            (u32::from(kind), u32::from(VARIANT_GROUPS)),
            (decimals.into(), limit),
            (u16::from_le_bytes(zeros).into(), 0),
        ] {
            if found > limit {
                return Err(FormatError::TooMany { field, at, found, limit });
            }
        }
        let (values, n_slots) = match kind {
            TEXTS => {
                let texts = Table::take(cursor, field, MAX_ATTRIBUTE_VALUES)?;
                let sets = Table::take(cursor, field, MAX_VALUE_SETS)?;
                let n_sets = sets.n_entries();
                let n = if n_sets == 0 { texts.n_entries() } else { n_sets };
                (Values::Texts { texts, sets }, n)
            }
            NUMBERS => {
                let n = cursor.count(field, MAX_ATTRIBUTE_VALUES)?;
                let largest = cursor.u32(field)?;
                let numbers = Ends::take(cursor, field, n, largest)?;
                cursor.padding(TABLE_ALIGNMENT)?;
                (Values::Numbers { decimals, numbers }, n)
            }
            _ => {
                let n = cursor.count(field, MAX_ITEMS)?;
                (Values::Products(n), n)
            }
        };
        let slot_bits = slot_bits(n_slots);
        let n_bits = u64::from(n_items) * u64::from(slot_bits);
        let slots_at = cursor.offset();
        // Cannot fail: neither items nor slots are so many.
        let n_bytes = usize::try_from(n_bits.div_ceil(8)).unwrap_or(usize::MAX);
        let slots = cursor.bytes(field, n_bytes)?;
        cursor.padding(TABLE_ALIGNMENT)?;
        Ok(Facet { values, n_items, slot_bits, slots, slots_at })
    }

    pub(crate) fn kind(&self) -> AttributeKind {
        match self.values {
            Values::Texts { .. } => AttributeKind::Text,
            Values::Numbers { decimals, .. } => AttributeKind::Number { decimals },
            Values::Products(_) => AttributeKind::Product,
        }
    }

    pub(crate) fn n_values(&self) -> u32 {
        match self.values {
            Values::Texts { texts, .. } => texts.n_entries(),
            Values::Numbers { numbers, .. } => numbers.n(),
            Values::Products(n) => n,
        }
    }

    /// The dictionary of texts.
    pub(crate) fn texts(&self) -> Option<&Table<'a>> {
        match &self.values {
            Values::Texts { texts, .. } => Some(texts),
            _ => None,
        }
    }

    /// The number that a value is.
    pub(crate) fn number(&self, value: u32) -> Option<u32> {
        match &self.values {
            Values::Numbers { numbers, .. } => numbers.end_of(value),
            _ => None,
        }
    }

    /// How many values are below a number.
    pub(crate) fn values_below(&self, number: u32) -> u32 {
        let (mut low, mut high) = (0, self.n_values());
        while low < high {
            let middle = low + (high - low) / 2;
            match self.number(middle) {
                Some(found) if found < number => low = middle + 1,
                _ => high = middle,
            }
        }
        low
    }

    fn slot(&self, item: ItemIdx) -> u32 {
        if item.0 >= self.n_items {
            return 0;
        }
        let bits = window(self.slots, item.index() * self.slot_bits as usize);
        // Cannot fail: a slot has at most 24 bits.
        u32::try_from(bits & ((1 << self.slot_bits) - 1)).unwrap_or(0)
    }

    /// The values of an item, ascending. Ends early where the bytes are damaged.
    pub(crate) fn values(&self, item: ItemIdx) -> ValuesOf<'a> {
        let Some(number) = self.slot(item).checked_sub(1) else { return ValuesOf::default() };
        match &self.values {
            Values::Texts { sets, .. } if sets.n_entries() > 0 => {
                ValuesOf { only: None, next: 0, rest: sets.get(number as usize).unwrap_or(&[]) }
            }
            _ => ValuesOf { only: Some(number), next: 0, rest: &[] },
        }
    }

    pub(crate) fn has_value(&self, item: ItemIdx, values: &Range<u32>) -> bool {
        self.values(item).any(|value| values.contains(&value))
    }
}

/// Bits of a number from 0 to `n_slots`.
fn slot_bits(n_slots: u32) -> u32 {
    u32::BITS - n_slots.leading_zeros()
}

/// The values of one item.
#[derive(Clone, Debug, Default)]
pub(crate) struct ValuesOf<'a> {
    only: Option<u32>,
    next: u32,
    rest: &'a [u8],
}

impl Iterator for ValuesOf<'_> {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        if let Some(only) = self.only.take() {
            return Some(only);
        }
        let value = self.next.checked_add(varint::take(&mut self.rest)?)?;
        self.next = value.saturating_add(1);
        Some(value)
    }
}

#[cfg(test)]
mod tests;
