//! The order of a model's rows: related items stand together, so that a list's rows are near its item's own and take few
//! bits, and a visit touches few pages of a bundle.
//!
//! Items that no list names come last, as they stood.

mod bisection;

use edgewise_core::{AntecedentRules, ItemIdx, ModelValues, Relation, WeightedItem};

use crate::train::inverse;
use bisection::bisect;

/// Gives the model's rows another order; returns the new row of each old one.
pub(crate) fn arrange(values: &mut ModelValues) -> Vec<ItemIdx> {
    let order = order(values);
    let new_rows = inverse(&order);
    let new = |old: ItemIdx| new_rows[old.index()];
    permute(&mut values.items, &order);
    permute(&mut values.rebuy, &order);
    for lists in [&mut values.similar, &mut values.together, &mut values.next, &mut values.content]
    {
        permute(lists, &order);
        for list in lists {
            rename(list, new);
            list.sort_unstable_by_key(|entry| entry.item);
        }
    }
    if let Some(seasons) = &mut values.seasons {
        permute(&mut seasons.factors, &order);
    }
    for ranking in values.rankings.iter_mut().chain(&mut values.trending) {
        rename(ranking, new);
        ranking.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.item.cmp(&b.item)));
    }
    if let Some(index) = &mut values.sessions {
        permute(&mut index.postings, &order);
        permute(&mut index.item_weights, &order);
        for session in &mut index.sessions {
            session.items.iter_mut().for_each(|item| *item = new(*item));
        }
    }
    rename_rules(values, new);
    new_rows
}

/// Entry `r` is the old row of what becomes row `r`.
fn order(values: &ModelValues) -> Vec<ItemIdx> {
    let n_items = values.items.len();
    let lists: Vec<Vec<u32>> = Relation::LISTED
        .into_iter()
        .flat_map(|relation| (0..).zip(values.lists(relation)))
        .filter(|(_, list)| !list.is_empty())
        .map(|(own, list)| list.iter().map(|entry| entry.item.0).chain([own]).collect())
        .collect();
    let mut is_named = vec![false; n_items];
    lists.iter().flatten().for_each(|&item| is_named[item as usize] = true);
    // Numbers among the items that lists name, and back.
    let named: Vec<u32> =
        (0..).take(n_items).filter(|&item: &u32| is_named[item as usize]).collect();
    let mut number = vec![u32::MAX; n_items];
    for (at, &item) in (0..).zip(&named) {
        number[item as usize] = at;
    }
    let lists: Vec<Vec<u32>> = lists
        .into_iter()
        .map(|list| list.into_iter().map(|item| number[item as usize]).collect())
        .collect();
    let order = bisect(named.len(), lists.iter().map(Vec::as_slice));
    let unnamed = (0..).take(n_items).filter(|&item: &u32| !is_named[item as usize]);
    order.into_iter().map(|at| named[at as usize]).chain(unnamed).map(ItemIdx).collect()
}

/// Nothing, or one entry per item: entry `r` becomes what entry `order[r]` was.
fn permute<T: Default>(entries: &mut Vec<T>, order: &[ItemIdx]) {
    if !entries.is_empty() {
        *entries = order.iter().map(|old| std::mem::take(&mut entries[old.index()])).collect();
    }
}

fn rename(list: &mut [WeightedItem], new: impl Fn(ItemIdx) -> ItemIdx) {
    for entry in list {
        entry.item = new(entry.item);
    }
}

fn rename_rules(values: &mut ModelValues, new: impl Fn(ItemIdx) -> ItemIdx) {
    for set in &mut values.rules {
        set.antecedents.iter_mut().for_each(|item| *item = new(*item));
        set.antecedents.sort_unstable();
        rename(&mut set.targets, &new);
        set.targets.sort_unstable_by_key(|entry| entry.item);
    }
    let by_highest = |set: &AntecedentRules| {
        let (highest, others) =
            set.antecedents.split_last().map_or((None, &[][..]), |(h, o)| (Some(*h), o));
        (highest, others.to_vec())
    };
    values.rules.sort_by_cached_key(by_highest);
}
