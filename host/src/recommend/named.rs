//! What the names of a question name in a bundle, or the names that are nearest.

use edgewise_bundle::Bundle;
use edgewise_core::{CategoryIdx, ItemIdx, RegionIdx, SegmentIdx};

use super::error::{AskError, unknown};
use crate::vocabulary::{OfBundle, Vocabulary as _};

pub(super) fn find_item(bundle: &Bundle<'_>, id: &str) -> Result<ItemIdx, AskError> {
    bundle.find_item(id).ok_or_else(|| {
        let ids = OfBundle(bundle).ids();
        unknown("item", id, ids.iter().map(String::as_str))
    })
}

pub(super) fn find_region(bundle: &Bundle<'_>, name: &str) -> Result<RegionIdx, AskError> {
    bundle.find_region(name).ok_or_else(|| {
        let of = |row| bundle.region_name(RegionIdx(row), &mut Vec::new()).map(str::to_owned);
        let names: Vec<String> = (0..bundle.n_regions()).filter_map(of).collect();
        unknown("region", name, names.iter().map(String::as_str))
    })
}

pub(super) fn find_category(bundle: &Bundle<'_>, name: &str) -> Result<CategoryIdx, AskError> {
    bundle.find_category(name).ok_or_else(|| {
        let of = |row| bundle.category_name(CategoryIdx(row), &mut Vec::new()).map(str::to_owned);
        let names: Vec<String> = (0..bundle.n_categories()).filter_map(of).collect();
        unknown("category", name, names.iter().map(String::as_str))
    })
}

pub(super) fn find_segment(bundle: &Bundle<'_>, name: &str) -> Result<SegmentIdx, AskError> {
    bundle.find_segment(name).ok_or_else(|| {
        let rows = (0..bundle.n_segments()).filter_map(|row| u8::try_from(row).ok());
        unknown("segment", name, rows.filter_map(|row| bundle.segment_name(SegmentIdx(row))))
    })
}
