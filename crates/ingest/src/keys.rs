//! Texts as keys of twelve bytes, and keys as dense numbers: one look into memory for each row, and no text compared.

use std::hash::BuildHasher;

use hashbrown::hash_table::Entry;
use hashbrown::{DefaultHashBuilder, HashTable};
use twox_hash::XxHash3_128;

use crate::error::IngestError;

/// The longest text that is its own key.
const MAX_WHOLE: usize = 11;
/// The last byte of the keys of longer texts; that of others is their length.
const HASHED: u32 = 0xff << 24;

/// Stands for a text: its bytes and its length, or 88 bits of a hash where it is longer than eleven bytes. Of a hundred
/// million long texts two have the same key with a probability of 2e-11.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Key([u32; 3]);

impl Key {
    #[inline]
    pub(crate) fn of(text: &str) -> Key {
        let bytes = text.as_bytes();
        let n_bytes = bytes.len();
        let byte = |at: usize| u64::from(bytes[at]);
        let four = |at: usize| (0..4).fold(0, |word, of| word | byte(at + of) << (8 * of));
        // Whole words, of which two may overlap: a copy of so few bytes takes longer.
        let (head, tail) = match n_bytes {
            0 => (0, 0),
            1..=3 => (byte(0) | byte(n_bytes / 2) << 8 | byte(n_bytes - 1) << 16, 0),
            4..=7 => (four(0) | four(n_bytes - 4) << 32, 0),
            8..=MAX_WHOLE => (four(0) | four(4) << 32, four(n_bytes - 4) >> (8 * (12 - n_bytes))),
            _ => {
                let Key([a, b, c]) = Key::of_hash(XxHash3_128::oneshot(bytes));
                return Key([a, b, c | HASHED]);
            }
        };
        Key::of_words(head, tail | (n_bytes as u64) << 24)
    }

    #[expect(clippy::cast_possible_truncation, reason = "words are cut into halves")]
    fn of_words(head: u64, tail: u64) -> Key {
        Key([head as u32, (head >> 32) as u32, tail as u32])
    }

    /// A hash is its own key.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "a part of a hash is a hash")]
    pub(crate) fn of_hash(hash: u128) -> Key {
        Key::of_words(hash as u64, (hash >> 64) as u64)
    }

    #[inline]
    fn hash(self, hasher: &DefaultHashBuilder) -> u64 {
        let [a, b, c] = self.0.map(u64::from);
        hasher.hash_one((a | b << 32, c))
    }
}

/// Tables that grow one after the other, so that a set never needs twice its memory at once.
const N_SHARDS: usize = 16;

/// A hash table of small entries that contain a key.
#[derive(Debug)]
struct Table<T> {
    shards: [HashTable<T>; N_SHARDS],
    hasher: DefaultHashBuilder,
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self {
            shards: [const { HashTable::new() }; N_SHARDS],
            hasher: DefaultHashBuilder::default(),
        }
    }
}

impl<T: Copy> Table<T> {
    /// The shard of a hash, by bits of it that a shard itself does not use.
    #[inline]
    fn shard(hash: u64) -> usize {
        (hash >> 48) as usize % N_SHARDS
    }

    #[inline]
    fn find(&self, key: Key, key_of: impl Fn(&T) -> Key) -> Option<T> {
        let hash = key.hash(&self.hasher);
        self.shards[Self::shard(hash)].find(hash, |entry| key_of(entry) == key).copied()
    }

    #[inline]
    fn entry(&mut self, key: Key, key_of: impl Fn(&T) -> Key) -> Entry<'_, T> {
        let Self { shards, hasher } = self;
        let hash = key.hash(hasher);
        let is_key = |entry: &T| key_of(entry) == key;
        shards[Self::shard(hash)].entry(hash, is_key, |entry| key_of(entry).hash(hasher))
    }

    fn bytes(&self) -> u64 {
        self.shards.iter().map(|shard| shard.allocation_size() as u64).sum()
    }
}

/// A set of keys.
#[derive(Debug, Default)]
pub(crate) struct KeySet {
    table: Table<Key>,
}

impl KeySet {
    pub(crate) fn contains(&self, key: Key) -> bool {
        self.table.find(key, |&key| key).is_some()
    }

    /// Whether the key is new; it is then added.
    pub(crate) fn insert(&mut self, key: Key) -> bool {
        match self.table.entry(key, |&key| key) {
            Entry::Occupied(_) => false,
            Entry::Vacant(slot) => {
                slot.insert(key);
                true
            }
        }
    }

    /// Bytes in use.
    pub(crate) fn bytes(&self) -> u64 {
        self.table.bytes()
    }
}

/// Keys, numbered from 0 in the order in which they came.
#[derive(Debug, Default)]
pub(crate) struct Numbers {
    table: Table<(Key, u32)>,
    n_keys: u32,
}

impl Numbers {
    /// The number of a key, which is added when it is new.
    ///
    /// # Errors
    /// More distinct keys than a `u32` counts; `what` names them.
    #[inline]
    pub(crate) fn number(&mut self, key: Key, what: &'static str) -> Result<u32, IngestError> {
        match self.table.entry(key, |entry| entry.0) {
            Entry::Occupied(found) => Ok(found.get().1),
            Entry::Vacant(_) if self.n_keys == u32::MAX => {
                Err(IngestError::TooMany { what, limit: u64::from(u32::MAX) })
            }
            Entry::Vacant(slot) => {
                let number = self.n_keys;
                slot.insert((key, number));
                self.n_keys += 1;
                Ok(number)
            }
        }
    }

    /// The number of a key if it was added.
    pub(crate) fn find(&self, key: Key) -> Option<u32> {
        self.table.find(key, |entry| entry.0).map(|entry| entry.1)
    }

    /// Bytes in use.
    pub(crate) fn bytes(&self) -> u64 {
        self.table.bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_every_length_have_keys_of_their_own() {
        let long = "abcdefghijklmnopqrstuvwxyz";
        let mut numbers = Numbers::default();
        let texts = (0..=long.len()).map(|end| long[..end].to_owned());
        let texts: Vec<String> = texts.chain(["a\0".into(), "\0".into(), "\0\0".into()]).collect();
        for _ in 0..2 {
            for (text, expected) in texts.iter().zip(0..) {
                assert_eq!(numbers.number(Key::of(text), "texts").unwrap(), expected, "{text:?}");
            }
        }
        assert_eq!(numbers.find(Key::of("abd")), None);
        assert!(numbers.bytes() >= 16 * texts.len() as u64);
    }

    #[test]
    fn a_set_tells_what_is_new() {
        let mut set = KeySet::default();
        for number in 0..10_000_u32 {
            let key = Key::of(&number.to_string());
            assert!(!set.contains(key) && set.insert(key) && !set.insert(key) && set.contains(key));
        }
        assert!(set.bytes() > 120_000);
    }
}
