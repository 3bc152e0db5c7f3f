//! Sums over units, one event after another.

use std::collections::HashMap;

use crate::events::{Deeds, Event, EventKind, Figure, Unit};
use crate::moments::Moments;

/// Why an event counts for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// A click or purchase of a visitor to whom nothing had been shown.
    NoImpression,
    /// A visitor who was in another variant before. A few change their device; many are a fault in how visitors are told
    /// apart.
    OtherVariant,
    /// A visitor is named, or not, unlike in the first event.
    MixedVisitors,
    /// A purchase of a value below 0, or of none that is a number.
    BadValue,
}

impl Refusal {
    /// Every reason.
    pub const ALL: [Refusal; 4] =
        [Refusal::NoImpression, Refusal::OtherVariant, Refusal::MixedVisitors, Refusal::BadValue];

    /// The name that reports use.
    pub const fn code(self) -> &'static str {
        match self {
            Refusal::NoImpression => "no_impression",
            Refusal::OtherVariant => "other_variant",
            Refusal::MixedVisitors => "mixed_visitors",
            Refusal::BadValue => "bad_value",
        }
    }

    /// The reason in words.
    pub const fn text(self) -> &'static str {
        match self {
            Refusal::NoImpression => "a click or purchase before anything was shown",
            Refusal::OtherVariant => "a visitor who was in another variant before",
            Refusal::MixedVisitors => "a visitor is named in some events and not in others",
            Refusal::BadValue => "a purchase of a value below 0",
        }
    }
}

/// The sums of every variant.
pub(super) struct Tally {
    unit: Unit,
    /// By variant, then by figure.
    moments: Vec<[Moments; 5]>,
    /// Variant and deeds by visitor.
    visitors: HashMap<u32, (u16, Deeds)>,
    n_refused: [u64; Refusal::ALL.len()],
}

impl Tally {
    pub(super) fn new(n_variants: usize, unit: Unit) -> Tally {
        let moments = vec![[Moments::default(); 5]; n_variants];
        Tally { unit, moments, visitors: HashMap::new(), n_refused: [0; Refusal::ALL.len()] }
    }

    pub(super) fn unit(&self) -> Unit {
        self.unit
    }

    /// Counts an event of a variant that there is.
    pub(super) fn add(&mut self, event: &Event) {
        let refused = if event.kind == EventKind::Purchase
            && !(event.value >= 0.0 && event.value.is_finite())
        {
            Some(Refusal::BadValue)
        } else {
            match (self.unit, event.visitor) {
                (Unit::Visitor, Some(visitor)) => self.add_to_visitor(visitor, event),
                (Unit::Impression, None) => self.add_to_impression(event),
                _ => Some(Refusal::MixedVisitors),
            }
        };
        if let Some(reason) = refused {
            self.n_refused[reason as usize] += 1;
        }
    }

    fn add_to_visitor(&mut self, visitor: u32, event: &Event) -> Option<Refusal> {
        let found = self.visitors.get_mut(&visitor);
        let Some((variant, deeds)) = found else {
            if event.kind != EventKind::Impression {
                return Some(Refusal::NoImpression);
            }
            let mut deeds = Deeds::default();
            deeds.add(event);
            self.visitors.insert(visitor, (event.variant, deeds));
            for figure in Figure::ALL {
                let (x, y) = deeds.of(figure);
                self.moments[usize::from(event.variant)][figure.index()].add(x, y);
            }
            return None;
        };
        if *variant != event.variant {
            return Some(Refusal::OtherVariant);
        }
        let before = *deeds;
        deeds.add(event);
        for figure in Figure::ALL {
            let moments = &mut self.moments[usize::from(event.variant)][figure.index()];
            moments.replace(before.of(figure), deeds.of(figure));
        }
        None
    }

    /// Every impression is a unit, and every click or purchase belongs to another one. The sum of squares of what was counted
    /// then stands for its variance without the square of the mean, as for a sum of a random number of terms: a little more
    /// than the truth, which is the side to err on.
    fn add_to_impression(&mut self, event: &Event) -> Option<Refusal> {
        let mut deeds = Deeds::default();
        deeds.add(event);
        for figure in Figure::ALL {
            let moments = &mut self.moments[usize::from(event.variant)][figure.index()];
            let (x, y) = deeds.of(figure);
            match event.kind {
                EventKind::Impression => {
                    moments.n += 1.0;
                    moments.x += x;
                }
                EventKind::Click | EventKind::Purchase if y != 0.0 => {
                    moments.y += y;
                    moments.yy += y * y;
                    moments.n_hits += 1.0;
                }
                EventKind::Click | EventKind::Purchase => {}
            }
        }
        None
    }

    pub(super) fn moments(&self, variant: usize, figure: Figure) -> &Moments {
        &self.moments[variant][figure.index()]
    }

    /// Visitors or impressions of a variant.
    pub(super) fn n_units(&self, variant: usize) -> u64 {
        count(self.moments[variant][Figure::ClickRate.index()].n)
    }

    /// The reasons that occurred, with how often.
    pub(super) fn refused(&self) -> Vec<(Refusal, u64)> {
        let all = Refusal::ALL.into_iter().zip(self.n_refused);
        all.filter(|(_, n_events)| *n_events > 0).collect()
    }
}

/// A count that was summed as a real number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a whole number of events"
)]
pub(super) fn count(n: f64) -> u64 {
    n.max(0.0).round() as u64
}
