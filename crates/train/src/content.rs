//! Neighbours by what the catalogue says: items whose titles and categories use the same words.
//!
//! An item that nobody has bought yet has neighbours here, and is a neighbour of items that sell. The lists hold no
//! behaviour, so no minimum of people applies to them.

use std::collections::BTreeMap;

use edgewise_core::{CatalogItem, ItemIdx, WeightedItem};
use rayon::prelude::*;
use rust_stemmers::{Algorithm, Stemmer};
use serde::{Deserialize, Serialize};
use unicode_segmentation::UnicodeSegmentation;

use crate::lists::{ItemLists, MAX_LIST_ENTRIES, keep_best};
use crate::neighbourhood::exact;
use crate::params::{TrainError, check_range};

/// The language whose endings are cut off words before they are compared (Porter, "Snowball", 2001).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stemming {
    /// Words are compared as they stand.
    Off,
    /// Danish.
    Danish,
    /// Dutch.
    Dutch,
    /// English.
    English,
    /// Finnish.
    Finnish,
    /// French.
    French,
    /// German.
    German,
    /// Italian.
    Italian,
    /// Norwegian.
    Norwegian,
    /// Portuguese.
    Portuguese,
    /// Spanish.
    Spanish,
    /// Swedish.
    Swedish,
}

impl Stemming {
    fn stemmer(self) -> Option<Stemmer> {
        let algorithm = match self {
            Stemming::Off => return None,
            Stemming::Danish => Algorithm::Danish,
            Stemming::Dutch => Algorithm::Dutch,
            Stemming::English => Algorithm::English,
            Stemming::Finnish => Algorithm::Finnish,
            Stemming::French => Algorithm::French,
            Stemming::German => Algorithm::German,
            Stemming::Italian => Algorithm::Italian,
            Stemming::Norwegian => Algorithm::Norwegian,
            Stemming::Portuguese => Algorithm::Portuguese,
            Stemming::Spanish => Algorithm::Spanish,
            Stemming::Swedish => Algorithm::Swedish,
        };
        Some(Stemmer::create(algorithm))
    }
}

/// What content neighbours are made with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ContentParams {
    /// Neighbours that every item has, and items that every item is a neighbour of, where so many share a word with
    /// it. `1`: only the single nearest item. `1024`: nearly every item that shares a word. Range `1..=1024`.
    pub neighbours: u32,
    /// Items that may share a term before it is too common to say anything. `2`: only words of two items count.
    /// `u32::MAX`: every word counts, and work grows with the square of the catalogue. Range `2..`.
    pub max_items_per_term: u32,
    /// Weight of the category against one word of the title. `0.0`: the category is ignored. `100.0`: nothing but the
    /// category counts. Range `0.0..=100.0`.
    pub category_weight: f64,
    /// The language of the titles.
    pub stemming: Stemming,
}

impl Default for ContentParams {
    fn default() -> ContentParams {
        ContentParams {
            neighbours: 20,
            max_items_per_term: 2_000,
            category_weight: 1.0,
            stemming: Stemming::English,
        }
    }
}

impl ContentParams {
    /// Refuses settings that are out of range.
    ///
    /// # Errors
    /// [`TrainError::OutOfRange`] names the setting.
    pub fn check(&self) -> Result<(), TrainError> {
        check_range("neighbours", self.neighbours.into(), 1.0, 1_024.0)?;
        check_range("max_items_per_term", self.max_items_per_term.into(), 2.0, u32::MAX.into())?;
        check_range("category_weight", self.category_weight, 0.0, 100.0)
    }
}

/// Terms ascending, with weights whose squares sum to one.
pub(crate) type TermVector = Vec<(u32, f64)>;

/// Cosine between the items' term vectors: weights `(1 + ln tf) ln(N / df)`, normalised (Salton & Buckley,
/// "Term-weighting approaches in automatic text retrieval", IPM 24(5), 1988, section 3: sublinear `tf`, `idf`,
/// cosine). A pair stays when one of the two is among the `neighbours` nearest of the other.
///
/// Category rows of `items` are those of `categories`; a row past its end is no category.
pub fn content(items: &[CatalogItem], categories: &[String], params: &ContentParams) -> ItemLists {
    let vectors = term_vectors(items, categories, params);
    let postings = postings(&vectors);
    let nearest: Vec<Vec<WeightedItem>> = rows(items.len())
        .into_par_iter()
        .map_init(
            || vec![0.0; items.len()],
            |dots, item| nearest_to(item, &vectors, &postings, dots, params.neighbours),
        )
        .collect();
    both_ways(&nearest)
}

fn rows(n_items: usize) -> Vec<ItemIdx> {
    // Cannot fail: items are numbered by `u32`.
    (0..u32::try_from(n_items).unwrap_or(u32::MAX)).map(ItemIdx).collect()
}

