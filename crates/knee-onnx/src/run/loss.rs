//! The losses, in their stable forms, summed over inputs and positions: so chunks of a batch add up.

use knee::{Function, RowFunction};
use knee_doctor::evidence::Layout;
use knee_doctor::{Labels, LossKind};

use super::compute::{Compute, Float};
use super::host::Host;
use super::value::{self, dims};
use crate::error::Result;

/// The loss over what the network put out.
pub(super) struct Loss<'a> {
    pub(super) kind: LossKind,
    pub(super) labels: &'a Labels,
    pub(super) inputs: usize,
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
    /// The loss as a tensor of shape `[1]`.
    pub(super) fn compute<C: Compute>(&self, output: Float<C>) -> Result<Float<C>> {
        let shape = dims::<C>(&output);
        self.check(&shape)?;
        let axis = self.axis(&shape)?;
        let per_element = match self.kind {
            LossKind::CrossEntropy => return Ok(self.likelihood::<C>(&output, axis, true)),
            LossKind::Nll => return Ok(self.likelihood::<C>(&output, axis, false)),
            LossKind::Bce => {
                let y = self.targets::<C>(&output);
                // PyTorch's floor of the logarithm, so that a probability of 0 costs 100.
                let log = |p: Float<C>| C::float_clamp_min(C::float_log(p), (-100.0).into());
                let rest = |x: Float<C>| C::float_add_scalar(C::float_neg(x), 1.0.into());
                let hit = C::float_mul(y.clone(), log(output.clone()));
                let miss = C::float_mul(rest(y), log(rest(output)));
                C::float_neg(C::float_add(hit, miss))
            }
            LossKind::BceWithLogits => {
                let y = self.targets::<C>(&output);
                let softplus = Function::parse("softplus")
                    .map_err(|e| self.misfit(e.to_string(), "the function softplus"))?;
                C::float_sub(
                    C::knee_activation(output.clone(), softplus.into()),
                    C::float_mul(y, output),
                )
            }
            LossKind::Mse => {
                let y = self.targets::<C>(&output);
                let d = C::float_sub(output, y);
                C::float_mul(d.clone(), d)
            }
            LossKind::Mae => {
                let y = self.targets::<C>(&output);
                C::float_abs(C::float_sub(output, y))
            }
        };
        Ok(C::float_sum(per_element))
    }

    /// Labels with one number per element of the output; they were checked.
    fn targets<C: Compute>(&self, like: &Float<C>) -> Float<C> {
        let values = self.numbers();
        value::constant_like::<C>(like, dims::<C>(like), &values)
    }

    /// Cross-entropy of logits, or the negative log-likelihood of log-probabilities.
    fn likelihood<C: Compute>(&self, output: &Float<C>, axis: usize, logits: bool) -> Float<C> {
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
            C::knee_rows(logs, RowFunction::LogSoftmax, 1)
        } else {
            logs
        };
        let picked = match self.labels {
            Labels::Classes(labels) => {
                C::float_gather(1, logs, Host::new(vec![rows, 1], labels.clone()).to_flex())
            }
            Labels::Rows { .. } => {
                let targets = flat(self.targets::<C>(output));
                C::float_mul(logs, targets)
            }
        };
        C::float_neg(C::float_sum(picked))
    }
}
