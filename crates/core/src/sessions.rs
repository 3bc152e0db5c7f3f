//! Session neighbours: what the sessions most like this visit went on to hold.
//!
//! The algorithm is VMIS-kNN (Kersbergen, Sprangers & Schelter, "Serenade: low-latency session-based recommendation in
//! e-commerce at scale", SIGMOD 2022, algorithm 2), with the decays by place, position and age of Garg et al.,
//! "Sequence and time aware neighborhood for session-based recommendations" (SIGIR 2019, equations 2 to 4), all in
//! integers. With customers in place of sessions and level tables it is user-based collaborative filtering (Sarwar et
//! al., "Analysis of recommendation algorithms for e-commerce", EC 2000, section 3).

use alloc::vec::Vec;

use crate::accumulate::Accumulator;
use crate::ids::ItemIdx;
use crate::query::MAX_HISTORY;
use crate::scoring::{ScoringError, check_count, check_weight};
use crate::top_k::{Scored, top_k};

/// Most neighbours of one query.
pub const MAX_SESSION_NEIGHBOURS: u16 = 1_024;
/// Most distances between positions that are told apart.
pub const MAX_DISTANCES: usize = 100;
/// Largest weight of a place in the visit, and of a distance within a session.
pub const MAX_SESSION_WEIGHT: u16 = 256;

/// What all neighbours of a visit weigh together.
const ALL_NEIGHBOURS: u64 = 1 << 20;

/// How alike a visit and a session are, given the overlap: the summed weights of the visit's items that the session
/// holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionSimilarity {
    /// Overlap times the session's norm. The norm may hold its age and its length: with the inverse root of its length
    /// it is the cosine.
    Weighted,
    /// Overlap over union. The norm is the session's length; all weights of the visit are those of its first item.
    Jaccard,
    /// Pearson correlation of the rows over all items, when positive. The norm is the session's length; all weights of
    /// the visit are those of its first item.
    Pearson,
}

/// The tables of a session index. Bounds of all entries keep every score of [`session_contributions`] within 2^36, so
/// that a term may multiply it by 2^16 and still be read exactly by JavaScript.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionTables {
    /// How sessions are compared with the visit.
    pub similarity: SessionSimilarity,
    /// Sessions that are asked. `1`: only the most similar one. [`MAX_SESSION_NEIGHBOURS`]: nearly all that share an
    /// item.
    pub n_neighbours: u16,
    /// What an item of the visit counts when sessions are compared, by its place, newest first. Items past the last
    /// entry are not looked at. 1 to [`MAX_HISTORY`] entries of at most [`MAX_SESSION_WEIGHT`].
    pub similarity_by_place: Vec<u16>,
    /// What a session counts by the place of the newest item that it shares with the visit. As many entries.
    pub credit_by_place: Vec<u16>,
    /// What a candidate counts by how many positions after that item it stands in the session; entry 0 is the shared
    /// item itself, and later positions use the last entry. 1 to [`MAX_DISTANCES`] entries of at most
    /// [`MAX_SESSION_WEIGHT`].
    pub after: Vec<u16>,
    /// The same before that item; entry 0 is not used. As many entries.
    pub before: Vec<u16>,
}

impl SessionTables {
    /// Refuses tables that are out of range.
    ///
    /// # Errors
    /// [`ScoringError`] names the table.
    pub fn check(&self) -> Result<(), ScoringError> {
        let (n_places, n_distances) = (self.similarity_by_place.len(), self.after.len());
        check_count("neighbours", self.n_neighbours.into(), 1, MAX_SESSION_NEIGHBOURS.into())?;
        check_count("similarity_by_place", n_places, 1, MAX_HISTORY)?;
        check_count("credit_by_place", self.credit_by_place.len(), n_places, n_places)?;
        check_count("after", n_distances, 1, MAX_DISTANCES)?;
        check_count("before", self.before.len(), n_distances, n_distances)?;
        for (field, table) in [
            ("similarity_by_place", &self.similarity_by_place),
            ("credit_by_place", &self.credit_by_place),
            ("after", &self.after),
            ("before", &self.before),
        ] {
            for &weight in table {
                check_weight(field, weight, MAX_SESSION_WEIGHT)?;
            }
        }
        Ok(())
    }

    /// Weight of the candidate at `position` beside a shared item at `shared_at`.
    fn by_distance(&self, shared_at: usize, position: usize) -> u64 {
        let table = if position < shared_at { &self.before } else { &self.after };
        let distance = position.abs_diff(shared_at);
        table.get(distance).or(table.last()).copied().map_or(0, u64::from)
    }
}

/// What an item's rarity makes of it, each in `0..=255`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ItemWeights {
    /// As an item of the visit, when sessions are compared.
    pub as_origin: u8,
    /// As a candidate.
    pub as_candidate: u8,
}

