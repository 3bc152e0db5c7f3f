//! Rules of several antecedents: what the cart as a whole wants, besides what each of its items does.
//!
//! A rule is found from the highest row among its antecedents: so the rules that are looked at are those of the cart's
//! own items, however many the model holds.

use alloc::vec::Vec;

use crate::ids::ItemIdx;
use crate::model::Weighted;
use crate::query::MAX_CART;
use crate::values::WeightedItem;

/// Most antecedents of one rule.
pub const MAX_ANTECEDENTS: usize = 3;

/// The rules of one set of antecedents, before they are packed.
#[derive(Clone, Debug, PartialEq)]
pub struct AntecedentRules {
    /// The items that must all be in the cart, ascending by row: 2 to [`MAX_ANTECEDENTS`].
    pub antecedents: Vec<ItemIdx>,
    /// What they lead to, ascending by row; none of the antecedents. The weight is the rule's confidence.
    pub targets: Vec<WeightedItem>,
}

/// The antecedents of a rule besides the highest one, ascending.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Others {
    items: [ItemIdx; MAX_ANTECEDENTS - 1],
    n: usize,
}

impl Others {
    /// Appends an item; `false` when there is no room.
    pub fn push(&mut self, item: ItemIdx) -> bool {
        let Some(place) = self.items.get_mut(self.n) else { return false };
        *place = item;
        self.n += 1;
        true
    }

    /// The items.
    pub fn as_slice(&self) -> &[ItemIdx] {
        self.items.get(..self.n).unwrap_or(&[])
    }
}

/// The rules of one set of antecedents, as a view gives them.
#[derive(Clone, Debug)]
pub struct RuleSet<T> {
    /// The other antecedents.
    pub others: Others,
    /// What they lead to, ascending by row.
    pub targets: T,
}

/// A read-only collection of rules. Implementations never panic: a row outside the model has no rules.
pub trait Rules {
    /// The targets of one set.
    type Targets: Iterator<Item = Weighted>;

    /// The rules whose highest antecedent is `highest`.
    fn rules_of(&self, highest: ItemIdx) -> impl Iterator<Item = RuleSet<Self::Targets>>;
}

/// What one rule adds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RuleContribution {
    /// The item it leads to. It may be in the cart.
    pub candidate: ItemIdx,
    /// The antecedent with the highest row.
    pub highest: ItemIdx,
    /// The other antecedents.
    pub others: Others,
    /// What it adds: the rule's weight.
    pub score: u64,
}

/// Visits every rule whose antecedents are all among the first [`MAX_CART`] items of the cart: by highest antecedent
/// ascending, then in the order of the rules. Work grows with the rules of the cart's items, not with the catalogue.
pub fn each_rule<R: Rules>(rules: &R, cart: &[ItemIdx], mut visit: impl FnMut(RuleContribution)) {
    let mut items: Vec<ItemIdx> = Vec::with_capacity(cart.len().min(MAX_CART));
    for item in cart.iter().take(MAX_CART) {
        if let Err(at) = items.binary_search(item) {
            items.insert(at, *item);
        }
    }
    for &highest in &items {
        for RuleSet { others, targets } in rules.rules_of(highest) {
            if !others.as_slice().iter().all(|other| items.binary_search(other).is_ok()) {
                continue;
            }
            for Weighted { item, weight } in targets {
                let score = u64::from(weight);
                visit(RuleContribution { candidate: item, highest, others, score });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Antecedents, target, weight.
    type Plain = (Vec<u32>, u32, u32);

    struct Few(Vec<Plain>);

    impl Rules for Few {
        type Targets = core::array::IntoIter<Weighted, 1>;

        fn rules_of(&self, highest: ItemIdx) -> impl Iterator<Item = RuleSet<Self::Targets>> {
            self.0.iter().filter(move |rule| rule.0.last() == Some(&highest.0)).map(|rule| {
                let mut others = Others::default();
                for &row in rule.0.split_last().unwrap().1 {
                    assert!(others.push(ItemIdx(row)));
                }
                let target = Weighted { item: ItemIdx(rule.1), weight: rule.2 };
                RuleSet { others, targets: [target].into_iter() }
            })
        }
    }

    fn few() -> Few {
        let rules: [(&[u32], u32, u32); 5] = [
            (&[0, 1], 2, 9),
            (&[0, 3], 4, 8),
            (&[1, 3], 0, 7),
            (&[0, 1, 3], 5, 6),
            (&[2, 9], 1, 5),
        ];
        Few(rules.map(|(set, target, weight)| (set.to_vec(), target, weight)).into())
    }

    fn found(cart: &[u32]) -> Vec<(Vec<u32>, u32, u64)> {
        let cart: Vec<ItemIdx> = cart.iter().copied().map(ItemIdx).collect();
        let mut found = Vec::new();
        each_rule(&few(), &cart, |part| {
            let others = part.others.as_slice().iter().map(|item| item.0);
            let set = others.chain([part.highest.0]).collect();
            found.push((set, part.candidate.0, part.score));
        });
        found
    }

    #[test]
    fn every_rule_within_the_cart_fires_once_and_no_other() {
        for mask in 0u32..1 << 10 {
            let cart: Vec<u32> = (0..10).filter(|item| mask >> item & 1 == 1).collect();
            let mut expected: Vec<(Vec<u32>, u32, u64)> = few()
                .0
                .into_iter()
                .filter(|rule| rule.0.iter().all(|item| cart.contains(item)))
                .map(|(set, target, weight)| (set, target, weight.into()))
                .collect();
            expected.sort_by_key(|rule| rule.0.last().copied());
            assert_eq!(found(&cart), expected);
        }
    }

    #[test]
    fn the_order_of_the_cart_and_repeats_do_not_matter() {
        assert_eq!(found(&[3, 0, 1, 0, 3]), found(&[0, 1, 3]));
        assert_eq!(found(&[]), []);
    }

    #[test]
    fn others_are_full_at_one_less_than_a_rule() {
        let mut others = Others::default();
        assert!(others.push(ItemIdx(1)) && others.push(ItemIdx(2)) && !others.push(ItemIdx(3)));
        assert_eq!(others.as_slice(), [ItemIdx(1), ItemIdx(2)]);
    }
}
