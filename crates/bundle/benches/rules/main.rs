//! What rules and diversity add to a warm answer of 20 results, natively.
//!
//! `cargo bench -p edgewise-bundle --bench rules -- "$PWD/shop.bundle"`; the path must be absolute. Every item gets one of
//! 50 categories and one of 400 brands by a hash of its row, so that rules have something to ask about whatever the bundle
//! holds. Prints one CSV line a figure: the median of an answer, and what it takes more than one without rules; the
//! configurations take turns, so that what else the machine does is shared by all.

use std::fs;
use std::io::{self, Write};
use std::ops::Range;
use std::process::ExitCode;
use std::time::Instant;

use edgewise_bundle::Bundle;
use edgewise_core::condition::{Condition, ConditionBuilder, Word};
use edgewise_core::policy::{Action, Policy, Rule};
use edgewise_core::{
    AttributeIdx, Audience, CategoryIdx, Context, Event, ItemIdx, Model, Placement, Query,
    RegionIdx, Relation, Scoring, Scratch, Seen, Weighted, recommend_with,
};

/// Results of an answer.
const K: usize = 20;
/// Items of a visitor's history: on check-ins, 5 have about 200 candidates.
const HISTORIES: [usize; 2] = [5, 20];
/// Visitors.
const N_VISITORS: usize = 256;
/// How often each of them is answered.
const N_ROUNDS: usize = 40;
/// Values of the two attributes.
const N_VALUES: [u32; 2] = [50, 400];

const CATEGORY: AttributeIdx = AttributeIdx(0);
const BRAND: AttributeIdx = AttributeIdx(1);

fn main() -> ExitCode {
    // Cargo itself adds `--bench`.
    let arguments: Vec<String> =
        std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let done = match arguments.as_slice() {
        [bundle] => bench(bundle),
        _ => say(
            "no bundle named: cargo bench -p edgewise-bundle --bench rules -- \"$PWD/shop.bundle\"",
        ),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            _ = say(&format!("error: {error}"));
            ExitCode::FAILURE
        }
    }
}

/// Writes one line to stdout.
fn say(line: &str) -> io::Result<()> {
    writeln!(io::stdout().lock(), "{line}")
}

/// A bundle whose items have a category and a brand, with rules.
struct Shop<'b> {
    bundle: &'b Bundle<'b>,
    values: &'b [[u32; 2]],
    words: Vec<Word>,
}

impl Model for Shop<'_> {
    fn n_items(&self) -> u32 {
        self.bundle.n_items()
    }

    fn neighbours(&self, relation: Relation, of: ItemIdx) -> impl Iterator<Item = Weighted> {
        self.bundle.neighbours(relation, of)
    }

    fn rebuy(&self, item: ItemIdx) -> u8 {
        self.bundle.rebuy(item)
    }

    fn ranking(&self, audience: Audience) -> impl Iterator<Item = Weighted> {
        self.bundle.ranking(audience)
    }

    fn category(&self, item: ItemIdx) -> Option<CategoryIdx> {
        self.first_value(CATEGORY, item).map(CategoryIdx)
    }

    fn has_value(&self, attribute: AttributeIdx, item: ItemIdx, values: Range<u32>) -> bool {
        self.first_value(attribute, item).is_some_and(|value| values.contains(&value))
    }

    fn first_value(&self, attribute: AttributeIdx, item: ItemIdx) -> Option<u32> {
        self.values.get(item.0 as usize)?.get(attribute.0 as usize).copied()
    }

    fn policy(&self) -> Policy<'_> {
        Policy(&self.words)
    }

    fn is_available(&self, item: ItemIdx, region: RegionIdx) -> bool {
        self.bundle.is_available(item, region)
    }

    fn scoring(&self) -> &Scoring {
        self.bundle.scoring()
    }
}

