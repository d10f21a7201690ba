//! The losses that the doctor knows, and the labels they take.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// A loss function.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LossKind {
    /// Cross-entropy of logits.
    CrossEntropy,
    /// Negative log-likelihood of log-probabilities.
    Nll,
    /// Binary cross-entropy of probabilities.
    Bce,
    /// Binary cross-entropy of logits.
    BceWithLogits,
    /// Mean squared error.
    Mse,
    /// Mean absolute error.
    Mae,
}

impl LossKind {
    /// Every loss.
    pub const ALL: [Self; 6] = [
        Self::CrossEntropy,
        Self::Nll,
        Self::Bce,
        Self::BceWithLogits,
        Self::Mse,
        Self::Mae,
    ];

    /// The word of the command line.
    pub fn word(self) -> &'static str {
        match self {
            Self::CrossEntropy => "cross-entropy",
            Self::Nll => "nll",
            Self::Bce => "bce",
            Self::BceWithLogits => "bce-with-logits",
            Self::Mse => "mse",
            Self::Mae => "mae",
        }
    }

    /// Whether it takes logits, not probabilities or values.
    pub fn takes_logits(self) -> bool {
        matches!(self, Self::CrossEntropy | Self::BceWithLogits)
    }

    /// Whether its target may be a class index.
    pub fn takes_classes(self) -> bool {
        matches!(self, Self::CrossEntropy | Self::Nll)
    }
}

impl fmt::Display for LossKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for LossKind {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let found = Self::ALL.into_iter().find(|loss| loss.word() == text);
        found.ok_or_else(|| Error::UnknownLoss {
            given: text.to_owned(),
        })
    }
}

/// What the network should answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Labels {
    /// Class indices, in the order of the output without its class axis.
    Classes(Vec<i64>),
    /// Values, one row per input, each in the order of the output.
    Rows {
        /// All rows, one after another.
        values: Vec<f32>,
        /// Values per input.
        width: usize,
    },
}

impl Labels {
    /// The labels of some of `inputs` inputs.
    ///
    /// # Panics
    ///
    /// When `range` ends after `inputs`.
    #[must_use]
    pub fn slice(&self, range: Range<usize>, inputs: usize) -> Self {
        assert!(
            range.end <= inputs,
            "range ends at {}, there are {inputs} inputs",
            range.end
        );
        match self {
            Self::Classes(classes) => {
                let each = classes.len().checked_div(inputs).unwrap_or(0);
                Self::Classes(classes[range.start * each..range.end * each].to_vec())
            }
            Self::Rows { values, width } => Self::Rows {
                values: values[range.start * width..range.end * width].to_vec(),
                width: *width,
            },
        }
    }
}
