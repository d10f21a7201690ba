//! The tasks and their pairs of output unit and loss.

use crate::engine::Loss;

/// What a task asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// One of several classes.
    Classes,
    /// Any of several labels.
    Labels,
    /// A number between two.
    Numbers { low: f32, high: f32 },
}

impl Kind {
    /// Whether it asks for a number.
    pub(super) fn is_numbers(self) -> bool {
        matches!(self, Self::Numbers { .. })
    }
}

/// A task with its pairs; the first is the right one.
pub(super) struct Task {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) pairs: &'static [Pair],
}

/// An output unit, a function of the whole row or of single numbers, and its loss.
pub(super) struct Pair {
    /// What it is called: the unit as it is used for predictions, and the loss.
    pub(super) name: &'static str,
    /// What stands behind the last layer; nothing where the loss takes logits.
    pub(super) unit: Option<&'static str>,
    pub(super) loss: Loss,
}

impl Pair {
    /// Whether the outputs are logits of probabilities.
    pub(super) fn takes_logits(&self) -> bool {
        self.loss == Loss::BceWithLogits
    }
}

const fn pair(name: &'static str, unit: Option<&'static str>, loss: Loss) -> Pair {
    Pair { name, unit, loss }
}

/// A probability, or a number between 0 and 1.
pub(super) const SIGMOID: Option<&str> = Some("sigmoid");
const SOFTMAX: Option<&str> = Some("softmax");

/// The tasks.
pub(super) static TASKS: [Task; 6] = [
    Task {
        name: "regression",
        kind: Kind::Numbers {
            low: f32::NEG_INFINITY,
            high: f32::INFINITY,
        },
        pairs: &[
            pair("identity + mse", None, Loss::Mse),
            pair("relu + mse", Some("relu"), Loss::Mse),
            pair("tanh + mse", Some("tanh"), Loss::Mse),
        ],
    },
    Task {
        name: "binary",
        kind: Kind::Classes,
        pairs: &[
            pair("sigmoid + CE", None, Loss::BceWithLogits),
            pair("sigmoid + mse", SIGMOID, Loss::Mse),
            pair("relu logits + CE", Some("relu"), Loss::BceWithLogits),
        ],
    },
    Task {
        name: "classes",
        kind: Kind::Classes,
        pairs: &[
            pair("softmax + CE", None, Loss::CrossEntropy),
            pair("tanh + mse", Some("tanh"), Loss::Mse),
            pair("relu logits + CE", Some("relu"), Loss::CrossEntropy),
        ],
    },
    Task {
        name: "labels",
        kind: Kind::Labels,
        pairs: &[
            pair("sigmoid + CE", None, Loss::BceWithLogits),
            pair("softmax + CE", SOFTMAX, Loss::Bce),
            pair("sigmoid + mse", SIGMOID, Loss::Mse),
        ],
    },
    Task {
        name: "positive",
        kind: Kind::Numbers {
            low: 0.0,
            high: f32::INFINITY,
        },
        pairs: &[
            pair("softplus + mse", Some("softplus"), Loss::Mse),
            pair("identity + mse", None, Loss::Mse),
            pair("relu + mse", Some("relu"), Loss::Mse),
        ],
    },
    Task {
        name: "bounded",
        kind: Kind::Numbers {
            low: 0.0,
            high: 1.0,
        },
        pairs: &[
            pair("sigmoid + mse", SIGMOID, Loss::Mse),
            pair("identity + mse", None, Loss::Mse),
            pair("relu + mse", Some("relu"), Loss::Mse),
        ],
    },
];
