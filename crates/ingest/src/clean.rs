//! One row: is it clean, and what does it say?

use std::borrow::Cow;

use edgewise_core::interactions::EventKind;
use edgewise_core::paths::SHOWN;

use crate::kinds::KindReader;
use crate::number::Number;
use crate::report::Refusal;
use crate::rows::Row;
use crate::settings::{
    Columns, DecimalMark, ORDER_USER_DAY, PricePer, REGION_SEPARATOR, Role, Settings,
};
use crate::text;
use crate::time::{self, DayOrder, Reading};

/// Where the columns of the roles are in the rows of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Layout {
    columns: [Option<usize>; Role::ALL.len()],
    /// Of the further parts of a category's path.
    subcategories: Vec<usize>,
    /// The columns of the narrower parts of a region.
    narrower_regions: Vec<usize>,
}

impl Layout {
    /// Finds the columns; those that are configured and not there come back with their names.
    pub(crate) fn find(columns: &Columns, names: &[String]) -> (Self, Vec<(Role, String)>) {
        let mut layout = Self::default();
        let mut missing = Vec::new();
        for (role, wanted) in wanted(columns) {
            let at = names.iter().position(|name| *name == wanted);
            if at.is_none() && !is_made(role, &wanted) {
                missing.push((role, wanted));
            }
            if layout.columns[role as usize].is_some() {
                layout.narrower_regions.extend(at);
            } else {
                layout.columns[role as usize] = at;
            }
        }
        for wanted in &columns.subcategories {
            match names.iter().position(|name| name == wanted) {
                Some(at) => layout.subcategories.push(at),
                None => missing.push((Role::Category, wanted.clone())),
            }
        }
        (layout, missing)
    }

    /// The trimmed cell of a role; `None` when the log has no such column.
    #[inline]
    fn cell<'r>(&self, row: &Row<'r>, role: Role) -> Option<&'r str> {
        self.columns[role as usize].map(|column| text::trimmed(row.cell(column)))
    }

    /// The cell of a role unless it says that there is no value.
    #[inline]
    pub(crate) fn value<'r>(&self, row: &Row<'r>, role: Role) -> Option<&'r str> {
        self.cell(row, role).filter(|cell| !text::is_missing(cell))
    }

    /// The category: the cells of its columns with ` > ` between them.
    pub(crate) fn category<'r>(&self, row: &Row<'r>) -> Option<Cow<'r, str>> {
        let first = self.value(row, Role::Category).map(text::fold_whitespace);
        if self.subcategories.is_empty() {
            return first;
        }
        let below = self.subcategories.iter().map(|&column| row.cell(column).trim());
        let below = below.filter(|cell| !text::is_missing(cell)).map(text::fold_whitespace);
        let parts: Vec<Cow<'r, str>> = first.into_iter().chain(below).collect();
        Some(parts.join(SHOWN).into()).filter(|path: &Cow<'r, str>| !path.is_empty())
    }

    /// The region of a row, its parts with [`REGION_SEPARATOR`] between them, written into `path`; `false` when the row
    /// has none. A part that is missing ends it.
    pub(crate) fn region(&self, row: &Row<'_>, separator: Option<&str>, path: &mut String) -> bool {
        path.clear();
        let narrower = self.narrower_regions.iter().map(|&column| row.cell(column).trim());
        let narrower = narrower.take_while(|cell| !text::is_missing(cell));
        for cell in self.value(row, Role::Region).into_iter().chain(narrower) {
            add_region_parts(cell, separator, path);
        }
        !path.is_empty()
    }

    /// The id in the cell of a role.
    #[inline]
    pub(crate) fn id<'r>(&self, row: &Row<'r>, role: Role) -> Option<&'r str> {
        self.cell(row, role).filter(|cell| !text::is_missing_id(cell)).map(text::id)
    }
}

/// Appends the parts of a region that a cell names.
pub(crate) fn add_region_parts(cell: &str, separator: Option<&str>, path: &mut String) {
    let mut add = |part: &str| {
        if !part.is_empty() {
            if !path.is_empty() {
                path.push(REGION_SEPARATOR);
            }
            path.push_str(part);
        }
    };
    match separator {
        Some(separator) => cell.split(separator).map(str::trim).for_each(add),
        None => add(cell),
    }
}

/// The columns that are configured, with their roles.
pub(crate) fn wanted(columns: &Columns) -> impl Iterator<Item = (Role, String)> + '_ {
    let of_role = |role| columns.get(role).map(|names| (role, names));
    Role::ALL.into_iter().filter_map(of_role).flat_map(|(role, names)| {
        names.split(REGION_SEPARATOR).map(move |name| (role, name.to_owned()))
    })
}

/// Whether what is configured for a role is a rule and no column.
pub(crate) fn is_made(role: Role, wanted: &str) -> bool {
    role == Role::Order && wanted == ORDER_USER_DAY
}

/// What a clean row says, apart from texts that are only counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CleanRow<'r> {
    pub(crate) item: &'r str,
    pub(crate) user: Option<&'r str>,
    pub(crate) order: Option<&'r str>,
    pub(crate) kind: EventKind,
    pub(crate) time_s: Option<i64>,
    /// The price of one piece.
    pub(crate) price: Option<Number>,
}

/// Why a row is not clean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The reason and the offending text.
    Refused(Refusal, String),
    /// The row's date reads as day/month and as month/day, and nobody has decided which it is.
    NeedsDayOrder,
}

