//! What to build when nobody says: chosen from the shape of the log, with the reasons.

use edgewise_core::{Catalog, Interaction, Interactions, ItemIdx, OrderIdx, Placement, Scoring};
use edgewise_train::{
    Buckets, ContentParams, ListModel, NextParams, Params, RebuyParams, Recipe, RidgeParams, Rows,
    TransitionParams, Weighting,
};

use crate::goal::Goal;
use crate::ladder::with_first_rung;

/// One choice with its reason, as a sentence without a full stop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is built: the name of a section or placement.
    pub what: &'static str,
    /// The model.
    pub model: &'static str,
    /// Why.
    pub why: String,
}

/// The shape of a log, as far as choices depend on it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Shape {
    /// Share of the cells of the matrix of people and items that are not empty.
    pub density: f64,
    /// Distinct items per order or session, on average.
    pub items_per_order: f64,
    /// Share of people's item purchases that repeat an earlier order's.
    pub repeats: f64,
    /// Share of orders of several rows whose rows have different times.
    pub in_sequence: f64,
    /// Share of items with a title.
    pub titled: f64,
}

/// Density from which a regression has more candidates than it keeps, and is left alone: Online Retail's customers have
/// 1.7 %, and lose 3 % of recall by the settings for sparse rows; Gowalla's users have 0.07 % and gain by them.
const DENSE: f64 = 0.002;
/// Share of repeats from which a start page had better show what was bought before: groceries, not gifts.
const OFTEN: f64 = 0.5;
/// Age at which what a person took counts half for what is similar. On Online Retail, cut at a tenth, three and five
/// tenths of its orders, start pages find 6, 3 and 4 % more by it, and item pages 1 to 2 %; half of it is better for
/// the first alone, and carts gain by none.
const TASTE_DAYS: f64 = 150.0;
/// Neighbours per item.
const NEIGHBOURS: u32 = 20;

impl Shape {
    /// Looks at a log.
    pub fn of(log: &Interactions, catalog: &Catalog) -> Shape {
        let Counts { n_cells, n_known, n_orders, n_ordered } = Counts::of(log);
        let n_items = catalog.items.len();
        let people_items = match log.n_users {
            0 => share(n_ordered, n_orders * n_items),
            n_users => share(n_cells, n_users as usize * n_items),
        };
        Shape {
            density: people_items,
            items_per_order: share(n_ordered, n_orders),
            repeats: share(n_known - n_cells, n_known),
            in_sequence: in_sequence(log),
            titled: share(
                catalog.items.iter().filter(|item| item.title.is_some()).count(),
                n_items,
            ),
        }
    }

    /// The local ridge that suits rows of people, and how many neighbours bring nearly all that it can. Of Online
    /// Retail's customers, two months held out, 50 find .1339 of the new items, 70 .1348 and 100 .1353.
    pub(crate) fn ridge_of_people(&self) -> (RidgeParams, u32) {
        if self.density >= DENSE {
            (RidgeParams::of_dense_rows(), 70)
        } else {
            (RidgeParams::of_sparse_rows(), 50)
        }
    }
}

/// Distinct things of a log.
#[derive(Default)]
#[expect(clippy::struct_field_names, reason = "counts are called so everywhere")]
struct Counts {
    /// Known people and items.
    n_cells: usize,
    /// Known people, orders (or none) and items.
    n_known: usize,
    /// Orders and the people behind them, or nobody.
    n_orders: usize,
    /// Orders, people behind them and items.
    n_ordered: usize,
}

impl Counts {
    fn of(log: &Interactions) -> Counts {
        let mut counts = Counts::default();
        let n_users = log.n_users;
        // Guests share the last bucket.
        let user = |row: &Interaction| row.user.map_or(n_users, |user| user.0);
        let by_user = Buckets::of(log, n_users as usize + 1, |row| Some(user(row)));
        let mut rows: Vec<(Option<OrderIdx>, ItemIdx)> = Vec::new();
        for (user, of_user) in (0..).zip(by_user.iter()) {
            rows.clear();
            rows.extend(of_user.map(|row| (row.order, row.item)));
            rows.sort_unstable();
            rows.dedup();
            let ordered = rows.partition_point(|row| row.0.is_none());
            counts.n_ordered += rows.len() - ordered;
            counts.n_orders += rows[ordered..].chunk_by(|a, b| a.0 == b.0).count();
            if user < n_users {
                counts.n_known += rows.len();
                rows.sort_unstable_by_key(|row| row.1);
                counts.n_cells += rows.chunk_by(|a, b| a.1 == b.1).count();
            }
        }
        counts
    }
}

