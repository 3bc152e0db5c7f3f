//! The catalogue: what a catalogue file says of items, and how that and the log become [`Catalog`].

use std::collections::{BTreeMap, BTreeSet};

use edgewise_core::ids::{CategoryIdx, ItemIdx, RegionIdx};
use edgewise_core::interactions::{Catalog, CatalogItem};

use crate::clean::{Layout, MarkEvidence};
use crate::error::IngestError;
use crate::files::discover;
use crate::gather::{ItemFacts, Place};
use crate::guess;
use crate::number::{Decimals, Number, plain_decimal};
use crate::progress::NoProgress;
use crate::read::for_each_batch;
use crate::rows::{Row, exploded_array};
use crate::settings::{CatalogColumns, CatalogSource, Columns, DecimalMark, Role, Settings};
use crate::text;

/// What a catalogue file says.
#[derive(Debug, Default)]
pub(crate) struct CatalogFile {
    pub(crate) facts: ItemFacts,
    /// Regions of each item, by its number in `facts`.
    regions: BTreeMap<u32, BTreeSet<String>>,
    marks: MarkEvidence,
    pub(crate) n_without_id: u64,
    pub(crate) n_bad_prices: u64,
}

/// What one source says of one item.
#[derive(Clone, Debug, Default)]
struct Description<'a> {
    title: Option<&'a str>,
    price: Option<i64>,
    url: Option<&'a str>,
    image: Option<&'a str>,
    category: Option<&'a str>,
}

impl Description<'_> {
    /// This, and where it is silent what `other` says.
    fn or(self, other: Self) -> Self {
        Self {
            title: self.title.or(other.title),
            price: self.price.or(other.price),
            url: self.url.or(other.url),
            image: self.image.or(other.image),
            category: self.category.or(other.category),
        }
    }
}

/// Reads a catalogue file. Where it has an item more than once, the most frequent text and price count, of equally
/// frequent ones the smallest, and regions add up.
///
/// # Errors
/// As [`crate::read`].
pub(crate) fn read(
    source: &CatalogSource,
    settings: &Settings,
) -> Result<CatalogFile, IngestError> {
    let files = discover(&source.sources.paths)?;
    let columns = match source.columns.id {
        Some(_) => source.columns.clone(),
        None => guess::guess_catalog(&source.sources, &source.columns)?.columns,
    };
    let roles = as_roles(&columns);
    let mut catalog = CatalogFile::default();
    for_each_batch(
        &source.sources,
        &files,
        exploded_array(&roles),
        &NoProgress,
        |file, batch| {
            let (layout, missing) = Layout::find(&roles, &batch.columns);
            if let Some((role, wanted)) = missing.first()
                && (batch.is_rectangular || *role == Role::Item)
            {
                return Err(IngestError::NoSuchColumn {
                    path: files[file].path.clone(),
                    wanted: wanted.clone(),
                    role: catalog_key(*role),
                    found: batch.columns.to_vec(),
                });
            }
            for row in batch.rows() {
                catalog.add(&row, &layout, file, settings)?;
            }
            Ok(batch)
        },
    )?;
    Ok(catalog)
}

/// The columns of a catalogue file as columns of a log.
pub(crate) fn as_roles(columns: &CatalogColumns) -> Columns {
    Columns {
        item: columns.id.clone(),
        title: columns.title.clone(),
        price: columns.price.clone(),
        url: columns.url.clone(),
        image: columns.image.clone(),
        category: columns.category.clone(),
        region: columns.availability.clone(),
        ..Columns::default()
    }
}

/// The key under which `[catalog]` names the column of a role.
pub(crate) fn catalog_key(role: Role) -> &'static str {
    match role {
        Role::Item => "id",
        Role::Region => "availability",
        role => role.key(),
    }
}

impl CatalogFile {
    fn add(
        &mut self,
        row: &Row<'_>,
        layout: &Layout,
        file: usize,
        settings: &Settings,
    ) -> Result<(), IngestError> {
        let Some(id) = layout.id(row, Role::Item) else {
            self.n_without_id += 1;
            return Ok(());
        };
        let place = Place {
            file,
            line: row.line,
        };
        let item = self.facts.item(id, settings.item_case, place)?;
        self.facts.count_texts(item, row, layout)?;
        if let Some(cell) = layout.value(row, Role::Price) {
            match Number::read(cell, DecimalMark::Auto).filter(|price| price.is_positive()) {
                Some(price) => {
                    self.marks.add(price);
                    self.facts.prices[item as usize].add(None, price);
                }
                None => self.n_bad_prices += 1,
            }
        }
        if let Some(cell) = layout.value(row, Role::Region) {
            let names = cell
                .split('|')
                .map(text::fold_whitespace)
                .filter(|name| !name.is_empty());
            self.regions
                .entry(item)
                .or_default()
                .extend(names.map(std::borrow::Cow::into_owned));
        }
        Ok(())
    }
}

