//! A shop small enough to solve by eye: tea things and tools, which never mix.

use alloc::vec;
use alloc::vec::Vec;

use core::ops::Range;

use crate::calendar::LocalTime;
use crate::condition::Word;
use crate::ids::{AttributeIdx, CategoryIdx, ItemIdx, RegionIdx, SegmentIdx};
use crate::model::{Audience, Model, Relation, Weighted};
use crate::naive::NaiveRule;
use crate::policy::Policy;
use crate::query::Event;
use crate::scoring::Scoring;

/// Row order is popularity order.
pub(crate) const NAMES: [&str; 7] = ["kettle", "teapot", "hammer", "cup", "saw", "spoon", "nails"];
pub(crate) const TEA: CategoryIdx = CategoryIdx(0);
pub(crate) const TOOLS: CategoryIdx = CategoryIdx(1);
pub(crate) const NORTH: RegionIdx = RegionIdx(0);
pub(crate) const SOUTH: RegionIdx = RegionIdx(1);

/// Kettle, teapot, cup and spoon are tea; hammer, saw and nails are tools. The saw is not sold in the south.
pub(crate) struct ToyShop {
    similar: Vec<Vec<Weighted>>,
    together: Vec<Vec<Weighted>>,
    scoring: Scoring,
    /// The rules as they are read, and as the oracle reads them.
    pub(crate) policy: Vec<Word>,
    pub(crate) rules: Vec<NaiveRule>,
    /// Whether the kettle and the teapot are one product, and the saw and the nails another.
    pub(crate) variant_group: Option<AttributeIdx>,
    /// Whether the hour counts.
    pub(crate) has_seasons: bool,
}

/// Prices in pence, the toy shop's attribute 1; the cup has none.
pub(crate) const PRICE: AttributeIdx = AttributeIdx(1);
/// Products, attribute 2.
pub(crate) const VARIANT_GROUP: AttributeIdx = AttributeIdx(2);
/// Minutes from which an item is sold, attribute 3.
pub(crate) const FROM: AttributeIdx = AttributeIdx(3);
/// The toy shop's one segment.
pub(crate) const TRADE: SegmentIdx = SegmentIdx(0);
/// The distinct prices.
const PRICES: [u32; 5] = [99, 150, 400, 999, 2_500];

pub(crate) fn item(name: &str) -> ItemIdx {
    let row = NAMES.iter().position(|known| *known == name).expect("a toy item");
    ItemIdx(u32::try_from(row).expect("seven items"))
}

pub(crate) fn items(names: &[&str]) -> Vec<ItemIdx> {
    names.iter().copied().map(item).collect()
}

/// A look at each item, today.
pub(crate) fn events(names: &[&str]) -> Vec<Event> {
    items(names).into_iter().map(Event::of).collect()
}

fn list(entries: &[(&str, u32)]) -> Vec<Weighted> {
    let mut list: Vec<Weighted> =
        entries.iter().map(|&(name, weight)| Weighted { item: item(name), weight }).collect();
    list.sort_by_key(|weighted| weighted.item);
    list
}

/// A shop that scores by `tables`.
pub(crate) fn toy_shop_with(scoring: Scoring) -> ToyShop {
    ToyShop { scoring, ..toy_shop() }
}

pub(crate) fn toy_shop() -> ToyShop {
    let similar = vec![
        list(&[("teapot", 90), ("cup", 80), ("spoon", 10)]),
        list(&[("kettle", 90), ("cup", 70)]),
        list(&[("saw", 60), ("nails", 50)]),
        list(&[("teapot", 70), ("kettle", 80), ("spoon", 40)]),
        list(&[("hammer", 60)]),
        list(&[("cup", 40)]),
        list(&[]),
    ];
    let together = vec![
        list(&[("cup", 30)]),
        list(&[("cup", 50), ("spoon", 50)]),
        list(&[("nails", 100)]),
        list(&[("spoon", 90)]),
        list(&[("nails", 20)]),
        list(&[]),
        list(&[]),
    ];
    let (policy, rules) = Default::default();
    ToyShop {
        similar,
        together,
        scoring: Scoring::standard(),
        policy,
        rules,
        variant_group: None,
        has_seasons: false,
    }
}

