//! What a caller decides about reading: which column means what, and by which rules a row is clean.

use std::collections::BTreeMap;
use std::path::PathBuf;

use edgewise_core::interactions::EventKind;

/// The value of [`Columns::order`] that makes an order of all that one user did on one day (UTC).
pub const ORDER_USER_DAY: &str = "user+day";

/// Stands between the parts of a region: country, area, city. Between the names of several columns of
/// [`Columns::region`], too.
pub const REGION_SEPARATOR: char = '\u{1f}';

/// Where the log is and how its text is cut into cells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sources {
    /// Files, folders (read recursively) or globs.
    pub paths: Vec<PathBuf>,
    /// The byte between two cells of a CSV file; `None` recognises `,` `;` `|` and the tab.
    pub delimiter: Option<u8>,
    /// Whether `"` encloses cells of a CSV file. With `Quotes::Plain` it is a character like others.
    pub quotes: Quotes,
}

impl Sources {
    /// The given paths, the delimiter recognised, quotes enclosing cells.
    pub fn new(paths: impl IntoIterator<Item = impl Into<PathBuf>>) -> Self {
        Self {
            paths: paths.into_iter().map(Into::into).collect(),
            delimiter: None,
            quotes: Quotes::Enclose,
        }
    }
}

/// What `"` means in a CSV file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quotes {
    /// A cell may be enclosed in quotes and then hold delimiters and line ends; `""` inside is one quote.
    Enclose,
    /// A character without meaning, as in tab-separated exports that write inches as `12"`.
    Plain,
}

/// What a column can mean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The shop's id of the item. The only role that must have a column.
    Item,
    /// The known user.
    User,
    /// The order, basket or session.
    Order,
    /// When it happened.
    Time,
    /// What happened: view, cart or purchase.
    Kind,
    /// How many pieces.
    Quantity,
    /// What it cost.
    Price,
    /// Where it happened.
    Region,
    /// Among whom it happened: private or trade customers, phones or desktops. Never guessed.
    Segment,
    /// Display title of the item.
    Title,
    /// Category of the item.
    Category,
    /// Page of the item.
    Url,
    /// Picture of the item.
    Image,
    /// Brand or maker of the item.
    Brand,
    /// What the item is a variant of.
    Product,
}

impl Role {
    /// Every role, in the order in which columns are given out.
    pub const ALL: [Self; 15] = [
        Self::Item,
        Self::User,
        Self::Order,
        Self::Time,
        Self::Kind,
        Self::Quantity,
        Self::Price,
        Self::Region,
        Self::Segment,
        Self::Title,
        Self::Category,
        Self::Url,
        Self::Image,
        Self::Brand,
        Self::Product,
    ];

    /// The key under which a configuration names the column.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Item => "item",
            Self::User => "user",
            Self::Order => "order",
            Self::Time => "time",
            Self::Kind => "kind",
            Self::Quantity => "quantity",
            Self::Price => "price",
            Self::Region => "region",
            Self::Segment => "segment",
            Self::Title => "title",
            Self::Category => "category",
            Self::Url => "url",
            Self::Image => "image",
            Self::Brand => "brand",
            Self::Product => "product",
        }
    }
}

/// The name of the column for each role; `None` where the log has none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    /// See [`Role::Item`].
    pub item: Option<String>,
    /// See [`Role::User`].
    pub user: Option<String>,
    /// See [`Role::Order`]; [`ORDER_USER_DAY`] makes orders where the log has none.
    pub order: Option<String>,
    /// See [`Role::Time`].
    pub time: Option<String>,
    /// See [`Role::Kind`].
    pub kind: Option<String>,
    /// See [`Role::Quantity`].
    pub quantity: Option<String>,
    /// See [`Role::Price`].
    pub price: Option<String>,
    /// See [`Role::Region`]. Several columns, from the widest to the narrowest, have [`REGION_SEPARATOR`] between them.
    pub region: Option<String>,
    /// See [`Role::Segment`].
    pub segment: Option<String>,
    /// See [`Role::Title`].
    pub title: Option<String>,
    /// See [`Role::Category`].
    pub category: Option<String>,
    /// See [`Role::Url`].
    pub url: Option<String>,
    /// See [`Role::Image`].
    pub image: Option<String>,
    /// See [`Role::Brand`].
    pub brand: Option<String>,
    /// See [`Role::Product`].
    pub product: Option<String>,
    /// Columns with the further parts of a category's path, from the second on.
    pub subcategories: Vec<String>,
}

