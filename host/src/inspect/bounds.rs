//! How much the facts of a section tell: the bits that a code needs which knows their number and how often each value
//! occurs, and nothing more. `docs/format.md`, "What a fact takes", defines them.

use std::collections::BTreeMap;
use std::hash::Hash;

use edgewise_bundle::{Bundle, ListSizes, SectionKind};
use edgewise_core::paths;
use edgewise_core::{
    AttributeIdx, Audience, CategoryIdx, ItemIdx, Model, RegionIdx, Relation, Rules as _,
    SessionIndex as _,
};

/// The facts of a section.
#[derive(Debug)]
pub(super) struct Facts {
    /// What one is.
    pub(super) fact: &'static str,
    pub(super) n: u64,
    /// What all of them tell, in bits.
    pub(super) bound_bits: f64,
}

/// Counts the facts of a section; `None` for settings and descriptions.
pub(super) fn facts(bundle: &Bundle<'_>, kind: SectionKind) -> Option<Facts> {
    let factorials = Factorials::up_to(bundle.n_items());
    match kind {
        SectionKind::Items => Some(ids(bundle, &factorials)),
        SectionKind::Popular => Some(rankings(bundle, &factorials, |audience| {
            bundle.ranking(audience).map(|entry| entry.weight).collect()
        })),
        SectionKind::Trending => Some(rankings(bundle, &factorials, |audience| {
            bundle.trending(audience).map(|entry| entry.weight).collect()
        })),
        SectionKind::Attributes => Some(attributes(bundle)),
        SectionKind::Cards => Some(cards(bundle)),
        SectionKind::Rebuy => {
            let values: Vec<u8> = rows(bundle).map(|row| bundle.rebuy(row)).collect();
            let n = values.len() as u64;
            Some(Facts { fact: "item", n, bound_bits: entropy_bits(values) })
        }
        SectionKind::Facets => Some(facets(bundle)),
        SectionKind::Rules => rules(bundle, &factorials),
        SectionKind::Sessions => sessions(bundle),
        SectionKind::Scoring | SectionKind::Provenance | SectionKind::Seasons => None,
        _ => {
            let is_it = |relation: &Relation| relation.name() == kind.name();
            let sizes = bundle.list_sizes(Relation::LISTED.into_iter().find(is_it)?)?;
            let ListSizes { n_neighbours: n, bound_bits, .. } = sizes;
            Some(Facts { fact: "neighbour", n, bound_bits })
        }
    }
}

fn rows(bundle: &Bundle<'_>) -> impl Iterator<Item = ItemIdx> {
    (0..bundle.n_items()).map(ItemIdx)
}

/// Which numbers below the largest, the rests of the texts in their order, and the order of the rows.
fn ids(bundle: &Bundle<'_>, factorials: &Factorials) -> Facts {
    let id = |row| bundle.item_id(row, &mut Vec::new()).unwrap_or_default().to_owned();
    let (mut numbers, mut texts): (Vec<u32>, Vec<String>) = (Vec::new(), Vec::new());
    for id in rows(bundle).map(id) {
        match id.parse::<u32>() {
            Ok(number) if number.to_string() == id => numbers.push(number),
            _ => texts.push(id),
        }
    }
    texts.sort_unstable();
    let mut bound_bits = factorials.log2(bundle.n_items());
    if let Some(&largest) = numbers.iter().max() {
        let n = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        bound_bits += log2_choose(f64::from(largest) + 1.0, n);
    }
    let mut last: &[u8] = &[];
    let mut rests = Vec::new();
    for text in texts.iter().map(String::as_bytes) {
        let n_shared = last.iter().zip(text).take_while(|(a, b)| a == b).count();
        rests.extend(text.get(n_shared..).into_iter().flatten().map(|&byte| Some(byte)));
        rests.push(None);
        last = text;
    }
    bound_bits += entropy_bits(rests);
    Facts { fact: "id", n: bundle.n_items().into(), bound_bits }
}