fn describe(facts: &ItemFacts, mark: DecimalMark) -> Vec<Description<'_>> {
    let n_items = facts.ids.len();
    let texts = [&facts.titles, &facts.urls, &facts.images, &facts.categories];
    let [titles, urls, images, categories] = texts.map(|tally| tally.most_frequent(n_items));
    (0..n_items)
        .map(|item| Description {
            title: titles[item],
            price: facts.prices[item].price(mark),
            url: urls[item],
            image: images[item],
            category: categories[item],
        })
        .collect()
}

/// What is known of items and regions when all rows are judged.
pub(crate) struct Known<'a> {
    /// The items of the log.
    pub(crate) facts: &'a ItemFacts,
    /// The decimal mark of the log's prices.
    pub(crate) mark: DecimalMark,
    /// By item of `facts`: whether any row of it was kept.
    pub(crate) is_kept: &'a [bool],
    /// The names of the regions of kept rows.
    pub(crate) regions: BTreeSet<&'a str>,
    /// By item of `facts`, where the log decides it: the names of the regions in which it may be shown.
    pub(crate) available_in: Vec<BTreeSet<&'a str>>,
}

/// The catalogue of a log, with the final number of each item of `known.facts` that was kept.
///
/// # Errors
/// More items than can be numbered.
pub(crate) fn assemble(
    known: &Known<'_>,
    file: Option<&CatalogFile>,
) -> Result<(Catalog, Vec<Option<ItemIdx>>), IngestError> {
    let from_log = describe(known.facts, known.mark);
    let from_file = file.map_or(Vec::new(), |file| describe(&file.facts, file.marks.mark()));
    // By id: the item's number in the log and in the file.
    let mut by_id: BTreeMap<&str, (Option<u32>, Option<u32>)> = BTreeMap::new();
    for (item, id) in (0..).zip(known.facts.ids.names()) {
        if known.is_kept[item as usize] {
            by_id.entry(id).or_default().0 = Some(item);
        }
    }
    for (item, id) in (0..).zip(file.iter().flat_map(|file| file.facts.ids.names())) {
        by_id.entry(id).or_default().1 = Some(item);
    }
    let described: Vec<Description<'_>> = by_id
        .values()
        .map(|&(in_log, in_file)| {
            let in_file = in_file
                .map(|item| from_file[item as usize].clone())
                .unwrap_or_default();
            let in_log = in_log
                .map(|item| from_log[item as usize].clone())
                .unwrap_or_default();
            in_file.or(in_log)
        })
        .collect();
    let decimals = Decimals::of(described.iter().filter_map(|item| item.price));
    let categories: BTreeSet<&str> = described.iter().filter_map(|item| item.category).collect();
    let no_regions = BTreeSet::new();
    let file_regions = |item: u32| {
        file.and_then(|file| file.regions.get(&item))
            .unwrap_or(&no_regions)
    };
    let mut regions = known.regions.clone();
    for &(_, in_file) in by_id.values() {
        regions.extend(
            in_file
                .into_iter()
                .flat_map(file_regions)
                .map(String::as_str),
        );
    }
    let categories = Names::new(categories)?;
    let regions = Names::new(regions)?;
    let mut new_numbers = vec![None; known.facts.ids.len()];
    let mut items = Vec::with_capacity(by_id.len());
    for ((id, (in_log, in_file)), item) in by_id.into_iter().zip(described) {
        if let Some(in_log) = in_log {
            new_numbers[in_log as usize] = Some(ItemIdx(number(items.len())?));
        }
        let mut available: BTreeSet<&str> = in_file
            .into_iter()
            .flat_map(file_regions)
            .map(String::as_str)
            .collect();
        if available.is_empty()
            && let Some(in_log) = in_log
        {
            available.clone_from(&known.available_in[in_log as usize]);
        }
        items.push(CatalogItem {
            id: id.to_owned(),
            title: item.title.map(str::to_owned),
            price: item.price.map(|price| plain_decimal(price, decimals)),
            url: item.url.map(str::to_owned),
            image: item.image.map(str::to_owned),
            category: item
                .category
                .and_then(|name| categories.find(name))
                .map(CategoryIdx),
            available_in: available
                .iter()
                .filter_map(|name| regions.find(name))
                .map(RegionIdx)
                .collect(),
        });
    }
    let catalog = Catalog {
        items,
        categories: categories.into_strings(),
        regions: regions.into_strings(),
    };
    Ok((catalog, new_numbers))
}

/// Sorted names with their numbers.
struct Names<'a>(BTreeMap<&'a str, u32>);

impl<'a> Names<'a> {
    fn new(names: BTreeSet<&'a str>) -> Result<Self, IngestError> {
        let numbered = names
            .into_iter()
            .enumerate()
            .map(|(at, name)| Ok((name, number(at)?)));
        numbered.collect::<Result<_, _>>().map(Self)
    }

    fn find(&self, name: &str) -> Option<u32> {
        self.0.get(name).copied()
    }

    fn into_strings(self) -> Vec<String> {
        self.0.into_keys().map(str::to_owned).collect()
    }
}

fn number(at: usize) -> Result<u32, IngestError> {
    let limit = u64::from(u32::MAX);
    u32::try_from(at).map_err(|_| IngestError::TooMany {
        what: "items",
        limit,
    })
}
