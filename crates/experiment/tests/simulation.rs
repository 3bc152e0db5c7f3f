//! The report does what it says: simulated shops, with the same seeds every time.

use edgewise_experiment::{Analysis, Event, EventKind, Figure, Plan, Settings, Verdict, analyse};

const DAY_S: i64 = 86_400;
const DAYS: u32 = 30;

/// Steele, Lea & Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014, fig. 17.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Between 0 and 1.
    fn share(&mut self) -> f64 {
        f64::from(u32::try_from(self.next() >> 32).expect("32 bits")) / 4_294_967_296.0
    }

    fn happens(&mut self, chance: f64) -> bool {
        self.share() < chance
    }
}

/// A shop with an experiment of two halves.
#[derive(Clone, Copy)]
struct Shop {
    visitors_per_day: u32,
    days: u32,
    /// The chance that a visitor of the control buys.
    baseline: f64,
    /// The relative change in the variant.
    effect: f64,
    /// Impressions of a visitor at most; each clicks with a chance of the visitor's own.
    impressions: u32,
}

const PLAIN: Shop =
    Shop { visitors_per_day: 400, days: DAYS, baseline: 0.1, effect: 0.0, impressions: 1 };

impl Shop {
    fn events(self, seed: u64) -> Vec<Event> {
        let mut random = Random(seed.wrapping_mul(0xd134_2543_de82_ef95));
        let mut events = Vec::new();
        for visitor in 0..self.days * self.visitors_per_day {
            let time_s = i64::from(visitor / self.visitors_per_day) * DAY_S;
            let variant = u16::from(random.happens(0.5));
            let chance = self.baseline * (1.0 + self.effect * f64::from(variant));
            let event =
                |kind, value| Event { time_s, kind, variant, visitor: Some(visitor), value };
            // Some visitors click at nearly everything, most at nothing: clicks of one visitor belong together.
            let eagerness = random.share().powi(4);
            // Up to as many as are allowed, few being likelier.
            let n = 1.0 + random.share().powi(2) * f64::from(self.impressions - 1);
            let mut at = 0.0;
            while at < n.floor() {
                events.push(event(EventKind::Impression, 0.0));
                if random.happens(eagerness) {
                    events.push(event(EventKind::Click, 0.0));
                }
                at += 1.0;
            }
            if random.happens(chance) {
                // Most baskets are small and some are large, as in shops.
                let value = (3.0 + 2.0 * (random.share() + random.share() - 1.0)).exp();
                events.push(event(EventKind::Purchase, value));
            }
        }
        events
    }
}

fn settings(goal: Figure, effect: f64) -> Settings<'static> {
    Settings { shares: &[0.5, 0.5], control: 0, goal, alpha: 0.05, effect }
}

fn is_proved(analysis: &Analysis) -> bool {
    matches!(analysis.comparisons[0].verdict, Verdict::Better | Verdict::Worse)
}

/// The share of simulated experiments of which `is_it` is true.
fn share(n: u64, is_it: impl Fn(u64) -> bool + Sync) -> f64 {
    let n_threads = 4;
    let is_it = &is_it;
    let count = std::thread::scope(|scope| {
        let parts: Vec<_> = (0..n_threads)
            .map(|part| {
                scope.spawn(move || {
                    let seeds = (0..n).filter(|seed| seed % n_threads == part);
                    u32::try_from(seeds.filter(|seed| is_it(*seed)).count()).expect("few")
                })
            })
            .collect();
        parts.into_iter().map(|part| part.join().expect("a simulation")).sum::<u32>()
    });
    f64::from(count) / f64::from(u32::try_from(n).expect("few"))
}

/// The plain test of two shares, looked at every evening: whether it ever says p < 0.05.
fn plain_test_ever_alarms(events: &[Event]) -> bool {
    let (mut n, mut hits) = ([0.0_f64; 2], [0.0_f64; 2]);
    events.chunk_by(|a, b| a.time_s == b.time_s).any(|day| {
        for event in day {
            match event.kind {
                EventKind::Impression => n[usize::from(event.variant)] += 1.0,
                EventKind::Purchase => hits[usize::from(event.variant)] += 1.0,
                EventKind::Click => {}
            }
        }
        let pooled = (hits[0] + hits[1]) / (n[0] + n[1]);
        let deviation = (pooled * (1.0 - pooled) * (1.0 / n[0] + 1.0 / n[1])).sqrt();
        ((hits[1] / n[1] - hits[0] / n[0]) / deviation).abs() > 1.96
    })
}

