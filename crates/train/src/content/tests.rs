//! Content neighbours against a dense oracle, and their laws.

use edgewise_core::CategoryIdx;
use ndarray::Array2;

use super::*;

const TITLES: [&str; 8] = [
    "Red tea cup",
    "Blue tea cups",
    "Claw hammer",
    "Hammer, small",
    "Tea",
    "",
    "Red red RED lantern",
    "Ünique piece",
];

fn shop() -> (Vec<CatalogItem>, Vec<String>) {
    let item = |(row, title): (usize, &&str)| CatalogItem {
        id: row.to_string(),
        title: Some((*title).to_owned()),
        category: [Some(0), Some(0), Some(1), Some(1), None, Some(1), None, Some(9)][row]
            .map(CategoryIdx),
        ..CatalogItem::default()
    };
    (TITLES.iter().enumerate().map(item).collect(), vec!["Kitchen".into(), "Tools".into()])
}

fn lists(params: &ContentParams) -> ItemLists {
    let (items, categories) = shop();
    content(&items, &categories, params)
}

fn rows_of(list: &[WeightedItem]) -> Vec<u32> {
    list.iter().map(|entry| entry.item.0).collect()
}

#[test]
fn items_that_share_words_or_a_category_are_neighbours_both_ways() {
    let lists = lists(&ContentParams::default());
    assert_eq!(rows_of(&lists[0]), [1, 4, 6]);
    assert_eq!(rows_of(&lists[3]), [2, 5]);
    assert_eq!(rows_of(&lists[5]), [2, 3], "an untitled item has its category");
    assert_eq!(rows_of(&lists[7]), [0; 0], "nobody shares a word with it");
}

#[test]
fn every_pair_agrees_with_dense_cosines() {
    for max_items_per_term in [2, 3, u32::MAX] {
        let params = ContentParams { max_items_per_term, ..ContentParams::default() };
        let (items, categories) = shop();
        let vectors = term_vectors(&items, &categories, &params);
        let n_terms = vectors.iter().flatten().map(|cell| cell.0 as usize + 1).max().unwrap();
        let mut dense = Array2::zeros((items.len(), n_terms));
        for (row, vector) in vectors.iter().enumerate() {
            for &(term, weight) in vector {
                dense[[row, term as usize]] = weight;
            }
        }
        let cosines: Array2<f64> = dense.dot(&dense.t());
        for (row, list) in lists(&params).iter().enumerate() {
            let expected =
                (0..items.len()).filter(|&other| other != row && cosines[[row, other]] > 0.0);
            assert_eq!(list.len(), expected.count());
            for entry in list {
                assert!((entry.weight - cosines[[row, entry.item.index()]]).abs() < 1e-12);
            }
        }
    }
}

#[test]
fn stemming_joins_forms_of_a_word_and_can_be_off() {
    let (mut items, _) = shop();
    for item in &mut items {
        item.category = None;
    }
    let with =
        |stemming| content(&items, &[], &ContentParams { stemming, ..ContentParams::default() });
    let cup_to_cups =
        |lists: ItemLists| lists[0].iter().find(|entry| entry.item.0 == 1).unwrap().weight;
    assert!(cup_to_cups(with(Stemming::English)) > cup_to_cups(with(Stemming::Off)));
}

#[test]
fn a_term_of_too_many_items_and_a_category_of_no_weight_say_nothing() {
    let params =
        ContentParams { max_items_per_term: 2, category_weight: 0.0, ..ContentParams::default() };
    // Three items have tea, two have cup.
    assert_eq!(rows_of(&lists(&params)[4]), [0; 0]);
    assert_eq!(rows_of(&lists(&params)[5]), [0; 0]);
    assert_eq!(rows_of(&lists(&params)[0]), [1, 6]);
}

#[test]
fn the_threads_do_not_matter_and_fewer_neighbours_are_a_part_of_more() {
    let params = |neighbours| ContentParams { neighbours, ..ContentParams::default() };
    let all = lists(&params(20));
    for n_threads in [1, 2, 3, 8] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads).build().unwrap();
        assert_eq!(pool.install(|| lists(&params(20))), all);
    }
    for (few, all) in lists(&params(1)).iter().zip(&all) {
        assert!(few.iter().all(|entry| all.contains(entry)));
        assert_eq!(few.is_empty(), all.is_empty());
    }
}

#[test]
fn the_order_of_the_catalogue_only_renumbers() {
    let (items, categories) = shop();
    let forward = lists(&ContentParams::default());
    let reversed: Vec<CatalogItem> = items.into_iter().rev().collect();
    let backward = content(&reversed, &categories, &ContentParams::default());
    for (row, list) in forward.iter().enumerate() {
        let mut expected: Vec<WeightedItem> =
            list.iter().map(|e| WeightedItem { item: ItemIdx(7 - e.item.0), ..*e }).collect();
        expected.reverse();
        assert_eq!(backward[7 - row], expected);
    }
}
