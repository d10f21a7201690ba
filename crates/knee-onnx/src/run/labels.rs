//! Whether labels fit a loss and what the network put out.

use knee_doctor::{Labels, LossKind};

use super::loss::Loss;
use crate::error::{Error, Result};

/// Checks the labels of a whole batch against the shape of an output for it.
pub(crate) fn check(loss: LossKind, labels: &Labels, inputs: usize, shape: &[usize]) -> Result<()> {
    let loss = Loss {
        kind: loss,
        labels,
        inputs,
    };
    loss.check(shape)
}

/// The axis of the output that class indices lack: the one whose removal leaves as many places as
/// there are labels. Of several, axis 1 for images and the last axis otherwise.
fn class_axis(shape: &[usize], labels: usize) -> Option<usize> {
    let total: usize = shape.iter().product();
    let fits = |axis: usize| shape[axis] > 0 && total / shape[axis] == labels;
    let last = shape.len().checked_sub(1)?;
    let preferred = if shape.len() >= 4 {
        [1, last]
    } else {
        [last, 1.min(last)]
    };
    preferred
        .into_iter()
        .chain(1..shape.len())
        .find(|&axis| fits(axis))
}

/// What an output has for each input, in words.
fn per_input(shape: &[usize]) -> String {
    let count: usize = shape.iter().skip(1).product();
    match shape.len() {
        0..=2 => count.to_string(),
        _ => format!("{count} (shape {:?})", &shape[1..]),
    }
}

impl Loss<'_> {
    pub(super) fn misfit(&self, found: impl Into<String>, expected: impl Into<String>) -> Error {
        Error::batch(
            format!("labels for the loss {}", self.kind),
            found,
            expected,
        )
    }

    /// The axis along which a row of the output runs.
    pub(super) fn axis(&self, shape: &[usize]) -> Result<usize> {
        let first = shape.first().copied();
        if first.is_none_or(|n| n == 0 || !n.is_multiple_of(self.inputs.max(1))) {
            return Err(self.misfit(
                format!("an output of shape {shape:?} for {} inputs", self.inputs),
                "expected an output with one entry per input; choose it with --output-name",
            ));
        }
        match self.labels {
            Labels::Classes(classes) if self.kind.takes_classes() => {
                class_axis(shape, classes.len()).ok_or_else(|| {
                    self.miscount(
                        "integer",
                        shape,
                        "expected one class index per input and position: a place for each axis \
                         of the output but the class axis; probabilities are floats: \
                         labels.astype(\"float32\")",
                    )
                })
            }
            _ => Ok(if shape.len() >= 4 { 1 } else { shape.len() - 1 }),
        }
    }

    /// Whether the labels fit the loss and an output of this shape.
    pub(super) fn check(&self, shape: &[usize]) -> Result<()> {
        let axis = self.axis(shape)?;
        match self.labels {
            Labels::Classes(labels) if self.kind.takes_classes() => {
                let classes = shape[axis];
                let outside = |&label: &i64| !usize::try_from(label).is_ok_and(|l| l < classes);
                let Some(at) = labels.iter().position(outside) else {
                    return Ok(());
                };
                Err(self.misfit(
                    format!("input {} has the class {}", self.input(at), labels[at]),
                    format!("expected classes from 0 on, below the {classes} of the output"),
                ))
            }
            _ if self.count() != shape.iter().product::<usize>() => Err(match self.labels {
                Labels::Classes(_) => self.miscount(
                    "integer",
                    shape,
                    "expected one number per element of the output; class indices go with the \
                     loss cross-entropy or nll",
                ),
                Labels::Rows { .. } if self.kind.takes_classes() => self.miscount(
                    "float",
                    shape,
                    "expected one probability per element of the output, or class indices as \
                     integers: labels.astype(\"int64\")",
                ),
                Labels::Rows { .. } => self.miscount(
                    "float",
                    shape,
                    "expected one number per element of the output; another output is chosen \
                     with --output-name",
                ),
            }),
            _ => self.check_range(),
        }
    }

    /// Labels are finite, and binary cross-entropy is defined for those from 0 to 1.
    fn check_range(&self) -> Result<()> {
        let binary = matches!(self.kind, LossKind::Bce | LossKind::BceWithLogits);
        let fits = |y: &f64| y.is_finite() && (!binary || (0.0..=1.0).contains(y));
        let labels = self.numbers();
        match labels.iter().position(|y| !fits(y)) {
            None => Ok(()),
            Some(at) => Err(self.misfit(
                format!("input {} has the label {}", self.input(at), labels[at]),
                if binary {
                    "expected labels from 0 to 1"
                } else {
                    "expected finite labels; leave such inputs out"
                },
            )),
        }
    }

    /// The labels as numbers.
    pub(super) fn numbers(&self) -> Vec<f64> {
        match self.labels {
            Labels::Rows { values, .. } => values.iter().map(|&v| f64::from(v)).collect(),
            Labels::Classes(classes) => classes.iter().map(|&c| c as f64).collect(),
        }
    }

    fn miscount(&self, kind: &str, shape: &[usize], expected: &str) -> Error {
        let (count, inputs) = (self.count(), self.inputs.max(1));
        let plural = |n: usize| if n == 1 { "" } else { "s" };
        let found = if count.is_multiple_of(inputs) {
            let each = count / inputs;
            format!("{each} {kind}{} per input", plural(each))
        } else {
            format!("{count} {kind}{} for {inputs} inputs", plural(count))
        };
        self.misfit(
            format!("{found}, but an output of {}", per_input(shape)),
            expected,
        )
    }

    fn count(&self) -> usize {
        match self.labels {
            Labels::Classes(labels) => labels.len(),
            Labels::Rows { values, .. } => values.len(),
        }
    }

    /// The input that a label belongs to.
    fn input(&self, label: usize) -> usize {
        label / (self.count() / self.inputs.max(1)).max(1)
    }
}
