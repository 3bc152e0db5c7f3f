//! Why a log cannot be asked.

/// Why a log or bundle cannot be asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum EvaluationError {
    /// No row has a time.
    #[error("the log has no times, so nothing of it is newer than the rest")]
    NoTimes,
    /// Everything is in the newest share.
    #[error("nothing is left to learn from: every row is in the newest share of `{test_share}`")]
    NothingOlder {
        /// The share.
        test_share: f64,
    },
    /// No placement has a question.
    #[error("the newest part of the log has no question for any placement: {reasons}")]
    NothingToAsk {
        /// Why, placement by placement.
        reasons: String,
    },
    /// The bundle is of another shop.
    #[error("the bundle `{bundle}` knows none of the items of the log")]
    NoSharedItems {
        /// The bundle.
        bundle: String,
    },
}

impl EvaluationError {
    /// What cures it.
    pub(crate) fn hint(&self) -> String {
        match self {
            EvaluationError::NoTimes => {
                "name the column of the times as `time` under `[columns]` in `edgewise.toml`; `edgewise init` writes one"
            }
            EvaluationError::NothingOlder { .. } => {
                "give a smaller `--test-share`, or more of the log: rows of one moment cannot be cut"
            }
            EvaluationError::NothingToAsk { .. } => {
                "name the columns of users and orders as `user` and `order` under `[columns]` in `edgewise.toml`, \
                 or give a larger `--test-share`"
            }
            EvaluationError::NoSharedItems { .. } => {
                "give the log of the same shop, and the same `--config`, so that ids are read as they were"
            }
        }
        .to_owned()
    }
}
