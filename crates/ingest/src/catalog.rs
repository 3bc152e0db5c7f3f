//! The catalogue: what a catalogue file says of items, and how that and the log become [`Catalog`].

use std::collections::{BTreeMap, BTreeSet};

use edgewise_core::ids::{CategoryIdx, ItemIdx, RegionIdx};
use edgewise_core::interactions::{Catalog, CatalogItem};
use edgewise_core::paths;

use crate::attributes::{self, Attributes, Cells};
use crate::clean::{Layout, MarkEvidence};
use crate::error::IngestError;
use crate::files::discover;
use crate::gather::{ItemFacts, Place};
use crate::guess;
use crate::intern::Tally;
use crate::number::{Decimals, Number, plain_decimal};
use crate::progress::NoProgress;
use crate::read::for_each_batch;
use crate::rows::{Row, exploded_array};
use crate::settings::{CatalogColumns, CatalogSource, Columns, DecimalMark, Role, Settings};
use crate::text;
use crate::tree;

/// The attribute that is the price, wherever that comes from.
const PRICE: &str = "price";

/// What a catalogue file says.
#[derive(Debug, Default)]
pub(crate) struct CatalogFile {
    pub(crate) facts: ItemFacts,
    /// Regions of each item, by its number in `facts`.
    regions: BTreeMap<u32, BTreeSet<String>>,
    /// Of each attribute column, in the order of [`CatalogColumns::attributes`], what it says of each item.
    attributes: Vec<(String, Tally)>,
    marks: MarkEvidence,
    pub(crate) n_without_id: u64,
    pub(crate) n_bad_prices: u64,
}

/// What one source says of one item.
#[derive(Clone, Copy, Debug, Default)]
struct Description<'a> {
    title: Option<&'a str>,
    price: Option<i64>,
    url: Option<&'a str>,
    image: Option<&'a str>,
    category: Option<&'a str>,
    brand: Option<&'a str>,
    product: Option<&'a str>,
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
            brand: self.brand.or(other.brand),
            product: self.product.or(other.product),
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
    let named = columns.attributes.iter().map(|name| (name.clone(), Tally::default()));
    catalog.attributes = named.collect();
    for_each_batch(&source.sources, &files, exploded_array(&roles), &NoProgress, |file, batch| {
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
        let further = further_columns(&columns, &batch.columns);
        if let Some(at) = further.iter().position(Option::is_none)
            && batch.is_rectangular
            && columns.attributes[at] != PRICE
        {
            return Err(IngestError::NoSuchColumn {
                path: files[file].path.clone(),
                wanted: columns.attributes[at].clone(),
                role: "attributes",
                found: batch.columns.to_vec(),
            });
        }
        for row in batch.rows() {
            catalog.add(&row, (&layout, &further), file, settings)?;
        }
        Ok(batch)
    })?;
    Ok(catalog)
}

/// Where the columns of attributes are.
fn further_columns(columns: &CatalogColumns, names: &[String]) -> Vec<Option<usize>> {
    let place = |wanted| names.iter().position(|name| name == wanted);
    columns.attributes.iter().map(place).collect()
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
        brand: columns.brand.clone(),
        product: columns.product.clone(),
        subcategories: columns.subcategories.clone(),
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
        (layout, further): (&Layout, &[Option<usize>]),
        file: usize,
        settings: &Settings,
    ) -> Result<(), IngestError> {
        let Some(id) = layout.id(row, Role::Item) else {
            self.n_without_id += 1;
            return Ok(());
        };
        let place = Place { file, line: row.line };
        let item = self.facts.item(id, settings.item_case, place)?;
        self.facts.count_texts(item, row, layout)?;
        for ((_, tally), column) in self.attributes.iter_mut().zip(further) {
            let cell = column.map_or("", |column| row.cell(column).trim());
            if !text::is_missing(cell) {
                tally.add(item, &text::fold_whitespace(cell), "attributes")?;
            }
        }
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
            let separator = &settings.category_separator;
            let names = cell.split('|').filter_map(|name| tree::path(name, separator));
            self.regions.entry(item).or_default().extend(names);
        }
        Ok(())
    }
}

