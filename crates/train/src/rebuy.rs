//! How willingly each item is bought again by who has it.
//!
//! The rate is per basket that follows, not the share of buyers who ever came back for it: on Ta-Feng's next baskets
//! (validation) the personal history weighted by the rate finds .1258 of the items, by the share .1239, by neither
//! .1207. A factor for the age against the item's median gap found nothing more (.1303 against .1298).

use edgewise_core::ItemIdx;
use serde::{Deserialize, Serialize};

use crate::histories::Histories;
use crate::params::{TrainError, check_range};

/// What rates are made with.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RebuyParams {
    /// Trials at the shop's average that every item gets beforehand. `0.0`: one chance repeat makes a rate of 1.
    /// `1e9`: every item has the average. Range `0.0..=1e9`.
    pub prior_trials: f64,
    /// Distinct people who must have bought an item again before its repeats are told; until then it counts as never
    /// bought again, and with fewer people who could have, as average. `0` and `1`: no protection. Large: only staples
    /// have a rate of their own.
    #[serde(skip)]
    pub min_people: u32,
}

impl Default for RebuyParams {
    fn default() -> RebuyParams {
        RebuyParams { prior_trials: 30.0, min_people: 3 }
    }
}

impl RebuyParams {
    /// Refuses settings that are out of range.
    ///
    /// # Errors
    /// [`TrainError::OutOfRange`] names the setting.
    pub fn check(&self) -> Result<(), TrainError> {
        check_range("prior_trials", self.prior_trials, 0.0, 1e9)
    }
}

/// Integer tables of repeat purchases.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RebuyValues {
    /// Per item, the root of its rate in steps of 1/255 of the largest root; at least 1. Empty: nobody bought again.
    pub strengths: Vec<u8>,
    /// What an item of the average rate has.
    pub average: u8,
    /// Items whose repeats too few people stand behind.
    pub n_hidden: u32,
}

/// Counts behind one item's rate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Repeats {
    /// Baskets that follow one with the item, over all people.
    pub(crate) trials: u32,
    /// Those among them that hold the item.
    pub(crate) hits: u32,
    /// People behind the trials.
    pub(crate) owners: u32,
    /// People behind the hits.
    pub(crate) people: u32,
}

/// The strength of an item's repeat purchases: `sqrt((hits + a m) / (trials + a))`, where a trial is a basket of
/// someone who has bought the item before, a hit is a trial that holds it, `m` the shop's hits over trials, and `a` the
/// prior trials (the posterior mean under a beta prior: Gelman et al., "Bayesian Data Analysis", 3rd ed., eq. 2.5).
/// The root tempers rare items' rates: +.0006 of recall on Ta-Feng's validation baskets.
pub fn rebuy(histories: &Histories, n_items: usize, params: &RebuyParams) -> RebuyValues {
    values(&repeats(histories, n_items), params)
}

fn values(repeats: &[Repeats], params: &RebuyParams) -> RebuyValues {
    let n_hits: u64 = repeats.iter().map(|item| u64::from(item.hits)).sum();
    let n_trials: u64 = repeats.iter().map(|item| u64::from(item.trials)).sum();
    if n_hits == 0 {
        return RebuyValues { strengths: Vec::new(), average: 0, n_hidden: 0 };
    }
    let mean = exact(n_hits) / exact(n_trials);
    let is_hidden = |item: &Repeats| item.hits > 0 && item.people < params.min_people;
    let root = |item: &Repeats| {
        let n_hits = if is_hidden(item) { 0.0 } else { f64::from(item.hits) };
        if item.owners < params.min_people {
            return mean.sqrt();
        }
        let n_trials = f64::from(item.trials) + params.prior_trials;
        if n_trials > 0.0 { ((n_hits + params.prior_trials * mean) / n_trials).sqrt() } else { 0.0 }
    };
    let roots: Vec<f64> = repeats.iter().map(root).collect();
    let largest = roots.iter().copied().fold(mean.sqrt(), f64::max);
    let n_hidden = repeats.iter().filter(|item| is_hidden(item)).count();
    RebuyValues {
        strengths: roots.iter().map(|root| quantised(root / largest)).collect(),
        average: quantised(mean.sqrt() / largest),
        // Cannot fail: items are numbered by `u32`.
        n_hidden: u32::try_from(n_hidden).unwrap_or(u32::MAX),
    }
}

