//! What an answer allocates: nothing with the memory of an earlier one, and never more for a larger catalogue.

use std::alloc::System;

use cap::Cap;
use edgewise_core::{
    Audience, CategoryIdx, Event, ItemIdx, Model, Placement, Query, RegionIdx, Relation, Scoring,
    Scratch, Seen, Weighted, recommend, recommend_with,
};

#[global_allocator]
static ALLOCATOR: Cap<System> = Cap::new(System, usize::MAX);

/// Lists of 50 items among the first 1,000 rows, whatever the catalogue's size.
struct Shop {
    n_items: u32,
    scoring: Scoring,
}

impl Model for Shop {
    fn n_items(&self) -> u32 {
        self.n_items
    }

    fn neighbours(&self, _: Relation, of: ItemIdx) -> impl Iterator<Item = Weighted> {
        let rows = (0..50).map(move |at| (of.0 * 7 + at * 13) % 1_000);
        rows.map(|row| Weighted { item: ItemIdx(row), weight: 1 + row % 97 })
    }

    fn ranking(&self, _: Audience) -> impl Iterator<Item = Weighted> {
        (0..self.n_items).map(|row| Weighted { item: ItemIdx(row), weight: 1 })
    }

    fn category(&self, item: ItemIdx) -> Option<CategoryIdx> {
        Some(CategoryIdx(item.0 % 2))
    }

    fn is_available(&self, item: ItemIdx, region: RegionIdx) -> bool {
        item.0 % 3 != region.0
    }

    fn scoring(&self) -> &Scoring {
        &self.scoring
    }
}

/// Bytes that `run` allocates, freed or not: the least of a few runs, because the test harness has a thread of its own.
fn allocated(mut run: impl FnMut()) -> usize {
    let once = |_| {
        let before = ALLOCATOR.total_allocated();
        run();
        ALLOCATOR.total_allocated() - before
    };
    (0..5).map(once).min().unwrap_or(usize::MAX)
}

// One test: the count is of the whole process.
#[test]
fn an_answer_allocates_nothing_that_grows_with_the_catalogue_and_a_warm_one_nothing() {
    let [small, large] =
        [1_000, 100_000].map(|n_items| Shop { n_items, scoring: Scoring::standard() });
    let history: Vec<Event> = (100..120).map(|row| Event::of(ItemIdx(row))).collect();
    for placement in Placement::ALL {
        for category in [None, Some(CategoryIdx(1)), Some(CategoryIdx(9))] {
            let query = Query {
                placement,
                item: Some(ItemIdx(3)),
                history: &history,
                cart: &[ItemIdx(5)],
                region: Some(RegionIdx(1)),
                category,
                exclude: &[],
                seen: Seen::Hide,
                k: 50,
                variant: None,
            };
            let cold = |shop: &Shop| allocated(|| drop(recommend(shop, &query)));
            assert_eq!(cold(&small), cold(&large), "{query:?}");
            assert!(cold(&large) > 0, "the first answer has no memory of another: {query:?}");
            let mut scratch = Scratch::default();
            let warm = allocated(|| {
                recommend_with(&mut scratch, &large, &query);
            });
            assert_eq!(warm, 0, "{query:?}");
        }
    }
}
