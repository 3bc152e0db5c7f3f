//! The clean rows of every file, and what they say of items, under numbers that are still provisional.

use std::collections::BTreeMap;
use std::path::PathBuf;

use edgewise_core::ids::{ItemIdx, OrderIdx, RegionIdx, SegmentIdx, UserIdx};
use edgewise_core::interactions::{CatalogItem, Interaction};
use twox_hash::XxHash3_128;

use crate::clean::{CleanRow, Fault, Judge, Layout};
use crate::error::IngestError;
use crate::intern::{Interner, Repeated, Tally};
use crate::keys::{Key, KeySet, Numbers};
use crate::prices::NewestPrices;
use crate::report::{Example, MAX_EXAMPLES, Refusal};
use crate::room::InUse;
use crate::rows::{Batch, Row};
use crate::settings::{Columns, Duplicates, ItemCase, ORDER_USER_DAY, Role, Settings};
use crate::text;

const DAY_S: i64 = 86_400;

/// Bytes of what is known of an item besides its name.
const FACTS_BYTES: u64 = (size_of::<Place>() + size_of::<u64>() + size_of::<NewestPrices>()) as u64;
/// Bytes of an item while the catalogue is put together: its place among the sorted ids, its description, alone and with
/// its name, and its entry with two short texts.
const CATALOG_BYTES: u64 = (32 + 80 + 144 + size_of::<CatalogItem>() + 2 * 32) as u64;

/// Where a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// Index of the file.
    pub(crate) file: usize,
    /// Line or row, counted from 1.
    pub(crate) line: u64,
}

/// The refused rows of one reason.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counted {
    pub(crate) n_rows: u64,
    pub(crate) examples: Vec<Example>,
}

/// What the rows say of items, by provisional number of the item.
#[derive(Debug, Default)]
pub(crate) struct ItemFacts {
    pub(crate) ids: Interner,
    pub(crate) first_seen: Vec<Place>,
    pub(crate) n_rows: Vec<u64>,
    pub(crate) prices: Vec<NewestPrices>,
    pub(crate) titles: Tally,
    pub(crate) categories: Tally,
    pub(crate) urls: Tally,
    pub(crate) images: Tally,
    pub(crate) brands: Tally,
    pub(crate) products: Tally,
    upper: String,
}

impl ItemFacts {
    /// The number of the item `id`, one more row of which is at `place`.
    ///
    /// # Errors
    /// More distinct ids than can be numbered.
    pub(crate) fn item(
        &mut self,
        id: &str,
        case: ItemCase,
        place: Place,
    ) -> Result<u32, IngestError> {
        let id = match case {
            ItemCase::Keep => id,
            ItemCase::Upper => {
                self.upper.clear();
                self.upper.extend(id.chars().flat_map(char::to_uppercase));
                &self.upper
            }
        };
        let item = self.ids.intern(id, "items")?;
        if item as usize == self.n_rows.len() {
            self.n_rows.push(0);
            self.first_seen.push(place);
            self.prices.push(NewestPrices::default());
        }
        self.n_rows[item as usize] += 1;
        Ok(item)
    }

    /// Bytes in use.
    pub(crate) fn bytes(&self) -> u64 {
        let Self { ids, titles, categories, urls, images, .. } = self;
        let texts = titles.bytes() + categories.bytes() + urls.bytes() + images.bytes();
        ids.bytes() + texts + self.n_rows.len() as u64 * FACTS_BYTES
    }

    /// Counts what a row says of its item.
    ///
    /// # Errors
    /// More distinct texts than can be numbered.
    pub(crate) fn count_texts(
        &mut self,
        item: u32,
        row: &Row<'_>,
        layout: &Layout,
    ) -> Result<(), IngestError> {
        for (role, tally) in [
            (Role::Title, &mut self.titles),
            (Role::Brand, &mut self.brands),
            (Role::Product, &mut self.products),
            (Role::Url, &mut self.urls),
            (Role::Image, &mut self.images),
        ] {
            if let Some(cell) = layout.value(row, role) {
                tally.add(item, &text::fold_whitespace(cell), role.key())?;
            }
        }
        match layout.category(row) {
            Some(category) => self.categories.add(item, &category, Role::Category.key()),
            None => Ok(()),
        }
    }
}

/// Everything that the rows of the log say.
pub(crate) struct Gather<'s> {
    settings: &'s Settings,
    files: Vec<PathBuf>,
    makes_orders: bool,
    pub(crate) judge: Judge<'s>,
    /// Rows with provisional numbers.
    pub(crate) rows: Vec<Interaction>,
    pub(crate) items: ItemFacts,
    pub(crate) users: Interner,
    orders: Numbers,
    pub(crate) regions: Interner,
    pub(crate) segments: Interner,
    pub(crate) refused: BTreeMap<Refusal, Counted>,
    pub(crate) n_rows: u64,
    pub(crate) n_recoded: u64,
    column_names: Interner,
    rows_seen: KeySet,
    scratch: Scratch,
}

