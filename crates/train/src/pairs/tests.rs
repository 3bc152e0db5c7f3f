//! Every kind of tally against counting by sets.

use std::collections::BTreeSet;

use super::*;
use crate::observations::Observation;
use crate::testing::{N_ITEMS, Weights, sample};

/// The companions of a target, ascending, by looking at every pair of cells.
fn naive(observations: &Observations, target: ItemIdx) -> Vec<Companion> {
    let companion = |item: ItemIdx| {
        let mut people = BTreeSet::new();
        let (mut n_rows, mut dot) = (0, 0.0);
        for (row, weight) in observations.rows(target).iter() {
            let other = observations.items(row).iter().find(|&(other, _)| other == item.0);
            if let Some((_, other_weight)) = other {
                n_rows += 1;
                dot += f64::from(weight) * f64::from(other_weight);
                people.extend(observations.person(row));
            }
        }
        Companion { item, n_rows, n_people: u32::try_from(people.len()).unwrap(), dot }
    };
    let others = observations.all_items().filter(|&item| item != target).map(companion);
    others.filter(|companion| companion.n_rows > 0).collect()
}

#[track_caller]
fn check(observations: &Observations, is_of_kind: impl Fn(&Tallies) -> bool) {
    let mut counter = PairCounter::new(observations);
    assert!(is_of_kind(&counter.tallies), "another kind of tally");
    let mut n_pairs = 0;
    for target in observations.all_items() {
        let mut found = Vec::new();
        counter.for_each(target, |companion| found.push(companion));
        found.sort_by_key(|companion| companion.item);
        assert_eq!(found, naive(observations, target));
        n_pairs += found.len();
        let support = Support { min_rows: 2, min_people: 2 };
        let mut supported = Vec::new();
        let n_removed = counter.supported(target, support, |companion| supported.push(companion));
        found.retain(|companion| companion.n_rows >= 2);
        assert_eq!(found.len() as u64, supported.len() as u64 + n_removed);
        assert!(supported.iter().all(|companion| companion.n_people >= 2));
    }
    assert!(n_pairs > N_ITEMS, "pairs to count");
}

/// The sample with a person behind each row or as it is, and with factors of rows or without.
fn matrix(weights: Weights, of_people: bool, with_factors: bool) -> Observations {
    let (mut persons, cells): (Vec<Option<u32>>, Vec<Observation>) = sample(weights);
    if of_people {
        persons = (0..).take(persons.len()).map(Some).collect();
    }
    let observations = Observations::new(N_ITEMS, &persons, cells);
    if with_factors { observations.with_row_exponent(0.5).into_owned() } else { observations }
}

#[test]
fn rows_that_are_people_are_counted_in_four_bytes() {
    assert_eq!(size_of::<Count>(), 4);
    check(&matrix(Weights::Ones, true, false), |kind| matches!(kind, Tallies::Counts(_)));
}

#[test]
fn weights_of_rows_and_of_cells_are_summed() {
    for (weights, with_factors) in
        [(Weights::Ones, true), (Weights::Mixed, false), (Weights::Mixed, true)]
    {
        let observations = matrix(weights, true, with_factors);
        check(&observations, |kind| matches!(kind, Tallies::Sums(_)));
    }
}

#[test]
fn rows_of_one_person_count_once() {
    for weights in [Weights::Ones, Weights::Mixed] {
        let observations = matrix(weights, false, false);
        check(&observations, |kind| matches!(kind, Tallies::Mixed(_)));
    }
}
