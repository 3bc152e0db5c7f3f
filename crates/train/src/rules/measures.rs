//! How good a rule is, by the usual measures.

/// The counts behind a rule, in rows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RuleCounts {
    /// All rows; above zero.
    pub n_rows: f64,
    /// Rows with every antecedent; above zero.
    pub n_antecedents: f64,
    /// Rows with the target; above zero.
    pub n_target: f64,
    /// Rows with every antecedent and the target.
    pub n_both: f64,
}

impl RuleCounts {
    /// Share of all rows that hold the whole rule, in `0.0..=1.0` (Agrawal, Imieliński & Swami, "Mining association
    /// rules between sets of items in large databases", SIGMOD 1993, section 2).
    pub fn support(self) -> f64 {
        self.n_both / self.n_rows
    }

    /// Share of the antecedents' rows that hold the target, in `0.0..=1.0` (same place).
    pub fn confidence(self) -> f64 {
        self.n_both / self.n_antecedents
    }

    /// Confidence over the target's share of all rows; `1.0` when they have nothing to do with each other (Brin,
    /// Motwani, Ullman & Tsur, "Dynamic itemset counting and implication rules", SIGMOD 1997, section 4: interest).
    pub fn lift(self) -> f64 {
        self.confidence() * self.n_rows / self.n_target
    }

    /// How often the rule would fail by chance over how often it fails; `1.0` when they have nothing to do with each
    /// other, infinite when it never fails (same place: conviction).
    pub fn conviction(self) -> f64 {
        (1.0 - self.n_target / self.n_rows) / (1.0 - self.confidence())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_measures_of_a_rule_worked_by_hand() {
        let counts = RuleCounts { n_rows: 10.0, n_antecedents: 4.0, n_target: 5.0, n_both: 3.0 };
        let measures = [counts.support(), counts.confidence(), counts.lift(), counts.conviction()];
        assert_eq!(measures.map(f64::to_bits), [0.3, 0.75, 1.5, 2.0].map(f64::to_bits));
        let sure = RuleCounts { n_both: 4.0, ..counts };
        assert!(sure.conviction().is_infinite());
    }
}
