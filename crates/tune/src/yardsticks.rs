//! The plain models that a shop's model has to beat, under the same protection of people.

use edgewise_core::{Among, MAX_DECAY, Placement, Relation, Rung, Scoring, Source, Tables, Term};
use edgewise_train::{ListModel, Params, Recipe, Rows, SimilarityParams};

/// What most people take lately, the same for everyone. `model` is the model that is to beat it: its minima and half-life
/// count here, too.
pub fn popularity(model: &Params) -> Params {
    let scoring = scoring(|_| None);
    Params { similar: None, together: None, scoring, ..plain(model) }
}

/// Items that the same people, and the same baskets, hold, by cosine (Sarwar et al., WWW 2001, section 3.1.1), every item
/// of the question counting the same; then what most people take. As many neighbours as `model` keeps.
pub fn cosine(model: &Params) -> Params {
    let kept = [&model.similar, &model.together, &model.next];
    let kept = kept.into_iter().flatten().map(|recipe| recipe.neighbours).max().unwrap_or(20);
    let of = |rows| {
        let cosine = ListModel::Similarity(SimilarityParams::default());
        Some(Recipe::of(rows, kept, cosine))
    };
    let scoring = scoring(|placement| match placement {
        Placement::Item => Some((Relation::Similar, Source::Item)),
        Placement::Together => Some((Relation::Together, Source::Item)),
        Placement::Cart => Some((Relation::Together, Source::Cart)),
        Placement::Home => Some((Relation::Similar, Source::History)),
        Placement::Popular | Placement::Trending => None,
    });
    Params { similar: of(Rows::People), together: of(Rows::Baskets), scoring, ..plain(model) }
}

/// Nothing but the protection and the half-life of `model`.
fn plain(model: &Params) -> Params {
    let Params { min_people, min_support, half_life_days, .. } = *model;
    Params { min_people, min_support, half_life_days, ..Params::default() }
}

/// One relation per placement, then everyone's popularity.
fn scoring(related: impl Fn(Placement) -> Option<(Relation, Source)>) -> Scoring {
    let ladders = Placement::ALL.map(|placement| {
        let term = |(relation, from)| Term { relation, from, decay: 0, weight: 1 };
        let related = related(placement).map(|related| Rung::Related(vec![term(related)]));
        related.into_iter().chain([Rung::Popular(Among::Everyone)]).collect()
    });
    let tables =
        Tables { decays: vec![vec![MAX_DECAY]], kinds: [MAX_DECAY; 3], ladders: ladders.into() };
    // Cannot fail: the tests make both.
    Scoring::new(tables).unwrap_or_else(|_| Scoring::standard())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn yardsticks_have_the_models_protection_and_ladders_of_their_own() {
        let model =
            Params { min_people: 7, min_support: 4, half_life_days: 9.0, ..Params::default() };
        for (yardstick, n_rungs) in [(popularity(&model), 1), (cosine(&model), 2)] {
            assert_eq!(yardstick.check(), Ok(()));
            assert_eq!((yardstick.min_people, yardstick.min_support), (7, 4));
            assert_eq!(yardstick.half_life_days.to_bits(), 9.0_f64.to_bits());
            assert_eq!(yardstick.scoring.ladder(Placement::Cart).len(), n_rungs);
        }
    }

    #[test]
    fn cosine_keeps_as_many_neighbours_as_the_model() {
        let mut model = Params::default();
        model.set_neighbours(33);
        assert_eq!(cosine(&model).together.map(|recipe| recipe.neighbours), Some(33));
    }
}
