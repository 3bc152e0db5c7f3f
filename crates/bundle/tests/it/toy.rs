//! A shop small enough to solve by eye: tea things and tools, with every feature of the format in use.

use edgewise_bundle::{CardsWanted, Parameters, People, Privacy, Provenance, Source, encode};
use edgewise_core::{
    AntecedentRules, Attribute, AttributeValues, CatalogItem, CategoryIdx, ItemIdx, ModelValues,
    Placement, RegionIdx, Relation, Rung, Scoring, Term, WeightedItem,
};

/// Rows in order of popularity: id, title, price, category (0 tea, 1 tools).
const ITEMS: [(&str, &str, Option<&str>, Option<u32>); 8] = [
    ("kettle", "Copper kettle", Some("24.50"), Some(0)),
    ("teapot", "Teapot, \"Brown Betty\"", Some("12.95"), Some(0)),
    ("hammer", "Claw hammer", Some("9.00"), Some(1)),
    ("cup", "Cup & saucer", Some("3.25"), Some(0)),
    ("saw", "Saw", None, Some(1)),
    ("spoon", "Spoon", Some("1.10"), Some(0)),
    ("nails", "Nails, 1 kg", Some("4.00"), Some(1)),
    ("gift,card", "Geschenkkarte für alle ☕", Some("20.00"), None),
];

fn list(entries: &[(u32, f64)]) -> Vec<WeightedItem> {
    entries.iter().map(|&(row, weight)| WeightedItem { item: ItemIdx(row), weight }).collect()
}

/// Purchases count twice as much as views, and what was taken lately comes again on the start page.
fn scoring() -> Scoring {
    let mut tables = Scoring::standard().tables().clone();
    tables.kinds = [128, 192, 256];
    tables.decays.push(vec![256, 192, 128, 64]);
    let again = Term {
        relation: Relation::Again,
        from: edgewise_core::Source::Events,
        decay: 2,
        weight: 2,
    };
    let next = Term {
        relation: Relation::Next,
        from: edgewise_core::Source::History,
        decay: 1,
        weight: 1,
    };
    if let Some(Rung::Related(terms)) = tables.ladders[Placement::Home.index()].first_mut() {
        terms.extend([again, next]);
    }
    Scoring::new(tables).expect("tables in range")
}

fn rules(antecedents: &[u32], targets: &[(u32, f64)]) -> AntecedentRules {
    let antecedents = antecedents.iter().copied().map(ItemIdx).collect();
    AntecedentRules { antecedents, targets: list(targets) }
}

/// Per item, what the same people take.
fn similar() -> Vec<Vec<WeightedItem>> {
    vec![
        list(&[(1, 0.9), (3, 0.8), (5, 0.1)]),
        list(&[(0, 0.9), (3, 0.7)]),
        list(&[(4, 0.6), (6, 0.5)]),
        list(&[(0, 0.8), (1, 0.7), (5, 0.4)]),
        list(&[(2, 0.6)]),
        list(&[(3, 0.4)]),
        list(&[]),
        list(&[]),
    ]
}

/// Per item, what comes next in a visit.
fn next() -> Vec<Vec<WeightedItem>> {
    vec![
        list(&[(1, 0.02), (5, 0.6)]),
        list(&[(3, 0.25)]),
        list(&[(6, 0.75)]),
        list(&[]),
        list(&[(2, 0.4)]),
        list(&[(0, 0.1), (1, 0.1)]),
        list(&[]),
        list(&[(0, 1.0)]),
    ]
}

/// Per item, what is described like it.
fn content() -> Vec<Vec<WeightedItem>> {
    vec![
        list(&[]),
        list(&[(3, 0.2)]),
        list(&[]),
        list(&[(1, 0.2)]),
        list(&[]),
        list(&[]),
        list(&[]),
        list(&[(0, 0.1), (1, 0.1), (2, 0.1), (3, 0.1), (4, 0.1), (5, 0.1), (6, 0.1)]),
    ]
}

/// Brand, colour, product and stock.
fn attributes() -> Vec<Attribute> {
    let texts = |texts: &[&str]| {
        AttributeValues::Texts(texts.iter().map(|text| (*text).to_owned()).collect())
    };
    let stock = AttributeValues::Numbers { decimals: 1, values: vec![0, 15, 400] };
    [
        ("brand", texts(&["Acme", "Brown & Co", "Zeta"])),
        ("colour", texts(&["metal", "metal\u{1f}copper", "metal\u{1f}steel", "white"])),
        ("product", AttributeValues::Products(1)),
        ("stock", stock),
    ]
    .map(|(name, values)| Attribute { name: name.to_owned(), values })
    .into()
}

