//! Identity: what the shop calls a thing, and the dense row that stands for it inside one model.
//!
//! The shop's own id of an item is an opaque string. Everything that is computed uses a row:
//! a `u32` that means something only together with the model or log it came from.

macro_rules! row {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// The row as a subscript. Cannot fail: every supported target has at least 32-bit addresses.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    };
}

row! {
    /// Dense row of an item in one model. Rows of related items are near each other; nothing else follows from a row.
    ItemIdx
}
row! {
    /// Dense row of a known user (a customer or account) in one log. Never reaches a bundle.
    UserIdx
}
row! {
    /// Dense row of an order or session in one log: the items of one basket or visit. Never reaches a bundle.
    OrderIdx
}
row! {
    /// Dense row of a category name.
    CategoryIdx
}
row! {
    /// Dense row of a region name (a country, an area, a city: whatever the shop's log calls a place).
    RegionIdx
}
row! {
    /// Number of an attribute in one model; 0 is always the category.
    AttributeIdx
}

impl AttributeIdx {
    /// The category, whose values are the rows of [`CategoryIdx`].
    pub const CATEGORY: AttributeIdx = AttributeIdx(0);
}

/// Dense row of a segment name (private and trade customers, phones and desktops: whatever the shop tells apart).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SegmentIdx(pub u8);

impl SegmentIdx {
    /// The row as a subscript.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}
