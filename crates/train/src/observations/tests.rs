//! The matrix in both directions, and the order of its rows.

use super::*;

fn cell(row: u32, item: u32, weight: f32) -> Observation {
    Observation { row, item: ItemIdx(item), weight }
}

fn cells_of(cells: Cells<'_>) -> Vec<(u32, f32)> {
    cells.iter().collect()
}

#[test]
fn factors_of_rows_reach_both_directions() {
    let of = |weight| {
        let cells = vec![cell(0, 0, 1.0), cell(0, 2, 1.0), cell(1, 0, weight)];
        Observations::new(3, &[None, None], cells)
    };
    for (weight, expected) in [(1.0, [(0, 2.0), (1, 3.0)]), (0.5, [(0, 1.0), (1, 3.0)])] {
        let scaled = of(weight).with_row_factors(|row| [2.0, 3.0][row as usize]);
        assert_eq!(cells_of(scaled.rows(ItemIdx(0))), expected);
        assert_eq!(cells_of(scaled.items(1)), [(0, 3.0), (2, 3.0)]);
        let again = scaled.with_row_factors(|row| [0.5, 2.0][row as usize]);
        assert_eq!(cells_of(again.items(1)), [(0, 6.0), (2, 6.0)]);
    }
}

#[test]
fn both_directions_agree_and_repeats_are_summed() {
    let cells =
        vec![cell(2, 1, 1.0), cell(0, 3, 1.0), cell(2, 1, 0.5), cell(0, 1, 1.0), cell(2, 0, 1.0)];
    let observations = Observations::new(4, &[Some(7), None, Some(8)], cells);
    assert_eq!((observations.n_rows(), observations.n_cells()), (2, 4));
    assert_eq!(cells_of(observations.items(0)), [(0, 1.0), (1, 1.5)]);
    assert_eq!(cells_of(observations.items(1)), [(1, 1.0), (3, 1.0)]);
    assert_eq!(cells_of(observations.rows(ItemIdx(1))), [(0, 1.5), (1, 1.0)]);
    assert_eq!(observations.rows(ItemIdx(2)).ids, [0; 0]);
    assert_eq!([0, 1].map(|row| observations.person(row)), [Some(8), Some(7)]);
}

#[test]
fn the_numbers_of_rows_and_persons_do_not_matter() {
    let cells = [(0, 4), (0, 2), (1, 2), (1, 9), (2, 2), (3, 1), (3, 2), (4, 1), (5, 9)];
    // Persons a and b have two rows each, then a guest, then person c.
    let persons = ["a", "b", "a", "b", "", "c"];
    let number = |name: &str, salt: u32| match name {
        "" => None,
        name => Some((u32::from(name.as_bytes()[0]) * 31) ^ salt),
    };
    let built = |order: [u32; 6], salt: u32| {
        let mut owners = [None; 6];
        for (old, new) in order.iter().enumerate() {
            owners[*new as usize] = number(persons[old], salt);
        }
        let cells = cells.iter().map(|&(row, item)| cell(order[row], item, 1.0)).collect();
        Observations::new(10, &owners, cells)
    };
    let expected = built([0, 1, 2, 3, 4, 5], 0);
    for (order, salt) in [([5, 4, 3, 2, 1, 0], 0), ([2, 0, 1, 5, 3, 4], 77)] {
        let found = built(order, salt);
        for row in 0..6 {
            assert_eq!(cells_of(found.items(row)), cells_of(expected.items(row)));
            assert_eq!(found.person(row).is_some(), expected.person(row).is_some());
        }
    }
    let rows_of: Vec<Option<u32>> = (0..6).map(|row| expected.person(row)).collect();
    let n_changes = rows_of.windows(2).filter(|pair| pair[0] != pair[1]).count();
    assert_eq!(n_changes, 3, "the rows of a person are neighbours: {rows_of:?}");
}
