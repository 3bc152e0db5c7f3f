//! `edgewise inspect`: what a bundle holds, how it was made, and what protects the people behind it.

mod bounds;
mod sizes;
mod trends;

use std::fmt;
use std::path::PathBuf;

use anyhow::Context;
use clap::Args;
use edgewise_bundle::limits::MAX_BUNDLE_BYTES;
use edgewise_bundle::{AttributeKind, Bundle, People, Provenance, SectionKind, VERSION, hex};
use edgewise_core::{
    AttributeIdx, Audience, CategoryIdx, ItemIdx, Model, RegionIdx, Relation, SegmentIdx,
};
use serde::Serialize;

use crate::output::{Terminal, bytes, counted, grouped};
use crate::whole_file;

/// What `edgewise inspect` takes.
#[expect(clippy::struct_excessive_bools, reason = "flags of a command line are independent")]
#[derive(Args, Debug)]
pub(crate) struct InspectArgs {
    /// The bundle
    pub(crate) bundle: PathBuf,
    /// Show what each section takes for a fact, beside what the fact tells
    #[arg(long)]
    pub(crate) sizes: bool,
    /// Show what trends, beside its place among what is popular
    #[arg(long, conflicts_with = "sizes")]
    pub(crate) trending: bool,
    /// Show the shop's rules in words, with the number of items that each is about
    #[arg(long, conflicts_with = "sizes")]
    pub(crate) rules: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// Opens, checks every entry, and prints.
///
/// # Errors
/// A bundle that cannot be read or is refused.
pub(crate) fn run(args: &InspectArgs, terminal: &mut Terminal) -> anyhow::Result<()> {
    let file = whole_file::read(&args.bundle, MAX_BUNDLE_BYTES.into())
        .with_context(|| format!("cannot read the bundle `{}`", args.bundle.display()))?;
    let bundle = Bundle::open(&file)
        .with_context(|| format!("cannot open the bundle `{}`", args.bundle.display()))?;
    bundle
        .check()
        .with_context(|| format!("cannot believe the bundle `{}`", args.bundle.display()))?;
    let text = if args.sizes {
        shown(&sizes::Sizes::of(&bundle, file.len() as u64), args.json)?
    } else if args.trending {
        shown(&trends::Trends::of(&bundle), args.json)?
    } else if args.rules {
        shown(&crate::rules::tell(&bundle), args.json)?
    } else {
        shown(&Contents::of(&bundle, file.len() as u64)?, args.json)?
    };
    Ok(terminal.data(&text)?)
}

fn shown<T: Serialize + fmt::Display>(value: &T, is_json: bool) -> anyhow::Result<String> {
    Ok(if is_json { serde_json::to_string_pretty(value)? + "\n" } else { value.to_string() })
}

/// Everything that `inspect` shows. The keys of the JSON are these names.
#[derive(Debug, Serialize)]
pub(crate) struct Contents {
    digest: String,
    format: u32,
    size_bytes: u64,
    sections: Vec<SectionSize>,
    counts: Counts,
    provenance: Option<Provenance>,
    limits: Vec<Limit>,
}

#[derive(Debug, Serialize)]
struct SectionSize {
    #[serde(rename = "section")]
    name: &'static str,
    offset_bytes: u32,
    size_bytes: u32,
    share_percent: f64,
}

#[derive(Debug, Serialize)]
struct Counts {
    items: u32,
    categories: u32,
    regions: u32,
    segments: u32,
    similar_neighbours: Option<u64>,
    together_neighbours: Option<u64>,
    ranking_entries: u64,
    trending_entries: Option<u64>,
    time_zone: Option<String>,
    has_cards: bool,
    currency: Option<String>,
    attributes: Vec<AttributeCount>,
}

/// What is told of items besides their category.
#[derive(Debug, Serialize)]
struct AttributeCount {
    #[serde(rename = "attribute")]
    name: String,
    kind: &'static str,
    values: u32,
    /// Items that have at least one.
    items: u64,
}

/// How much of a limit of the format is used.
#[derive(Debug, Serialize)]
struct Limit {
    what: &'static str,
    used: u64,
    #[serde(rename = "limit")]
    most: u64,
}

impl Contents {
    /// Reads an open bundle.
    ///
    /// # Errors
    /// What decoding the provenance gives.
    pub(crate) fn of(bundle: &Bundle<'_>, size_bytes: u64) -> anyhow::Result<Contents> {
        let counts = Counts {
            items: bundle.n_items(),
            categories: bundle.n_categories(),
            regions: bundle.n_regions(),
            segments: bundle.n_segments(),
            similar_neighbours: bundle.n_entries(Relation::Similar),
            together_neighbours: bundle.n_entries(Relation::Together),
            ranking_entries: audiences(bundle)
                .map(|audience| bundle.ranking(audience).count() as u64)
                .sum(),
            trending_entries: bundle.has_trending().then(|| {
                audiences(bundle).map(|audience| bundle.trending(audience).count() as u64).sum()
            }),
            time_zone: bundle.time_zone().map(str::to_owned),
            has_cards: bundle.has_cards(),
            currency: bundle.currency().map(str::to_owned),
            attributes: attributes(bundle),
        };
        Ok(Contents {
            digest: hex(&bundle.digest()),
            format: VERSION,
            size_bytes,
            sections: sections(bundle, size_bytes),
            limits: limits(&counts, size_bytes),
            counts,
            provenance: bundle.provenance()?,
        })
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share in percent, shown with one decimal")]
fn sections(bundle: &Bundle<'_>, size_bytes: u64) -> Vec<SectionSize> {
    let name = |number| {
        SectionKind::ALL
            .into_iter()
            .find(|kind| kind.number() == number)
            .map_or("unknown", SectionKind::name)
    };
    let size = |section: edgewise_bundle::Section| SectionSize {
        name: name(section.number),
        offset_bytes: section.offset_bytes,
        size_bytes: section.len_bytes,
        share_percent: (f64::from(section.len_bytes) * 1_000.0 / size_bytes as f64).round() / 10.0,
    };
    bundle.sections().map(size).collect()
}

/// Everyone, each category, each region and each segment.
fn audiences(bundle: &Bundle<'_>) -> impl Iterator<Item = Audience> {
    let categories = (0..bundle.n_categories()).map(|row| Audience::Category(CategoryIdx(row)));
    let regions = (0..bundle.n_regions()).map(|row| Audience::Region(RegionIdx(row)));
    // Cannot fail: there are at most 255.
    let n_segments = u8::try_from(bundle.n_segments()).unwrap_or(u8::MAX);
    let segments = (0..n_segments).map(|row| Audience::Segment(SegmentIdx(row)));
    [Audience::Everyone].into_iter().chain(categories).chain(regions).chain(segments)
}

fn attributes(bundle: &Bundle<'_>) -> Vec<AttributeCount> {
    let count = |attribute| {
        let kind = match bundle.attribute_kind(attribute)? {
            AttributeKind::Text => "text",
            AttributeKind::Number { .. } => "number",
            AttributeKind::Product => "product",
        };
        let has_any = |row: &u32| bundle.first_value(attribute, ItemIdx(*row)).is_some();
        Some(AttributeCount {
            name: bundle.attribute_name(attribute)?.to_owned(),
            kind,
            values: bundle.n_values(attribute),
            items: (0..bundle.n_items()).filter(has_any).count() as u64,
        })
    };
    (1..bundle.n_attributes()).map(AttributeIdx).filter_map(count).collect()
}

fn limits(counts: &Counts, size_bytes: u64) -> Vec<Limit> {
    use edgewise_bundle::limits::{MAX_CATEGORIES, MAX_ITEMS, MAX_REGIONS, MAX_SEGMENTS};
    [
        ("bytes", size_bytes, MAX_BUNDLE_BYTES),
        ("items", counts.items.into(), MAX_ITEMS),
        ("categories", counts.categories.into(), MAX_CATEGORIES),
        ("regions", counts.regions.into(), MAX_REGIONS),
        ("segments", counts.segments.into(), MAX_SEGMENTS),
    ]
    .map(|(what, used, limit)| Limit { what, used, most: limit.into() })
    .into()
}

impl fmt::Display for Contents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "digest      {}", self.digest)?;
        writeln!(f, "format      version {}, {}", self.format, bytes(self.size_bytes))?;
        writeln!(f, "\nsections")?;
        for section in &self.sections {
            let SectionSize { name, size_bytes, share_percent, .. } = section;
            writeln!(
                f,
                "  {name:<12}{:>12} B {share_percent:>6.1} %",
                grouped(u64::from(*size_bytes))
            )?;
        }
        writeln!(f, "\ncontents")?;
        let Counts { items, categories, regions, segments, ranking_entries, .. } = &self.counts;
        let Counts { trending_entries, time_zone, has_cards, currency, .. } = &self.counts;
        writeln!(f, "  items       {}", grouped(u64::from(*items)))?;
        for (name, count) in [
            ("similar", self.counts.similar_neighbours),
            ("together", self.counts.together_neighbours),
        ] {
            match count {
                Some(count) => writeln!(f, "  {name:<12}{} neighbours", grouped(count))?,
                None => writeln!(f, "  {name:<12}none")?,
            }
        }
        writeln!(
            f,
            "  popular     {} entries: everyone, {}, {}{}",
            grouped(*ranking_entries),
            counted(u64::from(*categories), "category", "categories"),
            counted(u64::from(*regions), "region", "regions"),
            match segments {
                0 => String::new(),
                n => format!(", {}", counted(u64::from(*n), "segment", "segments")),
            }
        )?;
        if let Some(entries) = trending_entries {
            writeln!(f, "  trending    {} entries, for the same", grouped(*entries))?;
        }
        if let Some(zone) = time_zone {
            writeln!(f, "  seasons     by the clock of {zone}")?;
        }
        let prices =
            currency.as_ref().map(|code| format!(", prices in {code}")).unwrap_or_default();
        writeln!(f, "  cards       {}{prices}", if *has_cards { "one per item" } else { "none" })?;
        for AttributeCount { name, kind, values, items } in &self.counts.attributes {
            let values = match *kind {
                "product" => counted((*values).into(), "product", "products"),
                kind => format!("{} of {kind}", counted((*values).into(), "value", "values")),
            };
            writeln!(f, "  {name:<12}{values}, {} with it", counted(*items, "item", "items"))?;
        }
        if let Some(provenance) = &self.provenance {
            write_provenance(f, provenance)?;
        }
        writeln!(f, "\nlimits")?;
        for Limit { what, used, most } in &self.limits {
            writeln!(f, "  {what:<12}{} of {}", grouped(*used), grouped(*most))?;
        }
        Ok(())
    }
}

