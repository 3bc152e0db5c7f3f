//! A bundle with an experiment: who is in which variant, and what that variant answers.

use edgewise_bundle::{Bundle, CardsWanted, FormatError, SectionKind, encode};
use edgewise_core::condition::Condition;
use edgewise_core::{
    ALL_RULE_SETS, Among, Assigned, Context, Experiment, Experiments, ModelValues, Period,
    Placement, Query, Rung, SHARE_ONE, Seen, Variant, Visit, recommend, slot,
};

use crate::hostile::resign;
use crate::toy;

const HOME_CONTEXT: Context<'_> = Context {
    minute: None,
    segment: None,
    seed: None,
    filter: Condition(&[]),
    sets: u32::MAX,
    variant: None,
};
const HOME: Query<'_> = Query {
    placement: Placement::Home,
    item: None,
    history: &[],
    cart: &[],
    region: None,
    category: None,
    exclude: &[],
    seen: Seen::Hide,
    k: 3,
    context: HOME_CONTEXT,
};

/// Half of the visitors see the ranking of their region and nothing else.
fn bytes() -> Vec<u8> {
    let values = toy::values();
    let variant = |name: &str, ladders| Variant {
        name: name.to_owned(),
        share: SHARE_ONE / 2,
        rules: ALL_RULE_SETS,
        ladders,
    };
    let own = vec![(Placement::Home, vec![Rung::Popular(Among::Region)])];
    let experiment = Experiment {
        name: "region only".to_owned(),
        salt: "region-only".to_owned(),
        placements: [Placement::Home].into_iter().collect(),
        period: Period::ALWAYS,
        variants: vec![variant("control", Vec::new()), variant("region", own)],
    };
    let experiments = Experiments::new(vec![experiment], &values.scoring).expect("experiments");
    encode(&ModelValues { experiments, ..values }, None, CardsWanted::No).expect("a model")
}

#[test]
fn a_visitor_gets_one_variant_and_its_ladder() {
    let bytes = bytes();
    let bundle = Bundle::open(&bytes).expect("a bundle");
    bundle.check().expect("a whole bundle");
    let south = bundle.find_region("South");
    for visitor in 0..50 {
        let token = format!("visitor {visitor}");
        let visit = Visit { placement: Placement::Home, now_s: 0, token: token.as_bytes() };
        let variant = bundle.experiments().assign(&visit);
        let is_control = slot("region-only", token.as_bytes()) < SHARE_ONE / 2;
        assert_eq!(variant, Some(Assigned { experiment: 0, variant: u8::from(!is_control) }));
        let answer = recommend(
            &bundle,
            &Query { region: south, context: Context { variant, ..HOME_CONTEXT }, ..HOME },
        );
        // The ranking of the south has one item; what the catalogue has left follows.
        let n_ranked = answer
            .iter()
            .filter(|result| result.origin != edgewise_core::Origin::Catalogue)
            .count();
        assert_eq!(n_ranked, if is_control { 3 } else { 1 });
        let plain = recommend(&bundle, &Query { region: south, ..HOME });
        assert_eq!(answer == plain, is_control);
    }
}

#[test]
fn an_experiment_that_does_not_exist_answers_like_the_model() {
    let bytes = bytes();
    let bundle = Bundle::open(&bytes).expect("a bundle");
    let plain = recommend(&bundle, &HOME);
    for (experiment, variant) in [(0, 2), (1, 0), (255, 255)] {
        let variant = Some(Assigned { experiment, variant });
        assert_eq!(
            recommend(&bundle, &Query { context: Context { variant, ..HOME_CONTEXT }, ..HOME }),
            plain
        );
    }
}

#[test]
fn damaged_experiments_are_refused_or_harmless() {
    let good = bytes();
    let bundle = Bundle::open(&good).expect("a bundle");
    let is_it =
        |section: &edgewise_bundle::Section| section.number == SectionKind::Experiments.number();
    let section = bundle.sections().find(is_it).expect("the section");
    let start = section.offset_bytes as usize;
    for at in start..start + section.len_bytes as usize {
        for bit in 0..8 {
            let mut bytes = good.clone();
            bytes[at] ^= 1 << bit;
            resign(&mut bytes);
            let opened: Result<Bundle<'_>, FormatError> = Bundle::open(&bytes);
            if let Ok(bundle) = opened {
                let visit = Visit { placement: Placement::Home, now_s: 7, token: b"t" };
                let variant = bundle.experiments().assign(&visit);
                assert!(
                    recommend(
                        &bundle,
                        &Query { context: Context { variant, ..HOME_CONTEXT }, ..HOME }
                    )
                    .len()
                        <= 3
                );
            }
        }
    }
}
