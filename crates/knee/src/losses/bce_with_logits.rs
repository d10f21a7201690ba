use super::error::{length, probabilities, rows, weights};
use super::reduction::{Blocks, ElementLoss, Elements, elementwise};
use super::{LossError, Reduction};
use crate::element::Element;
use crate::elementary::{ln_1p_ratio, swish};
use crate::lane::Lane;
use crate::rowwise::Work;

/// The binary cross-entropy from logits: `p y softplus(-x) + (1 - y) softplus(x)` with the weight `p` of the positive class;
/// its gradient is `(1 - y) sigmoid(x) - p y sigmoid(-x)`, without weight `sigmoid(x) - y`. `torch.nn.BCEWithLogitsLoss`.
///
/// Both terms of the loss are never negative, so nothing cancels: a confident and right logit keeps its small loss. At an
/// infinite logit the loss is the limit: 0 if the target agrees, else `inf`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BceWithLogits<'a, T> {
    /// The factors of the losses, one for each element of a row; the mean still divides by the number of elements.
    pub weights: Option<&'a [T]>,
    /// The weights of the positive class, one for each element of a row.
    pub pos_weight: Option<&'a [T]>,
    /// What becomes of the elements' losses.
    pub reduction: Reduction,
}

impl<T> Default for BceWithLogits<'_, T> {
    fn default() -> Self {
        Self {
            weights: None,
            pos_weight: None,
            reduction: Reduction::default(),
        }
    }
}

impl<T> BceWithLogits<'_, T> {
    /// The public name.
    pub const NAME: &'static str = "bce_with_logits";
}

impl<T: Element> BceWithLogits<'_, T> {
    elementwise!(T);

    fn evaluate(&self, elements: Elements<'_, T>) -> Result<(), LossError> {
        length(
            Self::NAME,
            "target",
            elements.target.len(),
            elements.input.len(),
        )?;
        probabilities(Self::NAME, "target", elements.target)?;
        for (parameter, values) in [("weights", self.weights), ("pos_weight", self.pos_weight)] {
            if let Some(values) = values {
                weights(Self::NAME, parameter, values)?;
                rows(Self::NAME, "input", elements.input.len(), values.len())?;
            }
        }
        if self.weights.is_none() && self.pos_weight.is_none() {
            return elements.evaluate(Self::NAME, self.reduction, Plain);
        }
        let factor = |values: Option<&[T]>, index: usize| match values {
            Some(values) => values[index % values.len()].widen(),
            None => T::Wide::of(1.0),
        };
        elements.reduce(Self::NAME, self.reduction, |index, x, y| {
            let weight = factor(self.weights, index);
            let positive = weight * factor(self.pos_weight, index) * y;
            let negative = weight * (T::Wide::of(1.0) - y);
            weighted(x, positive, negative)
        })
    }
}

/// `factor * log(1 + exp(x))`, scaled last; 0 for a factor of 0, whatever `x`.
#[inline(always)]
fn softplus_times<L: Lane>(factor: L, x: L) -> L {
    let e = (-x.abs()).exp();
    let bend = e.times(ln_1p_ratio(e.value()) * factor);
    let sum = L::select(x.lt(L::of(0.0)), bend, factor * x + bend);
    L::select(factor.le(L::of(0.0)), L::of(0.0), sum)
}

/// The loss without weights.
#[derive(Clone, Copy)]
pub struct Plain;

impl ElementLoss for Plain {
    const NOTHING: (f64, f64) = (f64::NEG_INFINITY, 0.0);

    fn work(blocks: Blocks<Self>) -> Work<'static> {
        Work::BceWithLogits(blocks)
    }

    #[inline(always)]
    fn at<L: Lane>(&self, x: L, y: L) -> (L, L) {
        weighted(x, y, L::of(1.0) - y)
    }
}

/// The loss and its gradient for the weights of both classes.
#[inline(always)]
fn weighted<L: Lane>(x: L, positive: L, negative: L) -> (L, L) {
    let loss = softplus_times(positive, -x) + softplus_times(negative, x);
    let gradient = swish(negative, x) - swish(positive, -x);
    (L::select(x.le(x), loss, x), L::select(x.le(x), gradient, x))
}
