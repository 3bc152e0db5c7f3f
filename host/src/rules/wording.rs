//! The rules of a bundle in words, with the number of items that each of them is about.

use std::fmt;
use std::ops::Range;

use edgewise_bundle::Bundle;
use edgewise_core::condition::{Condition, Step, Surroundings};
use edgewise_core::policy::{Action, MAX_STRENGTH, NO_BOOST, Rule};
use edgewise_core::{AttributeIdx, ItemIdx, Model, Placement};
use serde::Serialize;

use crate::output::{counted, grouped};
use crate::vocabulary::{OfBundle, Vocabulary};

/// The rules of one bundle, in its order. The keys of the JSON are these names.
#[derive(Debug, Serialize)]
pub(crate) struct Told {
    /// The sets, by number.
    pub(crate) sets: Vec<String>,
    /// The rules.
    pub(crate) rules: Vec<ToldRule>,
    /// Of the bundle.
    pub(crate) items: u32,
}

/// One rule in words.
#[derive(Debug, Serialize)]
pub(crate) struct ToldRule {
    name: String,
    set: String,
    does: String,
    /// Where it acts; empty for everywhere.
    placements: Vec<&'static str>,
    from: Option<String>,
    until: Option<String>,
    /// How many items meet its condition; `None` where it has none or that depends on the page or the time.
    matching: Option<u32>,
    /// Why it is probably not what was meant.
    warning: Option<String>,
}

/// Puts the rules of a bundle into words.
pub(crate) fn tell(bundle: &Bundle<'_>) -> Told {
    let sets = (0..).map_while(|set| bundle.rule_set_name(set)).map(str::to_owned).collect();
    let rules = bundle.policy().rules().enumerate().map(|(at, rule)| {
        let name = bundle.rule_name(at).unwrap_or_default();
        Teller { bundle, rule }.tell(name)
    });
    Told { sets, rules: rules.collect(), items: bundle.n_items() }
}

impl Told {
    /// A sentence for each rule that is probably not what was meant.
    pub(crate) fn warnings(&self) -> impl Iterator<Item = String> {
        let warning =
            |rule: &ToldRule| Some(format!("rule `{}` {}", rule.name, rule.warning.as_ref()?));
        self.rules.iter().filter_map(warning)
    }
}

impl fmt::Display for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n_rules = self.rules.len() as u64;
        if n_rules == 0 {
            return writeln!(f, "no rules");
        }
        writeln!(
            f,
            "{} in {}",
            counted(n_rules, "rule", "rules"),
            counted(self.sets.len() as u64, "set", "sets")
        )?;
        for rule in &self.rules {
            writeln!(f, "\n{}", rule.name)?;
            write!(f, "  does        {}", rule.does)?;
            if let Some(matching) = rule.matching {
                let [matching, items] = [matching, self.items].map(|n| grouped(n.into()));
                write!(f, " ({matching} of {items} items)")?;
            }
            writeln!(f)?;
            if !rule.placements.is_empty() {
                writeln!(f, "  where       {}", rule.placements.join(", "))?;
            }
            match (&rule.from, &rule.until) {
                (None, None) => {}
                (Some(from), None) => writeln!(f, "  when        from {from}")?,
                (None, Some(until)) => writeln!(f, "  when        until {until}")?,
                (Some(from), Some(until)) => {
                    writeln!(f, "  when        from {from} until {until}")?;
                }
            }
            writeln!(f, "  set         {}", rule.set)?;
            if let Some(warning) = &rule.warning {
                writeln!(f, "  warning     it {warning}")?;
            }
        }
        Ok(())
    }
}

struct Teller<'t, 'a> {
    bundle: &'t Bundle<'a>,
    rule: Rule<'t>,
}

impl Teller<'_, '_> {
    fn tell(&self, name: &str) -> ToldRule {
        let Rule { placements, set, from_minute, until_minute, condition, .. } = self.rule;
        let is_at = |placement: &Placement| placements >> placement.index() & 1 == 1;
        let everywhere = Placement::ALL.iter().all(is_at);
        let placements = Placement::ALL.iter().filter(|placement| is_at(placement) && !everywhere);
        let is_bound = |step| matches!(step, Step::Band(..) | Step::Clock { .. });
        let is_fixed = !condition.is_empty() && !condition.steps().any(is_bound);
        let matching = is_fixed.then(|| self.n_matching());
        ToldRule {
            name: name.to_owned(),
            set: self.bundle.rule_set_name(set.into()).unwrap_or_default().to_owned(),
            does: self.action(),
            placements: placements.map(|placement| placement.name()).collect(),
            from: (from_minute > 0).then(|| time(from_minute)),
            until: (until_minute < u32::MAX).then(|| time(until_minute)),
            matching,
            warning: self.warning(matching),
        }
    }

