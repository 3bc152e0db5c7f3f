//! A shop's own log, cut at a moment: one training part for all, and the questions that each placement can be asked.

use std::collections::{BTreeMap, BTreeSet};

use edgewise_core::{EventKind, Interaction, Interactions, ItemIdx, Placement};

use super::Repeats;
use super::sequence::{by_order, by_user, history};
use crate::case::{Case, UnitIdx};
use crate::random::Random;

/// When to cut, and what is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShopCut {
    /// Orders that begin at or after this moment are asked about, in seconds since 1970-01-01T00:00:00Z.
    pub cut_s: i64,
    /// The same seed, the same held-out and page items.
    pub seed: u64,
}

/// What a shop's own log can be asked, placement by placement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Question {
    /// Start page: which items that are new to a known user does the user take after the cut.
    NewItems,
    /// Start page: what does a known user take after the cut, repeats included.
    AnyItems,
    /// Cart: which item of a newer basket was held out.
    Cart,
    /// Item page: what else did the newer order or session hold, whatever was done with it.
    Item,
    /// Item page: what else did the newer basket hold.
    Together,
}

/// Why a log cannot be asked a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unasked {
    /// No row has a user.
    NoUsers,
    /// No row has an order or session.
    NoOrders,
    /// Every row is a look at an item.
    NoBaskets,
    /// Less than [`OFTEN`] of what people take they took before.
    FewRepeats,
    /// The newer part has no user of the older one, or no basket of two items.
    NoCases,
}

/// A log, cut.
#[derive(Clone, Debug, PartialEq)]
pub struct ShopSplit {
    /// What may be learnt from: orders that begin before the cut, rows without an order from before it, and rows without
    /// a time.
    pub train: Interactions,
    /// All other rows, which the questions are made of.
    pub test: Interactions,
    /// Every question with its cases, at least one, or with why it has none.
    pub questions: Vec<(Question, Result<Vec<Case>, Unasked>)>,
}

/// Share of what people take that they took in an earlier order, from which it makes sense to ask for repeats.
pub const OFTEN: f64 = 0.15;

impl Question {
    /// Every question.
    pub const ALL: [Question; 5] = [
        Question::NewItems,
        Question::AnyItems,
        Question::Cart,
        Question::Item,
        Question::Together,
    ];

    /// The placement that answers.
    pub const fn placement(self) -> Placement {
        match self {
            Question::NewItems | Question::AnyItems => Placement::Home,
            Question::Cart => Placement::Cart,
            Question::Item => Placement::Item,
            Question::Together => Placement::Together,
        }
    }
}

impl Unasked {
    /// As a clause.
    pub const fn reason(self) -> &'static str {
        match self {
            Unasked::NoUsers => "the log names no users",
            Unasked::NoOrders => "the log has no orders or sessions",
            Unasked::NoBaskets => "the log has looks only, nothing put into a cart or bought",
            Unasked::FewRepeats => "people hardly ever take again what they took before",
            Unasked::NoCases => "nobody and nothing of the newest part has anything to ask about",
        }
    }
}

/// Cuts a log and makes the questions. An order lies wholly on the side on which it begins, so that no basket is learnt
/// from in part and asked about in part.
///
/// A case's unit is the user where there is one, else the order: several baskets of one user are not independent.
pub fn shop(log: &Interactions, cut: ShopCut) -> ShopSplit {
    let (train, test) = sides(log, cut.cut_s);
    let orders = by_order(&test);
    let of = |question| match question {
        Question::NewItems => homes(&train, &test, cut.cut_s, Repeats::NewOnly),
        Question::AnyItems if repeat_share(&train) < OFTEN && train.n_users > 0 => {
            Err(Unasked::FewRepeats)
        }
        Question::AnyItems => homes(&train, &test, cut.cut_s, Repeats::Allowed),
        Question::Cart | Question::Item | Question::Together => {
            baskets(log, &orders, question, cut.seed)
        }
    };
    let cases_of = |question| {
        let found = of(question);
        (
            question,
            found
                .and_then(|cases| if cases.is_empty() { Err(Unasked::NoCases) } else { Ok(cases) }),
        )
    };
    let questions = Question::ALL.map(cases_of).into();
    ShopSplit { train, test, questions }
}

