//! Rules against an oracle that walks every set, and their laws.

use std::collections::BTreeSet;

use super::*;
use crate::observations::Observation;

const N_ITEMS: u32 = 7;

/// Seeded baskets of ten people; items 0 and 1 together bring 2.
fn baskets() -> Vec<(Option<u32>, BTreeSet<u32>)> {
    let mut state = 11u64;
    let mut random = |n: u64| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from((state >> 33) % n).unwrap()
    };
    (0..60)
        .map(|basket: u32| {
            let mut items: BTreeSet<u32> =
                (0..=random(3)).map(|_| random(N_ITEMS.into())).collect();
            if items.contains(&0) && items.contains(&1) {
                items.insert(2);
            }
            ((!basket.is_multiple_of(7)).then_some(basket % 10), items)
        })
        .collect()
}

fn observations(baskets: &[(Option<u32>, BTreeSet<u32>)]) -> Observations {
    let cells = (0..)
        .zip(baskets)
        .flat_map(|(row, (_, items))| {
            items.iter().map(move |&item| Observation { row, item: ItemIdx(item), weight: 1.0 })
        })
        .collect();
    let persons: Vec<Option<u32>> = baskets.iter().map(|basket| basket.0).collect();
    Observations::new(N_ITEMS as usize, &persons, cells)
}

fn params() -> RuleParams {
    RuleParams {
        max_antecedents: 3,
        rules_per_target: 1_024,
        targets_per_set: 1_024,
        min_improvement: 1.0,
    }
}

/// Every set of two or three, every target, counted basket by basket.
fn naive(support: Support, params: &RuleParams) -> BTreeSet<(Vec<u32>, u32, u64)> {
    let baskets = baskets();
    let n = |set: &[u32]| {
        let holds =
            |basket: &&(Option<u32>, BTreeSet<u32>)| set.iter().all(|item| basket.1.contains(item));
        let with: Vec<_> = baskets.iter().filter(holds).collect();
        let people: BTreeSet<u32> = with.iter().filter_map(|basket| basket.0).collect();
        (exact(with.len()), people.len())
    };
    let confidence = |set: &[u32], target: u32| n(&[set, &[target]].concat()).0 / n(set).0;
    let mut rules = BTreeSet::new();
    for mask in 0u32..1 << N_ITEMS {
        let set: Vec<u32> = (0..N_ITEMS).filter(|item| mask >> item & 1 == 1).collect();
        if !(2..=params.max_antecedents as usize).contains(&set.len()) {
            continue;
        }
        for target in (0..N_ITEMS).filter(|target| !set.contains(target)) {
            let (n_both, people) = n(&[&set[..], &[target]].concat());
            if n_both < f64::from(support.min_rows) || people < support.min_people as usize {
                continue;
            }
            let own = confidence(&set, target);
            let lift = own * exact(observations(&baskets).n_rows()) / n(&[target]).0;
            let best_part = (1u32..(1 << set.len()) - 1)
                .map(|part| {
                    let part: Vec<u32> =
                        (0..set.len()).filter(|at| part >> at & 1 == 1).map(|at| set[at]).collect();
                    confidence(&part, target)
                })
                .fold(0.0, f64::max);
            if lift > 1.0 && best_part <= own / params.min_improvement {
                rules.insert((set.clone(), target, own.to_bits()));
            }
        }
    }
    rules
}

fn flat(learnt: &LearntRules) -> BTreeSet<(Vec<u32>, u32, u64)> {
    learnt
        .sets
        .iter()
        .flat_map(|set| {
            let rows: Vec<u32> = set.antecedents.iter().map(|item| item.0).collect();
            set.targets
                .iter()
                .map(move |entry| (rows.clone(), entry.item.0, entry.weight.to_bits()))
        })
        .collect()
}

#[test]
fn the_rules_are_those_of_an_exhaustive_search() {
    for (min_rows, min_people) in [(1, 1), (2, 2), (3, 3)] {
        for max_antecedents in [2, 3] {
            for min_improvement in [1.0, 1.5] {
                let support = Support { min_rows, min_people };
                let params = RuleParams { max_antecedents, min_improvement, ..params() };
                let learnt = rules(&observations(&baskets()), support, &params);
                assert_eq!(flat(&learnt), naive(support, &params));
            }
        }
    }
}

#[test]
fn two_items_tell_what_neither_tells() {
    let learnt =
        rules(&observations(&baskets()), Support { min_rows: 2, min_people: 2 }, &params());
    let found = flat(&learnt);
    assert!(found.contains(&(vec![0, 1], 2, 1.0f64.to_bits())), "{found:?}");
}

#[test]
fn the_threads_and_the_order_of_rows_do_not_matter() {
    let support = Support { min_rows: 1, min_people: 2 };
    let expected = rules(&observations(&baskets()), support, &params());
    for n_threads in [1, 2, 3, 8] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
        let mut baskets = baskets();
        baskets.reverse();
        assert_eq!(pool.install(|| rules(&observations(&baskets), support, &params())), expected);
    }
    assert!(
        expected.sets.is_sorted_by(|a, b| {
            packed_order(&a.antecedents, &b.antecedents) == Ordering::Less
        })
    );
}

#[test]
fn a_smaller_cut_is_a_part_of_a_larger_one_and_people_are_counted_out() {
    let support = |min_people| Support { min_rows: 1, min_people };
    let learnt = |min_people, rules_per_target| {
        rules(
            &observations(&baskets()),
            support(min_people),
            &RuleParams { rules_per_target, ..params() },
        )
    };
    assert!(flat(&learnt(1, 2)).is_subset(&flat(&learnt(1, 5))));
    let (open, closed) = (learnt(0, 1_024), learnt(4, 1_024));
    assert_eq!(flat(&open).len() as u64, flat(&closed).len() as u64 + closed.n_removed);
    assert!(closed.n_removed > 0);
}
