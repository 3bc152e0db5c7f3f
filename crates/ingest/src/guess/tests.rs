//! Guesses for the exports of several shops.
