//! Looks at every entry of the section.

use edgewise_core::ItemIdx;

use super::{FIELD, Facet, Facets, MAX_NAME_BYTES, Values, ValuesOf};
use crate::bits::window;
use crate::error::FormatError;
use crate::limits::MAX_VALUES_PER_ITEM;
use crate::table::{Table, check_text};
use crate::varint;

impl Facets<'_> {
    pub(crate) fn check(&self) -> Result<(), FormatError> {
        let Some(names) = &self.names else { return Ok(()) };
        names.check_names(MAX_NAME_BYTES)?;
        if self.facets.is_empty() {
            let (field, at) = (FIELD, names.offset());
            return Err(FormatError::TooShort { field, at, needed: 1, found: 0 });
        }
        let mut has_products = false;
        for facet in &self.facets {
            facet.check()?;
            let is_products = matches!(facet.values, Values::Products(_));
            if is_products && has_products {
                return Err(FormatError::BadOrder { field: FIELD, at: facet.slots_at });
            }
            has_products |= is_products;
        }
        Ok(())
    }
}

impl Facet<'_> {
    fn check(&self) -> Result<(), FormatError> {
        let n_values = self.n_values();
        let n_slots = match &self.values {
            Values::Texts { texts, sets } => {
                texts.check_paths(MAX_NAME_BYTES)?;
                check_sets(sets, n_values)?;
                if sets.n_entries() == 0 { n_values } else { sets.n_entries() }
            }
            Values::Numbers { numbers, .. } => {
                numbers.check(FIELD)?;
                let (mut last, at) = (None, numbers.offset_behind());
                for value in 0..numbers.n() {
                    let number = self.number(value);
                    if last >= number {
                        return Err(FormatError::BadOrder { field: FIELD, at });
                    }
                    last = number;
                }
                n_values
            }
            Values::Products(n) => *n,
        };
        self.check_slots(n_slots)
    }

    /// Slots name what is there, the bits behind them are zero, and products come in the order of their first items.
    fn check_slots(&self, n_slots: u32) -> Result<(), FormatError> {
        let (field, at) = (FIELD, self.slots_at);
        let is_products = matches!(self.values, Values::Products(_));
        let mut n_met = 0;
        for item in (0..self.n_items).map(ItemIdx) {
            let found = self.slot(item);
            let limit = if is_products { (n_met + 1).min(n_slots) } else { n_slots };
            if found > limit {
                return Err(FormatError::TooMany { field, at, found, limit });
            }
            n_met = n_met.max(found);
        }
        if is_products && n_met < n_slots {
            return Err(FormatError::Mismatch { field, at, found: n_slots, expected: n_met });
        }
        // Cannot fail: as many bits were taken.
        let n_bits = self.n_items as usize * self.slot_bits as usize;
        match window(self.slots, n_bits) {
            0 => Ok(()),
            _ => Err(FormatError::Mismatch { field, at, found: 1, expected: 0 }),
        }
    }
}

/// Sets ascend, as lists of values; each has one to [`MAX_VALUES_PER_ITEM`] values that exist, and one of them more
/// than one.
fn check_sets(sets: &Table<'_>, n_values: u32) -> Result<(), FormatError> {
    let field = FIELD;
    sets.check()?;
    let mut last: Option<ValuesOf<'_>> = None;
    let mut most = 0;
    for (at, entry) in sets.entries() {
        let mut rest = entry;
        let mut n = 0;
        while !rest.is_empty() {
            varint::take(&mut rest).ok_or(FormatError::BadVarint { field, at })?;
            n += 1;
        }
        if n == 0 {
            return Err(FormatError::TooShort { field, at, needed: 1, found: 0 });
        }
        if n > MAX_VALUES_PER_ITEM {
            return Err(FormatError::TooMany { field, at, found: n, limit: MAX_VALUES_PER_ITEM });
        }
        most = most.max(n);
        let values = ValuesOf { only: None, next: 0, rest: entry };
        let largest = values.clone().last().unwrap_or(u32::MAX);
        if values.clone().count() != n as usize || largest >= n_values {
            let limit = n_values.saturating_sub(1);
            return Err(FormatError::TooMany { field, at, found: largest, limit });
        }
        if last.is_some_and(|last| last.ge(values.clone())) {
            return Err(FormatError::BadOrder { field, at });
        }
        last = Some(values);
    }
    if sets.n_entries() > 0 && most < 2 {
        let at = sets.offset();
        return Err(FormatError::Mismatch { field, at, found: most, expected: 2 });
    }
    Ok(())
}

impl Table<'_> {
    /// [`Table::check_names`], and the names are paths whose parents are names too.
    pub(crate) fn check_paths(&self, limit: u32) -> Result<(), FormatError> {
        self.check_names(limit)?;
        for (at, entry) in self.entries() {
            check_text(self.field(), at, entry, limit)?;
            if !edgewise_core::paths::is_path(entry) {
                return Err(FormatError::BadText { field: self.field(), at });
            }
            let parent =
                entry.rsplitn(2, |&byte| byte == edgewise_core::paths::SEPARATOR_BYTE).nth(1);
            if parent.is_some_and(|parent| self.find_name(parent).is_none()) {
                return Err(FormatError::BadOrder { field: self.field(), at });
            }
        }
        Ok(())
    }
}
