//! Section `scoring`: the tables of [`Scoring`], a fixed shape in bincode's standard configuration (little-endian,
//! variable-length integers), decoded within a byte limit.

use alloc::string::ToString;
use alloc::vec::Vec;

use edgewise_core::{Among, Relation, Rung, Scoring, Source, Term};
use serde::{Deserialize, Serialize};

use crate::cursor::Cursor;
use crate::error::FormatError;
use crate::limits::MAX_SCORING_BYTES;

/// The limit makes bincode refuse a hostile length before it allocates.
const CONFIG: bincode::config::Configuration<
    bincode::config::LittleEndian,
    bincode::config::Varint,
    bincode::config::Limit<{ MAX_SCORING_BYTES as usize }>,
> = bincode::config::standard().with_limit::<{ MAX_SCORING_BYTES as usize }>();

#[derive(Serialize, Deserialize)]
struct Wire {
    recency: Vec<u16>,
    ladders: Vec<Vec<WireRung>>,
}

#[derive(Serialize, Deserialize)]
enum WireRung {
    Related(Vec<WireTerm>),
    PopularCategory,
    PopularRegion,
    PopularEveryone,
}

#[derive(Serialize, Deserialize)]
struct WireTerm {
    relation: WireRelation,
    from: WireSource,
    weight: u16,
}

#[derive(Serialize, Deserialize)]
enum WireRelation {
    Similar,
    Together,
}

#[derive(Serialize, Deserialize)]
enum WireSource {
    Item,
    Cart,
    History,
}

/// Decodes and checks the section.
pub(crate) fn decode(mut cursor: Cursor<'_>) -> Result<Scoring, FormatError> {
    let at = cursor.offset();
    let bad = |cause| FormatError::BadTable {
        section: "scoring",
        at,
        cause,
    };
    let len = cursor.len();
    if len > MAX_SCORING_BYTES as usize {
        let found = u32::try_from(len).unwrap_or(u32::MAX);
        return Err(FormatError::TooMany {
            field: "scoring",
            at,
            found,
            limit: MAX_SCORING_BYTES,
        });
    }
    let bytes = cursor.bytes("scoring", len)?;
    let (wire, n_read): (Wire, usize) =
        bincode::serde::decode_from_slice(bytes, CONFIG).map_err(|error| bad(error.to_string()))?;
    if n_read != len {
        return Err(bad("bytes behind the last field".to_string()));
    }
    let ladders = wire
        .ladders
        .into_iter()
        .map(|ladder| ladder.into_iter().map(rung).collect())
        .collect();
    Scoring::new(wire.recency, ladders).map_err(FormatError::Scoring)
}

fn rung(wire: WireRung) -> Rung {
    match wire {
        WireRung::Related(terms) => Rung::Related(terms.into_iter().map(term).collect()),
        WireRung::PopularCategory => Rung::Popular(Among::Category),
        WireRung::PopularRegion => Rung::Popular(Among::Region),
        WireRung::PopularEveryone => Rung::Popular(Among::Everyone),
    }
}

fn term(wire: WireTerm) -> Term {
    let relation = match wire.relation {
        WireRelation::Similar => Relation::Similar,
        WireRelation::Together => Relation::Together,
    };
    let from = match wire.from {
        WireSource::Item => Source::Item,
        WireSource::Cart => Source::Cart,
        WireSource::History => Source::History,
    };
    Term {
        relation,
        from,
        weight: wire.weight,
    }
}

/// Makes the section.
#[cfg(feature = "write")]
pub(crate) fn encode(scoring: &Scoring) -> Result<Vec<u8>, FormatError> {
    let ladders = edgewise_core::Placement::ALL
        .map(|placement| scoring.ladder(placement).iter().map(wire_rung).collect())
        .into();
    let wire = Wire {
        recency: scoring.recency_table().to_vec(),
        ladders,
    };
    bincode::serde::encode_to_vec(wire, CONFIG).map_err(|error| FormatError::BadTable {
        section: "scoring",
        at: 0,
        cause: error.to_string(),
    })
}

#[cfg(feature = "write")]
fn wire_rung(rung: &Rung) -> WireRung {
    match rung {
        Rung::Related(terms) => WireRung::Related(terms.iter().map(wire_term).collect()),
        Rung::Popular(Among::Category) => WireRung::PopularCategory,
        Rung::Popular(Among::Region) => WireRung::PopularRegion,
        Rung::Popular(Among::Everyone) => WireRung::PopularEveryone,
    }
}

#[cfg(feature = "write")]
fn wire_term(term: &Term) -> WireTerm {
    let relation = match term.relation {
        Relation::Similar => WireRelation::Similar,
        Relation::Together => WireRelation::Together,
    };
    let from = match term.from {
        Source::Item => WireSource::Item,
        Source::Cart => WireSource::Cart,
        Source::History => WireSource::History,
    };
    WireTerm {
        relation,
        from,
        weight: term.weight,
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
    fn rejects_a_hostile_length_before_it_allocates() {
        // A recency table said to hold 2^64 - 1 weights.
        let bytes = [253, 255, 255, 255, 255, 255, 255, 255, 255];
        assert!(matches!(
            decode(Cursor::new(&bytes, 0)),
            Err(FormatError::BadTable { .. })
        ));
    }

    #[test]
    fn rejects_bytes_behind_the_tables() {
        let mut bytes = encode(&Scoring::standard()).unwrap();
        bytes.push(0);
        assert!(matches!(
            decode(Cursor::new(&bytes, 0)),
            Err(FormatError::BadTable { .. })
        ));
    }
}
