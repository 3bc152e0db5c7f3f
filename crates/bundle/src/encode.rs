//! Packs a trained model: quantises its weights and writes the one encoding it has.

use alloc::vec::Vec;

use edgewise_core::{ModelValues, PolicyValues, Relation};

use crate::directory::{SectionKind, assemble};
use crate::error::FormatError;
use crate::provenance::Provenance;
use crate::{
    Bundle, attributes, cards, experiments, facets, items, lists, policy, provenance, rankings,
    rebuy, rules, scoring, seasons, sessions,
};

/// Whether a bundle carries what a page shows of each item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardsWanted {
    /// Titles, prices and addresses travel with the model.
    Yes,
    /// The page has them already; the bundle is smaller.
    No,
}

/// Packs a model. Equal values and provenance give equal bytes.
///
/// # Errors
/// [`FormatError`] when a value is over a limit of the format, out of order or out of range. The bytes are opened
/// again before they are returned, so what this gives is always a bundle.
pub fn encode(
    values: &ModelValues,
    provenance: Option<&Provenance>,
    cards_wanted: CardsWanted,
) -> Result<Vec<u8>, FormatError> {
    let ids: Vec<&str> = values.items.iter().map(|item| item.id.as_str()).collect();
    let mut sections = Vec::new();
    sections.push((SectionKind::Items, items::encode::encode(&ids)?));
    sections.push((SectionKind::Scoring, scoring::encode(&values.scoring)?));
    for relation in Relation::LISTED {
        let lists = values.lists(relation);
        if let (false, Some(kind)) = (lists.is_empty(), SectionKind::of_lists(relation)) {
            sections.push((kind, lists::encode(relation.name(), lists)?));
        }
    }
    sections.push((SectionKind::Popular, rankings::encode(&values.rankings, ids.len())?));
    if !values.trending.is_empty() {
        sections.push((SectionKind::Trending, rankings::encode(&values.trending, ids.len())?));
    }
    if let Some(values) = &values.seasons {
        sections.push((SectionKind::Seasons, seasons::encode(values)?));
    }
    let attributes = attributes::encode(values)?;
    sections.push((SectionKind::Attributes, attributes));
    if cards_wanted == CardsWanted::Yes {
        let cards = cards::encode(values.currency.as_deref(), &values.items)?;
        sections.push((SectionKind::Cards, cards));
    }
    if let Some(provenance) = provenance {
        sections.push((SectionKind::Provenance, provenance::encode(provenance)?));
    }
    if !values.rules.is_empty() {
        sections.push((SectionKind::Rules, rules::encode(&values.rules, values.items.len())?));
    }
    if let Some(values) = &values.policy {
        sections.push((SectionKind::Policy, policy::encode(values)?));
    }
    if let Some(values) = &values.sessions {
        sections.push((SectionKind::Sessions, sessions::encode(values)?));
    }
    if !values.rebuy.is_empty() {
        sections.push((SectionKind::Rebuy, rebuy::encode(&values.rebuy)));
    }
    if !values.attributes.is_empty() {
        let facets = facets::encode::encode(&values.attributes, &values.items)?;
        sections.push((SectionKind::Facets, facets));
    }
    if !values.experiments.as_slice().is_empty() {
        sections.push((SectionKind::Experiments, experiments::encode(&values.experiments)?));
    }
    sections.sort_by_key(|section| section.0);
    let bytes = assemble(&sections)?;
    Bundle::open(&bytes)?;
    Ok(bytes)
}

/// The same bundle with these rules in place of its own, or with none. What of them names rows, values and attributes
/// must be the bundle's.
///
/// # Errors
/// [`FormatError`] when the rules name what the bundle lacks, or are over a limit of the format.
pub fn with_policy(
    bundle: &Bundle<'_>,
    values: Option<&PolicyValues>,
) -> Result<Vec<u8>, FormatError> {
    let mut sections: Vec<(SectionKind, Vec<u8>)> = bundle
        .known_sections()
        .filter(|section| section.0 != SectionKind::Policy)
        .map(|(kind, bytes)| (kind, bytes.to_vec()))
        .collect();
    if let Some(values) = values {
        sections.push((SectionKind::Policy, policy::encode(values)?));
    }
    sections.sort_by_key(|section| section.0);
    let bytes = assemble(&sections)?;
    Bundle::open(&bytes)?.check_policy()?;
    Ok(bytes)
}
