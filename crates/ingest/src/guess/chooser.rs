//! Gives columns to roles: by header first, and only where the values fit.

use hashbrown::HashMap;

use super::profile::{Profile, Sample};
use super::{Considered, Reason, counted, grouped, names};
use crate::settings::{Columns, ORDER_USER_DAY, Role};
use crate::text::bare;

/// Gives columns out, one role after the other, each column once.
pub(super) struct Chooser<'a> {
    sample: &'a Sample,
    pub(super) columns: Columns,
    usual: fn(Role) -> &'static [&'static str],
    pub(super) further_items: &'static [&'static str],
    pub(super) reasons: Vec<Reason>,
    /// The role of each column that is taken.
    taken: HashMap<String, Role>,
}

/// How well a header fits a role: lower is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// It is the n-th of the usual names.
    Usual(usize),
    /// Its last part is, as in `items[].item_id`.
    LastPart(usize),
    /// It ends with a usual name of this length; stored so that longer is lower.
    EndsWith(usize),
    /// Only the values fit.
    Values,
}

impl<'a> Chooser<'a> {
    pub(super) fn new(
        sample: &'a Sample,
        given: Columns,
        usual: fn(Role) -> &'static [&'static str],
    ) -> Self {
        let taken = Role::ALL
            .into_iter()
            .filter_map(|role| Some((given.get(role)?.to_owned(), role)))
            .collect();
        Self { sample, columns: given, usual, further_items: &[], reasons: Vec::new(), taken }
    }

    pub(super) fn choose(&mut self, role: Role) {
        if let Some(given) = self.columns.get(role) {
            let chosen = Some(given.to_owned());
            let why = "named by you".to_owned();
            self.reasons.push(Reason { key: role.key(), chosen, why, considered: Vec::new() });
            return;
        }
        let mut candidates: Vec<(Fit, usize)> =
            (0..self.sample.names.len()).filter_map(|at| Some((self.fit(role, at)?, at))).collect();
        candidates.sort_unstable();
        let mut considered = Vec::new();
        let mut chosen = None;
        for (fit, at) in candidates {
            let (name, profile) = (&self.sample.names[at], &self.sample.profiles[at]);
            let objection = match self.taken.get(name) {
                Some(other) => Some(format!("already taken as {}", names::noun(*other))),
                None => unfit(role, profile, self.sample.n_rows),
            };
            match (objection, &chosen) {
                (None, None) => chosen = Some((fit, at)),
                // That no usual name fits is no news for each column that looks like a time.
                (None, Some(_)) if fit != Fit::Values => considered.push(Considered {
                    column: name.clone(),
                    why: "a usual name too, but the less telling one".to_owned(),
                }),
                (Some(why), _) if fit != Fit::Values => {
                    considered.push(Considered { column: name.clone(), why });
                }
                _ => {}
            }
        }
        let why = match chosen {
            Some((fit, at)) => self.why(role, fit, at),
            None => self.why_none(role, &considered),
        };
        let chosen = chosen.map(|(_, at)| self.sample.names[at].clone());
        if let Some(name) = &chosen {
            self.taken.insert(name.clone(), role);
            *self.columns.slot(role) = Some(name.clone());
        }
        self.reasons.push(Reason { key: role.key(), chosen, why, considered });
    }

    fn fit(&self, role: Role, at: usize) -> Option<Fit> {
        let header = &self.sample.names[at];
        let whole = bare(header);
        // Shopify's export names orders `Name` and items `Lineitem name`.
        let is_shopify = self.sample.names.iter().any(|name| bare(name).starts_with("lineitem"));
        if is_shopify && whole == "name" {
            return (role == Role::Order).then_some(Fit::Usual(0));
        }
        let usual = (self.usual)(role);
        let further = if role == Role::Item { self.further_items } else { &[] };
        let position = |name: &str| usual.iter().chain(further).position(|usual| *usual == name);
        if let Some(rank) = position(&whole) {
            return Some(Fit::Usual(rank));
        }
        let last = header.rsplit(['.', ':']).next().map(bare).unwrap_or_default();
        if let Some(rank) = position(&last) {
            return Some(Fit::LastPart(rank));
        }
        // `shop_product_id` ends with a name for an item; `InvoiceDate` is a name for a time and none for an order.
        let is_other = Role::ALL.into_iter().any(|role| names::of(role).contains(&whole.as_str()));
        let ends = usual.iter().filter(|name| name.len() >= 6 && whole.ends_with(*name));
        if let Some(longest) = ends.map(|name| name.len()).max().filter(|_| !is_other) {
            return Some(Fit::EndsWith(usize::MAX - longest));
        }
        let profile = &self.sample.profiles[at];
        let values_fit = match role {
            Role::Time => profile.is_mostly(profile.n_times, 95) && profile.n_distinct() > 1,
            Role::Kind => {
                profile.is_mostly(profile.n_known_kinds, 90) && profile.n_distinct() <= 20
            }
            _ => false,
        };
        values_fit.then_some(Fit::Values)
    }

    fn why(&self, role: Role, fit: Fit, at: usize) -> String {
        let (name, profile) = (&self.sample.names[at], &self.sample.profiles[at]);
        let noun = names::noun(role);
        let header = match fit {
            Fit::Usual(_) => format!("header `{name}` is a usual name for {noun}"),
            Fit::LastPart(_) => {
                format!("the last part of header `{name}` is a usual name for {noun}")
            }
            Fit::EndsWith(_) => format!("header `{name}` ends with a usual name for {noun}"),
            Fit::Values => format!("the values of `{name}` read as {noun}"),
        };
        let n_rows = counted(self.sample.n_rows, "row", "rows");
        let values = match role {
            Role::Time => format!("for example `{}`", profile.example),
            Role::Kind => {
                let (n_known, example) = (grouped(profile.n_known_kinds), &profile.example);
                format!("{n_known} of {n_rows} have a known word, for example `{example}`")
            }
            Role::Quantity | Role::Price => {
                format!("{} of {n_rows} have a number", grouped(profile.n_numbers))
            }
            _ => {
                let distinct = counted(profile.n_distinct(), "distinct value", "distinct values");
                match self.sample.n_rows - profile.n_filled {
                    0 => format!("{distinct} in {n_rows}"),
                    n => format!("{distinct} in {n_rows}, {} of them without any", grouped(n)),
                }
            }
        };
        format!("{header}; {values}")
    }

    fn why_none(&self, role: Role, considered: &[Considered]) -> String {
        let noun = names::noun(role);
        if !considered.is_empty() {
            return format!("no column with a usual name for {noun} has fitting values");
        }
        if role == Role::Order && self.columns.user.is_some() {
            return format!(
                "no header is a usual name for {noun}; `{ORDER_USER_DAY}` would make an order of all that a user does on a day"
            );
        }
        format!("no header is a usual name for {noun}")
    }
}

/// Why the values of a column cannot be those of a role.
fn unfit(role: Role, profile: &Profile, n_rows: usize) -> Option<String> {
    if profile.n_filled == 0 && n_rows > 0 {
        return Some("it is empty".into());
    }
    // Without rows only the header counts.
    if n_rows == 0 {
        return None;
    }
    let example = &profile.example;
    match role {
        Role::Time if !profile.is_mostly(profile.n_times, 80) => {
            Some(format!("its values are not times, for example `{example}`"))
        }
        Role::Quantity | Role::Price if !profile.is_mostly(profile.n_numbers, 80) => {
            Some(format!("its values are not numbers, for example `{example}`"))
        }
        Role::Kind if profile.n_known_kinds == 0 => {
            Some(format!("none of its values is a known kind, for example `{example}`"))
        }
        Role::Url | Role::Image if !profile.is_mostly(profile.n_links, 80) => {
            Some(format!("its values are not links, for example `{example}`"))
        }
        Role::Region if profile.is_mostly(profile.n_stock_words, 50) => {
            Some(format!("its values are states of stock, for example `{example}`"))
        }
        _ => None,
    }
}