/// Buffers and memories of the last row.
#[derive(Default)]
struct Scratch {
    row_bytes: Vec<u8>,
    /// Of the rows of the batch.
    row_keys: Vec<Key>,
    n_foreseen: usize,
    order: String,
    region: String,
    last_user: Repeated,
    last_order: Repeated,
    last_region: Repeated,
}

/// A file's columns as [`Gather`] needs them.
#[derive(Clone, Debug, Default)]
pub(crate) struct FileColumns {
    pub(crate) layout: Layout,
    /// Each column by its number over all files and its place in the row, ascending.
    numbered: Vec<(u32, usize)>,
}

impl<'s> Gather<'s> {
    pub(crate) fn new(settings: &'s Settings, columns: &Columns, files: Vec<PathBuf>) -> Self {
        Self {
            settings,
            files,
            makes_orders: columns.order.as_deref() == Some(ORDER_USER_DAY),
            judge: Judge::new(settings, columns),
            rows: Vec::new(),
            items: ItemFacts::default(),
            users: Interner::default(),
            orders: Numbers::default(),
            regions: Interner::default(),
            segments: Interner::default(),
            refused: BTreeMap::new(),
            n_rows: 0,
            n_recoded: 0,
            column_names: Interner::default(),
            rows_seen: KeySet::default(),
            scratch: Scratch::default(),
        }
    }

    /// Numbers the columns of a file, so that equal rows are found whatever the order of the columns.
    pub(crate) fn name_columns(
        &mut self,
        layout: Layout,
        names: &[String],
    ) -> Result<FileColumns, IngestError> {
        let mut numbered = Vec::with_capacity(names.len());
        for (at, name) in names.iter().enumerate() {
            numbered.push((self.column_names.intern(name, "columns")?, at));
        }
        numbered.sort_unstable();
        Ok(FileColumns { layout, numbered })
    }