fn write_provenance(f: &mut fmt::Formatter<'_>, provenance: &Provenance) -> fmt::Result {
    let Provenance { generator, built_at, source, parameters, privacy } = provenance;
    writeln!(f, "\nprovenance")?;
    writeln!(
        f,
        "  made by     {generator}{}",
        built_at.as_ref().map(|at| format!(", {at}")).unwrap_or_default()
    )?;
    writeln!(
        f,
        "  from        {} rows read, {} kept: {} users, {} orders",
        grouped(source.rows_read),
        grouped(source.rows_kept),
        grouped(source.users.into()),
        grouped(source.orders.into())
    )?;
    if let (Some(first), Some(last)) = (source.first_event_s, source.last_event_s) {
        writeln!(f, "  events      {} to {}", crate::build::day(first), crate::build::day(last))?;
    }
    writeln!(
        f,
        "  settings    neighbours {}, min_support {}, half_life_days {}",
        parameters.neighbours, parameters.min_support, parameters.half_life_days
    )?;
    writeln!(f, "\nprivacy")?;
    let who = match privacy.people {
        People::Users => "known users; guests never count",
        People::Orders => "orders or sessions, because the log names no users",
    };
    writeln!(f, "  minimum     {} distinct people behind every fact ({who})", privacy.min_people)?;
    writeln!(
        f,
        "  removed     {} similar pairs, {} pairs bought together, {} ranking entries",
        grouped(privacy.similar_pairs_removed),
        grouped(privacy.together_pairs_removed),
        grouped(privacy.ranking_entries_removed)
    )?;
    writeln!(
        f,
        "  hidden      the popularity of {}",
        counted(privacy.items_hidden.into(), "item", "items")
    )
}