/// Four standard deviations of a share of 5 % among so many.
fn tolerance(n: u64) -> f64 {
    4.0 * (0.05 * 0.95 / f64::from(u32::try_from(n).expect("few"))).sqrt()
}

#[test]
fn looking_daily_for_a_month_alarms_falsely_no_more_often_than_alpha() {
    const N: u64 = 1_000;
    let ours =
        share(N, |seed| is_proved(&analyse(PLAIN.events(seed), &settings(Figure::Buyers, 0.1))));
    let plain = share(N, |seed| plain_test_ever_alarms(&PLAIN.events(seed)));
    eprintln!("looked at daily: ours {ours}, a plain test {plain}");
    assert!(ours <= 0.05 + tolerance(N), "{ours}");
    assert!(plain > 0.2, "{plain}");
}

#[test]
fn clicks_of_one_visitor_are_not_taken_for_those_of_many() {
    const N: u64 = 400;
    let shop = Shop { impressions: 20, visitors_per_day: 200, ..PLAIN };
    let with_visitors = |goal, seed| is_proved(&analyse(shop.events(seed), &settings(goal, 0.1)));
    let without = |seed| {
        let mut events = shop.events(seed);
        for event in &mut events {
            event.visitor = None;
        }
        is_proved(&analyse(events, &settings(Figure::ClickRate, 0.1)))
    };
    let clustered = share(N, |seed| with_visitors(Figure::ClickRate, seed));
    let revenue = share(N, |seed| with_visitors(Figure::Revenue, seed));
    let ignored = share(N, without);
    eprintln!(
        "false alarms: clicks {clustered}, revenue {revenue}, clicks without visitors {ignored}"
    );
    assert!(clustered <= 0.05 + tolerance(N), "{clustered}");
    assert!(revenue <= 0.05 + tolerance(N), "{revenue}");
    assert!(ignored > 0.1, "{ignored}");
}

#[test]
fn the_true_change_is_in_the_interval_on_every_day() {
    const N: u64 = 400;
    let shop = Shop { effect: 0.2, ..PLAIN };
    let missed = share(N, |seed| {
        let found = analyse(shop.events(seed), &settings(Figure::Buyers, 0.2));
        let looks = &found.comparisons[0].looks;
        looks.iter().any(|look| look.lift.interval.low > 0.2 || look.lift.interval.high < 0.2)
    });
    eprintln!("intervals that miss the true change on some day: {missed}");
    assert!(missed <= 0.05 + tolerance(N), "{missed}");
}

#[test]
fn an_effect_of_the_planned_size_is_found_with_the_planned_power() {
    const N: u64 = 400;
    let plan = Plan { baseline: 0.1, effect: 0.2, ..Plan::default() };
    let size = plan.sample_size().expect("a plan");
    let per_day = u32::try_from(2 * size.daily_looks / 20).expect("a small shop");
    let shop = Shop { visitors_per_day: per_day, days: 20, effect: 0.2, ..PLAIN };
    let found = |seed| analyse(shop.events(seed), &settings(Figure::Buyers, 0.2));
    let power = share(N, |seed| found(seed).comparisons[0].verdict == Verdict::Better);
    // Half of the experiments end before two thirds of the time.
    let early = share(N, |seed| {
        let looks = &found(seed).comparisons[0].looks;
        looks.iter().any(|look| look.lift.p_value <= 0.05 && look.day_s < 13 * DAY_S)
    });
    eprintln!("{size:?}: power {power}, before two thirds of the time {early}");
    assert!((0.78..0.93).contains(&power), "{power}");
    assert!(early > 0.5, "{early}");
}

#[test]
fn one_look_at_the_planned_number_has_the_planned_power() {
    const N: u64 = 1_000;
    let plan = Plan { baseline: 0.1, effect: 0.2, ..Plan::default() };
    let size = plan.sample_size().expect("a plan");
    let visitors_per_day = u32::try_from(2 * size.one_look).expect("a small shop");
    let shop = Shop { visitors_per_day, days: 1, effect: 0.2, ..PLAIN };
    let power = share(N, |seed| plain_test_ever_alarms(&shop.events(seed)));
    eprintln!("one look: {power}");
    assert!((0.75..0.85).contains(&power), "{power}");
}
