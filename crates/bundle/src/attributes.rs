//! Section `attributes`: category, region and segment names, the category of each item, and where it may be shown.
//!
//! Three tables: category names, region names, and availability sets (bitmaps of regions, lowest bit first). Then,
//! only when there are categories, `category_of: [u16; n_items]`, and, only when there are sets,
//! `set_of: [u16; n_items]`; 65,535 stands for no category and for everywhere. Both are padded to 4 bytes.
//! Last, only when there are segments, a table of their names.

#[cfg(feature = "write")]
use alloc::vec::Vec;

#[cfg(feature = "write")]
use edgewise_core::{CatalogItem, ModelValues};
use edgewise_core::{CategoryIdx, ItemIdx, RegionIdx, SegmentIdx};

use crate::cursor::Cursor;
use crate::error::FormatError;
use crate::limits::{
    MAX_AVAILABILITY_SETS, MAX_CATEGORIES, MAX_NAME_BYTES, MAX_REGIONS, MAX_SEGMENTS,
};
use crate::table::{TABLE_ALIGNMENT, Table, U16s};

/// No category, or available everywhere.
const NONE: u16 = u16::MAX;

/// View of the section.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Attributes<'a> {
    categories: Table<'a>,
    regions: Table<'a>,
    sets: Table<'a>,
    category_of: U16s<'a>,
    set_of: U16s<'a>,
    segments: Option<Table<'a>>,
    category_of_at: usize,
    set_of_at: usize,
}

impl<'a> Attributes<'a> {
    pub(crate) fn take(
        mut cursor: Cursor<'a>,
        n_items: u32,
    ) -> Result<Attributes<'a>, FormatError> {
        let categories = Table::take(&mut cursor, "categories", MAX_CATEGORIES)?;
        let regions = Table::take(&mut cursor, "regions", MAX_REGIONS)?;
        let sets = Table::take(&mut cursor, "availability sets", MAX_AVAILABILITY_SETS)?;
        let n_if = |table: &Table<'_>| if table.n_entries() > 0 { n_items } else { 0 };
        let category_of_at = cursor.offset();
        let category_of = U16s::take(&mut cursor, "category_of", n_if(&categories))?;
        cursor.padding(TABLE_ALIGNMENT)?;
        let set_of_at = cursor.offset();
        let set_of = U16s::take(&mut cursor, "set_of", n_if(&sets))?;
        cursor.padding(TABLE_ALIGNMENT)?;
        let mut segments = None;
        if cursor.len() > 0 {
            let at = cursor.offset();
            let table = Table::take(&mut cursor, "segments", MAX_SEGMENTS)?;
            // Without segments there is no table of them: equal models have equal bytes.
            if table.n_entries() == 0 {
                return Err(FormatError::TooShort { field: "segments", at, needed: 1, found: 0 });
            }
            segments = Some(table);
        }
        cursor.end("attributes")?;
        Ok(Attributes {
            categories,
            regions,
            sets,
            category_of,
            set_of,
            segments,
            category_of_at,
            set_of_at,
        })
    }

    /// Looks at every entry.
    pub(crate) fn check(&self) -> Result<(), FormatError> {
        self.categories.check_paths(MAX_NAME_BYTES)?;
        self.regions.check_paths(MAX_NAME_BYTES)?;
        if let Some(segments) = &self.segments {
            segments.check_names(MAX_NAME_BYTES)?;
        }
        self.sets.check()?;
        let expected = self.n_regions().div_ceil(8);
        for (at, set) in self.sets.entries() {
            let found = u32::try_from(set.len()).unwrap_or(u32::MAX);
            if found != expected {
                return Err(FormatError::Mismatch {
                    field: "availability sets",
                    at,
                    found,
                    expected,
                });
            }
        }
        check_rows("category_of", self.category_of_at, self.category_of, self.n_categories())?;
        check_rows("set_of", self.set_of_at, self.set_of, self.sets.n_entries())
    }

    pub(crate) fn n_categories(&self) -> u32 {
        self.categories.n_entries()
    }

    pub(crate) fn n_regions(&self) -> u32 {
        self.regions.n_entries()
    }

    pub(crate) fn n_segments(&self) -> u32 {
        self.segments.as_ref().map_or(0, Table::n_entries)
    }

    pub(crate) fn category(&self, item: ItemIdx) -> Option<CategoryIdx> {
        let row = self.category_of.get(item.index()).filter(|&row| row != NONE)?;
        Some(CategoryIdx(row.into()))
    }

    pub(crate) fn is_available(&self, item: ItemIdx, region: RegionIdx) -> bool {
        let Some(row) = self.set_of.get(item.index()).filter(|&row| row != NONE) else {
            return true;
        };
        let byte = self.sets.get(row.into()).and_then(|set| set.get(region.index() / 8).copied());
        byte.is_some_and(|byte| byte >> (region.0 % 8) & 1 == 1)
    }

    pub(crate) fn categories(&self) -> &Table<'a> {
        &self.categories
    }

    pub(crate) fn segment_name(&self, segment: SegmentIdx) -> Option<&'a str> {
        self.segments.as_ref()?.text(segment.index())
    }

    pub(crate) fn find_segment(&self, name: &str) -> Option<SegmentIdx> {
        let row = self.segments.as_ref()?.find_name(name.as_bytes())?;
        u8::try_from(row).ok().map(SegmentIdx)
    }

    pub(crate) fn regions(&self) -> &Table<'a> {
        &self.regions
    }
}

