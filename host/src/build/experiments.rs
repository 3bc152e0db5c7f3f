//! What the variants of experiments ask of a model that does not have it.

use std::io::Write as _;

use edgewise_core::{Experiments, ModelValues, Relation, Rung};

use crate::output::{Heading, Terminal};

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
                Rung::Popular(_) => &[],
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