impl ToyShop {
    /// The same shop under other rules.
    pub(crate) fn with_policy(self, policy: Vec<Word>, rules: Vec<NaiveRule>) -> ToyShop {
        ToyShop { policy, rules, ..self }
    }

    /// Makes similar items so many times as similar.
    pub(crate) fn scale_similar(&mut self, times: u32) {
        self.similar.iter_mut().flatten().for_each(|weighted| weighted.weight *= times);
    }
}

impl Model for ToyShop {
    fn n_items(&self) -> u32 {
        7
    }

    fn neighbours(&self, relation: Relation, of: ItemIdx) -> impl Iterator<Item = Weighted> {
        let lists = match relation {
            Relation::Similar => &self.similar[..],
            Relation::Together => &self.together,
            _ => &[],
        };
        lists.get(of.index()).into_iter().flatten().copied()
    }

    fn ranking(&self, audience: Audience) -> impl Iterator<Item = Weighted> {
        let names: &[&str] = match audience {
            Audience::Everyone => &NAMES,
            Audience::Category(TEA) => &["kettle", "teapot", "cup", "spoon"],
            Audience::Category(TOOLS) => &["hammer", "saw", "nails"],
            Audience::Region(NORTH) => &["saw", "kettle"],
            Audience::Region(SOUTH) => &["spoon"],
            Audience::Segment(TRADE) => &["nails", "saw"],
            Audience::Category(_) | Audience::Region(_) | Audience::Segment(_) => &[],
        };
        (0u32..).zip(names).map(|(rank, name)| Weighted { item: item(name), weight: 100 - rank })
    }

    fn has_value(&self, attribute: AttributeIdx, item: ItemIdx, values: Range<u32>) -> bool {
        self.first_value(attribute, item).is_some_and(|value| values.contains(&value))
    }

    fn first_value(&self, attribute: AttributeIdx, item: ItemIdx) -> Option<u32> {
        let of = |values: [Option<u32>; 7]| values.get(item.index()).copied().flatten();
        match attribute {
            PRICE => of([Some(3), Some(3), Some(4), None, Some(2), Some(0), Some(1)]),
            VARIANT_GROUP => of([Some(0), Some(0), Some(1), None, Some(2), None, Some(2)]),
            FROM => of([None, Some(0), Some(1), None, None, Some(1), Some(0)]),
            AttributeIdx(0) => self.category(item).map(|category| category.0),
            _ => None,
        }
    }

    fn number(&self, attribute: AttributeIdx, value: u32) -> Option<u32> {
        match attribute {
            PRICE => PRICES.get(value as usize).copied(),
            FROM => [10, 1_000].get(value as usize).copied(),
            _ => None,
        }
    }

    fn variant_group(&self) -> Option<AttributeIdx> {
        self.variant_group
    }

    fn policy(&self) -> Policy<'_> {
        Policy(&self.policy)
    }

    fn has_seasons(&self) -> bool {
        self.has_seasons
    }

    /// In the hours of the night tools are wanted half as much, and the spoon four times.
    fn season(&self, item: ItemIdx, at: LocalTime) -> u32 {
        match (at.hour, self.category(item)) {
            (0..6, Some(TOOLS)) => 128,
            (0..6, _) if item.0 == 5 => 1_024,
            _ => 256,
        }
    }

    fn trending(&self, audience: Audience) -> impl Iterator<Item = Weighted> {
        let names: &[&str] = match audience {
            Audience::Everyone => &["spoon", "saw"],
            Audience::Category(TEA) => &["spoon"],
            Audience::Region(NORTH) => &["nails"],
            Audience::Segment(TRADE) => &["hammer", "cup"],
            _ => &[],
        };
        (0u32..).zip(names).map(|(rank, name)| Weighted { item: item(name), weight: 50 - rank })
    }

    fn rebuy(&self, item: ItemIdx) -> u8 {
        [255, 10, 0, 90, 1, 200, 7].get(item.index()).copied().unwrap_or(0)
    }

    fn category(&self, item: ItemIdx) -> Option<CategoryIdx> {
        let name = NAMES.get(item.index())?;
        Some(if matches!(*name, "hammer" | "saw" | "nails") { TOOLS } else { TEA })
    }

    fn is_available(&self, of: ItemIdx, region: RegionIdx) -> bool {
        !(of == item("saw") && region == SOUTH)
    }

    fn scoring(&self) -> &Scoring {
        &self.scoring
    }
}
