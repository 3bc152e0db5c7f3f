//! Trends against an oracle by the formula, worked numbers, and laws.