/// Share of orders of several rows that were not stamped at one moment.
fn in_sequence(log: &Interactions) -> f64 {
    let by_order = Buckets::of(log, log.n_orders as usize, |row| row.order.map(|order| order.0));
    let (mut n_several, mut n_spread) = (0, 0);
    for mut rows in by_order.iter().filter(|rows| rows.len() > 1) {
        n_several += 1;
        let first = rows.next().map(|row| row.time_s);
        n_spread += usize::from(rows.any(|row| Some(row.time_s) != first));
    }
    share(n_spread, n_several)
}

#[expect(clippy::cast_precision_loss, reason = "counts of rows are below 2^53")]
fn share(n: usize, of: usize) -> f64 {
    if of == 0 { 0.0 } else { n as f64 / of as f64 }
}

/// Settings for a log of this shape, and why they are these. People's minimum and the like are those of
/// [`Params::default`].
pub fn choose(shape: Shape) -> (Params, Vec<Choice>) {
    let mut params = Params { similar: None, together: None, ..Params::default() };
    let mut choices = Vec::new();
    let mut chose = |what, model, why| choices.push(Choice { what, model, why });
    let percent = shape.density * 100.0;
    let ridge = ListModel::Ridge(shape.ridge_of_people().0);
    let weighting = Weighting { half_life_days: TASTE_DAYS, ..Weighting::default() };
    params.similar = Some(Recipe { weighting, ..Recipe::of(Rows::People, NEIGHBOURS, ridge) });
    let name =
        if shape.density >= DENSE { "ridge for dense rows" } else { "ridge for sparse rows" };
    chose("similar", name, format!("{percent:.2} % of all pairs of people and items are known"));
    if shape.items_per_order >= 1.5 {
        params.together = Some(Recipe::of(
            Rows::Baskets,
            NEIGHBOURS,
            ListModel::Ridge(RidgeParams::of_baskets()),
        ));
        chose(
            "together",
            "ridge",
            format!("orders hold {:.1} items on average", shape.items_per_order),
        );
    }
    if shape.in_sequence >= 0.5 {
        let model = ListModel::Transitions(TransitionParams::default());
        params.next = Some(Recipe::of(Rows::Baskets, NEIGHBOURS, model));
        params.scoring = home_of(Goal::NextClick, "next", &params.scoring);
        let percent = shape.in_sequence * 100.0;
        chose(
            "next",
            "transitions",
            format!("{percent:.0} % of the sessions tell in which order things happened"),
        );
    } else if shape.repeats >= OFTEN {
        let model = ListModel::NextBaskets(NextParams::default());
        params.next = Some(Recipe::of(Rows::Baskets, NEIGHBOURS, model));
        params.rebuy = Some(RebuyParams::default());
        params.scoring = home_of(Goal::NextBasket, "habit", &params.scoring);
        let percent = shape.repeats * 100.0;
        chose(
            "next",
            "next_baskets",
            format!("{percent:.0} % of what people buy they have bought before"),
        );
    }
    if shape.titled >= 0.5 {
        params.content = Some(ContentParams::default());
        chose(
            "content",
            "titles",
            "titles lead to items that hardly anyone has taken yet".to_owned(),
        );
    }
    (params, choices)
}

/// `scoring`, with the first rung of a goal's preset in front of the start page's ladder.
fn home_of(goal: Goal, preset: &str, scoring: &Scoring) -> Scoring {
    let known = goal.presets().into_iter().find(|known| known.name == preset);
    known.map_or_else(
        || scoring.clone(),
        |known| with_first_rung(scoring, &known.setup.params.scoring, Placement::Home),
    )
}
