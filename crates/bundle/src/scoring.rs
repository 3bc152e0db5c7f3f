//! Section `scoring`: the tables of [`Scoring`], a fixed shape in bincode's encoding (little-endian, integers of fixed
//! width), decoded within a byte limit.

use alloc::string::ToString;
use alloc::vec::Vec;

use bincode::{Decode, Encode};
use edgewise_core::{Among, Placement, Relation, Rung, Scoring, Source, Term};

use crate::cursor::Cursor;
use crate::error::FormatError;
use crate::limits::MAX_SCORING_BYTES;

/// The limit makes bincode refuse a hostile length before it allocates; fixed widths spare every shell two kilobytes
/// of variable-length decoding.
const CONFIG: bincode::config::Configuration<
    bincode::config::LittleEndian,
    bincode::config::Fixint,
    bincode::config::Limit<{ MAX_SCORING_BYTES as usize }>,
> = bincode::config::standard()
    .with_fixed_int_encoding()
    .with_limit::<{ MAX_SCORING_BYTES as usize }>();

/// `ladders` holds, for each placement, its number of rungs; for each rung, its popularity (0 for related items; 1, 2,
/// 3 for the ranking of the category, the region, everyone) and its number of terms; for each term, its relation (0
/// similar, 1 together), its source (0 item, 1 cart, 2 history) and its weight. One list of numbers in place of nested
/// ones spares every shell a kilobyte of decoder.
#[derive(Decode, Encode)]
struct Wire {
    recency: Vec<u16>,
    ladders: Vec<u16>,
}

/// Decodes and checks the section.
pub(crate) fn decode(mut cursor: Cursor<'_>) -> Result<Scoring, FormatError> {
    let at = cursor.offset();
    // The decoder's own words are not worth the kilobytes that formatting them costs in wasm.
    let bad =
        |cause: &str| FormatError::BadTable { section: "scoring", at, cause: cause.to_string() };
    let len = cursor.len();
    if len > MAX_SCORING_BYTES as usize {
        let found = u32::try_from(len).unwrap_or(u32::MAX);
        return Err(FormatError::TooMany { field: "scoring", at, found, limit: MAX_SCORING_BYTES });
    }
    let bytes = cursor.bytes("scoring", len)?;
    let decoded: Result<(Wire, usize), _> = bincode::decode_from_slice(bytes, CONFIG);
    let Ok((wire, n_read)) = decoded else {
        return Err(bad("not the tables of version 1"));
    };
    let mut numbers = wire.ladders.iter().copied();
    let ladders = ladders(&mut numbers).ok_or_else(|| bad("a rung or term of no known kind"))?;
    if n_read != len || numbers.next().is_some() {
        return Err(bad("bytes behind the last field"));
    }
    Scoring::new(wire.recency, ladders).map_err(FormatError::Scoring)
}

/// The ladders that a list of numbers begins with. Allocates what the numbers themselves prove.
fn ladders(numbers: &mut dyn Iterator<Item = u16>) -> Option<Vec<Vec<Rung>>> {
    let mut ladders = Vec::new();
    for _ in Placement::ALL {
        let mut ladder = Vec::new();
        for _ in 0..numbers.next()? {
            let (popular, n_terms) = (numbers.next()?, numbers.next()?);
            let mut terms = Vec::new();
            for _ in 0..n_terms {
                terms.push(term(numbers.next()?, numbers.next()?, numbers.next()?)?);
            }
            ladder.push(match (popular, terms.is_empty()) {
                (0, _) => Rung::Related(terms),
                (1, true) => Rung::Popular(Among::Category),
                (2, true) => Rung::Popular(Among::Region),
                (3, true) => Rung::Popular(Among::Everyone),
                _ => return None,
            });
        }
        ladders.push(ladder);
    }
    Some(ladders)
}

fn term(relation: u16, from: u16, weight: u16) -> Option<Term> {
    let relation = match relation {
        0 => Relation::Similar,
        1 => Relation::Together,
        _ => return None,
    };
    let from = match from {
        0 => Source::Item,
        1 => Source::Cart,
        2 => Source::History,
        _ => return None,
    };
    Some(Term { relation, from, weight })
}

/// Makes the section.
#[cfg(feature = "write")]
pub(crate) fn encode(scoring: &Scoring) -> Result<Vec<u8>, FormatError> {
    let mut ladders = Vec::new();
    // Cannot fail: `Scoring` holds at most 16 rungs of at most 8 terms.
    let count = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    for placement in Placement::ALL {
        let ladder = scoring.ladder(placement);
        ladders.push(count(ladder.len()));
        for rung in ladder {
            match rung {
                Rung::Related(terms) => {
                    ladders.extend([0, count(terms.len())]);
                    ladders.extend(terms.iter().flat_map(|term| term_numbers(*term)));
                }
                Rung::Popular(Among::Category) => ladders.extend([1, 0]),
                Rung::Popular(Among::Region) => ladders.extend([2, 0]),
                Rung::Popular(Among::Everyone) => ladders.extend([3, 0]),
            }
        }
    }
    let wire = Wire { recency: scoring.recency_table().to_vec(), ladders };
    bincode::encode_to_vec(wire, CONFIG).map_err(|error| FormatError::BadTable {
        section: "scoring",
        at: 0,
        cause: error.to_string(),
    })
}

#[cfg(feature = "write")]
fn term_numbers(term: Term) -> [u16; 3] {
    let relation = match term.relation {
        Relation::Similar => 0,
        Relation::Together => 1,
    };
    let from = match term.from {
        Source::Item => 0,
        Source::Cart => 1,
        Source::History => 2,
    };
    [relation, from, term.weight]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_come_back() {
        let scoring = Scoring::standard();
        let bytes = encode(&scoring).unwrap();
        assert_eq!(decode(Cursor::new(&bytes, 0)), Ok(scoring));
    }

    #[test]
    fn rejects_a_hostile_length_before_it_allocates() {
        // A recency table said to hold 2^64 - 1 weights.
        let bytes = [255; 8];
        assert!(matches!(decode(Cursor::new(&bytes, 0)), Err(FormatError::BadTable { .. })));
    }

    #[test]
    fn rejects_rungs_and_terms_of_no_known_kind() {
        let good = encode(&Scoring::standard()).unwrap();
        // Behind 8 bytes of length, 100 weights and 8 bytes of length: five rungs or more, the first of related items
        // with one term.
        let first_rung = 8 + 200 + 8 + 2;
        for (at, number) in [(0, 4), (0, 1), (4, 2), (6, 3), (2, 99)] {
            let mut bytes = good.clone();
            bytes.splice(first_rung + at..first_rung + at + 2, u16::to_le_bytes(number));
            assert!(
                matches!(decode(Cursor::new(&bytes, 0)), Err(FormatError::BadTable { .. })),
                "{at}"
            );
        }
    }

    #[test]
    fn rejects_bytes_behind_the_tables() {
        let mut bytes = encode(&Scoring::standard()).unwrap();
        bytes.push(0);
        assert!(matches!(decode(Cursor::new(&bytes, 0)), Err(FormatError::BadTable { .. })));
    }
}