/// Which items a ranking holds, in which order but among equals, and by how much each falls behind.
fn rankings(
    bundle: &Bundle<'_>,
    factorials: &Factorials,
    weights: impl Fn(Audience) -> Vec<u32>,
) -> Facts {
    let mut drops = Vec::new();
    let mut bound_bits = 0.0;
    for audience in super::audiences(bundle) {
        let weights = weights(audience);
        let n = u32::try_from(weights.len()).unwrap_or(u32::MAX);
        bound_bits += factorials.log2_choose(bundle.n_items(), n) + factorials.log2(n);
        for equals in weights.chunk_by(|a, b| a == b) {
            bound_bits -= factorials.log2(u32::try_from(equals.len()).unwrap_or(u32::MAX));
        }
        drops
            .extend(weights.iter().zip(weights.iter().skip(1)).map(|(above, below)| above - below));
        drops.extend(weights.first().map(|first| u32::from(u16::MAX).saturating_sub(*first)));
    }
    let n = drops.len() as u64;
    Facts { fact: "ranked item", n, bound_bits: bound_bits + entropy_bits(drops) }
}

/// The names, and each item's category and regions.
fn attributes(bundle: &Bundle<'_>) -> Facts {
    let mut text = Vec::new();
    let mut names: Vec<String> = Vec::new();
    for row in (0..bundle.n_categories()).map(CategoryIdx) {
        names.extend(bundle.category_name(row, &mut text).map(paths::stored));
    }
    for row in (0..bundle.n_regions()).map(RegionIdx) {
        names.extend(bundle.region_name(row, &mut text).map(paths::stored));
    }
    let mut bound_bits = text_bits(&names);
    let of: Vec<Option<u32>> =
        rows(bundle).map(|row| bundle.category(row).map(|category| category.0)).collect();
    let n_known = of.iter().flatten().count();
    bound_bits += entropy_bits(of);
    let regions = || (0..bundle.n_regions()).map(RegionIdx);
    let shown = |row| regions().map(|region| bundle.is_available(row, region)).collect::<Vec<_>>();
    bound_bits += entropy_bits(rows(bundle).map(shown));
    Facts { fact: "name, category", n: (names.len() + n_known) as u64, bound_bits }
}

/// What items have of each attribute, and what its values are.
fn facets(bundle: &Bundle<'_>) -> Facts {
    let (mut n, mut bound_bits) = (0, 0.0);
    for attribute in (1..bundle.n_attributes()).map(AttributeIdx) {
        let values = 0..bundle.n_values(attribute);
        let mut buffer = Vec::new();
        let mut texts: Vec<String> = Vec::new();
        for value in values.clone() {
            texts.extend(bundle.value_text(attribute, value, &mut buffer).map(paths::stored));
        }
        bound_bits += text_bits(&texts);
        let mut numbers = values.clone().filter_map(|value| bundle.number(attribute, value));
        if let Some(largest) = numbers.next_back() {
            bound_bits += log2_choose(f64::from(largest) + 1.0, values.end);
        }
        let of: Vec<Vec<u32>> =
            rows(bundle).map(|row| bundle.values(attribute, row).collect()).collect();
        n += of.iter().map(|values| values.len() as u64).sum::<u64>();
        bound_bits += entropy_bits(of);
    }
    Facts { fact: "value", n, bound_bits }
}

/// The bytes of texts and their ends, each by itself.
fn text_bits(texts: &[String]) -> f64 {
    entropy_bits(texts.iter().flat_map(|text| text.bytes().map(Some).chain([None])))
}

/// The bytes of all texts and their ends, each by itself.
fn cards(bundle: &Bundle<'_>) -> Facts {
    let mut bytes = Vec::new();
    for row in rows(bundle) {
        let mut text = Vec::new();
        let card = bundle.card(row, &mut text).unwrap_or_default();
        for text in [card.title, card.price, card.url, card.image].into_iter().flatten() {
            bytes.extend(text.bytes().map(Some));
            bytes.push(None);
        }
    }
    Facts { fact: "card", n: bundle.n_items().into(), bound_bits: entropy_bits(bytes) }
}