/// The normalised vector of every item. Empty where an item says nothing that others say too.
pub(crate) fn term_vectors(
    items: &[CatalogItem],
    categories: &[String],
    params: &ContentParams,
) -> Vec<TermVector> {
    let stemmer = params.stemming.stemmer();
    let texts: Vec<BTreeMap<String, f64>> =
        items.iter().map(|item| terms_of(item, categories, stemmer.as_ref(), params)).collect();
    let mut n_items_with: BTreeMap<&str, u32> = BTreeMap::new();
    for term in texts.iter().flat_map(BTreeMap::keys) {
        *n_items_with.entry(term).or_default() += 1;
    }
    let useful = |n: u32| (2..=params.max_items_per_term).contains(&n);
    // A term that every item has weighs nothing, and one of a single item leads nowhere: but the latter still makes
    // its item less like others, so it stays in the norm.
    let n_items = exact(items.len());
    let numbers: BTreeMap<&str, u32> = n_items_with.keys().copied().zip(0..).collect();
    texts
        .iter()
        .map(|terms| {
            let mut vector = Vec::with_capacity(terms.len());
            let mut norm = 0.0;
            for (term, frequency) in terms {
                let n_with = n_items_with[term.as_str()];
                let weight = frequency * libm::log(n_items / f64::from(n_with));
                if n_with > params.max_items_per_term {
                    continue;
                }
                norm += weight * weight;
                if useful(n_with) && weight > 0.0 {
                    vector.push((numbers[term.as_str()], weight));
                }
            }
            let norm = norm.sqrt();
            for (_, weight) in &mut vector {
                *weight /= norm;
            }
            vector
        })
        .collect()
}

/// The terms of one item with `1 + ln tf`. The category is one term that no word can be.
fn terms_of(
    item: &CatalogItem,
    categories: &[String],
    stemmer: Option<&Stemmer>,
    params: &ContentParams,
) -> BTreeMap<String, f64> {
    let mut counts: BTreeMap<String, f64> = BTreeMap::new();
    for word in item.title.as_deref().unwrap_or("").unicode_words() {
        let word = word.to_lowercase();
        let term = stemmer.map_or_else(|| word.clone(), |stemmer| stemmer.stem(&word).into_owned());
        *counts.entry(term).or_default() += 1.0;
    }
    for count in counts.values_mut() {
        *count = 1.0 + libm::log(*count);
    }
    let category = item.category.and_then(|row| categories.get(row.0 as usize));
    if let Some(category) = category.filter(|_| params.category_weight > 0.0) {
        counts.insert(format!("category {category}"), params.category_weight);
    }
    counts
}

/// Per term, the items that have it, ascending, with the weight of each.
fn postings(vectors: &[TermVector]) -> Vec<Vec<(ItemIdx, f64)>> {
    let n_terms = vectors.iter().flatten().map(|&(term, _)| term as usize + 1).max().unwrap_or(0);
    let mut postings = vec![Vec::new(); n_terms];
    for (item, vector) in (0..).map(ItemIdx).zip(vectors) {
        for &(term, weight) in vector {
            postings[term as usize].push((item, weight));
        }
    }
    postings
}

/// The items nearest to one item. `dots` is all zeros before and after.
fn nearest_to(
    item: ItemIdx,
    vectors: &[TermVector],
    postings: &[Vec<(ItemIdx, f64)>],
    dots: &mut [f64],
    n_nearest: u32,
) -> Vec<WeightedItem> {
    let mut touched = Vec::new();
    for &(term, weight) in &vectors[item.index()] {
        for &(other, other_weight) in &postings[term as usize] {
            let dot = &mut dots[other.index()];
            if *dot == 0.0 {
                touched.push(other);
            }
            *dot += weight * other_weight;
        }
    }
    let mut nearest = Vec::with_capacity(touched.len());
    for other in touched {
        let dot = std::mem::take(&mut dots[other.index()]);
        if other != item {
            nearest.push(WeightedItem { item: other, weight: dot.min(1.0) });
        }
    }
    keep_best(&mut nearest, n_nearest as usize);
    nearest
}

/// Pairs that stand in either direction, in both. A list that grows past what can be packed keeps the best.
fn both_ways(nearest: &[Vec<WeightedItem>]) -> ItemLists {
    let mut lists: ItemLists = nearest.to_vec();
    for (item, near) in (0..).map(ItemIdx).zip(nearest) {
        for &WeightedItem { item: other, weight } in near {
            lists[other.index()].push(WeightedItem { item, weight });
        }
    }
    for list in &mut lists {
        list.sort_unstable_by_key(|entry| entry.item);
        list.dedup_by_key(|entry| entry.item);
        keep_best(list, MAX_LIST_ENTRIES);
        list.sort_unstable_by_key(|entry| entry.item);
    }
    lists
}

#[cfg(test)]
mod tests;
