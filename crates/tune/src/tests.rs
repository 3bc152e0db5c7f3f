//! Goals on a log small enough to train at every turn.
