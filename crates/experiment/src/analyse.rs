//! From events to figures, day by day, and to a verdict.

mod tally;
#[cfg(test)]
mod tests;

use crate::Interval;
use crate::events::{Event, Figure, Unit};
use crate::moments::{Moments, Rate};
use crate::normal::exceeded_with;
use crate::proportion::wilson;
use crate::sample_ratio::SampleRatio;
use crate::sequential::{Estimate, Mixture};

pub use tally::Refusal;
use tally::Tally;

/// Units of each variant that must have clicked or bought before a look counts: with fewer, a rate is not normal enough.
const MIN_HITS: f64 = 30.0;
const DAY_S: i64 = 86_400;

/// What is asked of the events.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Settings<'s> {
    /// Shares of the variants as planned; need not sum to anything.
    pub shares: &'s [f64],
    /// The number of the control.
    pub control: usize,
    /// The figure that decides.
    pub goal: Figure,
    /// The chance of a false alarm over the whole experiment, however often it is looked at. Near 0: hardly anything is
    /// proved. Near 1: alarms mean nothing. Above 0 and below 1.
    pub alpha: f64,
    /// The relative effect that was planned for, as 0.05; see [`Mixture::deviation`]. Above 0.
    pub effect: f64,
}

/// What the events say.
#[derive(Clone, Debug, PartialEq)]
pub struct Analysis {
    /// What counts as one.
    pub unit: Unit,
    /// The figures of each variant.
    pub variants: Vec<VariantFigures>,
    /// Whether visitors were divided as planned.
    pub sample_ratio: SampleRatio,
    /// Each variant but the control, against the control.
    pub comparisons: Vec<Comparison>,
    /// Events that count for nothing, by reason.
    pub refused: Vec<(Refusal, u64)>,
    /// The time of the first event and of the last, in seconds since 1970.
    pub period: Option<(i64, i64)>,
}

/// One variant.
#[derive(Clone, Debug, PartialEq)]
pub struct VariantFigures {
    /// Visitors; impressions where visitors are not told apart.
    pub n_units: u64,
    /// Impressions.
    pub impressions: u64,
    /// Clicks.
    pub clicks: u64,
    /// Purchases.
    pub purchases: u64,
    /// What they brought in.
    pub revenue: f64,
    /// Each figure with an interval of 95 % for this variant alone; in the order of [`Figure::ALL`], `None` where visitors
    /// are not told apart.
    pub rates: [Option<(f64, Interval)>; 5],
}

/// A variant against the control.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    /// The number of the variant.
    pub variant: usize,
    /// The figure that decides, at the end.
    pub goal: Option<Lift>,
    /// Every figure at the end; in the order of [`Figure::ALL`].
    pub lifts: [Option<Lift>; 5],
    /// The figure that decides, at the end of each day on which it could be looked at.
    pub looks: Vec<Look>,
    /// What may be said of the figure that decides.
    pub verdict: Verdict,
}

/// The relative change of a figure: 0.05 is 5 % more than the control.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lift {
    /// The estimate.
    pub change: f64,
    /// Where the true change lies; valid whenever it is looked at, at a level of alpha over the number of comparisons.
    pub interval: Interval,
    /// The always-valid p-value. An effect is proved when it is at most that level.
    pub p_value: f64,
}

/// The end of a day.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Look {
    /// The day's first second.
    pub day_s: i64,
    /// What was known then.
    pub lift: Lift,
}

/// What may be said of a variant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is better than the control.
    Better,
    /// It is worse than the control.
    Worse,
    /// Nothing is proved yet.
    Open,
    /// Fewer than 30 visitors of the variant or of the control did what is counted.
    TooFew,
}

/// The figures of `n` events of variants numbered from 0, in whatever order. Days are those of UTC.
pub fn analyse(mut events: Vec<Event>, settings: &Settings<'_>) -> Analysis {
    let n_variants = settings.shares.len();
    events.retain(|event| usize::from(event.variant) < n_variants);
    // Stable, so that events of one second stay in the order of the log.
    events.sort_by_key(|event| event.time_s);
    let period = events.first().map(|event| event.time_s).zip(events.last().map(|it| it.time_s));
    let unit = match events.first() {
        Some(Event { visitor: Some(_), .. }) => Unit::Visitor,
        _ => Unit::Impression,
    };
    let mut tally = Tally::new(n_variants, unit);
    let mut paths: Vec<Path> = (0..n_variants)
        .filter(|variant| *variant != settings.control)
        .map(|variant| Path { variant, looks: Vec::new() })
        .collect();
    for day in events.chunk_by(|a, b| a.time_s.div_euclid(DAY_S) == b.time_s.div_euclid(DAY_S)) {
        for event in day {
            tally.add(event);
        }
        let day_s = day[0].time_s.div_euclid(DAY_S) * DAY_S;
        for path in &mut paths {
            path.look(day_s, &tally, settings);
        }
    }
    let counts: Vec<u64> = (0..n_variants).map(|variant| tally.n_units(variant)).collect();
    Analysis {
        unit,
        variants: (0..n_variants).map(|variant| variant_figures(&tally, variant)).collect(),
        sample_ratio: SampleRatio::new(&counts, settings.shares),
        comparisons: paths.into_iter().map(|path| path.end(&tally, settings)).collect(),
        refused: tally.refused(),
        period,
    }
}

