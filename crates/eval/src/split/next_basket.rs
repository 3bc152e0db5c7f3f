//! Each user's last basket is the truth, repeats and all.

use edgewise_core::Interactions;

use super::last_out::{LastOut, LastPart, last_out};
use super::{Repeats, Split};

/// Holds out the last basket of every user with an earlier one; items may repeat.
pub fn next_basket(log: &Interactions) -> Split {
    last_out(log, LastOut { part: LastPart::Basket, repeats: Repeats::Allowed })
}
