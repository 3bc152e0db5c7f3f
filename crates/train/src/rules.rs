//! Association rules with two or three antecedents: what a basket wants that no single item of it says.
//!
//! Sets of antecedents are found depth first over row lists, as Eclat does (Zaki, "Scalable algorithms for association
//! mining", TKDE 12(3), 2000, section 4): a set's rows are the intersection of a smaller set's rows with one item's.
//! Memory is one row list per antecedent and one counter per item, for each thread, besides the counts of pairs with
//! enough rows and the rules themselves. Work is the rows of every set with enough of them, times their lengths.

mod measures;

use std::cmp::Ordering;

use edgewise_core::{AntecedentRules, ItemIdx, MAX_ANTECEDENTS, WeightedItem};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

pub use measures::RuleCounts;

use crate::neighbourhood::exact;
use crate::observations::Observations;
use crate::pairs::Support;
use crate::params::{TrainError, check_range};

/// What rules are made with.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RuleParams {
    /// Most antecedents of a rule. `2`: pairs. `3`: triples too, with work that grows with the cube of a basket.
    /// Range `2..=3`.
    pub max_antecedents: u32,
    /// Best rules kept per target item. `1`: the smallest bundle. `1024`: nearly every rule. Range `1..=1024`.
    pub rules_per_target: u32,
    /// Best targets kept per set of antecedents. `1`: only the surest. `1024`: nearly all. Range `1..=1024`.
    pub targets_per_set: u32,
    /// Least confidence of a rule over the best rule of fewer antecedents for the same target. `1.0`: every rule that
    /// is no worse than a part of it. `10.0`: only what no single item suggests. Range `1.0..=1000.0`.
    pub min_improvement: f64,
}

impl Default for RuleParams {
    fn default() -> RuleParams {
        RuleParams {
            max_antecedents: 2,
            rules_per_target: 50,
            targets_per_set: 20,
            min_improvement: 1.1,
        }
    }
}

impl RuleParams {
    /// Refuses settings that are out of range.
    ///
    /// # Errors
    /// [`TrainError::OutOfRange`] names the setting.
    pub fn check(&self) -> Result<(), TrainError> {
        check_range("max_antecedents", self.max_antecedents.into(), 2.0, 3.0)?;
        check_range("rules_per_target", self.rules_per_target.into(), 1.0, 1_024.0)?;
        check_range("targets_per_set", self.targets_per_set.into(), 1.0, 1_024.0)?;
        check_range("min_improvement", self.min_improvement, 1.0, 1_000.0)
    }
}

/// Rules, and what was left out of them.
#[derive(Clone, Debug, PartialEq)]
pub struct LearntRules {
    /// The rules by antecedents, ascending by their highest row, then by the other rows.
    pub sets: Vec<AntecedentRules>,
    /// Rules that passed every other test and had too few people behind them.
    pub n_removed: u64,
}

/// A rule before the cuts.
#[derive(Clone, Debug)]
struct Rule {
    antecedents: Vec<ItemIdx>,
    target: ItemIdx,
    confidence: f64,
}

/// Finds the rules of a matrix. The weight of a rule is its confidence.
///
/// Rules are a pinch of salt to lists of single items: on Online Retail's baskets (validation, HR@20/MRR@20) lists
/// weighted by random walks find .4069/.1479, with a tenth of the rules' confidence added .4116/.1545 (rules of 15 rows;
/// of 8 rows .4203/.1541), with all of it .3707/.1261; rules alone .1459/.0804, and triples nothing more.
///
/// A rule stays when its rows and people suffice (`support` is of antecedents and target together), its lift is above
/// one, and its confidence is at least `min_improvement` times that of every rule with some of its antecedents
/// (Bayardo, Agrawal & Gunopulos, "Constraint-based rule mining in large, dense databases", ICDE 1999, section 2:
/// improvement, here as a ratio).
pub fn rules(observations: &Observations, support: Support, params: &RuleParams) -> LearntRules {
    let firsts: Vec<ItemIdx> = observations.all_items().collect();
    let pairs: Vec<Vec<(ItemIdx, u32)>> = firsts
        .par_iter()
        .map_init(
            || Miner::new(observations, &[], support, params),
            |miner, &first| {
                let mut companions = miner.companions(observations.rows(first).ids, &[first]);
                companions.sort_unstable();
                companions
            },
        )
        .collect();
    let found: Vec<(Vec<Rule>, u64)> = firsts
        .into_par_iter()
        .map_init(|| Miner::new(observations, &pairs, support, params), Miner::rules_from)
        .collect();
    let n_removed = found.iter().map(|found| found.1).sum();
    let rules = found.into_iter().flat_map(|found| found.0).collect();
    LearntRules { sets: cut(rules, params), n_removed }
}

