//! Blends against sums of dense matrices.

use super::*;
use crate::testing::{assert_close, matrix_of};

fn lists(rows: &[&[(u32, f64)]]) -> ItemLists {
    let entry = |&(item, weight): &(u32, f64)| WeightedItem { item: ItemIdx(item), weight };
    rows.iter().map(|list| list.iter().map(entry).collect()).collect()
}

fn one() -> ItemLists {
    lists(&[&[(1, 0.3), (2, 0.1)], &[(0, 0.2)], &[(0, 0.4), (1, 0.1)]])
}

fn other() -> ItemLists {
    lists(&[&[(2, 9.0)], &[(0, 3.0), (2, 6.0)], &[]])
}

#[test]
fn shares_are_of_mean_weights() {
    let (one, other) = (one(), other());
    let params = BlendParams { neighbours: 1_024, keep: KeepPer::Target };
    let parts = [Blended { lists: &one, share: 2.0 }, Blended { lists: &other, share: 1.0 }];
    let expected = matrix_of(&one) * (2.0 / 0.22) + matrix_of(&other) / 6.0;
    assert_close(&blend(&parts, &params), &expected, 1e-12);
    // The side matters only to the cut.
    let per_source = BlendParams { keep: KeepPer::Source, ..params };
    assert_eq!(blend(&parts, &per_source), blend(&parts, &params));
}

#[test]
fn the_blend_is_cut_once_on_the_side_asked_for() {
    let (one, other) = (one(), other());
    let parts = [Blended { lists: &one, share: 1.0 }, Blended { lists: &other, share: 1.0 }];
    let kept = |keep| -> Vec<Vec<u32>> {
        let lists = blend(&parts, &BlendParams { neighbours: 1, keep });
        lists.iter().map(|list| list.iter().map(|entry| entry.item.0).collect()).collect()
    };
    assert_eq!(kept(KeepPer::Target), [vec![1, 2], vec![], vec![0]]);
    assert_eq!(kept(KeepPer::Source), [vec![2], vec![0], vec![0]]);
}

#[test]
fn parts_without_a_share_or_an_entry_change_nothing() {
    let (one, other, empty) = (one(), other(), ItemLists::new());
    let params = BlendParams { neighbours: 5, keep: KeepPer::Target };
    let alone = blend(&[Blended { lists: &one, share: 1.0 }], &params);
    let parts = [
        Blended { lists: &one, share: 1.0 },
        Blended { lists: &other, share: 0.0 },
        Blended { lists: &empty, share: 3.0 },
    ];
    assert_eq!(blend(&parts, &params), alone);
    assert_eq!(blend(&[], &params), ItemLists::new());
}
