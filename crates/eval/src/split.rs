//! From a log to a training part and questions about the rest. Rules: `docs/evaluation.md`.
//!
//! What a split returns depends on the rows, not on their order, and on the numbers of users and orders only where a
//! seed draws for them, which it never does in [`shop()`]. Numbers of users and orders stay as they are in the log.

mod baskets;
mod cut;
mod last_out;
mod next_basket;
mod sequence;
mod sessions;
mod share;
mod shop;
mod temporal;
#[cfg(test)]
mod tests;

use edgewise_core::{Interactions, Seen};

pub use baskets::{BasketCompletion, HeldOut, basket_completion};
pub use cut::newest_share;
pub use last_out::{LastOut, LastPart, last_out};
pub use next_basket::next_basket;
pub(crate) use sessions::prefixes;
pub use sessions::session_prefixes;
pub use share::{Share, random_share};
pub use shop::{OFTEN, Question, ShopCut, ShopSplit, Unasked, shop};
pub use temporal::{Temporal, temporal};

use crate::case::Case;

/// A training part, and questions whose truth is not in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Split {
    /// What may be learnt from.
    pub train: Interactions,
    /// What is asked.
    pub cases: Vec<Case>,
}

/// Whether what a user took before can be right again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeats {
    /// Only items that are new to the user are relevant, and the user's own are masked.
    NewOnly,
    /// Everything counts, and nothing is masked.
    Allowed,
}

impl Repeats {
    fn seen(self) -> Seen {
        match self {
            Repeats::NewOnly => Seen::Hide,
            Repeats::Allowed => Seen::Show,
        }
    }
}

/// Which question a benchmark asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Which new items a user takes.
    TopN,
    /// What is clicked next in a session.
    Sessions,
    /// What else is in a basket.
    BasketCompletion,
    /// What a user's next basket holds.
    NextBasket,
}

impl Protocol {
    /// A cut of a training part by the rules of its test, for tuning.
    ///
    /// Where the rows have times, the newest part is held out: sessions and baskets that begin in the newest share, or what
    /// users took in it for the first time. A top-n log without times loses a random share of each user's items instead.
    /// The next-basket protocol ignores the share: every user's last basket is held out.
    pub fn validation(self, train: &Interactions, share: Share) -> Split {
        let whole = || Split { train: train.clone(), cases: Vec::new() };
        let cut_s = newest_share(train, share.part);
        match (self, cut_s) {
            (Protocol::NextBasket, _) => next_basket(train),
            (Protocol::TopN, Some(cut_s)) => {
                temporal(train, Temporal { cut_s, repeats: Repeats::NewOnly })
            }
            (Protocol::TopN, None) => random_share(train, share),
            (Protocol::Sessions, Some(cut_s)) => session_prefixes(train, cut_s),
            (Protocol::BasketCompletion, Some(cut_s)) => basket_completion(
                train,
                BasketCompletion { cut_s, held_out: HeldOut::One { seed: share.seed } },
            ),
            (Protocol::Sessions | Protocol::BasketCompletion, None) => whole(),
        }
    }
}
