//! Several models' lists as one: weighted sums, cut once.

use edgewise_core::{ItemIdx, WeightedItem};
use rayon::prelude::*;

use crate::lists::{ItemLists, keep_best};
use crate::neighbourhood::{KeepPer, collected, is_weight};
use crate::params::{TrainError, check_range};

/// One model's part of a blend.
#[derive(Clone, Copy, Debug)]
pub struct Blended<'l> {
    /// Its lists, as wide as they can be: what a list was cut to cannot be blended.
    pub lists: &'l ItemLists,
    /// Its share. `0.0`: as if it were not there. Range `0.0..=1e6`; only the ratio to the others' matters.
    pub share: f64,
}

/// How blended lists are cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlendParams {
    /// Neighbours kept per item, `1..=1024`; see [`crate::SimilarityParams::neighbours`].
    pub neighbours: u32,
    /// On which side they are counted.
    pub keep: KeepPer,
}

impl BlendParams {
    /// Refuses settings that are out of range.
    ///
    /// # Errors
    /// [`TrainError::OutOfRange`] names the setting.
    pub fn check(&self) -> Result<(), TrainError> {
        check_range("neighbours", self.neighbours.into(), 1.0, 1_024.0)
    }
}

/// The weighted sum of several models' lists over the same items, each divided by its mean weight first so that shares
/// compare, and then cut. A pair is in the blend when any model with a share holds it, so what each model removed for
/// lack of support stays removed.
pub fn blend(parts: &[Blended<'_>], params: &BlendParams) -> ItemLists {
    let n_items = parts.iter().map(|part| part.lists.len()).max().unwrap_or(0);
    let sided: Vec<(ItemLists, f64)> = parts
        .iter()
        .filter(|part| part.share > 0.0)
        .map(|part| (sided(part.lists, n_items, params.keep), part.share / mean_weight(part.lists)))
        .filter(|(_, factor)| is_weight(*factor))
        .collect();
    let lists = (0..n_items).into_par_iter().map(|item| {
        let mut entries: Vec<WeightedItem> = sided
            .iter()
            .flat_map(|(lists, factor)| lists[item].iter().map(move |entry| (entry, factor)))
            .map(|(entry, factor)| WeightedItem { weight: entry.weight * factor, ..*entry })
            .collect();
        // Stable, so that equal items are summed in the order of the parts.
        entries.sort_by_key(|entry| entry.item);
        entries.dedup_by(|next, kept| {
            let same = next.item == kept.item;
            if same {
                kept.weight += next.weight;
            }
            same
        });
        keep_best(&mut entries, params.neighbours as usize);
        (entries, 0)
    });
    collected(lists, params.keep).by_source
}

/// The mean over all entries, summed in ascending order of source and target.
fn mean_weight(lists: &ItemLists) -> f64 {
    let entries = || lists.iter().flatten();
    entries().map(|entry| entry.weight).sum::<f64>()
        / crate::neighbourhood::exact(entries().count())
}

/// One list per item on the side that is cut.
fn sided(lists: &ItemLists, n_items: usize, keep: KeepPer) -> ItemLists {
    let mut sided = vec![Vec::new(); n_items];
    for (source, list) in (0..).map(ItemIdx).zip(lists) {
        for entry in list {
            let (at, item) = match keep {
                KeepPer::Target => (entry.item, source),
                KeepPer::Source => (source, entry.item),
            };
            sided[at.index()].push(WeightedItem { item, weight: entry.weight });
        }
    }
    sided
}

#[cfg(test)]
mod tests;
