//! `edgewise inspect --trending`: what trends with everyone or in a region, beside its place among what is popular.

use std::collections::BTreeMap;
use std::fmt;

use edgewise_bundle::Bundle;
use edgewise_core::{Audience, ItemIdx, Model};
use serde::Serialize;

/// Items shown.
const SHOWN: usize = 20;

/// What trends. The keys of the JSON are these names.
#[derive(Debug, Serialize)]
pub(super) struct Trends {
    trending: Vec<Line>,
}

#[derive(Debug, Serialize)]
struct Line {
    item: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<String>,
    /// In percent of the first.
    percent: u32,
    /// From 1; absent where the item is not among what is popular.
    #[serde(skip_serializing_if = "Option::is_none")]
    popular_rank: Option<usize>,
}

impl Trends {
    /// Reads the rankings of an open bundle.
    pub(super) fn of(bundle: &Bundle<'_>) -> Trends {
        let ranks: BTreeMap<ItemIdx, usize> =
            bundle.ranking(Audience::Everyone).map(|entry| entry.item).zip(1..).collect();
        let lines = bundle.trending(Audience::Everyone).take(SHOWN).filter_map(|entry| {
            let mut text = Vec::new();
            let title = bundle.card(entry.item, &mut text).and_then(|card| card.title);
            Some(Line {
                title: title.map(str::to_owned),
                item: bundle.item_id(entry.item, &mut Vec::new())?.to_owned(),
                percent: (entry.weight * 100 + 32_767) / 65_535,
                popular_rank: ranks.get(&entry.item).copied(),
            })
        });
        Trends { trending: lines.collect() }
    }
}

impl fmt::Display for Trends {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.trending.is_empty() {
            return writeln!(f, "the bundle does not tell what trends");
        }
        writeln!(f, "{:>4}  {:>7}  {:>10}  item", "rank", "weight", "popularity")?;
        for (rank, line) in (1..).zip(&self.trending) {
            let Line { item, title, percent, popular_rank } = line;
            let place = popular_rank.map_or_else(|| "-".to_owned(), |rank| rank.to_string());
            let title = title.as_deref().unwrap_or("");
            writeln!(f, "{rank:>4}  {percent:>5} %  {place:>10}  {item:<12} {title}")?;
        }
        Ok(())
    }
}
