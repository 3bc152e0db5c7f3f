//! `[model.…]` tables: which models make the lists, instead of what the shape of the log asks for, and how they are
//! combined. `edgewise tune` writes them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use edgewise_core::{
    Among, Placement, Relation, Rung, Scoring, ScoringError, Source, Tables, Term,
};
use edgewise_train::{ContentParams, Params, RebuyParams, Recipe, RuleParams, SessionIndexParams};
use serde::{Deserialize, Serialize};

/// The tables. When any of them is written, what is not written is not built.
#[derive(Clone, Debug, Default, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Recipes {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) similar: Option<Recipe>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) together: Option<Recipe>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) next: Option<Recipe>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) content: Option<ContentParams>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rules: Option<RuleParams>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) rebuy: Option<RebuyParams>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) sessions: Option<SessionIndexParams>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scoring: Option<ScoringText>,
}

/// Scoring tables with a ladder as one line of text per rung: `2 similar from history by 1 + 1 together from cart by 0`,
/// or `popular in category`, `region`, `segment` or `everyone`, or `trending` there. The ladder of `trending` is the
/// standard one when none is written. The number behind `by` is that of a decay.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ScoringText {
    decays: Vec<Vec<u16>>,
    kinds: [u16; 3],
    ladders: BTreeMap<String, Vec<String>>,
}

/// Why a line is no rung, or a table no scoring.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum BadScoring {
    /// The line, and what it should be.
    Line(String),
    /// The placement, which does not exist or has no ladder.
    Placement(String),
    /// A table out of range.
    Range(ScoringError),
}

const AMONG: [(&str, Among); 4] = [
    ("category", Among::Category),
    ("region", Among::Region),
    ("segment", Among::Segment),
    ("everyone", Among::Everyone),
];
const SOURCES: [(&str, Source); 5] = [
    ("item", Source::Item),
    ("cart", Source::Cart),
    ("history", Source::History),
    ("events", Source::Events),
    ("ages", Source::Ages),
];

impl Recipes {
    /// What a model was made with.
    pub(crate) fn of(params: &Params) -> Recipes {
        Recipes {
            similar: params.similar.clone(),
            together: params.together.clone(),
            next: params.next.clone(),
            content: params.content.clone(),
            rules: params.rules.clone(),
            rebuy: params.rebuy,
            sessions: params.sessions.clone(),
            scoring: Some(ScoringText::of(&params.scoring)),
        }
    }

    /// The same as settings of a trainer.
    pub(crate) fn params(&self) -> Result<Params, BadScoring> {
        let scoring = self.scoring.as_ref().map(ScoringText::scoring).transpose()?;
        Ok(Params {
            similar: self.similar.clone(),
            together: self.together.clone(),
            next: self.next.clone(),
            content: self.content.clone(),
            rules: self.rules.clone(),
            rebuy: self.rebuy,
            sessions: self.sessions.clone(),
            scoring: scoring.unwrap_or_else(Scoring::standard),
            ..Params::default()
        })
    }
}

impl ScoringText {
    fn of(scoring: &Scoring) -> ScoringText {
        let Tables { decays, kinds, .. } = scoring.tables().clone();
        let ladder = |placement: Placement| scoring.ladder(placement).iter().map(line).collect();
        let named = |placement: Placement| (placement.name().to_owned(), ladder(placement));
        ScoringText { decays, kinds, ladders: Placement::ALL.map(named).into() }
    }

    fn scoring(&self) -> Result<Scoring, BadScoring> {
        if let Some(name) = self.ladders.keys().find(|name| Placement::from_name(name).is_none()) {
            return Err(BadScoring::Placement(name.clone()));
        }
        let ladder = |placement: Placement| {
            let lines = match self.ladders.get(placement.name()) {
                Some(lines) => lines,
                None if placement == Placement::Trending => return Ok(Rung::standard_trending()),
                None => return Err(BadScoring::Placement(placement.name().to_owned())),
            };
            let read = |line: &String| rung(line).ok_or_else(|| BadScoring::Line(line.clone()));
            lines.iter().map(read).collect()
        };
        let ladders = Placement::ALL.into_iter().map(ladder).collect::<Result<_, _>>()?;
        let tables = Tables { decays: self.decays.clone(), kinds: self.kinds, ladders };
        Scoring::new(tables).map_err(BadScoring::Range)
    }
}