impl Columns {
    /// The column of `role`.
    pub fn get(&self, role: Role) -> Option<&str> {
        let slot = match role {
            Role::Item => &self.item,
            Role::User => &self.user,
            Role::Order => &self.order,
            Role::Time => &self.time,
            Role::Kind => &self.kind,
            Role::Quantity => &self.quantity,
            Role::Price => &self.price,
            Role::Region => &self.region,
            Role::Segment => &self.segment,
            Role::Title => &self.title,
            Role::Category => &self.category,
            Role::Url => &self.url,
            Role::Image => &self.image,
            Role::Brand => &self.brand,
            Role::Product => &self.product,
        };
        slot.as_deref()
    }

    /// The place of the column of `role`, to be filled.
    pub fn slot(&mut self, role: Role) -> &mut Option<String> {
        match role {
            Role::Item => &mut self.item,
            Role::User => &mut self.user,
            Role::Order => &mut self.order,
            Role::Time => &mut self.time,
            Role::Kind => &mut self.kind,
            Role::Quantity => &mut self.quantity,
            Role::Price => &mut self.price,
            Role::Region => &mut self.region,
            Role::Segment => &mut self.segment,
            Role::Title => &mut self.title,
            Role::Category => &mut self.category,
            Role::Url => &mut self.url,
            Role::Image => &mut self.image,
            Role::Brand => &mut self.brand,
            Role::Product => &mut self.product,
        }
    }
}

/// How the text of the time column is read. Times without an offset are read as UTC.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TimeFormat {
    /// ISO 8601 and its relatives, `d/m/Y` or `m/d/Y` (whichever fits the log), and epoch numbers whose
    /// unit follows from their size.
    #[default]
    Auto,
    /// As `Auto`, and `1/2/2011` is the first of February.
    DayFirst,
    /// As `Auto`, and `1/2/2011` is the second of January.
    MonthFirst,
    /// Seconds since 1970.
    EpochSeconds,
    /// Milliseconds since 1970.
    EpochMillis,
    /// Microseconds since 1970.
    EpochMicros,
    /// A `strftime` pattern such as `%d.%m.%Y %H:%M`.
    Pattern(String),
}

impl TimeFormat {
    /// The word or pattern under which a configuration names the format.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Auto => "auto",
            Self::DayFirst => "day-first",
            Self::MonthFirst => "month-first",
            Self::EpochSeconds => "epoch-s",
            Self::EpochMillis => "epoch-ms",
            Self::EpochMicros => "epoch-us",
            Self::Pattern(pattern) => pattern,
        }
    }

    /// The format named by `text`; a text with a `%` is a pattern. `None` for other words.
    pub fn from_name(text: &str) -> Option<Self> {
        [
            Self::Auto,
            Self::DayFirst,
            Self::MonthFirst,
            Self::EpochSeconds,
            Self::EpochMillis,
            Self::EpochMicros,
        ]
        .into_iter()
        .find(|format| format.as_str() == text)
        .or_else(|| text.contains('%').then(|| Self::Pattern(text.to_owned())))
    }
}

/// Which character stands before the decimals of a number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DecimalMark {
    /// A comma when more prices of the log can be read only so than only with a point.
    #[default]
    Auto,
    /// `1,234.50`.
    Point,
    /// `1.234,50`.
    Comma,
}

impl DecimalMark {
    /// The word under which a configuration names it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Point => ".",
            Self::Comma => ",",
        }
    }

    /// What the word `text` names.
    pub fn from_name(text: &str) -> Option<Self> {
        [Self::Auto, Self::Point, Self::Comma].into_iter().find(|it| it.as_str() == text)
    }
}

/// What the price column is the price of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PricePer {
    /// One piece.
    #[default]
    Unit,
    /// The whole row: the price of one piece is found by dividing by the quantity.
    Line,
}

impl PricePer {
    /// The word under which a configuration names it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Line => "line",
        }
    }

    /// What the word `text` names.
    pub fn from_name(text: &str) -> Option<Self> {
        [Self::Unit, Self::Line].into_iter().find(|it| it.as_str() == text)
    }
}

/// Whether letter case tells two item ids apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ItemCase {
    /// `85123a` and `85123A` are two items.
    #[default]
    Keep,
    /// Ids are upper-cased, so they are one item, `85123A`.
    Upper,
}

impl ItemCase {
    /// The word under which a configuration names it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Upper => "upper",
        }
    }

    /// What the word `text` names.
    pub fn from_name(text: &str) -> Option<Self> {
        [Self::Keep, Self::Upper].into_iter().find(|it| it.as_str() == text)
    }
}

/// Which ids are no items but postage, fees, adjustments and the like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum NotItems {
    /// Where at least [`crate::not_items::DIGIT_SHARE`] of the rows have an id with a digit: the ids without any
    /// digit and [`crate::not_items::KNOWN`]. Where ids are words: none.
    #[default]
    Auto,
    /// The ids that match one of these globs, letter case ignored. An empty list keeps every id.
    Globs(Vec<String>),
}

