//! One question with its truth.

use edgewise_core::{EventKind, ItemIdx, Placement, Seen};

/// Who asks: the unit that a bootstrap draws. Cases of one user, or of one session, share it, because they are not
/// independent of each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitIdx(pub u32);

/// One thing that the visitor did before the question.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Past {
    /// The item.
    pub item: ItemIdx,
    /// Days from then until the question; not negative. `0.0` where the source tells no time.
    pub age_days: f64,
    /// What was done.
    pub kind: EventKind,
}

/// One question with its truth. Items are rows of the benchmark's or shop's catalogue, not of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// Who asks.
    pub unit: UnitIdx,
    /// Where the answer would be shown.
    pub placement: Placement,
    /// The item of the page, if there is one.
    pub item: Option<ItemIdx>,
    /// What the visitor did, oldest first.
    pub history: Vec<Past>,
    /// What is in the cart.
    pub cart: Vec<ItemIdx>,
    /// Whether history items may be recommended.
    pub seen: Seen,
    /// What the visitor took afterwards: the truth, in any order. A repeated item counts once.
    pub relevant: Vec<ItemIdx>,
}

impl Case {
    /// A question that has nothing but its asker and place; the fields are filled in with `..`.
    pub fn new(unit: UnitIdx, placement: Placement) -> Case {
        Case {
            unit,
            placement,
            item: None,
            history: Vec::new(),
            cart: Vec::new(),
            seen: Seen::Hide,
            relevant: Vec::new(),
        }
    }
}