fn check_rows(field: &'static str, at: usize, rows: U16s<'_>, n: u32) -> Result<(), FormatError> {
    for (index, row) in rows.iter().enumerate() {
        if row != NONE && u32::from(row) >= n {
            let at = at + index * 2;
            return Err(FormatError::TooMany {
                field,
                at,
                found: row.into(),
                limit: n.saturating_sub(1),
            });
        }
    }
    Ok(())
}

/// Makes the section. Sets are numbered in ascending order of their bitmaps.
#[cfg(feature = "write")]
pub(crate) fn encode(values: &ModelValues) -> Result<Vec<u8>, FormatError> {
    let ModelValues { categories, regions, segments, items, .. } = values;
    let bitmaps: Vec<Option<Vec<u8>>> =
        items.iter().map(|item| bitmap(item, regions.len())).collect();
    let mut sets: Vec<&Vec<u8>> = bitmaps.iter().flatten().collect();
    sets.sort_unstable();
    sets.dedup();
    let limit = MAX_AVAILABILITY_SETS;
    let found = u32::try_from(sets.len()).unwrap_or(u32::MAX);
    if found > limit {
        return Err(FormatError::TooMany { field: "availability sets", at: 0, found, limit });
    }
    let mut bytes = Vec::new();
    crate::table::put_table(&mut bytes, "categories", categories)?;
    crate::table::put_table(&mut bytes, "regions", regions)?;
    crate::table::put_table(&mut bytes, "availability sets", &sets)?;
    if !categories.is_empty() {
        let rows = items.iter().map(|item| item.category.and_then(|row| u16::try_from(row.0).ok()));
        put_rows(&mut bytes, rows);
    }
    if !sets.is_empty() {
        let row_of =
            |set: &Vec<u8>| sets.binary_search(&set).ok().and_then(|row| u16::try_from(row).ok());
        put_rows(&mut bytes, bitmaps.iter().map(|set| set.as_ref().and_then(row_of)));
    }
    if !segments.is_empty() {
        crate::table::put_table(&mut bytes, "segments", segments)?;
    }
    Ok(bytes)
}

#[cfg(feature = "write")]
fn put_rows(bytes: &mut Vec<u8>, rows: impl Iterator<Item = Option<u16>>) {
    rows.for_each(|row| bytes.extend(row.unwrap_or(NONE).to_le_bytes()));
    crate::table::pad(bytes, TABLE_ALIGNMENT);
}

