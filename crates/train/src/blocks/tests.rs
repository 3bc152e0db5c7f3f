//! Blocks in one run and in many, against products looked up one by one.

use std::sync::Mutex;

use super::*;
use crate::gram::{candidates, diagonal};
use crate::pairs::Support;
use crate::room::Watch;
use crate::testing::{N_ITEMS, Weights, observations};

/// Remembers what was noted.
#[derive(Default)]
struct Notes(Mutex<Vec<String>>);

impl Watch for Notes {
    fn stage(&self, _: &'static str) {}
    fn note(&self, text: &str) {
        self.0.lock().unwrap().push(text.to_owned());
    }
}

fn blocks(
    observations: &Observations,
    found: &[Candidates],
    memory_bytes: u64,
) -> (Vec<Vec<f32>>, Vec<String>) {
    let (notes, folder) = (Notes::default(), tempfile::tempdir().unwrap());
    let folder_path = folder.path().to_owned();
    let room = Room { memory_bytes, used_bytes: 0, folder: folder_path, watch: &notes };
    let square = |square: &mut Vec<f32>, block: &Block<'_>| {
        block.write(square);
        square.clone()
    };
    let squares = for_each_block(observations, found, &room, Vec::new, square).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing is left behind");
    (squares, notes.0.into_inner().unwrap())
}

#[test]
fn runs_on_disk_give_the_blocks_of_memory_and_both_the_dots() {
    for weights in [Weights::Ones, Weights::Mixed] {
        let observations = observations(weights);
        let support = Support { min_rows: 1, min_people: 1 };
        let n_candidates: Vec<usize> = (0..N_ITEMS).map(|item| item % 9).collect();
        let diagonal = diagonal(&observations);
        let found = candidates(&observations, support, &n_candidates, &diagonal);
        let (expected, notes) = blocks(&observations, &found, u64::MAX);
        assert!(notes.is_empty(), "{notes:?}");
        let mut n_products = 0;
        let mut counter = PairCounter::new(&observations);
        for (square, Candidates { sources, .. }) in expected.iter().zip(&found) {
            for (place, source) in sources.iter().enumerate() {
                let mut dots = [0.0; N_ITEMS];
                counter.for_each(source.item, |pair| dots[pair.item.index()] = single(pair.dot));
                for (column, other) in sources.iter().enumerate() {
                    let wanted = if column > place { dots[other.item.index()] } else { 0.0 };
                    assert!(square[place * sources.len() + column].to_bits() == wanted.to_bits());
                    n_products += usize::from(wanted != 0.0);
                }
            }
        }
        assert!(n_products > 100, "blocks to compare");
        for (memory_bytes, n_runs) in [(0, 21), (200, 5)] {
            let (found, notes) = blocks(&observations, &found, memory_bytes);
            assert_eq!(found, expected);
            assert!(notes[0].ends_with(&format!("in {n_runs} runs")), "{notes:?}");
        }
    }
}

#[test]
fn a_folder_that_is_not_there_is_told() {
    let observations = observations(Weights::Ones);
    let support = Support { min_rows: 1, min_people: 1 };
    let found = candidates(&observations, support, &[5; N_ITEMS], &diagonal(&observations));
    let room = Room { memory_bytes: 0, folder: "/no/such/folder".into(), ..Room::unlimited() };
    let failed = for_each_block(&observations, &found, &room, || (), |(), _| ()).unwrap_err();
    assert!(matches!(failed, TrainError::Spill { .. }), "{failed:?}");
    assert!(failed.hint().contains("--memory"));
}
