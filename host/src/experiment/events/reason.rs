//! Why a row is no event of an experiment.

/// Why a row is no event of the experiment, and the reasons' order in reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    WrongCellCount,
    UnknownEvent,
    NoVariant,
    UnknownVariant,
    NoVisitor,
    UnreadableTime,
    UnreadableValue,
}

impl Reason {
    /// The name that reports use. It never changes.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Reason::WrongCellCount => "wrong_cell_count",
            Reason::UnknownEvent => "unknown_event",
            Reason::NoVariant => "no_variant",
            Reason::UnknownVariant => "unknown_variant",
            Reason::NoVisitor => "no_visitor",
            Reason::UnreadableTime => "unreadable_time",
            Reason::UnreadableValue => "unreadable_value",
        }
    }

    /// The reason in words.
    pub(super) const fn text(self) -> &'static str {
        match self {
            Reason::WrongCellCount => "more or fewer cells than the header",
            Reason::UnknownEvent => "an event that is no impression, click or purchase",
            Reason::NoVariant => "no variant: outside the experiment",
            Reason::UnknownVariant => "a variant that the bundle's experiment has not",
            Reason::NoVisitor => "no visitor, where others have one",
            Reason::UnreadableTime => "no readable time",
            Reason::UnreadableValue => "a value that is no number",
        }
    }
}