/// Kettle and teapot are variants of one product, the cup has two colours, and the card nothing at all.
fn attributes_of(id: &str) -> Vec<Vec<u32>> {
    match id {
        "kettle" => vec![vec![0], vec![1], vec![0], vec![1]],
        "teapot" => vec![vec![1], vec![3], vec![0], vec![2]],
        "hammer" => vec![vec![2], vec![2], vec![], vec![0]],
        "cup" => vec![vec![1], vec![2, 3]],
        "saw" => vec![vec![2], vec![2], vec![], vec![2]],
        "spoon" => vec![vec![], vec![0]],
        "nails" => vec![vec![0], vec![2], vec![], vec![1]],
        _ => Vec::new(),
    }
}

/// The values. The saw is sold in the north only.
pub(crate) fn values() -> ModelValues {
    let items = ITEMS.map(|(id, title, price, category)| CatalogItem {
        id: id.to_owned(),
        title: Some(title.to_owned()),
        price: price.map(str::to_owned),
        url: (id == "kettle").then(|| "/items/kettle".to_owned()),
        image: (id == "cup").then(|| "/pictures/cup.webp".to_owned()),
        category: category.map(CategoryIdx),
        available_in: if id == "saw" { vec![RegionIdx(0)] } else { Vec::new() },
        attributes: attributes_of(id),
    });
    ModelValues {
        items: items.into(),
        categories: vec!["Tea".to_owned(), "Tools".to_owned()],
        regions: vec!["North".to_owned(), "South".to_owned()],
        attributes: attributes(),
        currency: Some("EUR".to_owned()),
        similar: similar(),
        together: vec![
            list(&[(3, 0.3)]),
            list(&[(3, 0.5), (5, 0.5)]),
            list(&[(6, 1.0)]),
            list(&[(5, 0.9)]),
            list(&[(6, 0.2)]),
            list(&[]),
            list(&[]),
            list(&[]),
        ],
        next: next(),
        content: content(),
        rebuy: vec![10, 20, 5, 255, 0, 80, 200, 1],
        rules: vec![
            rules(&[0, 1], &[(3, 0.8), (5, 0.6)]),
            rules(&[2, 4], &[(6, 1.0)]),
            rules(&[0, 1, 5], &[(3, 0.9)]),
        ],
        rankings: vec![
            list(&[
                (0, 1.0),
                (1, 0.8),
                (2, 0.6),
                (3, 0.6),
                (4, 0.3),
                (5, 0.2),
                (6, 0.1),
                (7, 0.000_01),
            ]),
            list(&[(0, 1.0), (1, 0.8), (3, 0.6), (5, 0.2)]),
            list(&[(2, 1.0), (4, 0.5), (6, 0.2)]),
            list(&[(4, 1.0), (0, 0.5)]),
            list(&[(5, 1.0)]),
        ],
        scoring: scoring(),
        policy: None,
        segments: vec![],
        trending: vec![],
        seasons: None,
        experiments: edgewise_core::Experiments::default(),
        sessions: None,
    }
}

/// The values without the sections whose kinds come behind that of the provenance.
pub(crate) fn values_up_to_provenance() -> ModelValues {
    ModelValues {
        next: vec![],
        content: vec![],
        rules: vec![],
        rebuy: vec![],
        attributes: vec![],
        ..values()
    }
}

/// How the toy was made.
pub(crate) fn provenance() -> Provenance {
    Provenance {
        generator: "edgewise toy".to_owned(),
        built_at: None,
        source: Source {
            rows_read: 40,
            rows_kept: 38,
            users: 9,
            orders: 17,
            first_event_s: Some(0),
            last_event_s: Some(86_400),
        },
        parameters: Parameters { neighbours: 3, min_support: 1, half_life_days: 30.0 },
        privacy: Privacy {
            people: People::Users,
            min_people: 3,
            similar_pairs_removed: 2,
            together_pairs_removed: 1,
            items_hidden: 1,
            ranking_entries_removed: 4,
        },
    }
}

/// The toy's bytes.
pub(crate) fn bytes() -> Vec<u8> {
    encode(&values(), Some(&provenance()), CardsWanted::Yes).expect("the toy is a model")
}