/// Mines the sets that begin with one item after another. One per thread; every item leaves it clean.
struct Miner<'o> {
    observations: &'o Observations,
    /// Per item, its companions with rows enough, ascending, with the rows that hold both.
    pairs: &'o [Vec<(ItemIdx, u32)>],
    support: Support,
    params: &'o RuleParams,
    n_rows_with: Vec<u32>,
    found: Vec<Rule>,
    n_removed: u64,
}

impl<'o> Miner<'o> {
    fn new(
        observations: &'o Observations,
        pairs: &'o [Vec<(ItemIdx, u32)>],
        support: Support,
        params: &'o RuleParams,
    ) -> Miner<'o> {
        let (n_rows_with, found) = (vec![0; observations.n_items()], Vec::new());
        Miner { observations, pairs, support, params, n_rows_with, found, n_removed: 0 }
    }

    fn rules_from(&mut self, first: ItemIdx) -> (Vec<Rule>, u64) {
        let rows = self.observations.rows(first).ids.to_vec();
        self.extend(&[first], &rows);
        (std::mem::take(&mut self.found), std::mem::take(&mut self.n_removed))
    }

    /// Tells the rules of a set whose rows are given, and goes on to every larger set with higher items.
    fn extend(&mut self, set: &[ItemIdx], rows: &[u32]) {
        let companions = self.companions(rows, set);
        if set.len() >= 2 {
            for &(target, n_rows) in &companions {
                self.consider(
                    set,
                    target,
                    RuleCounts {
                        n_rows: exact(self.observations.n_rows()),
                        n_antecedents: exact(rows.len()),
                        n_target: exact(self.observations.rows(target).ids.len()),
                        n_both: f64::from(n_rows),
                    },
                    rows,
                );
            }
        }
        let most = (self.params.max_antecedents as usize).min(MAX_ANTECEDENTS);
        // Cannot fail: a set begins with one item.
        let Some(&last) = set.last().filter(|_| set.len() < most) else { return };
        for &(next, _) in companions.iter().filter(|companion| companion.0 > last) {
            let larger: Vec<ItemIdx> = set.iter().copied().chain([next]).collect();
            let both = intersection(rows, self.observations.rows(next).ids);
            self.extend(&larger, &both);
        }
    }

    /// The other items with rows enough among some rows, in no useful order.
    fn companions(&mut self, rows: &[u32], set: &[ItemIdx]) -> Vec<(ItemIdx, u32)> {
        let mut touched = Vec::new();
        for &row in rows {
            for &item in self.observations.items(row).ids {
                let count = &mut self.n_rows_with[item as usize];
                if *count == 0 {
                    touched.push(ItemIdx(item));
                }
                *count += 1;
            }
        }
        let mut companions = Vec::new();
        for item in touched {
            let n_rows = std::mem::take(&mut self.n_rows_with[item.index()]);
            if n_rows >= self.support.min_rows && !set.contains(&item) {
                companions.push((item, n_rows));
            }
        }
        companions
    }

    fn consider(&mut self, set: &[ItemIdx], target: ItemIdx, counts: RuleCounts, rows: &[u32]) {
        if counts.lift() <= 1.0 {
            return;
        }
        let needed = counts.confidence() / self.params.min_improvement;
        // Single items first: their counts are at hand, and most sets fall here.
        if set.iter().any(|&item| self.pair_confidence(item, target) > needed)
            || pairs_of(set).any(|pair| self.confidence(pair, target) > needed)
        {
            return;
        }
        let both = intersection(rows, self.observations.rows(target).ids);
        if n_people(self.observations, &both) < self.support.min_people {
            self.n_removed += 1;
            return;
        }
        let (antecedents, confidence) = (set.to_vec(), counts.confidence());
        self.found.push(Rule { antecedents, target, confidence });
    }

    /// Of a pair whose rows suffice, as those of every part of a set do.
    fn pair_confidence(&self, item: ItemIdx, target: ItemIdx) -> f64 {
        let companions = &self.pairs[item.index()];
        let found = companions.binary_search_by_key(&target, |companion| companion.0);
        let n_both = found.map_or(0, |at| companions[at].1);
        f64::from(n_both) / exact(self.observations.rows(item).ids.len())
    }

    fn confidence(&self, pair: [ItemIdx; 2], target: ItemIdx) -> f64 {
        let [a, b] = pair.map(|item| self.observations.rows(item).ids);
        let rows = intersection(a, b);
        let n_both = n_shared(&rows, self.observations.rows(target).ids);
        exact(n_both) / exact(rows.len())
    }
}