/// What is done with a row that equals an earlier one in every column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Duplicates {
    /// It is refused: exports that overlap are read once.
    #[default]
    Refuse,
    /// It is kept: the log is so coarse that two equal rows may be two events.
    Keep,
}

impl Duplicates {
    /// The word under which a configuration names it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Refuse => "refuse",
            Self::Keep => "keep",
        }
    }

    /// What the word `text` names.
    pub fn from_name(text: &str) -> Option<Self> {
        [Self::Refuse, Self::Keep].into_iter().find(|it| it.as_str() == text)
    }
}

/// The meaning of a value of the kind column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KindRule {
    /// The row is an event of this kind.
    Event(EventKind),
    /// The row is left out, and counted.
    Ignore,
}

/// By which rules a row is read and refused.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// How times are read.
    pub time_format: TimeFormat,
    /// How numbers are read.
    pub decimal_mark: DecimalMark,
    /// What the price is the price of.
    pub price_per: PricePer,
    /// Whether letter case tells item ids apart.
    pub item_case: ItemCase,
    /// The kind of every event when the log has no kind column.
    pub kind_when_absent: EventKind,
    /// Meanings of values of the kind column, letter case and punctuation ignored; they come before the known words.
    pub kinds: BTreeMap<String, KindRule>,
    /// Rows whose order id starts with one of these are cancellations, whatever their quantity. Without any, an order
    /// id of `C` and digits is one when its quantity is not positive.
    pub cancelled_orders: Vec<String>,
    /// User ids that stand for guests, such as `0`: their rows are kept as rows of nobody known.
    pub guest_users: Vec<String>,
    /// Which ids are no items.
    pub not_items: NotItems,
    /// What is done with exact duplicates.
    pub duplicates: Duplicates,
    /// The largest share of rows that may be refused for a fault. `0.0`: one faulty row fails the reading. `1.0`: any
    /// share is accepted as long as a row is left. Range `0.0..=1.0`; [`crate::read`] refuses anything else.
    pub max_refused_share: f64,
    /// What stands between the parts of a path in a category, a region or another text. Empty: only ` > ` does, which
    /// always separates.
    pub category_separator: String,
    /// What stands between the parts of a region in one cell, from the widest to the narrowest, as in `UK/Leeds`; `None`
    /// takes a cell as a whole.
    pub region_separator: Option<String>,
    /// Whether an item is available only in the regions in which it occurs in the log.
    pub regions: Availability,
    /// Whether rows of items that the catalogue file lacks are kept.
    pub strangers: Strangers,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            time_format: TimeFormat::Auto,
            decimal_mark: DecimalMark::Auto,
            price_per: PricePer::Unit,
            item_case: ItemCase::Keep,
            kind_when_absent: EventKind::Purchase,
            kinds: BTreeMap::new(),
            cancelled_orders: Vec::new(),
            guest_users: Vec::new(),
            not_items: NotItems::Auto,
            duplicates: Duplicates::Refuse,
            max_refused_share: 0.5,
            category_separator: ">".to_owned(),
            region_separator: None,
            regions: Availability::Everywhere,
            strangers: Strangers::Keep,
        }
    }
}

/// Where an item may be shown when no catalogue file says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Availability {
    /// Everywhere.
    #[default]
    Everywhere,
    /// In the regions in which the log has a row of it.
    WhereSeen,
}

/// What is done with items of the log that the catalogue file lacks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strangers {
    /// They are kept as the log describes them, and counted.
    #[default]
    Keep,
    /// Their rows are refused, and counted.
    Refuse,
}

/// The name of the column for each field of a catalogue file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CatalogColumns {
    /// The shop's id of the item; needed.
    pub id: Option<String>,
    /// Display title.
    pub title: Option<String>,
    /// Price of one piece.
    pub price: Option<String>,
    /// Page of the item.
    pub url: Option<String>,
    /// Picture of the item.
    pub image: Option<String>,
    /// Category.
    pub category: Option<String>,
    /// Regions where the item may be shown, separated by `|`.
    pub availability: Option<String>,
    /// Brand or maker.
    pub brand: Option<String>,
    /// What the item is a variant of.
    pub product: Option<String>,
    /// Columns with the further parts of a category's path, from the second on.
    pub subcategories: Vec<String>,
    /// Columns that become attributes under their own names: of numbers when all of their values are, else of texts with
    /// `|` between several. `price` is the price of the item.
    pub attributes: Vec<String>,
}

/// A catalogue file beside the log. What it says of an item comes before what the log says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogSource {
    /// The files.
    pub sources: Sources,
    /// Their columns; guessed when `id` is `None`.
    pub columns: CatalogColumns,
}
