//! What a shop says of its items besides their category: from cells to [`Attribute`]s and the rows of their values.

use std::collections::{BTreeMap, BTreeSet};

use edgewise_core::interactions::{
    Attribute, AttributeValues, MAX_ATTRIBUTE_VALUES, MAX_ATTRIBUTES,
};

use crate::error::IngestError;
use crate::number::Number;
use crate::settings::DecimalMark;
use crate::tree;

/// Stands between several texts of one cell.
const SEVERAL: char = '|';
/// Millionths in one, and their decimals.
const ONE: i64 = 1_000_000;
const PLACES: u8 = 6;

/// The cells of one attribute, by final number of the item.
#[derive(Debug)]
pub(crate) enum Cells<'a> {
    /// What a column says: numbers when all of them are, else texts.
    Column(Vec<Option<&'a str>>),
    /// Texts, whatever they look like.
    Texts(Vec<Option<&'a str>>),
    /// Numbers in millionths.
    Millionths(Vec<Option<i64>>),
    /// Which product an item is a variant of.
    Products(Vec<Option<&'a str>>),
}

/// Attributes, and by item the rows of its values of each.
pub(crate) type Attributes = (Vec<Attribute>, Vec<Vec<Vec<u32>>>);

/// The attributes by name, and for each item the rows of its values of each.
///
/// # Errors
/// Too many attributes, or too many values of one.
pub(crate) fn attributes(
    named: BTreeMap<&str, Cells<'_>>,
    separator: &str,
    n_items: usize,
) -> Result<Attributes, IngestError> {
    let mut attributes = Vec::new();
    let mut of_items = vec![Vec::new(); n_items];
    for (name, cells) in named {
        let (values, of) = match cells {
            Cells::Column(cells) => column(&cells, separator),
            Cells::Texts(cells) => texts(&cells, separator),
            Cells::Millionths(cells) => numbers(&cells),
            Cells::Products(cells) => variant_groups(&cells),
        };
        let is_limited = !matches!(values, AttributeValues::Products(_));
        if is_limited && values.n_values() > MAX_ATTRIBUTE_VALUES {
            let (name, limit) = (name.to_owned(), MAX_ATTRIBUTE_VALUES);
            return Err(IngestError::TooManyValues { name, found: values.n_values(), limit });
        }
        // An attribute that no item has is none.
        if values.n_values() == 0 {
            continue;
        }
        attributes.push(Attribute { name: name.to_owned(), values });
        for (item, of) in of_items.iter_mut().zip(of) {
            item.push(of);
        }
    }
    if attributes.len() > MAX_ATTRIBUTES as usize {
        let (found, limit) = (attributes.len(), MAX_ATTRIBUTES);
        return Err(IngestError::TooManyAttributes { found, limit });
    }
    Ok((attributes, of_items))
}

type Values = (AttributeValues, Vec<Vec<u32>>);

/// Numbers when every cell is nothing but one, else texts.
fn column(cells: &[Option<&str>], separator: &str) -> Values {
    let read = |cell: &str| {
        // `Number` looks for a number among letters, which a size such as `XL 2` is not.
        let is_plain = cell.bytes().all(|byte| byte.is_ascii_digit() || b"+-., ".contains(&byte));
        Number::read(cell, DecimalMark::Auto).filter(|_| is_plain)
    };
    let read: Option<Vec<Option<Number>>> =
        cells.iter().map(|cell| cell.map_or(Some(None), |cell| read(cell).map(Some))).collect();
    let Some(read) = read else { return texts(cells, separator) };
    let mut marks = crate::clean::MarkEvidence::default();
    read.iter().flatten().for_each(|number| marks.add(*number));
    let mark = marks.mark();
    let values: Vec<Option<i64>> =
        read.into_iter().map(|number| number.and_then(|number| number.value(mark))).collect();
    numbers(&values)
}

/// Paths of trees, each with its ancestors.
fn texts(cells: &[Option<&str>], separator: &str) -> Values {
    let of: Vec<BTreeSet<String>> = cells
        .iter()
        .map(|cell| {
            let texts = cell.unwrap_or("").split(SEVERAL);
            texts.filter_map(|text| tree::path(text, separator)).collect()
        })
        .collect();
    let names = tree::with_ancestors(of.iter().flatten().map(String::as_str));
    let rows: BTreeMap<&str, u32> = names.iter().copied().zip(0..).collect();
    let of =
        of.iter().map(|texts| texts.iter().map(|text| rows[text.as_str()]).collect()).collect();
    (AttributeValues::Texts(names.into_iter().map(str::to_owned).collect()), of)
}

/// Numbers of as few decimals as lose nothing. What is negative or too large for its unit is left out.
fn numbers(cells: &[Option<i64>]) -> Values {
    let is_whole = |unit: i64| cells.iter().flatten().all(|value| value % unit == 0);
    let units = (0..=PLACES).map(|decimals| (decimals, ONE / 10i64.pow(decimals.into())));
    let (decimals, unit) = units.into_iter().find(|unit| is_whole(unit.1)).unwrap_or((PLACES, 1));
    let of: Vec<Option<u32>> = cells
        .iter()
        .map(|cell| u32::try_from((*cell)? / unit).ok().filter(|_| *cell >= Some(0)))
        .collect();
    let values: BTreeSet<u32> = of.iter().flatten().copied().collect();
    let rows: BTreeMap<u32, u32> = values.iter().copied().zip(0..).collect();
    let of = of.into_iter().map(|value| value.map(|value| rows[&value]).into_iter().collect());
    let of = of.collect();
    (AttributeValues::Numbers { decimals, values: values.into_iter().collect() }, of)
}

/// Products of more than one item. An item that is alone is a variant of nothing.
fn variant_groups(cells: &[Option<&str>]) -> Values {
    let mut n_items: BTreeMap<&str, u32> = BTreeMap::new();
    for group in cells.iter().flatten() {
        *n_items.entry(group).or_default() += 1;
    }
    let shared = n_items.into_iter().filter(|(_, n)| *n > 1).map(|(group, _)| group);
    let rows: BTreeMap<&str, u32> = shared.zip(0..).collect();
    let of = cells.iter().map(|cell| cell.and_then(|cell| rows.get(cell).copied()));
    let of = of.map(|row| row.into_iter().collect()).collect();
    // Cannot fail: items are numbered by `u32`.
    (AttributeValues::Products(u32::try_from(rows.len()).unwrap_or(u32::MAX)), of)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_of_numbers_alone_are_numbers() {
        let (values, of) = column(&[Some("1.50"), None, Some("3"), Some("-1")], ">");
        assert_eq!(values, AttributeValues::Numbers { decimals: 1, values: vec![15, 30] });
        assert_eq!(of, [vec![0], vec![], vec![1], vec![]]);
        let (values, of) = column(&[Some("40"), Some("XL 2")], ">");
        assert_eq!(values, AttributeValues::Texts(vec!["40".into(), "XL 2".into()]));
        assert_eq!(of, [[0], [1]]);
    }

    #[test]
    fn a_cell_may_name_several_texts_of_a_tree() {
        let (values, of) = texts(&[Some("red > dark | blue|blue"), Some(" | ")], ">");
        let expected = ["blue", "red", "red\u{1f}dark"].map(str::to_owned);
        assert_eq!(values, AttributeValues::Texts(expected.into()));
        assert_eq!(of, [vec![0, 2], vec![]]);
    }

    #[test]
    fn a_variant_group_has_at_least_two_items() {
        let (values, of) = variant_groups(&[Some("b"), Some("a"), Some("b"), None]);
        assert_eq!(values, AttributeValues::Products(1));
        assert_eq!(of, [vec![0], vec![], vec![0], vec![]]);
    }

    #[test]
    fn too_many_values_are_refused_with_the_column() {
        let cells: Vec<String> = (0..=MAX_ATTRIBUTE_VALUES).map(|row| format!("v{row}")).collect();
        let cells = cells.iter().map(|cell| Some(cell.as_str())).collect();
        let named = BTreeMap::from([("note", Cells::Column(cells))]);
        let error = attributes(named, ">", 3).unwrap_err();
        assert!(error.to_string().contains("`note`"), "{error}");
        assert!(error.hint().is_some());
    }
}