    fn n_matching(&self) -> u32 {
        let holds = |item| self.rule.condition.holds(self.bundle, Surroundings::default(), item);
        let n = (0..self.bundle.n_items()).filter(|row| holds(ItemIdx(*row))).count();
        // Cannot fail: rows are of 32 bits.
        u32::try_from(n).unwrap_or(u32::MAX)
    }

    fn warning(&self, matching: Option<u32>) -> Option<String> {
        let n_items = self.bundle.n_items();
        let text = match (self.rule.action, matching) {
            (Action::Keep, Some(0)) => "lets no item through: where it acts, nothing is shown",
            (Action::Drop, Some(n)) if n == n_items => {
                "hides every item: where it acts, nothing is shown"
            }
            (Action::Keep, Some(n)) if n == n_items => "leaves no item out",
            (Action::Drop | Action::Boost(_), Some(0)) => "matches no item",
            (Action::Cap { attribute, .. }, _) if !self.has_any(attribute) => {
                "caps an attribute that no item has"
            }
            (
                Action::Boost(NO_BOOST) | Action::Diversity(0) | Action::Rotate { strength: 0, .. },
                _,
            ) => "changes nothing: it is too weak",
            _ => return None,
        };
        Some(text.to_owned())
    }

    fn has_any(&self, attribute: AttributeIdx) -> bool {
        let mut rows = (0..self.bundle.n_items()).map(ItemIdx);
        rows.any(|item| self.bundle.first_value(attribute, item).is_some())
    }

    fn action(&self) -> String {
        let condition = Worded::new(self.bundle, self.rule.condition).text;
        match self.rule.action {
            Action::Keep => format!("shows only items with {condition}"),
            Action::Drop => format!("hides items with {condition}"),
            Action::Boost(factor) => {
                let verb = if factor < NO_BOOST { "buries" } else { "boosts" };
                format!("{verb} by {}: {condition}", share(factor, NO_BOOST))
            }
            Action::Pin { item, position } => {
                format!("pins {} at position {position}", self.item(item))
            }
            Action::Cap { attribute, n } => {
                let name = OfBundle(self.bundle).attributes().into_iter().nth(attribute.0 as usize);
                format!("shows at most {n} of each {}", name.unwrap_or_default())
            }
            Action::Diversity(strength) => {
                format!("mixes unlike items with strength {}", share(strength, MAX_STRENGTH))
            }
            Action::Rotate { strength, period_minutes } => {
                let every = match period_minutes {
                    0 => String::new(),
                    minutes => {
                        format!(", anew every {}", counted(minutes.into(), "minute", "minutes"))
                    }
                };
                format!("rotates with strength {}{every}", share(strength, MAX_STRENGTH))
            }
            Action::HidePurchased { days } => {
                format!("hides what was bought {} ago or less", counted(days.into(), "day", "days"))
            }
        }
    }

    fn item(&self, item: ItemIdx) -> String {
        let (mut id, mut text) = (Vec::new(), Vec::new());
        let id = self.bundle.item_id(item, &mut id).unwrap_or_default();
        match self.bundle.card(item, &mut text).and_then(|card| card.title) {
            Some(title) => format!("{id} {title}"),
            None => id.to_owned(),
        }
    }
}

/// A number of parts of one, with two decimals.
fn share(parts: u32, of_one: u32) -> String {
    let share = f64::from(parts) / f64::from(of_one);
    let text = format!("{share:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn time(minute: u32) -> String {
    match jiff::Timestamp::from_second(i64::from(minute) * 60) {
        Ok(time) => time.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        // Cannot happen: 2^32 minutes are within the calendar.
        Err(_) => format!("minute {minute}"),
    }
}

/// How tightly the last word of a condition binds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Or,
    And,
    One,
}

/// A condition as a filter says it.
struct Worded {
    text: String,
}

