//! The index of past sessions: the newest of each item, what each is worth, and the tables of the retriever.
//!
//! Kersbergen, Sprangers & Schelter, "Serenade" (SIGMOD 2022), section 4.1 for the index; the decays are those of Garg
//! et al., "Sequence and time aware neighborhood for session-based recommendations" (SIGIR 2019), section 3.

use edgewise_core::{
    ItemIdx, ItemWeights, MAX_SESSION_WEIGHT, SessionRow, SessionSimilarity, SessionTables,
    SessionValues,
};
use serde::{Deserialize, Serialize};

use crate::neighbourhood::exact;
use crate::params::{TrainError, check_range};
use crate::sequences::Sequences;

/// The names of [`SessionSimilarity`] in settings.
#[derive(Serialize, Deserialize)]
#[serde(remote = "SessionSimilarity", rename_all = "snake_case")]
enum SimilarityName {
    Weighted,
    Jaccard,
    Pearson,
}

/// What the sessions of an index are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SessionRows {
    /// Orders or visits.
    #[default]
    Sessions,
    /// Known users, each with the whole history.
    Users,
}

/// What an index of past sessions is made with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SessionIndexParams {
    /// What the sessions are.
    pub of: SessionRows,
    /// How sessions are compared with a visit.
    #[serde(with = "SimilarityName")]
    pub similarity: SessionSimilarity,
    /// Newest sessions kept per item, the m of the paper. `1`: the smallest index. `5000`: nearly all. Range
    /// `1..=5000`.
    pub sessions_per_item: u32,
    /// Sessions asked per query, the k of the paper. `1`: only the most similar. `1024`: nearly all that share an item.
    /// Range `1..=1024`.
    pub neighbours: u16,
    /// Newest items of a visit that are looked at. `1`: only the last click. Range `1..=100`.
    pub last_items: u16,
    /// Newest distinct items kept of a session. Range `2..=1024`.
    pub items_per_session: u32,
    /// What an item of the visit counts against the one after it, when sessions are compared. Near `0.0`: only the
    /// last click counts. `1.0`: all count the same. Range `0.01..=1.0`.
    pub place_decay: f64,
    /// The same for the credit of a session, by the newest item that it shares. Range `0.01..=1.0`.
    pub credit_decay: f64,
    /// What a candidate counts against one a position nearer to the shared item. Near `0.0`: only what stood beside it.
    /// `1.0`: the whole session. Range `0.01..=1.0`.
    pub distance_decay: f64,
    /// What a candidate before the shared item counts against one after it. `0.0`: only what came later. `1.0`: the
    /// order does not matter. Range `0.0..=1.0`.
    pub backward: f64,
    /// What the shared item itself counts as a candidate. `0.0`: nobody comes back. `1.0`: as much as the item beside
    /// it. Range `0.0..=1.0`.
    pub revisit: f64,
    /// Power of an item's inverse session frequency, when sessions are compared. `0.0`: rarity does not matter. `4.0`:
    /// hardly anything else does. Range `0.0..=4.0`.
    pub origin_rarity: f64,
    /// The same for candidates. Range `0.0..=4.0`.
    pub candidate_rarity: f64,
    /// How much a session's length is held against it. `0.0`: not at all. `0.5`: cosine. `1.0`: fully. Range
    /// `0.0..=1.0`. Only for [`SessionSimilarity::Weighted`].
    pub length_exponent: f64,
    /// What the oldest session counts against the newest. Near `0.0`: the old are forgotten. `1.0`: age does not
    /// matter. Range `0.001..=1.0`. Only for [`SessionSimilarity::Weighted`].
    pub oldest: f64,
}

impl Default for SessionIndexParams {
    /// The best on validation cuts of two click logs. 200 sessions of an item are as good as 1,000.
    fn default() -> SessionIndexParams {
        SessionIndexParams {
            of: SessionRows::Sessions,
            similarity: SessionSimilarity::Weighted,
            sessions_per_item: 200,
            neighbours: 300,
            last_items: 10,
            items_per_session: 50,
            place_decay: 0.7,
            credit_decay: 0.8,
            distance_decay: 0.87,
            backward: 0.9,
            revisit: 1.0,
            origin_rarity: 2.0,
            candidate_rarity: 1.5,
            length_exponent: 0.25,
            oldest: 0.5,
        }
    }
}

impl SessionIndexParams {
    /// User-based neighbourhoods: rows are customers, and neither order nor age matters. The three similarities are
    /// within 2 % of each other; weighing candidates by rarity is worth 10 % of recall on sales, and 200 neighbours
    /// are better than 100 or 500.
    pub fn of_users(similarity: SessionSimilarity) -> SessionIndexParams {
        SessionIndexParams {
            of: SessionRows::Users,
            similarity,
            neighbours: 200,
            sessions_per_item: 5_000,
            last_items: 100,
            items_per_session: 1_024,
            place_decay: 1.0,
            credit_decay: 1.0,
            distance_decay: 1.0,
            backward: 1.0,
            revisit: 0.0,
            origin_rarity: 0.0,
            candidate_rarity: 1.0,
            length_exponent: 0.5,
            oldest: 1.0,
        }
    }

