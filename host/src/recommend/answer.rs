//! An answer for people and for programs: items with titles, scores, and where each score comes from.

use std::fmt;

use edgewise_bundle::{Bundle, hex};
use edgewise_core::{Audience, ItemIdx, Origin, Query, Recommendation};
use serde::Serialize;

use super::explained::{Explained, Ruled};

/// Parts of a score that are shown unless all are asked for.
const BRIEF: usize = 2;

/// An answer with names in place of rows.
#[derive(Debug, Serialize)]
pub(crate) struct Answer {
    bundle: String,
    placement: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    experiment: Option<Variant>,
    items: Vec<Line>,
    /// The rules that act on the question; only where an explanation was asked for and the bundle has rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    rules: Option<Vec<String>>,
}

/// Which variant of which experiment answered.
#[derive(Debug, Serialize)]
struct Variant {
    name: String,
    variant: String,
}

#[derive(Debug, Serialize)]
struct Line {
    item: String,
    title: Option<String>,
    price: Option<String>,
    score: u64,
    from: String,
    because: Vec<Part>,
    #[serde(skip_serializing_if = "Option::is_none")]
    #[serde(flatten)]
    ruled: Option<Ruled>,
    /// Parts that `because` leaves out.
    #[serde(skip)]
    n_more: usize,
}

#[derive(Debug, Serialize)]
struct Part {
    item: String,
    title: Option<String>,
    relation: &'static str,
    score: u64,
    /// Of the result's score, in whole percent, rounded down.
    percent: u64,
}

impl Answer {
    /// Looks names up.
    pub(crate) fn new(
        bundle: &Bundle<'_>,
        query: &Query<'_>,
        results: &[Recommendation],
        is_explained: bool,
    ) -> Answer {
        let n_parts = if is_explained { usize::MAX } else { BRIEF };
        let explained = is_explained.then(|| Explained::new(bundle, query)).flatten();
        let line = |result| {
            let ruled = explained.as_ref().map(|explained| explained.of(result));
            Some(Line { ruled, ..line(bundle, result, n_parts)? })
        };
        let found = query.context.variant.and_then(|assigned| bundle.experiments().get(assigned));
        let experiment = found.map(|(experiment, variant)| Variant {
            name: experiment.name.clone(),
            variant: variant.name.clone(),
        });
        Answer {
            bundle: hex(&bundle.digest()),
            placement: query.placement.name(),
            experiment,
            items: results.iter().filter_map(line).collect(),
            rules: explained.map(|explained| explained.acting),
        }
    }
}

/// ` in` and a name, or what it is a name of where the bundle has none.
fn named(name: Option<&str>, kind: &str) -> String {
    format!(" in {}", name.unwrap_or(kind))
}

fn line(bundle: &Bundle<'_>, result: &Recommendation, n_parts: usize) -> Option<Line> {
    let mut text = Vec::new();
    let id = |item| bundle.item_id(item, &mut Vec::new()).map(str::to_owned);
    let card = bundle.card(result.item, &mut text);
    let audience = |audience| match audience {
        Audience::Everyone => String::new(),
        Audience::Category(row) => named(bundle.category_name(row, &mut Vec::new()), "category"),
        Audience::Region(row) => named(bundle.region_name(row, &mut Vec::new()), "region"),
        Audience::Segment(row) => named(bundle.segment_name(row), "segment"),
    };
    let from = match result.origin {
        Origin::Related => {
            result.because.first().map_or("related", |part| part.relation.name()).to_owned()
        }
        Origin::Pinned => "pinned".to_owned(),
        Origin::Catalogue => "the catalogue".to_owned(),
        Origin::Popular(among) => format!("popular{}", audience(among)),
        Origin::Trending(among) => format!("trending{}", audience(among)),
    };
    let because = result.because.iter().take(n_parts).filter_map(|part| {
        Some(Part {
            item: id(part.item)?,
            title: title(bundle, part.item),
            relation: part.relation.name(),
            score: part.score,
            percent: part.score * 100 / result.base.max(1),
        })
    });
    Some(Line {
        item: id(result.item)?,
        title: card.and_then(|card| card.title).map(str::to_owned),
        price: card.and_then(|card| card.price).map(str::to_owned),
        score: result.score,
        from,
        because: because.collect(),
        ruled: None,
        n_more: result.because.len().saturating_sub(n_parts),
    })
}

fn title(bundle: &Bundle<'_>, item: ItemIdx) -> Option<String> {
    bundle.card(item, &mut Vec::new()).and_then(|card| card.title).map(str::to_owned)
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.items.is_empty() {
            return writeln!(f, "nothing to recommend: the filters leave no item");
        }
        let width = |of: fn(&Line) -> usize| self.items.iter().map(of).max().unwrap_or(0);
        let item_width = width(|line| line.item.chars().count());
        let title_width =
            width(|line| line.title.as_ref().map_or(0, |title| title.chars().count()));
        let price_width = width(|line| line.price.as_ref().map_or(0, String::len));
        for (rank, line) in (1..).zip(&self.items) {
            let (title, price) =
                (line.title.as_deref().unwrap_or(""), line.price.as_deref().unwrap_or(""));
            write!(
                f,
                "{rank:>3}  {:<item_width$}  {title:<title_width$}  {price:>price_width$}  {}",
                line.item, line.from
            )?;
            for (at, part) in line.because.iter().enumerate() {
                let lead = if at == 0 { ": " } else { ", " };
                write!(
                    f,
                    "{lead}{} ({} %)",
                    part.title.as_ref().unwrap_or(&part.item),
                    part.percent
                )?;
            }
            if line.n_more > 0 {
                write!(f, " and {} more", line.n_more)?;
            }
            writeln!(f)?;
            if let Some(ruled) = &line.ruled {
                writeln!(f, "     {ruled}, score {}", line.score)?;
            }
        }
        match self.rules.as_deref() {
            None => Ok(()),
            Some([]) => writeln!(f, "no rule acts"),
            Some(rules) => writeln!(f, "rules that act: {}", rules.join(", ")),
        }
    }
}
