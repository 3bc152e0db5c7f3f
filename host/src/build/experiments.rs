//! What a build says of experiments: who gets what, where and when; and what their variants ask of a model that has none
//! of it.

use std::io::Write as _;

use edgewise_core::{
    Experiment, Experiments, ModelValues, Period, Placement, Relation, Rung, SHARE_ONE,
};

use super::{day, step};
use crate::output::{Heading, Terminal};

/// A line for each experiment.
///
/// # Errors
/// What the terminal says.
pub(super) fn tell(experiments: &Experiments, terminal: &Terminal) -> std::io::Result<()> {
    for experiment in experiments.as_slice() {
        writeln!(terminal.notes(), "{}{}", step(terminal, "tests"), line(experiment))?;
    }
    Ok(())
}

fn line(experiment: &Experiment) -> String {
    let percent = |share: u16| f64::from(share) * 100.0 / f64::from(SHARE_ONE);
    let variants = experiment.variants.iter();
    let variants: Vec<String> =
        variants.map(|variant| format!("{} {} %", variant.name, percent(variant.share))).collect();
    let placements: Vec<&str> = experiment.placements.iter().map(Placement::name).collect();
    let Period { start_s, end_s } = experiment.period;
    let time = |time_s: u64| day(i64::try_from(time_s).unwrap_or(i64::MAX));
    let edge = |word: &str, is_open: bool, time_s| {
        if is_open { String::new() } else { format!(", {word} {}", time(time_s)) }
    };
    let from = edge("from", start_s == Period::ALWAYS.start_s, start_s);
    let until = edge("before", end_s == Period::ALWAYS.end_s, end_s);
    format!(
        "{}: {} on {}{from}{until}",
        experiment.name,
        variants.join(", "),
        placements.join(", ")
    )
}

/// A line for every kind of list that a variant's ladder asks for and the model does not have: its terms add nothing.
///
/// # Errors
/// What the terminal says.
pub(super) fn warn(
    experiments: &Experiments,
    values: &ModelValues,
    terminal: &Terminal,
) -> std::io::Result<()> {
    for (experiment, variant, relation) in missing(experiments, values) {
        let word = terminal.heading("warning:", Heading::Warning);
        writeln!(
            terminal.notes(),
            "{word} variant `{variant}` of experiment `{experiment}` asks for `{relation}`, of which this model has nothing; \
             `[model.…]` tables of the configuration say what is learnt"
        )?;
    }
    Ok(())
}

fn missing<'e>(
    experiments: &'e Experiments,
    values: &ModelValues,
) -> Vec<(&'e str, &'e str, &'static str)> {
    let mut found = Vec::new();
    for experiment in experiments.as_slice() {
        for variant in &experiment.variants {
            let rungs = variant.ladders.iter().flat_map(|(_, ladder)| ladder);
            let terms = rungs.flat_map(|rung| match rung {
                Rung::Related(terms) => terms.as_slice(),
                Rung::Popular(_) | Rung::Trending(_) => &[],
            });
            for relation in terms.map(|term| term.relation) {
                let entry = (experiment.name.as_str(), variant.name.as_str(), relation.name());
                if !has(values, relation) && !found.contains(&entry) {
                    found.push(entry);
                }
            }
        }
    }
    found
}

fn has(values: &ModelValues, relation: Relation) -> bool {
    match relation {
        Relation::Again | Relation::Popular => true,
        Relation::Sessions => values.sessions.is_some(),
        Relation::Rules => !values.rules.is_empty(),
        listed => !values.lists(listed).is_empty(),
    }
}

#[cfg(test)]
mod tests {
    use edgewise_core::{Scoring, Source, Term, Variant};

    use super::*;

    fn experiment() -> Experiment {
        let variant = |name: &str, share, ladders| Variant {
            name: name.to_owned(),
            share,
            rules: edgewise_core::ALL_RULE_SETS,
            ladders,
        };
        let term = |relation| Term { relation, from: Source::History, decay: 1, weight: 1 };
        let related = vec![term(Relation::Similar), term(Relation::Next), term(Relation::Next)];
        let own = vec![(Placement::Home, vec![Rung::Related(related)])];
        Experiment {
            name: "Spring".to_owned(),
            salt: "s".to_owned(),
            placements: [Placement::Home, Placement::Cart].into_iter().collect(),
            period: Period { start_s: 86_400, end_s: u64::MAX },
            variants: vec![variant("control", 5_000, Vec::new()), variant("next", 2_525, own)],
        }
    }

    #[test]
    fn an_experiment_is_told_in_a_line() {
        let expected = "Spring: control 50 %, next 25.25 % on cart, home, from 1970-01-02";
        assert_eq!(line(&experiment()), expected);
    }

    #[test]
    fn lists_that_a_variant_asks_for_and_the_model_lacks_are_named_once() {
        let experiments =
            Experiments::new(vec![experiment()], &Scoring::standard()).expect("an experiment");
        let mut values = ModelValues { similar: vec![Vec::new()], ..ModelValues::empty() };
        assert_eq!(missing(&experiments, &values), [("Spring", "next", "next")]);
        values.next = vec![Vec::new()];
        assert!(missing(&experiments, &values).is_empty());
    }
}
