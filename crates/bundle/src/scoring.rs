//! Section `scoring`: the tables of [`Scoring`], a fixed shape in bincode's encoding (little-endian, integers of fixed
//! width), decoded within a byte limit.

use alloc::string::ToString;
use alloc::vec::Vec;

use bincode::{Decode, Encode};
use edgewise_core::{Among, Placement, Relation, Rung, Scoring, Source, Tables, Term};

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

/// The tables as one list of numbers, which spares every shell a kilobyte of decoder for nested ones: the number of
/// decays; for each, its length and its entries; the weights of views, carts and purchases; for each placement, its
/// number of rungs; for each rung, its ranking (0 for related items; 1, 2, 3, 4 for what is popular in the category, in
/// the region, with everyone, in the segment; 5 to 8 for what trends there) and its number of terms; for each term, its relation, its source, its decay and its weight.
/// Relations and sources are numbered as in [`Relation::ALL`] and [`Source::ALL`].
#[derive(Decode, Encode)]
struct Wire {
    numbers: Vec<u16>,
}

/// The rankings, in the order of their numbers.
const AMONG: [Among; 4] = [Among::Category, Among::Region, Among::Everyone, Among::Segment];

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
    let mut numbers = wire.numbers.iter().copied();
    let tables = tables(&mut numbers).ok_or_else(|| bad("a rung or term of no known kind"))?;
    if n_read != len || numbers.next().is_some() {
        return Err(bad("bytes behind the last field"));
    }
    Scoring::new(tables).map_err(FormatError::Scoring)
}

/// The tables that a list of numbers begins with. Allocates what the numbers themselves prove.
fn tables(numbers: &mut dyn Iterator<Item = u16>) -> Option<Tables> {
    let mut decays = Vec::new();
    for _ in 0..numbers.next()? {
        let mut decay = Vec::new();
        for _ in 0..numbers.next()? {
            decay.push(numbers.next()?);
        }
        decays.push(decay);
    }
    let kinds = [numbers.next()?, numbers.next()?, numbers.next()?];
    let mut ladders = Vec::new();
    for placement in Placement::ALL {
        // The standard ladder of what trends is not written.
        if placement == Placement::Trending && numbers.size_hint().0 == 0 {
            ladders.push(Rung::standard_trending());
            break;
        }
        ladders.push(ladder(numbers)?);
    }
    Some(Tables { decays, kinds, ladders })
}

/// The ladder that a list of numbers begins with: the number of rungs, and the rungs.
pub(crate) fn ladder(numbers: &mut dyn Iterator<Item = u16>) -> Option<Vec<Rung>> {
    let mut ladder = Vec::new();
    for _ in 0..numbers.next()? {
        ladder.push(rung(numbers)?);
    }
    Some(ladder)
}

fn rung(numbers: &mut dyn Iterator<Item = u16>) -> Option<Rung> {
    let (popular, n_terms) = (numbers.next()?, numbers.next()?);
    let mut terms = Vec::new();
    for _ in 0..n_terms {
        let relation = *Relation::ALL.get(usize::from(numbers.next()?))?;
        let from = *Source::ALL.get(usize::from(numbers.next()?))?;
        let (decay, weight) = (numbers.next()?, numbers.next()?);
        terms.push(Term { relation, from, decay, weight });
    }
    Some(match (popular, terms.is_empty()) {
        (0, _) => Rung::Related(terms),
        (ranking, true) => {
            let among = |first: u16| AMONG.get(usize::from(ranking.wrapping_sub(first))).copied();
            among(1).map(Rung::Popular).or_else(|| among(5).map(Rung::Trending))?
        }
        _ => return None,
    })
}

/// Makes the section.
#[cfg(feature = "write")]
pub(crate) fn encode(scoring: &Scoring) -> Result<Vec<u8>, FormatError> {
    // Cannot fail: `Scoring` holds at most 16 decays of 400 entries, and 16 rungs of 8 terms per placement.
    let count = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    let Tables { decays, kinds, ladders } = scoring.tables();
    let mut numbers = alloc::vec![count(decays.len())];
    for decay in decays {
        numbers.push(count(decay.len()));
        numbers.extend(decay);
    }
    numbers.extend(kinds);
    for (placement, ladder) in Placement::ALL.into_iter().zip(ladders) {
        if placement == Placement::Trending && *ladder == Rung::standard_trending() {
            break;
        }
        put_ladder(ladder, &mut numbers);
    }
    bincode::encode_to_vec(Wire { numbers }, CONFIG).map_err(|error| FormatError::BadTable {
        section: "scoring",
        at: 0,
        cause: error.to_string(),
    })
}

/// Appends what [`ladder`] reads.
#[cfg(feature = "write")]
pub(crate) fn put_ladder(ladder: &[Rung], numbers: &mut Vec<u16>) {
    // Cannot fail: a checked ladder has at most 16 rungs of 8 terms.
    let count = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
    let number = |among| count(AMONG.iter().position(|known| *known == among).unwrap_or(0));
    numbers.push(count(ladder.len()));
    for rung in ladder {
        match rung {
            Rung::Related(terms) => {
                numbers.extend([0, count(terms.len())]);
                for Term { relation, from, decay, weight } in terms {
                    let [relation, from] = [relation.index(), from.index()].map(count);
                    numbers.extend([relation, from, *decay, *weight]);
                }
            }
            Rung::Popular(among) => numbers.extend([1 + number(*among), 0]),
            Rung::Trending(among) => numbers.extend([5 + number(*among), 0]),
        }
    }
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
    fn the_standard_ladder_of_trends_takes_nothing_and_another_one_comes_back() {
        let standard = Scoring::standard();
        let mut tables = standard.tables().clone();
        let among = AMONG.map(Rung::Trending).into_iter().chain(AMONG.map(Rung::Popular));
        tables.ladders.pop();
        tables.ladders.push(among.collect());
        let scoring = Scoring::new(tables).unwrap();
        let bytes = encode(&scoring).unwrap();
        assert_eq!(decode(Cursor::new(&bytes, 0)), Ok(scoring));
        // A number of rungs, and eight of two numbers.
        assert_eq!(bytes.len(), encode(&standard).unwrap().len() + 2 * 17);
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
        // Behind 8 bytes of length, two decays of 1 and 100 entries and three kinds: five rungs or more, the first of
        // related items with one term.
        let first_rung = 8 + 2 + (2 + 2) + (2 + 200) + 6 + 2;
        for (at, number) in [(0, 9), (0, 1), (4, 99), (6, 99), (2, 99)] {
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