/// The pairs of a set of three; a pair has none that is not itself.
fn pairs_of(set: &[ItemIdx]) -> impl Iterator<Item = [ItemIdx; 2]> {
    let pairs: &[[usize; 2]] = if set.len() == 3 { &[[0, 1], [0, 2], [1, 2]] } else { &[] };
    pairs.iter().map(|pair| pair.map(|at| set[at]))
}

/// The best rules per target, then per set; sets in their packed order.
fn cut(mut rules: Vec<Rule>, params: &RuleParams) -> Vec<AntecedentRules> {
    let surest = |a: &Rule, b: &Rule| {
        b.confidence
            .total_cmp(&a.confidence)
            .then_with(|| packed_order(&a.antecedents, &b.antecedents))
    };
    rules.sort_unstable_by(|a, b| a.target.cmp(&b.target).then_with(|| surest(a, b)));
    let mut kept: Vec<Rule> = rules
        .chunk_by(|a, b| a.target == b.target)
        .flat_map(|rules| rules.iter().take(params.rules_per_target as usize).cloned())
        .collect();
    kept.sort_unstable_by(|a, b| {
        packed_order(&a.antecedents, &b.antecedents)
            .then(b.confidence.total_cmp(&a.confidence))
            .then(a.target.cmp(&b.target))
    });
    kept.chunk_by(|a, b| a.antecedents == b.antecedents)
        .map(|rules| {
            let mut targets: Vec<WeightedItem> = rules
                .iter()
                .take(params.targets_per_set as usize)
                .map(|rule| WeightedItem { item: rule.target, weight: rule.confidence })
                .collect();
            targets.sort_unstable_by_key(|entry| entry.item);
            AntecedentRules { antecedents: rules[0].antecedents.clone(), targets }
        })
        .collect()
}

/// By the highest row, then by the others.
fn packed_order(a: &[ItemIdx], b: &[ItemIdx]) -> Ordering {
    a.last().cmp(&b.last()).then_with(|| a.cmp(b))
}

/// The rows of both lists, which ascend.
fn intersection(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut both = Vec::with_capacity(a.len().min(b.len()));
    each_shared(a, b, |row| both.push(row));
    both
}

fn n_shared(a: &[u32], b: &[u32]) -> usize {
    let mut n = 0;
    each_shared(a, b, |_| n += 1);
    n
}

fn each_shared(a: &[u32], b: &[u32], mut visit: impl FnMut(u32)) {
    let (mut a, mut b) = (a.iter(), b.iter());
    let (mut left, mut right) = (a.next(), b.next());
    while let (Some(x), Some(y)) = (left, right) {
        match x.cmp(y) {
            Ordering::Less => left = a.next(),
            Ordering::Greater => right = b.next(),
            Ordering::Equal => {
                visit(*x);
                (left, right) = (a.next(), b.next());
            }
        }
    }
}

/// Distinct people behind rows, which ascend: the rows of a person are neighbours.
fn n_people(observations: &Observations, rows: &[u32]) -> u32 {
    let mut n = 0;
    let mut last = None;
    for person in rows.iter().filter_map(|&row| observations.person(row)) {
        n += u32::from(last != Some(person));
        last = Some(person);
    }
    n
}

#[cfg(test)]
mod tests;