/// A read-only index of past sessions, numbered from 0. Implementations never panic: what is not there has no items, no
/// sessions and no weight.
pub trait SessionIndex {
    /// The newest sessions that hold an item, in any order, without repeats.
    fn sessions_of(&self, item: ItemIdx) -> impl Iterator<Item = u32>;

    /// The distinct items of a session, in the order of their last events.
    fn items_of(&self, session: u32) -> impl Iterator<Item = ItemIdx>;

    /// What [`SessionSimilarity`] asks of a session, in `0..=65_535`.
    fn norm(&self, session: u32) -> u16;

    /// What an item's rarity makes of it.
    fn item_weights(&self, item: ItemIdx) -> ItemWeights;

    /// Number of items of the model.
    fn n_items(&self) -> u32;

    /// How sessions are compared and what they say.
    fn tables(&self) -> &SessionTables;
}

/// Visits what the neighbours of a visit say, always in the same order: `(candidate, shared item that is credited,
/// score)`. `origins` are the visit's items, newest first, each once. The same candidate comes from many sessions.
/// The scores of one candidate sum to at most 2^36.
///
/// Memory follows the postings of the origins: at most one entry for each.
pub fn session_contributions<I: SessionIndex>(
    index: &I,
    origins: &[ItemIdx],
    mut visit: impl FnMut(ItemIdx, ItemIdx, u64),
) {
    let tables = index.tables();
    let neighbours = neighbours(index, origins);
    let total: u64 = neighbours.iter().map(|neighbour| neighbour.score).sum();
    for neighbour in neighbours {
        let session = neighbour.item.0;
        // The newest shared item gets the credit (Serenade, algorithm 2, line 24).
        let mut shared: Option<(usize, usize)> = None;
        for (position, item) in index.items_of(session).enumerate() {
            let place = origins.iter().take(tables.credit_by_place.len()).position(|o| *o == item);
            if let Some(place) = place
                && shared.is_none_or(|shared| place < shared.0)
            {
                shared = Some((place, position));
            }
        }
        let Some((place, shared_at)) = shared else { continue };
        let Some(&origin) = origins.get(place) else { continue };
        let credit = tables.credit_by_place.get(place).copied().map_or(0, u64::from);
        // 2^39 · 2^20 at most, and what is left is at most 2^20 · 2^8.
        let weight = neighbour.score.saturating_mul(ALL_NEIGHBOURS) / total.max(1) * credit;
        for (position, candidate) in index.items_of(session).enumerate() {
            let rarity = u64::from(index.item_weights(candidate).as_candidate);
            let score = (weight * tables.by_distance(shared_at, position) * rarity) >> 8;
            if score > 0 {
                visit(candidate, origin, score);
            }
        }
    }
}

/// The most similar sessions, with sessions in the place of items: similarity descending, then the lower number.
fn neighbours<I: SessionIndex>(index: &I, origins: &[ItemIdx]) -> Vec<Scored> {
    let tables = index.tables();
    let mut overlaps = Accumulator::default();
    overlaps.clear(origins.len());
    let mut all = 0;
    let mut first = None;
    for (&origin, &near) in origins.iter().zip(&tables.similarity_by_place) {
        let weight = u64::from(near) * u64::from(index.item_weights(origin).as_origin);
        let level = *first.get_or_insert(weight);
        let weight = if tables.similarity == SessionSimilarity::Weighted { weight } else { level };
        all += weight;
        for session in index.sessions_of(origin) {
            overlaps.add(ItemIdx(session), weight);
        }
    }
    let level = first.unwrap_or(0);
    let similar = overlaps.sums().iter().map(|overlap| {
        let norm = u64::from(index.norm(overlap.item.0));
        let overlap_weight = overlap.score;
        let score = match tables.similarity {
            SessionSimilarity::Weighted => overlap_weight * norm,
            SessionSimilarity::Jaccard => {
                let union = (all + norm * level).saturating_sub(overlap_weight);
                (overlap_weight << 16) / union.max(1)
            }
            SessionSimilarity::Pearson => {
                // Both rows are of zeros and ones; what only the visit decides is left out.
                let n = u64::from(index.n_items());
                let norm = norm.max(1);
                let beyond_chance = (overlap_weight * n).saturating_sub(all * norm);
                // Eight more bits under the root: an integer root of a small number is far off.
                let spread = ((norm * n.saturating_sub(norm)) << 16).isqrt();
                (beyond_chance << 8) / spread.max(1)
            }
        };
        Scored { item: overlap.item, score }
    });
    top_k(similar.filter(|scored| scored.score > 0), tables.n_neighbours.into())
}

#[cfg(test)]
mod tests;
