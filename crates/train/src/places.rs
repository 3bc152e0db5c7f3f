//! Where and among whom something happened, as one number: everyone, a region or what holds it, a segment.

use edgewise_core::{Catalog, Interaction};

use crate::tree::Tree;

/// The places of a shop: 0 is everyone, then come the regions, then the segments.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    regions: Tree,
    n_segments: usize,
}

impl Places {
    pub(crate) fn of(catalog: &Catalog) -> Places {
        Places { regions: Tree::of(&catalog.regions), n_segments: catalog.segments.len() }
    }

    /// Regions and segments.
    pub(crate) fn n_below_everyone(&self) -> usize {
        self.regions.len() + self.n_segments
    }

    /// Every place that a row counts for, each once.
    pub(crate) fn of_row(&self, row: &Interaction) -> impl Iterator<Item = u32> + '_ {
        let regions = row.region.into_iter().flat_map(|region| self.regions.lineage(region.0));
        // Cannot fail: `train` refuses regions of more names than a `u32` counts.
        let n_regions = u32::try_from(self.regions.len()).unwrap_or(u32::MAX);
        let segment = row.segment.map(|segment| 1 + n_regions + u32::from(segment.0));
        std::iter::once(0).chain(regions.map(|region| 1 + region)).chain(segment)
    }
}