    /// Takes the row in, or counts it as refused. `at` is its place in the batch, which was foreseen.
    ///
    /// # Errors
    /// [`Fault::NeedsDayOrder`], after which the row can be offered again, as `Ok(false)`; more distinct names than
    /// can be numbered.
    pub(crate) fn offer(
        &mut self,
        (at, row): (usize, &Row<'_>),
        file: usize,
        columns: &FileColumns,
        batch: &Batch,
    ) -> Result<bool, IngestError> {
        let place = Place { file, line: row.line };
        if batch.is_rectangular && !has_every_cell(row, batch.columns.len()) {
            let text = format!("{} cells, expected {}", row.n_cells(), batch.columns.len());
            self.refuse(Refusal::WrongCellCount, place, &text);
        } else {
            match self.judge.judge(row, &columns.layout) {
                Ok(_) if self.is_duplicate(at) => {
                    let text = columns.layout.value(row, Role::Item).unwrap_or("");
                    self.refuse(Refusal::Duplicate, place, text);
                }
                Ok(clean) => self.keep(&clean, row, place, &columns.layout)?,
                Err(Fault::Refused(reason, text)) => self.refuse(reason, place, &text),
                Err(Fault::NeedsDayOrder) => return Ok(false),
            }
        }
        self.n_rows += 1;
        Ok(true)
    }

    /// The memory that the rows take so far, and the putting together of the catalogue, beyond what is forgotten first.
    pub(crate) fn in_use(&self) -> InUse {
        let Self { rows, rows_seen, items, users, orders, regions, .. } = self;
        let catalog = items.n_rows.len() as u64 * CATALOG_BYTES;
        let forgotten = rows_seen.bytes() + orders.bytes();
        let of_names = items.bytes() + users.bytes() + orders.bytes() + regions.bytes();
        InUse {
            n_rows: self.n_rows,
            of_rows: rows_seen.bytes() + (rows.len() * size_of::<Interaction>()) as u64,
            of_names: of_names + catalog.saturating_sub(forgotten),
        }
    }

    /// Forgets what only serves to take in rows: hundreds of megabytes of a large log.
    pub(crate) fn forget_rows_read(&mut self) {
        self.rows_seen = KeySet::default();
        self.orders = Numbers::default();
    }

    fn refuse(&mut self, reason: Refusal, place: Place, text: &str) {
        let counted = self.refused.entry(reason).or_default();
        counted.n_rows += 1;
        if counted.examples.len() < MAX_EXAMPLES {
            counted.examples.push(Example::new(self.files[place.file].clone(), place.line, text));
        }
    }

    /// Refuses rows that were kept so far: `n_rows` of an item, the first of which was at `place`.
    pub(crate) fn refuse_item(&mut self, reason: Refusal, item: u32) {
        let place = self.items.first_seen[item as usize];
        let id = self.items.ids.name(item).to_owned();
        self.refuse(reason, place, &id);
        let counted = self.refused.entry(reason).or_default();
        counted.n_rows += self.items.n_rows[item as usize] - 1;
    }

    /// Looks ahead at a batch: one row is looked up without waiting for the one before, which a row at a time has to. On
    /// a log of 10 million rows that takes a third of the time of finding duplicates.
    pub(crate) fn foresee(&mut self, batch: &Batch, columns: &FileColumns) {
        let ids = |role| batch.rows().filter_map(move |row| columns.layout.id(&row, role));
        let is_known = |numbers: &Numbers, id: &str| numbers.find(Key::of(id)).is_some();
        // The answers have to be used, or the questions would not be asked.
        let mut n_known = ids(Role::Item).filter(|id| self.items.ids.find(id).is_some()).count();
        n_known += ids(Role::User).filter(|id| self.users.find(id).is_some()).count();
        n_known += ids(Role::Order).filter(|id| is_known(&self.orders, id)).count();
        if self.settings.duplicates == Duplicates::Refuse {
            let Scratch { row_bytes, row_keys, .. } = &mut self.scratch;
            row_keys.clear();
            row_keys.extend(batch.rows().map(|row| key_of_row(&row, columns, row_bytes)));
            n_known += row_keys.iter().filter(|&&key| self.rows_seen.contains(key)).count();
        }
        self.scratch.n_foreseen = n_known;
    }

    /// Whether a row equal to the one at this place of its batch came before; remembers this one.
    fn is_duplicate(&mut self, at: usize) -> bool {
        self.settings.duplicates == Duplicates::Refuse
            && !self.rows_seen.insert(self.scratch.row_keys[at])
    }

    fn keep(
        &mut self,
        clean: &CleanRow<'_>,
        row: &Row<'_>,
        place: Place,
        layout: &Layout,
    ) -> Result<(), IngestError> {
        let item = self.items.item(clean.item, self.settings.item_case, place)?;
        let scratch = &mut self.scratch;
        let users = &mut self.users;
        let user =
            clean.user.map(|id| scratch.last_user.get_or(id, |id| users.intern(id, "users")));
        let made = match (clean.user, clean.time_s) {
            (Some(user), Some(time_s)) if self.makes_orders => {
                scratch.order.clear();
                scratch.order.push_str(&time_s.div_euclid(DAY_S).to_string());
                scratch.order.push(' ');
                scratch.order.push_str(user);
                Some(scratch.order.as_str())
            }
            _ => None,
        };
        let orders = &mut self.orders;
        let order = made.or(clean.order);
        let order = order
            .map(|id| scratch.last_order.get_or(id, |id| orders.number(Key::of(id), "orders")));
        let regions = &mut self.regions;
        let separator = self.settings.region_separator.as_deref();
        let has_region = layout.region(row, separator, &mut scratch.region);
        let name = has_region.then_some(scratch.region.as_str());
        let region = name
            .map(|name| scratch.last_region.get_or(name, |name| regions.intern(name, "regions")));
        let segments = &mut self.segments;
        let segment = layout.value(row, Role::Segment);
        let segment = segment.map(|name| segments.intern(name, "segments")).transpose()?;
        // Too many of them are left out when the log is finished.
        let segment = segment.map(|at| SegmentIdx(u8::try_from(at).unwrap_or(u8::MAX)));
        if let Some(price) = clean.price {
            self.items.prices[item as usize].add(clean.time_s, price);
        }
        self.items.count_texts(item, row, layout)?;
        self.rows.push(Interaction {
            item: ItemIdx(item),
            user: user.transpose()?.map(UserIdx),
            order: order.transpose()?.map(OrderIdx),
            time_s: clean.time_s,
            region: region.transpose()?.map(RegionIdx),
            segment,
            kind: clean.kind,
        });
        Ok(())
    }
}

/// Equal for rows that are equal in every column.
fn key_of_row(row: &Row<'_>, columns: &FileColumns, bytes: &mut Vec<u8>) -> Key {
    bytes.clear();
    for &(name, column) in &columns.numbered {
        let cell = row.cell_bytes(column);
        // An empty cell equals a missing one, as JSON has it.
        if !cell.is_empty() {
            bytes.extend_from_slice(&name.to_le_bytes());
            bytes.extend_from_slice(&cell.len().to_le_bytes());
            bytes.extend_from_slice(cell);
        }
    }
    Key::of_hash(XxHash3_128::oneshot(bytes))
}

/// Whether the row has a cell for each column; empty ones at the end are one delimiter too many and do no harm.
fn has_every_cell(row: &Row<'_>, n_columns: usize) -> bool {
    row.n_cells() >= n_columns
        && (n_columns..row.n_cells()).all(|column| row.cell_bytes(column).is_empty())
}
