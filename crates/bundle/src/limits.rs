//! Every limit of the format, checked before anything is believed. Stated in `docs/format.md`.

/// Longest bundle, in bytes: 1 GiB.
pub const MAX_BUNDLE_BYTES: u32 = 1 << 30;
/// Most sections of a bundle.
pub const MAX_SECTIONS: u32 = 64;
/// Most items.
pub const MAX_ITEMS: u32 = 10_000_000;
/// Most categories; 65,535 stands for "none".
pub const MAX_CATEGORIES: u32 = 65_534;
/// Most regions.
pub const MAX_REGIONS: u32 = 4_096;
/// Most segments.
pub const MAX_SEGMENTS: u32 = 255;
/// Most distinct sets of regions in which items are available; 65,535 stands for "everywhere".
pub const MAX_AVAILABILITY_SETS: u32 = 65_534;
/// Longest item id, in bytes of UTF-8; at least 1.
pub const MAX_ID_BYTES: u32 = 128;
/// Longest category or region name, in bytes of UTF-8; at least 1.
pub const MAX_NAME_BYTES: u32 = 256;
/// Longest title, in bytes of UTF-8.
pub const MAX_TITLE_BYTES: u32 = 512;
/// Longest price text, in bytes of UTF-8.
pub const MAX_PRICE_BYTES: u32 = 32;
/// Longest page or picture address, in bytes of UTF-8.
pub const MAX_URL_BYTES: u32 = 2_048;
/// Longest currency code, in bytes of ASCII.
pub const MAX_CURRENCY_BYTES: u32 = 4;
/// Most entries of one list of related items.
pub const MAX_LIST_ENTRIES: u32 = 1_024;
/// Most rules whose highest antecedent is one item.
pub const MAX_RULES_PER_ITEM: u32 = 8_192;
/// Longest scoring table, in bytes.
pub const MAX_SCORING_BYTES: u32 = 16_384;
/// Longest experiments, in bytes.
pub const MAX_EXPERIMENTS_BYTES: u32 = 65_536;
/// Longest provenance, in bytes.
pub const MAX_PROVENANCE_BYTES: u32 = 65_536;
/// Longest name of a time zone, in bytes of UTF-8.
pub const MAX_ZONE_BYTES: u32 = 64;
/// Most changes of a time zone's distance from UTC.
pub const MAX_TRANSITIONS: u32 = 1_024;
/// Most attributes of items, besides the category.
pub const MAX_ATTRIBUTES: u32 = edgewise_core::interactions::MAX_ATTRIBUTES;
/// Most values of one attribute of texts or numbers.
pub const MAX_ATTRIBUTE_VALUES: u32 = edgewise_core::interactions::MAX_ATTRIBUTE_VALUES;
/// Most distinct sets of values that items have of one attribute.
pub const MAX_VALUE_SETS: u32 = 1_000_000;
/// Most values of one attribute that one item has, at least 1.
pub const MAX_VALUES_PER_ITEM: u32 = 256;
/// Most decimals of an attribute of numbers.
pub const MAX_DECIMALS: u32 = 9;
/// Most past sessions of the section `sessions`.
pub const MAX_SESSIONS: u32 = 50_000_000;
/// Most past sessions that one item leads to.
pub const MAX_SESSIONS_PER_ITEM: u32 = 5_000;
/// Most items of one past session, at least 2.
pub const MAX_SESSION_ITEMS: u32 = 1_024;
/// Most places of a visit that have a weight of their own.
pub const MAX_SESSION_PLACES: u32 = 100;
/// Most distances within a session that have a weight of their own.
pub const MAX_SESSION_DISTANCES: u32 = 100;
/// Most words of all rules together.
pub const MAX_POLICY_WORDS: u32 = 65_536;
