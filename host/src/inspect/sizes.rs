//! `edgewise inspect --sizes`: what each section takes for a fact, beside what the fact tells.
//!
//! `docs/format.md`, "What a fact takes", defines the bounds.

use std::fmt;

use edgewise_bundle::{Bundle, SectionKind};
use serde::Serialize;

use super::bounds::{Facts, facts};
use crate::output::grouped;

/// All sections. The keys of the JSON are these names.
#[derive(Debug, Serialize)]
pub(super) struct Sizes {
    size_bytes: u64,
    sections: Vec<SectionBits>,
}

#[derive(Debug, Serialize)]
struct SectionBits {
    #[serde(rename = "section")]
    name: &'static str,
    size_bytes: u32,
    share_percent: f64,
    /// What one fact is; `None` where a section has none that could be counted.
    fact: Option<&'static str>,
    facts: Option<u64>,
    bits_per_fact: Option<f64>,
    bound_bits_per_fact: Option<f64>,
    /// Bits over bound.
    ratio: Option<f64>,
}

impl Sizes {
    /// Reads all of an open bundle.
    pub(super) fn of(bundle: &Bundle<'_>, size_bytes: u64) -> Sizes {
        let sections = bundle.sections().map(|section| {
            let kind = SectionKind::ALL.into_iter().find(|kind| kind.number() == section.number);
            let facts = kind.and_then(|kind| facts(bundle, kind));
            SectionBits::new(
                kind.map_or("unknown", SectionKind::name),
                section.len_bytes,
                size_bytes,
                facts,
            )
        });
        Sizes { size_bytes, sections: sections.collect() }
    }
}

impl SectionBits {
    #[expect(clippy::cast_precision_loss, reason = "shares and bits are shown with two decimals")]
    fn new(
        name: &'static str,
        size_bytes: u32,
        of_bytes: u64,
        facts: Option<Facts>,
    ) -> SectionBits {
        let facts = facts.filter(|facts| facts.n > 0);
        let n_bits = f64::from(size_bytes) * 8.0;
        let per_fact =
            |n_bits: f64| facts.as_ref().map(|facts| hundredths(n_bits / facts.n as f64));
        let bound_bits = facts.as_ref().map(|facts| facts.bound_bits);
        SectionBits {
            name,
            size_bytes,
            share_percent: hundredths(f64::from(size_bytes) * 100.0 / of_bytes as f64),
            fact: facts.as_ref().map(|facts| facts.fact),
            facts: facts.as_ref().map(|facts| facts.n),
            bits_per_fact: per_fact(n_bits),
            bound_bits_per_fact: bound_bits.and_then(per_fact),
            ratio: bound_bits.filter(|bound| *bound > 0.0).map(|bound| hundredths(n_bits / bound)),
        }
    }
}

fn hundredths(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

impl fmt::Display for Sizes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<12}{:>12}{:>8}  {:<14}{:>12}{:>10}{:>8}{:>7}",
            "section", "bytes", "share", "fact", "facts", "bits each", "bound", "ratio"
        )?;
        let number =
            |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.2}"));
        for size in &self.sections {
            writeln!(
                f,
                "{:<12}{:>12}{:>6.1} %  {:<14}{:>12}{:>10}{:>8}{:>7}",
                size.name,
                grouped(size.size_bytes.into()),
                size.share_percent,
                size.fact.unwrap_or("-"),
                size.facts.map_or("-".to_owned(), grouped),
                number(size.bits_per_fact),
                number(size.bound_bits_per_fact),
                number(size.ratio),
            )?;
        }
        writeln!(f, "{:<12}{:>12}", "bundle", grouped(self.size_bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_says_what_a_fact_takes_and_what_it_tells() {
        let facts = Facts { fact: "id", n: 40, bound_bits: 160.0 };
        let size = SectionBits::new("items", 50, 1_000, Some(facts));
        // 50 bytes are 400 bits, ten for each of 40 ids, of which four tell something.
        assert_eq!((size.bits_per_fact, size.bound_bits_per_fact), (Some(10.0), Some(4.0)));
        assert_eq!((size.ratio, size.share_percent), (Some(2.5), 5.0));
        let none = SectionBits::new("scoring", 50, 1_000, None);
        assert_eq!((none.fact, none.bits_per_fact, none.ratio), (None, None, None));
    }
}
