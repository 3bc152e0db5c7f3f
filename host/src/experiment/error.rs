//! Why events cannot be judged.

/// Why events cannot be judged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum ReportError {
    /// The events are of several experiments, or of none with the name that was asked for.
    #[error("{}", match .wanted {
        Some(wanted) => format!("no event is of the experiment `{wanted}`; there are {}", listed(.found)),
        None => format!("the events are of several experiments: {}", listed(.found)),
    })]
    Experiment {
        /// The name that was asked for.
        wanted: Option<String>,
        /// The names that occur.
        found: Vec<String>,
    },
    /// The bundle has no such experiment.
    #[error("the bundle has no experiment `{wanted}`; there are {}", listed(.found))]
    NotInBundle {
        /// The name.
        wanted: String,
        /// Those that it has.
        found: Vec<String>,
    },
    /// A variant is named that there is not.
    #[error("`{option}` names the variant `{wanted}`; there are {}", listed(.found))]
    Variant {
        /// The option.
        option: &'static str,
        /// The name.
        wanted: String,
        /// Those that there are.
        found: Vec<String>,
    },
    /// There is nothing to compare.
    #[error("events of 2 to 16 variants are needed; there are {}", listed(.found))]
    VariantCount {
        /// Those that there are.
        found: Vec<String>,
    },
    /// The figure needs visitors that are told apart.
    #[error("the goal `{goal}` is a share of visitors, and the events name none")]
    NoVisitors {
        /// The figure.
        goal: &'static str,
    },
    /// Nothing is left.
    #[error("none of the {n_rows} rows is an event of an experiment; most often: {reason}")]
    NothingLeft {
        /// Rows read.
        n_rows: u64,
        /// Why they are none.
        reason: String,
    },
}

impl ReportError {
    /// What cures it.
    pub(crate) fn hint(&self) -> String {
        match self {
            ReportError::Experiment { .. } => "name one with `--experiment NAME`",
            ReportError::NotInBundle { .. } => "give the bundle that was served during the experiment",
            ReportError::Variant { .. } => "check the spelling; letter case counts",
            ReportError::VariantCount { .. } => {
                "name the column of the variants with `--column variant=NAME`; events outside the experiment have none"
            }
            ReportError::NoVisitors { .. } => {
                "name their column with `--column visitor=NAME`, or ask for `--goal purchase-rate` or `click-rate`"
            }
            ReportError::NothingLeft { .. } => {
                "name the columns, for example `--column event=type --column variant=group`"
            }
        }
        .to_owned()
    }
}

/// Names in backticks, at most twenty.
fn listed(names: &[String]) -> String {
    let mut shown: Vec<String> = names.iter().take(20).map(|name| format!("`{name}`")).collect();
    match names.len() {
        0 => shown.push("none".to_owned()),
        n @ 21.. => shown.push(format!("and {} more", n - 20)),
        _ => {}
    }
    shown.join(", ")
}
