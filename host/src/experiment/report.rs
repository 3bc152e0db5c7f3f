//! `edgewise experiment report`: from event files to a verdict per variant.

mod args;

use std::io::Write as _;

use anyhow::Context;
use edgewise_bundle::Bundle;
use edgewise_bundle::limits::MAX_BUNDLE_BYTES;
use edgewise_core::{Experiment, MAX_VARIANTS};
use edgewise_experiment::{Analysis, EventKind, Figure, Plan, Settings, Verdict, analyse};

use crate::output::{Heading, Terminal};
use crate::questions::write_page;
use crate::whole_file;

use super::error::ReportError;
use super::events::{self, Read, Refused};
use super::{page, table};

pub(super) use args::ReportArgs;

/// Everything that is told.
pub(super) struct Told {
    /// Name of the experiment.
    pub(super) name: String,
    /// Names of the variants, by number.
    pub(super) variants: Vec<String>,
    pub(super) control: usize,
    pub(super) goal: Figure,
    pub(super) alpha: f64,
    /// What each comparison is tested at.
    pub(super) alpha_each: f64,
    pub(super) effect: f64,
    pub(super) has_times: bool,
    pub(super) n_rows: u64,
    pub(super) n_other: u64,
    pub(super) refused: Vec<Refused>,
    pub(super) analysis: Analysis,
}

/// Reads, judges, prints.
///
/// # Errors
/// Files that cannot be read, a bundle that is refused, [`ReportError`].
pub(super) fn run(args: &ReportArgs, terminal: &mut Terminal) -> anyhow::Result<()> {
    let planned = planned(args)?;
    let names = |of: &Experiment| of.variants.iter().map(|it| it.name.clone()).collect();
    let name = planned.as_ref().map(|found| found.name.clone()).or_else(|| args.experiment.clone());
    let read = events::read(&events::Request {
        paths: &args.paths,
        columns: &args.columns,
        experiment: name.as_deref(),
        variants: planned.as_ref().map(names),
    })?;
    let told = tell(args, read, planned.as_ref())?;
    if let Some(path) = &args.report {
        write_page(path, &page::html(&told), terminal)?;
    }
    let text = if args.json { table::json(&told)? } else { table::text(&told) };
    terminal.data(&text)?;
    warn(&told, terminal)
}

/// The experiment of the bundle, where one is given.
fn planned(args: &ReportArgs) -> anyhow::Result<Option<Experiment>> {
    let Some(path) = &args.bundle else { return Ok(None) };
    let bytes = whole_file::read(path, MAX_BUNDLE_BYTES.into())
        .with_context(|| format!("cannot read the bundle `{}`", path.display()))?;
    let bundle = Bundle::open(&bytes)
        .with_context(|| format!("cannot open the bundle `{}`", path.display()))?;
    let all = bundle.experiments().as_slice();
    let found = match &args.experiment {
        None if all.len() == 1 => all.first(),
        None => None,
        Some(name) => all.iter().find(|experiment| experiment.name == *name),
    };
    let names = || all.iter().map(|experiment| experiment.name.clone()).collect();
    let wanted = || args.experiment.clone().unwrap_or_default();
    Ok(Some(
        found
            .cloned()
            .ok_or_else(|| ReportError::NotInBundle { wanted: wanted(), found: names() })?,
    ))
}

fn tell(args: &ReportArgs, read: Read, planned: Option<&Experiment>) -> Result<Told, ReportError> {
    let Read { experiment, variants, events, n_rows, n_other, refused, has_times } = read;
    if !(2..=MAX_VARIANTS).contains(&variants.len()) {
        return Err(ReportError::VariantCount { found: variants });
    }
    let number = |option, wanted: &str| {
        let at = variants.iter().position(|name| name == wanted);
        let found = || variants.clone();
        at.ok_or_else(|| ReportError::Variant { option, wanted: wanted.to_owned(), found: found() })
    };
    let usual = variants.iter().position(|name| name.eq_ignore_ascii_case("control")).unwrap_or(0);
    let control = args.control.as_deref().map_or(Ok(usual), |name| number("--control", name))?;
    let mut shares = match planned {
        Some(planned) => planned.variants.iter().map(|it| f64::from(it.share)).collect(),
        None => vec![1.0; variants.len()],
    };
    if !args.shares.is_empty() {
        shares.fill(0.0);
        for (name, share) in &args.shares {
            shares[number("--shares", name)?] = *share;
        }
        if let Some(at) = shares.iter().position(|share| *share <= 0.0) {
            let found = args.shares.iter().map(|(name, _)| name.clone()).collect();
            return Err(ReportError::Variant {
                option: "--shares",
                wanted: variants[at].clone(),
                found,
            });
        }
    }
    let has_visitors = events.first().is_some_and(|event| event.visitor.is_some());
    let has_purchases = events.iter().any(|event| event.kind == EventKind::Purchase);
    let goal = args.goal.unwrap_or(match (has_visitors, has_purchases) {
        (true, true) => Figure::Buyers,
        (true, false) => Figure::Clickers,
        (false, true) => Figure::PurchaseRate,
        (false, false) => Figure::ClickRate,
    });
    if goal.is_of_visitors() && !has_visitors {
        return Err(ReportError::NoVisitors { goal: goal.name() });
    }
    let settings =
        Settings { shares: &shares, control, goal, alpha: args.alpha, effect: args.effect };
    let alpha_each = settings.alpha_each();
    let analysis = analyse(events, &settings);
    Ok(Told {
        name: experiment.unwrap_or_else(|| "experiment".to_owned()),
        variants,
        control,
        goal,
        alpha: args.alpha,
        alpha_each,
        effect: args.effect,
        has_times,
        n_rows,
        n_other,
        refused: all_refused(refused, &analysis),
        analysis,
    })
}