fn describe(facts: &ItemFacts, mark: DecimalMark) -> Vec<Description<'_>> {
    let n_items = facts.ids.len();
    let texts = [
        &facts.titles,
        &facts.urls,
        &facts.images,
        &facts.categories,
        &facts.brands,
        &facts.products,
    ];
    let [titles, urls, images, categories, brands, products] =
        texts.map(|tally| tally.most_frequent(n_items));
    (0..n_items)
        .map(|item| Description {
            title: titles[item],
            price: facts.prices[item].price(mark),
            url: urls[item],
            image: images[item],
            category: categories[item],
            brand: brands[item],
            product: products[item],
        })
        .collect()
}

/// What is known of items and regions when all rows are judged.
pub(crate) struct Known<'a> {
    /// The items of the log.
    pub(crate) facts: &'a ItemFacts,
    /// The decimal mark of the log's prices.
    pub(crate) mark: DecimalMark,
    /// What stands between the parts of a path.
    pub(crate) separator: &'a str,
    /// By item of `facts`: whether any row of it was kept.
    pub(crate) is_kept: &'a [bool],
    /// The names of the regions of kept rows.
    pub(crate) regions: BTreeSet<&'a str>,
    /// By item of `facts`, where the log decides it: the names of the regions in which it may be shown.
    pub(crate) available_in: Vec<BTreeSet<&'a str>>,
}

/// An item by its provisional numbers, with what is known of it.
struct Merged<'a> {
    id: &'a str,
    in_log: Option<u32>,
    in_file: Option<u32>,
    description: Description<'a>,
    /// The regions where it may be shown; none means everywhere.
    available: BTreeSet<&'a str>,
}

/// The catalogue of a log, with the final number of each item of `known.facts` that was kept.
///
/// # Errors
/// More items than can be numbered.
pub(crate) fn assemble(
    known: &Known<'_>,
    file: Option<&CatalogFile>,
) -> Result<(Catalog, Vec<Option<ItemIdx>>), IngestError> {
    let merged = merge(known, file);
    let (attributes, of_items) = attributes_of(&merged, file, known.separator)?;
    let paths = merged.iter().map(|item| tree::path(item.description.category?, known.separator));
    let paths: Vec<Option<String>> = paths.collect();
    let names = tree::with_ancestors(paths.iter().flatten().map(String::as_str));
    let categories = Names::new(names)?;
    let mut regions = known.regions.clone();
    regions.extend(merged.iter().flat_map(|item| item.available.iter().copied()));
    regions.remove("");
    let regions = Names::new(tree::with_ancestors(regions.into_iter()))?;
    let decimals = Decimals::of(merged.iter().filter_map(|item| item.description.price));
    let mut new_numbers = vec![None; known.facts.ids.len()];
    let mut items = Vec::with_capacity(merged.len());
    for ((merged, category), attributes) in merged.into_iter().zip(&paths).zip(of_items) {
        let Merged { id, in_log, description, available, .. } = merged;
        if let Some(in_log) = in_log {
            new_numbers[in_log as usize] = Some(ItemIdx(number(items.len())?));
        }
        items.push(CatalogItem {
            id: id.to_owned(),
            title: description.title.map(str::to_owned),
            price: description.price.map(|price| plain_decimal(price, decimals)),
            url: description.url.map(str::to_owned),
            image: description.image.map(str::to_owned),
            category: category.as_deref().and_then(|name| categories.find(name)).map(CategoryIdx),
            available_in: regions.with_all_below(&available).map(RegionIdx).collect(),
            attributes,
        });
    }
    let catalog = Catalog {
        items,
        categories: categories.into_strings(),
        regions: regions.into_strings(),
        segments: Vec::new(),
        attributes,
    };
    Ok((catalog, new_numbers))
}

