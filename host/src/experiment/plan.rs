//! `edgewise experiment plan`: how many visitors an effect needs.

use std::fmt::Write as _;

use clap::Args;
use edgewise_experiment::{Plan, SampleSize};
use serde_json::json;

use crate::output::{Terminal, counted, grouped};

use super::words::percent;

/// What `edgewise experiment plan` takes.
#[derive(Args, Debug)]
pub(super) struct PlanArgs {
    /// Share of visitors who do it without the change: 0.03 is three of a hundred
    #[arg(long, value_name = "SHARE")]
    baseline: f64,
    /// Smallest change worth finding, relative to the baseline: 0.05 is from 3 % to 3.15 %
    #[arg(long, value_name = "CHANGE", allow_negative_numbers = true)]
    effect: f64,
    /// Chance of finding such a change. Near 0.5: a coin decides. Near 1: many more visitors
    #[arg(long, value_name = "CHANCE", default_value_t = 0.8)]
    power: f64,
    /// Chance of a false alarm in the whole experiment. Near 0: many more visitors. Near 0.5: alarms mean little
    #[arg(long, value_name = "CHANCE", default_value_t = 0.05)]
    alpha: f64,
    /// Number of variants with the control
    #[arg(long, value_name = "N", default_value_t = 2)]
    variants: u32,
    /// Visitors a day who come into the experiment, over all variants
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    visitors_per_day: Option<u64>,
    /// Print one object, for machines
    #[arg(long)]
    json: bool,
}

/// Reckons and prints.
///
/// # Errors
/// `PlanError` when a number is out of range.
pub(super) fn run(args: &PlanArgs, terminal: &mut Terminal) -> anyhow::Result<()> {
    let PlanArgs { baseline, effect, power, alpha, variants, visitors_per_day, .. } = *args;
    let plan = Plan { baseline, effect, power, alpha, n_variants: variants };
    let size = plan.sample_size()?;
    let days = |per_variant: u64| {
        visitors_per_day.map(|per_day| (per_variant * u64::from(variants)).div_ceil(per_day))
    };
    let text = if args.json {
        let of = |per_variant: u64| {
            json!({
                "visitors_per_variant": per_variant,
                "visitors": per_variant * u64::from(variants),
                "days": days(per_variant),
            })
        };
        let value = json!({
            "baseline": baseline,
            "effect": effect,
            "power": power,
            "alpha": alpha,
            "variants": variants,
            "alpha_per_comparison": plan.alpha_each(),
            "daily_looks": of(size.daily_looks),
            "one_look": of(size.one_look),
        });
        serde_json::to_string_pretty(&value)? + "\n"
    } else {
        text(&plan, size, &days)?
    };
    Ok(terminal.data(&text)?)
}

fn text(
    plan: &Plan,
    size: SampleSize,
    days: &dyn Fn(u64) -> Option<u64>,
) -> Result<String, std::fmt::Error> {
    let mut out = String::new();
    let changed = plan.baseline * (1.0 + plan.effect);
    writeln!(
        out,
        "To find a change of {} (from {} to {} of visitors) with a chance of {}, and to be wrong about no change at all with a \
         chance of {}:\n",
        percent(plan.effect),
        percent(plan.baseline),
        percent(changed),
        percent(plan.power),
        percent(plan.alpha),
    )?;
    let n_variants = u64::from(plan.n_variants);
    writeln!(
        out,
        "                          visitors per variant      visitors{}",
        match days(1) {
            Some(_) => "   days",
            None => "",
        }
    )?;
    for (name, per_variant) in
        [("looked at every day", size.daily_looks), ("looked at once, at the end", size.one_look)]
    {
        let days =
            days(per_variant).map_or_else(String::new, |days| format!("{:>7}", grouped(days)));
        writeln!(
            out,
            "{name:<26}{:>20}{:>14}{days}",
            grouped(per_variant),
            grouped(per_variant * n_variants)
        )?;
    }
    writeln!(
        out,
        "\n`edgewise experiment report` may be looked at every day: with so many visitors it finds such a change, and mostly \
         earlier.\nWhoever looks once, on a day that was set before, needs fewer; a plain test that is looked at before is \
         wrong far more often than {}.",
        percent(plan.alpha)
    )?;
    if plan.n_variants > 2 {
        writeln!(
            out,
            "Each of the {} is tested at {}, so that all together are wrong with a chance of at most {}.",
            counted(n_variants - 1, "comparison with the control", "comparisons with the control"),
            percent(plan.alpha_each()),
            percent(plan.alpha)
        )?;
    }
    Ok(out)
}