fn bench(path: &str) -> io::Result<()> {
    let bytes = fs::read(path)?;
    let bundle = Bundle::open(&bytes).map_err(io::Error::other)?;
    let hashed = |row: u32| row.wrapping_mul(0x9E37_79B9) >> 8;
    let values: Vec<[u32; 2]> =
        (0..bundle.n_items()).map(|row| N_VALUES.map(|n| hashed(row) % n)).collect();
    let shop = |words| Shop { bundle: &bundle, values: &values, words };
    let mix = [&filters_and_boosts()[..], &[rule(Action::Diversity(77), &[])].concat()].concat();
    let shops = [
        ("no rules", shop(Vec::new())),
        ("3 filters 2 boosts 1 cap", shop(filters_and_boosts())),
        ("diversity 0.3", shop(rule(Action::Diversity(77), &[]))),
        ("all of them", shop(mix)),
    ];
    say("what,config,metric,value,unit")?;
    HISTORIES.into_iter().try_for_each(|n_history| measure(&shops, n_history))
}

fn measure(shops: &[(&str, Shop<'_>); 4], n_history: usize) -> io::Result<()> {
    let visitors = visitors(shops[0].1.bundle, n_history);
    let mut scratches: [Scratch; 4] = Default::default();
    let mut took: [Vec<u128>; 4] = Default::default();
    for visitor in visitors.iter().cycle().take(N_VISITORS * N_ROUNDS) {
        for (at, (_, shop)) in shops.iter().enumerate() {
            let query = query(visitor);
            let started = Instant::now();
            let n_results = recommend_with(&mut scratches[at], shop, &query).len();
            took[at].push(started.elapsed().as_nanos());
            if n_results != K {
                return Err(io::Error::other("an answer is short"));
            }
        }
    }
    let medians = took.map(|mut took| {
        took.sort_unstable();
        took[took.len() / 2]
    });
    for ((name, _), median) in shops.iter().zip(medians) {
        let config = format!("history {n_history} k {K}; {name}");
        let added = median.saturating_sub(medians[0]);
        say(&format!("\"answer with rules\",\"{config}\",p50,{median},ns"))?;
        say(&format!("\"added by rules\",\"{config}\",p50,{added},ns"))?;
    }
    Ok(())
}

fn rule(action: Action, condition: &[Word]) -> Vec<Word> {
    let mut words = Vec::new();
    Rule {
        action,
        placements: u8::MAX,
        set: 0,
        from_minute: 0,
        until_minute: u32::MAX,
        condition: Condition(condition),
    }
    .put(&mut words);
    words
}

/// Two categories are hidden, a fifth of the brands is shown only outside another category, ten brands are boosted and
/// ten buried, and at most three results share a category.
fn filters_and_boosts() -> Vec<Word> {
    let condition = |make: fn(&mut ConditionBuilder)| {
        let mut builder = ConditionBuilder::default();
        make(&mut builder);
        builder.into_words()
    };
    [
        rule(Action::Drop, &condition(|b| b.has_value(CATEGORY, 3..4))),
        rule(
            Action::Drop,
            &condition(|b| {
                b.has_value(CATEGORY, 7..8);
                b.has_value(BRAND, 20..60);
                b.or();
            }),
        ),
        rule(
            Action::Keep,
            &condition(|b| {
                b.has_value(BRAND, 0..320);
                b.has_value(CATEGORY, 9..10);
                b.not();
                b.or();
            }),
        ),
        rule(Action::Boost(384), &condition(|b| b.has_value(BRAND, 100..110))),
        rule(Action::Boost(128), &condition(|b| b.has_value(BRAND, 200..210))),
        rule(Action::Cap { attribute: CATEGORY, n: 3 }, &[]),
    ]
    .concat()
}

/// Histories of popular items, the same in every run.
fn visitors(bundle: &Bundle<'_>, n_history: usize) -> Vec<Vec<Event>> {
    let ranked: Vec<ItemIdx> =
        bundle.ranking(Audience::Everyone).take(4_096).map(|best| best.item).collect();
    let mut state = 1u64;
    let mut below = |n: usize| {
        // Knuth's MMIX generator.
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap_or(0) % n.max(1)
    };
    let mut history = || (0..n_history).map(|_| Event::of(ranked[below(ranked.len())])).collect();
    (0..N_VISITORS).map(|_| history()).collect()
}

fn query(history: &[Event]) -> Query<'_> {
    Query {
        placement: Placement::Home,
        item: None,
        history,
        cart: &[],
        region: None,
        category: None,
        exclude: &[],
        seen: Seen::Hide,
        k: K,
        context: Context::default(),
    }
}
