//! Assignment: its published values, its shares, its independence; and experiments that are refused.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::vec;

use super::*;
use crate::model::Relation;
use crate::scoring::{Among, ScoringError, Source, Term};

fn variant(name: &str, share: u16) -> Variant {
    Variant { name: name.to_owned(), share, rules: ALL_RULE_SETS, ladders: Vec::new() }
}

fn experiment(salt: &str, shares: &[u16]) -> Experiment {
    let variants =
        shares.iter().enumerate().map(|(at, share)| variant(&format!("v{at}"), *share)).collect();
    Experiment {
        name: salt.to_owned(),
        salt: salt.to_owned(),
        placements: [Placement::Home].into_iter().collect(),
        period: Period::ALWAYS,
        variants,
    }
}

fn experiments(all: Vec<Experiment>) -> Experiments {
    Experiments::new(all, &Scoring::standard()).expect("experiments that fit together")
}

fn visit(token: &str) -> Visit<'_> {
    Visit { placement: Placement::Home, now_s: 1_000, token: token.as_bytes() }
}

/// The values of `docs/experiments.md`.
#[test]
fn slots_are_the_published_ones() {
    for (salt, token, expected) in [
        ("home-blend", "visitor-1", 5_533),
        ("home-blend", "visitor-2", 7_766),
        ("home-blend", "visitor-3", 8_442),
        ("cart-rules", "visitor-1", 2_663),
        ("home-blend", "besucherin-ä", 9_252),
        ("x", "", 8_440),
    ] {
        assert_eq!(slot(salt, token.as_bytes()), expected, "{salt}:{token}");
    }
}

#[test]
fn each_variant_gets_its_share_and_the_rest_is_outside() {
    let all = experiments(vec![experiment("shares", &[5_000, 2_000, 500])]);
    let mut n_of = [0_u32; 4];
    for visitor in 0..100_000 {
        let assigned = all.assign(&visit(&format!("visitor-{visitor}")));
        n_of[assigned.map_or(3, |assigned| usize::from(assigned.variant))] += 1;
    }
    // Four standard deviations of a binomial count of a half are 632.
    for (found, expected) in n_of.into_iter().zip([50_000, 20_000, 5_000, 25_000_u32]) {
        assert!(found.abs_diff(expected) < 632, "{n_of:?}");
    }
}

#[test]
fn experiments_with_other_salts_are_independent() {
    // A chi-squared over the table of both assignments; 16.3 is exceeded once in a thousand with three degrees.
    for pair in 0..20 {
        let [first, second] = [0, 1].map(|of| format!("salt-{}", 2 * pair + of));
        let mut table = [0_u32; 4];
        for visitor in 0..4_000 {
            let token = format!("{visitor}");
            let of = |salt: &str| usize::from(slot(salt, token.as_bytes()) < SHARE_ONE / 2);
            table[2 * of(&first) + of(&second)] += 1;
        }
        let square = |n: u32| f64::from(n.abs_diff(1_000)).powi(2) / 1_000.0;
        let chi_squared: f64 = table.into_iter().map(square).sum();
        assert!(chi_squared < 16.3, "{first}, {second}: {table:?}");
    }
}

#[test]
fn an_experiment_acts_where_and_when_it_says() {
    let period = Period { start_s: 1_000, end_s: 2_000 };
    let all = experiments(vec![Experiment { period, ..experiment("a", &[5_000, 5_000]) }]);
    let asked = |placement, now_s| all.assign(&Visit { placement, now_s, token: b"t" }).is_some();
    let of = [999, 1_000, 1_999, 2_000].map(|now_s| asked(Placement::Home, now_s));
    assert_eq!(of, [false, true, true, false]);
    assert!(!asked(Placement::Cart, 1_500));
}

#[test]
fn a_larger_share_of_the_last_variant_moves_nobody_else() {
    let small = experiment("grow", &[3_000, 1_000]);
    let large = experiment("grow", &[3_000, 7_000]);
    for slot in 0..SHARE_ONE {
        let before = small.variant_of(slot);
        assert!(before.is_none() || before == large.variant_of(slot), "{slot}");
    }
}

