//! The losses, in their stable forms, summed over inputs and positions: so chunks of a batch add up.

use knee::{Function, RowFunction};
use knee_doctor::evidence::Layout;
use knee_doctor::{Labels, LossKind};

use super::compute::{Compute, Float};
use super::host::Host;
use super::value::{self, dims};
use crate::error::{Error, Result};

/// The loss over what the network put out.
pub(super) struct Loss<'a> {
    pub(super) kind: LossKind,
    pub(super) labels: &'a Labels,
    pub(super) inputs: usize,
}

/// The axis of the output that class indices lack: the one whose removal leaves as many places as
/// there are labels. Of several, axis 1 for images and the last axis otherwise.
pub(super) fn class_axis(shape: &[usize], labels: usize) -> Option<usize> {
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

/// How the elements of an output belong to inputs and to rows along an axis.
pub(super) fn layout(shape: &[usize], axis: usize, inputs: usize) -> Layout {
    let outer: usize = shape[..axis].iter().product();
    Layout {
        before: 1,
        inputs,
        outer: outer.checked_div(inputs).unwrap_or(0),
        units: shape[axis],
        inner: shape[axis + 1..].iter().product(),
    }
}

impl Loss<'_> {
    fn misfit(&self, found: impl Into<String>, expected: impl Into<String>) -> Error {
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
                "an output with one entry per input; choose it with --output-name",
            ));
        }
        match self.labels {
            Labels::Classes(classes) if self.kind.takes_classes() => {
                class_axis(shape, classes.len()).ok_or_else(|| {
                    self.misfit(
                        format!(
                            "{} class indices for an output of shape {shape:?}",
                            classes.len()
                        ),
                        "one index per input and position, all axes but the class axis",
                    )
                })
            }
            _ => Ok(if shape.len() >= 4 { 1 } else { shape.len() - 1 }),
        }
    }

    /// The loss as a tensor of shape `[1]`.
    pub(super) fn compute<C: Compute>(&self, output: Float<C>) -> Result<Float<C>> {
        let shape = dims::<C>(&output);
        let axis = self.axis(&shape)?;
        let per_element = match self.kind {
            LossKind::CrossEntropy => return self.likelihood::<C>(&output, axis, true),
            LossKind::Nll => return self.likelihood::<C>(&output, axis, false),
            LossKind::Bce => {
                let y = self.targets::<C>(&output)?;
                // PyTorch's floor of the logarithm, so that a probability of 0 costs 100.
                let log = |p: Float<C>| C::float_clamp_min(C::float_log(p), (-100.0).into());
                let rest = |x: Float<C>| C::float_add_scalar(C::float_neg(x), 1.0.into());
                let hit = C::float_mul(y.clone(), log(output.clone()));
                let miss = C::float_mul(rest(y), log(rest(output)));
                C::float_neg(C::float_add(hit, miss))
            }
            LossKind::BceWithLogits => {
                let y = self.targets::<C>(&output)?;
                let softplus = Function::parse("softplus")
                    .map_err(|e| self.misfit(e.to_string(), "the function softplus"))?;
                C::float_sub(
                    C::knee_activation(output.clone(), softplus),
                    C::float_mul(y, output),
                )
            }
            LossKind::Mse => {
                let y = self.targets::<C>(&output)?;
                let d = C::float_sub(output, y);
                C::float_mul(d.clone(), d)
            }
            LossKind::Mae => {
                let y = self.targets::<C>(&output)?;
                C::float_abs(C::float_sub(output, y))
            }
        };
        Ok(C::float_sum(per_element))
    }

    /// Labels with one number per element of the output.
    fn targets<C: Compute>(&self, like: &Float<C>) -> Result<Float<C>> {
        let shape = dims::<C>(like);
        let count: usize = shape.iter().product();
        let values: Vec<f64> = match self.labels {
            Labels::Rows { values, .. } => values.iter().map(|&v| f64::from(v)).collect(),
            Labels::Classes(classes) => classes.iter().map(|&c| c as f64).collect(),
        };
        if values.len() != count {
            return Err(self.misfit(
                format!("{} numbers for an output of shape {shape:?}", values.len()),
                format!("{count}, one per element of the output"),
            ));
        }
        let unit = matches!(self.kind, LossKind::Bce | LossKind::BceWithLogits);
        if let Some(v) = values.iter().find(|v| unit && !(0.0..=1.0).contains(*v)) {
            return Err(self.misfit(format!("the label {v}"), "labels from 0 to 1"));
        }
        Ok(value::constant_like::<C>(like, shape, &values))
    }

    /// Cross-entropy of logits, or the negative log-likelihood of log-probabilities.
    fn likelihood<C: Compute>(
        &self,
        output: &Float<C>,
        axis: usize,
        logits: bool,
    ) -> Result<Float<C>> {
        let shape = dims::<C>(output);
        let classes = shape[axis];
        let rows = shape.iter().product::<usize>() / classes.max(1);
        let last = shape.len() - 1;
        let order: Vec<usize> = (0..=last).filter(|&a| a != axis).chain([axis]).collect();
        let flat = |x: Float<C>| {
            let x = if axis == last {
                x
            } else {
                C::float_permute(x, &order)
            };
            value::reshape::<C>(x, &[rows, classes])
        };
        let logs = flat(output.clone());
        let logs = if logits {
            C::knee_rows(logs, RowFunction::LogSoftmax)
        } else {
            logs
        };
        let picked = match self.labels {
            Labels::Classes(labels) => {
                if labels.len() != rows {
                    return Err(
                        self.misfit(format!("{} class indices", labels.len()), format!("{rows}"))
                    );
                }
                if let Some(bad) = labels.iter().find(|&&l| l < 0 || l as usize >= classes) {
                    return Err(self.misfit(
                        format!("the class index {bad}"),
                        format!(
                            "indices from 0 to {}, for {classes} classes",
                            classes.saturating_sub(1)
                        ),
                    ));
                }
                C::float_gather(1, logs, Host::new(vec![rows, 1], labels.clone()).to_flex())
            }
            Labels::Rows { .. } => {
                let targets = flat(self.targets::<C>(output)?);
                C::float_mul(logs, targets)
            }
        };
        Ok(C::float_neg(C::float_sum(picked)))
    }
}
