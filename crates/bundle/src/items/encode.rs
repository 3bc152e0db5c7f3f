//! Makes the section `items`.

use alloc::vec::Vec;

use super::{FIELD, IDS_PER_BLOCK, SHARED_RICE, number_of};
use crate::bits::BitWriter;
use crate::ends::put_ends;
use crate::error::FormatError;
use crate::limits::{MAX_ID_BYTES, MAX_ITEMS};
use crate::permutation::put_permutation;
use crate::table::{TABLE_ALIGNMENT, check_text, pad, put_table};
use crate::text_code::learn::spell;

/// Makes the section of `ids` in model order.
pub(crate) fn encode(ids: &[&str]) -> Result<Vec<u8>, FormatError> {
    let found = u32::try_from(ids.len()).unwrap_or(u32::MAX);
    if found > MAX_ITEMS {
        return Err(FormatError::TooMany { field: FIELD, at: 0, found, limit: MAX_ITEMS });
    }
    for id in ids {
        check_text(FIELD, 0, id.as_bytes(), MAX_ID_BYTES)?;
    }
    let mut numbers: Vec<(u32, u32)> = Vec::new();
    let mut texts: Vec<(&[u8], u32)> = Vec::new();
    for (row, id) in (0..).zip(ids) {
        match number_of(id.as_bytes()) {
            Some(number) => numbers.push((number, row)),
            None => texts.push((id.as_bytes(), row)),
        }
    }
    numbers.sort_unstable();
    texts.sort_unstable();
    let rows = numbers.iter().map(|entry| entry.1).chain(texts.iter().map(|entry| entry.1));
    let mut places = alloc::vec![0; ids.len()];
    for (place, row) in (0u32..).zip(rows) {
        if let Some(slot) = places.get_mut(row as usize) {
            *slot = place;
        }
    }
    let n_numbers = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
    let largest = numbers.last().map_or(0, |entry| entry.0);
    let mut bytes: Vec<u8> = [found, n_numbers, largest].map(u32::to_le_bytes).concat();
    let before = [0].into_iter().chain(numbers.iter().map(|entry| entry.0));
    let gaps: Vec<u32> =
        numbers.iter().zip(before).map(|(entry, before)| entry.0 - before).collect();
    put_ends(&mut bytes, gaps.into_iter());
    put_permutation(&mut bytes, &places);
    put_texts(&mut bytes, &texts)?;
    Ok(bytes)
}

pub(super) fn put_texts(bytes: &mut Vec<u8>, texts: &[(&[u8], u32)]) -> Result<(), FormatError> {
    let shared: Vec<usize> = (0..texts.len())
        .map(|index| {
            let is_first = index % IDS_PER_BLOCK as usize == 0;
            let text = |index: usize| texts.get(index).map_or(&[][..], |entry| entry.0);
            let before = index.checked_sub(1).filter(|_| !is_first).map_or(&[][..], text);
            before.iter().zip(text(index)).take_while(|(a, b)| a == b).count()
        })
        .collect();
    let rests: Vec<Vec<u8>> = texts
        .iter()
        .zip(&shared)
        .map(|((text, _), &n_shared)| text.get(n_shared..).unwrap_or(&[]).to_vec())
        .collect();
    let spelt = spell(&rests);
    let indices: Vec<usize> = (0..texts.len()).collect();
    let blocks = indices.chunks(IDS_PER_BLOCK as usize).map(|block| {
        let mut bits = BitWriter::default();
        for (place, &index) in block.iter().enumerate() {
            if place > 0 {
                let n_shared = shared.get(index).copied().unwrap_or(0);
                bits.put_rice(u32::try_from(n_shared).unwrap_or(0), SHARED_RICE);
            }
            spelt.put(&mut bits, index);
        }
        bits.finish()
    });
    let blocks: Vec<Vec<u8>> = blocks.collect();
    bytes.extend(&spelt.code);
    pad(bytes, TABLE_ALIGNMENT);
    put_table(bytes, FIELD, &blocks)
}