/// The attributes, and the rows of their values by item.
fn attributes_of(
    merged: &[Merged<'_>],
    file: Option<&CatalogFile>,
    separator: &str,
) -> Result<Attributes, IngestError> {
    let of = |text: fn(&Description<'_>) -> bool| merged.iter().any(|item| text(&item.description));
    let mut named = BTreeMap::new();
    for (name, tally) in file.iter().flat_map(|file| &file.attributes) {
        let n_items = file.map_or(0, |file| file.facts.ids.len());
        let cells = tally.most_frequent(n_items);
        let cell = |item: &Merged<'_>| cells[item.in_file? as usize];
        let cells = match name.as_str() {
            PRICE => Cells::Millionths(merged.iter().map(|item| item.description.price).collect()),
            _ => Cells::Column(merged.iter().map(cell).collect()),
        };
        named.insert(name.as_str(), cells);
    }
    if of(|item| item.brand.is_some()) {
        let cells = merged.iter().map(|item| item.description.brand).collect();
        named.insert(Role::Brand.key(), Cells::Texts(cells));
    }
    if of(|item| item.product.is_some()) {
        let cells = merged.iter().map(|item| item.description.product).collect();
        named.insert(Role::Product.key(), Cells::Products(cells));
    }
    attributes::attributes(named, separator, merged.len())
}

/// The kept items of the log and all items of the file, ascending by id; the file comes before the log.
fn merge<'a>(known: &Known<'a>, file: Option<&'a CatalogFile>) -> Vec<Merged<'a>> {
    let in_log = (0..).zip(known.facts.ids.names());
    let in_log = in_log.filter(|&(item, _)| known.is_kept[item as usize]);
    let in_file = (0..).zip(file.iter().flat_map(|file| file.facts.ids.names()));
    // Sorted as a whole: a tree of a million names takes longer, and leaves holes all over the memory when it goes.
    let mut by_id: Vec<(&str, Option<u32>, Option<u32>)> = in_log
        .map(|(item, id)| (id, Some(item), None))
        .chain(in_file.map(|(item, id)| (id, None, Some(item))))
        .collect();
    by_id.sort_unstable();
    by_id.dedup_by(|next, kept| {
        let is_same = next.0 == kept.0;
        if is_same {
            kept.1 = kept.1.or(next.1);
            kept.2 = kept.2.or(next.2);
        }
        is_same
    });
    let from_log = describe(known.facts, known.mark);
    let from_file = file.map_or(Vec::new(), |file| describe(&file.facts, file.marks.mark()));
    let of = |all: &[Description<'a>], item: Option<u32>| {
        item.map(|item| all[item as usize]).unwrap_or_default()
    };
    by_id
        .into_iter()
        .map(|(id, in_log, in_file)| {
            let listed = in_file.and_then(|item| file?.regions.get(&item));
            let available = match (listed, in_log) {
                (Some(listed), _) => listed.iter().map(String::as_str).collect(),
                (None, Some(in_log)) => known.available_in[in_log as usize].clone(),
                (None, None) => BTreeSet::new(),
            };
            let description = of(&from_file, in_file).or(of(&from_log, in_log));
            Merged { id, in_log, in_file, description, available }
        })
        .collect()
}

/// Sorted names with their numbers.
struct Names<'a>(BTreeMap<&'a str, u32>);

impl<'a> Names<'a> {
    fn new(names: BTreeSet<&'a str>) -> Result<Self, IngestError> {
        let numbered = names.into_iter().enumerate().map(|(at, name)| Ok((name, number(at)?)));
        numbered.collect::<Result<_, _>>().map(Self)
    }

    fn find(&self, name: &str) -> Option<u32> {
        self.0.get(name).copied()
    }

    /// The numbers of the names and of all below them, ascending.
    fn with_all_below<'n>(&'n self, nodes: &'n BTreeSet<&str>) -> impl Iterator<Item = u32> + 'n {
        let is_there = |name: &str| {
            std::iter::successors(Some(name), |name| paths::parent(name))
                .any(|name| nodes.contains(name))
        };
        // Most items may be shown everywhere.
        let all = self.0.iter().take(if nodes.is_empty() { 0 } else { usize::MAX });
        all.filter(move |(name, _)| is_there(name)).map(|(_, number)| *number)
    }

    fn into_strings(self) -> Vec<String> {
        self.0.into_keys().map(str::to_owned).collect()
    }
}

fn number(at: usize) -> Result<u32, IngestError> {
    let limit = u64::from(u32::MAX);
    u32::try_from(at).map_err(|_| IngestError::TooMany { what: "items", limit })
}