fn line(rung: &Rung) -> String {
    match rung {
        Rung::Popular(among) => format!("popular in {}", name_of(*among)),
        Rung::Trending(among) => format!("trending in {}", name_of(*among)),
        Rung::Related(terms) => {
            let mut text = String::new();
            for (at, Term { relation, from, decay, weight }) in terms.iter().enumerate() {
                let plus = if at > 0 { " + " } else { "" };
                let source = SOURCES.iter().find(|(_, known)| known == from);
                let source = source.map_or("", |(text, _)| *text);
                // Writing to a string cannot fail.
                let _ = write!(text, "{plus}{weight} {} from {source} by {decay}", relation.name());
            }
            text
        }
    }
}

fn name_of(among: Among) -> &'static str {
    AMONG.iter().find(|(_, known)| *known == among).map_or("", |(name, _)| name)
}

/// The rung that a line of a ladder writes.
pub(super) fn rung(line: &str) -> Option<Rung> {
    if let Some((ranking, name)) = line.split_once(" in ") {
        let among = AMONG.iter().find(|(known, _)| *known == name)?.1;
        return match ranking {
            "popular" => Some(Rung::Popular(among)),
            "trending" => Some(Rung::Trending(among)),
            _ => None,
        };
    }
    line.split(" + ").map(term).collect::<Option<Vec<Term>>>().map(Rung::Related)
}

fn term(text: &str) -> Option<Term> {
    let words: Vec<&str> = text.split(' ').collect();
    let &[weight, relation, "from", source, "by", decay] = words.as_slice() else { return None };
    let relation = Relation::ALL.into_iter().find(|known| known.name() == relation)?;
    let from = SOURCES.iter().find(|(text, _)| *text == source)?.1;
    Some(Term { relation, from, decay: decay.parse().ok()?, weight: weight.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use edgewise_tune::{Goal, Shape, choose};

    #[test]
    fn what_is_written_is_read_again() {
        let presets = Goal::ALL.into_iter().flat_map(Goal::presets);
        let shape = Shape { repeats: 1.0, titled: 1.0, items_per_order: 9.0, ..Shape::default() };
        let chosen = std::iter::once(choose(shape).0);
        for params in presets.map(|preset| preset.setup.params).chain(chosen) {
            let text = toml::to_string(&Recipes::of(&params)).expect("a table");
            let read: Recipes = toml::from_str(&text).expect("the same table");
            let again = read.params().expect("settings");
            let expected = Params {
                min_people: again.min_people,
                min_support: again.min_support,
                half_life_days: again.half_life_days,
                ..params
            };
            let mut unset = expected.clone();
            // A model's own number of neighbours gives way to its recipe's.
            let slots = [&mut unset.similar, &mut unset.together, &mut unset.next];
            for recipe in slots.into_iter().flatten() {
                let text = toml::to_string(recipe).expect("a table");
                *recipe = toml::from_str(&text).expect("the same table");
            }
            assert_eq!(again, unset, "{text}");
        }
    }

    #[test]
    fn a_line_that_is_no_rung_is_named() {
        let mut text = ScoringText::of(&Scoring::standard());
        let bad = "1 similar from attic by 0".to_owned();
        text.ladders.insert("home".to_owned(), vec![bad.clone()]);
        assert_eq!(text.scoring(), Err(BadScoring::Line(bad)));
        text.ladders.remove("home");
        assert_eq!(text.scoring(), Err(BadScoring::Placement("home".to_owned())));
        text.ladders.insert("attic".to_owned(), Vec::new());
        assert_eq!(text.scoring(), Err(BadScoring::Placement("attic".to_owned())));
        text.ladders.remove("attic");
        text.ladders.insert("home".to_owned(), vec!["1 similar from history by 9".to_owned()]);
        assert!(matches!(text.scoring(), Err(BadScoring::Range(_))));
    }
}
