//! The header and the directory of sections, and the digest over everything.

use alloc::boxed::Box;
#[cfg(feature = "write")]
use alloc::vec::Vec;

use edgewise_core::Relation;

use crate::cursor::Cursor;
use crate::error::FormatError;
use crate::limits::{MAX_BUNDLE_BYTES, MAX_SECTIONS};

/// The first bytes of every bundle.
pub const MAGIC: [u8; 8] = *b"EDGEWISE";
/// The version that this crate reads and writes.
pub const VERSION: u32 = 1;
/// Length of the header, in bytes.
pub const HEADER_BYTES: usize = 64;
/// Length of a directory entry, in bytes.
pub const ENTRY_BYTES: usize = 16;
/// Sections start at a multiple of this many bytes.
pub const ALIGNMENT: usize = 8;
/// Where the digest stands in the header. It covers all bytes but its own.
pub const DIGEST_AT: usize = 32;
/// Flag of a directory entry: a reader that does not know the kind may skip the section.
pub const FLAG_IGNORABLE: u32 = 1;
/// Flag of the header: the bundle holds what is about people, and must not be given to visitors.
pub const FLAG_PRIVATE: u32 = 1;
/// Where the flags stand in the header.
const FLAGS_AT: usize = 20;

/// What a section holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SectionKind {
    /// Item ids.
    Items = 1,
    /// How lists are combined.
    Scoring = 2,
    /// Related items: the same people take both.
    Similar = 3,
    /// Related items: the same basket holds both.
    Together = 4,
    /// Popularity rankings.
    Popular = 5,
    /// Categories, regions and availability.
    Attributes = 6,
    /// What a page shows of an item.
    Cards = 7,
    /// How the bundle was made.
    Provenance = 8,
    /// Related items: what comes next in a visit.
    Next = 9,
    /// Related items: their descriptions share words.
    Content = 10,
    /// What sets of items lead to.
    Rules = 11,
    /// Past sessions, which are about people.
    Sessions = 12,
    /// How likely an item is taken again.
    Rebuy = 13,
    /// What else is told of items: brand, colour, stock, product.
    Facets = 14,
    /// Experiments on how lists are combined.
    Experiments = 15,
    /// Rankings of what trends.
    Trending = 16,
    /// When items are wanted more or less than usual.
    Seasons = 17,
    /// The shop's rules.
    Policy = 18,
}

impl SectionKind {
    /// Every kind, ascending.
    pub const ALL: [SectionKind; 18] = [
        SectionKind::Items,
        SectionKind::Scoring,
        SectionKind::Similar,
        SectionKind::Together,
        SectionKind::Popular,
        SectionKind::Attributes,
        SectionKind::Cards,
        SectionKind::Provenance,
        SectionKind::Next,
        SectionKind::Content,
        SectionKind::Rules,
        SectionKind::Sessions,
        SectionKind::Rebuy,
        SectionKind::Facets,
        SectionKind::Experiments,
        SectionKind::Trending,
        SectionKind::Seasons,
        SectionKind::Policy,
    ];

    /// The section of a relation's lists.
    pub(crate) const fn of_lists(relation: Relation) -> Option<SectionKind> {
        match relation {
            Relation::Similar => Some(SectionKind::Similar),
            Relation::Together => Some(SectionKind::Together),
            Relation::Next => Some(SectionKind::Next),
            Relation::Content => Some(SectionKind::Content),
            Relation::Again | Relation::Sessions | Relation::Rules | Relation::Popular => None,
        }
    }

    /// The number in the directory.
    pub const fn number(self) -> u32 {
        self as u32
    }

    /// The name in documents and messages.
    pub const fn name(self) -> &'static str {
        match self {
            SectionKind::Items => "items",
            SectionKind::Scoring => "scoring",
            SectionKind::Similar => "similar",
            SectionKind::Together => "together",
            SectionKind::Popular => "popular",
            SectionKind::Attributes => "attributes",
            SectionKind::Cards => "cards",
            SectionKind::Provenance => "provenance",
            SectionKind::Next => "next",
            SectionKind::Content => "content",
            SectionKind::Rules => "rules",
            SectionKind::Sessions => "sessions",
            SectionKind::Rebuy => "rebuy",
            SectionKind::Facets => "facets",
            SectionKind::Experiments => "experiments",
            SectionKind::Trending => "trending",
            SectionKind::Seasons => "seasons",
            SectionKind::Policy => "policy",
        }
    }

    /// Whether a bundle may lack the section.
    pub const fn is_optional(self) -> bool {
        !matches!(
            self,
            SectionKind::Items
                | SectionKind::Scoring
                | SectionKind::Popular
                | SectionKind::Attributes
        )
    }

    /// The flags that the section's entry carries.
    pub const fn flags(self) -> u32 {
        match self {
            SectionKind::Provenance => FLAG_IGNORABLE,
            _ => 0,
        }
    }

    /// Whether the section is about people, so that its bundle must say that it is private.
    pub const fn is_private(self) -> bool {
        matches!(self, SectionKind::Sessions)
    }

    fn from_number(number: u32) -> Option<SectionKind> {
        SectionKind::ALL.into_iter().find(|kind| kind.number() == number)
    }
}