/// What the reader refused, and what the analysis did.
fn all_refused(mut refused: Vec<Refused>, analysis: &Analysis) -> Vec<Refused> {
    refused.extend(analysis.refused.iter().map(|(reason, n_rows)| Refused {
        code: reason.code(),
        text: reason.text(),
        n_rows: *n_rows,
        example: None,
    }));
    refused
}

impl Told {
    /// The variants' names with the comparison of each, the control's left out.
    pub(super) fn comparisons(
        &self,
    ) -> impl Iterator<Item = (&str, &edgewise_experiment::Comparison)> {
        self.analysis.comparisons.iter().map(|of| (self.variants[of.variant].as_str(), of))
    }

    /// The comparisons that a verdict may be had from: none where visitors are not divided as planned.
    pub(super) fn judged(&self) -> impl Iterator<Item = (&str, &edgewise_experiment::Comparison)> {
        self.comparisons().filter(|_| !self.analysis.sample_ratio.is_suspicious())
    }

    /// A verdict in JSON.
    pub(super) fn verdict_name(&self, verdict: Verdict) -> &'static str {
        match verdict {
            _ if self.analysis.sample_ratio.is_suspicious() => "untrusted",
            Verdict::Better => "better",
            Verdict::Worse => "worse",
            Verdict::Open => "open",
            Verdict::TooFew => "too_few",
        }
    }

    /// The control's name.
    pub(super) fn control_name(&self) -> &str {
        &self.variants[self.control]
    }

    /// Visitors per variant that the planned effect needs at what is known of the control, where the goal is a share; and
    /// the fewest that a variant has.
    pub(super) fn needed(&self) -> Option<(u64, u64)> {
        let baseline = self.analysis.variants[self.control].rates[self.goal.index()]?.0;
        if !self.goal.is_of_visitors() {
            return None;
        }
        let n_variants = u32::try_from(self.variants.len()).ok()?;
        let plan =
            Plan { baseline, effect: self.effect, alpha: self.alpha, n_variants, power: 0.8 };
        let fewest = self.analysis.variants.iter().map(|variant| variant.n_units).min()?;
        Some((plan.sample_size().ok()?.daily_looks, fewest))
    }

    /// Why the figures may mislead, the gravest first.
    pub(super) fn cautions(&self) -> Vec<String> {
        let mut found = Vec::new();
        let ratio = &self.analysis.sample_ratio;
        if ratio.is_suspicious() {
            found.push(format!(
                "visitors are not divided as planned ({}), so that something loses or adds them in one variant; no figure of \
                 this experiment can be trusted before that is found",
                super::words::p_value(ratio.p_value)
            ));
        }
        if self.analysis.unit == edgewise_experiment::Unit::Impression {
            found.push(
                "the events name no visitors, so that every impression counts as another one; several impressions of one \
                 visitor make all figures look surer than they are"
                    .to_owned(),
            );
        }
        let n_crossed =
            self.refused.iter().find(|it| it.code == "other_variant").map_or(0, |it| it.n_rows);
        if n_crossed * 100 > self.n_rows {
            found.push(format!(
                "{n_crossed} events are of visitors who were in another variant before, more than one in a hundred; the token \
                 of a visitor should not change"
            ));
        }
        if !self.has_times {
            found.push(
                "the events have no times, so that nothing can be told day by day".to_owned(),
            );
        }
        found
    }
}

fn warn(told: &Told, terminal: &Terminal) -> anyhow::Result<()> {
    for caution in told.cautions() {
        let word = terminal.heading("warning:", Heading::Warning);
        writeln!(terminal.notes(), "{word} {caution}")?;
    }
    Ok(())
}