impl Settings<'_> {
    /// The level of one comparison: alpha over their number (Bonferroni).
    pub fn alpha_each(&self) -> f64 {
        let n_others = u32::try_from(self.shares.len().saturating_sub(1)).unwrap_or(u32::MAX);
        self.alpha / f64::from(n_others.max(1))
    }

    fn mixture(&self) -> Mixture {
        Mixture { deviation: (1.0 + self.effect).ln().abs() }
    }

    /// A variant's moments against the control's, at one moment: the logarithm of the ratio of their rates, whose variance is
    /// the sum of both relative variances (delta method).
    fn lift(&self, [control, variant]: [&Moments; 2]) -> Option<Lift> {
        if control.n_hits < MIN_HITS || variant.n_hits < MIN_HITS {
            return None;
        }
        let [before, after] = [control.rate(), variant.rate()];
        let relative = |rate: &Rate| rate.variance / (rate.value * rate.value);
        let variance = relative(&before) + relative(&after);
        let estimate = Estimate { value: (after.value / before.value).ln(), variance };
        if !(estimate.value.is_finite() && variance > 0.0) {
            return None;
        }
        let mixture = self.mixture();
        let ends = mixture.interval(&estimate, self.alpha_each());
        Some(Lift {
            change: estimate.value.exp_m1(),
            interval: Interval { low: ends.low.exp_m1(), high: ends.high.exp_m1() },
            p_value: mixture.p_value(&estimate),
        })
    }
}

/// A comparison while its days pass.
struct Path {
    variant: usize,
    looks: Vec<Look>,
}

impl Path {
    fn look(&mut self, day_s: i64, tally: &Tally, settings: &Settings<'_>) {
        let of = |variant| tally.moments(variant, settings.goal);
        let Some(lift) = settings.lift([of(settings.control), of(self.variant)]) else { return };
        let lift = self.looks.last().map_or(lift, |last| lift.after(&last.lift));
        self.looks.push(Look { day_s, lift });
    }

    fn end(self, tally: &Tally, settings: &Settings<'_>) -> Comparison {
        let goal = self.looks.last().map(|look| look.lift);
        let of = |variant, figure| tally.moments(variant, figure);
        let lifts = Figure::ALL.map(|figure| match figure {
            figure if figure == settings.goal => goal,
            figure if figure.is_of_visitors() && tally.unit() == Unit::Impression => None,
            figure => settings.lift([of(settings.control, figure), of(self.variant, figure)]),
        });
        let verdict = match goal {
            None => Verdict::TooFew,
            Some(lift) if lift.p_value > settings.alpha_each() => Verdict::Open,
            Some(lift) if lift.interval.low + lift.interval.high > 0.0 => Verdict::Better,
            Some(_) => Verdict::Worse,
        };
        Comparison { variant: self.variant, goal, lifts, looks: self.looks, verdict }
    }
}

impl Lift {
    /// What is known after an earlier look: the p-value is the least so far, and the true change lies in every interval so
    /// far. Where they have nothing in common the change was not the same on all days, and the newest one stands alone.
    fn after(self, earlier: &Lift) -> Lift {
        let low = self.interval.low.max(earlier.interval.low);
        let high = self.interval.high.min(earlier.interval.high);
        let interval = if low <= high { Interval { low, high } } else { self.interval };
        Lift { interval, p_value: self.p_value.min(earlier.p_value), ..self }
    }
}

fn variant_figures(tally: &Tally, variant: usize) -> VariantFigures {
    let [clicks, purchases, revenue] = [Figure::ClickRate, Figure::PurchaseRate, Figure::Revenue]
        .map(|figure| tally.moments(variant, figure));
    let rates = Figure::ALL.map(|figure| {
        let moments = tally.moments(variant, figure);
        if figure.is_of_visitors() {
            let share = moments.rate().value;
            let is_known = tally.unit() == Unit::Visitor;
            return is_known.then(|| (share, wilson(moments.y, moments.n, 0.05)));
        }
        let rate = moments.rate();
        let is_share = tally.unit() == Unit::Impression && figure != Figure::Revenue;
        if is_share && rate.value <= 1.0 {
            return Some((rate.value, wilson(moments.y, moments.x, 0.05)));
        }
        let half = exceeded_with(0.025) * rate.variance.sqrt();
        Some((rate.value, Interval { low: (rate.value - half).max(0.0), high: rate.value + half }))
    });
    VariantFigures {
        n_units: tally.n_units(variant),
        impressions: tally::count(clicks.x),
        clicks: tally::count(clicks.y),
        purchases: tally::count(purchases.y),
        revenue: revenue.y,
        rates,
    }
}