impl Worded {
    fn new(bundle: &Bundle<'_>, condition: Condition<'_>) -> Worded {
        let vocabulary = OfBundle(bundle);
        let names = vocabulary.attributes();
        let name = |attribute: AttributeIdx| {
            let name = names.get(attribute.0 as usize).map_or("", String::as_str);
            let is_plain =
                name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte));
            if is_plain { name.to_owned() } else { format!("`{name}`") }
        };
        let mut stack: Vec<(String, Binding)> = Vec::new();
        for step in condition.steps() {
            let worded = match step {
                Step::In(attribute, values) => {
                    one(ranged(vocabulary, attribute, &name(attribute), &values))
                }
                Step::Band(attribute, shares) => one(banded(&name(attribute), &shares)),
                Step::Clock { attribute, is_after } => {
                    let sign = if is_after { ">" } else { "<=" };
                    one(format!("{} {sign} now", name(attribute)))
                }
                Step::And => joined(&mut stack, "and", Binding::And),
                Step::Or => joined(&mut stack, "or", Binding::Or),
                Step::Not => {
                    let last = stack.pop().unwrap_or_else(|| one(String::new()));
                    one(format!("not {}", within(last, Binding::One)))
                }
            };
            stack.push(worded);
        }
        Worded { text: stack.pop().map_or_else(String::new, |last| last.0) }
    }
}

fn one(text: String) -> (String, Binding) {
    (text, Binding::One)
}

/// In brackets, where it binds less tightly than what stands around it.
fn within((text, binding): (String, Binding), around: Binding) -> String {
    if binding < around { format!("({text})") } else { text }
}

fn joined(stack: &mut Vec<(String, Binding)>, by: &str, binding: Binding) -> (String, Binding) {
    let mut take = || stack.pop().map_or_else(String::new, |last| within(last, binding));
    let (second, first) = (take(), take());
    (format!("{first} {by} {second}"), binding)
}

/// A range of values by those that the bundle has.
fn ranged(
    vocabulary: OfBundle<'_, '_>,
    attribute: AttributeIdx,
    name: &str,
    values: &Range<u32>,
) -> String {
    if (values.start, values.end) == (0, u32::MAX) {
        return format!("has {name}");
    }
    let (first, last) = (values.start as usize, (values.end as usize).saturating_sub(1));
    if vocabulary.decimals(attribute).is_none() {
        let texts = vocabulary.texts(attribute);
        // Of a node and what is below it, the node comes first.
        return match texts.get(first).filter(|_| !values.is_empty()) {
            Some(text) => format!("{name} = \"{text}\""),
            None => format!("{name} = \"\""),
        };
    }
    let numbers = vocabulary.numbers(attribute);
    match (numbers.get(first), numbers.get(last), numbers.last()) {
        _ if values.is_empty() => format!("{name} = a number that no item has"),
        (_, Some(to), _) if values.start == 0 => format!("{name} <= {to}"),
        (Some(from), None, _) => format!("{name} >= {from}"),
        (Some(from), Some(to), _) if from == to => format!("{name} = {from}"),
        (Some(from), Some(to), _) => format!("{name} >= {from} and {name} <= {to}"),
        (None, _, Some(most)) => format!("{name} > {most}"),
        _ => format!("has {name}"),
    }
}

/// A range of shares of the number of the page's item.
fn banded(name: &str, shares: &Range<u32>) -> String {
    const ONE: u32 = 1_000_000;
    let of_page = |share: u32| match share {
        ONE => "page".to_owned(),
        share => {
            let text = format!("{}.{:06}", share / ONE, share % ONE);
            format!("{} * page", text.trim_end_matches('0').trim_end_matches('.'))
        }
    };
    // Ranges end behind their last share, and begin behind the share that numbers must be above.
    let is_above = shares.start % 10 == 1;
    let from = match (shares.start, is_above) {
        (0, _) => None,
        (start, true) => Some(format!("{name} > {}", of_page(start - 1))),
        (start, false) => Some(format!("{name} >= {}", of_page(start))),
    };
    let to = match (shares.end, shares.end % 10 == 1) {
        (u32::MAX, _) => None,
        (end, true) => Some(format!("{name} <= {}", of_page(end - 1))),
        (end, false) => Some(format!("{name} < {}", of_page(end))),
    };
    match (from, to) {
        (Some(from), Some(to)) => format!("{from} and {to}"),
        (Some(bound), None) | (None, Some(bound)) => bound,
        (None, None) => format!("{name} of any share of the page's"),
    }
}
