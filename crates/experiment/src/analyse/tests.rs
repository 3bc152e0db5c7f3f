//! What is counted, what is refused, and what is said of it.

use super::*;
use crate::events::EventKind;

const SETTINGS: Settings<'_> =
    Settings { shares: &[0.5, 0.5], control: 0, goal: Figure::Buyers, alpha: 0.05, effect: 0.1 };

fn event(kind: EventKind, variant: u16, visitor: u32) -> Event {
    Event { time_s: 0, kind, variant, visitor: Some(visitor), value: 0.0 }
}

/// Visitors of a variant, of whom some buy for 10 and some only click, on one day.
fn visitors(variant: u16, n: u32, n_buyers: u32, day: i64) -> Vec<Event> {
    let mut events = Vec::new();
    for number in 0..n {
        let visitor =
            number + u32::from(variant) * 1_000_000 + u32::try_from(day).unwrap() * 10_000;
        let at = |kind| Event { time_s: day * DAY_S, ..event(kind, variant, visitor) };
        events.push(at(EventKind::Impression));
        if number < n_buyers {
            events.push(at(EventKind::Click));
            events.push(Event { value: 10.0, ..at(EventKind::Purchase) });
        }
    }
    events
}

#[test]
fn figures_are_counts_over_visitors_and_impressions() {
    let mut events = visitors(0, 100, 10, 0);
    // A visitor to whom things were shown twice more, and who bought twice.
    events.extend([event(EventKind::Impression, 0, 0), event(EventKind::Impression, 0, 0)]);
    events.push(Event { value: 5.0, ..event(EventKind::Purchase, 0, 0) });
    events.extend(visitors(1, 50, 0, 0));
    let found = analyse(events, &SETTINGS);
    let control = &found.variants[0];
    assert_eq!((control.n_units, control.impressions), (100, 102));
    assert_eq!((control.clicks, control.purchases), (10, 11));
    assert!((control.revenue - 105.0).abs() < 1e-9);
    let rate = |figure: Figure| control.rates[figure.index()].map(|(rate, _)| rate);
    for (figure, expected) in [
        (Figure::Buyers, 0.1),
        (Figure::Clickers, 0.1),
        (Figure::ClickRate, 10.0 / 102.0),
        (Figure::PurchaseRate, 11.0 / 102.0),
        (Figure::Revenue, 105.0 / 102.0),
    ] {
        assert!((rate(figure).unwrap() - expected).abs() < 1e-12, "{figure:?}");
    }
    assert_eq!((found.unit, found.refused), (Unit::Visitor, Vec::new()));
}

#[test]
fn what_cannot_be_is_refused_and_counted() {
    let events = vec![
        event(EventKind::Click, 0, 1),
        event(EventKind::Impression, 0, 1),
        event(EventKind::Impression, 1, 1),
        Event { visitor: None, ..event(EventKind::Impression, 1, 0) },
        Event { value: -1.0, ..event(EventKind::Purchase, 0, 1) },
        Event { value: f64::NAN, ..event(EventKind::Purchase, 0, 1) },
        event(EventKind::Impression, 7, 9),
    ];
    let found = analyse(events, &SETTINGS);
    let expected = [
        (Refusal::NoImpression, 1),
        (Refusal::OtherVariant, 1),
        (Refusal::MixedVisitors, 1),
        (Refusal::BadValue, 2),
    ];
    assert_eq!(found.refused, expected);
    assert_eq!(found.variants[0].impressions, 1);
    assert_eq!(found.variants[1].impressions, 0);
}

#[test]
fn the_order_of_the_events_does_not_matter_where_times_differ() {
    let mut events: Vec<Event> = (0..3)
        .flat_map(|day| [visitors(0, 200, 30, day), visitors(1, 200, 50, day)].concat())
        .collect();
    for (number, event) in events.iter_mut().enumerate() {
        event.time_s += i64::try_from(number).unwrap();
    }
    let expected = analyse(events.clone(), &SETTINGS);
    events.reverse();
    assert_eq!(analyse(events, &SETTINGS), expected);
    assert_eq!(expected.comparisons[0].looks.len(), 3);
}

#[test]
fn a_verdict_needs_hits_and_then_an_effect() {
    let verdict = |control: u32, variant: u32| {
        let days = 0..5;
        let of_day =
            |day| [visitors(0, 900, control, day), visitors(1, 900, variant, day)].concat();
        let found = analyse(days.flat_map(of_day).collect(), &SETTINGS);
        found.comparisons[0].verdict
    };
    assert_eq!(verdict(5, 60), Verdict::TooFew);
    assert_eq!(verdict(60, 62), Verdict::Open);
    assert_eq!(verdict(60, 90), Verdict::Better);
    assert_eq!(verdict(90, 60), Verdict::Worse);
}

#[test]
fn what_was_once_proved_stays_proved_and_intervals_only_shrink() {
    let mut events = Vec::new();
    for day in 0..12 {
        let n_buyers = if day < 6 { 90 } else { 60 };
        events.extend([visitors(0, 900, 60, day), visitors(1, 900, n_buyers, day)].concat());
    }
    let found = &analyse(events, &SETTINGS).comparisons[0];
    for pair in found.looks.windows(2) {
        let [before, after] = [pair[0].lift, pair[1].lift];
        assert!(after.p_value <= before.p_value);
        assert!(after.interval.low >= before.interval.low);
        assert!(after.interval.high <= before.interval.high);
    }
    assert_eq!(found.verdict, Verdict::Better);
}

#[test]
fn without_visitors_impressions_are_the_units() {
    let mut events: Vec<Event> = [visitors(0, 1_000, 100, 0), visitors(1, 1_000, 130, 0)].concat();
    for event in &mut events {
        event.visitor = None;
    }
    let found = analyse(events, &Settings { goal: Figure::PurchaseRate, ..SETTINGS });
    assert_eq!((found.unit, found.variants[1].n_units), (Unit::Impression, 1_000));
    assert_eq!(found.variants[0].rates[Figure::Buyers.index()], None);
    assert_eq!(found.comparisons[0].lifts[Figure::Clickers.index()], None);
    let lift = found.comparisons[0].goal.unwrap();
    assert!((lift.change - 0.3).abs() < 1e-12);
    let (rate, interval) = found.variants[0].rates[Figure::PurchaseRate.index()].unwrap();
    assert!((rate - 0.1).abs() < 1e-12);
    assert_eq!(interval, wilson(100.0, 1_000.0, 0.05));
}

#[test]
fn several_variants_share_the_chance_of_a_false_alarm() {
    let shares = [1.0; 4];
    let settings = Settings { shares: &shares, control: 2, ..SETTINGS };
    assert!((settings.alpha_each() - 0.05 / 3.0).abs() < 1e-15);
    let events = (0..4).flat_map(|variant| visitors(variant, 500, 100, 0)).collect();
    let found = analyse(events, &settings);
    let compared: Vec<usize> = found.comparisons.iter().map(|of| of.variant).collect();
    assert_eq!(compared, [0, 1, 3]);
    assert!(analyse(Vec::new(), &settings).period.is_none());
}
