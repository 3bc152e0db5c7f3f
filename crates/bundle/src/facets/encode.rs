//! Makes the section.

use alloc::vec::Vec;

use edgewise_core::{Attribute, AttributeValues, CatalogItem};

use super::{FIELD, NUMBERS, TEXTS, VARIANT_GROUPS, slot_bits};
use crate::bits::BitWriter;
use crate::ends::put_ends;
use crate::error::FormatError;
use crate::limits::{MAX_ATTRIBUTE_VALUES, MAX_ATTRIBUTES, MAX_ITEMS, MAX_VALUE_SETS};
use crate::table::{TABLE_ALIGNMENT, pad, put_table};
use crate::varint;

/// Makes the section of attributes that ascend by name. Sets are numbered in ascending order of their values, and
/// products in the order of their first items.
pub(crate) fn encode(
    attributes: &[Attribute],
    items: &[CatalogItem],
) -> Result<Vec<u8>, FormatError> {
    check_limit(attributes.len(), MAX_ATTRIBUTES)?;
    let names: Vec<&str> = attributes.iter().map(|attribute| attribute.name.as_str()).collect();
    let mut bytes = Vec::new();
    put_table(&mut bytes, FIELD, &names)?;
    for (number, attribute) in attributes.iter().enumerate() {
        let of: Vec<&[u32]> = items
            .iter()
            .map(|item| item.attributes.get(number).map_or(&[][..], Vec::as_slice))
            .collect();
        put_facet(&mut bytes, &attribute.values, &of)?;
    }
    Ok(bytes)
}

fn put_facet(
    bytes: &mut Vec<u8>,
    values: &AttributeValues,
    of: &[&[u32]],
) -> Result<(), FormatError> {
    let n_values = values.n_values();
    let mut rows = of.iter().flat_map(|values| *values).copied();
    if let Some(row) = rows.find(|row| *row >= n_values) {
        let limit = n_values.saturating_sub(1);
        return Err(FormatError::TooMany { field: FIELD, at: bytes.len(), found: row, limit });
    }
    let single = || of.iter().map(|values| values.first().map(|value| value + 1));
    match values {
        AttributeValues::Texts(texts) => {
            check_limit(texts.len(), MAX_ATTRIBUTE_VALUES)?;
            bytes.extend([TEXTS, 0, 0, 0]);
            put_table(bytes, FIELD, texts)?;
            let sets = sets(of);
            check_limit(sets.len(), MAX_VALUE_SETS)?;
            let entries: Vec<Vec<u8>> = sets.iter().map(|set| varints(set)).collect();
            put_table(bytes, FIELD, &entries)?;
            if sets.is_empty() {
                put_slots(bytes, n_values, single());
            } else {
                let number = |set: &&[u32]| {
                    let place = sets.binary_search(set).ok()?;
                    u32::try_from(place + 1).ok()
                };
                put_slots(bytes, u32::try_from(sets.len()).unwrap_or(0), of.iter().map(number));
            }
        }
        AttributeValues::Numbers { decimals, values } => {
            check_limit(values.len(), MAX_ATTRIBUTE_VALUES)?;
            bytes.extend([NUMBERS, *decimals, 0, 0]);
            bytes.extend(n_values.to_le_bytes());
            bytes.extend(values.last().copied().unwrap_or(0).to_le_bytes());
            let before = [0].into_iter().chain(values.iter().copied());
            put_ends(
                bytes,
                values.iter().zip(before).map(|(value, before)| value.saturating_sub(before)),
            );
            pad(bytes, TABLE_ALIGNMENT);
            put_slots(bytes, n_values, single());
        }
        AttributeValues::Products(_) => {
            bytes.extend([VARIANT_GROUPS, 0, 0, 0]);
            let mut numbers = alloc::vec![None; n_values as usize];
            let mut n = 0u32;
            let slots: Vec<Option<u32>> = of
                .iter()
                .map(|values| {
                    let number = numbers.get_mut(*values.first()? as usize)?;
                    Some(*number.get_or_insert_with(|| {
                        n += 1;
                        n
                    }))
                })
                .collect();
            check_limit(n as usize, MAX_ITEMS)?;
            bytes.extend(n.to_le_bytes());
            put_slots(bytes, n, slots.into_iter());
        }
    }
    Ok(())
}

/// The distinct sets that are not empty, ascending; none when none has more than one value.
fn sets<'v>(of: &[&'v [u32]]) -> Vec<&'v [u32]> {
    if of.iter().all(|values| values.len() < 2) {
        return Vec::new();
    }
    let mut sets: Vec<&[u32]> = of.iter().copied().filter(|values| !values.is_empty()).collect();
    sets.sort_unstable();
    sets.dedup();
    sets
}

fn varints(set: &[u32]) -> Vec<u8> {
    let (mut bytes, mut next) = (Vec::new(), 0);
    for value in set {
        // A set that does not ascend comes to nonsense, which the check of the whole bundle refuses.
        varint::put(&mut bytes, value.wrapping_sub(next));
        next = value.wrapping_add(1);
    }
    bytes
}

fn put_slots(bytes: &mut Vec<u8>, n_slots: u32, slots: impl Iterator<Item = Option<u32>>) {
    let mut bits = BitWriter::default();
    for slot in slots {
        bits.put(slot.unwrap_or(0), slot_bits(n_slots));
    }
    bytes.extend(bits.finish());
    pad(bytes, TABLE_ALIGNMENT);
}

fn check_limit(found: usize, limit: u32) -> Result<(), FormatError> {
    let found = u32::try_from(found).unwrap_or(u32::MAX);
    if found <= limit {
        return Ok(());
    }
    Err(FormatError::TooMany { field: FIELD, at: 0, found, limit })
}