/// Walks every person's baskets once, with the items they have had so far.
pub(crate) fn repeats(histories: &Histories, n_items: usize) -> Vec<Repeats> {
    let mut counts = vec![Repeats::default(); n_items];
    for baskets in histories.persons() {
        let mut owned: Vec<ItemIdx> = Vec::new();
        let mut again: Vec<ItemIdx> = Vec::new();
        for (at, basket) in baskets.iter().enumerate() {
            // What the last basket brings is never tried.
            let is_last = at + 1 == baskets.len();
            for item in &owned {
                let count = &mut counts[item.index()];
                count.trials += 1;
                if basket.binary_search(item).is_ok() {
                    count.hits += 1;
                    again.push(*item);
                }
            }
            if is_last {
                for item in &owned {
                    counts[item.index()].owners += 1;
                }
            }
            owned.extend(basket);
            owned.sort_unstable();
            owned.dedup();
        }
        again.sort_unstable();
        again.dedup();
        for item in again {
            counts[item.index()].people += 1;
        }
    }
    counts
}

/// The nearest step of 1/255 in `1..=255`.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped first")]
fn quantised(share: f64) -> u8 {
    (share * 255.0 + 0.5).clamp(1.0, 255.0) as u8
}

/// A count as a real number. Exact: counts are below 2^53.
#[expect(clippy::cast_precision_loss, reason = "counts are below 2^53")]
fn exact(n: u64) -> f64 {
    n as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shop() -> Vec<Vec<Vec<ItemIdx>>> {
        let person = |baskets: &[&[u32]]| {
            baskets.iter().map(|basket| basket.iter().copied().map(ItemIdx).collect()).collect()
        };
        vec![
            person(&[&[0, 1], &[0], &[0, 2], &[1]]),
            person(&[&[0], &[2], &[0]]),
            person(&[&[3], &[0, 3], &[0, 3]]),
            person(&[&[1, 2]]),
        ]
    }

    /// By the definition: every pair of an earlier basket and a later one.
    fn naive(persons: &[Vec<Vec<ItemIdx>>], item: ItemIdx) -> Repeats {
        let mut counts = Repeats::default();
        for baskets in persons {
            let holds = |at: usize| baskets[at].contains(&item);
            let trials: Vec<usize> = (0..baskets.len()).filter(|&at| (0..at).any(holds)).collect();
            let n_hits = trials.iter().filter(|&&at| holds(at)).count();
            counts.trials += u32::try_from(trials.len()).unwrap();
            counts.hits += u32::try_from(n_hits).unwrap();
            counts.owners += u32::from(!trials.is_empty());
            counts.people += u32::from(n_hits > 0);
        }
        counts
    }

    #[test]
    fn counts_agree_with_the_definition() {
        let expected: Vec<Repeats> = (0..5).map(|item| naive(&shop(), ItemIdx(item))).collect();
        assert_eq!(repeats(&Histories::new(shop()), 5), expected);
        assert_eq!(expected[0], Repeats { trials: 6, hits: 4, owners: 3, people: 3 });
    }

    #[test]
    fn the_order_of_people_does_not_matter() {
        let mut backward = shop();
        backward.reverse();
        let params = RebuyParams::default();
        let forward = rebuy(&Histories::new(shop()), 5, &params);
        assert_eq!(rebuy(&Histories::new(backward), 5, &params), forward);
    }

    #[test]
    fn repeats_of_too_few_people_are_not_told() {
        let histories = Histories::new(shop());
        let told =
            |min_people| rebuy(&histories, 5, &RebuyParams { prior_trials: 2.0, min_people });
        assert!(told(1).strengths[3] > told(1).average);
        assert_eq!(told(2).strengths[3], told(2).average, "one person has it");
        assert_eq!((told(1).n_hidden, told(2).n_hidden, told(3).n_hidden), (0, 2, 2));
        assert!(told(3).strengths[0] > told(3).average, "three people rebought it");
    }

    #[test]
    fn an_endless_prior_makes_all_items_average() {
        let params = RebuyParams { prior_trials: 1e9, min_people: 1 };
        let values = rebuy(&Histories::new(shop()), 5, &params);
        assert_eq!(values.strengths, [255; 5]);
        assert_eq!(rebuy(&Histories::default(), 5, &params).strengths, [0u8; 0]);
    }
}