/// The older and the newer rows.
fn sides(log: &Interactions, cut_s: i64) -> (Interactions, Interactions) {
    let mut begins: BTreeMap<u32, i64> = BTreeMap::new();
    for row in &log.rows {
        if let (Some(order), Some(time_s)) = (row.order, row.time_s) {
            let begin = begins.entry(order.0).or_insert(time_s);
            *begin = time_s.min(*begin);
        }
    }
    let begin = |row: &Interaction| {
        row.order.and_then(|order| begins.get(&order.0).copied()).or(row.time_s)
    };
    let is_newer = |row: &&Interaction| begin(row).is_some_and(|begin| begin >= cut_s);
    let (newer, older): (Vec<&Interaction>, Vec<&Interaction>) =
        log.rows.iter().partition(is_newer);
    let side = |rows: Vec<&Interaction>| Interactions {
        rows: rows.into_iter().copied().collect(),
        ..*log
    };
    (side(older), side(newer))
}

/// One case per user with rows on both sides.
fn homes(
    train: &Interactions,
    test: &Interactions,
    cut_s: i64,
    repeats: Repeats,
) -> Result<Vec<Case>, Unasked> {
    if train.rows.iter().chain(&test.rows).all(|row| row.user.is_none()) {
        return Err(Unasked::NoUsers);
    }
    let before: BTreeMap<u32, Vec<Interaction>> = by_user(train).into_iter().collect();
    let case = |(user, after): (u32, Vec<Interaction>)| {
        let before = before.get(&user)?;
        let known: BTreeSet<ItemIdx> = before.iter().map(|row| row.item).collect();
        let counts = |item: &ItemIdx| repeats == Repeats::Allowed || !known.contains(item);
        let relevant = distinct(after.iter().map(|row| row.item).filter(counts));
        (!relevant.is_empty()).then(|| Case {
            history: history(before, Some(cut_s)),
            seen: repeats.seen(),
            relevant,
            ..Case::new(UnitIdx(user), Placement::Home)
        })
    };
    Ok(by_user(test).into_iter().filter_map(case).collect())
}

/// One case per newer order of two different items or more.
fn baskets(
    log: &Interactions,
    orders: &[(u32, Vec<Interaction>)],
    question: Question,
    seed: u64,
) -> Result<Vec<Case>, Unasked> {
    if log.rows.iter().all(|row| row.order.is_none()) {
        return Err(Unasked::NoOrders);
    }
    let is_look = |row: &Interaction| row.kind == EventKind::View;
    let counts = |row: &&Interaction| question == Question::Item || !is_look(row);
    if question != Question::Item && log.rows.iter().all(is_look) {
        return Err(Unasked::NoBaskets);
    }
    let case = |(order, rows): &(u32, Vec<Interaction>)| {
        let mut items = distinct(rows.iter().filter(counts).map(|row| row.item));
        if items.len() < 2 {
            return None;
        }
        let unit = rows
            .iter()
            .find_map(|row| row.user)
            .map_or(log.n_users.saturating_add(*order), |user| user.0);
        let drawn = items.remove(Random::new(seed, stream(rows)).below(items.len()));
        let case = Case::new(UnitIdx(unit), question.placement());
        Some(match question {
            Question::Cart => Case { cart: items, relevant: vec![drawn], ..case },
            _ => Case { item: Some(drawn), relevant: items, ..case },
        })
    };
    Ok(orders.iter().filter_map(case).collect())
}

/// What an order draws by: its times and items, and not its number, which depends on where in the files it stands.
/// FNV-1a (Fowler, Noll & Vo), a number at a time in place of a byte.
fn stream(rows: &[Interaction]) -> u64 {
    let numbers =
        rows.iter().flat_map(|row| [row.time_s.unwrap_or(0).cast_unsigned(), row.item.0.into()]);
    numbers
        .fold(0xcbf2_9ce4_8422_2325, |hash, number| (hash ^ number).wrapping_mul(0x0100_0000_01b3))
}

/// Share of what users take, an item of an order at a time, that repeats an earlier order's.
fn repeat_share(log: &Interactions) -> f64 {
    let takes: BTreeSet<_> =
        log.rows.iter().filter_map(|row| Some((row.user?, row.item, row.order))).collect();
    let firsts: BTreeSet<_> = takes.iter().map(|&(user, item, _)| (user, item)).collect();
    #[expect(clippy::cast_precision_loss, reason = "counts of rows are below 2^53")]
    let share = (takes.len() - firsts.len()) as f64 / takes.len().max(1) as f64;
    share
}

fn distinct(items: impl Iterator<Item = ItemIdx>) -> Vec<ItemIdx> {
    let mut items: Vec<ItemIdx> = items.collect();
    items.sort_unstable();
    items.dedup();
    items
}

#[cfg(test)]
mod tests;