/// Which items each set leads to and how surely, and which other antecedents it has.
fn rules(bundle: &Bundle<'_>, factorials: &Factorials) -> Option<Facts> {
    let rules = bundle.rules()?;
    let mut weights = Vec::new();
    let mut bound_bits = 0.0;
    for row in rows(bundle) {
        for set in rules.rules_of(row) {
            let n_others = u32::try_from(set.others.as_slice().len()).unwrap_or(u32::MAX);
            let before = weights.len();
            weights.extend(set.targets.map(|entry| entry.weight));
            let n = u32::try_from(weights.len() - before).unwrap_or(u32::MAX);
            bound_bits += factorials.log2_choose(row.0, n_others);
            bound_bits += factorials.log2_choose(bundle.n_items(), n);
        }
    }
    let n = weights.len() as u64;
    Some(Facts { fact: "rule", n, bound_bits: bound_bits + entropy_bits(weights) })
}

/// The items of the sessions by how often they occur, the lengths, the norms and the weights of items. What the index
/// from items to sessions repeats tells nothing.
fn sessions(bundle: &Bundle<'_>) -> Option<Facts> {
    let sessions = bundle.sessions()?;
    let (mut items, mut lengths, mut norms) = (Vec::new(), Vec::new(), Vec::new());
    for session in 0.. {
        let before = items.len();
        items.extend(sessions.items_of(session).map(|item| item.0));
        if items.len() == before {
            break;
        }
        lengths.push(items.len() - before);
        norms.push(sessions.norm(session));
    }
    let weights = rows(bundle).map(|row| sessions.item_weights(row));
    let weights: Vec<[u8; 2]> =
        weights.map(|weights| [weights.as_origin, weights.as_candidate]).collect();
    let n = items.len() as u64;
    let bound_bits =
        entropy_bits(items) + entropy_bits(lengths) + entropy_bits(norms) + entropy_bits(weights);
    Some(Facts { fact: "item taken", n, bound_bits })
}

/// What values tell that occur as often as these, each by itself: the sum of log2(n / count).
#[expect(clippy::cast_precision_loss, reason = "counts of facts, far below 2^52")]
fn entropy_bits<V: Ord + Hash>(values: impl IntoIterator<Item = V>) -> f64 {
    let mut counts: BTreeMap<V, u64> = BTreeMap::new();
    for value in values {
        *counts.entry(value).or_default() += 1;
    }
    let n = counts.values().sum::<u64>() as f64;
    counts.values().map(|&count| count as f64 * (n / count as f64).log2()).sum()
}

/// log2 of the number of ways to choose `k` of `n`, by its first factors.
fn log2_choose(n: f64, k: u32) -> f64 {
    (0..k).map(|taken| ((n - f64::from(taken)) / f64::from(taken + 1)).log2()).sum()
}

/// log2 of factorials.
struct Factorials(Vec<f64>);

impl Factorials {
    fn up_to(n: u32) -> Factorials {
        let logs = (1..=n).scan(0.0, |sum, factor| {
            *sum += f64::from(factor).log2();
            Some(*sum)
        });
        Factorials([0.0].into_iter().chain(logs).collect())
    }

    /// Of `n!`; 0 above the largest.
    fn log2(&self, n: u32) -> f64 {
        self.0.get(n as usize).copied().unwrap_or(0.0)
    }

    /// Of the number of ways to choose `k` of `n`.
    fn log2_choose(&self, n: u32, k: u32) -> f64 {
        let Some(left) = n.checked_sub(k) else { return 0.0 };
        self.log2(n) - self.log2(k) - self.log2(left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64) -> bool {
        (found - expected).abs() < 1e-9
    }

    #[test]
    fn values_tell_what_their_frequencies_leave_open() {
        // Two of four are `a`, at one bit each; `b` and `c` take two.
        assert!(near(entropy_bits(['a', 'b', 'a', 'c']), 6.0));
        assert!(near(entropy_bits(['a'; 9]), 0.0));
        assert!(near(entropy_bits::<u8>([]), 0.0));
    }

    #[test]
    fn choices_are_counted() {
        let factorials = Factorials::up_to(16);
        // 16 ways to take one of 16, 120 to take two, one to take none or all.
        for (k, ways) in [(0, 1.0f64), (1, 16.0), (2, 120.0), (14, 120.0), (16, 1.0)] {
            assert!(near(factorials.log2_choose(16, k), ways.log2()), "{k}");
            assert!(near(log2_choose(16.0, k), ways.log2()), "{k}");
        }
        assert!(near(factorials.log2(4), 24.0f64.log2()));
    }
}