/// One entry of the directory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Section {
    /// The number of its kind; kinds unknown to this reader occur when they are ignorable.
    pub number: u32,
    /// Where it starts, in bytes from the bundle's start.
    pub offset_bytes: u32,
    /// Its length in bytes, without padding.
    pub len_bytes: u32,
}

/// The directory of a bundle, checked: sections ascend by number, lie one behind the other with zero padding, and
/// fill the file.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Directory<'a> {
    bytes: &'a [u8],
    n_sections: u32,
    flags: u32,
}

impl<'a> Directory<'a> {
    /// Reads header and directory, and checks both, and the digest.
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Directory<'a>, FormatError> {
        let mut cursor = Cursor::new(bytes, 0);
        let directory = Directory::read_header(&mut cursor, bytes)?;
        directory.check(cursor)?;
        directory.check_digest()?;
        Ok(directory)
    }

    /// Reads the header of bytes that [`Directory::open`] has accepted before.
    pub(crate) fn open_trusted(bytes: &'a [u8]) -> Result<Directory<'a>, FormatError> {
        Directory::read_header(&mut Cursor::new(bytes, 0), bytes)
    }

    fn read_header(cursor: &mut Cursor<'a>, bytes: &'a [u8]) -> Result<Directory<'a>, FormatError> {
        let magic = cursor.array("magic")?;
        if magic != MAGIC {
            return Err(FormatError::BadMagic { found: magic });
        }
        let version = cursor.u32("version")?;
        if version != VERSION {
            return Err(FormatError::UnsupportedVersion { found: version });
        }
        let len_at = cursor.offset();
        let total_len = cursor.count("total_len", MAX_BUNDLE_BYTES)?;
        if (total_len as usize) > bytes.len() {
            return Err(FormatError::TooShort {
                field: "bundle",
                at: 0,
                needed: total_len as usize,
                found: bytes.len(),
            });
        }
        if (total_len as usize) < bytes.len() {
            let expected = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
            return Err(FormatError::Mismatch {
                field: "total_len",
                at: len_at,
                found: total_len,
                expected,
            });
        }
        let n_sections = cursor.count("n_sections", MAX_SECTIONS)?;
        let flags = cursor.count("flags", FLAG_PRIVATE)?;
        cursor.exactly("reserved", 0)?;
        cursor.exactly("reserved", 0)?;
        cursor.bytes("digest", 32)?;
        Ok(Directory { bytes, n_sections, flags })
    }

    fn check(&self, mut cursor: Cursor<'a>) -> Result<(), FormatError> {
        let mut last = 0;
        let mut end = HEADER_BYTES + self.n_sections as usize * ENTRY_BYTES;
        for _ in 0..self.n_sections {
            let at = cursor.offset();
            let number = cursor.u32("section kind")?;
            let flags = cursor.u32("section flags")?;
            if number <= last {
                return Err(FormatError::BadOrder { field: "section kind", at });
            }
            last = number;
            match SectionKind::from_number(number).map(SectionKind::flags) {
                None if flags != FLAG_IGNORABLE => {
                    return Err(FormatError::UnknownSection { kind: number, at });
                }
                Some(expected) if flags != expected => {
                    let at = at + 4;
                    return Err(FormatError::Mismatch {
                        field: "section flags",
                        at,
                        found: flags,
                        expected,
                    });
                }
                _ => {}
            }
            let offset = end.next_multiple_of(ALIGNMENT);
            self.check_padding(end, offset)?;
            cursor.exactly("section offset", u32::try_from(offset).unwrap_or(u32::MAX))?;
            end = offset.saturating_add(cursor.count("section length", MAX_BUNDLE_BYTES)? as usize);
            if end > self.bytes.len() {
                let (needed, found) = (end, self.bytes.len());
                return Err(FormatError::TooShort { field: "section", at: offset, needed, found });
            }
        }
        if end != self.bytes.len() {
            let [found, expected] =
                [self.bytes.len(), end].map(|n| u32::try_from(n).unwrap_or(u32::MAX));
            return Err(FormatError::Mismatch { field: "total_len", at: 12, found, expected });
        }
        let required = SectionKind::ALL.into_iter().filter(|kind| !kind.is_optional());
        for kind in required {
            if self.find(kind).is_none() {
                return Err(FormatError::MissingSection { section: kind.name() });
            }
        }
        let held = SectionKind::ALL.into_iter().filter(|kind| self.find(*kind).is_some());
        let (found, expected) = (self.flags, bundle_flags(held));
        if found != expected {
            return Err(FormatError::Mismatch { field: "flags", at: FLAGS_AT, found, expected });
        }
        Ok(())
    }

    /// Whether the bundle is marked as private.
    pub(crate) fn is_private(&self) -> bool {
        self.flags & FLAG_PRIVATE != 0
    }

    fn check_padding(&self, from: usize, to: usize) -> Result<(), FormatError> {
        let mut cursor = Cursor::new(self.bytes.get(from..).unwrap_or(&[]), from);
        cursor.padding(ALIGNMENT)?;
        debug_assert_eq!(cursor.offset(), to);
        Ok(())
    }

    /// The digest that the header states.
    pub(crate) fn digest(&self) -> [u8; 32] {
        // Cannot fail: `open` read the header.
        self.bytes.get(DIGEST_AT..).and_then(|rest| rest.first_chunk().copied()).unwrap_or_default()
    }

    /// Compares the header's digest with that of the bytes.
    fn check_digest(&self) -> Result<(), FormatError> {
        let (found, expected) = (digest(self.bytes), self.digest());
        if found == expected {
            return Ok(());
        }
        let (found, expected) = (Box::new(found), Box::new(expected));
        Err(FormatError::DigestMismatch { found, expected })
    }

    pub(crate) fn sections(&self) -> impl Iterator<Item = Section> + 'a {
        let entries = self.bytes.get(HEADER_BYTES..).unwrap_or(&[]).as_chunks::<ENTRY_BYTES>().0;
        entries.iter().take(self.n_sections as usize).map(|entry| {
            let (words, _) = entry.as_chunks::<4>();
            let word = |at: usize| words.get(at).copied().map_or(0, u32::from_le_bytes);
            Section { number: word(0), offset_bytes: word(2), len_bytes: word(3) }
        })
    }

    /// A section's cursor.
    pub(crate) fn find(&self, kind: SectionKind) -> Option<Cursor<'a>> {
        let section = self.sections().find(|section| section.number == kind.number())?;
        let start = section.offset_bytes as usize;
        let bytes = self.bytes.get(start..start.checked_add(section.len_bytes as usize)?)?;
        Some(Cursor::new(bytes, start))
    }
}