/// How many prices and quantities make sense with only one decimal mark.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct MarkEvidence {
    n_point: u64,
    n_comma: u64,
}

impl MarkEvidence {
    #[inline]
    pub(crate) fn add(&mut self, number: Number) {
        match number.only_mark() {
            Some(DecimalMark::Point) => self.n_point += 1,
            Some(DecimalMark::Comma) => self.n_comma += 1,
            _ => {}
        }
    }

    /// The mark that more numbers need.
    pub(crate) fn mark(self) -> DecimalMark {
        if self.n_comma > self.n_point { DecimalMark::Comma } else { DecimalMark::Point }
    }
}

/// Judges rows by the settings.
pub(crate) struct Judge<'s> {
    settings: &'s Settings,
    kinds: KindReader,
    has_kinds: bool,
    /// How dates that read both ways are read, once that is decided.
    pub(crate) day_order: Option<DayOrder>,
    /// What the numbers so far say about the decimal mark.
    pub(crate) marks: MarkEvidence,
    /// The last time text with its value: the rows of an order share it.
    last_time: (String, Option<i64>),
}

impl<'s> Judge<'s> {
    pub(crate) fn new(settings: &'s Settings, columns: &Columns) -> Self {
        Self {
            settings,
            kinds: KindReader::new(&settings.kinds),
            has_kinds: columns.kind.is_some(),
            day_order: None,
            marks: MarkEvidence::default(),
            last_time: (String::new(), None),
        }
    }

    /// What the row says, or the first reason to refuse it.
    pub(crate) fn judge<'r>(
        &mut self,
        row: &Row<'r>,
        layout: &Layout,
    ) -> Result<CleanRow<'r>, Fault> {
        let refuse = |reason, text: &str| Err(Fault::Refused(reason, text.to_owned()));
        let kind = match layout.value(row, Role::Kind) {
            Some(word) => match self.kinds.read(word) {
                Some(kind) => kind,
                None => return refuse(Refusal::IgnoredKind, word),
            },
            None if self.has_kinds => return refuse(Refusal::IgnoredKind, ""),
            None => self.settings.kind_when_absent,
        };
        let Some(item) = layout.id(row, Role::Item) else {
            return refuse(Refusal::MissingItem, layout.cell(row, Role::Item).unwrap_or(""));
        };
        let order = layout.id(row, Role::Order);
        let quantity = self.number(row, layout, Role::Quantity)?;
        if let Some(order) = order
            && self.is_cancelled(order, quantity)
        {
            return refuse(Refusal::Cancellation, order);
        }
        if quantity.is_some_and(|quantity| !quantity.is_positive()) {
            let text = layout.value(row, Role::Quantity).unwrap_or("");
            return refuse(Refusal::NonPositiveQuantity, text);
        }
        let price = self.number(row, layout, Role::Price)?;
        if price.is_some_and(|price| !price.is_positive()) {
            return refuse(Refusal::NonPositivePrice, layout.value(row, Role::Price).unwrap_or(""));
        }
        let price = match (self.settings.price_per, price, quantity) {
            (PricePer::Line, Some(line), Some(quantity)) => line.per(quantity),
            _ => price,
        };
        let time_s = self.time(row, layout)?;
        let guests = &self.settings.guest_users;
        let user =
            layout.id(row, Role::User).filter(|user| guests.iter().all(|guest| guest != user));
        Ok(CleanRow { item, user, order, kind, time_s, price })
    }

    fn number(
        &mut self,
        row: &Row<'_>,
        layout: &Layout,
        role: Role,
    ) -> Result<Option<Number>, Fault> {
        let Some(cell) = layout.value(row, role) else {
            return Ok(None);
        };
        let Some(number) = Number::read(cell, self.settings.decimal_mark) else {
            return Err(Fault::Refused(Refusal::UnreadableNumber, cell.to_owned()));
        };
        self.marks.add(number);
        Ok(Some(number))
    }

    fn is_cancelled(&self, order: &str, quantity: Option<Number>) -> bool {
        let prefixes = &self.settings.cancelled_orders;
        if !prefixes.is_empty() {
            return prefixes.iter().any(|prefix| order.starts_with(prefix.as_str()));
        }
        // A shop may number its orders `C1001`: without a quantity that says so, such an order is none that was
        // cancelled.
        let digits = order.strip_prefix('C').unwrap_or("");
        !digits.is_empty()
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && quantity.is_some_and(|quantity| !quantity.is_positive())
    }

    fn time(&mut self, row: &Row<'_>, layout: &Layout) -> Result<Option<i64>, Fault> {
        let Some(cell) = layout.cell(row, Role::Time) else {
            return Ok(None);
        };
        if self.last_time.0 != cell {
            let format = &self.settings.time_format;
            let time = time::read_as(cell, format, self.day_order);
            let is_undecided = time.is_none()
                && self.day_order.is_none()
                && *format == crate::TimeFormat::Auto
                && matches!(time::read_auto(cell), Reading::Either { .. });
            if is_undecided {
                return Err(Fault::NeedsDayOrder);
            }
            self.last_time.0.clear();
            self.last_time.0.push_str(cell);
            self.last_time.1 = time;
        }
        match self.last_time.1 {
            Some(time) => Ok(Some(time)),
            None => Err(Fault::Refused(Refusal::UnreadableTime, cell.to_owned())),
        }
    }
}
