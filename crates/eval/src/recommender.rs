//! Whatever ranks items.

use edgewise_core::{ItemIdx, Seen};

use crate::case::Case;

/// Whatever ranks items for a question.
pub trait Recommender: Sync {
    /// At most `k` items of the whole catalogue, the best first. An item that comes twice counts at its first place.
    fn rank(&self, case: &Case, k: usize) -> Vec<ItemIdx>;
}

/// What everyone takes, the same for all: the yardstick below which no model is worth its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Popular {
    ranking: Vec<ItemIdx>,
}

impl Popular {
    /// From how often each item was taken; `counts[i]` is of item `i`. Equal counts: lower row first.
    pub fn new(counts: &[u64]) -> Popular {
        let mut ranking: Vec<ItemIdx> = (0..).map(ItemIdx).take(counts.len()).collect();
        ranking.sort_by_key(|item| std::cmp::Reverse(counts[item.index()]));
        Popular { ranking }
    }
}

impl Recommender for Popular {
    fn rank(&self, case: &Case, k: usize) -> Vec<ItemIdx> {
        let mut hidden: Vec<ItemIdx> = case.cart.iter().copied().chain(case.item).collect();
        if case.seen == Seen::Hide {
            hidden.extend(case.history.iter().map(|past| past.item));
        }
        hidden.sort_unstable();
        let shown = self.ranking.iter().filter(|item| hidden.binary_search(item).is_err());
        shown.copied().take(k).collect()
    }
}

#[cfg(test)]
mod tests {
    use edgewise_core::{EventKind, Placement};

    use super::*;
    use crate::case::{Past, UnitIdx};

    #[test]
    fn popular_items_come_by_count_without_cart_page_and_hidden_history() {
        let popular = Popular::new(&[5, 9, 9, 1, 7]);
        let mut case = Case::new(UnitIdx(0), Placement::Home);
        let rows =
            |case: &Case, k| popular.rank(case, k).iter().map(|item| item.0).collect::<Vec<_>>();
        assert_eq!(rows(&case, 9), [1, 2, 4, 0, 3]);
        case.history = vec![Past { item: ItemIdx(4), age_days: 0.0, kind: EventKind::View }];
        case.cart = vec![ItemIdx(1)];
        assert_eq!(rows(&case, 2), [2, 0]);
        case.seen = Seen::Show;
        assert_eq!(rows(&case, 2), [2, 4]);
    }
}