    /// Refuses settings that are out of range.
    ///
    /// # Errors
    /// [`TrainError::OutOfRange`] names the setting.
    pub fn check(&self) -> Result<(), TrainError> {
        for (name, found, min, max) in [
            ("sessions_per_item", self.sessions_per_item.into(), 1.0, 5_000.0),
            ("neighbours", self.neighbours.into(), 1.0, 1_024.0),
            ("last_items", self.last_items.into(), 1.0, 100.0),
            ("items_per_session", self.items_per_session.into(), 2.0, 1_024.0),
            ("place_decay", self.place_decay, 0.01, 1.0),
            ("credit_decay", self.credit_decay, 0.01, 1.0),
            ("distance_decay", self.distance_decay, 0.01, 1.0),
            ("backward", self.backward, 0.0, 1.0),
            ("revisit", self.revisit, 0.0, 1.0),
            ("origin_rarity", self.origin_rarity, 0.0, 4.0),
            ("candidate_rarity", self.candidate_rarity, 0.0, 4.0),
            ("length_exponent", self.length_exponent, 0.0, 1.0),
            ("oldest", self.oldest, 0.001, 1.0),
        ] {
            check_range(name, found, min, max)?;
        }
        Ok(())
    }

    fn tables(&self) -> SessionTables {
        let by_place = |decay| falling(decay, self.last_items.into(), 1.0);
        // Beyond 32 positions a decay of 0.87 is below 1/80.
        let n_distances = if self.distance_decay < 1.0 { 32 } else { 2 };
        // The positions beside the shared item count in full.
        let by_distance = |first: f64, factor: f64| {
            std::iter::once(table_entry(first))
                .chain(falling(self.distance_decay, n_distances - 1, factor))
                .collect()
        };
        SessionTables {
            similarity: self.similarity,
            n_neighbours: self.neighbours,
            similarity_by_place: by_place(self.place_decay),
            credit_by_place: by_place(self.credit_decay),
            after: by_distance(self.revisit, 1.0),
            before: by_distance(0.0, self.backward),
        }
    }
}

/// Makes the index. Sessions of fewer than two distinct items say nothing of other items and are left out, and so are
/// sessions that are not among the newest of any of their items.
///
/// # Errors
/// [`TrainError::OutOfRange`]: a setting is out of its range.
pub fn session_index(
    sequences: &Sequences,
    params: &SessionIndexParams,
) -> Result<SessionValues, TrainError> {
    params.check()?;
    let newest_first: Vec<Vec<ItemIdx>> = sequences
        .iter()
        .rev()
        .map(|items| distinct(items, params.items_per_session as usize))
        .filter(|items| items.len() > 1)
        .collect();
    let n_all = newest_first.len();
    let mut n_of_item = vec![0u32; sequences.n_items()];
    let mut postings = vec![Vec::new(); sequences.n_items()];
    let mut sessions = Vec::new();
    for (age, items) in newest_first.into_iter().enumerate() {
        // Cannot fail: sessions come from orders, which are numbered by `u32`.
        let session = u32::try_from(sessions.len()).unwrap_or(u32::MAX);
        let mut is_posted = false;
        for item in &items {
            n_of_item[item.index()] += 1;
            let list: &mut Vec<u32> = &mut postings[item.index()];
            if list.len() < params.sessions_per_item as usize {
                list.push(session);
                is_posted = true;
            }
        }
        if is_posted {
            let age = exact(age) / exact(n_all.max(2) - 1);
            sessions.push(SessionRow { norm: norm(items.len(), age, params), items });
        }
    }
    let item_weights = n_of_item
        .iter()
        .map(|&n| ItemWeights {
            as_origin: rarity(n, n_all, params.origin_rarity),
            as_candidate: rarity(n, n_all, params.candidate_rarity),
        })
        .collect();
    Ok(SessionValues { sessions, postings, item_weights, tables: params.tables() })
}

/// The newest `n` distinct items, in the order of their last events.
fn distinct(items: &[ItemIdx], n: usize) -> Vec<ItemIdx> {
    let mut newest_first: Vec<ItemIdx> = Vec::new();
    for item in items.iter().rev() {
        if newest_first.len() == n {
            break;
        }
        if !newest_first.contains(item) {
            newest_first.push(*item);
        }
    }
    newest_first.reverse();
    newest_first
}

/// What the similarity asks of a session; `age` is 0 for the newest and 1 for the oldest.
fn norm(n_items: usize, age: f64, params: &SessionIndexParams) -> u16 {
    match params.similarity {
        SessionSimilarity::Weighted => {
            let shorter = libm::pow(exact(n_items), -params.length_exponent);
            nearest(65_535.0 * shorter * libm::pow(params.oldest, age), 65_535)
        }
        SessionSimilarity::Jaccard | SessionSimilarity::Pearson => nearest(exact(n_items), 65_535),
    }
}

/// The inverse session frequency, `ln(N / n)`, against that of an item of one session, to a power: 255 at most and 1 at
/// least.
fn rarity(n_sessions: u32, n_all: usize, power: f64) -> u8 {
    if power == 0.0 {
        return u8::MAX;
    }
    let rarest = libm::log(exact(n_all.max(2)));
    let share = libm::log(exact(n_all.max(2)) / f64::from(n_sessions.max(1))) / rarest;
    let weight = nearest(255.0 * libm::pow(share.max(0.0), power), 255);
    u8::try_from(weight).unwrap_or(u8::MAX)
}

/// `n` entries that fall by `decay` from `factor`.
fn falling(decay: f64, n: usize, factor: f64) -> Vec<u16> {
    std::iter::successors(Some(factor), |weight| Some(weight * decay))
        .take(n)
        .map(table_entry)
        .collect()
}

fn table_entry(weight: f64) -> u16 {
    if weight == 0.0 {
        0
    } else {
        nearest(weight * f64::from(MAX_SESSION_WEIGHT), MAX_SESSION_WEIGHT)
    }
}

/// The nearest integer in `1..=most`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range first"
)]
fn nearest(value: f64, most: u16) -> u16 {
    (value + 0.5).clamp(1.0, f64::from(most)) as u16
}

#[cfg(test)]
mod tests;