/// `None` for an item without restriction.
#[cfg(feature = "write")]
fn bitmap(item: &CatalogItem, n_regions: usize) -> Option<Vec<u8>> {
    if item.available_in.is_empty() {
        return None;
    }
    let mut bits = alloc::vec![0u8; n_regions.div_ceil(8)];
    for region in &item.available_in {
        if let Some(byte) = bits.get_mut(region.index() / 8) {
            *byte |= 1 << (region.0 % 8);
        }
    }
    Some(bits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::String;

    fn view(bytes: &[u8], n_items: u32) -> Result<Attributes<'_>, FormatError> {
        let attributes = Attributes::take(Cursor::new(bytes, 0), n_items)?;
        attributes.check().map(|()| attributes)
    }

    fn encoded(
        categories: &[&str],
        regions: &[&str],
        segments: &[&str],
        items: &[CatalogItem],
    ) -> Vec<u8> {
        let names = |names: &[&str]| names.iter().copied().map(String::from).collect::<Vec<_>>();
        encode(&ModelValues {
            categories: names(categories),
            regions: names(regions),
            segments: names(segments),
            items: items.to_vec(),
            ..ModelValues::empty()
        })
        .unwrap()
    }

    fn toy() -> Vec<u8> {
        toy_with(&[])
    }

    fn toy_with(segments: &[&str]) -> Vec<u8> {
        let item = |category: Option<u32>, regions: &[u32]| CatalogItem {
            category: category.map(CategoryIdx),
            available_in: regions.iter().copied().map(RegionIdx).collect(),
            ..CatalogItem::default()
        };
        let items = [item(Some(1), &[]), item(None, &[0, 8]), item(Some(0), &[8])];
        let regions = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
        encoded(&["tea", "tools"], &regions, segments, &items)
    }

    #[test]
    fn attributes_come_back() {
        let bytes = toy();
        let attributes = view(&bytes, 3).unwrap();
        let categories =
            (0..4).map(|row| attributes.category(ItemIdx(row)).map(|category| category.0));
        assert!(categories.eq([Some(1), None, Some(0), None]));
        let shown = |row, region| attributes.is_available(ItemIdx(row), RegionIdx(region));
        assert!(shown(0, 3) && shown(1, 0) && shown(1, 8) && shown(2, 8) && shown(9, 0));
        assert!(!shown(1, 1) && !shown(2, 0) && !shown(2, 4_000));
        assert_eq!(attributes.categories().find_name(b"tools"), Some(1));
        assert_eq!(attributes.regions().text(8), Some("i"));
        assert_eq!(attributes.regions().find_path("z"), None);
    }

    #[test]
    fn rejects_a_category_past_the_last_name() {
        let mut bytes = toy();
        // The two arrays of three rows close the section, each padded to eight bytes.
        let at = bytes.len() - 16;
        bytes.splice(at..at + 2, 2u16.to_le_bytes());
        let expected = FormatError::TooMany { field: "category_of", at, found: 2, limit: 1 };
        assert_eq!(view(&bytes, 3).err(), Some(expected));
    }

    #[test]
    fn segments_come_back_by_number_and_by_name() {
        let bytes = toy_with(&["private", "trade"]);
        let attributes = view(&bytes, 3).unwrap();
        assert_eq!(attributes.n_segments(), 2);
        assert_eq!(attributes.segment_name(SegmentIdx(0)), Some("private"));
        assert_eq!(attributes.find_segment("trade"), Some(SegmentIdx(1)));
        assert_eq!(attributes.find_segment("none"), None);
        assert!(bytes.starts_with(&toy()), "without them, nothing of them is there");
    }

    #[test]
    fn rejects_a_table_of_no_segments() {
        let mut bytes = toy();
        crate::table::put_table::<&str>(&mut bytes, "segments", &[]).unwrap();
        let error = view(&bytes, 3).err();
        assert!(matches!(error, Some(FormatError::TooShort { field: "segments", .. })));
    }

    #[test]
    fn a_shop_without_categories_or_regions_pays_no_rows() {
        let bytes = encoded(&[], &[], &[], &[CatalogItem::default(), CatalogItem::default()]);
        assert_eq!(bytes.len(), 3 * 8);
        let attributes = view(&bytes, 2).unwrap();
        assert_eq!(attributes.category(ItemIdx(0)), None);
        assert!(attributes.is_available(ItemIdx(0), RegionIdx(0)));
    }
}
