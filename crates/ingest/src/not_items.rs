//! Which ids are no items: postage, fees, samples, adjustments, vouchers.

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::error::IngestError;
use crate::settings::NotItems;

/// In a log where at least this share of the rows has an id with a digit, an id without any is no item.
pub const DIGIT_SHARE: f64 = 0.95;

/// Ids with digits that are no items in such a log, letter case ignored.
pub const KNOWN: &[&str] =
    &["c2", "c3", "adjust[0-9]*", "gift_[0-9]*", "test[0-9]*", "shipping[0-9]*"];

/// Tells items from other ids.
#[derive(Debug)]
pub(crate) struct NotItemRule {
    globs: GlobSet,
    kind: RuleKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum RuleKind {
    Auto,
    Globs,
}

impl NotItemRule {
    /// # Errors
    /// A pattern that is no glob.
    pub(crate) fn new(rule: &NotItems) -> Result<Self, IngestError> {
        let (kind, globs): (_, Vec<&str>) = match rule {
            NotItems::Auto => (RuleKind::Auto, KNOWN.to_vec()),
            NotItems::Globs(globs) => (RuleKind::Globs, globs.iter().map(String::as_str).collect()),
        };
        let mut set = GlobSetBuilder::new();
        let bad = |glob: &str, source| IngestError::BadGlob { glob: glob.to_owned(), source };
        for glob in globs {
            let built = GlobBuilder::new(glob).case_insensitive(true).build();
            set.add(built.map_err(|source| bad(glob, source))?);
        }
        Ok(Self { globs: set.build().map_err(|source| bad("not_items", source))?, kind })
    }

    /// For each id whether it is no item. `ids` come with the number of their rows.
    pub(crate) fn judge<'a>(&self, ids: impl Iterator<Item = (&'a str, u64)> + Clone) -> Vec<bool> {
        let (n_rows, n_with_digit) = ids.clone().fold((0, 0), |(all, with), (id, n_rows)| {
            (all + n_rows, with + if has_digit(id) { n_rows } else { 0 })
        });
        #[expect(clippy::cast_precision_loss, reason = "row counts are far below 2^52")]
        let ids_have_digits = n_with_digit as f64 >= DIGIT_SHARE * n_rows as f64;
        ids.map(|(id, _)| match self.kind {
            RuleKind::Globs => self.globs.is_match(id),
            RuleKind::Auto => ids_have_digits && (!has_digit(id) || self.globs.is_match(id)),
        })
        .collect()
    }
}

fn has_digit(id: &str) -> bool {
    id.bytes().any(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(rule: &NotItems, ids: &[(&str, u64)], expected: &[&str]) {
        let judged = NotItemRule::new(rule).unwrap().judge(ids.iter().copied());
        let refused: Vec<&str> = ids
            .iter()
            .zip(judged)
            .filter_map(|(&(id, _), is_no_item)| is_no_item.then_some(id))
            .collect();
        assert_eq!(refused, expected);
    }

    #[test]
    fn among_ids_with_digits_words_are_no_items() {
        let ids = [
            ("85123A", 900),
            ("DCGS0003", 90),
            ("POST", 3),
            ("BANK CHARGES", 2),
            ("m", 1),
            ("C2", 1),
            ("gift_0001_20", 1),
            ("TEST001", 1),
            ("C20", 1),
        ];
        check(
            &NotItems::Auto,
            &ids,
            &["POST", "BANK CHARGES", "m", "C2", "gift_0001_20", "TEST001"],
        );
    }

    #[test]
    fn a_shop_whose_ids_are_words_keeps_them_all() {
        check(&NotItems::Auto, &[("red-mug", 90), ("mug-2", 10), ("post", 5), ("c2", 1)], &[]);
    }

    #[test]
    fn configured_globs_replace_the_rule() {
        let globs = NotItems::Globs(vec!["POST*".into(), "?".into()]);
        check(&globs, &[("85123A", 99), ("postage", 1), ("M", 1), ("C2", 1)], &["postage", "M"]);
        check(&NotItems::Globs(vec![]), &[("1", 99), ("POST", 1)], &[]);
        assert!(NotItemRule::new(&NotItems::Globs(vec!["[".into()])).is_err());
    }
}
