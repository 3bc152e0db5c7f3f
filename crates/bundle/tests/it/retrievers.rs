//! Rules and past sessions as terms of a rung: what `recommend` says is what their views say, weighed.

use edgewise_bundle::{Bundle, CardsWanted, encode};
use edgewise_core::{
    Event, ItemIdx, Model, ModelValues, Placement, Query, Recommendation, Relation, Rung, Scoring,
    Seen, Source, Term, recommend,
};

use crate::toy;

const WEIGHT: u16 = 3;

/// The bytes of `values`, whose ladder of `placement` asks one relation and nothing else that is related.
fn asking(values: ModelValues, placement: Placement, term: Term) -> Vec<u8> {
    let mut tables = Scoring::standard().tables().clone();
    tables.ladders[placement.index()] = vec![Rung::Related(vec![term])];
    let scoring = Scoring::new(tables).expect("tables in range");
    encode(&ModelValues { scoring, ..values }, None, CardsWanted::No).expect("a model")
}

/// Every result is the sum of what it rests on, and that is what the view says.
fn check(results: &[Recommendation], relation: Relation, said: &[(ItemIdx, ItemIdx, u64)]) {
    assert!(!results.is_empty());
    for result in results {
        let total: u64 = said.iter().filter(|part| part.0 == result.item).map(|part| part.2).sum();
        assert_eq!(result.score, total * u64::from(WEIGHT), "{result:?}");
        assert_eq!(result.because.iter().map(|part| part.score).sum::<u64>(), result.score);
        assert!(result.because.iter().all(|part| part.relation == relation), "{result:?}");
    }
}

#[test]
fn a_cart_is_answered_by_the_rules_that_it_fulfils() {
    let term = Term { relation: Relation::Rules, from: Source::Cart, decay: 0, weight: WEIGHT };
    let bytes = asking(toy::values(), Placement::Cart, term);
    let bundle = Bundle::open(&bytes).unwrap();
    let cart = [ItemIdx(1), ItemIdx(0)];
    let mut said = Vec::new();
    bundle.each_of_rules(&cart, &mut |item, from, weight| said.push((item, from, weight * 256)));
    let query = Query { cart: &cart, ..plain(Placement::Cart) };
    check(&recommend(&bundle, &query), Relation::Rules, &said);
    // One item alone fulfils no rule of two.
    assert!(recommend(&bundle, &Query { cart: &cart[..1], ..query }).is_empty());
}

#[test]
fn a_visit_is_answered_by_the_sessions_that_are_like_it() {
    let term =
        Term { relation: Relation::Sessions, from: Source::History, decay: 0, weight: WEIGHT };
    let sessions = Some(crate::sessions::sessions());
    let values = ModelValues { sessions, ..toy::values() };
    let bytes = asking(values, Placement::Home, term);
    let bundle = Bundle::open(&bytes).unwrap();
    assert!(bundle.is_private());
    let visit = [0, 3, 0].map(ItemIdx);
    let mut said = Vec::new();
    bundle.each_of_sessions(&[ItemIdx(0), ItemIdx(3)], &mut |item, from, score| {
        said.push((item, from, score));
    });
    let query = Query { history: &visit.map(Event::of), ..plain(Placement::Home) };
    check(&recommend(&bundle, &query), Relation::Sessions, &said);
}

fn plain(placement: Placement) -> Query<'static> {
    Query {
        placement,
        item: None,
        history: &[],
        cart: &[],
        region: None,
        category: None,
        exclude: &[],
        seen: Seen::Show,
        k: 10,
        variant: None,
    }
}
