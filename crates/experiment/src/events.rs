//! What visitors of an experiment did, and what is counted of it.

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// Recommendations were shown.
    Impression,
    /// One of them was clicked.
    Click,
    /// Something was bought.
    Purchase,
}

/// One event of one experiment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// When, in seconds since 1970 (UTC). The same for all where times are not known.
    pub time_s: i64,
    /// What.
    pub kind: EventKind,
    /// The number of the variant that the visitor was in.
    pub variant: u16,
    /// The number of the visitor; `None` where visitors are not told apart, and then for all.
    pub visitor: Option<u32>,
    /// Of a purchase, what it brought in; not below 0.
    pub value: f64,
}

/// What counts as one: figures are sure to the degree that there are many of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Visitors, whose events belong together.
    Visitor,
    /// Impressions, as if each were of another visitor. The truth is less sure than that.
    Impression,
}

/// A figure of an experiment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Figure {
    /// The share of visitors who bought something.
    Buyers,
    /// The share of visitors who clicked.
    Clickers,
    /// Clicks per impression.
    ClickRate,
    /// Purchases per impression.
    PurchaseRate,
    /// Revenue per impression.
    Revenue,
}

impl Figure {
    /// Every figure.
    pub const ALL: [Figure; 5] = [
        Figure::Buyers,
        Figure::Clickers,
        Figure::ClickRate,
        Figure::PurchaseRate,
        Figure::Revenue,
    ];

    /// The name in commands and JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Figure::Buyers => "buyers",
            Figure::Clickers => "clickers",
            Figure::ClickRate => "click-rate",
            Figure::PurchaseRate => "purchase-rate",
            Figure::Revenue => "revenue",
        }
    }

    /// The figure with this name.
    pub fn from_name(name: &str) -> Option<Figure> {
        Figure::ALL.into_iter().find(|figure| figure.name() == name)
    }

    /// Whether it is a share of visitors, which must be told apart for it.
    pub const fn is_of_visitors(self) -> bool {
        matches!(self, Figure::Buyers | Figure::Clickers)
    }

    /// Position in [`Figure::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// What one unit did.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Deeds {
    pub(crate) impressions: f64,
    pub(crate) clicks: f64,
    pub(crate) purchases: f64,
    pub(crate) revenue: f64,
}

impl Deeds {
    pub(crate) fn add(&mut self, event: &Event) {
        match event.kind {
            EventKind::Impression => self.impressions += 1.0,
            EventKind::Click => self.clicks += 1.0,
            EventKind::Purchase => {
                self.purchases += 1.0;
                self.revenue += event.value;
            }
        }
    }

    /// What a figure divides by, and what it counts.
    pub(crate) fn of(&self, figure: Figure) -> (f64, f64) {
        let any = |count: f64| if count > 0.0 { 1.0 } else { 0.0 };
        match figure {
            Figure::Buyers => (1.0, any(self.purchases)),
            Figure::Clickers => (1.0, any(self.clicks)),
            Figure::ClickRate => (self.impressions, self.clicks),
            Figure::PurchaseRate => (self.impressions, self.purchases),
            Figure::Revenue => (self.impressions, self.revenue),
        }
    }
}
