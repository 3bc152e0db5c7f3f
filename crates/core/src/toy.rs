//! A shop small enough to solve by eye: tea things and tools, which never mix.

use alloc::vec;
use alloc::vec::Vec;

use crate::ids::{CategoryIdx, ItemIdx, RegionIdx};
use crate::model::{Audience, Model, Relation, Weighted};
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
}

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
    ToyShop { similar, together, scoring: Scoring::standard() }
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
            Audience::Category(_) | Audience::Region(_) | Audience::Segment(_) => &[],
        };
        (0u32..).zip(names).map(|(rank, name)| Weighted { item: item(name), weight: 100 - rank })
    }

    fn trending(&self, audience: Audience) -> impl Iterator<Item = Weighted> {
        let names: &[&str] = match audience {
            Audience::Everyone => &["spoon", "saw"],
            Audience::Category(TEA) => &["spoon"],
            Audience::Region(NORTH) => &["nails"],
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