#[test]
fn a_variant_answers_with_its_own_ladder_where_it_has_one() {
    let own = vec![Rung::Popular(Among::Everyone)];
    let mut of_home = experiment("a", &[5_000, 5_000]);
    of_home.variants[1].ladders = vec![(Placement::Home, own.clone())];
    let all = experiments(vec![of_home]);
    let ladder = |variant| all.ladder(Assigned { experiment: 0, variant }, Placement::Home);
    assert_eq!([0, 1, 2].map(ladder), [None, Some(own.as_slice()), None]);
    assert_eq!(all.ladder(Assigned { experiment: 0, variant: 1 }, Placement::Cart), None);
    assert_eq!(all.get(Assigned { experiment: 1, variant: 0 }), None);
}

#[track_caller]
fn refused(change: impl Fn(&mut Vec<Experiment>), expected: ExperimentError) {
    let mut all = vec![experiment("a", &[5_000, 5_000]), experiment("b", &[1, 9_999])];
    all[1].placements = [Placement::Cart].into_iter().collect();
    assert!(Experiments::new(all.clone(), &Scoring::standard()).is_ok());
    change(&mut all);
    assert_eq!(Experiments::new(all, &Scoring::standard()), Err(expected));
}

#[test]
fn what_is_out_of_range_is_refused() {
    let count = |field, experiment, found, min, max| ExperimentError::Count {
        field,
        experiment,
        found,
        min,
        max,
    };
    let many = || (0..33).map(|at| experiment(&format!("{at}"), &[1, 1])).collect();
    refused(|all| *all = many(), count("experiments", 0, 33, 0, 32));
    refused(|all| all[1].name.clear(), count("name", 1, 0, 1, 64));
    refused(|all| all[0].salt = "s".repeat(65), count("salt", 0, 65, 1, 64));
    refused(|all| all[0].placements = Placements::default(), count("placements", 0, 0, 1, 6));
    refused(|all| drop(all[0].variants.pop()), count("variants", 0, 1, 2, 16));
    refused(|all| all[0].variants[0].name.clear(), count("variant name", 0, 0, 1, 64));
    refused(|all| all[0].variants[0].share = 0, count("share", 0, 0, 1, 10_000));
    refused(|all| all[0].variants[0].share = 5_001, count("sum of shares", 0, 10_001, 2, 10_000));
    assert_eq!(Placements::from_bits(64), None);
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let home = |all: &mut Vec<Experiment>| all[1].placements = all[0].placements;
    refused(home, ExperimentError::Overlap { first: 0, second: 1 });
    refused(|all| all[1].name = "a".to_owned(), ExperimentError::RepeatedName { experiment: 1 });
    let same = |all: &mut Vec<Experiment>| all[0].variants[1].name = "v0".to_owned();
    refused(same, ExperimentError::RepeatedName { experiment: 0 });
    let period = Period { start_s: 7, end_s: 7 };
    refused(|all| all[0].period = period, ExperimentError::EmptyPeriod { experiment: 0 });
    let ladders = |placements: &'static [Placement]| {
        move |all: &mut Vec<Experiment>| {
            let own = vec![Rung::Popular(Among::Everyone)];
            all[0].variants[0].ladders =
                placements.iter().map(|placement| (*placement, own.clone())).collect();
        }
    };
    let misplaced = ExperimentError::LadderPlacement { experiment: 0 };
    refused(ladders(&[Placement::Cart]), misplaced);
    refused(ladders(&[Placement::Home, Placement::Home]), misplaced);
    let term = Term { relation: Relation::Similar, from: Source::Item, decay: 9, weight: 1 };
    let bad = vec![(Placement::Home, vec![Rung::Related(vec![term])])];
    let cause = ScoringError::Weight { field: "decay of a term", found: 9, max: 1 };
    refused(
        |all| all[0].variants[0].ladders.clone_from(&bad),
        ExperimentError::Ladder { experiment: 0, cause },
    );
}

#[test]
fn experiments_one_after_the_other_may_share_a_placement() {
    let first = Period { start_s: 0, end_s: 100 };
    let second = Period { start_s: 100, end_s: 200 };
    let shares = &[5_000, 5_000];
    experiments(vec![
        Experiment { period: first, ..experiment("a", shares) },
        Experiment { period: second, ..experiment("b", shares) },
    ]);
}