/// The flags of a bundle with these sections.
fn bundle_flags(held: impl Iterator<Item = SectionKind>) -> u32 {
    held.fold(0, |flags, kind| if kind.is_private() { flags | FLAG_PRIVATE } else { flags })
}

/// BLAKE3 over all bytes but the digest's own 32.
fn digest(bytes: &[u8]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(bytes.get(..DIGEST_AT).unwrap_or(&[]));
    hasher.update(bytes.get(DIGEST_AT + 32..).unwrap_or(&[]));
    hasher.finalize().into()
}

/// Puts header, directory, padding and digest around finished sections, which ascend by kind.
#[cfg(feature = "write")]
pub(crate) fn assemble(sections: &[(SectionKind, Vec<u8>)]) -> Result<Vec<u8>, FormatError> {
    let total: usize =
        sections.iter().fold(HEADER_BYTES + sections.len() * ENTRY_BYTES, |end, section| {
            end.next_multiple_of(ALIGNMENT) + section.1.len()
        });
    let too_long = |n: usize| u32::try_from(n).ok().filter(|&n| n <= MAX_BUNDLE_BYTES);
    let total_len = too_long(total).ok_or(FormatError::TooMany {
        field: "total_len",
        at: 12,
        found: u32::try_from(total).unwrap_or(u32::MAX),
        limit: MAX_BUNDLE_BYTES,
    })?;
    let mut bytes = Vec::with_capacity(total);
    bytes.extend(MAGIC);
    let n_sections = u32::try_from(sections.len()).unwrap_or(u32::MAX);
    let flags = bundle_flags(sections.iter().map(|section| section.0));
    for word in [VERSION, total_len, n_sections, flags, 0, 0] {
        bytes.extend(word.to_le_bytes());
    }
    bytes.extend([0; 32]);
    let mut end = HEADER_BYTES + sections.len() * ENTRY_BYTES;
    for (kind, section) in sections {
        let offset = end.next_multiple_of(ALIGNMENT);
        end = offset + section.len();
        // Cannot fail: both are at most `total_len`.
        let [offset, len] = [offset, section.len()].map(|n| u32::try_from(n).unwrap_or(u32::MAX));
        for word in [kind.number(), kind.flags(), offset, len] {
            bytes.extend(word.to_le_bytes());
        }
    }
    for (_, section) in sections {
        crate::table::pad(&mut bytes, ALIGNMENT);
        bytes.extend(section);
    }
    let digest = digest(&bytes);
    if let Some(place) = bytes.get_mut(DIGEST_AT..DIGEST_AT + 32) {
        place.copy_from_slice(&digest);
    }
    Ok(bytes)
}
